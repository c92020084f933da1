"""The directory on a partner's page, on another origin: made, pasted, framed, opened out of it."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.e2e.axe import violations

pytestmark = pytest.mark.browser
FRAME = "/initiatives/integrer/cadre/"


@contextmanager
def partner(body):
    """A page of another site, which holds `body`: its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(page.encode())

        def log_message(self, *arguments):
            pass

    page = f"<!doctype html><html lang=fr><title>Un partenaire</title><body>{body}"
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_line_is_made_and_framed_by_another_site(open_page, site):
    page = open_page("/initiatives/integrer/")
    page.get_by_label("Mobilité").check()
    page.get_by_role("button", name="Filtrer").first.click()
    page.wait_for_url("**/integrer/?*theme=mobilite*")
    assert violations(page) == []
    line = page.locator("#ligne").input_value()
    with partner(line) as address:
        page.goto(address)
        frame = page.frame_locator("iframe")
        frame.get_by_role("heading", name="Mobilité", exact=True).wait_for()
        rows = frame.get_by_role("listitem")
        assert rows.count() == 11
        assert "Mobilité" in page.locator("iframe").get_attribute("title")
        with page.context.expect_page() as opened:
            rows.first.get_by_role("link").click()
        opened.value.wait_for_load_state()
        assert opened.value.url.startswith(f"{site}/initiatives/")
        assert page.url == address
        assert page.context.cookies() == []


def test_no_other_page_is_framed(open_page, site):
    with partner(f'<iframe src="{site}/initiatives/"></iframe>') as address:
        page = open_page(address, watched=False)
        page.wait_for_timeout(500)
        assert "initiatives" not in page.frames[-1].content()


def test_any_site_reads_the_files_and_not_the_pages(open_page, site):
    with partner("") as address:
        page = open_page(address, watched=False)
        read = "address => fetch(address).then(r => r.json()).then(f => f.nombre, () => null)"
        assert page.evaluate(read, f"{site}/donnees/initiatives.geojson?theme=mobilite") == 11
        failed = "address => fetch(address).then(() => 'read', () => 'refused')"
        assert page.evaluate(failed, f"{site}/initiatives/") == "refused"


@pytest.mark.parametrize("width", [280, 360, 600, 900])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_frame_holds_at_every_width(open_page, width, scheme):
    viewport = {"width": width, "height": 640}
    page = open_page(FRAME, viewport=viewport, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


@pytest.mark.parametrize("width", [360, 1440])
def test_data_page_holds_with_its_dictionary_open(open_page, width):
    page = open_page("/donnees/", viewport={"width": width, "height": 800})
    page.get_by_text("Les initiatives 30 colonnes").press("Enter")
    page.get_by_role("region", name="Colonnes : Les initiatives").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
