"""Who is counted, and how a visitor is known for a day, and no longer."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from audience.models import DaySalt
from audience.visitors import Salts, digest_of, is_counted, is_machine, network_of
from tests.audience.conftest import FIREFOX

TODAY = timezone.localdate()


def agents(name):
    return (Path(__file__).parent / name).read_text().splitlines()


def test_browsers_are_people():
    assert [agent for agent in agents("browsers.txt") if is_machine(agent)] == []


def test_machines_are_told_by_their_names():
    assert [agent for agent in ["", *agents("machines.txt")] if not is_machine(agent)] == []


def request(**headers):
    headers = {"User-Agent": FIREFOX} | {k.replace("_", "-"): v for k, v in headers.items()}
    return RequestFactory().get("/", headers=headers)


@pytest.mark.parametrize(
    ("headers", "counted"),
    [
        ({}, True),
        ({"DNT": "0", "Sec_GPC": "0", "Sec_Fetch_Site": "same-origin"}, True),
        ({"DNT": "1"}, False),
        ({"Sec_GPC": "1"}, False),
        ({"Sec_Purpose": "prefetch"}, False),
        ({"Sec_Purpose": "prefetch;prerender"}, False),
        ({"Sec_Fetch_Site": "cross-site"}, False),
        ({"Sec_Fetch_Site": "none"}, False),
    ],
)
def test_objections_and_pages_that_nobody_sees_do_not_count(headers, counted):
    assert is_counted(request(**headers)) is counted


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
    ],
)
def test_address_is_cut(address, network):
    assert network_of(address) == network


@pytest.mark.django_db
def test_digest_tells_visitors_of_a_day_apart():
    first = digest_of(request(), TODAY)
    assert digest_of(request(), TODAY) == first
    assert digest_of(request(User_Agent="Mozilla/5.0 (autre)"), TODAY) != first
    elsewhere = RequestFactory().get("/", headers={"User-Agent": FIREFOX}, REMOTE_ADDR="192.0.2.1")
    assert digest_of(elsewhere, TODAY) != first
    assert digest_of(request(), TODAY + timedelta(days=1)) != first


@pytest.mark.django_db
def test_address_is_read_behind_the_trusted_proxies_only(settings):
    forged, true = "198.51.100.1, 203.0.113.9", "198.51.100.2, 203.0.113.9"
    assert digest_of(request(X_Forwarded_For=forged), TODAY) == digest_of(request(), TODAY)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    one, other = (digest_of(request(X_Forwarded_For=value), TODAY) for value in (forged, true))
    assert one == other != digest_of(request(), TODAY)


@pytest.mark.django_db(transaction=True)
def test_salt_is_the_same_in_every_process():
    """Each thread stands for a process: a connection and a memory of its own."""
    start, found = threading.Barrier(8), []

    def ask():
        start.wait()
        found.append(Salts().of(TODAY))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {bytes(DaySalt.objects.get().salt)}
    assert len(found[0]) == 32


@pytest.mark.django_db
def test_salt_of_a_past_day_is_forgotten_by_the_process():
    own = Salts()
    yesterday = TODAY - timedelta(days=1)
    own.of(yesterday)
    own.forget_past()
    assert own.kept == (None, b"")
    own.of(TODAY)
    own.forget_past()
    assert own.kept[0] == TODAY
