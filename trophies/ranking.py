"""The mathematics of the ranking. Pure: no Django, no database.

The raw mean of a file depends on who read it. The calibrated mean takes the severity of its readers
away, as far as the readings tell it: MacKay, Kenna, Low and Parker, “Calibration with confidence”,
Royal Society Open Science 4:160760 (2017), as a mixed model whose variances are estimated by REML
(Patterson and Thompson, Biometrika 58:545, 1971).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

# Of this computation, as minutes keep it beside their figures: raise it when one may change.
VERSION = 1

DECIMALS = 9  # at which two means are the same
SURE = 1.645  # standard deviations: two-sided, 90 %
FEWEST_READERS = 2  # of a file
FEWEST_READINGS = 3  # of a juror
LARGEST_RATIO = 1e4  # of the variance of severities to that of the noise
OFFICIAL = ("raw", "calibrated")


@dataclass(frozen=True)
class Reading:
    """What one juror gave to one file: a level per criterion, None for « sans objet »."""

    file: Hashable
    juror: Hashable
    scores: Mapping[Hashable, float | None]


def weighted_mean(
    scores: Mapping[Hashable, float | None], weights: Mapping[Hashable, float]
) -> float | None:
    """Mean of the levels given, each with the weight of its criterion, on the scale of the levels.

    « Sans objet » (None) and criteria without a level count for nothing, neither as a level nor
    as a weight. None when nothing was given. Raises KeyError for a criterion without a weight.
    """
    given = {criterion: level for criterion, level in scores.items() if level is not None}
    total = sum(weights[criterion] for criterion in given)
    if not total:
        return None
    return sum(weights[criterion] * level for criterion, level in given.items()) / total


def complete(
    readings: Iterable[Reading], weights: Mapping[Hashable, float]
) -> list[tuple[Reading, float]]:
    """The readings that count, each with its weighted mean.

    They have an entry for each criterion of `weights` (None: « sans objet ») and a level for one.
    """
    marks = [
        (reading, weighted_mean(reading.scores, weights))
        for reading in readings
        if weights.keys() <= reading.scores.keys()
    ]
    return [mark for mark in marks if mark[1] is not None]


@dataclass(frozen=True)
class FileRank:
    """Where a file stands. The calibrated fields are None when the calibration does not apply.

    Means and standard error are on the scale of the levels; ranks count from 1.
    """

    file: Hashable
    raw_mean: float
    calibrated_mean: float | None = None
    standard_error: float | None = None
    rank_low: int | None = None  # 1 + the files that are surely better
    rank_high: int | None = None  # all the files but those that are surely worse


@dataclass(frozen=True)
class Ranking:
    files: tuple[FileRank, ...]  # best first, by the official column
    calibration_applies: bool
    reason: str  # in French, why it does not; else empty
    undecided: tuple[Hashable, ...]  # files that may be among the first `places`, and may not
    # What each juror adds to a mark, on the levels' scale: + is more generous than this jury as a
    # whole, − more severe. Empty when the calibration does not apply.
    severities: Mapping[Hashable, float] = field(default_factory=dict, hash=False)
    official: str = field(default="raw", compare=False)  # the column that gave the order

    @property
    def groups(self) -> list[tuple[Hashable, ...]]:
        """The files of equal official mean together, the best first."""
        equals = groupby(self.files, key=lambda row: official_mean(row, self.official))
        return [tuple(row.file for row in rows) for _, rows in equals]


def official_mean(row, column):
    return round(getattr(row, f"{column}_mean"), DECIMALS)


def rank(
    readings: Iterable[Reading],
    weights: Mapping[Hashable, float],
    *,
    places: int,
    official: str = "raw",
) -> Ranking:
    """Rank the files by the `official` column, with what the readings cannot tell apart.

    The readings that count are those that are `complete`. Where the calibration does not apply, the
    raw column is the official one. Equal files keep the order in which they came. Deterministic.
    Raises ValueError for an unknown column or for two readings of a file by one juror, KeyError for
    an unknown criterion.
    """
    if official not in OFFICIAL:
        raise ValueError(f"unknown column: {official}")
    marks = Marks(readings, weights)
    reason = marks.why_not()
    rows, severities = (marks.raw(), {}) if reason else calibrated(marks)
    column = "raw" if reason else official
    rows = sorted(rows, key=lambda row: -official_mean(row, column))
    undecided = (
        row.file for row in rows if row.rank_low and row.rank_low <= places < row.rank_high
    )
    return Ranking(tuple(rows), not reason, reason, tuple(undecided), severities, column)


class Marks:
    """The readings that count, as arrays: for each, its file, its juror and its weighted mean.

    `files` and `jurors` are in the order in which they came; `rows` and `columns` index them.
    """

    def __init__(self, readings, weights):
        given = [
            (reading.file, reading.juror, mean) for reading, mean in complete(readings, weights)
        ]
        pairs = Counter((file, juror) for file, juror, _ in given)
        if pairs and max(pairs.values()) > 1:
            raise ValueError(f"read twice: {pairs.most_common(1)[0][0]}")
        self.files = list(dict.fromkeys(file for file, _, _ in given))
        self.jurors = list(dict.fromkeys(juror for _, juror, _ in given))
        places = {file: place for place, file in enumerate(self.files)}
        seats = {juror: seat for seat, juror in enumerate(self.jurors)}
        self.rows = np.array([places[file] for file, _, _ in given], dtype=int)
        self.columns = np.array([seats[juror] for _, juror, _ in given], dtype=int)
        self.means = np.array([mean for _, _, mean in given], dtype=float)
        self.readers = np.bincount(self.rows, minlength=len(self.files))

    def raw_means(self, severities=None):
        """The mean of each file, its readers' severities taken away if given."""
        marks = self.means if severities is None else self.means - severities[self.columns]
        return np.bincount(self.rows, marks, len(self.files)) / np.maximum(self.readers, 1)

    def raw(self):
        means = self.raw_means()
        return [FileRank(file, float(mean)) for file, mean in zip(self.files, means, strict=True)]

    def why_not(self):
        """In French, why the readings cannot be calibrated; empty when they can."""
        if not self.files:
            return "Aucune lecture complète."
        if self.readers.min() < FEWEST_READERS:
            return "Des candidatures n’ont qu’une lecture complète."
        few = np.bincount(self.columns, minlength=len(self.jurors)) < FEWEST_READINGS
        if 2 * few.sum() >= len(self.jurors):
            return "La moitié des jurés, ou plus, ont moins de trois lectures complètes."
        if not self.is_connected():
            return (
                "Des candidatures n’ont aucun juré en commun avec les autres, même de proche en "
                "proche : leurs notes ne se comparent pas."
            )
        return ""

    def is_connected(self):
        """Whether each file leads to each other one by the jurors that they share."""
        reached = np.zeros(len(self.files), dtype=bool)
        found = reached.copy()
        found[0] = True
        while (found & ~reached).any():
            reached = found.copy()
            seated = np.zeros(len(self.jurors), dtype=bool)
            seated[self.columns[reached[self.rows]]] = True
            found[self.rows[seated[self.columns]]] = True
        return bool(found.all())


def calibrated(marks):
    """The `FileRank` of each file, each juror's severity: mark = file + severity + noise.

    Files are fixed effects, severities are drawn around zero, of this jury: their sum is zero.
    """
    shares, values, vectors, projections, left = within_files(marks)
    ratio = severity_ratio(values, projections, left, len(marks.means) - len(marks.files))
    shrunk = ratio / (1 + ratio * values)
    severities = vectors @ (shrunk * projections)
    means = marks.raw_means(severities)
    noise = remaining(ratio, values, projections, left) / (len(marks.means) - len(marks.files))
    spread = shares @ vectors
    covariance = noise * (np.diag(1 / marks.readers) + (spread * shrunk) @ spread.T)
    low, high = sure_ranks(means, covariance)
    errors = np.sqrt(np.diag(covariance))
    raw = marks.raw_means()
    rows = [
        FileRank(file, float(raw[i]), float(means[i]), float(errors[i]), int(low[i]), int(high[i]))
        for i, file in enumerate(marks.files)
    ]
    return rows, {juror: float(severities[i]) for i, juror in enumerate(marks.jurors)}


def within_files(marks):
    """What the differences within files say of the severities.

    Returns the share of each juror in each file (files × jurors); the eigenvalues and eigenvectors
    of the information on severities, without the direction common to all jurors, of which nothing
    is known; the projections of the marks on them; and the sum of squares within files.
    """
    shares = np.zeros((len(marks.files), len(marks.jurors)))
    shares[marks.rows, marks.columns] = 1
    shares /= marks.readers[:, None]
    seats = np.bincount(marks.columns, minlength=len(marks.jurors))
    information = np.diag(seats) - shares.T @ (shares * marks.readers[:, None])
    values, vectors = np.linalg.eigh(information)
    apart = marks.means - marks.raw_means()[marks.rows]
    sums = np.bincount(marks.columns, apart, len(marks.jurors))
    # Of a connected graph the first eigenvalue, and it alone, is zero.
    values, vectors = np.maximum(values[1:], 0), vectors[:, 1:]
    return shares, values, vectors, vectors.T @ sums, float(apart @ apart)


def remaining(ratio, values, projections, left):
    """The weighted sum of squares of the noise, for a ratio of variances."""
    return max(left - float(np.sum(ratio * projections**2 / (1 + ratio * values))), 0.0)


def severity_ratio(values, projections, left, freedom):
    """The REML estimate of the variance of severities, in units of that of the noise.

    The likelihood has one unknown once the noise is profiled out: a grid, made finer three times
    around its best point, finds it the same way each time.
    """
    if left < 1e-12:
        return 0.0

    def deviance(ratio):
        noise = max(remaining(ratio, values, projections, left), 1e-12 * left)
        return freedom * np.log(noise) + float(np.sum(np.log1p(ratio * values)))

    grid = np.concatenate([[0.0], np.geomspace(1e-4, LARGEST_RATIO, 81)])
    for _ in range(4):
        best = int(np.argmin([deviance(ratio) for ratio in grid]))
        found = float(grid[best])
        grid = np.linspace(grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)], 41)
    return found


def sure_ranks(means, covariance):
    """For each file, its best and its worst rank, against those that are surely better or worse."""
    variances = np.diag(covariance)
    differences = means[:, None] - means[None, :]
    errors = np.sqrt(np.maximum(variances[:, None] + variances[None, :] - 2 * covariance, 0))
    is_better = differences > SURE * errors + 1e-9
    return 1 + is_better.sum(axis=0), len(means) - is_better.sum(axis=1)
