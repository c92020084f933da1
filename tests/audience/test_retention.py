"""How long what is counted is kept."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audience.figures import Figures, by_year
from audience.models import DayCount, DaySalt, PageCount, Visitor, YearCount
from audience.retention import LAST_WRITES, first_day_kept, fold_old_counts, forget_visitors
from rallynov.periodic import EVERY_MINUTE

pytestmark = pytest.mark.django_db


def test_salts_and_visitors_of_past_days_are_forgotten():
    now = timezone.localtime()
    last = (now - LAST_WRITES).date()  # yesterday, just after midnight
    for day in [now.date(), last - timedelta(days=1), last - timedelta(days=40)]:
        DaySalt.objects.create(day=day, salt=b"x" * 32)
        Visitor.objects.create(day=day, digest=uuid.uuid4())
    for _ in range(2):
        forget_visitors()
    assert [salt.day for salt in DaySalt.objects.all()] == [now.date()]
    assert [visitor.day for visitor in Visitor.objects.all()] == [now.date()]


def test_worker_forgets():
    assert {forget_visitors, fold_old_counts} <= set(EVERY_MINUTE)


def test_what_a_day_needs_reaches_no_log_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relpersistence FROM pg_class WHERE relkind = 'r'"
            " AND relname LIKE 'audience_%'"
        )
        kinds = dict(cursor.fetchall())
    assert {name for name, kind in kinds.items() if kind == "u"} == {
        "audience_daysalt",
        "audience_visitor",
    }


def test_twenty_five_months_are_kept():
    first, today = first_day_kept(), timezone.localdate()
    assert first.day == 1
    assert (today.year * 12 + today.month) - (first.year * 12 + first.month) == 25


def test_old_days_become_the_sum_of_their_year():
    limit = first_day_kept()
    old = [date(2019, 3, 4), date(2019, 12, 31), date(2020, 1, 1), limit - timedelta(days=1)]
    for day in [*old, limit]:
        DayCount.objects.create(day=day, pages=10, visits=3)
        PageCount.objects.create(day=day, path="/", pages=10)
    before = by_year()
    for _ in range(2):
        fold_old_counts()
    assert by_year() == before
    assert [row.day for row in DayCount.objects.all()] == [limit]
    assert [row.day for row in PageCount.objects.all()] == [limit]
    kept = YearCount.objects.get(year=2019)
    assert (kept.since, kept.pages, kept.visits) == (date(2019, 3, 4), 20, 6)


def test_a_year_is_folded_piece_by_piece():
    YearCount.objects.create(year=2019, since=date(2019, 3, 4), pages=100, visits=40)
    DayCount.objects.create(day=date(2019, 5, 1), pages=10, visits=3)
    assert by_year() == {2019: Figures(110, 43, date(2019, 3, 4))}
    fold_old_counts()
    assert by_year() == {2019: Figures(110, 43, date(2019, 3, 4))}
