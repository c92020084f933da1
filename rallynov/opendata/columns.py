"""A column of open data: one entry makes the files, their schemas and the page that tells."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from rallynov.spreadsheets import clean

TEXT, ADDRESS, LIST = "texte", "adresse", "liste"
INTEGER, NUMBER, BOOLEAN = "nombre entier", "nombre", "oui ou non"
DAY, INSTANT = "jour", "instant"


@dataclass(frozen=True)
class Column:
    name: str
    header: str
    kind: str
    help: str
    example: str
    read: Callable  # of a row -> a value of its kind; None or nothing when it is not known
    is_required: bool = False
    choices: tuple[str, ...] = ()

    def value(self, row):
        """As it goes in JSON, once instants and days are written; None when it is not known."""
        value = self.read(row)
        if isinstance(value, str):
            return clean(value) or None
        if self.kind == LIST:
            return [clean(each) for each in value]
        return timezone.localtime(value) if self.kind == INSTANT and value else value


# Readers -----------------------------------------------------------------------------------------


def attribute(path):
    """The attribute at `a.b.c` of a row; None as soon as one of them is."""

    def read(row):
        for name in path.split("."):
            row = getattr(row, name) if row is not None else None
        return row

    return read


def names(links, path="organisation.name"):
    """The text at `path` of each of the rows that `links` finds."""
    name_of = attribute(path)
    return lambda row: [name_of(link) for link in links(row)]


def address(row):
    """Where a row has its page, in full."""
    return f"{settings.SITE_URL}{row.get_absolute_url()}"


# Where a row is ----------------------------------------------------------------------------------


def place_columns(path=""):
    """Where the row that `path` leads to is: department and commune, by code and name."""
    return [
        Column("departement_code", "Département, code", TEXT, "Le code du département (INSEE).",
               "25", attribute(f"{path}department_id")),
        Column("departement", "Département", TEXT, "Son nom.", "Doubs",
               attribute(f"{path}department.name")),
        Column("commune_code", "Commune, code", TEXT,
               "Le code INSEE de la commune, qui n’est pas son code postal.", "25056",
               attribute(f"{path}commune_id")),
        Column("commune", "Commune", TEXT, "Son nom.", "Besançon",
               attribute(f"{path}commune.name")),
    ]  # fmt: skip
