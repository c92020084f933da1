"""The first content: the edition of 2014 (`archive`), and fiction around it (`demo`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """An example account; its password is public, so it exists in example mode only."""

    email: str
    name: str
    password: str
    role_label: str
    roles: tuple = ()  # values of accounts.roles.Role
    is_superuser: bool = False


ACCOUNTS = [
    Account(
        "admin@rallynov.example", "Dominique Exemple", "sapin-bleu-admin", "administration",
        is_superuser=True,
    ),
    Account("equipe@rallynov.example", "Camille Exemple", "sapin-bleu-equipe", "équipe", ("team",)),
    Account(
        "redaction@rallynov.example", "Sacha Exemple", "sapin-bleu-redaction", "rédaction",
        ("editor",),
    ),
    Account("jury@rallynov.example", "Claude Exemple", "sapin-bleu-jury", "jury", ("jury",)),
    Account(
        "presidence@rallynov.example", "Maxime Exemple", "sapin-bleu-presidence", "jury",
        ("jury",),
    ),
    Account("jury2@rallynov.example", "Lou Exemple", "sapin-bleu-jury2", "jury", ("jury",)),
    Account("jury3@rallynov.example", "Andréa Exemple", "sapin-bleu-jury3", "jury", ("jury",)),
    Account("porteur@rallynov.example", "Alix Exemple", "sapin-bleu-porteur", "porteur de projet"),
]  # fmt: skip
