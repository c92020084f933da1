"""A juror's ties in Chromium: declared by keyboard, ruled on by the team. On a site of its own."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site
from tests.e2e.test_reading import FOCUS_IS_SEEN, tab_to

pytestmark = pytest.mark.browser

READINGS = "/admin/trophies/assignment/"
TIES = "/admin/trophies/conflictofinterest/"
NAMED = ".stop__file p"
# The jury of the example, as it was invited: nothing declared yet.
READY = """
from trophies.models import ConflictOfInterest, JuryMember
members = JuryMember.objects.filter(user__email="jury@rallynov.example")
members.update(declared_at=None)
ConflictOfInterest.objects.filter(user__email="jury@rallynov.example").delete()
print(members.get().edition.year)
"""


@pytest.fixture(scope="module")
def running():
    with running_site() as (address, environment):
        yield SimpleNamespace(address=address, environment=environment)


@pytest.fixture(scope="module")
def site(running):
    return running.address


@pytest.fixture
def address(running):
    """The page of a juror who has declared nothing."""
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", READY]
    done = subprocess.run(
        command, cwd=ROOT, env=running.environment, capture_output=True, text=True, check=True
    )
    return f"{READINGS}liens/{done.stdout.strip()}/"


def label_of(page, place):
    return page.locator(".ties__tick label").nth(place).inner_text().strip()


def tick_by_keyboard(page, place, reason):
    """Tab to a box, tick it, and write beside it what its reason field asks."""
    box = page.locator(".ties__tick input").nth(place)
    tab_to(page, f"#{box.get_attribute('id')}")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS_IS_SEEN)
    page.keyboard.type(reason)


def test_a_keyboard_is_enough_to_declare(signed_in, address):
    page = signed_in("jury", address)
    assert page.locator(".ties__reason textarea:visible").count() == 0
    name = label_of(page, 1)
    tick_by_keyboard(page, 1, "Ma sœur y travaille.")
    tab_to(page, ".submit-row button")
    page.keyboard.press("Enter")
    page.get_by_text("Votre déclaration est enregistrée.").wait_for()
    assert page.url.endswith(READINGS)
    assert page.locator(".stop").count() > 0
    assert name not in page.locator("main").inner_text()
    page.goto(address)
    assert "Aucune organisation ne vous est à présenter" in page.locator("main").inner_text()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_error_keeps_everything_and_the_team_rules(signed_in, address, has_scripts):
    page = signed_in("jury", address, java_script_enabled=has_scripts)
    name = label_of(page, 0)
    for place in (0, 2):
        page.locator(".ties__tick input").nth(place).check()
    page.locator(".ties__reason textarea").nth(2).fill("Un ancien employeur.")
    page.fill("[name=name_0]", "La Halte du canal")
    page.fill("[name=function_0]", "trésorière")
    page.get_by_role("button", name="Je déclare").click()
    page.get_by_text("Dites en quelques mots quel est ce lien.").wait_for()
    assert page.locator(".ties__tick :checked").count() == 2
    assert page.input_value("[name=function_0]") == "trésorière"
    assert page.locator(".ties__reason textarea").nth(2).input_value() == "Un ancien employeur."
    page.locator(".ties__reason textarea").nth(0).fill("Un ami.")
    page.get_by_role("button", name="Je déclare").click()
    page.get_by_text("Votre déclaration est enregistrée.").wait_for()
    assert name not in page.locator("main").inner_text()

    team = signed_in("équipe", f"{TIES}?examen=pending", java_script_enabled=has_scripts)
    team.locator("tr", has_text="Un ami.").locator("th a").click()
    team.get_by_label("Le motif").fill("Une simple connaissance.")
    team.get_by_role("button", name="Écarter").click()
    team.get_by_text("Le lien est écarté").wait_for()

    page.goto(READINGS)
    assert name in page.locator("main").inner_text()
    page.goto(address)
    assert "La Halte du canal" in page.locator(".mandates").inner_text()


def juror_pages(signed_in, address, options):
    """The page as it is met, then with errors."""
    page = signed_in("jury", address, **options)
    yield "declaration", page
    page.locator(".ties__tick input").first.check()
    page.fill("[name=function_0]", "présidente" * 8)
    page.get_by_role("button", name="Je déclare").click()
    page.get_by_text("Rien n’est encore enregistré").wait_for()
    yield "errors", page


def team_pages(signed_in, options):
    page = signed_in("équipe", TIES, **options)
    yield "list", page
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_load_state()
    yield "tie", page
    page.get_by_role("button", name="Maintenir").click()
    page.get_by_text("Dites pourquoi").wait_for()
    yield "ruling without a reason", page
    page.goto(f"{TIES}add/")
    page.wait_for_load_state("networkidle")
    yield "note", page
    page.goto("/admin/trophies/candidature/?etat=recevable")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="J’ai un lien avec ce dossier").click()
    page.wait_for_url("**/lien/")
    yield "own tie", page


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 768), ("light", 1440)])
def test_axe_is_silent_and_nothing_overflows(signed_in, address, scheme, width):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    options = {
        "color_scheme": scheme,
        "viewport": {"width": width, "height": 800},
        "watched": False,
    }
    found = {}
    for pages in (juror_pages(signed_in, address, options), team_pages(signed_in, options)):
        for state, page in pages:
            assert page.locator("h1").count() == 1, state
            assert page.evaluate("document.documentElement.scrollWidth") <= width, state
            found[state] = violations(page)
    assert {state: rules for state, rules in found.items() if rules} == {}
