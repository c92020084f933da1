/* Sheets that look like what is being typed, below the title: a part of a page that the server
   makes. Those that were shown are sent with the form, which does not show them again. */

const PAUSE = 350; // milliseconds without a key before asking
const WATCHED = ["title", "commune", "website"];

class CloseSheets {
  constructor(place) {
    this.place = place;
    this.form = place.closest("form");
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    place.after(this.status);
    for (const name of WATCHED) {
      this.form.elements[name].addEventListener("input", () => this.wait());
    }
    if (this.form.elements.title.value) this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const request = new AbortController();
    this.request = request;
    const asked = WATCHED.map((name) => [name, this.form.elements[name].value]);
    try {
      const address = `${this.place.dataset.close}?${new URLSearchParams(asked)}`;
      const response = await fetch(address, { signal: request.signal });
      const words = response.ok ? await response.text() : "";
      if (!request.signal.aborted) this.show(words);
    } catch {
      // Without an answer, they are shown before the form leaves.
    }
  }

  show(words) {
    const part = new DOMParser().parseFromString(words, "text/html");
    this.place.replaceChildren(...part.body.childNodes);
    const sheets = [...this.place.querySelectorAll("[data-slug]")];
    this.note(sheets.map((sheet) => sheet.dataset.slug));
    const number = sheets.length;
    const text = number ? `${number} fiche${number > 1 ? "s" : ""} proche${number > 1 ? "s" : ""}, sous le nom` : "";
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  note(slugs) {
    const { seen } = this.form.elements;
    seen.value = [...new Set([...seen.value.split(/\s+/), ...slugs])].filter(Boolean).join(" ");
  }
}

document.querySelectorAll("[data-close]").forEach((place) => new CloseSheets(place));
