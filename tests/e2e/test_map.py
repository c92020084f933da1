"""The map as people use it: by keyboard, by pointer, on a telephone, on paper."""

import re

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
FOCUSED = "document.activeElement"


def mark(page, name):
    return page.locator(".atlas__marks").get_by_role("link", name=re.compile(f"^{name}"))


def tab_to(page, words, *, within):
    """Press Tab until the focus is on something that says `words`."""
    for _ in range(within):
        page.keyboard.press("Tab")
        if words in page.locator(":focus").text_content():
            return page.locator(":focus")
    pytest.fail(f"{words}: not reached in {within} steps")


@pytest.mark.parametrize("enabled", [True, False])
def test_keyboard_goes_from_a_department_to_a_mark_to_its_sheets(open_page, enabled):
    page = open_page("/initiatives/carte/", viewport=WIDE, java_script_enabled=enabled)
    page.locator(".atlas__departments").get_by_role("link", name=re.compile("^Doubs")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/carte/?departement=25")
    page.locator(".atlas-skip").focus()
    # The departments, a mark of approximate position, then the largest of the others.
    circle = tab_to(page, "Besançon", within=6).locator("circle")
    assert circle.evaluate("e => parseFloat(getComputedStyle(e).strokeWidth)") > 2
    assert circle.evaluate("e => getComputedStyle(e).stroke") != "rgba(0, 0, 0, 0)"
    page.keyboard.press("Enter")
    page.wait_for_url("**/initiatives/?commune=25056")
    assert page.locator("#list-title").inner_text() == "2 fiches"


def test_keyboard_passes_the_map(open_page):
    page = open_page("/initiatives/carte/", viewport=WIDE)
    page.locator(".atlas-skip").focus()
    assert page.locator(".atlas-skip").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.closest('#communes') !== null")


def test_pointer_opens_a_mark_and_a_department(open_page):
    page = open_page("/initiatives/carte/?theme=mobilite", viewport=WIDE)
    page.locator(".atlas__marks a").first.locator("circle").click()
    page.wait_for_url("**/initiatives/?theme=mobilite&commune=*")
    page.go_back()
    page.locator(".atlas__ground--39").click(position={"x": 60, "y": 60})
    page.wait_for_url("**/carte/?theme=mobilite&departement=39")


def test_filters_stay_on_the_map(open_page):
    page = open_page("/initiatives/carte/?departement=70", viewport=WIDE)
    page.get_by_role("checkbox", name=re.compile("^Mobilité")).check()
    page.get_by_role("button", name="Filtrer").click()
    page.wait_for_url("**/carte/?**theme=mobilite**")
    page.get_by_role("link", name="Voir la liste des fiches").click()
    page.wait_for_url("**/initiatives/?departement=70&theme=mobilite")


def test_list_beside_says_what_the_map_shows(open_page):
    page = open_page("/initiatives/carte/")
    marks = page.eval_on_selector_all(".atlas__marks a", "a => a.map(e => e.getAttribute('href'))")
    lines = page.eval_on_selector_all("#communes li a", "a => a.map(e => e.getAttribute('href'))")
    assert len(marks) > 50
    assert set(marks) <= set(lines)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_axe_is_silent_on_a_department(open_page, viewport, scheme):
    page = open_page(
        "/initiatives/carte/?departement=25&theme=mobilite", viewport=viewport, color_scheme=scheme
    )
    assert violations(page) == []


def test_map_comes_before_the_list_on_a_telephone(open_page):
    page = open_page("/initiatives/carte/?departement=25", viewport=PHONE)
    atlas, places = page.locator(".atlas").bounding_box(), page.locator("#communes").bounding_box()
    assert atlas["width"] > 300
    assert atlas["y"] < 740
    assert atlas["y"] + atlas["height"] < places["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_lines_are_large_enough_for_a_finger(open_page):
    page = open_page("/initiatives/carte/", viewport=PHONE)
    small = page.eval_on_selector_all(
        "#communes a, .zooms a, .atlas-legend a, .atlas-hero__others a",
        "a => a.filter(e => e.getBoundingClientRect().height < 24).map(e => e.outerHTML)",
    )
    assert small == []


def test_map_is_printed_in_ink(open_page):
    page = open_page("/initiatives/carte/", viewport=WIDE)
    page.emulate_media(media="print")
    assert page.locator(".atlas").is_visible()
    assert not page.locator(".zooms").is_visible()
    fill = page.locator(".atlas__marks").evaluate("e => getComputedStyle(e).fill")
    assert fill == "rgb(0, 0, 0)"
