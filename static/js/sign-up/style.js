const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
:host {
  display: block;
  --ollio-ink: light-dark(#16181d, #eceef2);
  --ollio-ink-soft: light-dark(#5b6270, #a2a9b6);
  --ollio-paper: light-dark(#fff, #16181c);
  --ollio-ground: light-dark(#f6f7f9, #0e1013);
  --ollio-line: light-dark(#e4e7ec, #2a2e35);
  --ollio-control: light-dark(#8b93a1, #68707d);
  --ollio-accent: light-dark(#2f5bea, #8aa6ff);
  --ollio-accent-ink: light-dark(#fff, #0b1020);
  --ollio-good: light-dark(#12734a, #5fd39e);
  --ollio-warn: light-dark(#8a5a00, #f0bf5a);
  --ollio-bad: light-dark(#b3261e, #ff8a80);
  --ollio-radius: 7px;
  --ollio-font: system-ui, sans-serif;
}
:host([hidden]) { display: none; }
* { box-sizing: border-box; margin: 0; }
section {
  background: var(--ollio-paper);
  border: 1px solid var(--ollio-line);
  border-radius: 16px;
  color: var(--ollio-ink);
  box-shadow: 0 16px 40px -8px light-dark(#16181d29, #0000008c);
  margin-inline: auto;
  max-inline-size: 25rem;
  font: .9375rem/1.5 var(--ollio-font);
  overflow-wrap: anywhere;
  padding: min(2rem, 6vw);
}
form, .field, .pair, header { display: grid; gap: 1.07em; grid-template-columns: minmax(0, 1fr); }
.field { gap: .4em; }
.pair { align-items: start; gap: 1.07em .8em; grid-template-columns: repeat(auto-fit, minmax(min(9rem, 100%), 1fr)); }
header { gap: .27em; margin-block-end: 1.33em; }
header:has(+ form > :only-child) { margin: 0; }
header p, .foot { color: var(--ollio-ink-soft); }
h2 { font-size: 1.467em; font-weight: 650; letter-spacing: -.02em; line-height: 1.25; outline: none; }
.label, b, .mark { font-weight: 650; }
.label, .foot, .note { font-size: .933em; }
.label span { color: var(--ollio-ink-soft); font-weight: 400; }
.box, .main, button, .note { border: 1px solid transparent; border-radius: var(--ollio-radius); }
.box { background: var(--ollio-paper); border-color: var(--ollio-control); display: flex; min-block-size: 2.933em; }
.box:hover { border-color: var(--ollio-ink-soft); }
.box:has([aria-invalid]) { border-color: var(--ollio-bad); }
.box:has(input:focus-visible) { border-color: var(--ollio-accent); outline: 2px solid var(--ollio-accent); outline-offset: 1px; }
.box.fixed { align-items: center; background: var(--ollio-ground); border-color: var(--ollio-line); color: var(--ollio-ink-soft); gap: .8em; padding: .6em .8em; }
.mark { color: var(--ollio-good); font-size: .867em; margin-inline-start: auto; white-space: nowrap; }
.mark::before { content: "✓ " / ""; }
input, button { background: none; color: inherit; font: inherit; }
input { border: 0; border-radius: inherit; flex: 1; min-inline-size: 0; outline: none; padding: .6em .8em; }
[name=code] { font-size: 1.6em; font-variant-numeric: tabular-nums; letter-spacing: .4em; padding-inline-end: 0; text-align: center; }
.hint, .error { color: var(--ollio-ink-soft); font-size: .867em; }
.error { color: var(--ollio-bad); font-weight: 550; }
p:not([role=status]):empty { display: none; }
button { color: var(--ollio-ink-soft); cursor: pointer; min-block-size: 2.667em; padding: .4em .8em; }
button:hover { color: var(--ollio-ink); }
button:disabled { color: var(--ollio-ink-soft); cursor: default; font-variant-numeric: tabular-nums; }
.main, .main:hover { align-items: center; background: var(--ollio-accent); color: var(--ollio-accent-ink); display: flex; font-weight: 650; gap: .5em; justify-content: center; margin-block-start: .27em; min-block-size: 3.133em; padding: .4em .8em; text-decoration: none; }
.main:hover { filter: brightness(.93); }
.busy .main::before { animation: turn .8s linear infinite; block-size: .875em; border: 2px solid; border-block-start-color: transparent; border-radius: 50%; content: ""; inline-size: .875em; }
@keyframes turn { to { rotate: 1turn; } }
.note { --tone: var(--ollio-warn); background: color-mix(in oklab, var(--tone) 10%, var(--ollio-paper)); border-inline-start: 3px solid var(--tone); padding: .8em 1em; }
.alert { --tone: var(--ollio-bad); }
.foot { margin-block-start: 1.33em; text-align: center; }
.foot button { padding: 0; text-decoration: underline; }
a { color: inherit; text-underline-offset: .2em; }
a:focus-visible, button:focus-visible, p:focus-visible { outline: 2px solid var(--ollio-accent); outline-offset: 2px; }
.unseen { block-size: 1px; clip-path: inset(50%); inline-size: 1px; overflow: hidden; position: absolute; white-space: nowrap; }
@media (pointer: coarse) { input { font-size: max(16px, 1em); } }
@media (prefers-reduced-motion: reduce) { .busy .main::before { animation-duration: 4s; } }
`);
