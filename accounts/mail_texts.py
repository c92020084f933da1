"""The mails of this app; what they say by default is in `data/mails/`."""

from pathlib import Path

from accounts.mail_kinds import Field, Kind, declare, read_wording

TEXTS = Path(__file__).parent / "data" / "mails"

declare(
    Kind(
        "login_code",
        "Code de connexion",
        "Dès qu’une personne demande à entrer, avant tous les autres.",
        read_wording(TEXTS / "login_code.txt"),
        (Field("code", "Les six chiffres.", "314159", is_required=True, is_loud=True),),
    )
)
