"""Texts with named fields: what is refused, and what comes out."""

import pytest

from accounts import mail_html, wording
from accounts.mail_kinds import KINDS
from tests.html import Html

NAMES = ["projet", "lien"]


def faults(text, required=()):
    return wording.faults(text, known=NAMES, required=required)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bonjour {prenom}", "{prenom} n’existe pas"),
        ("Bonjour {Projet}", "{Projet} n’existe pas"),
        ("Bonjour { projet }", "{ projet } n’existe pas"),
        ("Bonjour {projet.pk}", "{projet.pk} n’existe pas"),
        ("Bonjour {projet!r:>9}", "{projet!r:>9} n’existe pas"),
        ("Bonjour {}", "{} n’existe pas"),
        ("Bonjour {0}", "{0} n’existe pas"),
        ("Bonjour {projet", "accolade ouverte n’est pas fermée, près de « Bonjour {projet »"),
        ("Bonjour {pro\njet}", "accolade ouverte n’est pas fermée, près de « Bonjour {pro »"),
        ("Bonjour projet}", "accolade fermée n’est pas ouverte, près de « Bonjour projet} »"),
        ("Bonjour {{projet}}", "accolade ouverte"),
        ("{% now 'Y' %}", "{% now 'Y' %} n’existe pas"),
    ],
)
def test_wrong_text_is_refused_with_what_is_wrong(text, words):
    found = " ".join(faults(text)).replace("\u202f", " ")
    assert words in found
    if "n’existe pas" in words:
        assert "{projet}, {lien}" in found


def test_missing_field_is_named():
    (fault,) = faults("Bonjour {projet}", required=["lien"])
    assert fault.startswith("Il manque {lien}")
    assert faults("{lien}", required=["lien"]) == []


TYPED = ["{lien}", "{projet}", "{{ x }}", "{% now 'Y' %}", "{0.__class__}", "%s", "<b>&amp;"]


@pytest.mark.parametrize("typed", TYPED)
def test_what_people_typed_comes_out_as_typed(typed):
    values = {"projet": typed, "lien": "https://rallynov.example/"}
    assert wording.filled("« {projet} » : {lien}", values) == f"« {typed} » : {values['lien']}\n"
    html = mail_html.page(subject="S", text="« {projet} »", values=values)
    assert f"« {typed} »" in Html(html).text("p")
    assert not Html(html).all("b")


def test_line_without_words_goes_and_blank_lines_do_not_pile_up():
    values = {"projet": "", "lien": "x"}
    assert wording.filled("Un\n\n{projet}\n\nDeux {projet}\n\n\n\n{lien}", values) == (
        "Un\n\nDeux \n\nx\n"
    )


def test_field_of_several_lines_makes_paragraphs_and_lists():
    values = {"projet": "Un & deux\r\n\r\n– trois\r\n– <quatre>"}
    html = Html(mail_html.page(subject="S", text="Voici :\n\n{projet}", values=values))
    assert [text for names, text in html.texts if "li" in names] == ["trois", "<quatre>"]
    assert "Un & deux" in html.text("p")


def test_only_addresses_of_the_text_and_ours_are_links():
    values = {"projet": "https://voleur.example/", "lien": "https://rallynov.example/a?b=1&c=2"}
    text = "{projet} et {lien}, puis https://aide.example/x."
    html = Html(mail_html.page(subject="S", text=text, values=values, links=["lien"]))
    hrefs = [tag["href"] for tag in html.all("a")][1:]
    assert hrefs == [values["lien"], "https://aide.example/x"]


def test_link_alone_is_the_button():
    values = {"lien": "https://rallynov.example/"}
    page = mail_html.page(subject="S", text="\n{lien}\n", values=values, buttons={"lien": "Ouvrir"})
    button = Html(page).all("a")[-1]
    assert (button["class"], button["href"]) == ("button", values["lien"])
    assert "Ouvrir" in Html(page).text("a")


@pytest.mark.parametrize("key", KINDS)
def test_default_text_is_sound_and_french(key):
    kind = KINDS[key]
    assert kind.subject_faults(kind.wording.subject) == []
    assert kind.text_faults(kind.wording.text) == []
    assert bool(kind.wording.button) == kind.has_button
    said = kind.wording.subject + kind.wording.text
    assert not [mark for mark in ["'", " :", " ?", " !", " ;", "« "] if mark in said]
    used = {name for name in kind.names if f"{{{name}}}" in said}
    assert set(kind.required) <= used
    assert not set(kind.names) - used - {"projet", "annee", "contact", "reference"}
