"""Bars of pages and visits, side by side: places in per cent across and in pixels upwards."""

from dataclasses import dataclass
from math import ceil, log10

from audience.figures import Figures

BASE, TOP = 150, 24  # pixels, from the top of the drawing
WIDEST = 7  # per cent of the width, for one bar
LABELS = 5  # so many labels at most under the bars


@dataclass(frozen=True)
class Row:
    """A line of the table, and a pair of bars; `is_archive`: counted in another way."""

    label: str
    short: str
    figures: Figures
    is_archive: bool = False


@dataclass(frozen=True)
class Bar:
    kind: str
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
    rows: list[Row]
    bars: list[Bar]
    labels: list[Label]
    highest: int
    base: int = BASE
    top: int = TOP

    @property
    def total(self):
        return sum((row.figures for row in self.rows if not row.is_archive), Figures())

    @property
    def has_archives(self):
        return any(row.is_archive for row in self.rows)


def percent(value):
    return f"{value:.2f}%"


def round_above(value):
    """The first of 10, 20, 50, 100, 200… that is not below `value`."""
    unit = 10 ** max(1, ceil(log10(max(value, 1))) - 1)
    return next(n for step in (unit, 10 * unit) for n in (step, 2 * step, 5 * step) if n >= value)


def bar(kind, count, *, x, width, highest):
    """A count above zero is always seen: one pixel at least."""
    height = max(round(count / highest * (BASE - TOP)), 1) if count else 0
    return Bar(kind, percent(x), percent(width), BASE - height, height)


def bars_of(row, *, middle, width, highest):
    suffix = " plot__bar--archive" if row.is_archive else ""
    sizes = {"width": width, "highest": highest}
    return [
        bar(f"pages{suffix}", row.figures.pages, x=middle - width, **sizes),
        bar(f"visits{suffix}", row.figures.visits, x=middle, **sizes),
    ]


def labels_of(rows):
    """Some of the short labels, evenly, the last one always; those at the ends stay inside."""
    step = ceil(len(rows) / LABELS)
    shown = [place for place in range(len(rows)) if (len(rows) - 1 - place) % step == 0]
    labels = []
    for place in shown:
        middle = (place + 0.5) * 100 / len(rows)
        anchor = "start" if middle < 5 else "end" if middle > 95 else "middle"
        x = {"start": 0, "end": 100}.get(anchor, middle)
        labels.append(Label(rows[place].short, percent(x), anchor))
    return labels


def plot(rows):
    highest = round_above(max((row.figures.pages for row in rows), default=0))
    slot = 100 / max(len(rows), 1)
    width = min(slot * 0.42, WIDEST)
    bars = [
        each
        for place, row in enumerate(rows)
        for each in bars_of(row, middle=(place + 0.5) * slot, width=width, highest=highest)
    ]
    return Plot(rows, bars, labels_of(rows), highest)
