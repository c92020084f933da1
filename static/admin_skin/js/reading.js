/* A juror's grid: saved as it is filled in, and filled in from the keyboard. */

const DELAY = 800;
const LOST =
  "Votre session est terminée. Reconnectez-vous dans un autre onglet, puis réessayez\u202f: ce que vous avez écrit reste ici.";
const CUT = "Le réseau ne répond pas\u202f: ce que vous avez écrit reste ici.";

const form = document.querySelector("form[data-autosave]");
const part = (name) => form.querySelector(`[data-${name}]`);

let typed = 0; // how many changes so far
let saved = 0; // how many of them the server holds
let timer = 0;
let current = null; // the request under way

const isDirty = () => saved < typed;

class Refused extends Error {}

/* Another tab that signed in again changed the token: take it from a fresh copy of the page. */
async function takeFreshToken() {
  const answer = await fetch(location.pathname, { redirect: "manual" });
  if (!answer.ok) throw new Refused(LOST);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = "input[name=csrfmiddlewaretoken]";
  form.querySelector(token).value = page.querySelector(token).value;
}

async function send() {
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
    redirect: "manual",
  });
  if (answer.type === "opaqueredirect" || answer.status === 403) throw new Refused(LOST);
  if (answer.status === 404) throw new Refused("Ce dossier n’est plus dans vos lectures.");
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  const told = isJson ? await answer.json() : {};
  if (!answer.ok) throw new Refused(told.error || "Le serveur n’a pas pu enregistrer.");
  return told;
}

async function saveOnce() {
  const sent = typed;
  try {
    show(await send());
    saved = sent;
  } catch (error) {
    tellFailure(error instanceof Refused ? error.message : CUT);
  }
}

/* One request at a time. Resolves to whether the server holds everything that is typed. */
async function save() {
  clearTimeout(timer);
  while (current) await current;
  if (isDirty()) {
    current = saveOnce();
    await current;
    current = null;
  }
  return !isDirty();
}

function saveSoon() {
  typed += 1;
  part("saved").textContent = "Enregistrement…";
  clearTimeout(timer);
  timer = setTimeout(save, DELAY);
}

function show({ saved_at: savedAt, mean, missing }) {
  part("saved").textContent = savedAt;
  part("mean").textContent = mean;
  part("failed").replaceChildren();
  form.querySelectorAll(".criterion__error").forEach((error) => {
    const isMissing = missing.some((key) => error.id === `criterion_${key}_error`);
    if (!isMissing) error.remove();
  });
  if (!missing.length) form.querySelector(".errornote")?.remove();
}

function tellFailure(reason) {
  part("saved").textContent = "Non enregistré";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Réessayer";
  button.addEventListener("click", retry);
  part("failed").replaceChildren(`Non enregistré. ${reason}`, button);
}

async function retry() {
  try {
    await takeFreshToken();
  } catch (error) {
    tellFailure(error instanceof Refused ? error.message : CUT);
    return;
  }
  await save();
}

/* The keyboard: by its place as well as by its name, for French keyboards need Shift for digits. */

function valueOf({ key, code }) {
  if (/^[0-4]$/.test(key)) return key;
  if (key.toLowerCase() === "s") return "na";
  return /^Digit[0-4]$/.exec(code)?.[0].at(-1);
}

function choose(event) {
  const radio = event.target.closest("input[type=radio]");
  if (!radio || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter") event.preventDefault(); // it would send the form
  const criterion = radio.closest("fieldset");
  const wanted = criterion.querySelector(`[value="${valueOf(event)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (!wanted.checked) {
    wanted.checked = true;
    saveSoon();
  }
  const next = criterion.nextElementSibling;
  const field = next.querySelector(":checked") ?? next.querySelector("input") ?? next.control;
  field.focus();
  reveal(field);
}

/* Browsers are content with the edge of a field: show the whole of what one comes to by keyboard. */
function reveal(field) {
  (field.closest("fieldset") ?? field).scrollIntoView({ block: "nearest" });
}

/* Leaving: a link waits until all is saved; closing the window asks. */

function leave(event) {
  const link = event.target.closest("a[href]");
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || !isDirty() || !isPlain || link.pathname === location.pathname) return;
  event.preventDefault();
  save().then((isSaved) => {
    if (isSaved) location.assign(link.href);
  });
}

function warn(event) {
  if (isDirty()) event.preventDefault();
}

form.addEventListener("input", (event) => {
  if (event.target.name) saveSoon();
});
form.addEventListener("keydown", choose);
form.addEventListener("keyup", ({ key, target }) => {
  if (key === "Tab") reveal(target);
});
form.addEventListener("submit", () => removeEventListener("beforeunload", warn));
document.addEventListener("click", leave);
addEventListener("beforeunload", warn);
addEventListener("online", save);
part("save").hidden = true;
part("keys").hidden = false;
form.querySelector("[autofocus]")?.focus();
