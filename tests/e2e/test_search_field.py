"""The search field and its suggestions: by keyboard, by touch, without script, when all fails."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

ADDRESSES = ["/", "/initiatives/", "/recherche/"]


@pytest.fixture
def field(open_page):
    """Open an address and type in its search field; answers the page and the field."""

    def field(typed, address="/recherche/", **options):
        page = open_page(address, **options)
        box = page.get_by_role("combobox")
        box.press_sequentially(typed)
        return page, box

    return field


def options(page):
    page.get_by_role("option").first.wait_for()
    return page.get_by_role("option").all_inner_texts()


def active(page):
    """The option that a screen reader reads; None when it reads the field."""
    return page.evaluate(
        "document.getElementById("
        "document.activeElement.getAttribute('aria-activedescendant'))?.innerText ?? null"
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_typing_opens_a_list_that_is_announced(field, address):
    page, box = field("vél", address)
    found = options(page)
    assert any("Vélos du plateau" in option and "Initiative" in option for option in found)
    assert box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-controls") == page.get_by_role("listbox").get_attribute("id")
    number = f"{len(found)} suggestion{'s' if len(found) > 1 else ''}"
    assert page.locator("form.search [role=status]").inner_text() == number
    assert page.get_by_role("listbox").locator("mark").first.inner_text() == "Vélos"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/recherche/"])
def test_axe_is_silent_with_the_list_open(field, address, scheme):
    page, _ = field("ve", address, color_scheme=scheme)
    assert len(options(page)) > 3
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    assert violations(page) == []


def test_arrows_walk_through_the_list_and_back_to_the_field(field):
    page, box = field("ve")
    found = options(page)
    seen = []
    for _ in range(len(found) + 1):
        page.keyboard.press("ArrowDown")
        seen.append(active(page))
    assert seen == [*found, None]
    page.keyboard.press("ArrowUp")
    assert active(page) == found[-1]
    selected = page.locator("[role=option][aria-selected=true]")
    assert selected.all_inner_texts() == [found[-1]]
    page.keyboard.press("Home")
    assert active(page) is None
    box.press_sequentially("x")
    assert box.input_value() == "xve"


def test_enter_on_a_suggestion_opens_it(field):
    page, _ = field("velos du")
    assert "Vélos du plateau" in options(page)[0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/initiatives/velos-du-plateau/")
    assert page.locator("h1").inner_text() == "Vélos du plateau"


def test_enter_without_a_suggestion_searches(field):
    page, _ = field("ve")
    options(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?*")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["ve"]}


def test_escape_closes_the_list_then_clears_the_field(field):
    page, box = field("ve")
    options(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert not page.get_by_role("listbox").is_visible()
    assert box.get_attribute("aria-expanded") == "false"
    assert (active(page), box.input_value()) == (None, "ve")
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("listbox").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert box.input_value() == ""


def test_tab_leaves_the_list_for_the_button(field):
    page, _ = field("ve")
    options(page)
    page.keyboard.press("Tab")
    assert not page.get_by_role("listbox").is_visible()
    assert page.evaluate("document.activeElement.innerText") == "Chercher"


def test_suggestion_is_touched(field):
    page, _ = field("vesou", viewport={"width": 360, "height": 740}, has_touch=True)
    page.get_by_role("option", name="Vesoul Commune").tap()
    page.wait_for_url("**/initiatives/?commune=70550")


@pytest.mark.parametrize("address", ADDRESSES)
def test_list_is_whole_on_a_telephone(field, address):
    page, _ = field("ve", address, viewport={"width": 360, "height": 740})
    options(page)
    box = page.get_by_role("listbox").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    heights = [option.bounding_box()["height"] for option in page.get_by_role("option").all()]
    assert min(heights) >= 24
    # Nothing lies over the first option.
    first = page.get_by_role("option").first
    first.scroll_into_view_if_needed()
    first.click(trial=True)


def test_nothing_is_shown_when_suggestions_fail(open_page):
    page = open_page("/recherche/", watched=False)
    page.route("**/suggestions/**", lambda route: route.abort())
    box = page.get_by_role("combobox")
    with page.expect_event("requestfailed"):
        box.press_sequentially("ve")
    assert not page.get_by_role("listbox").is_visible()
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=ve")


def test_only_the_last_words_are_asked(open_page):
    page = open_page("/recherche/")
    asked = []
    page.on("request", lambda r: asked.append(r.url) if "suggestions" in r.url else None)
    page.get_by_role("combobox").press_sequentially("velos", delay=20)
    options(page)
    assert [parse_qs(urlsplit(url).query)["q"] for url in asked] == [["velos"]]


@pytest.mark.parametrize("address", ADDRESSES)
def test_field_searches_without_script(open_page, address):
    page = open_page(address, java_script_enabled=False)
    box = page.get_by_role("searchbox")
    box.fill("vélos")
    box.press("Enter")
    assert "Vélos du plateau" in page.locator("main").inner_text()


def test_header_leads_to_the_search(open_page):
    page = open_page("/agenda/", viewport={"width": 1440, "height": 900})
    link = page.locator("header").get_by_role("link", name="Chercher")
    assert link.bounding_box()["height"] >= 24
    link.click()
    assert page.url.endswith("/recherche/")
