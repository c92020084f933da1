"""The team's desk in Chromium: the list, a candidature, its gestures, the next edition."""

import re

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

LIST = "/admin/trophies/candidature/"


def first(page, state):
    """The address of the first candidature in this state."""
    page.goto(f"{LIST}?etat={state}")
    return address_of(page)


def address_of(page):
    """Of the first row of a list, without the filters to come back to."""
    link = page.locator("#result_list tbody th a").first
    return link.get_attribute("href").partition("?")[0]


def addresses(page):
    """The list in its two forms, a draft, a deposit, and a page for each gesture."""
    found = [LIST, f"{LIST}?etat=complets-non-deposes"]
    for state in ["brouillon-complet", "brouillon-incomplet", "deposee"]:
        found.append(first(page, state))
    draft, _, deposited = found[2:]
    found += [draft.replace("change", name) for name in ("delai", "deposer", "porteur")]
    found += [deposited.replace("change", name) for name in ("demander", "depots/1")]
    page.goto("/admin/trophies/edition/")
    edition = address_of(page)
    return [*found, edition, edition.replace("change", "cloner")]


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 768), ("light", 1440)])
def test_axe_is_silent_on_the_desk_and_nothing_overflows(signed_in, scheme, width):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    size = {"width": width, "height": 800}
    page = signed_in("équipe", LIST, color_scheme=scheme, viewport=size, watched=False)
    found = {}
    for address in addresses(page):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").count() == 1, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        found[address] = violations(page)
    assert {address: rules for address, rules in found.items() if rules} == {}


def test_errors_of_a_gesture_are_silent_too(signed_in):
    page = signed_in("équipe", LIST, watched=False)
    page.goto(first(page, "brouillon").replace("change", "delai"))
    page.get_by_role("button", name="Accorder un délai").click()
    assert page.get_by_role("alert").inner_text() == "Rien n’est fait\u202f: corrigez ce qui suit."
    assert violations(page) == []


@pytest.mark.parametrize("has_scripts", [True, False])
def test_refused_extension_keeps_what_was_typed_by_keyboard(signed_in, has_scripts):
    page = signed_in("équipe", LIST, java_script_enabled=has_scripts)
    change = first(page, "brouillon-incomplet")
    page.goto(change)
    page.get_by_role("link", name="Accorder un délai").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/delai/$"))
    assert "au plus tard le" in page.locator("main").inner_text()
    page.focus("#id_until_0")
    page.keyboard.type("01/01/2020")
    page.focus("#id_until_1")
    page.keyboard.type("9h30")
    page.focus("#id_reason")
    page.keyboard.type("Panne du réseau.")
    page.get_by_role("button", name="Accorder un délai").focus()
    page.keyboard.press("Enter")
    page.locator(".errornote").wait_for()
    # Refused, and nothing that was typed is lost.
    assert "Ce délai est déjà passé." in page.locator("main").inner_text()
    assert page.input_value("#id_reason") == "Panne du réseau."


def test_piece_is_asked_for_and_seen_on_the_page(signed_in):
    page = signed_in("équipe", LIST)
    change = first(page, "deposee")
    page.goto(change.replace("change", "demander"))
    page.fill("#id_message", "Le budget de l’action.")
    page.get_by_role("button", name="Demander une pièce").click()
    page.wait_for_url(f"**{change}")
    assert "La demande est partie." in page.locator(".messagelist").inner_text()
    requests = page.locator("section", has=page.locator("#requests-title"))
    assert "Le budget de l’action." in requests.inner_text()
    assert "en attente" in requests.inner_text()
