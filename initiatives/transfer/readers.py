"""How the cells of each column are read: a function of a text that says something.

Each takes `(text, line, known)`, returns a value or raises Misread, and tells the line what it
understood otherwise than written.
"""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from initiatives.models import FOUNDED_BOUNDS, RESERVED_SLUGS, Initiative
from initiatives.transfer.cells import date_in, instant_in, one_line, split_list
from initiatives.transfer.matching import Misread
from initiatives.transfer.organisations import Named

NOW = object()  # « publiée » : from the instant of the import, if it was not already
DRAFT = None
PUBLICATIONS = {"brouillon": DRAFT, "publiee": NOW, "publie": NOW, "enligne": NOW, "oui": NOW}
YES, NO = {"oui", "o", "x", "vrai", "true", "1"}, {"non", "n", "faux", "false", "0"}


def longest(name):
    return Initiative._meta.get_field(name).max_length


def on_one_line(name):
    def read(text, line, known):
        text = one_line(text)
        if len(text) > longest(name):
            raise Misread(f"{len(text)} caractères, pour {longest(name)} au plus.")
        return text

    return read


def as_written(text, line, known):
    return text


def read_slug(text, line, known):
    """An address may be pasted whole: its last word is the sheet's."""
    slug = text.rstrip("/").rpartition("/")[2]
    if not re.fullmatch(r"[-\w]+", slug, re.ASCII) or len(slug) > longest("slug"):
        raise Misread(
            f"« {text} » n’est pas l’adresse d’une fiche. Laissez vide pour une nouvelle."
        )
    if slug in RESERVED_SLUGS:
        raise Misread(f"« {slug} » est déjà une adresse du site.")
    return slug


def read_department(text, line, known):
    department = known.department(text)
    line.correct("Département", text, department.name, allowed=[department.code, str(department)])
    return department


def read_commune(text, line, known):
    department = line.values.get("department")
    commune = known.commune(text, department)
    if department and commune.department_id != department.code:
        raise Misread(f"{commune} n’est pas dans ce département ({department.name}).")
    line.correct("Commune", text, str(commune), allowed=[commune.name])
    return commune


def read_year(text, line, known):
    found = re.search(r"(?<!\d)\d{4}(?!\d)", text)
    low, high = FOUNDED_BOUNDS
    if not found or not low <= int(found[0]) <= high:
        raise Misread(f"« {text} » n’est pas une année.")
    line.correct("Depuis", text, found[0])
    return int(found[0])


def read_website(text, line, known):
    address = text if re.match(r"\w+://", text) else f"https://{text}"
    try:
        URLValidator()(address)
    except ValidationError as error:
        raise Misread(f"« {text} » n’est pas une adresse de site.") from error
    if len(address) > longest("website"):
        raise Misread(f"plus de {longest('website')} caractères.")
    line.correct("Site", text, address)
    return address


def read_day(text, line, known):
    day = date_in(text) or ((instant := instant_in(text)) and instant.date())
    if not day:
        raise Misread(f"« {text} » n’est pas une date, comme 12/03/2026.")
    return day


def read_publication(text, line, known):
    word = known.forms.key(text)
    if word in PUBLICATIONS:
        return PUBLICATIONS[word]
    instant = instant_in(text)
    if not instant:
        raise Misread(f"« {text} » : écrivez « brouillon », « publiée » ou une date.")
    return instant


def read_embargo(text, line, known):
    if not re.fullmatch(r"\d{4}", text) or not known.may_await(int(text)):
        raise Misread(f"aucune édition n’annonce ses résultats sous « {text} ».")
    return int(text)


def read_yes_or_no(text, line, known):
    word = text.casefold()
    if word not in YES | NO:
        raise Misread(f"« {text} » : écrivez « oui » ou « non ».")
    return word in YES


def from_list(name, header):
    """Reads the rows of the closed list `known.<name>`, in their order."""

    def one(text, line, choices):
        row = choices.the(text)
        line.correct(header, text, str(row), allowed=[row.slug])
        return row

    def some(text, line, choices):
        """A part that is in no list may be several, between commas."""
        if "," in text and not choices.found(text):
            return [one(part.strip(), line, choices) for part in text.split(",") if part.strip()]
        return [one(text, line, choices)]

    def read(text, line, known):
        choices = getattr(known, name)
        parts = [text] if choices.found(text) else filter(None, split_list(text))
        rows = [row for part in parts for row in some(part, line, choices)]
        return list(dict.fromkeys(rows))

    return read


def read_organisations(text, line, known):
    return [Named.of(part) for part in split_list(text) if part]


def read_kinds(text, line, known):
    return [kind(part, line, known) if part else None for part in split_list(text)]


def kind(text, line, known):
    found = known.kinds.the(text)
    line.correct("Forme du porteur", text, found.label, allowed=[found.value])
    return found


def read_sirens(text, line, known):
    return [siren(part, line) for part in split_list(text)]


def siren(text, line):
    """A SIREN, or that of a SIRET."""
    digits = re.sub(r"\s", "", text)
    if digits and not re.fullmatch(r"\d{9}|\d{14}", digits, re.ASCII):
        raise Misread(f"« {text} » : un SIREN a neuf chiffres.")
    if len(digits) == 14:
        line.correct("SIREN du porteur", text, digits[:9])
    return digits[:9]
