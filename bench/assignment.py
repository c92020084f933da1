"""How long a plan of readings takes, and what it reaches.

Run: python bench/assignment.py

Invented juries: 11 themes, two known by each juror, conflicts on 8 % of the pairs.
"""

import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trophies.assignment import File, Juror, assign  # noqa: E402

TIMES = 5
CASES = [(14, 5, None), (40, 8, 3), (80, 10, 3), (200, 20, 3), (200, 20, 5)]


def jury(files, jurors, seed):
    chance = random.Random(seed)
    themes = range(11)
    rows = [File(number, {chance.choice(themes)}) for number in range(files)]
    members = [Juror(number, set(chance.sample(themes, 2))) for number in range(jurors)]
    conflicts = [
        (juror.id, file.id) for juror in members for file in rows if chance.random() < 0.08
    ]
    return rows, members, conflicts


def main():
    print("| files × jurors × readings | median ms | longest ms | loads |\n|---|---|---|---|")
    for files, jurors, each in CASES:
        times = []
        for seed in range(TIMES):
            question = jury(files, jurors, seed)
            start = time.perf_counter()
            plan = assign(*question, readings_per_file=each, seed=1)
            times.append(1000 * (time.perf_counter() - start))
        loads = Counter(juror for juror, _ in plan.assignments).values()
        times.sort()
        print(
            f"| {files} × {jurors} × {each or 'all'} | {times[len(times) // 2]:.0f} "
            f"| {times[-1]:.0f} | {min(loads)} to {max(loads)} |"
        )


if __name__ == "__main__":
    main()
