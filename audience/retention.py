"""How long what is counted is kept: called every minute by the worker."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from audience.models import DaySalt, PageCount, Visitor

# A process may write until then what it saw just before midnight.
LAST_WRITES = timedelta(minutes=5)
KEEP_MONTHS = 25

FOLD = """
WITH gone AS (
    DELETE FROM audience_daycount WHERE day < %s RETURNING day, pages, visits
)
INSERT INTO audience_yearcount (year, since, pages, visits)
SELECT extract(year FROM day), min(day), sum(pages), sum(visits) FROM gone GROUP BY 1
ON CONFLICT (year) DO UPDATE SET
    since = least(audience_yearcount.since, EXCLUDED.since),
    pages = audience_yearcount.pages + EXCLUDED.pages,
    visits = audience_yearcount.visits + EXCLUDED.visits
"""


def forget_visitors():
    """Salts at midnight, Paris time; the digests, which nothing explains any more, just after."""
    now = timezone.localtime()
    DaySalt.objects.filter(day__lt=now.date()).delete()
    Visitor.objects.filter(day__lt=(now - LAST_WRITES).date()).delete()


def first_day_kept():
    """The first day of the month, 25 months ago."""
    today = timezone.localdate()
    months = today.year * 12 + today.month - 1 - KEEP_MONTHS
    return today.replace(year=months // 12, month=months % 12 + 1, day=1)


def fold_old_counts():
    """After 25 months the pages are forgotten, and the days are no more than their year's sum."""
    first = first_day_kept()
    PageCount.objects.filter(day__lt=first).delete()
    with connection.cursor() as cursor:
        cursor.execute(FOLD, [first])
