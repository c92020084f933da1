"""What the bars of the staff’s home count: instants, by week or by day."""

from datetime import timedelta

from django.utils import timezone

from rallynov.bars import Row
from rallynov.dates import date_text, day_text
from trophies.route import SHORT_MONTHS

WEEK = timedelta(days=7)


def short(day):
    """« 29 janv. »"""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}"


def monday(instant):
    day = timezone.localtime(instant).date()
    return day - timedelta(days=day.weekday())


def weeks(opens_at, until, *columns):
    """A `Row` for each week from the opening on; each column is a list of instants."""
    days = [[monday(instant) for instant in column] for column in columns]
    first = min([monday(opens_at), *(day for column in days for day in column)])
    last = max([monday(until), *(day for column in days for day in column)])
    starts = [first + WEEK * number for number in range((last - first) // WEEK + 1)]
    return [
        Row(
            f"semaine du {day_text(start)}",
            short(start),
            tuple(column.count(start) for column in days),
        )
        for start in starts
    ]


def days(start, until, instants):
    """A `Row` for each day."""
    counted = [timezone.localtime(instant).date() for instant in instants]
    first, last = (timezone.localtime(instant).date() for instant in (start, until))
    first = min([first, *counted])
    return [
        Row(date_text(day, "l j F"), short(day), (counted.count(day),))
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]
