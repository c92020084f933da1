"""The mathematics of the ranking. Pure: no Django, no database."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True)
class Reading:
    """What one juror gave to one file: a level per criterion, None for « sans objet »."""

    file: Hashable
    juror: Hashable
    scores: Mapping[Hashable, float | None]


def weighted_mean(
    scores: Mapping[Hashable, float | None], weights: Mapping[Hashable, float]
) -> float | None:
    """Mean of the levels given, each with the weight of its criterion, on the scale of the levels.

    « Sans objet » (None) and criteria without a level count for nothing, neither as a level nor
    as a weight. None when nothing was given. Raises KeyError for a criterion without a weight.
    """
    given = {criterion: level for criterion, level in scores.items() if level is not None}
    total = sum(weights[criterion] for criterion in given)
    if not total:
        return None
    return sum(weights[criterion] * level for criterion, level in given.items()) / total


def raw_means(
    readings: Iterable[Reading], weights: Mapping[Hashable, float]
) -> dict[Hashable, float]:
    """For each file that was read, the plain mean of its readings' weighted means."""
    means = defaultdict(list)
    for reading in readings:
        mean = weighted_mean(reading.scores, weights)
        if mean is not None:
            means[reading.file].append(mean)
    return {file: fmean(values) for file, values in means.items()}
