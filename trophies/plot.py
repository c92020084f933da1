"""Where the means of a board stand on their scale, as attributes of a drawing. Pure."""

import math
from dataclasses import dataclass

from rallynov.bars import percent

LOWEST, HIGHEST = 0, 4  # of the levels
STEP = 0.5


@dataclass(frozen=True)
class Scale:
    low: float
    high: float

    def at(self, value):
        """Where a value stands, from 0 to 100; what is off the scale, at its edge."""
        inside = min(max(value, self.low), self.high)
        return 100 * (inside - self.low) / (self.high - self.low)

    @property
    def marks(self):
        """Where the whole levels stand between the two ends."""
        levels = range(math.floor(self.low) + 1, math.ceil(self.high))
        return [percent(self.at(level)) for level in levels]


@dataclass(frozen=True)
class Plot:
    """An interval, the mean at its middle, and the raw mean."""

    left: str
    width: str
    mean: str
    raw: str


def scale_of(rows):
    """The `Scale` of all the rows that have an interval, in half levels; None without any."""
    drawn = [row for row in rows if row.low is not None]
    if not drawn:
        return None
    low = min(min(row.low, row.raw) for row in drawn)
    high = max(max(row.high, row.raw) for row in drawn)
    low = min(max(LOWEST, math.floor(low / STEP) * STEP), HIGHEST - STEP)
    high = max(min(HIGHEST, math.ceil(high / STEP) * STEP), low + STEP)
    return Scale(low, high)


def plot_of(row, scale):
    if scale is None or row.low is None:
        return None
    left, right = scale.at(row.low), scale.at(row.high)
    return Plot(
        left=percent(left),
        width=percent(right - left),
        mean=percent(scale.at(row.calibrated)),
        raw=percent(scale.at(row.raw)),
    )
