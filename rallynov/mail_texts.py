"""The mails of the site itself; what they say by default is in `data/mails/`."""

from pathlib import Path

from accounts.mail_kinds import Field, Kind, declare, read_wording

TEXTS = Path(__file__).parent / "data" / "mails"

declare(
    Kind(
        "contact",
        "Message à l’équipe",
        "Quand quelqu’un écrit par la page de contact ; part à l’adresse de l’équipe.",
        read_wording(TEXTS / "contact.txt"),
        (
            Field("sujet", "Le sujet choisi.", "une fiche à corriger"),
            Field("personne", "Son nom, si elle l’a dit.", "Camille Exemple"),
            Field("adresse", "Son adresse électronique.", "camille@exemple.fr", is_required=True),
            Field("message", "Ce qu’elle a écrit.", "Bonjour,\n\nLa fiche…", is_required=True),
        ),
    )
)
declare(
    Kind(
        "personal_data",
        "Copie des données personnelles",
        "Quand l’équipe répond à qui demande ce que le site garde de lui.",
        read_wording(TEXTS / "personal_data.txt"),
        (
            Field(
                "lien",
                "La page où les télécharger, pendant sept jours.",
                "https://www.rallynov.example/donnees-personnelles/copie/exemple/",
                is_required=True,
                is_button=True,
            ),
        ),
    )
)
