"""In which order each juror reads: by chance, the same for the same draw, and fair to each file."""

import random
from collections import defaultdict
from statistics import mean

import pytest

from trophies.assignment import File, Juror, assign
from trophies.ordering import balanced_orders

SEEDS = range(8)


def everyone(files, jurors):
    return [(f"J{juror}", f"F{file}") for juror in range(jurors) for file in range(files)]


def some(files, jurors, each=3):
    rows = [File(f"F{rank}") for rank in range(files)]
    members = [Juror(f"J{rank}") for rank in range(jurors)]
    return list(assign(rows, members, [], readings_per_file=each, seed=1).assignments)


def by_chance(pairs, seed):
    """Orders that chance alone made."""
    chance, orders = random.Random(seed), defaultdict(list)
    for juror, file in pairs:
        orders[juror].append(file)
    for order in orders.values():
        chance.shuffle(order)
    return {(j, file): place for j, order in orders.items() for place, file in enumerate(order)}


def imbalance(orders):
    """How far the mean place of a file is from the middle, an order being 1 long: the mean."""
    loads, places = defaultdict(int), defaultdict(list)
    for juror, _ in orders:
        loads[juror] += 1
    for (juror, file), position in orders.items():
        places[file].append((position + 0.5) / loads[juror] - 0.5)
    return mean(abs(mean(found)) for found in places.values())


def sequence(orders, juror):
    return [file for _, file in sorted((p, f) for (j, f), p in orders.items() if j == juror)]


CASES = {"14 × 8": everyone(14, 8), "80 × 10, three each": some(80, 10), "200 × 20": some(200, 20)}
UNEVEN = [pair for pair in everyone(20, 5) if pair[0] != "J0" or pair[1] in ("F3", "F7")]
UNEVEN += [("alone", "F1"), ("alone", "only theirs")]


@pytest.mark.parametrize("pairs", [*CASES.values(), UNEVEN, [("J0", "F0")], []])
def test_each_juror_has_each_place_once(pairs):
    orders = balanced_orders(pairs, seed=1)
    assert set(orders) == set(pairs)
    for juror in {juror for juror, _ in pairs}:
        mine = [position for (j, _), position in orders.items() if j == juror]
        assert sorted(mine) == list(range(len(mine)))


def test_same_draw_gives_the_same_orders():
    first, again, other = (balanced_orders(everyone(14, 8), seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first != other


@pytest.mark.parametrize("pairs", [*CASES.values(), UNEVEN], ids=[*CASES, "uneven"])
def test_files_are_read_about_the_middle_better_than_by_chance(pairs):
    balanced = mean(imbalance(balanced_orders(pairs, seed=seed)) for seed in SEEDS)
    chance = mean(imbalance(by_chance(pairs, seed)) for seed in SEEDS)
    assert balanced < chance / 3
    assert balanced < 0.03


def test_orders_stay_of_chance():
    """No order is the mirror of another, and each file has been first in some draw."""
    draws = [balanced_orders(everyone(6, 4), seed=seed) for seed in range(80)]
    for orders in draws[:10]:
        lists = [sequence(orders, f"J{juror}") for juror in range(4)]
        assert all(one != other[::-1] for one in lists for other in lists)
    for juror in range(4):
        assert len({sequence(orders, f"J{juror}")[0] for orders in draws}) == 6
