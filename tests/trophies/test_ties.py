"""The signs of a tie between a person and a file: pure, and each with its opposite."""

import pytest

from trophies.ties import (
    PROVIDERS,
    SIGNS,
    File,
    Person,
    Someone,
    Structure,
    name_key,
    signs_between,
)

OVEN = Structure(id=1, names=("Le Four commun",), commune="25056")
FARM = Structure(id=2, names=("La Ferme d’à côté",), commune="39300")
BANK = Structure(id=3, names=("Banque de l’Essor", "BE"), siren="123456789", commune="70550")


def person(**changes):
    account = {"id": 10, "name": "Claude Martin", "email": "claude@martin.example"}
    own = {key: changes.pop(key) for key in list(changes) if key in account}
    return Person(Someone(**account | own), **changes)


def file(**changes):
    holder = Someone(id=20, name="Alix Durand", email="alix@four.example")
    return File(**{"structure": OVEN, "holders": (holder,)} | changes)


def held_by(**changes):
    return file(holders=(Someone(**{"id": 20, "name": "Alix Durand"} | changes),))


def test_strangers_have_nothing_in_common():
    assert signs_between(person(), file()) == []
    assert signs_between(person(seat=FARM, mandates=(BANK,)), file()) == []


@pytest.mark.parametrize(
    "name",
    [
        "Le Four commun",
        "LE FOUR COMMUN",
        "le fôur  commun",
        "Le Four-Commun.",
        "« Le Four commun »",
    ],
)
def test_structure_of_the_same_name_is_the_same(name):
    seat = Structure(id=99, names=(name,))
    assert signs_between(person(seat=seat), file()) == ["organisation"]


def test_names_are_compared_without_what_people_write_in_two_ways():
    assert name_key("C.É.S.E.R.") == name_key("CESER") == "ceser"
    assert name_key("L’Œuvre du Bœuf") == name_key("l'oeuvre du boeuf")
    assert name_key("Ателье 3") == "ателье3"
    assert name_key(" … ") == ""
    assert name_key("Les Tabourets volants (exemple) [SCIC]") == name_key("les tabourets volants")
    assert name_key("(exemple)") == "exemple"


def test_names_without_a_letter_are_nobody_s():
    blank = Structure(names=("—",))
    assert signs_between(person(seat=Structure(names=("…", ""))), file(structure=blank)) == []


def test_short_name_counts():
    deposited = Structure(names=("B. E.",))
    assert signs_between(person(seat=BANK), file(structure=deposited)) == ["organisation"]


def test_same_siren_is_the_same_structure():
    deposited = Structure(names=("Tout autre nom",), siren="123456789")
    assert signs_between(person(seat=BANK), file(structure=deposited)) == ["organisation"]
    assert signs_between(person(seat=FARM), file(structure=FARM)) == ["organisation", "commune"]


def test_mandate_is_told_from_the_seat():
    assert signs_between(person(mandates=(FARM, OVEN)), file()) == ["mandate", "commune"]


@pytest.mark.parametrize(
    ("part", "sign"), [("carriers", "holder"), ("partners", "partner"), ("funders", "funder")]
)
def test_part_that_one_s_structure_takes_in_the_project(part, sign):
    project = file(**{part: (FARM, BANK)})
    assert signs_between(person(seat=BANK), project) == [sign]
    assert signs_between(person(mandates=(BANK,)), project) == [sign]
    assert signs_between(person(), project) == []


def test_same_account_is_the_same_person():
    assert signs_between(person(id=20), held_by()) == ["same_person"]


def test_same_full_name_is_the_same_person():
    assert signs_between(person(), held_by(name="MARTIN claude")) == ["same_person"]
    assert signs_between(person(name="Claude"), held_by(name="Claude")) == []
    assert signs_between(person(name=""), held_by(name="")) == []


def test_domain_of_the_address():
    assert signs_between(person(), held_by(email="x@MARTIN.example")) == ["email_domain"]
    assert signs_between(person(email="a@sante.martin.example"), held_by(email="b@martin.example"))
    assert signs_between(person(email="a@martin.example"), held_by(email="b@sante.martin.example"))
    assert not signs_between(person(email="a@artin.example"), held_by(email="b@martin.example"))
    assert not signs_between(person(email=""), held_by(email=""))


COMMON = [
    "gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "yahoo.fr",
    "hotmail.fr", "outlook.fr", "live.fr", "icloud.com", "protonmail.com", "proton.me",
]  # fmt: skip


@pytest.mark.parametrize("provider", COMMON)
def test_public_provider_is_no_tie(provider):
    assert signs_between(person(email=f"a@{provider}"), held_by(email=f"b@{provider}")) == []


def test_providers_are_domains_written_once():
    assert all(name == name.strip().lower() and "." in name for name in PROVIDERS)


def test_commune_is_that_of_a_structure():
    neighbour = Structure(id=8, names=("La Halte",), commune="25056")
    assert signs_between(person(seat=neighbour), file()) == ["commune"]
    assert signs_between(person(seat=Structure(id=8)), file(structure=Structure(id=9))) == []


def test_signs_come_in_their_order():
    all_of_it = file(carriers=(OVEN,), partners=(OVEN,), funders=(OVEN,))
    somebody = person(id=20, email="claude@four.example", seat=OVEN, mandates=(OVEN,))
    assert signs_between(somebody, all_of_it) == list(SIGNS)
