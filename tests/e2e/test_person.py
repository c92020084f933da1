"""A person asks for their data, then to be erased: the team answers, in Chromium, by keyboard."""

import re
import zipfile

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

TEAM = "équipe"
PHONE = {"viewport": {"width": 360, "height": 740}}


def leave_an_address(open_page, address):
    page = open_page("/trophees/prevenir/")
    page.get_by_label("Votre adresse électronique").fill(address)
    page.keyboard.press("Enter")
    page.wait_for_url("**/trophees/prevenir/demande/")


def link_of_mail(open_page, address):
    page = open_page("/courrier/")
    found = page.locator("article.mail", has_text="donnees-personnelles/copie").filter(
        has_text=address
    )
    for _ in range(40):
        if found.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    words = found.first.locator("pre").inner_text()
    return re.search(r"https?://[^/\s]+(/donnees-personnelles/copie/\S+)", words)[1]


def search(page, address):
    page.get_by_label("Adresse électronique").fill(address)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=address).wait_for()


@pytest.mark.parametrize("axed", [False, True], ids=["console", "axe"])
def test_team_answers_a_person(open_page, signed_in, axed):
    """Played twice: the console is watched, or axe is asked (it writes styles of its own)."""

    def look(page):
        if axed:
            assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

    address = f"dominique.demande-{axed:d}@exemple.invalid"
    leave_an_address(open_page, address)
    page = signed_in(TEAM, "/admin/personne/", watched=not axed, **PHONE)
    look(page)
    search(page, address)
    look(page)
    page.get_by_role("button", name="Envoyer la copie").press("Enter")
    page.get_by_text("Le lien part.").wait_for()

    copy = open_page(link_of_mail(open_page, address), watched=not axed, **PHONE)
    look(copy)
    with copy.expect_download() as downloaded:
        copy.get_by_role("button", name="Télécharger le tout").press("Enter")
    assert address in zipfile.ZipFile(downloaded.value.path()).read("donnees.json").decode()

    search(page, address)
    page.get_by_role("button", name="Effacer cette personne").press("Enter")
    page.get_by_role("heading", name="Ce qui restera, et pourquoi").wait_for()
    look(page)
    page.get_by_role("button", name="Effacer pour de bon").press("Enter")
    page.get_by_text("C’est effacé.").wait_for()
    page.get_by_label("Adresse électronique").fill(address)
    page.keyboard.press("Enter")
    page.get_by_text("Le site ne garde rien de cette adresse.").wait_for()
    look(page)
