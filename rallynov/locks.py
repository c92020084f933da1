from django.db import connection


def take_lock(name):
    """Take the lock `name` until the transaction ends; False when another process has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('rallynov'), hashtext(%s))", [name]
        )
        return cursor.fetchone()[0]


def wait_for_lock(name):
    """Take the lock `name` until the transaction ends, after whoever has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rallynov'), hashtext(%s))", [name])
