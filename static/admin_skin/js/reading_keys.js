/* The grid filled in from the keyboard: a key chooses a level and goes on to what comes next.
   By its place as well as by its name, for French keyboards need Shift for digits. */

function valueOf({ key, code }, radio) {
  if (radio.name === "confidence") return /^[1-3]$/.test(digitOf(key, code)) ? digitOf(key, code) : undefined;
  if (key.toLowerCase() === "s") return "na";
  return digitOf(key, code);
}

function digitOf(key, code) {
  return /^[0-4]$/.test(key) ? key : /^Digit[0-4]$/.exec(code)?.[0].at(-1);
}

function choose(event, changed) {
  const radio = event.target.closest("input[type=radio]");
  if (!radio || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter") event.preventDefault(); // it would send the form
  const set = radio.closest("fieldset");
  const wanted = set.querySelector(`[value="${valueOf(event, radio)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (!wanted.checked) {
    wanted.checked = true;
    changed();
  }
  const next = set.nextElementSibling;
  const field = next.querySelector(":checked") ?? next.querySelector("input") ?? next.control;
  field.focus();
  reveal(field);
}

/* Browsers are content with the edge of a field: show the whole of what one comes to by keyboard. */
function reveal(field) {
  (field.closest("fieldset") ?? field).scrollIntoView({ block: "nearest" });
}

export function listenToKeys(form, changed) {
  form.addEventListener("keydown", (event) => choose(event, changed));
  form.addEventListener("keyup", ({ key, target }) => {
    if (key === "Tab") reveal(target);
  });
}
