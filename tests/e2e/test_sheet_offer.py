"""After the results: letters read one after the other, then a sheet offered to who had no prize."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site

pytestmark = pytest.mark.browser

TELEPHONE = {"viewport": {"width": 360, "height": 740}}
# A file of the edition in front of its jury, held by the example's holder, and refused.
PLAY = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from trophies import services
from trophies.models import Candidature, Edition
now = timezone.now()
edition = Edition.objects.filter(is_example=True, jury_opens_at__lte=now).order_by("-year").first()
Edition.objects.filter(pk=edition.pk).update(
    jury_closes_at=now - timedelta(minutes=1), results_published_at=now + timedelta(days=2)
)
files = Candidature.objects.eligible().filter(edition=edition, initiative=None).order_by("pk")
for file in files[:3]:
    services.decide(file, outcome="not_selected")
file = files.first()
file.holders.add(User.objects.get(email="porteur@rallynov.example"))
print(edition.pk, file.uuid)
"""
PUBLISH = """
from django.utils import timezone
from trophies.models import Edition
Edition.objects.filter(pk={}).update(results_published_at=timezone.now())
"""


@pytest.fixture(scope="module")
def running():
    with running_site() as (address, environment):
        yield SimpleNamespace(address=address, environment=environment)


@pytest.fixture(scope="module")
def site(running):
    return running.address


@pytest.fixture(scope="module")
def shell(running):
    def shell(code):
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
        done = subprocess.run(
            command, cwd=ROOT, env=running.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip().split()

    return shell


@pytest.fixture(scope="module")
def played(shell):
    edition, uuid = shell(PLAY)
    letters = f"/admin/trophies/edition/{edition}/jury/lettres/"
    return SimpleNamespace(edition=edition, own=f"/mes-candidatures/{uuid}/", letters=letters)


def wider_than_the_page(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_are_silent_for_axe(signed_in, played, scheme):
    options = {"color_scheme": scheme, "watched": False}  # axe writes styles of its own
    page = signed_in("équipe", played.letters, **options, **TELEPHONE)
    assert violations(page) == []
    page.get_by_role("link", name="Relire la première").click()
    assert violations(page) == []
    assert not wider_than_the_page(page)
    page.get_by_label("La lettre au porteur").fill("Bonjour […]")
    page.get_by_role("button", name="Relue").click()
    page.get_by_text("Il reste").wait_for()
    assert violations(page) == []


def test_letters_are_read_by_keyboard_without_script(signed_in, played):
    page = signed_in("équipe", played.letters, java_script_enabled=False)
    count = page.locator("td", has_text="à relire").count()
    assert count == 3
    page.get_by_role("link", name="Relire la première").press("Enter")
    for _ in range(count):
        page.get_by_label("La lettre au porteur").fill("Bonjour,\n\nLe jury a hésité.")
        page.get_by_role("button", name="Relue").press("Enter")
        page.locator(".messagelist li", has_text="elle peut partir").wait_for()
    assert page.locator("td", has_text="relue par").count() == count


def test_sheet_is_offered_on_a_telephone(signed_in, open_page, played, shell):
    page = signed_in("porteur de projet", played.own, **TELEPHONE)
    assert "Publier votre projet" not in page.locator("main").inner_text()
    shell(PUBLISH.format(played.edition))
    page.reload()
    page.get_by_role("link", name="Publier votre projet").click()
    assert violations(page) == []
    assert not wider_than_the_page(page)
    dark = signed_in("porteur de projet", f"{played.own}fiche/", color_scheme="dark")
    assert violations(dark) == []


def test_sheet_is_proposed_by_keyboard_without_script(signed_in, played, shell):
    shell(PUBLISH.format(played.edition))
    page = signed_in("porteur de projet", f"{played.own}fiche/", java_script_enabled=False)
    page.get_by_label("La réponse").uncheck()
    page.get_by_label("Le besoin").focus()
    if not page.get_by_label("Le besoin").is_checked():
        page.keyboard.press("Space")
    page.get_by_role("button", name="Proposer").press("Enter")
    page.get_by_text("Votre fiche est proposée").wait_for()
    text = page.locator("main").inner_text()
    kept, _, absent = text.partition("Ce qui n’y paraît pas")
    assert "Le besoin" in kept
    assert "La réponse" in absent
    silent = signed_in("porteur de projet", f"{played.own}fiche/", **TELEPHONE)
    assert violations(silent) == []
    team = signed_in("équipe", "/admin/initiatives/initiative/?etat=draft")
    assert team.locator("#result_list tbody tr").count() >= 1
