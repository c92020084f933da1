/* Names for what Django's scripts draw without one: the lists with search, the buttons that add. */

function nameSearchLists(root) {
  root.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const drawn = select.parentElement.querySelector("[role=combobox]");
    const name = select.getAttribute("aria-label") || (select.labels[0] || {}).textContent;
    if (!drawn || !name) return;
    const chosen = select.selectedOptions[0]?.textContent || "aucun choix";
    drawn.removeAttribute("aria-labelledby");
    drawn.setAttribute("aria-label", `${name.replace(/\s*:\s*$/, "").trim()} : ${chosen}`);
    const text = drawn.querySelector("[role=textbox]");
    text?.removeAttribute("role");
    drawn.querySelector("[aria-readonly]")?.removeAttribute("aria-readonly");
  });
}

function nameAddButtons() {
  document.querySelectorAll("[data-add-text]").forEach((group) => {
    const link = group.querySelector(".add-row a");
    if (link) link.textContent = group.dataset.addText;
  });
}

function nameAll(root) {
  nameSearchLists(root);
  nameAddButtons();
}

document.addEventListener("formset:added", (event) => setTimeout(nameAll, 0, event.target));
if (window.django?.jQuery) {
  // Ready callbacks run in order, and Django's were asked for first.
  window.django.jQuery(() => setTimeout(nameAll, 0, document));
  window.django.jQuery(document).on("change", "select.admin-autocomplete", () => {
    setTimeout(nameSearchLists, 0, document);
  });
}
