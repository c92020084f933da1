/* « 1 204 / 2 500 »: characters counted as the server counts them, a line end for one. */

const number = new Intl.NumberFormat("fr-FR");

export const length = (text) => [...text.replaceAll("\r\n", "\n").trim()].length;

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
    const excess = length(area.value) - limit;
    said.textContent = `${number.format(length(area.value))} / ${number.format(limit)}`;
    said.classList.toggle("count--over", excess > 0);
    const text = excess > 0 ? "Le texte dépasse la limite." : "";
    if (status.textContent !== text) status.textContent = text;
  };
  area.addEventListener("input", show);
  show();
}

document.querySelectorAll("textarea[data-limit]").forEach(count);
