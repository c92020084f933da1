// A button that copies the text of a field marked `data-copy-line`, and says so in the status after
// it. Without this script, or a clipboard, the text is selected and copied as any text is.

function addButton(field) {
  const status = field.parentElement.querySelector("[role=status]");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Copier la ligne";
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = "Ligne copiée.";
    } catch {
      field.select();
      status.textContent = "La ligne est sélectionnée : copiez-la.";
    }
  });
  status.before(button, " ");
}

if (navigator.clipboard) document.querySelectorAll("[data-copy-line]").forEach(addButton);
