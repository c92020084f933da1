"""The directory as people use it: by keyboard, on a telephone, without JavaScript."""

import re

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


def count(page):
    return page.locator("#list-title").inner_text()


@pytest.mark.parametrize("enabled", [True, False])
def test_facets_are_ticked_then_lifted_by_keyboard(open_page, enabled):
    page = open_page("/initiatives/", viewport=WIDE, java_script_enabled=enabled)
    everything = count(page)
    box = page.get_by_role("checkbox", name=re.compile("^Mobilité"))
    box.focus()
    page.keyboard.press("Space")
    page.get_by_role("checkbox", name=re.compile("^Doubs")).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/initiatives/?*")
    assert "theme=mobilite" in page.url
    assert "departement=25" in page.url
    assert count(page) != everything
    for _ in range(2):
        page.locator(".choice").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.url.endswith("/initiatives/")
    assert count(page) == everything


def test_words_and_facets_add_up(open_page):
    page = open_page("/initiatives/?theme=mobilite", viewport=WIDE)
    page.get_by_role("combobox", name="Chercher dans l’annuaire").fill("covoiturage")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=covoiturage**")
    assert "theme=mobilite" in page.url
    assert page.locator("mark", has_text=re.compile("covoiturage", re.IGNORECASE)).count()


def test_facets_are_a_drawer_on_a_telephone(open_page):
    page = open_page("/initiatives/", viewport=PHONE)
    box = page.get_by_role("checkbox", name=re.compile("^Mobilité"))
    assert not box.is_visible()
    page.locator(".facets > summary").focus()
    page.keyboard.press("Enter")
    box.check()
    page.get_by_role("button", name="Filtrer").click()
    page.wait_for_url("**theme=mobilite**")
    assert page.get_by_role("link", name=re.compile("Retirer")).is_visible()


def test_column_of_facets_is_reached_by_keyboard(open_page):
    page = open_page("/initiatives/", viewport=WIDE)
    assert page.get_by_role("checkbox", name=re.compile("^Mobilité")).is_visible()
    page.locator(".search__button").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "checkbox"


def test_reader_goes_back_to_the_results(open_page):
    page = open_page("/initiatives/?theme=mobilite", viewport=WIDE)
    page.locator(".card a").nth(1).click()
    page.wait_for_url("**rang=2**")
    page.get_by_role("link", name=re.compile("^Revenir")).click()
    page.wait_for_url("**/initiatives/?theme=mobilite")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_is_silent_on_an_open_drawer(open_page, scheme):
    page = open_page("/initiatives/", viewport=PHONE, color_scheme=scheme)
    page.locator(".facets > summary").click()
    closed = page.locator(".facet:not([open]) > summary")
    while closed.count():
        closed.first.click()
    assert violations(page) == []
