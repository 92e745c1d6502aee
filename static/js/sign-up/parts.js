function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(Boolean));
  return element;
}

function field(words, name, { hint, ...attributes }) {
  const input = make("input", { name, id: name, part: "input", "aria-describedby": `${name}-error ${name}-hint`, ...attributes });
  return make("div", { class: "field" },
    make("label", { for: name, class: "label", part: "label" }, words(name),
      name.endsWith("t_name") && make("span", {}, ` · ${words("optional")}`)),
    make("div", { class: "box" }, input, input.type === "password" && toggle(words, input)),
    make("p", { id: `${name}-error`, class: "error" }),
    make("p", { id: `${name}-hint`, class: "hint" }, hint));
}

function toggle(words, input) {
  const button = make("button", { type: "button", click: () => {
    input.type = input.type === "text" ? "password" : "text";
    name();
  } });
  const name = () => {
    button.textContent = words(input.type === "text" ? "hide" : "show");
    button.ariaLabel = `${button.textContent} · ${words("password")}`;
  };
  name();
  return button;
}

// The unseen field is for password managers.
function fixedAddress(words, address, isProved) {
  return make("div", { class: "field" },
    make("p", { class: "label" }, words("email_address")),
    make("div", { class: "box fixed" },
      make("span", {}, address),
      isProved && make("span", { class: "mark" }, words("verified"))),
    make("input", { class: "unseen", value: address, autocomplete: "username", tabindex: -1, "aria-hidden": "true", readonly: "" }));
}

function view(words, { title, lead, address, body = [], submit, deed, after, foot }) {
  const [start, end] = words(lead).split("{address}");
  return [
    make("header", {},
      make("h2", { id: "title", part: "title", tabindex: -1 }, words(title)),
      make("p", {}, start, address && make("b", {}, address), end)),
    make("form", { novalidate: "", submit: deed },
      make("p", { role: "alert", class: "note alert", tabindex: -1 }),
      body,
      submit && make("button", { class: "main", part: "button" }, words(submit)),
      after),
    make("p", { class: "foot" }, foot),
  ];
}

function signInLink(words, { sign_in_url: target }, attributes, ticket) {
  const url = new URL(target, document.baseURI);
  if (ticket) url.search += `${url.search && "&"}__clerk_ticket=${encodeURIComponent(ticket)}&__clerk_status=sign_in`;
  return make("a", { href: url, ...attributes }, words("signIn"));
}

function emit(element, name, detail) {
  return element.dispatchEvent(new CustomEvent(`ollio:${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
}
