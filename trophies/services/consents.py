"""What people agree to around the trophies, in the words of the page where they say it."""

from accounts import consents
from accounts.consents import Wording
from trophies.consent import PUBLISHABLE

CALL_ALERT = Wording(
    "call_alert",
    "Je veux un message à mon adresse quand un appel des trophées ouvre. Elle ne sert à rien "
    "d’autre, et je peux l’effacer par un lien de chaque message.",
)
LAUREATE_SHEET = {
    name: Wording(
        f"laureate_sheet_{name}",
        "Si mon projet est primé, ce qui peut aussi paraître sur sa fiche publique\u202f: "
        f"{label[0].lower()}{label[1:]}.",
    )
    for name, label in PUBLISHABLE.items()
}
OFFERED_SHEET = {
    name: Wording(
        f"offered_sheet_{name}",
        "Mon projet n’est pas primé. Ce qui peut aussi paraître sur la fiche que je propose\u202f: "
        f"{label[0].lower()}{label[1:]}.",
    )
    for name, label in PUBLISHABLE.items()
}


def note_choices(wordings, *, names, by, about):
    """What somebody ticked is given; what is left empty, and was given, is taken back."""
    chosen = [wordings[name] for name in names]
    consents.choose(list(wordings.values()), chosen, email=by.email, about=about)
