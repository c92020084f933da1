"""The second round in Chromium: a shortlist is opened, read, signed, closed. A site of its own."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site
from tests.e2e.test_reading import LIST, choose_all, sign_in, tab_to, wait_until_saved

pytestmark = pytest.mark.browser

JUROR, OTHER = "jury@rallynov.example", "jury2@rallynov.example"
# The example's edition: all is read and signed, nothing is decided, no second round is open.
READY = """
from datetime import timedelta
from django.utils import timezone
from trophies import services
from trophies.models import Assignment, Edition, Evaluation, Score
edition = Edition.objects.filter(jury_members__isnull=False).first()
now = timezone.now()
second = Assignment.objects.filter(jury_member__edition=edition, round=2)
Score.objects.filter(evaluation__assignment__in=second).delete()
Evaluation.objects.filter(assignment__in=second).delete()
second.delete()
edition.candidatures.update(shortlisted_at=None)
dates = dict(second_opened_at=None, second_closes_at=None, jury_closes_at=now + timedelta(days=1))
Edition.objects.filter(pk=edition.pk).update(**dates)
for reading in Assignment.objects.filter(jury_member__edition=edition):
    if not reading.is_signed:
        levels = {criterion: 3 for criterion in edition.criteria.all()}
        said = dict(comment_for_jury="Au premier tour.", comment_for_candidate="")
        services.save_evaluation(reading, levels=levels, **said)
        services.sign(reading)
Edition.objects.filter(pk=edition.pk).update(jury_closes_at=now - timedelta(minutes=1))
print(edition.pk)
"""


@pytest.fixture(scope="module")
def running():
    with running_site() as (address, environment):
        yield SimpleNamespace(address=address, environment=environment)


@pytest.fixture(scope="module")
def site(running):
    return running.address


@pytest.fixture
def ready(running):
    """The address of the second round of an edition that deliberates."""
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", READY]
    done = subprocess.run(
        command, cwd=ROOT, env=running.environment, capture_output=True, text=True, check=True
    )
    return f"/admin/trophies/edition/{done.stdout.strip()}/jury/second-tour/"


@pytest.fixture
def juror(open_page):
    def juror(email, **options):
        page = open_page(f"/compte/connexion/?next={LIST}", **options)
        sign_in(page, email)
        return page

    return juror


def open_round(page):
    tab_to(page, "input[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("Le second tour est ouvert").wait_for()


def test_round_is_opened_read_and_closed_by_keyboard(signed_in, juror, ready):
    team = signed_in("équipe", ready, watched=False)  # axe writes styles of its own
    assert violations(team) == []
    open_round(team)
    assert violations(team) == []
    page = juror(JUROR, watched=False)
    assert violations(page) == []
    tab_to(page, ".jury .button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{LIST}[0-9a-f-]+/"))
    assert violations(page) == []
    tab_to(page, ".first button")
    page.keyboard.press("Enter")
    page.get_by_text("Votre première lecture est reprise ici").wait_for()
    page.locator("fieldset").first.locator("[value='4']").check()
    wait_until_saved(page)
    tab_to(page, "button[value=sign]")
    page.keyboard.press("Enter")
    page.get_by_text("Votre lecture est signée").wait_for()
    team.reload()
    assert team.locator(".board__next h2").inner_text().startswith("1 lecture signée sur")
    assert not re.search(r"\d,\d\d", team.locator("main").inner_text())
    tab_to(team, ".board__next .button")
    team.keyboard.press("Enter")
    team.wait_for_url("**/clore/")
    assert violations(team) == []
    tab_to(team, "input[type=submit]")
    team.keyboard.press("Enter")
    team.get_by_role("heading", name="Le second tour est clos").wait_for()
    assert violations(team) == []
    page.reload()
    assert "Le second tour est clos" in page.locator("main").inner_text()


def test_everything_works_without_javascript(signed_in, juror, ready):
    team = signed_in("équipe", ready, java_script_enabled=False)
    boxes = team.locator(".second__list input")
    for box in boxes.all()[4:]:
        box.uncheck()
    team.get_by_role("button", name="Ouvrir le second tour").click()
    assert "Le second tour est ouvert" in team.locator("body").inner_text()
    page = juror(OTHER, java_script_enabled=False)
    page.locator(".stop--new h3 a").first.click()
    choose_all(page, 1)
    page.fill("#id_comment_for_jury", "Un second regard.")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="Signer cette lecture").click()
    assert "Votre lecture est signée" in page.locator("main").inner_text()
    assert "Un second regard." in page.locator("main").inner_text()
    page.goto(LIST)
    assert page.locator(".stop--signed").count() > 1
    team.get_by_role("link", name="Clore maintenant").click()
    team.get_by_role("button", name="Clore le second tour").click()
    assert "Le second tour est clos" in team.locator("main").inner_text()
