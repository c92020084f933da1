"""Who reads what, in Chromium: a plan is made, then a juror leaves. On a site of its own."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site
from tests.e2e.test_reading import tab_to

pytestmark = pytest.mark.browser

# The example's edition, its call closed: two readings a file, and a jury that knows some themes.
READY = """
from datetime import timedelta
from django.utils import timezone
from initiatives.models import Theme
from trophies.models import Edition
edition = Edition.objects.filter(jury_members__isnull=False).first()
opens_at = timezone.now() + timedelta(days={days})
Edition.objects.filter(pk=edition.pk).update(readings_per_file=2, jury_opens_at=opens_at)
for member in edition.jury_members.all():
    member.themes.set(Theme.objects.all()[:3])
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
def plan(running):
    """Put the readings so many days ahead; return the address of their plan."""

    def plan(days):
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", READY.format(days=days)]
        done = subprocess.run(
            command, cwd=ROOT, env=running.environment, capture_output=True, text=True, check=True
        )
        return f"/admin/trophies/edition/{done.stdout.strip()}/jury/plan/"

    return plan


def test_plan_is_made_and_a_juror_leaves_by_keyboard(signed_in, plan):
    page = signed_in("équipe", plan(days=5), java_script_enabled=True)
    tab_to(page, ".plan__verdict button")
    page.keyboard.press("Enter")
    page.get_by_text("Le plan est établi.").wait_for()
    assert page.get_by_role("button", name="Tirer un autre plan").count() == 1
    page.goto(plan(days=-1))
    assert "Le plan est à jour." in page.locator(".plan__verdict").inner_text()
    sitting = page.get_by_role("link", name=re.compile("^Se retire"))
    number = sitting.count()
    sitting.last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/depart/")
    tab_to(page, "input[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("ne siège plus dans ce jury.").wait_for()
    assert sitting.count() == number - 1
    page.get_by_role("link", name=re.compile("^Revient")).click()
    page.get_by_role("button", name="Noter son retour").click()
    page.get_by_text("siège de nouveau dans ce jury.").wait_for()
    assert sitting.count() == number


def test_everything_works_without_javascript(signed_in, plan):
    page = signed_in("équipe", plan(days=5), java_script_enabled=False)
    page.locator(".plan__verdict button").click()
    page.get_by_text("Le plan est établi.").wait_for()
    page.locator(".plan__weak summary").first.click()
    assert page.locator(".plan__weak details[open] p").first.is_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 768), ("light", 1440)])
def test_axe_is_silent_and_nothing_overflows(signed_in, plan, scheme, width):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    size = {"width": width, "height": 800}
    address = plan(days=5)
    page = signed_in("équipe", address, color_scheme=scheme, viewport=size, watched=False)
    leaves = page.get_by_role("link", name=re.compile("^Se retire")).first.get_attribute("href")
    found = {}
    for shown in [address, plan(days=-1), leaves]:
        page.goto(shown)
        for summary in page.locator("main summary").all():
            summary.click()
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found[shown] = violations(page)
    assert {address: rules for address, rules in found.items() if rules} == {}
