from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from rallynov.dates import day_text, instant_text

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 10, 1), "1er octobre 2026"),
        (date(2026, 10, 11), "11 octobre 2026"),
        (datetime(2026, 9, 30, 22, 30, tzinfo=ZoneInfo("UTC")), "1er octobre 2026"),
    ],
)
def test_day_is_that_of_paris(value, text):
    assert day_text(value) == text


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2027, 1, 29, 23, 59, tzinfo=PARIS), "vendredi 29 janvier 2027 à 23 h 59"),
        (datetime(2026, 10, 1, 9, 0, tzinfo=PARIS), "jeudi 1er octobre 2026 à 9 h"),
        (datetime(2026, 10, 22, 1, 30, tzinfo=PARIS), "jeudi 22 octobre 2026 à 1 h 30"),
        (datetime(2026, 7, 1, 22, 0, tzinfo=ZoneInfo("UTC")), "jeudi 2 juillet 2026 à 0 h"),
    ],
)
def test_instant_is_that_of_paris(instant, text):
    assert instant_text(instant).replace("\u00a0", " ") == text


def test_instant_may_leave_the_weekday_out():
    instant = datetime(2027, 1, 29, 23, 59, tzinfo=PARIS)
    assert instant_text(instant, weekday=False).startswith("29 janvier 2027 à")
