"""The yearly letter in Chromium: read, printed on four pages, worded and frozen by the team."""

import io
import re

import pytest
from pypdf import PdfReader

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

PAGE = "/trophees/2014/bilan/"
EXAMPLE = "/trophees/2025/bilan/"
SIZES = [("light", 360), ("dark", 768), ("light", 1440), ("dark", 1440)]


@pytest.mark.parametrize(("scheme", "width"), SIZES)
def test_axe_is_silent_on_the_letter(open_page, scheme, width):
    size = {"width": width, "height": 800}
    page = open_page(PAGE, color_scheme=scheme, viewport=size, watched=False)
    for address in (PAGE, EXAMPLE):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []


@pytest.mark.parametrize("address", [PAGE, EXAMPLE])
def test_letter_prints_on_four_pages(open_page, address):
    page = open_page(address, viewport={"width": 1440, "height": 800})
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    printed = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    texts = [re.sub(r"\s", "", each.extract_text()) for each in printed.pages]
    assert len(texts) == 4
    assert "Lebilan" in texts[0]
    assert "Leslauréats" in texts[2]
    assert all(len(text) > 50 for text in texts)


def test_figure_leads_to_what_it_counts(open_page):
    page = open_page(PAGE, java_script_enabled=False)
    page.get_by_role("link", name="2 rencontres").click()
    assert page.url.endswith("#rencontres")
    page.get_by_role("link", name="4 lauréats").click()
    assert page.url.endswith("/trophees/2014/laureats/")
    assert page.get_by_role("link", name="Vadapad").count()


def test_team_words_a_part_of_the_letter_by_keyboard(signed_in, site):
    page = signed_in("équipe", "/admin/trophies/edition/")
    page.get_by_role("link", name=re.compile("2025")).first.click()
    page.get_by_role("link", name="Le bilan").click()
    page.get_by_role("link", name="Et après").click()
    page.get_by_label("Le texte").fill("Bravo à {laureat}.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("{laureat} n’existe pas dans ce texte").wait_for()
    assert page.get_by_label("Le texte").input_value() == "Bravo à {laureat}."
    page.get_by_label("Le texte").fill("Bravo à {laureats}, et à l’année prochaine.")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("« Et après » est enregistré.").wait_for()
    page.get_by_role("link", name="Voir le bilan").click()
    page.get_by_text("Bravo à trois lauréats, et à l’année prochaine.").wait_for()
    page.go_back()
    page.get_by_role("link", name="Et après").click()
    page.get_by_role("button", name="Revenir au texte composé").click()
    page.get_by_text("se compose de nouveau").wait_for()


@pytest.mark.parametrize(("scheme", "width"), SIZES[:3])
def test_axe_is_silent_on_the_team_s_pages(signed_in, scheme, width):
    size = {"width": width, "height": 800}
    page = signed_in(
        "équipe", "/admin/trophies/edition/", color_scheme=scheme, viewport=size, watched=False
    )
    page.get_by_role("link", name=re.compile("2014")).first.click()
    page.get_by_role("link", name="Le bilan").click()
    report = page.url
    for address in [report, f"{report}textes/rencontres/", f"{report}figer/"]:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").count() == 1, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert violations(page) == [], address
