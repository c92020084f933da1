/* The screen of the room: what is true now, within a few seconds; a few keys. */

const EVERY = 3000;
const LATE = 10000;
const stale = document.querySelector("[data-stale]");
const main = () => document.querySelector("main");

let lastAt = Date.now();

/* What is true now of this address; a file that may not be shown any more leads to the screen. */
async function refresh() {
  const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" });
  if (answer.status === 404) return location.replace(main().dataset.screen);
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("main");
  lastAt = Date.now();
  if (now.innerHTML === main().dataset.shown) return undefined;
  show(page.title, now);
}

/* The focus stays on the same link, if it is still there. */
function show(title, now) {
  const at = document.activeElement?.getAttribute("href");
  now.dataset.shown = now.innerHTML;
  main().replaceWith(now);
  document.title = title;
  if (at) now.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
}

/* An old screen is not what is true: it says so, then hides itself. */
function tellAge() {
  const age = Date.now() - lastAt;
  stale.textContent = age > LATE ? "Cet écran ne se met plus à jour\u202f: rechargez la page." : "";
  main().hidden = age > 3 * LATE;
}

async function watch() {
  try {
    await refresh();
  } catch {
    // The network, the server or the session: the next turn may do better.
  }
  tellAge();
  setTimeout(watch, EVERY);
}

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  main().querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});

main().dataset.shown = main().innerHTML;
setTimeout(watch, EVERY);
