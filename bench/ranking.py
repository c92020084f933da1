"""How often the true best files are found, by the raw mean and by the calibrated one.

Run: python bench/ranking.py [runs]

Invented juries: true values of spread 1, severities and noise in the same unit, one criterion.
Prints, for each jury, the share of the true top 4 among the first 4 of each column, the difference
and its Monte-Carlo error (one standard deviation), and how often a true value lies in the 90 %
interval. Then the time of one ranking.
"""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trophies.assignment import File, Juror, assign  # noqa: E402
from trophies.ranking import SURE, Reading, rank  # noqa: E402

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
PLANS = 20
BEST = 4
CASES = [
    # files, jurors, readings of a file (None: all), severity, noise
    (80, 10, 3, 0.8, 0.8),
    (80, 10, 3, 0.4, 0.8),
    (80, 10, 3, 0.1, 0.8),
    (80, 10, 3, 0.0, 0.8),
    (40, 8, 3, 0.8, 0.8),
    (14, 5, None, 0.8, 0.8),
]


def plans(files, jurors, each):
    dossiers = [File(number) for number in range(files)]
    members = [Juror(number) for number in range(jurors)]
    for seed in range(PLANS if each else 1):
        yield assign(dossiers, members, [], readings_per_file=each, seed=seed).assignments


def play(pairs, files, jurors, severity, noise, chance):
    """One jury: the share found by each column, and how many true values were in the interval."""
    truth, severities = chance.normal(0, 1, files), chance.normal(0, severity, jurors)
    severities -= severities.mean()
    marks = [
        Reading(file, juror, {"note": truth[file] + severities[juror] + chance.normal(0, noise)})
        for juror, file in pairs
    ]
    best = set(np.argsort(-truth)[:BEST])
    shares, inside = [], 0.0
    for official in ["raw", "calibrated"]:
        ranking = rank(marks, {"note": 1}, places=BEST, official=official)
        shares.append(len(best & {row.file for row in ranking.files[:BEST]}) / BEST)
    for row in ranking.files:
        inside += abs(row.calibrated_mean - truth[row.file]) <= SURE * row.standard_error
    return *shares, inside / files


def main():
    print("| jury | severity | noise | raw | calibrated | difference | within the interval |")
    print("|---|---|---|---|---|---|---|")
    for files, jurors, each, severity, noise in CASES:
        chance = np.random.default_rng(2014)
        drawn = list(plans(files, jurors, each))
        found = np.array(
            [
                play(drawn[run % len(drawn)], files, jurors, severity, noise, chance)
                for run in range(RUNS)
            ]
        )
        raw, calibrated, inside = found.mean(axis=0)
        gains = found[:, 1] - found[:, 0]
        gain, error = gains.mean(), gains.std() / np.sqrt(RUNS)
        name = f"{files} × {jurors}, {f'{each} readings' if each else 'all'}"
        print(
            f"| {name} | {severity} | {noise} | {raw:.1%} | {calibrated:.1%} "
            f"| {100 * gain:+.1f} ± {100 * error:.1f} points | {inside:.1%} |"
        )
    time_one()


def time_one():
    chance = np.random.default_rng(1)
    (pairs,) = list(plans(200, 20, 5))[:1]
    marks = [Reading(file, juror, {"note": chance.normal()}) for juror, file in pairs]
    start = time.perf_counter()
    rank(marks, {"note": 1}, places=4)
    print(f"200 files × 20 jurors × 5 readings: {1000 * (time.perf_counter() - start):.0f} ms")


if __name__ == "__main__":
    main()
