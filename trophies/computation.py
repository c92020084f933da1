"""What minutes compute, and anyone can compute again from them. Pure: no Django, no database."""

from trophies.ranking import Reading, rank
from trophies.tie_break import TieBreaker, Vote

DECIMALS = 6


def figure(value):
    """A number as minutes write it, with six decimals; None stays so."""
    return None if value is None else f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}"


def computed(made, criteria, official, rules):
    """What comes out of a round: the ranking, and what separates equal files.

    `made`: the readings, places and votes of the round; `criteria`: the grid; all as minutes write
    them. Pure: the same minutes give the same result with the same `VERSION`.
    """
    readings = [Reading(row["file"], row["juror"], row["scores"]) for row in made["readings"]]
    weights = {row["key"]: row["weight"] for row in criteria}
    ranking = rank(readings, weights, places=made["places"], official=official)
    votes = [Vote(row["votes"], frozenset(row["casting"])) for row in made["votes"]]
    breaker = TieBreaker(readings, weights, rules, votes)
    ranks = {row.file: row for row in ranking.files}
    groups = [group for equals in ranking.groups for group in breaker.separate(equals)]
    return {
        "is_calibrated": ranking.calibration_applies,
        "reason": ranking.reason,
        "undecided": sorted(ranking.undecided),
        "ranking": placed(groups, ranks),
    }


def placed(groups, ranks):
    rows, before = [], 0
    for group in groups:
        for file in sorted(group.files):
            standing = {
                "place": before + 1,
                "is_equal": len(group.files) > 1,
                "rules": list(group.rules),
            }
            rows.append({"file": file} | standing | figures(ranks[file]))
        before += len(group.files)
    return rows


def figures(row):
    return {
        "raw": figure(row.raw_mean),
        "calibrated": figure(row.calibrated_mean),
        "standard_error": figure(row.standard_error),
        "rank_low": row.rank_low,
        "rank_high": row.rank_high,
    }
