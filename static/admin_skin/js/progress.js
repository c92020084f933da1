// While the worker reads a file, shows how far it is; the page works without.

const PAUSE = 1500;

async function follow() {
  const response = await fetch(location.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.querySelector("[data-progress]");
  if (!next) {
    location.reload();
    return;
  }
  const shown = document.querySelector("[data-progress]");
  for (const part of ["h2", "[role=status]", "progress"]) {
    const [old, fresh] = [shown.querySelector(part), next.querySelector(part)];
    if (part === "progress") {
      for (const name of ["value", "max"]) {
        if (fresh.hasAttribute(name)) old.setAttribute(name, fresh.getAttribute(name));
      }
    } else if (old.textContent !== fresh.textContent) {
      old.textContent = fresh.textContent;
    }
  }
  setTimeout(follow, PAUSE);
}

setTimeout(follow, PAUSE);
