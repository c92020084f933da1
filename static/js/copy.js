// Copies the address of a link marked `data-copy`, and says so in the status beside it. Without a
// clipboard (or without this script) the link leads to its address, as any link does.

async function copy(event) {
  const link = event.currentTarget;
  if (event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
  event.preventDefault();
  const status = link.parentElement.querySelector("[role=status]");
  status.textContent = "";
  try {
    await navigator.clipboard.writeText(link.href);
    status.textContent = "Adresse copiée.";
  } catch {
    location.assign(link.href);
  }
}

for (const link of document.querySelectorAll("a[data-copy]")) {
  link.addEventListener("click", copy);
}
