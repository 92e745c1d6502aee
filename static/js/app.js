// What a page gains when JavaScript runs. Nothing here is needed to get
// something done: links, forms and popovers work without it.
const language = document.documentElement.lang || "en";
const locale = navigator.languages.find((one) => one.split("-")[0] === language.split("-")[0]) ?? language;

// Time: the server writes UTC; the reader sees the clock on their own wall.

function rememberTimeZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isSecure = location.protocol === "https:";
  const kept = `${isSecure ? "__Host-" : ""}tz=${zone}`;
  if (!zone || document.cookie.split("; ").includes(kept)) return;
  document.cookie = `${kept}; Path=/; Max-Age=31536000; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}

// Unit, its seconds, and up to how many of its seconds it is the one to say.
const UNITS = [["second", 1, 45], ["minute", 60, 3570], ["hour", 3600, 84600], ["day", 86400, 2721600],
  ["week", 604800, 6048000], ["month", 2629800, 47336400], ["year", 31557600, Infinity]];

function relativeText(instant) {
  const seconds = (instant - Date.now()) / 1000;
  const [unit, size] = UNITS.find(([, , limit]) => Math.abs(seconds) < limit);
  const count = unit === "second" ? 0 : Math.round(seconds / size);
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(count, unit);
}

function exactText(instant) {
  const year = instant.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  const options = { year, month: "short", day: "numeric", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(locale, options).format(instant);
}

function localiseTime(element) {
  const instant = new Date(element.dateTime);
  if (Number.isNaN(instant.getTime())) return;
  element.title = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" }).format(instant);
  if (element.dataset.relative === undefined) {
    element.textContent = exactText(instant);
    return;
  }
  const seen = Object.assign(document.createElement("span"), { ariaHidden: "true", textContent: relativeText(instant) });
  const heard = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: exactText(instant) });
  element.replaceChildren(seen, heard);
}

// Passwords: seen on demand, and an honest word about them while typing.

function togglePassword(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const isShown = input.type === "password";
  input.type = isShown ? "text" : "password";
  button.firstElementChild.textContent = isShown ? button.dataset.hide : button.dataset.show;
}

const COMMON = /pass(word|wort)?|passw0rd|qwert[yz]|asdf|letmein|welcome|admin|login|secret|dragon|monkey|football|baseball|iloveyou|sunshine|princess|master|shadow|superman|batman|summer|winter|spring|autumn|(19|20)\d\d/g;
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

function isNextKey(before, after) {
  return ROWS.some((row) => row.includes(before + after) || row.includes(after + before));
}

// Counts only characters that a guesser has to try: a known word counts as
// two, a repeated or neighbouring key as a third.
function guessWork(password, known) {
  let rest = password.toLowerCase();
  for (const word of known) rest = rest.replaceAll(word, "\u0000\u0000");
  rest = rest.replace(COMMON, "\u0000\u0000");
  const characters = [...rest];
  const length = characters.reduce((sum, one, index) => {
    const before = characters[index - 1];
    const isCheap = before !== undefined && (one === before || isNextKey(before, one));
    return sum + (isCheap ? 1 / 3 : 1);
  }, 0);
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  const variety = Math.min(1, new Set(characters).size / 6);
  return length * (3.6 + 0.5 * kinds) * variety;
}

function knownWords(form, application) {
  const names = [...form.querySelectorAll("input[type=email], input[type=text]")].map((input) => input.value);
  const shown = [...form.querySelectorAll(".field__fixed")].map((element) => element.textContent);
  return [...names, ...shown, application].flatMap((text) => text.toLowerCase().split(/[^\p{L}\d]+/u)).filter((word) => word.length > 3);
}

function rateStrength(hint, input) {
  const work = guessWork(input.value, knownWords(input.form, hint.dataset.known));
  const isShort = [...input.value].length < 8;
  const [level, word] = isShort ? [1, "short"] : work < 38 ? [2, "guessable"] : work < 60 ? [3, "fair"] : [4, "good"];
  hint.hidden = input.value === "";
  hint.dataset.level = level;
  const text = hint.querySelector("[role=status]");
  if (text.textContent !== hint.dataset[word]) text.textContent = hint.dataset[word];
}

function watchStrength(hint) {
  const input = document.getElementById(hint.dataset.for);
  input.addEventListener("input", () => rateStrength(hint, input));
}

// Dialogs: pages of their own that htmx may bring in; Back and Escape close them.

let opener = null;
let isLeaving = false;
const here = location.pathname; // of the page beneath, whatever dialog lies over it

function openDialog(dialog) {
  const isAgain = history.state?.dialog === true;
  dialog.toggleAttribute("data-again", isAgain);
  dialog.append(Object.assign(document.createElement("div"), { className: "toasts", role: "alert" }));
  dialog.showModal();
  const form = dialog.querySelector("form");
  if (!isAgain) history.pushState({ dialog: true }, "", form?.getAttribute("action") ?? location.href);
  dialog.addEventListener("close", () => leaveDialog(dialog));
}

function leaveDialog(dialog) {
  const sent = dialog.querySelector("[data-pending]");
  const isAnsweredHere = sent?.hasAttribute("hx-post");
  // The answer needs a place, to tell what became of what was sent.
  if (isAnsweredHere) putAside(dialog);
  else dialog.remove();
  const menu = opener?.closest("[popover]");
  const place = menu ? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`) : opener;
  place?.focus();
  // Going back would call off the page that answers, though not what the form does.
  if (history.state?.dialog !== true || (sent && !isAnsweredHere)) return;
  isLeaving = true;
  history.back();
}

// Another dialog, with the same names in it, may be opened meanwhile.
function putAside(dialog) {
  dialog.removeAttribute("data-modal");
  each(dialog, "[id]", (element) => element.removeAttribute("id"));
}

function openedDialog() {
  return document.querySelector("dialog[data-modal][open]");
}

// Registered before htmx's own listener, which would fetch the page anew.
window.addEventListener("popstate", (event) => {
  const dialog = openedDialog();
  if (dialog || isLeaving) event.stopImmediatePropagation();
  else if (location.pathname !== here) location.reload();
  isLeaving = false;
  dialog?.close();
});

// A double click asks twice, and one dialog is enough. What was refused after it was left comes back, but not
// over another.
function bringOneDialog(event) {
  const { target } = event.detail;
  const isRefused = target.matches("dialog:not([open])") && openedDialog();
  if (isRefused) showFailure("refused");
  if (isRefused || (target === document.body && document.querySelector("dialog[data-modal]"))) event.preventDefault();
}

// A page of its own is what a new tab or window is to show, not a dialog here.
function letOpenElsewhere(event) {
  const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
  if (isElsewhere && event.target.closest("a[hx-get]")) event.stopPropagation();
}

// Browsers without invoker commands: the two that the pages use.
function runCommand(button) {
  if ("commandForElement" in HTMLButtonElement.prototype) return;
  const dialog = document.getElementById(button.getAttribute("commandfor"));
  if (button.getAttribute("command") === "show-modal") dialog.showModal();
  else dialog.close();
}

// Toasts leave by themselves, but not while somebody reads or holds them.

function startToast(toast) {
  toast.querySelector(".toast__dismiss").hidden = false;
  if (toast.classList.contains("toast--error")) return;
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), 8000);
  };
  for (const hold of ["pointerenter", "focusin"]) toast.addEventListener(hold, () => clearTimeout(timer));
  for (const release of ["pointerleave", "focusout"]) toast.addEventListener(release, wait);
  wait();
}

function showToast({ text, tone, href, action }, region = document.getElementById("toasts")) {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  if (tone) toast.classList.add(`toast--${tone}`);
  toast.querySelector(".toast__text").textContent = text;
  if (href) Object.assign(toast.querySelector(".toast__action"), { href, textContent: action, hidden: false });
  region.append(toast);
  startToast(toast);
}

// Told once, and in the dialog where one is open: nobody could read it beneath.
function showFailure(words) {
  const region = (openedDialog() ?? document).querySelector(".toasts");
  region.querySelector("[data-failure]")?.remove();
  showToast({ text: document.getElementById("toasts").dataset[words], tone: "error" }, region);
  region.lastElementChild.dataset.failure = "";
  region.scrollIntoView({ block: "nearest" });
}

// A live region speaks of what changes in it, not of what it held at first.
function announceToasts(region) {
  const toasts = [...region.children];
  toasts.forEach(startToast);
  setTimeout(() => region.append(...toasts.filter((toast) => toast.isConnected)), 150);
}

async function copyValue(button) {
  const value = button.parentElement.querySelector(".copy__value");
  const label = button.firstElementChild;
  const before = label.dataset.before ??= label.textContent;
  getSelection().selectAllChildren(value);
  if (navigator.clipboard) await navigator.clipboard.writeText(value.textContent);
  else document.execCommand("copy");
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = before; }, 2000);
}

// A form is sent once: its button turns until the answer is there, or none is to be expected any more.
const PATIENCE = 10000; // milliseconds; not every browser tells that it was stopped, or has no network

function holdSubmit(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.pending !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  // htmx tells the end itself.
  form.dataset.pending = form.hasAttribute("hx-post") ? "" : setTimeout(() => releaseSubmit(form), PATIENCE);
  event.submitter?.setAttribute("aria-busy", "true");
}

function releaseSubmit(root) {
  const held = [...root.querySelectorAll("[data-pending]"), ...(root.matches?.("[data-pending]") ? [root] : [])];
  for (const form of held) {
    clearTimeout(form.dataset.pending);
    delete form.dataset.pending;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
}

// Wiring: once for the page, and again for each part that htmx brings.

function each(root, selector, action) {
  if (root.matches?.(selector)) action(root);
  root.querySelectorAll(selector).forEach(action);
}

function enhance(root) {
  each(root, "time[datetime*=T]", localiseTime);
  each(root, ".field__toggle, .copy__button", (button) => { button.hidden = false; });
  each(root, ".strength", watchStrength);
  each(root, "dialog[data-modal]:not([open])", openDialog);
  root.querySelector(".form-errors")?.focus();
}

const CLICKS = [[".field__toggle", togglePassword], [".copy__button", copyValue], ["[commandfor]", runCommand],
  [".toast__dismiss", (button) => button.closest(".toast").remove()]];

document.addEventListener("click", (event) => {
  for (const [selector, action] of CLICKS) {
    const button = event.target.closest(selector);
    if (button) action(button);
  }
  if (event.target.closest("[data-close]") && openedDialog()) {
    event.preventDefault();
    openedDialog().close();
  }
});
document.addEventListener("click", letOpenElsewhere, true);
document.addEventListener("submit", holdSubmit, true);
window.addEventListener("pageshow", () => releaseSubmit(document));
document.addEventListener("toast", (event) => showToast(event.detail));
document.addEventListener("dialog:close", (event) => setTimeout(() => event.target.closest("dialog")?.close()));
document.addEventListener("htmx:load", (event) => event.target !== document.body && enhance(event.target));
document.addEventListener("htmx:beforeRequest", (event) => { if (!openedDialog()) opener = event.target; });
for (const moment of ["htmx:beforeRequest", "htmx:beforeSwap"]) document.addEventListener(moment, bringOneDialog);
document.addEventListener("htmx:afterRequest", (event) => {
  releaseSubmit(event.target);
  const left = event.target.closest("dialog:not([open])");
  if (left && !left.querySelector("[data-pending]")) setTimeout(() => left.remove()); // once it has told what failed
});
window.navigation?.addEventListener("navigateerror", () => releaseSubmit(document));
for (const [failure, words] of [["sendError", "failed"], ["timeout", "failed"], ["responseError", "refused"]]) {
  document.addEventListener(`htmx:${failure}`, () => showFailure(words));
}

rememberTimeZone();
enhance(document);
announceToasts(document.getElementById("toasts"));
setInterval(() => each(document, "time[data-relative]", localiseTime), 60000);
