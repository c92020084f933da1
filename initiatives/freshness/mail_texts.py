"""The mail that asks whether a sheet is still true; `data/mails/` has its words."""

from pathlib import Path

from accounts.mail_kinds import Field, Kind, declare, read_wording

TEXTS = Path(__file__).parents[1] / "data" / "mails"

declare(
    Kind(
        "freshness",
        "Fiche à relire",
        "Quand une fiche n’a pas été relue depuis 180 jours, à qui la tient.",
        read_wording(TEXTS / "freshness.txt"),
        (
            Field("initiative", "Le nom de l’initiative.", "Les mercredis de l’atelier"),
            Field("depuis", "Le jour de la dernière relecture.", "3 mars 2026"),
            Field("fiche", "L’adresse de la fiche.", "https://exemple.fr/initiatives/…/",
                  is_link=True),
            Field("lien", "L’adresse où répondre : le bouton du message.",
                  "https://exemple.fr/initiatives/fraicheur/…/", is_required=True, is_button=True),
        ),
    )
)  # fmt: skip
