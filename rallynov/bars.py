"""Bars of counts and the table that says the same: places in per cent across, in pixels up. Pure.

Drawn by `admin/_bars.html`: an SVG without any style of its own, as the policy wants it.
"""

from dataclasses import dataclass
from math import ceil, log10

BASE, TOP = 140, 24  # pixels, from the top of the drawing
WIDEST = 8  # per cent of the width, for one bar
LOWEST = 2  # pixels: a count above zero is always seen
LABELS = 4  # so many labels at most under the bars
EDGE = 8  # per cent: nearer to an end, a label stays inside


@dataclass(frozen=True)
class Row:
    """A line of the table, and its bars side by side, one for each of the plot's columns.

    `is_apart`: counted in another way, so left out of the sums; `note` says so behind the values.
    """

    label: str
    short: str
    values: tuple[int, ...]
    is_apart: bool = False
    note: str = ""


@dataclass(frozen=True)
class Bar:
    place: int  # 1 for the first of its row
    x: str
    width: str
    y: int
    height: int
    is_apart: bool


@dataclass(frozen=True)
class Label:
    text: str
    x: str
    anchor: str


@dataclass(frozen=True)
class Bars:
    name: str
    title: str
    told: str  # what it says, in one sentence
    head: str  # of the first column of the table
    columns: tuple[str, ...]
    rows: list[Row]
    apart: str = ""  # what the rows apart are, if there are any
    base: int = BASE
    top: int = TOP

    @property
    def has_rows_apart(self):
        return any(row.is_apart for row in self.rows)

    @property
    def sums(self):
        counted = [row.values for row in self.rows if not row.is_apart]
        return [sum(values[i] for values in counted) for i in range(len(self.columns))]

    @property
    def highest(self):
        return round_above(max((max(row.values) for row in self.rows), default=0))

    @property
    def slot(self):
        return 100 / max(len(self.rows), 1)

    @property
    def bars(self):
        width = min(self.slot * 0.84 / len(self.columns), WIDEST)
        return [
            self.bar(row, number, (place + 0.5) * self.slot, width)
            for place, row in enumerate(self.rows)
            for number, value in enumerate(row.values)
            if value
        ]

    def bar(self, row, number, middle, width):
        height = max(round(row.values[number] / self.highest * (BASE - TOP)), LOWEST)
        x = percent(middle + (number - len(self.columns) / 2) * width)
        return Bar(number + 1, x, percent(width), BASE - height, height, row.is_apart)

    @property
    def labels(self):
        """Some of the short labels, evenly, the last one always."""
        step = ceil(len(self.rows) / LABELS) or 1
        return [
            label_at(row.short, (place + 0.5) * self.slot)
            for place, row in enumerate(self.rows)
            if (len(self.rows) - 1 - place) % step == 0
        ]


def label_at(text, middle):
    if middle < EDGE:
        return Label(text, percent(0), "start")
    if middle > 100 - EDGE:
        return Label(text, percent(100), "end")
    return Label(text, percent(middle), "middle")


def percent(value):
    """« 47.90% »: as SVG writes it, whatever the language of the page."""
    return f"{value:.2f}%"


def round_above(value):
    """The first of 5, 10, 20, 50, 100… that is not below `value`."""
    if value <= 5:
        return 5
    unit = 10 ** (ceil(log10(value)) - 1)
    return next(n for step in (unit, 10 * unit) for n in (step, 2 * step, 5 * step) if n >= value)
