"""In which order each juror reads: by chance, and balanced by position. Pure: no Django.

Whoever reads last is tired, and has seen better: a file that most of its readers meet late would
pay for it.
"""

import random
from collections import defaultdict
from collections.abc import Hashable, Iterable

Pair = tuple[Hashable, Hashable]  # juror id, file id
TOLERANCE = 0.05  # how far from the middle the mean place of a file may stay, an order being 1 long
MOST_ROUNDS = 60


def balanced_orders(pairs: Iterable[Pair], *, seed: int) -> dict[Pair, int]:
    """The position of each reading in the order of its juror, from 0.

    The orders are drawn; then two readings of one juror change places wherever it brings the mean
    places of their files nearer to the middle, until all are within `TOLERANCE`, or for so many
    rounds: orders as even as can be would be the mirrors of one another. The same pairs and seed
    give the same orders.
    """
    chance = random.Random(seed)
    orders = defaultdict(list)
    for juror, file in pairs:
        orders[juror].append(file)
    for order in orders.values():
        chance.shuffle(order)
    even_out(list(orders.values()), chance)
    return {
        (juror, file): position
        for juror, order in orders.items()
        for position, file in enumerate(order)
    }


def place(position, order):
    """Where a position stands in an order: from -0.5, the start, to 0.5, the end."""
    return (position + 0.5) / len(order) - 0.5


def even_out(orders, chance):
    """Change the orders in place. A round makes as many tries as there are readings."""
    sums, readers = defaultdict(float), defaultdict(int)
    for order in orders:
        for position, file in enumerate(order):
            sums[file] += place(position, order)
            readers[file] += 1
    for _ in range(MOST_ROUNDS):
        if all(abs(sums[file]) <= TOLERANCE * readers[file] for file in sums):
            return
        for order in orders:
            for first in range(len(order)):
                swap_if_better(order, first, chance.randrange(len(order)), sums, readers)


def swap_if_better(order, first, second, sums, readers):
    """Let two readings change places if the squares of the two mean places then sum to less."""
    early, late = order[first], order[second]
    moved = place(second, order) - place(first, order)
    before = (sums[early] / readers[early]) ** 2 + (sums[late] / readers[late]) ** 2
    after = ((sums[early] + moved) / readers[early]) ** 2
    after += ((sums[late] - moved) / readers[late]) ** 2
    if after < before:
        order[first], order[second] = late, early
        sums[early] += moved
        sums[late] -= moved
