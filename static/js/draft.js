/* A step that saves itself: at most one request in flight, a failure that is seen and tried again,
   and a copy in this browser of whatever the server does not hold yet. */

import { LocalCopy } from "./local_copy.js";

const PAUSE = 1200; // milliseconds without a key before saving
const RETRIES = [2, 5, 15, 30]; // seconds

class Draft {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-saving]");
    this.copy = new LocalCopy(form, () => this.changed());
    this.failures = 0;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => this.isDirty && this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.isDirty && this.save());
    this.copy.offer();
  }

  changed() {
    this.isDirty = true;
    this.copy.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // Saving ----------------------------------------------------------------------------------------

  /* Returns whether the server holds what is on the page. */
  async save() {
    clearTimeout(this.timer);
    while (this.request) await this.request;
    if (!this.isDirty) return true;
    this.isDirty = false;
    this.request = this.send();
    const isSaved = await this.request;
    this.request = null;
    if (!isSaved) this.isDirty = true;
    else if (!this.isDirty) this.copy.forget();
    return isSaved;
  }

  async send() {
    try {
      let response = await this.post();
      // The session was renewed in another tab: only the token of this page is out of date.
      if (response.status === 403 && (await this.renewToken())) response = await this.post();
      return await this.read(response);
    } catch {
      return this.fail("Pas de connexion. Votre texte est gardé dans ce navigateur.");
    }
  }

  post() {
    return fetch(this.form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(this.form)),
      headers: { Accept: "application/json" },
      redirect: "error",
      keepalive: document.hidden,
    });
  }

  async renewToken() {
    const page = await (await fetch(this.form.action)).text();
    const token = new DOMParser()
      .parseFromString(page, "text/html")
      .querySelector("form[data-draft] [name=csrfmiddlewaretoken]");
    if (token) this.form.elements.csrfmiddlewaretoken.value = token.value;
    return Boolean(token);
  }

  async read(response) {
    if (response.status >= 500) throw new Error("the server could not answer");
    const answer = await response.json().catch(() => ({}));
    if (response.status === 401) return this.signInAgain();
    if (answer.choose) return this.say(`${answer.message} `, answer.choose, "Comparer les deux textes");
    if (!response.ok) return this.say(answer.message ?? "Rien n’a été enregistré. Rechargez la page.");
    this.failures = 0;
    this.form.elements.version.value = answer.version;
    this.fill(answer.filled);
    this.remark(answer.errors);
    this.show(answer.saved);
    return true;
  }

  fail(message) {
    const seconds = RETRIES[Math.min(this.failures++, RETRIES.length - 1)];
    this.timer = setTimeout(() => this.save(), seconds * 1000);
    this.show(`${message} Nouvel essai dans ${seconds} secondes. `, true);
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button button--line button--small";
    again.textContent = "Réessayer maintenant";
    again.addEventListener("click", () => this.save());
    this.status.append(again);
    return false;
  }

  signInAgain() {
    const address = `${this.form.dataset.signIn}?${new URLSearchParams({ next: location.pathname })}`;
    const message = "Votre session est finie. Votre texte est gardé dans ce navigateur. ";
    return this.say(message, address, "Se connecter de nouveau");
  }

  async submit(event) {
    if (!event.isTrusted || this.isLeaving) return;
    event.preventDefault();
    this.isDirty = true;
    if (!(await this.save())) return;
    this.isLeaving = true;
    this.form.requestSubmit(event.submitter);
  }

  // Showing ---------------------------------------------------------------------------------------

  show(text, isFailure = false) {
    this.status.classList.toggle("saving--failed", isFailure);
    this.status.textContent = text;
  }

  say(message, address, label) {
    this.show(message, true);
    if (address) {
      const link = document.createElement("a");
      link.href = address;
      link.textContent = label;
      this.status.append(link);
    }
    return false;
  }

  /* What the directory knows, in fields that are still empty. */
  fill(values = {}) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.form.elements[name];
      if (name !== "commune" || !field.value.trim()) field.value = value;
    }
  }

  /* The remarks of the server, beside their fields. */
  remark(errors = {}) {
    for (const field of this.form.querySelectorAll(".field")) {
      const control = field.querySelector("input, textarea, select");
      const texts = errors[control.name] ?? [];
      field.classList.toggle("field--error", texts.length > 0);
      field.querySelector(".errorlist")?.remove();
      if (!texts.length) {
        control.removeAttribute("aria-invalid");
        continue;
      }
      const list = document.createElement("ul");
      list.className = "errorlist";
      list.id = `${control.id}_error`;
      list.append(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
      control.before(list);
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", `${control.id}_helptext ${list.id}`);
    }
  }
}

/* Before there is an account, the browser alone holds the text. */
class FirstWords {
  constructor(form) {
    const copy = new LocalCopy(form, () => copy.keep());
    form.addEventListener("input", () => copy.keep());
    form.addEventListener("submit", () => copy.forget());
    copy.offer();
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  new ("localOnly" in form.dataset ? FirstWords : Draft)(form);
}
