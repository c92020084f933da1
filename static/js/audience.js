// Says that this page is shown, wherever it came from: us, a cache on the way, the browser's own.
// No cookie is sent, nothing is written on the device, and who objects sends nothing at all.

const address = document.querySelector("script[data-seen]").dataset.seen;

function objects() {
  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") return true;
  try {
    return localStorage.getItem("audience") === "non"; // see audience_choice.js
  } catch {
    return false; // the browser keeps nothing for us, not even a refusal
  }
}

function say() {
  if (objects()) return;
  // A page that is left at once still says it; one that says it in vain is not disturbed.
  fetch(address, { credentials: "omit", cache: "no-store", keepalive: true }).catch(() => {});
}

// Drawn ahead of any wish to see it: it waits until it is.
if (document.prerendering) document.addEventListener("prerenderingchange", say, { once: true });
else say();

// « Back » shows the page as it was left, without running it again.
addEventListener("pageshow", (event) => event.persisted && say());
