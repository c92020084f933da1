// The button of the method's page, for browsers that have no setting to object: it keeps a refusal
// in this browser, which audience.js reads, or forgets it.

const box = document.querySelector("[data-audience-choice]");
const said = box.querySelector("[data-audience-said]");
const button = box.querySelector("button");

function show() {
  const refused = localStorage.getItem("audience") === "non";
  said.textContent = refused
    ? "Vous avez refusé : vos visites ne sont pas comptées."
    : "Vos visites sont comptées, sans qu’on sache que ce sont les vôtres.";
  button.textContent = refused ? "Compter de nouveau mes visites" : "Ne plus compter mes visites";
}

function change() {
  if (localStorage.getItem("audience")) localStorage.removeItem("audience");
  else localStorage.setItem("audience", "non");
  show();
}

function start() {
  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") {
    said.textContent = "Votre navigateur demande à ne pas être suivi : vous n’êtes pas compté.";
    button.remove();
    box.querySelector("p.quiet").remove();
  } else {
    show();
    button.addEventListener("click", change);
  }
  box.hidden = false;
}

try {
  start();
} catch {
  // The browser keeps nothing for us: there is nothing to offer.
}
