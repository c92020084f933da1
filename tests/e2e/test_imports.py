"""An editor imports a file in Chromium, with the worker of the running site, then exports it."""

import pytest

from tests.e2e.axe import violations
from tests.initiatives.transfers import csv_bytes

pytestmark = pytest.mark.browser

PAGE = "/admin/initiatives/initiative/importer/"
HEADER = ["Titre", "En une phrase", "Commune", "Thèmes", "Couleur"]
GOOD = ["La buanderie des docks", "On lave ensemble.", "Bezancon", "Solidarité", "bleu"]
BAD = ["La buvette", "", "Nulle-Part-les-Eaux", "", ""]


@pytest.fixture
def send(tmp_path):
    def send(page, *rows):
        path = tmp_path / "liste.csv"
        path.write_bytes(csv_bytes(HEADER, *rows))
        page.goto(PAGE)
        page.set_input_files("#id_file", path)
        page.get_by_role("button", name="Vérifier ce fichier").click()

    return send


def headline(page, text):
    page.locator("#state-title", has_text=text).wait_for(timeout=60_000)


def test_editor_imports_a_file_then_finds_it_exported(signed_in, send):
    page = signed_in("rédaction", "/admin/initiatives/initiative/")
    page.get_by_role("link", name="Importer").click()
    send(page, GOOD)
    headline(page, "Prêt à importer")
    assert "compris comme «\u202fBesançon (25)\u202f»" in page.locator("main").inner_text()
    page.get_by_role("button", name="Importer pour de bon").click()
    headline(page, "C’est importé")
    page.goto("/admin/initiatives/initiative/?q=buanderie")
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter en CSV").click()
    exported = download.value.path().read_text(encoding="utf-8-sig")
    assert [line.split(";")[1] for line in exported.splitlines()] == ["Titre", GOOD[0]]
    send(page, GOOD)
    headline(page, "Rien à importer")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_axe_is_silent_on_the_pages_of_an_import(signed_in, send, scheme, width):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    page = signed_in(
        "équipe", PAGE, color_scheme=scheme, watched=False, viewport={"width": width, "height": 800}
    )
    found = {"start": violations(page)}
    send(page, GOOD, BAD)
    headline(page, "À corriger")
    found["refused"] = violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("summary", has_text="Les colonnes du fichier").click()
    found["columns"] = violations(page)
    send(page, ["La laverie des quais", *GOOD[1:]])
    headline(page, "Prêt à importer")
    found["ready"] = violations(page)
    page.get_by_role("button", name="Abandonner").click()
    headline(page, "Import abandonné")
    found["given up"] = violations(page)
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_import_works_without_javascript(signed_in, send):
    page = signed_in("rédaction", PAGE, java_script_enabled=False)
    send(page, BAD)
    page.locator("#state-title").wait_for()
    for _ in range(60):
        if page.locator("text=À corriger").count():
            break
        page.wait_for_timeout(500)
        page.goto(page.url)  # what « Actualiser » does, while it is there
    assert "n’est pas une commune connue" in page.locator("main").inner_text()
