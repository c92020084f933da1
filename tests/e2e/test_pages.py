"""Every public page in Chromium: accessible, silent, light, whole on a telephone."""

import gzip
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.e2e.addresses import ABSENT, PUBLIC
from tests.e2e.axe import violations
from tests.tools import require

pytestmark = pytest.mark.browser

HTML_LIMIT = 60_000
FIRST_VISIT_LIMIT = 200_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PUBLIC)
def test_axe_is_silent(open_page, address, scheme):
    page = open_page(address, color_scheme=scheme)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_is_silent_on_a_page_that_is_absent(chromium, site, scheme):
    page = chromium.new_page(base_url=site, color_scheme=scheme)
    assert page.goto(ABSENT).status == 404
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("address", PUBLIC)
def test_page_is_whole_on_a_telephone(open_page, address):
    page = open_page(address, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("h1").is_visible()


def test_phone_menu_opens_without_script(open_page):
    page = open_page("/", viewport={"width": 360, "height": 740}, java_script_enabled=False)
    link = page.locator("header nav a[href='/agenda/']").first
    assert not link.is_visible()
    page.locator("header summary").click()
    link.click()
    assert page.url.endswith("/agenda/")


# A refusal that the browser keeps, the count of what is typed, a copy in one click.
NEEDS_A_SCRIPT = "[data-audience-choice], .count, .embed__copy button"
LEAVE_OUT = "wanted => document.querySelectorAll(wanted).forEach(added => added.remove())"


@pytest.mark.parametrize("address", PUBLIC)
def test_page_says_the_same_without_script(open_page, address):
    scripted = open_page(address)
    scripted.evaluate(LEAVE_OUT, NEEDS_A_SCRIPT)
    plain = open_page(address, java_script_enabled=False)
    texts = [page.locator("main").inner_text() for page in (scripted, plain)]
    assert texts[0] == texts[1] != ""


def test_keyboard_finds_the_content_first(open_page):
    page = open_page("/initiatives/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
    assert page.locator(":focus").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


# A card's link draws its ring around the whole card.
HAS_RING = """
[document.activeElement, document.activeElement.closest('.card')]
  .filter(Boolean)
  .flatMap(e => [getComputedStyle(e), getComputedStyle(e, '::after')])
  .some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)
"""


def test_focus_is_always_visible(open_page):
    page = open_page("/trophees/2014/")
    for _ in range(25):
        page.keyboard.press("Tab")
        shown = page.evaluate(HAS_RING)
        assert shown, page.evaluate("document.activeElement.outerHTML")


def test_targets_are_large_enough(open_page):
    page = open_page("/", viewport={"width": 360, "height": 740})
    small = page.evaluate(
        "[...document.querySelectorAll('header a, header summary, footer a, .button')]"
        ".filter(e => e.checkVisibility({contentVisibilityAuto: true}))"
        ".map(e => [e.outerHTML, e.getBoundingClientRect()])"
        ".filter(([, r]) => r.height < 24 || r.width < 24).map(([html]) => html)"
    )
    assert small == []


def test_first_visit_is_light(chromium, site):
    sizes = {}

    def note(response):
        if "/photos/" not in response.url:
            sizes[response.url] = response.request.sizes()["responseBodySize"]

    page = chromium.new_page(base_url=site)
    page.on("requestfinished", lambda request: note(request.response()))
    page.goto("/", wait_until="networkidle")
    page.context.close()
    assert len(sizes) > 5
    assert sum(sizes.values()) <= FIRST_VISIT_LIMIT, sizes


def fetch(site, address):
    try:
        with urllib.request.urlopen(site + address) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        return error.read()


def test_html_is_light(site):
    sizes = {address: len(fetch(site, address)) for address in PUBLIC}
    assert {a: size for a, size in sizes.items() if size > HTML_LIMIT} == {}


def test_pages_and_stylesheets_are_compressed(site):
    for address, inside in [("/", b"<h1"), (stylesheet(site), b"{")]:
        request = urllib.request.Request(site + address, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as response:
            assert response.headers["Content-Encoding"] == "gzip"
            assert inside in gzip.decompress(response.read())


def test_static_files_are_kept_for_good(site):
    with urllib.request.urlopen(site + stylesheet(site)) as response:
        assert "immutable" in response.headers["Cache-Control"]


def stylesheet(site):
    html = fetch(site, "/").decode()
    return html.partition('rel="stylesheet"')[2].partition('href="')[2].partition('"')[0]


def test_html_is_valid(site, tmp_path):
    jar = os.environ.get("VNU_JAR") or next(
        iter(sorted((ROOT / "var" / "vnu").rglob("vnu.jar"))), ""
    )
    require(jar and Path(jar).exists() and shutil.which("java"), "The HTML checker (Java, vnu.jar)")
    for number, address in enumerate([*PUBLIC, ABSENT]):
        (tmp_path / f"{number:02}.html").write_bytes(fetch(site, address))
    command = ["java", "-jar", jar, "--errors-only", "--no-langdetect", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
