"""How long a plan of readings takes, and what it reaches; then a repair, once a juror is gone.

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


def repaired(question, plan, each):
    """The same question without its first juror: what the others were given stays, if it can."""
    files, jurors, conflicts = question
    gone = jurors[0].id
    conflicts = [pair for pair in conflicts if pair[0] != gone]
    return assign(
        files, jurors[1:], conflicts, readings_per_file=each, kept=plan.assignments, seed=1
    )


def milliseconds(function, *args, **options):
    start = time.perf_counter()
    answer = function(*args, **options)
    return 1000 * (time.perf_counter() - start), answer


def middle(times):
    return f"{sorted(times)[len(times) // 2]:.0f} | {max(times):.0f}"


def measure(files, jurors, each):
    made, mended, moved = [], [], 0
    for seed in range(TIMES):
        question = jury(files, jurors, seed)
        time_made, plan = milliseconds(assign, *question, readings_per_file=each, seed=1)
        time_mended, other = milliseconds(repaired, question, plan, each)
        stay = {pair for pair in plan.assignments if pair[0] != question[1][0].id}
        moved = max(moved, len(stay - set(other.assignments)))
        made.append(time_made)
        mended.append(time_mended)
    loads = Counter(juror for juror, _ in plan.assignments).values()
    return [middle(made), f"{min(loads)} to {max(loads)}", middle(mended), str(moved)]


def main():
    print(
        "| files × jurors × readings | median ms | longest | loads "
        "| repair, median ms | longest | readings moved |\n|---|---|---|---|---|---|---|"
    )
    for files, jurors, each in CASES:
        found = measure(files, jurors, each)
        print(f"| {files} × {jurors} × {each or 'all'} | {' | '.join(found)} |")


if __name__ == "__main__":
    main()
