"""A member of the editors' team, in Chromium: a news item with a picture, a sheet, a fixed page."""

import re

import pytest

from tests.factories import picture_file

pytestmark = pytest.mark.browser

EDITOR = "rédaction"


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "atelier.png"
    path.write_bytes(picture_file(size=(800, 500)))
    return path


def test_editor_posts_news_with_a_picture_then_schedules_it(signed_in, open_page, picture):
    page = signed_in(EDITOR, "/admin/news/newsitem/add/")
    page.fill("#id_title", "Un atelier ouvre à Dole")
    page.fill("#id_summary", "Il répare ce que l’on croyait perdu.")
    page.locator(".ProseMirror").first.fill("Le texte de la nouvelle.")
    page.set_input_files("#id_photos-0-image", picture)
    page.fill("#id_photos-0-alt", "Un établi et des outils")
    page.fill("#id_photos-0-credit", "Dessin : Rally’nov")
    page.check("input[name=publication][value=now]")
    page.click("input[name=_continue]")
    page.wait_for_url(re.compile(r"/change/$"))

    visitor = open_page("/actualites/un-atelier-ouvre-a-dole/")
    assert visitor.locator("h1").inner_text() == "Un atelier ouvre à Dole"
    assert "Le texte de la nouvelle." in visitor.locator("main").inner_text()
    shown = visitor.locator("img[alt='Un établi et des outils']")
    # The picture itself, or a smaller copy of it, once the worker has made them.
    assert shown.evaluate("image => image.naturalWidth") > 0
    assert shown.get_attribute("width") == "800"

    page.check("input[name=publication][value=later]")
    page.fill("#id_published_at_0", "01/01/2035")
    page.fill("#id_published_at_1", "09:00")
    page.click("input[name=_continue]")
    page.wait_for_load_state()
    assert visitor.request.get(visitor.url).status == 404
    assert "un-atelier-ouvre-a-dole" not in visitor.request.get("/actualites/flux.atom").text()


def test_editor_corrects_a_sheet(signed_in, open_page):
    page = signed_in(EDITOR, "/admin/initiatives/initiative/?q=vadapad")
    page.click("#result_list a:has-text('Vadapad')")
    page.fill("#id_summary", "Des vêtements que l’on enfile sans douleur.")
    page.click("input[name=_save]")
    page.wait_for_url(re.compile(r"/initiative/"))
    visitor = open_page("/initiatives/vadapad/")
    assert "Des vêtements que l’on enfile sans douleur." in visitor.locator("main").inner_text()


def test_editor_corrects_a_fixed_page(signed_in, open_page):
    page = signed_in(EDITOR, "/admin/news/page/contact/change/")
    page.fill("#id_summary", "Écrivez-nous, nous répondons.")
    page.click("input[name=_save]")
    page.wait_for_load_state()
    visitor = open_page("/contact/")
    assert "Écrivez-nous, nous répondons." in visitor.locator("main").inner_text()
