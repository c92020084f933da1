"""The agenda in Chromium, in each state of an event, on a site of its own where they are made."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from icalendar import Calendar

from tests.conftest import ROOT
from tests.e2e.axe import violations
from tests.e2e.conftest import running_site

pytestmark = pytest.mark.browser

MAKE = """
from django.core.files.base import ContentFile
from django.utils import timezone
from rallynov import picture_sizes, pictures
from tests import factories as f
told = "La neige bloque le col de la Savine."
f.make_event(title="La fête annulée", slug="annule", status="cancelled", status_note=told)
f.make_event(title="La fête reportée", slug="reporte", status="postponed", status_note=told)
f.make_event(title="La fête déplacée", slug="deplace", moved_from=f.ahead(days=5),
             status_note=told)
event = f.make_event(title="La fête passée", slug="passe", starts_at=f.ago(days=9), attendance=84,
                     description="<p>Trois soupes.</p>")
for kind in ["organiser", "host", "partner"]:
    event.organisation_links.create(organisation=f.make_organisation(), role=kind)
event.speakers.create(name="Maud Exemple", function="présidente")
f.make_document(event)
for number in range(3):
    upload = ContentFile(f.picture_file(size=(1600, 1000)), name="a.png")
    f.make_photo(event, image=pictures.prepare(upload), alt=f"Des gens attablés, {number}")
while picture_sizes.make_next():
    pass
print(timezone.localdate().year)
"""
STATES = ["annule", "reporte", "deplace", "passe"]


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
        yield SimpleNamespace(address=address, year=f"/agenda/{done.stdout.strip()}/")


@pytest.fixture(scope="module")
def site(running):
    return running.address


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1440)])
def test_axe_is_silent_in_each_state(open_page, running, scheme, width):
    addresses = ["/agenda/", running.year, *(f"/agenda/{state}/" for state in STATES)]
    for address in addresses:
        page = open_page(address, color_scheme=scheme, viewport={"width": width, "height": 800})
        assert (address, violations(page)) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_event_goes_to_one_s_calendar_without_script(open_page):
    page = open_page("/agenda/deplace/", java_script_enabled=False)
    with page.expect_download() as download:
        page.get_by_role("link", name="Ajouter à mon agenda").click()
    assert download.value.suggested_filename == "deplace.ics"
    [entry] = Calendar.from_ical(download.value.path().read_bytes()).events
    assert str(entry["SUMMARY"]) == "La fête déplacée"


def test_years_are_reached_by_keyboard(open_page, running):
    page = open_page("/agenda/")
    page.get_by_role("navigation", name="année par année").get_by_role("link").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/agenda/2014/")
    assert page.locator("[aria-current=page]").last.inner_text().startswith("2014")


@pytest.mark.parametrize(("width", "chosen"), [(360, "-400.avif"), (1440, "-800.avif")])
def test_browser_takes_the_lightest_picture_that_fits(open_page, width, chosen):
    page = open_page("/agenda/passe/", viewport={"width": width, "height": 800})
    first = page.locator("figure img").first
    first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('figure img').complete")
    assert first.evaluate("e => e.currentSrc").endswith(chosen)
    assert first.evaluate("e => e.naturalWidth > 0")


def test_page_is_printed_with_its_words(open_page):
    page = open_page("/agenda/annule/")
    page.emulate_media(media="print")
    assert page.get_by_text("Annulé.", exact=True).is_visible()
    assert not page.get_by_role("navigation", name="année par année").is_visible()
