"""The minutes of a session, in Chromium: read, sealed by keyboard, checked, printed.

On a site of its own, where a jury has deliberated.
"""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site

pytestmark = pytest.mark.browser

MAKE = """
from tests.trophies.deliberation import make_deliberated, seal
seal(make_deliberated(year=2043, is_example=True))
print(make_deliberated(year=2044, is_example=True).edition.pk)
from trophies.models import Edition
print(Edition.objects.get(year=2043).pk)
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
        closed, sealed = (
            f"/admin/trophies/edition/{pk}/jury/seances/1/pv/" for pk in done.stdout.split()
        )
        yield SimpleNamespace(address=address, closed=closed, sealed=sealed)


@pytest.fixture(scope="module")
def site(running):
    return running.address


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 768), ("light", 1440)])
def test_axe_is_silent_and_nothing_overflows(signed_in, running, scheme, width):
    size = {"width": width, "height": 800}
    # Not watched: axe itself writes inline styles, which the policy blocks.
    page = signed_in(
        "administration", running.closed, color_scheme=scheme, viewport=size, watched=False
    )
    found = {}
    for address in [running.closed, running.sealed, f"{running.sealed}verifier/"]:
        page.goto(address)
        for summary in page.locator("main summary").all():
            summary.click()
        assert page.locator("h1").count() == 1, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        found[address] = violations(page)
    # With its errors too.
    page.goto(running.closed)
    page.get_by_role("button", name="Sceller le procès-verbal").click()
    page.get_by_role("alert").first.wait_for()
    found["errors"] = violations(page)
    assert {address: rules for address, rules in found.items() if rules} == {}


def test_minutes_are_sealed_by_keyboard_without_javascript(signed_in, running):
    page = signed_in("équipe", running.closed, java_script_enabled=False)
    page.get_by_label("Observations").fill("Rien à signaler.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Le procès-verbal est scellé.").wait_for()
    page.get_by_role("link", name="Vérifier maintenant").press("Enter")
    assert "Intact." in page.get_by_role("status").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
