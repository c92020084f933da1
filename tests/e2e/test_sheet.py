"""The sheet in Chromium: copied, walked along, read by machines, printed."""

import json
import re

import pytest

pytestmark = pytest.mark.browser

SHEET = "/initiatives/allo-je-passe/"
SEARCH = "/initiatives/?departement=70"


def address_of(page):
    return page.url.partition("/initiatives/")[2]


def test_link_copies_the_address_and_says_so(open_page, site):
    page = open_page(f"{SHEET}?departement=70&rang=2")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Copier l’adresse").press("Enter")
    page.get_by_role("status").get_by_text("Adresse copiée.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == site + SHEET
    assert address_of(page) == "allo-je-passe/?departement=70&rang=2"


def test_link_leads_to_the_address_without_script(open_page, site):
    page = open_page(f"{SHEET}?departement=70&rang=2", java_script_enabled=False)
    page.get_by_role("link", name="Copier l’adresse").click()
    page.wait_for_url(site + SHEET)


def test_search_is_walked_by_keyboard_and_back(open_page):
    page = open_page(SEARCH)
    titles = page.locator(".cards h3").all_inner_texts()[:3]
    page.locator(".cards h3 a").nth(0).press("Enter")
    for title in titles[1:]:
        page.wait_for_load_state()
        page.get_by_role("link", name=re.compile("^Suivante")).press("Enter")
        page.get_by_role("heading", level=1, name=title).wait_for()
    page.get_by_role("link", name=re.compile("^Précédente")).press("Enter")
    page.get_by_role("heading", level=1, name=titles[1]).wait_for()
    page.get_by_role("link", name=re.compile("^Revenir aux")).press("Enter")
    page.wait_for_url(lambda url: url.endswith(SEARCH))


def test_machines_read_the_sheet_under_the_strict_policy(open_page):
    page = open_page(SHEET)
    data = json.loads(page.locator("script[type='application/ld+json']").text_content())
    assert data["name"] == page.locator("h1").inner_text()
    card = page.locator("meta[property='og:image']").get_attribute("content")
    response = page.request.get(card)
    assert response.headers["content-type"] == "image/png"
    assert len(response.body()) > 10_000


def test_paper_has_the_sheet_and_its_address_alone(open_page, site):
    page = open_page(f"{SHEET}?departement=70&rang=2")
    page.emulate_media(media="print")
    for gone in [
        "header.header",
        "footer",
        ".neighbours",
        ".similar",
        ".breadcrumb",
        "[data-copy]",
    ]:
        assert page.locator(gone).count(), gone
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator("h1").is_visible()
    assert page.get_by_text(site + SHEET).is_visible()
    assert page.pdf(format="A4").count(b"/Type /Page\n") in (1, 2)
