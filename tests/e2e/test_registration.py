"""Coming to an event, by keyboard and on a telephone: from its page to the place given up."""

import re

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

ROOM = "/agenda/plateau-de-l-innovation-sociale-exemple/"  # places are left
FULL = "/agenda/atelier-ecrire-sa-candidature-exemple/"  # twelve have one, two wait
PHONE = {"viewport": {"width": 360, "height": 740}}
NEEDS = "Une place près de la porte."


def check(page):
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("h1").count() == 1


def link_of_mail(open_page, address, words):
    """The page of a registration, in the mail of these words, once the worker has sent it."""
    page = open_page("/courrier/")
    found = page.locator("article.mail", has_text=address).filter(has_text=words)
    for _ in range(60):
        if found.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    told = found.first.locator("pre").inner_text()
    return re.search(r"https?://[^/\s]+(/agenda/inscription/[0-9a-f-]{36}/)", told)[1]


def register(page, address):
    page.get_by_label("Votre nom").fill("Camille Exemple")
    page.get_by_label("Votre adresse électronique").fill(address)
    page.wait_for_timeout(3500)  # no person writes faster than that
    page.keyboard.press("Enter")
    page.wait_for_url("**/inscription/merci/")


def give_up(page, question, button):
    page.get_by_text(question).focus()
    page.keyboard.press("Enter")
    check(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == button
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Vous ne venez plus").wait_for()
    check(page)


def test_place_is_asked_by_keyboard_and_given_up(open_page):
    address = "camille.place@exemple.invalid"
    page = open_page(ROOM, **PHONE)
    check(page)
    page.get_by_role("link", name="M’inscrire").press("Enter")
    check(page)
    page.get_by_label("Pour bien vous accueillir").fill(NEEDS)
    page.get_by_role("button", name="M’inscrire").press("Enter")
    assert "Écrivez votre adresse" in " ".join(page.locator("[role=alert]").all_inner_texts())
    field = page.get_by_label("Votre adresse électronique")
    assert field.get_attribute("aria-invalid") == "true"
    assert page.get_by_label("Pour bien vous accueillir").input_value() == NEEDS
    check(page)
    register(page, address)
    check(page)
    page.goto(link_of_mail(open_page, address, "vous avez une place"))
    assert page.get_by_role("heading", level=1).inner_text() == "Vous avez une place"
    give_up(page, "Vous ne pouvez plus venir", "Renoncer à ma place")


def test_line_is_joined_and_left_without_script(open_page):
    address = "camille.attente@exemple.invalid"
    page = open_page(FULL, java_script_enabled=False, **PHONE)
    page.get_by_role("link", name="Rejoindre la liste d’attente").click()
    assert "C’est complet" in page.locator("main").inner_text()
    register(page, address)
    page.goto(link_of_mail(open_page, address, "liste d’attente"))
    assert "au rang" in page.get_by_role("heading", level=1).inner_text()
    page.get_by_text("Vous n’attendez plus").click()
    page.get_by_role("button", name="Quitter la liste").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Vous ne venez plus"


def test_trap_is_told_and_loses_nothing(open_page):
    """An extension of the browser filled the field that nobody sees."""
    page = open_page(f"{FULL}inscription/", **PHONE)
    check(page)
    page.get_by_label("Votre nom").fill("Camille Exemple")
    page.evaluate("document.getElementById('id_site').value = 'https://exemple.invalid'")
    page.get_by_label("Votre adresse électronique").fill("camille.piege@exemple.invalid")
    page.keyboard.press("Enter")
    assert "une extension du navigateur" in page.locator("[role=alert]").first.inner_text()
    assert page.get_by_label("Votre nom").input_value() == "Camille Exemple"
    check(page)
    page.wait_for_timeout(3500)
    page.get_by_role("button", name="Rejoindre la liste").press("Enter")
    page.wait_for_url("**/inscription/merci/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [ROOM, f"{ROOM}inscription/", f"{FULL}inscription/merci/"])
def test_axe_is_silent_by_day_and_by_night(open_page, path, scheme):
    page = open_page(path, color_scheme=scheme)
    assert violations(page) == []
