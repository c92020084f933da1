"""Several people at once: real threads, each with a connection of its own."""

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, connection, transaction

from trophies.workflow import NotAllowed


def in_parallel(*calls, behind):
    """Run the calls at once; return what each returned, or the refusal that it met.

    They start while the row `behind` is locked, and are let go once each of them waits, for that
    row or for one another: so they meet at each run, and not by luck.
    """
    with ThreadPoolExecutor(len(calls)) as pool:
        with transaction.atomic():
            type(behind).objects.select_for_update().get(pk=behind.pk)
            futures = [pool.submit(run, call) for call in calls]
            wait_for_waiters(len(calls))
        return [future.result() for future in futures]


def run(call):
    try:
        return call()
    except (NotAllowed, DatabaseError) as refusal:
        return refusal
    finally:
        connection.close()


def wait_for_waiters(expected):
    """Return once so many other connections to this database wait for a lock."""
    deadline = time.monotonic() + 20
    while waiters() < expected:
        assert time.monotonic() < deadline, f"{waiters()} of {expected} wait for a lock"
        time.sleep(0.01)


def waiters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
