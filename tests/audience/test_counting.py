"""What a page tells when it is shown, and what is written of it."""

import pytest
from django.urls import reverse

from audience.buffer import buffer, write
from audience.models import DayCount, PageCount, Visitor
from tests.access.table import ALL, TABLE
from tests.audience.conftest import FIREFOX
from tests.factories import make_initiative, make_page, make_user

pytestmark = pytest.mark.django_db

# Public addresses that are not counted: files, feeds, machines, and what has forms or secrets.
LEFT_OUT = {
    "initiatives:feed", "initiatives:share-card", "initiatives:embed-frame",
    "initiatives:freshness", "initiatives:close", "initiatives:proposed", "initiatives:fault",
    "initiatives:fault-sent", "data-file", "data-table-schema", "data-json-schema", "contact-form",
    "contact-sent", "privacy-copy", "events:calendar", "events:ics", "events:document",
    "events:register", "events:registered", "events:registration", "trophies:report-pdf",
    "picture-size", "trophies:questions", "trophies:closing-ics",
    "trophies:alert", "trophies:alert-asked", "trophies:alert-confirm", "trophies:alert-stop",
    "candidatures:start", "candidatures:first", "news:feed", "search-suggestions", "pattern",
    "picture", "alive", "ready", "sitemap", "robots", "security-txt", "audience:seen",
    "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip


def counted():
    buffer.flush()
    return {row.path: row.pages for row in PageCount.objects.all()}


def test_every_public_page_is_counted_or_left_out(settings):
    """A new public address is named in one or the other."""
    public = {name for name, _, statuses in TABLE if statuses == ALL}
    assert public - settings.AUDIENCE_PAGES - LEFT_OUT == set()
    assert not settings.AUDIENCE_PAGES & LEFT_OUT


def test_page_that_is_shown_is_counted_without_its_query(show):
    make_initiative(slug="le-bus")
    for address in ["/initiatives/?q=secret&page=1", "/initiatives/", "/initiatives/le-bus/"]:
        assert show(address).status_code == 204
    assert counted() == {"/initiatives/": 2, "/initiatives/le-bus/": 1}
    day = DayCount.objects.get()
    assert (day.pages, day.visits) == (3, 1)


def test_address_tells_nothing_that_changes(client, seen_address):
    """The page can be kept whole, by us or by others, and counts each time it is shown."""
    address = seen_address("/agenda/")
    assert address == seen_address("/agenda/")
    for _ in range(3):
        client.get(address, headers={"User-Agent": FIREFOX})
    assert counted() == {"/agenda/": 3}


def test_picture_for_those_without_script_has_the_same_address(client, seen_address):
    html = client.get("/").content.decode()
    inside = html.partition("<noscript>")[2].partition("</noscript>")[0]
    assert f'src="{seen_address("/")}"' in inside.replace("&amp;", "&")


def test_answer_is_never_kept_and_asks_nothing_of_the_device(show):
    response = show("/")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert response.content == b""


@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}, {"User-Agent": "curl/8"}])
def test_who_objects_and_machines_are_not_counted(show, headers):
    assert show("/", headers).status_code == 204
    assert buffer.take()[0] == {}
    assert not Visitor.objects.exists()


@pytest.mark.parametrize("page", ["", "/inventee/", "/inventee/:signature", "/agenda/:x"])
def test_page_that_we_did_not_show_is_not_counted(client, page):
    address = reverse("audience:seen")
    response = client.get(address, {"page": page}, headers={"User-Agent": FIREFOX})
    assert response.status_code == 204
    assert counted() == {}


@pytest.mark.parametrize(
    "address",
    ["/compte/connexion/", "/trophees/prevenir/", "/trophees/prevenir/arret/x/", "/absente/"],
)
def test_private_pages_and_errors_tell_nothing(seen_address, address):
    assert seen_address(address) is None


def test_own_space_and_previews_tell_nothing(client, seen_address, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(is_superuser=True))
    initiative = make_initiative(published_at=None)
    preview = initiative.get_preview_url()
    assert client.get(preview).status_code == 200
    assert [seen_address(a) for a in ["/mes-candidatures/", preview, "/admin/"]] == [None] * 3


def test_page_itself_asks_nothing_more_of_the_database(client, django_assert_num_queries):
    make_page(key="contact")
    with django_assert_num_queries(1):
        client.get("/contact/")


def test_telling_asks_the_database_once_a_day(client, seen_address, django_assert_num_queries):
    address = seen_address("/agenda/")
    client.get(address, headers={"User-Agent": FIREFOX})
    with django_assert_num_queries(0):
        client.get(address, headers={"User-Agent": FIREFOX})


def test_everything_is_written_in_one_statement(show, django_assert_num_queries):
    make_initiative(slug="le-bus")
    for address in ["/", "/", "/agenda/", "/initiatives/le-bus/"]:
        show(address)
        show(address, REMOTE_ADDR="192.0.2.9")
    pages, visitors = buffer.take()
    with django_assert_num_queries(1):
        write(pages, visitors)
    day = DayCount.objects.get()
    assert (day.pages, day.visits) == (8, 2)
