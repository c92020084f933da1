"""The admin in Chromium, under the strict policy: accessible, and silent in the console."""

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser

# The first row of each list stands for all of them.
LISTS = [
    "/admin/news/newsitem/",
    "/admin/news/page/",
    "/admin/events/event/",
    "/admin/initiatives/initiative/",
    "/admin/initiatives/theme/",
    "/admin/initiatives/condition/",
    "/admin/trophies/edition/",
    "/admin/trophies/laureate/",
    "/admin/partners/organisation/",
    "/admin/partners/partnership/",
    "/admin/accounts/user/",
    "/admin/post_office/email/",
    "/admin/places/commune/",
]
FORMS = [
    "/admin/news/newsitem/add/",
    "/admin/events/event/add/",
    "/admin/initiatives/initiative/add/",
    "/admin/trophies/edition/add/",
    "/admin/partners/organisation/add/",
    "/admin/accounts/user/add/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_is_silent_in_the_admin(signed_in, scheme):
    # Not watched: axe itself writes inline styles, which the policy blocks.
    page = signed_in("administration", "/admin/", color_scheme=scheme, watched=False)
    found = {"/admin/": violations(page)}
    for address in [*LISTS, *FORMS]:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found[address] = violations(page)
    assert {address: rules for address, rules in found.items() if rules} == {}


@pytest.mark.parametrize("address", LISTS)
def test_console_is_silent_on_a_row(signed_in, address):
    page = signed_in("administration", address)
    rows = page.locator("#result_list tbody th a")
    if not rows.count():
        return
    rows.first.click()
    page.wait_for_load_state("networkidle")
    change = page.url
    for selector in ["a.historylink", "a.deletelink"]:
        page.goto(change)
        if page.locator(selector).count():
            page.goto(page.locator(selector).first.get_attribute("href"))
            page.wait_for_load_state("networkidle")
        assert page.locator("h1").count() == 1


@pytest.mark.parametrize("width", [360, 768])
def test_admin_holds_on_a_small_screen(signed_in, width):
    page = signed_in("administration", "/admin/", viewport={"width": width, "height": 740})
    for address in ["/admin/", "/admin/news/newsitem/", "/admin/news/newsitem/add/"]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
