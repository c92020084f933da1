/* Files sent as soon as they are chosen, one at a time, with their progress. What fails is said, and
   tried again with the file that this page still holds; a session that is over is said too. */

import { Failure, request } from "./request.js";

const OVER = "Votre session est finie. Votre texte est intact. ";
const FAULT = "Le serveur n’a pas pu répondre. Réessayez dans un moment.";
const FINAL = [400, 413]; // what no second try would change

class Pieces {
  constructor(form) {
    this.form = form;
    this.input = form.elements.files;
    this.rows = document.querySelector("[data-sending]");
    this.model = document.querySelector("template[data-row]").content.firstElementChild;
    this.queue = Promise.resolve();
    this.waiting = 0;
    form.querySelector("[type=submit]").hidden = true;
    form.querySelector("[data-drop]").hidden = false;
    this.listen();
  }

  listen() {
    this.input.addEventListener("change", () => {
      for (const file of this.input.files) this.add(file);
      this.input.value = "";
    });
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.form.addEventListener(name, (event) => this.drag(event));
    }
    document.addEventListener("submit", (event) => this.remove(event));
    addEventListener("beforeunload", (event) => this.waiting && event.preventDefault());
  }

  drag(event) {
    event.preventDefault();
    this.form.classList.toggle("send-pieces--over", /enter|over/.test(event.type));
    for (const file of event.dataTransfer.files) this.add(file);
  }

  say(text) {
    document.querySelector("[data-said]").textContent = text;
  }

  // Talking with the server -----------------------------------------------------------------------

  body(fields) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", document.querySelector("#pieces > input").value);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return body;
  }

  /* Post, once more if only the token of this page was out of date; the answer, or a Failure. */
  async post(address, fields, options = {}) {
    const send = () => request("POST", address, { ...options, body: this.body(fields) });
    let { status, answer } = await send();
    if (status === 403) {
      await this.refresh();
      ({ status, answer } = await send());
    }
    if (status < 300) return answer ?? {};
    throw new Failure(answer?.message ?? FAULT, status);
  }

  /* Take the list, and its token, from the page as it is now. */
  async refresh() {
    const { status, answer } = await request("GET", location.pathname, { type: "document" });
    const found = answer?.querySelector("#pieces");
    if (status === 200 && !found) throw new Failure(OVER, 401);
    if (!found) throw new Failure(FAULT, status);
    document.querySelector("#pieces").replaceWith(found);
  }

  async remove(event) {
    if (!event.target.matches(".pieces__remove")) return;
    event.preventDefault();
    try {
      const { message } = await this.post(event.target.action, {});
      await this.refresh();
      this.say(message);
      document.querySelector("#pieces-title").focus();
    } catch (failure) {
      const about = event.target.parentElement.querySelector(".pieces__about");
      about.replaceChildren(...this.words(failure));
      this.say(failure.message);
    }
  }

  words(failure) {
    if (failure.status !== 401) return [failure.message];
    const link = Object.assign(document.createElement("a"), {
      href: `${this.form.dataset.signIn}?${new URLSearchParams({ next: location.pathname })}`,
      target: "_blank",
      textContent: "Se connecter de nouveau (nouvel onglet)",
    });
    return [OVER, link];
  }

  // One file --------------------------------------------------------------------------------------

  add(file) {
    const row = this.model.cloneNode(true);
    row.querySelector(".sending__name").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", file.name);
    row.querySelector("[data-again]").addEventListener("click", () => {
      row.focus();
      this.enqueue(row, file);
    });
    row.querySelector("[data-forget]").addEventListener("click", () => {
      row.remove();
      this.input.focus();
    });
    this.rows.append(row);
    this.enqueue(row, file);
  }

  /* It is announced at once, even if others are sent before it: what is announced in time counts. */
  enqueue(row, file) {
    this.show(row, "En attente");
    this.waiting += 1;
    row.announced ??= this.post(this.form.dataset.announce, { name: file.name, size: file.size });
    row.announced.catch(() => {});
    this.queue = this.queue.then(() => this.send(row, file)).finally(() => (this.waiting -= 1));
  }

  async send(row, file) {
    try {
      const { uuid } = await row.announced.catch((failure) => {
        row.announced = null;
        throw failure;
      });
      this.say(`Envoi de ${file.name}`);
      const fields = { announcement: uuid, files: file };
      const { message } = await this.post(location.pathname, fields, {
        progress: (event) => this.progress(row, event),
      });
      this.show(row, message);
      this.say(message);
      await this.refresh();
      if (row.contains(document.activeElement)) document.querySelector("#pieces-title").focus();
      row.remove();
    } catch (failure) {
      this.fail(row, file, failure);
    }
  }

  progress(row, event) {
    const percent = Math.floor((100 * event.loaded) / event.total);
    this.show(row, percent < 100 ? `Envoi : ${percent} %` : "Vérification…", percent);
  }

  show(row, text, percent = 0) {
    row.classList.remove("sending__row--failed");
    row.querySelector(".sending__actions").hidden = true;
    Object.assign(row.querySelector("progress"), { hidden: false, value: percent });
    row.querySelector(".sending__state").textContent = text;
  }

  fail(row, file, failure) {
    row.classList.add("sending__row--failed");
    row.querySelector("progress").hidden = true;
    row.querySelector(".sending__state").replaceChildren(...this.words(failure));
    row.querySelector(".sending__actions").hidden = false;
    const isFinal = (row.querySelector("[data-again]").hidden = FINAL.includes(failure.status));
    row.querySelector("[data-forget]").textContent = isFinal ? "Fermer" : "Abandonner";
    this.say(`${file.name} : ${failure.message}`);
  }
}

for (const form of document.querySelectorAll("form[data-pieces]")) new Pieces(form);
