"""What ties a person to a file: the signs of a possible conflict of interest.

Pure: what is known of a person and of a file comes in, the signs come out. A name is compared
without case, accents, spaces or punctuation, so that « C.É.S.E.R. » is « CESER ».
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# Strongest first. The keys are stored; the words are for the team.
SIGNS = {
    "same_person": "même personne",
    "holder": "porte le projet",
    "organisation": "même structure",
    "mandate": "mandat dans la structure",
    "funder": "a financé un prix du projet",
    "partner": "partenaire ou financeur du projet",
    "email_domain": "même domaine de messagerie",
    "commune": "même commune",
}
# Alone, it hides nothing: the team looks at it.
WEAK = "commune"

IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
LIST = Path(__file__).parent / "data" / "mail_providers.txt"
PROVIDERS = frozenset(
    line
    for line in LIST.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)


def words(text):
    """The words of a name, in lower case, without accents or punctuation."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    kept = (c for c in letters if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in kept).split()


def name_key(text):
    """The letters of a name, without what it says in brackets: « (exemple) », a place, a sigle."""
    return "".join(words(IN_BRACKETS.sub(" ", text))) or "".join(words(text))


@dataclass(frozen=True)
class Structure:
    """An organisation: the key of its row or None, its names, its SIREN, its commune's code."""

    id: int | None = None
    names: tuple[str, ...] = ()
    siren: str = ""
    commune: str = ""

    @cached_property
    def marks(self):
        """What says that two structures are one: they have any of these in common."""
        named = [("name", name_key(name)) for name in self.names]
        marks = [("id", self.id), ("siren", self.siren), *named]
        return frozenset((kind, value) for kind, value in marks if value)


@dataclass(frozen=True)
class Someone:
    """A person, as an account tells of them."""

    id: int
    name: str = ""
    email: str = ""

    @cached_property
    def marks(self):
        """What says that two accounts are one person; a first name alone says nothing."""
        named = sorted(words(self.name))
        return frozenset([("id", self.id), *([("name", *named)] if len(named) > 1 else [])])

    @cached_property
    def domain(self):
        """The domain of the address; empty for a public provider's."""
        domain = self.email.rpartition("@")[2].lower()
        return "" if domain in PROVIDERS else domain


@dataclass(frozen=True)
class Person:
    """Somebody who may have to do with a file: the seat they have in the jury, their mandates."""

    account: Someone
    seat: Structure | None = None
    mandates: tuple[Structure, ...] = ()

    @cached_property
    def structures(self):
        return (*([self.seat] if self.seat else []), *self.mandates)

    @cached_property
    def marks(self):
        return marks_of(self.structures)

    @cached_property
    def mandated(self):
        return marks_of(self.mandates)

    @cached_property
    def communes(self):
        return communes_of(self.structures)


@dataclass(frozen=True)
class File:
    """What was deposited, and what is known of the project.

    `carriers`, `partners`: what the directory says of its initiative; `funders`: who paid a prize
    that it won.
    """

    structure: Structure
    holders: tuple[Someone, ...] = ()
    carriers: tuple[Structure, ...] = ()
    partners: tuple[Structure, ...] = ()
    funders: tuple[Structure, ...] = ()

    @cached_property
    def people(self):
        return frozenset().union(*(holder.marks for holder in self.holders))

    @cached_property
    def domains(self):
        return frozenset(holder.domain for holder in self.holders if holder.domain)

    @cached_property
    def marks(self):
        """Of each part that structures have in the project."""
        parts = {
            "own": (self.structure,),
            "holder": self.carriers,
            "partner": self.partners,
            "funder": self.funders,
        }
        return {part: marks_of(structures) for part, structures in parts.items()}


def marks_of(structures):
    return frozenset().union(*(structure.marks for structure in structures))


def communes_of(structures):
    return frozenset(structure.commune for structure in structures if structure.commune)


def has_seat_there(person, file):
    return bool(person.seat and person.seat.marks & file.marks["own"])


def share_a_domain(person, file):
    """« sante.univ.example » is of the house « univ.example »."""
    own = person.account.domain
    return bool(own) and any(
        own == other or own.endswith(f".{other}") or other.endswith(f".{own}")
        for other in file.domains
    )


TESTS = {
    "same_person": lambda person, file: person.account.marks & file.people,
    "holder": lambda person, file: person.marks & file.marks["holder"],
    "organisation": has_seat_there,
    "mandate": lambda person, file: person.mandated & file.marks["own"],
    "funder": lambda person, file: person.marks & file.marks["funder"],
    "partner": lambda person, file: person.marks & file.marks["partner"],
    "email_domain": share_a_domain,
    "commune": lambda person, file: file.structure.commune in person.communes,
}


def signs_between(person, file):
    """The codes of the signs of a tie between a `Person` and a `File`, in the order of `SIGNS`."""
    return [sign for sign in SIGNS if TESTS[sign](person, file)]
