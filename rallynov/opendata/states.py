"""What tells a state of the public data from any other, without reading it.

It is made of the versions (`xmin`) of the public rows alone: not of `directory_stamp()`, which
changes with every draft, and would tell when a jury has decided.
"""

from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.db.models import Count, DecimalField, Sum
from django.db.models.expressions import RawSQL

from rallynov.opendata.datasets import DATASETS

VERSION = 1  # of what is written: raise it when a column or a format changes
KEPT = 8


def tag_of(asked, kind):
    """The weak ETag of a file: weak, as it may be sent compressed."""
    state = state_of(asked.dataset.name, stamp() if asked.dataset.is_directory else None)
    parts = [VERSION, settings.SITE_URL, asked.dataset.name, kind, asked.query, state]
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def state_of(name, stamp):
    """Counted anew for the smaller sets; kept, while nothing is written, for the directory."""
    return kept_state(name, stamp) if stamp else versions(name)


@lru_cache(KEPT)
def kept_state(name, stamp):
    return versions(name)


def stamp():
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_stamp()")
        return cursor.fetchone()[0]


def versions(name):
    return [version(rows) for rows in DATASETS[name].sources()]


def version(rows):
    """`(count, sum)`: how many rows, and a sum that changes when one is written."""
    options = rows.model._meta
    row = f'"{options.db_table}"'
    key = f'{row}."{options.pk.column}"'
    mark = RawSQL(f"hashtextextended({key}::text || ' ' || {row}.xmin::text, 0)", [])  # noqa: S611
    found = rows.order_by().aggregate(count=Count("pk"), sum=Sum(mark, output_field=DecimalField()))
    return found["count"], str(found["sum"])
