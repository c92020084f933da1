"""Being told of the next call, on a telephone, by keyboard: from the page of a call to the end."""

import re

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

ADDRESS = "camille.alerte@exemple.invalid"
PHONE = {"viewport": {"width": 360, "height": 740}}


def link_of_mail(open_page):
    """The address in the mail that asks to confirm, once the worker has sent it."""
    page = open_page("/courrier/")
    found = page.locator("article.mail", has_text=ADDRESS)
    for _ in range(40):
        if found.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    words = found.first.locator("pre").inner_text()
    return re.search(r"https?://[^/\s]+(/trophees/prevenir/[0-9a-f-]{36}/)", words)[1]


def test_alert_is_asked_confirmed_and_stopped(open_page):
    page = open_page("/trophees/", **PHONE)
    page.get_by_role("link", name="Être prévenu du prochain appel").click()
    page.get_by_role("button", name="Demander à être prévenu").press("Enter")
    assert "Écrivez votre adresse." in page.locator("[role=alert]").inner_text()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("Votre adresse électronique").fill(ADDRESS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/trophees/prevenir/demande/")
    page.goto(link_of_mail(open_page))
    assert violations(page) == []
    page.get_by_role("button", name="Me prévenir").press("Enter")
    page.get_by_role("heading", name="C’est noté").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="Ne plus être prévenu").click()
    assert violations(page) == []
    page.get_by_role("button", name="Effacer mon adresse").press("Enter")
    page.get_by_role("heading", name="Votre adresse est effacée").wait_for()
    assert violations(page) == []
