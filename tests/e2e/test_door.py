"""The door of an event from a telephone, in Chromium; the pages of the team around it."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import PRODUCTION_VARIABLES

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
GESTURES = ["changer-de-date", "reporter", "annuler"]
LIST = "/admin/events/event/"


@pytest.fixture
def meeting(example_site, signed_in):
    """The addresses of an event of the example that people are registered for, which is today."""
    page = signed_in("équipe", f"{LIST}?q=plateau", watched=False)
    address = page.locator("#result_list tbody th a").first.get_attribute("href")
    return address.partition("?")[0].removesuffix("change/")


def test_axe_is_silent_and_nothing_overflows(signed_in, meeting):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    page = signed_in("équipe", LIST, viewport=PHONE, watched=False)
    addresses = [f"{meeting}{name}/" for name in GESTURES] + [
        f"{meeting}inscriptions/",
        f"{meeting}accueil/",
        f"{meeting}accueil/?q=personne-de-ce-nom",
        f"{meeting}change/",
        "/admin/events/eventphoto/",
    ]
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for address in addresses:
            page.goto(address)
            page.wait_for_load_state("networkidle")
            assert page.locator("h1").count() == 1, address
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
            found[scheme, address] = violations(page)
    assert {where: rules for where, rules in found.items() if rules} == {}


BEGIN = """
from django.utils import timezone
from events.models import Event
Event.objects.filter(pk={pk}).update(starts_at=timezone.now(), ends_at=None)
"""


@pytest.fixture
def today(example_site, meeting):
    """The same event, begun now."""
    code = BEGIN.format(pk=meeting.rstrip("/").rpartition("/")[2])
    kept = {k: v for k, v in os.environ.items() if k not in PRODUCTION_VARIABLES}
    environment = kept | {"RALLYNOV_VAR": str(example_site.folder)}
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", code], cwd=ROOT, env=environment, check=True
    )
    return f"{meeting}accueil/"


@pytest.mark.parametrize("has_scripts", [True, False])
def test_people_are_counted_in_one_hand(signed_in, today, has_scripts):
    page = signed_in(
        "équipe", today, viewport=PHONE, java_script_enabled=has_scripts, has_touch=True
    )
    guest = page.locator(".guest", has=page.locator(".guest__tick")).last
    place = guest.get_attribute("id")
    name = guest.locator("strong").inner_text()
    for button in page.locator(".guest button, .door__bar button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 48
    guest.locator("button").tap()
    page.wait_for_url(f"**#{place}")
    here = page.locator(f"#{place}")
    assert "Là depuis" in here.inner_text()
    # The page came back to that person, above the bar.
    box, bar = here.bounding_box(), page.locator(".door__bar").bounding_box()
    assert 0 <= box["y"] < bar["y"]
    assert page.locator(".door__count strong").inner_text() == "1"
    page.get_by_role("button", name="Une personne de plus").tap()
    page.wait_for_url("**#compte")
    assert page.locator(".door__count strong").inner_text() == "2"
    page.get_by_role("searchbox").fill(name.split()[0].lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**?q=*")
    assert page.locator(f"#{place}").is_visible()
    page.get_by_role("button", name=f"{name} n’est pas là").tap()
    page.wait_for_url(f"**?q=*#{place}")
    page.get_by_role("button", name="de moins").tap()
    page.wait_for_url("**#compte")
    assert page.locator(".door__count strong").inner_text() == "0"
