"""Rows of any number, as they all stood at one instant, a few at a time."""

from contextlib import contextmanager

from django.db import connection, transaction

BATCH = 500
PATIENCE = "60s"  # a client that stops reading holds no snapshot of the database for longer


@contextmanager
def snapshot():
    """One state of the database, whatever is written meanwhile; that of the caller, if it has one.

    What was to come out at an instant that goes by meanwhile may still do: that is not a write.
    Kept by a generator, it lasts as long as the answer: Django closes both when the client leaves.
    """
    is_ours = not connection.in_atomic_block
    with transaction.atomic():
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute(
                    "SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [PATIENCE]
                )
        yield


def stream(rows):
    """The rows that `rows()` asks for, in the order of their keys: an index finds each batch."""
    with snapshot():
        rows, last = rows().order_by("pk"), 0
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            yield from batch
            last = batch[-1].pk
