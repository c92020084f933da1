/* A juror's grid: saved as it is filled in. */

import { listenToKeys } from "./reading_keys.js";

const DELAY = 800;
const TOKEN = "csrfmiddlewaretoken";
const LOST =
  "Votre session est terminée. Reconnectez-vous dans un autre onglet, puis réessayez\u202f: ce que vous avez écrit reste ici.";
const CUT = "Le réseau ne répond pas\u202f: ce que vous avez écrit reste ici.";

const form = document.querySelector("form[data-autosave]");
const part = (name) => form.querySelector(`[data-${name}]`);

let typed = 0; // how many changes so far
let saved = 0; // how many of them the server holds
let timer = 0;
let current = null; // the request under way
let inDoubt = null; // what was sent and never answered: it may have been kept
let otherVersion = null; // what another tab kept: nothing is sent until one of the two is chosen

const isDirty = () => saved < typed;

class Refused extends Error {}

/* No session, or a new one since: its token is another. */
class Expired extends Refused {}

/* Another tab that signed in again changed the token: take it from a fresh copy of the page. */
async function takeFreshToken() {
  const answer = await fetch(location.pathname, { redirect: "manual" });
  if (!answer.ok) throw new Refused(LOST);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  form.elements[TOKEN].value = page.querySelector(`input[name=${TOKEN}]`).value;
}

async function post(body) {
  inDoubt = body;
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: { Accept: "application/json" },
    body,
    redirect: "manual",
  });
  if (answer.type === "opaqueredirect" || answer.status === 403) throw new Expired(LOST);
  if (answer.status === 404) throw new Refused("Ce dossier n’est plus dans vos lectures.");
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (!isJson) throw new Refused("Le serveur n’a pas pu enregistrer.");
  inDoubt = null;
  const told = await answer.json();
  if (told.version && !answer.ok) otherVersion = told.version;
  if (!answer.ok) throw new Refused(told.error);
  form.elements.version.value = told.version;
  return told;
}

/* What is in doubt goes again first, as it was: if it was kept, the server says of which version. */
async function send() {
  if (inDoubt) {
    inDoubt.set(TOKEN, form.elements[TOKEN].value);
    await post(inDoubt);
  }
  return post(new URLSearchParams(new FormData(form)));
}

async function sendAgain() {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Expired)) throw error;
    await takeFreshToken();
    return send();
  }
}

async function saveOnce() {
  const sent = typed;
  try {
    show(await sendAgain());
    saved = sent;
  } catch (error) {
    if (otherVersion) tellOther(error.message);
    else tellFailure(error instanceof Refused ? error.message : CUT);
  }
}

/* One request at a time. Resolves to whether the server holds everything that is typed. */
async function save() {
  clearTimeout(timer);
  while (current) await current;
  if (isDirty() && !otherVersion) {
    current = saveOnce();
    await current;
    current = null;
  }
  return !isDirty();
}

function saveSoon() {
  typed += 1;
  if (otherVersion) return;
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

function buttonThat(does, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = text;
  button.addEventListener("click", does);
  return button;
}

function tellFailure(reason, ...ways) {
  part("saved").textContent = "Non enregistré";
  const offered = ways.length ? ways : [buttonThat(retry, "Réessayer")];
  part("failed").replaceChildren(`Non enregistré. ${reason}`, ...offered);
}

function tellOther(reason) {
  const look = document.createElement("a");
  Object.assign(look, { href: location.pathname, target: "_blank", textContent: "Voir l’autre" });
  const here = buttonThat(keepThis, "Garder ce que j’écris ici");
  const there = buttonThat(takeOther, "Reprendre l’autre");
  tellFailure(`${reason} Rien n’est écrasé.`, look, here, there);
}

function keepThis() {
  form.elements.version.value = otherVersion;
  otherVersion = null;
  part("failed").replaceChildren();
  save();
}

function takeOther() {
  removeEventListener("beforeunload", warn);
  location.replace(location.pathname);
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

/* What is typed goes first, by itself: where there is no session any more, it stays here. */
async function submit(event) {
  clearTimeout(timer);
  if (!otherVersion && (current || isDirty())) {
    event.preventDefault();
    if (await save()) form.requestSubmit(event.submitter);
    return;
  }
  removeEventListener("beforeunload", warn);
}

form.addEventListener("input", (event) => {
  if (event.target.name) saveSoon();
});
listenToKeys(form, saveSoon);
form.addEventListener("submit", submit);
document.addEventListener("click", leave);
addEventListener("beforeunload", warn);
addEventListener("online", save);
part("save").hidden = true;
part("keys").hidden = false;
form.querySelector("[autofocus]")?.focus();
