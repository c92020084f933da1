"""Dead sites: asked of real servers, on this machine, which only these tests let be reached."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from initiatives.freshness.links import check_next, is_public, note_addresses, status_of
from initiatives.freshness.models import LinkCheck
from initiatives.models import Initiative
from tests.factories import ago, make_initiative, make_user


class Site(BaseHTTPRequestHandler):
    """Answers what its path says: `/404`, `/301/200`, `/get-200` (which refuses HEAD)."""

    asked = []

    def do_HEAD(self):
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        first, *rest = self.path.partition("?")[0].strip("/").split("/")
        refuses = first.startswith("get-") and self.command == "HEAD"
        status = 405 if refuses else int(first.removeprefix("get-") or 200)
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", "/" + "/".join(rest))
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *arguments):
        pass


@pytest.fixture
def site():
    Site.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def anywhere(address):
    return True


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/200", 200),
        ("/404", 404),
        ("/500", 500),
        ("/get-200", 200),
        ("/301/302/200", 200),
        ("/301/404", 404),
        ("/301/301/301/301/301/301/200", None),
        ("/301/200?é=ü", 200),
    ],
)
def test_status_is_that_of_the_last_page(site, path, status):
    assert status_of(site + path, may_reach=anywhere) == status


def test_head_comes_first_and_says_who_asks(site, settings):
    status_of(f"{site}/200", may_reach=anywhere)
    assert [(method, path) for method, path, _ in Site.asked] == [("HEAD", "/200")]
    assert settings.SITE_URL in Site.asked[0][2]


@contextmanager
def silent_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def test_nobody_there_is_no_status():
    with silent_port() as port:
        assert status_of(f"http://127.0.0.1:{port}/", may_reach=anywhere) is None
    assert status_of("http://nulle-part.invalid/", may_reach=anywhere) is None


@pytest.mark.parametrize(
    "url", ["ftp://exemple.fr/", "file:///etc/passwd", "http:///", "javascript:1"]
)
def test_only_the_web_is_asked(url):
    assert status_of(url, may_reach=anywhere) is None


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fe80::1", "fd00::1", "0.0.0.0"],
)
def test_machines_of_the_house_are_not_public(address):
    assert not is_public(address)


def test_site_of_this_machine_is_never_asked(site):
    assert status_of(f"{site}/200") is None
    assert status_of(site.replace("127.0.0.1", "localhost") + "/200") is None
    assert Site.asked == []


def test_page_that_leads_to_this_machine_is_not_followed(site):
    seen = []

    def first_only(address):
        seen.append(address)
        return len(seen) == 1

    assert status_of(f"{site}/301/200", may_reach=first_only) is None
    assert [path for _, path, _ in Site.asked] == ["/301/200"]


# Which, and when --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_sites_of_public_sheets_are_noted_and_forgotten():
    kept = make_initiative(website="https://un.invalid/")
    make_initiative(website="https://un.invalid/")
    make_initiative(website="https://deux.invalid/", published_at=None)
    make_initiative(website="https://trois.invalid/", is_example=True)
    make_initiative()
    for _ in range(2):
        note_addresses()
        assert [link.url for link in LinkCheck.objects.all()] == ["https://un.invalid/"]
    Initiative.objects.exclude(pk=kept.pk).update(website="https://quatre.invalid/")
    kept.delete()
    note_addresses()
    assert {link.url for link in LinkCheck.objects.all()} == {"https://quatre.invalid/"}


@pytest.mark.django_db
def test_site_is_dead_after_three_failures_a_day_apart(site, client, settings):
    sheet = make_initiative(title="Le site perdu", website=f"{site}/404")
    note_addresses()
    for failures in [1, 2, 3]:
        assert not Initiative.objects.with_dead_website().exists()
        assert check_next(may_reach=anywhere)
        assert not check_next(may_reach=anywhere)
        link = LinkCheck.objects.get()
        assert (link.status, link.failures) == (404, failures)
        LinkCheck.objects.update(checked_at=ago(hours=25))
    assert list(Initiative.objects.with_dead_website()) == [sheet]
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(roles=["team"]))
    page = client.get("/admin/initiatives/initiative/?fraicheur=site-muet").content.decode()
    assert "Le site perdu" in page
    assert "fiche dont le site ne répond plus" in client.get("/admin/").content.decode()
    change = client.get(f"/admin/initiatives/initiative/{sheet.pk}/change/").content.decode()
    assert "ne répond plus depuis le" in change
    assert "erreur 404" in change


@pytest.mark.django_db
@pytest.mark.parametrize("status", [200, 403, 429])
def test_site_that_answers_again_is_alive(site, status):
    LinkCheck.objects.create(
        url=f"{site}/{status}", checked_at=ago(days=2), failures=5, failing_since=ago(days=9)
    )
    assert check_next(may_reach=anywhere)
    link = LinkCheck.objects.get()
    assert (link.failures, link.failing_since) == (0, None)


@pytest.mark.django_db
def test_host_rests_between_two_questions(site):
    for path in ["200", "201", "202"]:
        LinkCheck.objects.create(url=f"{site}/{path}")
    assert check_next(may_reach=anywhere)
    assert not check_next(may_reach=anywhere)
    assert len(Site.asked) == 1
    LinkCheck.objects.exclude(checked_at=None).update(checked_at=ago(minutes=2))
    assert check_next(may_reach=anywhere)


@pytest.mark.django_db
def test_site_that_answers_is_left_alone_for_a_week(site):
    link = LinkCheck.objects.create(url=f"{site}/200", checked_at=ago(days=6), status=200)
    assert not check_next(may_reach=anywhere)
    LinkCheck.objects.filter(pk=link.pk).update(checked_at=ago(days=7, minutes=1))
    assert check_next(may_reach=anywhere)
