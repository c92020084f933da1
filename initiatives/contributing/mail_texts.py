"""The mails about what people bring to the directory; `data/mails/` has their words."""

from pathlib import Path

from accounts.mail_kinds import Field, Kind, declare, read_wording

TEXTS = Path(__file__).parents[1] / "data" / "mails"

INITIATIVE = Field("initiative", "Le nom de l’initiative.", "Les mercredis de l’atelier")
MESSAGE = Field(
    "message",
    "Ce que l’équipe répond, tel qu’elle l’a écrit.",
    "Bonjour,\n\nMerci d’avoir proposé « Les mercredis de l’atelier »…",
    is_required=True,
)
PERSON = Field("personne", "Le nom ou l’adresse de la personne.", "Camille Exemple")
SHEET_LINK = Field(
    "lien",
    "L’adresse de la fiche\u202f: le bouton du message.",
    "https://exemple.fr/initiatives/…/",
    is_required=True,
    is_button=True,
)
OWN_LINK = Field(
    "lien",
    "L’adresse à ouvrir\u202f: le bouton du message.",
    "https://exemple.fr/mes-initiatives/…/",
    is_required=True,
    is_button=True,
)


def kind(key, label, when, *fields):
    return Kind(key, label, when, read_wording(TEXTS / f"{key}.txt"), fields)


declare(
    kind("contribution_answer", "Réponse à une contribution",
         "Quand l’équipe répond à qui a proposé une initiative, ou écrit sur une fiche.",
         INITIATIVE, MESSAGE),
    kind("contribution_published", "Contribution en ligne",
         "Quand l’équipe répond, et que la fiche est en ligne.",
         INITIATIVE, MESSAGE, SHEET_LINK),
    kind("contribution_holder", "Fiche confiée",
         "Quand l’équipe confie une fiche à qui l’a proposée ou réclamée.",
         INITIATIVE, MESSAGE, OWN_LINK),
    kind("sheet_invitation", "Invitation à tenir une fiche",
         "Quand une personne invite quelqu’un à tenir une fiche avec elle.",
         INITIATIVE, PERSON, OWN_LINK),
    kind("sheet_handover", "Fiche à reprendre",
         "Quand une personne demande à quelqu’un de tenir une fiche à sa place.",
         INITIATIVE, PERSON, OWN_LINK),
    kind("sheet_joined", "Une personne de plus tient la fiche",
         "Aux autres personnes qui tiennent la fiche.", INITIATIVE, PERSON, OWN_LINK),
    kind("sheet_handed_over", "Fiche reprise",
         "À qui a demandé que l’on tienne une fiche à sa place, quand c’est accepté.",
         INITIATIVE, PERSON),
    kind("sheet_taken_back", "Fiche retirée à qui la tenait",
         "Quand l’équipe retire à quelqu’un la fiche qui lui était confiée.", INITIATIVE),
)  # fmt: skip
