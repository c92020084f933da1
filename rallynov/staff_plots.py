"""Bars of small counts for the staff's home: places across in per cent, heights in pixels. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil, log10

from django.utils import timezone

from rallynov.dates import date_text, day_text
from trophies.route import SHORT_MONTHS

BASE, TOP = 130, 22  # pixels, from the top of the drawing
WIDEST = 8  # per cent of the width, for one bar
LABELS = 4  # so many labels at most under the bars
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """A line of the table, and its bars side by side."""

    label: str
    short: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Bar:
    place: int  # 1 for the first of its row
    x: str
    width: str
    y: int
    height: int


@dataclass(frozen=True)
class Label:
    text: str
    x: str
    anchor: str


@dataclass(frozen=True)
class Plot:
    name: str
    title: str
    told: str  # what it says, in one sentence
    head: str  # of the first column of the table
    columns: tuple[str, ...]
    rows: list[Row]
    base: int = BASE
    top: int = TOP

    @property
    def sums(self):
        return [sum(row.values[i] for row in self.rows) for i in range(len(self.columns))]

    @property
    def highest(self):
        return round_above(max((max(row.values) for row in self.rows), default=0))

    @property
    def bars(self):
        slot = 100 / max(len(self.rows), 1)
        width = min(slot * 0.84 / len(self.columns), WIDEST)
        return [
            self.bar(value, number, (place + 0.5) * slot, width)
            for place, row in enumerate(self.rows)
            for number, value in enumerate(row.values)
            if value
        ]

    def bar(self, value, number, middle, width):
        height = max(round(value / self.highest * (BASE - TOP)), 2)
        x = middle + (number - len(self.columns) / 2) * width
        return Bar(number + 1, percent(x), percent(width), BASE - height, height)

    @property
    def labels(self):
        """Some of the short labels, evenly, the last one always; those at the ends stay inside."""
        step = ceil(len(self.rows) / LABELS) or 1
        labels = []
        for place, row in enumerate(self.rows):
            if (len(self.rows) - 1 - place) % step:
                continue
            middle = (place + 0.5) * 100 / len(self.rows)
            anchor = "start" if middle < 8 else "end" if middle > 92 else "middle"
            x = {"start": 0, "end": 100}.get(anchor, middle)
            labels.append(Label(row.short, percent(x), anchor))
        return labels


def percent(value):
    return f"{value:.2f}%"


def round_above(value):
    """The first of 5, 10, 20, 50, 100… that is not below `value`."""
    if value <= 5:
        return 5
    unit = 10 ** (ceil(log10(value)) - 1)
    return next(n for step in (unit, 10 * unit) for n in (step, 2 * step, 5 * step) if n >= value)


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
