"""Writing to the team on a telephone, by keyboard: refused, mended, sent, arrived."""

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 360, "height": 740}}
MESSAGE = "Bonjour, la fiche du bus dit 2012 et non 2013."


def test_message_is_mended_sent_and_read_by_the_team(open_page):
    page = open_page("/contact/", **PHONE)
    page.locator("main").get_by_role("link", name="Écrire à l’équipe").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("De quoi s’agit-il").select_option("fiche")
    page.get_by_label("Votre message").fill(MESSAGE)
    page.wait_for_timeout(3200)  # the time that a person takes
    page.get_by_role("button", name="Envoyer").press("Enter")
    page.locator("[role=alert]").wait_for()
    assert violations(page) == []
    assert page.get_by_label("Votre message").input_value() == MESSAGE
    page.get_by_label("Votre adresse électronique").fill("camille.ecrit@exemple.invalid")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="C’est parti").wait_for()
    assert violations(page) == []
    assert MESSAGE in mail_of_team(open_page)


def mail_of_team(open_page):
    page = open_page("/courrier/")
    found = page.locator("article.mail", has_text="camille.ecrit@exemple.invalid")
    for _ in range(40):
        if found.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    assert "equipe@exemple.invalid" in found.first.inner_text()
    return found.first.locator("pre").inner_text()
