"""The words of mails in Chromium: seen before they are saved, without JavaScript, under the
strict policy of the page and the looser one of the frame."""

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

LIST = "/admin/accounts/mailtext/"
ADDRESS = f"{LIST}started/change/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("text", ["{lien}", "{nom}"])
def test_axe_is_silent_on_a_text_and_its_preview(signed_in, scheme, text):
    page = signed_in("équipe", ADDRESS, color_scheme=scheme, watched=False)
    page.fill("textarea", text)
    page.click("text=Voir l’aperçu")
    page.wait_for_load_state("networkidle")
    found = [violations(page)]
    page.goto(LIST)
    found.append(violations(page))
    assert found == [[], []]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_is_silent_on_the_mail_itself(signed_in, scheme):
    page = signed_in("équipe", ADDRESS, color_scheme=scheme, watched=False)
    page.goto(page.locator("iframe").get_attribute("src"))
    # A mail has no landmarks and no title of its own: its program gives them.
    rules = {"landmark-one-main", "page-has-heading-one", "region"}
    assert [found for found in violations(page) if found[0] not in rules] == []


def test_preview_shows_the_typed_text_in_its_own_style(signed_in):
    page = signed_in("équipe", ADDRESS, java_script_enabled=False)
    page.fill("textarea", "Bonjour,\n\n– un\n– deux\n\n{lien}")
    page.fill("#id_button", "Allons-y")
    page.click("text=Voir l’aperçu")
    assert page.url.endswith("#apercu")
    frame = page.frame_locator("iframe")
    assert frame.locator("li").all_inner_texts() == ["un", "deux"]
    assert frame.locator("a.button").inner_text() == "Allons-y"
    assert page.locator("#id_button").input_value() == "Allons-y"
    page.goto(ADDRESS)
    assert page.locator("#id_button").input_value() == "Continuer ma candidature"


@pytest.mark.parametrize("width", [360, 768])
def test_pages_hold_on_a_small_screen(signed_in, width):
    page = signed_in("équipe", LIST, viewport={"width": width, "height": 740})
    for address in [LIST, ADDRESS]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
