"""What comes after a prize, in Chromium: a holder tells, the team reads, and it shows.

On a site of its own, where a laureate of the jury is a year old.
"""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site

pytestmark = pytest.mark.browser

TEXT = "Deux autres villages ont repris le four, et le mardi on y cuit pour l’école."
MAKE = """
from accounts.models import User
from tests.trophies.test_follow_up import make_decided, published
from trophies import services
holder = User.objects.get(email="porteur@rallynov.example")
made = published(make_decided(title="Le four commun", holder=holder), days=370)
services.ask_for_news()
print(made.prize.edition_id, made.pk, made.candidature.uuid, made.initiative.slug)
"""


@pytest.fixture(scope="module")
def running():
    with running_site() as (address, environment):
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", MAKE],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        edition, laureate, uuid, slug = done.stdout.split()
        yield SimpleNamespace(
            address=address,
            edition=f"/admin/trophies/edition/{edition}/",
            laureate=f"/admin/trophies/laureate/{laureate}/change/",
            news=f"/mes-candidatures/{uuid}/nouvelles/1/",
            candidature=f"/mes-candidatures/{uuid}/",
            sheet=f"/initiatives/{slug}/",
        )


@pytest.fixture(scope="module")
def site(running):
    return running.address


SIZES = [("light", 360), ("dark", 768), ("light", 1440)]


@pytest.mark.parametrize(("scheme", "width"), SIZES)
def test_axe_is_silent_on_the_team_s_pages(signed_in, running, scheme, width):
    size = {"width": width, "height": 800}
    edition = running.edition
    addresses = [f"{edition}suivi/", f"{edition}exports/", f"{edition}journal/", running.laureate]
    addresses.append("/admin/trophies/laureate/")
    # Not watched: axe itself writes inline styles, which the policy blocks.
    page = signed_in("équipe", addresses[0], color_scheme=scheme, viewport=size, watched=False)
    found = {}
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").count() == 1, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        found[address] = violations(page)
    assert {address: rules for address, rules in found.items() if rules} == {}


@pytest.mark.parametrize(("scheme", "width"), SIZES)
def test_axe_is_silent_where_a_holder_tells(signed_in, running, scheme, width):
    size = {"width": width, "height": 800}
    page = signed_in(
        "porteur de projet", running.news, color_scheme=scheme, viewport=size, watched=False
    )
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.fill("textarea", " ")
    page.get_by_role("button", name="Enregistrer").click()
    assert "Écrivez quelques mots." in page.get_by_role("alert").inner_text()
    assert violations(page) == []


def test_holder_tells_then_the_team_makes_it_public(signed_in, open_page, running):
    holder = signed_in("porteur de projet", running.candidature)
    holder.get_by_role("link", name="Donner des nouvelles").click()
    holder.get_by_label("Ce que devient le projet").fill(TEXT)
    holder.keyboard.press("Tab")
    holder.keyboard.press("Enter")
    holder.get_by_text("L’équipe relira votre texte").wait_for()
    team = signed_in("équipe", f"{running.edition}suivi/")
    team.get_by_text("à relire", exact=True).wait_for()
    team.get_by_role("link", name="Le four commun").click()
    assert TEXT in team.locator("textarea[name='later_news-0-text']").input_value()
    team.locator("input[name='later_news-0-is_public']").check()
    team.locator("input[name=_save]").click()
    team.wait_for_url("**/admin/trophies/laureate/")
    sheet = open_page(running.sheet, watched=False)
    assert sheet.get_by_text(TEXT).is_visible()
    assert violations(sheet) == []
    holder.reload()
    assert holder.locator("textarea").count() == 0
    assert "paraît sur la fiche" in holder.locator("main").inner_text()


def test_a_workbook_and_a_csv_come_down(signed_in, running, tmp_path):
    page = signed_in("équipe", f"{running.edition}exports/")
    for name, start in [("CSV : Candidatures", b"\xef\xbb\xbf"), ("Classeur .xlsx", b"PK")]:
        with page.expect_download() as download:
            page.get_by_role("link", name=name.replace(" :", "\u202f:")).first.click()
        assert download.value.path().read_bytes().startswith(start)


def test_journal_is_chosen_by_keyboard_without_javascript(signed_in, running):
    address = f"{running.edition}journal/"
    page = signed_in("équipe", address, java_script_enabled=False)
    before = page.locator(".journal__line").count()
    page.get_by_label("Quoi").select_option("laureats")
    page.get_by_label("Quoi").press("Tab")
    page.get_by_role("button", name="Montrer").press("Enter")
    page.wait_for_url("**quoi=laureats**")
    assert 0 < page.locator(".journal__line").count() < before
    assert "reçoit le prix" in page.locator("main").inner_text()
