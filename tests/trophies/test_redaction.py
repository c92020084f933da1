"""What an anonymous reading hides in a text."""

import unicodedata

import pytest

from trophies.redaction import names_of, redacted

REPIT = names_of(["Association Répit 70 (exemple)"], ["Ana Petit"])


def hidden(text, names=REPIT):
    return redacted(text, names)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("L’Association Répit 70 (exemple) aide.", "L’[structure] aide."),
        ("L’ASSOCIATION REPIT 70 aide.", "L’[structure] aide."),
        ("l’association répit-70 aide", "l’[structure] aide"),
        ("À Répit\u00a070, on aide.", "À [structure], on aide."),
        ("Association\nRépit 70", "[structure]"),
        ("Ré\u200bpit 70", "[structure]"),
        (unicodedata.normalize("NFD", "Avec Répit 70."), "Avec [structure]."),
        ("Un répit 70 fois plus long", "Un répit 70 fois plus long"),
        ("Répit 700 et Répits 70", "Répit 700 et Répits 70"),
        ("par exemple, une association", "par exemple, une association"),
        ("Ana Petit, ana petit, PETIT Ana", "[personne], [personne], [personne] [personne]"),
        ("Mme Petit a un petit bus", "Mme [personne] a un petit bus"),
        ("Petite, Anaïs", "Petite, Anaïs"),
        ("", ""),
    ],
)
def test_names_are_hidden_and_plain_words_stay(text, told):
    assert hidden(text) == told


def test_addresses_are_hidden():
    told = hidden("Voir https://repit70.example/bus?a=1, www.repit70.fr ; ana@repit70.example.")
    assert told == "Voir [adresse], [adresse] ; [adresse]."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Au 06 12 34 56 78, ou +33 3 81 00 00 00.", "Au [adresse], ou [adresse]."),
        ("0381000000 et 03.81.00.00.00", "[adresse] et [adresse]"),
        ("Suivez @lesptitszebres !", "Suivez [adresse] !"),
        ("Sur cafedeslacs.org, ou cafe.asso.fr/menu", "Sur [adresse], ou [adresse]"),
        ("En 2026, 12 345 678 euros, 40 %.", "En 2026, 12 345 678 euros, 40 %."),
        ("Fini.Fragile, c’est-à-dire : N.B. etc.", "Fini.Fragile, c’est-à-dire : N.B. etc."),
    ],
)
def test_telephones_accounts_and_bare_sites_are_hidden(text, told):
    assert hidden(text) == told


def test_addresses_are_hidden_without_names():
    assert redacted("ana@repit70.example", []) == "[adresse]"


@pytest.mark.parametrize("name", ["", " ", "A", "é", "!", "( )", "😀", "L’"])
def test_empty_or_one_letter_name_replaces_nothing(name):
    text = "A é L’a, un texte (entier) !"
    assert redacted(text, names_of([name], [name])) == text


def test_longest_name_comes_first():
    names = names_of(["Le Relais", "Le Relais du Haut-Doubs"], [])
    assert redacted("Le Relais du Haut Doubs et Le Relais", names) == "[structure] et [structure]"


def test_structure_named_after_its_founder_is_one_mark():
    names = names_of(["Fondation Ana Petit"], ["Ana Petit"])
    assert redacted("La Fondation Ana Petit, Ana Petit", names) == "La [structure], [structure]"


def test_acronym_in_brackets_is_a_name_too():
    names = names_of(["Aide à domicile (ADMR)"], [])
    assert redacted("L’ADMR, les admr", names) == "L’[structure], les [structure]"


def test_particles_of_a_name_are_plain_words():
    names = names_of([], ["Jean des Prés"])
    assert redacted("Des bus. Jean des Prés. M. Prés", names) == (
        "Des bus. [personne]. M. [personne]"
    )


def test_signs_of_a_name_are_only_signs():
    names = names_of(["a.b*c (", "C++ & Cie"], [])
    assert redacted("a.b*c ; C & Cie", names) == "[structure] ; [structure]"


def test_letters_that_open_into_two_keep_their_place():
    names = names_of(["Cœur de Mère"], [])
    assert redacted("œœ COEUR DE MERE œ", names) == "œœ [structure] œ"


def test_unchanged_text_is_the_same():
    text = "Deux lignes.\n\nŒuvre ﬁne, 2 × 3 ½ — « ainsi »"
    assert hidden(text) == text
