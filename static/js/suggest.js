/* Suggestions under a search field: the editable combobox with a list, as the ARIA Authoring
   Practices have it. The options are addresses: choosing one opens it. */

const PAUSE = 150; // milliseconds without a key before asking
const SHORTEST = 2;

let lists = 0;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/* The words found stand out in the label. */
function marked(label, marks) {
  return label
    .split(/([\p{L}\p{M}\p{N}_]+(?:[’'‑-][\p{L}\p{M}\p{N}_]+)*)/u)
    .map((part) => (marks.has(part) ? element("mark", {}, part) : part));
}

class Suggestions {
  constructor(input) {
    this.input = input;
    this.items = [];
    this.active = -1;
    input.type = "text"; // A search box may not be a combobox.
    input.autocomplete = "off";
    input.spellcheck = false;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.leave());
    input.form.addEventListener("submit", () => this.leave());
  }

  get isOpen() {
    return this.input.getAttribute("aria-expanded") === "true";
  }

  /* Nothing is added to the page before somebody types. */
  build() {
    const id = `suggestions-${++lists}`;
    this.list = element("ul", { id, class: "suggestions", role: "listbox", "aria-label": "Suggestions" });
    this.list.hidden = true;
    this.status = element("p", { class: "visually-hidden", role: "status" });
    this.input.after(this.list, this.status);
    this.input.setAttribute("aria-controls", id);
    // The field keeps the focus while the list is touched.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  // Asking ----------------------------------------------------------------------------------------

  wait() {
    if (!this.list) this.build();
    this.stop();
    this.activate(-1);
    const words = this.input.value.trim();
    if (words.length < SHORTEST) this.forget();
    else this.timer = setTimeout(() => this.ask(words), PAUSE);
  }

  stop() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  async ask(words) {
    const request = new AbortController();
    this.request = request;
    const address = `${this.input.dataset.suggestions}?${new URLSearchParams({ q: words })}`;
    try {
      const response = await fetch(address, { signal: request.signal });
      const { items, marks } = await response.json();
      if (!request.signal.aborted) this.show(items, new Set(marks));
    } catch {
      if (!request.signal.aborted) this.forget();
    }
  }

  // Showing ---------------------------------------------------------------------------------------

  show(items, marks) {
    this.items = items;
    this.list.replaceChildren(
      ...items.map(({ label, kind }, rank) =>
        element(
          "li",
          { id: `${this.list.id}-${rank}`, class: "suggestion", role: "option", "aria-selected": "false" },
          element("span", {}, ...marked(label, marks)),
          " ",
          element("small", {}, kind),
        ),
      ),
    );
    this.activate(-1);
    this.open();
    const number = items.length || "Aucune";
    this.status.textContent = `${number} suggestion${items.length > 1 ? "s" : ""}`;
  }

  open() {
    const isOpen = this.items.length > 0;
    if (this.list) this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", isOpen);
  }

  close() {
    this.activate(-1);
    this.input.setAttribute("aria-expanded", "false");
    if (!this.list) return;
    this.list.hidden = true;
    this.status.textContent = "";
  }

  forget() {
    this.items = [];
    this.close();
  }

  leave() {
    this.stop();
    this.close();
  }

  activate(rank) {
    const options = this.list ? [...this.list.children] : [];
    this.active = rank;
    options.forEach((option, place) => option.setAttribute("aria-selected", place === rank));
    if (rank < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", options[rank].id);
    options[rank].scrollIntoView({ block: "nearest" });
  }

  choose(rank) {
    const { url } = this.items[rank];
    this.leave();
    location.assign(url);
  }

  // Keys ------------------------------------------------------------------------------------------

  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const act = {
      ArrowDown: () => this.move(1, event.altKey),
      ArrowUp: () => (event.altKey ? this.close() : this.move(-1)),
      Escape: () => this.escape(),
      Enter: () => this.active >= 0 && (this.choose(this.active), true),
    }[event.key];
    if (act) {
      if (act() !== false) event.preventDefault();
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      this.activate(-1); // The key moves the caret, back in the field.
    }
  }

  move(step, staysInField = false) {
    if (!this.items.length) return false;
    if (!this.isOpen) this.open();
    if (staysInField) return true;
    // One place past each end is the field itself.
    const places = this.items.length + 1;
    this.activate(((this.active + 1 + step + places) % places) - 1);
    return true;
  }

  escape() {
    const wasOpen = this.isOpen;
    this.leave();
    if (!wasOpen) {
      this.input.value = "";
      this.forget();
    }
    return true;
  }
}

document.querySelectorAll("input[data-suggestions]").forEach((input) => new Suggestions(input));
