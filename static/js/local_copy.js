/* What a form holds, kept in this browser until the server has it; offered back afterwards. */

const KEY = "rallynov:brouillon:";
const HIDDEN = ["csrfmiddlewaretoken", "version", "tab", "save"];
const KEPT_FOR = 30 * 24 * 3600 * 1000; // milliseconds

export class LocalCopy {
  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    this.key = KEY + form.dataset.draft;
    forgetOld();
  }

  /* Fields by name, each a list of texts, with line ends as the server keeps them. */
  get values() {
    const values = {};
    for (const [name, text] of new FormData(this.form)) {
      if (!HIDDEN.includes(name)) (values[name] ??= []).push(text.replaceAll("\r\n", "\n"));
    }
    return values;
  }

  get kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), values: this.values }));
    } catch {
      // Storage is full or forbidden: the server still saves.
    }
  }

  forget() {
    localStorage.removeItem(this.key);
  }

  /* A text that never reached the server is offered, not imposed. */
  offer() {
    const { kept } = this;
    if (!kept) return;
    if (JSON.stringify(kept.values) === JSON.stringify(this.values)) return this.forget();
    const at = new Date(kept.at);
    const day = at.toLocaleDateString("fr-FR", { day: "numeric", month: "long" });
    const hour = at.toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit" }).replace(":", " h ");
    const notice = document.createElement("div");
    notice.className = "notice kept";
    notice.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = `Un texte du ${day} à ${hour}, qui n’a pas pu être enregistré, est gardé dans ce navigateur.`;
    const actions = document.createElement("p");
    actions.className = "actions";
    actions.append(
      button("Reprendre ce texte", () => this.restore(kept.values, notice)),
      button("L’oublier", () => {
        this.forget();
        notice.remove();
      }),
    );
    notice.append(text, actions);
    this.form.before(notice);
  }

  restore(values, notice) {
    for (const field of this.form.elements) {
      if (!field.name || HIDDEN.includes(field.name)) continue;
      const texts = values[field.name] ?? [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = texts.includes(field.value);
      else field.value = texts[0] ?? "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    notice.remove();
    this.changed();
    this.form.querySelector("input:not([type=hidden]), textarea, select").focus();
  }
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--line";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

/* A shared computer does not keep texts for ever. */
function forgetOld() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(KEY))) {
    try {
      if (Date.now() - JSON.parse(localStorage.getItem(key)).at > KEPT_FOR) localStorage.removeItem(key);
    } catch {
      localStorage.removeItem(key);
    }
  }
}
