"""A juror's screens in each of their states, in Chromium. On a site of its own."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site
from tests.e2e.test_reading import (
    BEGUN,
    CRITERIA,
    FOCUS_IS_SEEN,
    FRESH,
    IN_PROGRESS,
    LIST,
    NEW,
    SIGNED,
    UNSIGNED,
    choose_all,
    open_reading,
    sign_in,
    tab_to,
    wait_until_saved,
)

pytestmark = pytest.mark.browser

EDITION = """
from django.utils import timezone
from datetime import timedelta
from trophies.models import Edition, Evaluation, JuryMember
edition = Edition.objects.get(jury_members__user__email="jury3@rallynov.example")
now = timezone.now()
"""
AS_IT_WAS = """
Edition.objects.filter(pk=edition.pk).update(
    is_anonymous=False, others_shown="never", jury_closes_at=now + timedelta(days=20),
    results_published_at=now + timedelta(days=40))
Evaluation.objects.update(others_seen_at=None)
JuryMember.objects.update(declared_at=now + timedelta(days=300))
"""
CLOSED = "Edition.objects.filter(pk=edition.pk).update(jury_closes_at=now)"
ANONYMOUS = "Edition.objects.filter(pk=edition.pk).update(is_anonymous=True)"
OTHERS = "Edition.objects.filter(pk=edition.pk).update(others_shown='signed')"
UNDECLARED = "JuryMember.objects.update(declared_at=None)"


@pytest.fixture(scope="module")
def running():
    with running_site() as (address, environment):
        yield SimpleNamespace(address=address, environment=environment)


@pytest.fixture(scope="module")
def site(running):
    return running.address


@pytest.fixture
def become(running):
    """Move the edition of the example to another state; back to the first one at the end."""

    def become(code):
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", EDITION + code]
        subprocess.run(command, cwd=ROOT, env=running.environment, capture_output=True, check=True)

    yield become
    become(AS_IT_WAS)


@pytest.fixture
def juror(open_page):
    def juror(email, **options):
        page = open_page(f"/compte/connexion/?next={LIST}", **options)
        sign_in(page, email)
        return page

    return juror


def open_state(page, which, **options):
    open_reading(page, which, **options)
    page.locator(".reading").wait_for()


# Each state, by axe and by its width ------------------------------------------------------------


def walk(page, become):
    """Each state of a juror's pages, by name."""
    yield "list"
    open_state(page, NEW)
    yield "new"
    open_state(page, BEGUN)
    yield "begun"
    page.get_by_role("button", name="Signer cette lecture").click()
    page.get_by_text("À choisir pour pouvoir signer").first.wait_for()
    yield "missing"
    page.get_by_role("link", name="J’ai un lien avec ce dossier").click()
    page.wait_for_load_state()
    yield "tie"
    open_state(page, SIGNED)
    yield "signed"
    become(OTHERS)
    page.reload()
    yield "others offered"
    page.get_by_role("link", name="Voir les autres lectures de ce dossier").click()
    page.wait_for_load_state()
    yield "others asked"
    page.get_by_role("button", name="Voir les autres lectures").click()
    page.locator(".other").first.wait_for()
    yield "others seen"
    become(ANONYMOUS)
    page.reload()
    yield "anonymous"
    page.goto(LIST)
    yield "anonymous list"
    become(CLOSED)
    open_state(page, SIGNED)
    yield "closed"
    become(UNDECLARED)
    page.goto(LIST)
    yield "undeclared"


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1024, "dark"), (360, "dark")])
def test_axe_is_silent_in_every_state(juror, become, width, scheme):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    size = {"width": width, "height": 800}
    page = juror(IN_PROGRESS, color_scheme=scheme, viewport=size, watched=False)
    found = {}
    for state in walk(page, become):
        found[state] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, state
        assert page.locator("h1").count() == 1, state
    assert {state: rules for state, rules in found.items() if rules} == {}


SMALL_TARGETS = """() => [...document.querySelectorAll("main a, main button, main summary, .level")]
  .filter(one => one.checkVisibility() && !one.closest("p:not(.piece__name, .saved)"))
  .map(one => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 24 || box.width < 24))
  .map(([text]) => text)"""


@pytest.mark.parametrize("size", [(768, 1024), (1024, 768), (720, 450)])
def test_a_finger_finds_its_targets(juror, size):
    width, height = size
    page = juror(IN_PROGRESS, viewport={"width": width, "height": height}, has_touch=True)
    open_state(page, BEGUN)
    assert page.evaluate(SMALL_TARGETS) == []
    page.locator(f"{CRITERIA} .level").first.tap()
    wait_until_saved(page)


# Two tabs ---------------------------------------------------------------------------------------


def two_tabs(juror):
    """The same reading in an older tab and in a newer one, which has saved."""
    page = juror(FRESH, watched=False)  # the browser itself tells of a 409 in the console
    open_state(page, UNSIGNED)
    newer = page.context.new_page()
    newer.goto(page.url)
    newer.fill("#id_comment_for_jury", "Écrit dans l’autre onglet.")
    wait_until_saved(newer)
    page.fill("#id_comment_for_jury", "Écrit ici.")
    page.get_by_text("Rien n’est écrasé").wait_for()
    newer.reload()
    assert newer.input_value("#id_comment_for_jury") == "Écrit dans l’autre onglet."
    return page


def test_an_older_tab_may_keep_what_it_says(juror):
    page = two_tabs(juror)
    assert violations(page) == []
    page.get_by_role("button", name="Garder ce que j’écris ici").click()
    wait_until_saved(page)
    page.reload()
    assert page.input_value("#id_comment_for_jury") == "Écrit ici."


def test_an_older_tab_may_take_the_other(juror):
    page = two_tabs(juror)
    page.get_by_role("button", name="Reprendre l’autre").click()
    page.wait_for_function(
        "document.querySelector('#id_comment_for_jury').value === 'Écrit dans l’autre onglet.'"
    )
    page.fill("#id_comment_for_jury", "La suite.")
    wait_until_saved(page)


def test_an_older_tab_without_javascript_chooses_too(juror):
    page = juror(FRESH, java_script_enabled=False, watched=False)
    open_state(page, UNSIGNED)
    newer = page.context.new_page()
    newer.goto(page.url)
    for tab, words in [(newer, "Écrit là-bas."), (page, "Écrit sans script.")]:
        tab.fill("#id_comment_for_candidate", words)
        tab.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Rien n’est écrasé").wait_for()
    assert "Écrit là-bas." in page.locator(".kept").inner_text()
    assert page.input_value("#id_comment_for_candidate") == "Écrit sans script."
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Votre lecture est enregistrée").wait_for()
    assert page.input_value("#id_comment_for_candidate") == "Écrit sans script."


def test_an_answer_that_is_lost_makes_no_quarrel(juror):
    """The save arrives, its answer does not; what is typed next is saved all the same."""
    page = juror(FRESH, watched=False)
    open_state(page, UNSIGNED)

    def lose(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(page.url, lose)
    page.fill("#id_comment_for_jury", "Entré dans le tunnel.")
    page.get_by_text("Le réseau ne répond pas").wait_for()
    page.unroute(page.url)
    page.fill("#id_comment_for_jury", "Sorti du tunnel.")
    wait_until_saved(page)
    page.reload()
    assert page.input_value("#id_comment_for_jury") == "Sorti du tunnel."


# Pieces -----------------------------------------------------------------------------------------


def test_a_pdf_is_read_in_place_and_loads_when_asked(juror):
    page = juror(IN_PROGRESS)
    page.goto(LIST)
    addresses = page.locator(".stop h3 a").evaluate_all("all => all.map(one => one.href)")
    for address in addresses:
        page.goto(address)
        if page.locator(".paper").count():
            break
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    summary = page.locator(".paper summary").first
    summary.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert [url for url in asked if "en-place" in url] == []
    with page.expect_response(re.compile("en-place")) as answer:
        summary.focus()
        page.keyboard.press("Enter")
    assert answer.value.status == 200
    # Chromium's reader has started: it is an extension, within the frame.
    for _ in range(50):
        if any(frame.url.startswith("chrome-extension:") for frame in page.frames):
            return
        page.wait_for_timeout(100)
    pytest.fail("the PDF does not show")


# The whole way ----------------------------------------------------------------------------------


def test_a_keyboard_is_enough_from_the_first_file_to_the_last_signature(juror):
    page = juror(FRESH, viewport={"width": 1280, "height": 800})
    count = page.locator(UNSIGNED).count()
    assert count > 2
    tab_to(page, ".jury .button")
    page.keyboard.press("Enter")
    for left in range(count - 1, -1, -1):
        page.wait_for_url(re.compile(rf"{LIST}[0-9a-f-]+/"))
        tab_to(page, "fieldset:first-of-type input")
        for key in ["3"] * page.locator(CRITERIA).count():
            page.keyboard.press(key)
            assert page.evaluate(FOCUS_IS_SEEN)
        page.keyboard.press("2")
        tab_to(page, "button[value=sign]")
        page.keyboard.press("Enter")
        page.get_by_text("Votre lecture est signée").wait_for()
        tab_to(page, ".grid__actions .default")
        reading = page.url.partition("#")[0]
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, reading=reading: not url.startswith(reading))
        assert (page.url.endswith(LIST)) == (left == 0)
    assert page.locator(SIGNED).count() == page.locator(".stop").count()


def test_everything_signed_is_said(juror):
    page = juror(FRESH, java_script_enabled=False)
    for _ in range(page.locator(UNSIGNED).count()):
        open_state(page, UNSIGNED)
        choose_all(page, 2)
        page.get_by_role("button", name="Signer cette lecture").click()
        page.get_by_text("Votre lecture est signée").wait_for()
    open_state(page, SIGNED)
    page.get_by_role("link", name="Tout est signé").click()
    page.wait_for_url(f"**{LIST}")
    assert page.get_by_text("Continuer mes lectures").count() == 0
