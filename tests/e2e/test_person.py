"""A person asks for their data, then to be erased: the team answers, in Chromium, by keyboard."""

import re
import zipfile

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

TEAM = "équipe"
ADDRESS = "dominique.demande@exemple.invalid"
PHONE = {"viewport": {"width": 360, "height": 740}}


def leave_an_address(open_page):
    page = open_page("/trophees/prevenir/")
    page.get_by_label("Votre adresse électronique").fill(ADDRESS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/trophees/prevenir/demande/")


def link_of_mail(open_page):
    page = open_page("/courrier/")
    found = page.locator("article.mail", has_text="donnees-personnelles/copie")
    for _ in range(40):
        if found.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    words = found.first.locator("pre").inner_text()
    return re.search(r"https?://[^/\s]+(/donnees-personnelles/copie/\S+)", words)[1]


def search(page):
    page.get_by_label("Adresse électronique").fill(ADDRESS)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=ADDRESS).wait_for()


def fits(page, width):
    return page.evaluate("document.documentElement.scrollWidth") <= width


def test_team_answers_a_person(open_page, signed_in):
    leave_an_address(open_page)
    page = signed_in(TEAM, "/admin/personne/", **PHONE)
    assert violations(page) == []
    search(page)
    assert violations(page) == []
    assert fits(page, 360)
    page.get_by_role("button", name="Envoyer la copie").press("Enter")
    page.get_by_text("Le lien part.").wait_for()

    copy = open_page(link_of_mail(open_page), **PHONE)
    assert violations(copy) == []
    assert fits(copy, 360)
    with copy.expect_download() as downloaded:
        copy.get_by_role("button", name="Télécharger le tout").press("Enter")
    assert ADDRESS in zipfile.ZipFile(downloaded.value.path()).read("donnees.json").decode()

    search(page)
    page.get_by_role("button", name="Effacer cette personne").press("Enter")
    page.get_by_role("heading", name="Ce qui restera, et pourquoi").wait_for()
    assert violations(page) == []
    assert fits(page, 360)
    page.get_by_role("button", name="Effacer pour de bon").press("Enter")
    page.get_by_text("C’est effacé.").wait_for()
    page.get_by_label("Adresse électronique").fill(ADDRESS)
    page.keyboard.press("Enter")
    page.get_by_text("Le site ne garde rien de cette adresse.").wait_for()
    assert violations(page) == []
