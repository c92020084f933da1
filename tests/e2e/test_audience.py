"""The count in a real browser: what is sent, from where, and what an objection stops."""

import pytest

pytestmark = pytest.mark.browser

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36"
)
TELLING = "/audience/vue/"


@pytest.fixture
def reading(open_page):
    """Open an address; returns the page, and what it told since."""

    def reading(address, *, before=None, **options):
        page, told = open_page("about:blank", user_agent=CHROME, **options), []
        page.on("request", lambda r: told.append(r) if TELLING in r.url else None)
        if before:
            page.add_init_script(before)
        page.goto(address, wait_until="networkidle")
        return page, told

    return reading


def test_page_tells_once_that_it_is_shown_and_leaves_nothing(reading):
    page, told = reading("/agenda/")
    (request,) = told
    assert "agenda" in request.url
    assert request.response().status == 204
    assert "cookie" not in request.all_headers()
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_page_from_a_cache_is_counted_as_well(reading, site):
    page, told = reading("/agenda/")
    kept = page.content()
    page.route("**/agenda/", lambda route: route.fulfill(body=kept, content_type="text/html"))
    page.goto("/agenda/", wait_until="networkidle")
    page.goto("/partenaires/", wait_until="networkidle")
    page.go_back(wait_until="networkidle")
    assert len(told) == 4
    assert {request.response().status for request in told} == {204}


def test_page_is_counted_without_script(reading):
    _, told = reading("/agenda/", java_script_enabled=False)
    assert [request.resource_type for request in told] == ["image"]


@pytest.mark.parametrize("setting", ["globalPrivacyControl: true", "doNotTrack: '1'"])
def test_who_objects_tells_nothing(reading, setting):
    name, value = setting.split(": ")
    said = f"Object.defineProperty(Navigator.prototype, '{name}', {{get: () => {value}}})"
    page, told = reading("/audience/", before=said)
    assert told == []
    assert "vous n’êtes pas compté" in page.locator("[data-audience-said]").inner_text()
    assert not page.locator("[data-audience-choice] button").is_visible()


def test_button_refuses_and_takes_back(reading):
    page, told = reading("/audience/")
    page.get_by_role("button", name="Ne plus compter mes visites").click()
    assert "Vous avez refusé" in page.locator("[data-audience-said]").inner_text()
    page.goto("/agenda/", wait_until="networkidle")
    assert len(told) == 1
    page.goto("/audience/", wait_until="networkidle")
    page.get_by_role("button", name="Compter de nouveau mes visites").click()
    assert page.evaluate("localStorage.length") == 0
    page.goto("/agenda/", wait_until="networkidle")
    assert len(told) == 2


def test_private_pages_tell_nothing(reading):
    _, told = reading("/compte/connexion/")
    assert told == []
