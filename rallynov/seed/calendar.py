"""The dates of the example, all reckoned from one day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rallynov.seed.rows import at, days

THURSDAY, FRIDAY, SATURDAY = 3, 4, 5
# The past edition had the same route, this many weeks before: the weekdays stay.
TWO_YEARS = timedelta(weeks=104)


@dataclass(frozen=True)
class Calendar:
    """An edition's year and its instants."""

    year: int
    opens_at: datetime
    closes_at: datetime
    jury_opens_at: datetime
    jury_closes_at: datetime
    results_published_at: datetime
    ceremony_on: date | None = None

    def instants(self):
        return {name: value for name, value in vars(self).items() if name.endswith("_at")}


def current(today):
    """An edition whose call opened about 50 days ago and closes, on a Friday, in about 67."""
    opens_on = back_to(days(today, -50), THURSDAY)
    closes_on = on_to(days(today, 64), FRIDAY)
    year = today.year + 1 if today.month >= 9 else today.year
    return calendar(year, opens_on, closes_on)


def past(today):
    now = current(today)
    opens_on = now.opens_at.date() - TWO_YEARS
    return calendar(now.year - 2, opens_on, now.closes_at.date() - TWO_YEARS)


def reading(today):
    """An edition whose call closed about five weeks ago, in front of its jury."""
    closes_on = back_to(days(today, -33), FRIDAY)
    return Calendar(
        year=current(today).year - 1,
        opens_at=at(back_to(days(closes_on, -112), THURSDAY)),
        closes_at=at(closes_on, 23, 59),
        jury_opens_at=at(days(closes_on, 24), 8),
        jury_closes_at=at(days(closes_on, 63), 18),
        results_published_at=at(days(closes_on, 98), 19),
    )


def calendar(year, opens_on, closes_on):
    ceremony_on = days(closes_on, 111)
    return Calendar(
        year=year,
        opens_at=at(opens_on),
        closes_at=at(closes_on, 23, 59),
        jury_opens_at=at(days(closes_on, 17), 8),
        jury_closes_at=at(days(closes_on, 61), 18),
        results_published_at=at(ceremony_on, 19),
        ceremony_on=ceremony_on,
    )


def back_to(day, weekday):
    return days(day, -((day.weekday() - weekday) % 7))


def on_to(day, weekday):
    return days(day, (weekday - day.weekday()) % 7)


def working(day):
    """The day itself, or the Monday after."""
    return on_to(day, 0) if day.weekday() >= SATURDAY else day
