"""A juror in Chromium: from the first file to its signature, and what happens when things fail."""

import re

import pytest

from rallynov.seed import ACCOUNTS
from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

LIST = "/admin/trophies/assignment/"
IN_PROGRESS, FRESH = "jury@rallynov.example", "jury3@rallynov.example"
SIGNED, BEGUN, NEW = ".stop--signed", ".stop--begun", ".stop--new"
UNSIGNED = ".stop:not(.stop--signed)"
CRITERIA = "fieldset:not(#assurance)"

# The element that has the focus, or the label drawn over it, is what one sees at its place.
FOCUS_IS_SEEN = """() => {
  const active = document.activeElement;
  const box = active.getBoundingClientRect();
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return Boolean(seen && (active.contains(seen) || seen.closest("label")?.contains(active)));
}"""
LEAVING_ASKS = "() => !dispatchEvent(new Event('beforeunload', {cancelable: true}))"


@pytest.fixture
def juror(open_page):
    """Open the list of a juror of the example."""

    def juror(email, **options):
        page = open_page(f"/compte/connexion/?next={LIST}", **options)
        sign_in(page, email)
        return page

    return juror


def sign_in(page, email):
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", next(a.password for a in ACCOUNTS if a.email == email))
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"**{LIST}")


def open_reading(page, which=UNSIGNED, place="first"):
    page.goto(LIST)
    getattr(page.locator(f"{which} h3 a"), place).click()
    page.wait_for_load_state()


def choose_all(page, level):
    for criterion in page.locator(CRITERIA).all():
        criterion.locator(f"[value='{level}']").check()


def wait_until_saved(page):
    page.locator("[data-saved]", has_text=re.compile("^Enregistré à")).wait_for()


def tab_to(page, selector):
    """Tab until `selector` has the focus; whatever has it on the way is in sight."""
    for _ in range(80):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_IS_SEEN)
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by keyboard")


@pytest.mark.parametrize("width", [1440, 360])
def test_a_keyboard_is_enough_to_read_and_sign(juror, width):
    page = juror(FRESH, viewport={"width": width, "height": 700})
    signed = page.locator(".stop--signed").count()
    tab_to(page, ".jury .button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{LIST}[0-9a-f-]+/"))
    reading = page.url
    tab_to(page, "fieldset:first-of-type input")
    for key in ["Digit4", "3", "2", "3", "s", "1", "Digit2"]:
        page.keyboard.press(key)
        assert page.evaluate(FOCUS_IS_SEEN)
    assert page.locator(":checked:visible").evaluate_all("all => all.map(one => one.value)") == [
        "4", "3", "2", "3", "na", "1", "2",
    ]  # fmt: skip
    page.keyboard.type("Une halte à voir.")
    wait_until_saved(page)
    assert page.locator("[data-mean]").inner_text().startswith("moyenne")
    tab_to(page, "button[value=sign]")
    page.keyboard.press("Enter")
    page.get_by_text("Votre lecture est signée").wait_for()
    assert "Une halte à voir." in page.locator("main").inner_text()
    assert "Votre assurance : assez sûr" in page.locator("main").inner_text()
    page.goto(LIST)
    assert page.locator(".stop--signed").count() == signed + 1
    page.goto(reading)
    page.get_by_role("button", name="Reprendre ma lecture").click()
    page.get_by_role("button", name="Signer cette lecture").wait_for()


def test_french_keyboards_choose_without_shift(juror):
    page = juror(FRESH)
    open_reading(page)
    first = page.locator("fieldset").first
    first.locator("[value='0']").focus()
    typed = {"key": '"', "code": "Digit3", "bubbles": True, "cancelable": True}
    first.locator("[value='0']").dispatch_event("keydown", typed)
    assert first.locator("[value='3']").is_checked()
    wait_until_saved(page)


def test_sentence_of_the_level_shows(juror):
    page = juror(FRESH)
    open_reading(page, NEW)
    first = page.locator("fieldset").first
    shown = first.locator(".say:visible")
    assert shown.get_attribute("class") == "say say--help"
    first.locator("[value='4']").check()
    assert shown.get_attribute("data-level") == "4"
    first.locator("label").nth(1).hover()
    assert shown.get_attribute("data-level") == "1"
    page.get_by_label("Montrer tous les niveaux").check()
    assert shown.count() == 6
    wait_until_saved(page)


def test_autosave_survives_a_reload(juror):
    page = juror(FRESH)
    open_reading(page, place="last")
    choose_all(page, 2)
    page.fill("#id_comment_for_candidate", "Un mot pour vous.")
    assert page.evaluate(LEAVING_ASKS)
    wait_until_saved(page)
    assert not page.evaluate(LEAVING_ASKS)
    page.reload()
    assert page.locator(f"{CRITERIA} :checked").count() == page.locator(CRITERIA).count()
    assert page.input_value("#id_comment_for_candidate") == "Un mot pour vous."
    assert page.locator("[data-mean]").inner_text().endswith("2,0")


def test_a_link_waits_until_all_is_saved(juror):
    page = juror(FRESH)
    open_reading(page)
    reading = page.url
    page.fill("#id_comment_for_jury", "Écrit juste avant de partir.")
    page.get_by_role("link", name="Suivante").click()
    page.wait_for_url(lambda url: url != reading)
    page.goto(reading)
    assert page.input_value("#id_comment_for_jury") == "Écrit juste avant de partir."


def test_a_network_that_fails_loses_nothing(juror):
    # Not watched: the browser itself writes of the network in the console.
    page = juror(FRESH, watched=False)
    open_reading(page)
    page.context.set_offline(True)
    page.fill("#id_comment_for_jury", "Écrit dans un tunnel.")
    retry = page.get_by_role("button", name="Réessayer")
    retry.wait_for()
    assert "Non enregistré" in page.locator("[data-failed]").inner_text()
    assert page.evaluate(LEAVING_ASKS)
    retry.click()
    page.get_by_text("Le réseau ne répond pas").wait_for()
    page.context.set_offline(False)
    wait_until_saved(page)
    assert not retry.is_visible()
    page.reload()
    assert page.input_value("#id_comment_for_jury") == "Écrit dans un tunnel."


def test_a_lost_session_keeps_what_is_typed(juror):
    page = juror(FRESH, watched=False)
    open_reading(page)
    page.context.clear_cookies()
    page.fill("#id_comment_for_jury", "Écrit après la pause.")
    page.get_by_text("Votre session est terminée").wait_for()
    assert page.input_value("#id_comment_for_jury") == "Écrit après la pause."
    other = page.context.new_page()
    other.goto(f"/compte/connexion/?next={LIST}")
    sign_in(other, FRESH)
    page.get_by_role("button", name="Réessayer").click()
    wait_until_saved(page)
    page.reload()
    assert page.input_value("#id_comment_for_jury") == "Écrit après la pause."


def test_signing_after_a_lost_session_keeps_what_is_typed(juror):
    page = juror(FRESH, watched=False)
    open_reading(page)
    page.context.clear_cookies()
    page.fill("#id_comment_for_jury", "Écrit sans session.")
    page.get_by_role("button", name="Signer cette lecture").click()
    page.get_by_text("Votre session est terminée").wait_for()
    assert page.input_value("#id_comment_for_jury") == "Écrit sans session."
    other = page.context.new_page()
    other.goto(f"/compte/connexion/?next={LIST}")
    sign_in(other, FRESH)
    with page.expect_navigation():
        page.get_by_role("button", name="Signer cette lecture").click()
    page.reload()  # signed, or not yet: what was typed is there
    assert "Écrit sans session." in page.content()


def test_typing_on_after_signing_in_elsewhere_is_saved(juror):
    page = juror(FRESH, watched=False)
    open_reading(page)
    page.context.clear_cookies()
    page.fill("#id_comment_for_jury", "Écrit sans session.")
    page.get_by_text("Votre session est terminée").wait_for()
    other = page.context.new_page()
    other.goto(f"/compte/connexion/?next={LIST}")
    sign_in(other, FRESH)
    page.fill("#id_comment_for_jury", "Écrit ensuite.")
    wait_until_saved(page)
    page.reload()
    assert page.input_value("#id_comment_for_jury") == "Écrit ensuite."


def test_signing_too_early_says_what_is_missing(juror):
    page = juror(IN_PROGRESS)
    open_reading(page, BEGUN)
    page.get_by_role("button", name="Signer cette lecture").click()
    page.get_by_text("À choisir pour pouvoir signer").first.wait_for()
    assert page.evaluate("document.activeElement.matches('[role=alert]')")
    page.locator("[role=alert] a").first.click()
    missing = page.locator("fieldset:has(.criterion__error)")
    assert missing.count() == 1
    assert missing.locator(":focus").count() == 1
    page.keyboard.press("3")
    missing.wait_for(state="detached")
    page.locator("fieldset").nth(2).locator("[value='3']").wait_for(state="attached")


def test_everything_works_without_javascript(juror):
    page = juror(FRESH, java_script_enabled=False)
    open_reading(page, place="last")
    choose_all(page, 3)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Votre lecture est enregistrée").wait_for()
    assert page.locator(f"{CRITERIA} :checked").count() == page.locator(CRITERIA).count()
    page.get_by_role("button", name="Signer cette lecture").click()
    page.get_by_text("Votre lecture est signée").wait_for()


def walk(page):
    """Each page and state of a juror, by name."""
    yield "list"
    open_reading(page, SIGNED)
    yield "signed"
    page.get_by_role("link", name="J’ai un lien avec ce dossier").click()
    page.wait_for_load_state()
    yield "tie"
    page.get_by_role("button", name="Déclarer ce lien").click()
    page.wait_for_load_state()
    yield "tie without a reason"
    open_reading(page)
    yield "unsigned"
    page.get_by_role("button", name="Signer cette lecture").click()
    page.get_by_text("À choisir pour pouvoir signer").first.wait_for()
    yield "missing"
    page.get_by_label("Montrer tous les niveaux").check()
    yield "all levels"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_axe_is_silent_for_a_juror(juror, scheme, width):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    size = {"width": width, "height": 800}
    page = juror("presidence@rallynov.example", color_scheme=scheme, viewport=size, watched=False)
    found = {state: violations(page) for state in walk(page)}
    assert {state: rules for state, rules in found.items() if rules} == {}


# 720 px is a window of 1440 at 200 %.
@pytest.mark.parametrize("width", [360, 720, 768, 1024])
def test_jury_pages_hold_on_a_small_screen(juror, width):
    page = juror("presidence@rallynov.example", viewport={"width": width, "height": 740})
    for state in walk(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= width, state
        assert page.locator("h1").count() == 1, state
