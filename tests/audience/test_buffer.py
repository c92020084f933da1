"""What waits to be written: nothing is lost, nothing is counted twice, nothing reaches a page."""

import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import urllib.request
import uuid
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from audience import buffer as writing
from audience.addresses import seen_address
from audience.buffer import Buffer, flush_while
from audience.models import DayCount, PageCount, Visitor
from tests.audience.conftest import FIREFOX
from tests.conftest import ROOT
from tests.e2e.conftest import free_port, wait_until_ready

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = timezone.localdate()


def in_threads(*calls):
    """Run the calls at once, each on a connection of its own, and wait for them."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def away(table):
    """The database refuses every statement on `table`."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")


def total():
    return list(DayCount.objects.values_list("pages", "visits"))


def test_nothing_is_lost_while_it_is_written():
    buffer, visitors = Buffer(), [uuid.uuid4() for _ in range(20)]

    def add():
        for visitor in visitors:
            for path in ["/a/", "/b/"]:
                buffer.add(TODAY, path, visitor)

    def flush():
        for _ in range(10):
            buffer.flush()

    in_threads(add, add, add, add, flush, flush)
    buffer.flush()
    assert total() == [(4 * 40, 20)]
    assert {row.path: row.pages for row in PageCount.objects.all()} == {"/a/": 80, "/b/": 80}
    assert Visitor.objects.count() == 20


def test_processes_count_a_visitor_once():
    """Many buffers stand for many processes: they write the same rows at the same time."""
    visitors = [uuid.uuid4() for _ in range(50)]
    buffers = [Buffer() for _ in range(6)]
    for number, buffer in enumerate(buffers):
        for place, visitor in enumerate(visitors if number % 2 else visitors[::-1]):
            buffer.add(TODAY, f"/{place % 7}/", visitor)
    in_threads(*(buffer.flush for buffer in buffers))
    assert [len(buffer.pages) for buffer in buffers] == [0] * 6
    assert total() == [(300, 50)]


def test_days_are_kept_apart_when_midnight_passes():
    buffer, visitor = Buffer(), uuid.uuid4()
    buffer.add(TODAY - timedelta(days=1), "/", visitor)
    buffer.add(TODAY, "/", visitor)
    buffer.add(TODAY, "/", visitor)
    buffer.flush()
    assert list(DayCount.objects.order_by("day").values_list("pages", "visits")) == [(1, 1), (2, 1)]


def test_what_could_not_be_written_waits(caplog):
    buffer, visitor = Buffer(), uuid.uuid4()
    with away("audience_visitor"):
        for _ in range(3):
            buffer.add(TODAY, "/", visitor)
            buffer.flush()
    assert total() == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 3
    assert "3 pages attendent la base" in caplog.text
    buffer.flush()
    assert total() == [(3, 1)]


def test_a_half_written_count_is_undone():
    """One statement: the pages are not added when the day is refused, nor the visitors."""
    buffer = Buffer()
    buffer.add(TODAY, "/", uuid.uuid4())
    with away("audience_daycount"):
        buffer.flush()
    assert not PageCount.objects.exists()
    assert not Visitor.objects.exists()
    buffer.flush()
    assert total() == [(1, 1)]


def test_what_waits_is_bounded(monkeypatch, caplog):
    monkeypatch.setattr(writing, "MOST", 2)
    buffer, visitors = Buffer(), [uuid.uuid4() for _ in range(4)]
    for visitor in [*visitors, visitors[0]]:
        buffer.add(TODAY, "/", visitor)
    with away("audience_visitor"):
        buffer.flush()
    assert "3 pages attendent la base, 2 sont perdues" in caplog.text
    buffer.flush()
    assert total() == [(3, 2)]


def test_page_answers_when_the_salt_cannot_be_read(client, seen_address, caplog):
    address = seen_address("/agenda/")
    with away("audience_daysalt"):
        response = client.get(address, headers={"User-Agent": FIREFOX})
    assert response.status_code == 204
    assert "une page n’est pas comptée" in caplog.text
    client.get(address, headers={"User-Agent": FIREFOX})
    writing.buffer.flush()
    assert total() == [(1, 1)]


def test_what_is_counted_is_written_while_the_process_lives(monkeypatch):
    monkeypatch.setattr(writing, "PERIOD", 0.01)
    stopping = threading.Event()
    process = threading.Thread(target=stopping.wait)
    process.start()
    writer = threading.Thread(target=flush_while, args=[process])
    writer.start()
    writing.buffer.add(TODAY, "/", uuid.uuid4())
    while not total():
        stopping.wait(0.01)
    stopping.set()
    writer.join()
    assert total() == [(1, 1)]


# Two processes, as a server that forks makes them: neither the counts nor the locks of the first
# pass to the second, and both write at their end.
PROCESS = """
    import os, sys, uuid
    import django
    django.setup()
    from django.conf import settings
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    from django.utils import timezone
    from audience import buffer
    buffer.start()
    today, visitor = timezone.localdate(), uuid.UUID(int=7)
    buffer.buffer.add(today, "/parent/", visitor)
    buffer.buffer.lock.acquire()
    child = os.fork()
    if not child:
        buffer.buffer.add(today, "/child/", visitor)
        sys.exit()
    buffer.buffer.lock.release()
    os.waitpid(child, 0)
"""


def test_processes_write_at_their_end():
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(PROCESS)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "rallynov.settings"}
    name = connection.settings_dict["NAME"]
    subprocess.run([*command, name], cwd=ROOT, env=environment, check=True, timeout=60)
    assert total() == [(2, 1)]
    assert {row.path: row.pages for row in PageCount.objects.all()} == {"/parent/": 1, "/child/": 1}


def test_server_that_is_stopped_has_written_everything():
    """The real one: SIGTERM comes sooner than the next of its writings."""
    database, port = connection.settings_dict, free_port()
    request = RequestFactory().get("/agenda/")
    request.resolver_match = resolve("/agenda/")
    base = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = os.environ | {"DATABASE_URL": f"{base}/{database['NAME']}"}
    command = ["-m", "granian", "rallynov.wsgi:application", "--interface", "wsgi", "--no-ws"]
    command += ["--workers", "2", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(address, server)
        asked = urllib.request.Request(
            address + seen_address(request), headers={"User-Agent": FIREFOX}
        )
        for _ in range(30):
            with urllib.request.urlopen(asked) as response:
                assert response.status == 204
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    assert total() == [(30, 1)]
