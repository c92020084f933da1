/* « 1 204 / 2 500 »: characters counted as the server counts them: an emoji or a line end for one,
   without the blanks around; on a text of one line (`data-line`), blanks in a row count for one. */

const number = new Intl.NumberFormat("fr-FR");
// What Python calls blank, which is not quite what JavaScript does.
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const AROUND = new RegExp(`^${BLANK}|${BLANK}$`, "g");
const INSIDE = new RegExp(BLANK, "g");

function length(area) {
  let text = area.value.replaceAll("\r\n", "\n").replace(AROUND, "");
  if ("line" in area.dataset) text = text.replace(INSIDE, " ");
  return [...text].length;
}

function count(area) {
  const limit = Number(area.dataset.limit);
  const said = document.createElement("p");
  said.className = "count";
  said.id = `${area.id}_count`;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  area.after(said, status);
  const show = () => {
    const signs = length(area);
    said.textContent = `${number.format(signs)} / ${number.format(limit)}`;
    said.classList.toggle("count--over", signs > limit);
    const text = signs > limit ? "Le texte dépasse la limite." : "";
    if (status.textContent !== text) status.textContent = text;
  };
  area.addEventListener("input", show);
  show();
}

document.querySelectorAll("textarea[data-limit]").forEach(count);
