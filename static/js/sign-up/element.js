class OllioSignUp extends HTMLElement {
  static texts = TEXTS;
  #status = make("p", { role: "status", class: "unseen" });
  #sheet = make("section", { part: "sheet", "aria-labelledby": "title" });
  #said = {}; // typed, but for the password
  #isUsed; // somebody works here, so the focus may move
  #kept; #environment; #signUp; #form; #isBusy; #news; #restsUntil;

  connectedCallback() {
    if (this.shadowRoot) return; // only moved within the page
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [STYLE];
    root.append(this.#status, this.#sheet);
    this.#kept = takeTicket(this.getAttribute("ticket"));
    this.#act(() => this.#enter());
  }

  async #act(deed) {
    if (this.#isBusy) return; // a double click sends once
    let isOutdated = false;
    this.#setBusy(true);
    try {
      await deed();
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      isOutdated = this.#explain(fault);
    } finally {
      this.#setBusy(false);
    }
    if (isOutdated) this.#act(() => this.#enter());
  }

  #setBusy(isBusy) {
    this.#isBusy = isBusy;
    this.#sheet.classList.toggle("busy", isBusy);
    this.#status.textContent = isBusy ? this.#words("wait") : this.#news;
    this.#news = "";
  }

  #ask(path, said) {
    return ask(this.getAttribute("api"), `client${path}`, said);
  }

  // The server says where things stand, so that a reload or another tab goes on.
  async #enter() {
    this.#form = this.#signUp = null;
    if (!this.#sheet.firstChild) this.#sheet.append(make("h2", { id: "title" }, this.#words("wait")));
    const [environment, client] = await Promise.all([ask(this.getAttribute("api"), "environment"), this.#ask("")]);
    const { ticket, status, id } = this.#kept, { sessions, sign_up: newest } = client;
    this.#environment = environment;
    if (ticket && status === "sign_in") return this.#showMember("invitation_account_exists");
    if (sessions[0]) return this.#showSession(sessions[0]);
    if (newest && (id ? newest.id === id : !ticket)) return this.#goOn(newest);
    if (!ticket && !(newest && id)) return this.#showEntrance(id && "over");
    this.#signUp = id && { id }; // which is not the newest, where another tab has begun one
    return this.#goOn(await this.#say({}));
  }

  async #say(said) {
    const { ticket } = this.#kept;
    try {
      if (this.#signUp) return await this.#ask(`/sign_ups/${this.#signUp.id}?_method=PATCH`, said);
    } catch (fault) {
      if (fault.status !== 404) throw fault; // else another tab has begun anew, and so do we
    }
    return this.#ask("/sign_ups", ticket ? { ...said, strategy: "ticket", ticket } : said);
  }

  async #goOn(signUp) {
    this.#signUp = signUp;
    const isDone = signUp.status === "complete";
    this.#kept = keep(isDone ? {} : { ...this.#kept, id: signUp.id });
    if (isDone) return this.#finish(signUp.created_session_id);
    if (signUp.missing_fields[0]) return this.#showForm();
    if (!signUp.unverified_fields[0]) return this.#goOn(await this.#say({}));
    if (signUp.verifications.email_address.next_action === "needs_prepare") await this.#sendCode();
    this.#showCode();
  }

  async #sendCode() {
    let rest = 30;
    try {
      await this.#ask(`/sign_ups/${this.#signUp.id}/prepare_verification`, { strategy: "email_code" });
    } catch (fault) {
      if (fault.code !== "verification_code_too_many_requests") throw fault;
      rest = fault.retryAfter; // one is on its way already
    }
    this.#restsUntil = Date.now() + rest * 1000;
  }

  async #finish(sessionId) {
    const session = await this.#ask(`/sessions/${sessionId}/touch`, {});
    this.#show("doneTitle", "done", { address: session.public_user_data.identifier });
    const detail = { token: session.last_active_token.jwt, userId: session.user.id, sessionId };
    const target = new URL(this.getAttribute("redirect") ?? "none:", document.baseURI);
    const isSafe = target.protocol === "https:" || target.href.startsWith(`${location.origin}/`);
    if (emit(this, "complete", detail) && isSafe) location.assign(target);
  }

  // True if the way on is to look anew where things stand.
  #explain({ status, errors, code, retryAfter }) {
    emit(this, "error", { status, codes: errors.map((error) => error.code) });
    if (/^(ticket|revoked|sign_up)_/.test(code)) return this.#showEntrance(code);
    if (code.startsWith("invitation_a")) return this.#showMember(code);
    if (this.#form && (/40[14]/.test(status) || code === "session_exists")) return true;
    const wait = retryAfter < 100 ? `${retryAfter || 1} s` : `${Math.ceil(retryAfter / 60)} min`;
    if (status === 429) errors = [{ code: "tooOften" }];
    if (!status || status > 499) errors = [{ code: "failed" }];
    if (!this.#form) this.#show("failedTitle", "", { submit: "retry", deed: () => this.#enter() });
    this.#complain(errors, { wait });
  }

  // At the fields that are named; what concerns no field stands above them.
  #complain(errors, values) {
    const inputs = errors.map(({ code, long_message: text, meta }) => {
      const name = meta?.param_name, input = this.#form.elements.namedItem(name);
      const place = this.#form.querySelector(input ? `#${name}-error` : ".alert");
      place.append(code in TEXTS ? this.#words(code, values) : text.replace(`${name}: `, ""), " ");
      input?.setAttribute("aria-invalid", "true");
      return input ?? place;
    });
    if (this.#isUsed) (inputs.find((input) => input.name) ?? inputs[0]).focus();
  }

  #words = (key, values) => {
    const { application_name: name, support_email: support } = this.#environment?.display_config ?? {};
    const known = { name, support, ...values };
    return (TEXTS[key] ?? key).replace(/\{(\w+)\}/g, (whole, word) => known[word] ?? whole);
  };

  #show(title, lead, { deed, ...rest }) {
    const [header, form, foot] = view(this.#words, { title, lead, ...rest, deed: (event) => {
      event.preventDefault();
      this.#use(deed);
    } });
    this.#form = deed && form;
    this.#sheet.replaceChildren(header, form, foot);
    if (this.#isUsed || this.autofocus) (form.querySelector(".box input") ?? header.firstChild).focus();
  }

  #use(deed) {
    if (this.#isBusy) return;
    this.#isUsed = true;
    for (const place of this.#form.querySelectorAll(".error, .alert")) place.replaceChildren();
    for (const input of this.#form.elements) input.removeAttribute("aria-invalid");
    this.#act(deed);
  }

  #button(text, deed) {
    return make("button", { type: "button", click: () => this.#use(deed) }, this.#words(text));
  }

  #field(name, attributes) {
    return field(this.#words, name, { value: this.#said[name] ?? this.#signUp?.[name], ...attributes });
  }

  #showForm(notice) {
    const { email_address: address, password_enabled: hasPassword, unverified_fields: unproved } = this.#signUp ?? {};
    const isProved = address && !unproved[0];
    const isInvited = isProved || (address && this.#kept.ticket);
    const hint = this.#words("passwordHint", { count: this.#environment.user_settings.password_settings.min_length });
    this.#show(isInvited ? "invitedTitle" : "openTitle", isProved ? "invited" : isInvited ? "shared" : "open", {
      body: [
        notice && make("p", { class: "note", role: "status" }, notice),
        isInvited
          ? fixedAddress(this.#words, address, isProved)
          : this.#field("email_address", { type: "email", autocomplete: "email" }),
        !this.hasAttribute("no-names") && make("div", { class: "pair" },
          this.#field("first_name", { autocomplete: "given-name" }), this.#field("last_name", { autocomplete: "family-name" })),
        !hasPassword && this.#field("password", { type: "password", autocomplete: "new-password", hint }),
      ],
      submit: isProved ? "create" : "continue",
      deed: () => this.#sendForm(),
      foot: this.#signInFoot(),
    });
  }

  async #sendForm() {
    const said = Object.fromEntries(new FormData(this.#form));
    this.#said = { ...said, password: null };
    demand(["email_address", "password"].filter((name) => said[name] === ""));
    await this.#goOn(await this.#say(said));
  }

  #showCode() {
    const again = this.#button("again", async () => {
      await this.#sendCode();
      this.#news = this.#words("sent");
      this.#form.elements.code.focus();
      this.#countDown(again);
    });
    this.#show("codeTitle", "codeLead", {
      address: this.#signUp.email_address,
      body: [this.#field("code", { autocomplete: "one-time-code", inputmode: "numeric", maxlength: 48, hint: this.#words("codeHint") })],
      submit: "create",
      deed: () => this.#sendTypedCode(),
      after: again,
      foot: !this.#kept.ticket && this.#button("other", () => this.#showForm()),
    });
    this.#countDown(again);
  }

  async #sendTypedCode() {
    const code = this.#form.elements.code.value;
    demand(/^(\P{Nd}*\p{Nd}){6}\P{Nd}*$/u.test(code) ? [] : ["code"]);
    await this.#goOn(await this.#ask(`/sign_ups/${this.#signUp.id}/attempt_verification`, { strategy: "email_code", code }));
  }

  #countDown(button) {
    const count = Math.ceil((this.#restsUntil - Date.now()) / 1000);
    button.disabled = count > 0;
    button.textContent = this.#words(count > 0 ? "againSoon" : "again", { count });
    if (count > 0) setTimeout(() => this.#countDown(button), 1000);
  }

  // By invitation only, unless the mode says otherwise.
  #showEntrance(code = "") {
    const { user_settings: settings, display_config: { support_email: support } } = this.#environment;
    const notice = code in TEXTS ? `${this.#words(code)} ` : "";
    this.#signUp = null;
    if (settings.sign_up.mode === "public" && !code.startsWith("sign_up")) {
      this.#kept = keep({});
      return this.#showForm(notice && notice + this.#words("allTheSame"));
    }
    const ask = support ? make("a", { href: `mailto:${support}` }, this.#words("write")) : this.#words("ask");
    this.#show("refusedTitle", notice + this.#words("refused"), { body: [make("p", {}, ask)], foot: this.#signInFoot() });
  }

  #showMember(code) {
    const ticket = code === "invitation_account_exists" && this.#kept.ticket;
    this.#show("memberTitle", code, { body: signInLink(this.#words, this.#environment.display_config, { class: "main", part: "button" }, ticket) });
  }

  #showSession({ id, public_user_data: { identifier: address } }) {
    const leave = this.#button("leave", () => this.#ask(`/sessions/${id}/end`, {}).then(() => this.#enter()));
    this.#show("sessionTitle", "session", { address, submit: "continue", deed: () => this.#finish(id), after: leave });
  }

  #signInFoot() {
    return [this.#words("hasAccount"), " ", signInLink(this.#words, this.#environment.display_config)];
  }
}

customElements.define("ollio-sign-up", OllioSignUp);
