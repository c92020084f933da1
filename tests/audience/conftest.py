import pytest

from audience.buffer import buffer
from audience.visitors import salts
from tests.html import Html

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture(autouse=True)
def _nothing_counted():
    """The buffer and the salt are of the process: each test begins without them."""
    buffer.take()
    salts.__init__()
    yield
    buffer.take()


@pytest.fixture
def seen_address(client):
    """What a page tells once it is shown; None when it tells nothing."""

    def seen_address(address):
        page = Html(client.get(address).content.decode())
        return next((s["data-seen"] for s in page.all("script") if "data-seen" in s), None)

    return seen_address


@pytest.fixture
def show(client, seen_address):
    """Show a page as a browser does: fetch it, then what it tells."""

    def show(address, headers=(), **server):
        headers = {"User-Agent": FIREFOX} | dict(headers)
        return client.get(seen_address(address), headers=headers, **server)

    return show
