// Passkeys: the browser's own dialog stands between a button and its form.
// Forms marked data-passkey ("get" or "create") stay hidden where it cannot.

async function publicKeyOptions(form) {
  const given = document.getElementById("passkey-options");
  const data = given
    ? JSON.parse(given.textContent)
    : await (await fetch(form.action, { headers: { Accept: "application/json" } })).json();
  return (data.creation_options ?? data.request_options).publicKey;
}

// A passkey that is found without an address, and opened by its owner alone.
const SELECTION = { residentKey: "required", requireResidentKey: true, userVerification: "required" };

async function askBrowser(form) {
  const options = await publicKeyOptions(form);
  if (form.dataset.passkey === "get") {
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  }
  const wanted = { ...options, authenticatorSelection: SELECTION };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) });
}

function release(form) {
  delete form.dataset.pending;
  form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
}

async function sendPasskey(event) {
  event.preventDefault();
  const form = event.target;
  const failed = form.querySelector("[role=alert]");
  failed.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await askBrowser(form));
    form.submit();
  } catch (error) {
    if (error.name !== "NotAllowedError" && error.name !== "InvalidStateError") console.error(error);
    failed.hidden = false;
    release(form);
  }
}

const isAble = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !isAble;
  form.addEventListener("submit", sendPasskey);
}
for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = isAble;
