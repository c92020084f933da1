"""Who reads what: what a plan always holds, what it prefers, and what it says when it cannot."""

import random
from collections import Counter

import pytest

from trophies.assignment import File, Infeasible, Juror, assign


def people(number, *, themes=(), ceiling=None):
    return [Juror(f"J{rank}", themes, ceiling) for rank in range(number)]


def dossiers(number, themes=()):
    return [File(f"F{rank}", themes) for rank in range(number)]


def a_jury(seed, files=60, jurors=9, conflict=0.1):
    """A jury of chance: themes, conflicts, a few ceilings."""
    chance = random.Random(seed)
    themes = range(8)
    rows = [File(f"F{rank}", {chance.choice(themes)}) for rank in range(files)]
    members = [
        Juror(f"J{rank}", set(chance.sample(themes, 2)), chance.choice([None, None, 18]))
        for rank in range(jurors)
    ]
    conflicts = [
        (juror.id, file.id) for juror in members for file in rows if chance.random() < conflict
    ]
    return rows, members, conflicts


def loads(plan):
    return Counter(juror for juror, _ in plan.assignments)


def readers(plan):
    return Counter(file for _, file in plan.assignments)


def is_connected(plan):
    waiting, seen = [plan.assignments[0]], set()
    while waiting:
        pair = waiting.pop()
        seen.add(pair)
        waiting += [
            other
            for other in plan.assignments
            if other not in seen and (other[0] == pair[0] or other[1] == pair[1])
        ]
    return len(seen) == len(plan.assignments)


# What always holds ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_plan_keeps_its_promises(seed):
    files, jurors, conflicts = a_jury(seed)
    plan = assign(files, jurors, conflicts, readings_per_file=3, seed=1)
    assert set(readers(plan).values()) == {3}
    assert len(readers(plan)) == len(files)
    assert not set(plan.assignments) & set(conflicts)
    assert len(set(plan.assignments)) == len(plan.assignments)
    for juror in jurors:
        assert juror.ceiling is None or loads(plan)[juror.id] <= juror.ceiling
    assert is_connected(plan)
    free = [loads(plan)[juror.id] for juror in jurors if juror.ceiling is None]
    assert max(free) - min(free) <= 1


def test_same_arguments_give_the_same_plan():
    files, jurors, conflicts = a_jury(3)
    plans = [assign(files, jurors, conflicts, readings_per_file=3, seed=s) for s in (5, 5, 6)]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_everyone_reads_everything_outside_conflicts():
    files, jurors = dossiers(14), people(5)
    plan = assign(files, jurors, [("J1", "F3")], readings_per_file=None, seed=1)
    assert len(plan.assignments) == 14 * 5 - 1
    assert ("J1", "F3") not in plan.assignments
    assert plan.warnings == ()


def test_order_is_of_jurors_then_of_files():
    plan = assign(dossiers(2), people(2), [], readings_per_file=2, seed=1)
    assert plan.assignments == (("J0", "F0"), ("J0", "F1"), ("J1", "F0"), ("J1", "F1"))


def test_no_file_is_no_reading():
    assert assign([], people(3), [], readings_per_file=3, seed=1).assignments == ()


# What is preferred ------------------------------------------------------------------------------


def test_each_file_has_a_reader_who_knows_its_theme():
    files = [File(f"F{rank}", {rank % 4}) for rank in range(40)]
    jurors = [Juror(f"J{rank}", {rank}) for rank in range(4)] + people(4)[:0]
    jurors += [Juror(f"K{rank}") for rank in range(4)]
    plan = assign(files, jurors, [], readings_per_file=2, seed=1)
    assert set(plan.assignments) > {(f"J{rank % 4}", f"F{rank}") for rank in range(40)}
    assert plan.warnings == ()


def test_theme_that_nobody_free_knows_is_said():
    files = [File("F0", {"eau"}), File("F1", {"air"}), File("F2")]
    jurors = [Juror("J0", {"eau"}), Juror("J1", {"air"}), Juror("J2")]
    plan = assign(files, jurors, [("J0", "F0")], readings_per_file=2, seed=1)
    assert [warning for warning in plan.warnings if "F0" in warning]
    assert not [warning for warning in plan.warnings if "F1" in warning]


def test_worst_off_file_comes_before_the_total():
    """J0 and J1 know everything, but cannot read all: each file gets one of them, none gets two."""
    files = dossiers(6, {"eau"})
    jurors = people(2, themes={"eau"}) + [Juror("K0"), Juror("K1")]
    plan = assign(files, jurors, [], readings_per_file=2, seed=1)
    knowing = Counter(file for juror, file in plan.assignments if juror.startswith("J"))
    assert set(knowing.values()) == {1}


def test_graph_is_joined_where_fits_would_cut_it():
    """Two worlds: the best fits alone would never join them."""
    files = [File(f"F{rank}", {rank % 2}) for rank in range(20)]
    jurors = [Juror(f"J{rank}", {rank % 2}) for rank in range(4)]
    plan = assign(files, jurors, [], readings_per_file=2, seed=1)
    assert is_connected(plan)
    assert max(loads(plan).values()) - min(loads(plan).values()) <= 1
    crossing = [p for p in plan.assignments if int(p[0][1:]) % 2 != int(p[1][1:]) % 2]
    assert len(crossing) == 2  # as few as evenness allows


def test_plan_that_cannot_be_joined_is_said():
    files, jurors = dossiers(8), people(4)
    apart = [(f"J{j}", f"F{f}") for j in range(4) for f in range(8) if j // 2 != f // 4]
    plan = assign(files, jurors, apart, readings_per_file=2, seed=1)
    assert any("d’un seul tenant" in warning for warning in plan.warnings)


def test_uneven_loads_are_said():
    jurors = [Juror("J0", ceiling=1), *people(4)[1:]]
    plan = assign(dossiers(12), jurors, [], readings_per_file=2, seed=1)
    assert loads(plan)["J0"] == 1
    assert {loads(plan)[f"J{rank}"] for rank in (1, 2, 3)} <= {7, 8}
    assert any("de 1 à 8" in warning for warning in plan.warnings)


# A repair ---------------------------------------------------------------------------------------


def test_repair_keeps_what_stands_and_gives_what_was_left():
    files, jurors, conflicts = a_jury(2)
    before = assign(files, jurors, conflicts, readings_per_file=3, seed=1)
    gone = "J4"
    stands = [pair for pair in before.assignments if pair[0] != gone]
    left = [juror for juror in jurors if juror.id != gone]
    known = [pair for pair in conflicts if pair[0] != gone]
    wide = [Juror(j.id, j.themes) for j in left]
    after = assign(files, wide, known, readings_per_file=3, fixed=stands, seed=1)
    assert set(stands) <= set(after.assignments)
    moved = set(after.assignments) - set(stands)
    assert {file for _, file in moved} == {f for j, f in before.assignments if j == gone}
    assert set(readers(after).values()) == {3}


def departure(seed, gone="J4"):
    """A plan, then what is left of its question and of its readings once a juror is gone."""
    files, jurors, conflicts = a_jury(seed)
    before = assign(files, jurors, conflicts, readings_per_file=3, seed=1).assignments
    left = [Juror(juror.id, juror.themes) for juror in jurors if juror.id != gone]
    known = [pair for pair in conflicts if pair[0] != gone]
    return before, (files, left, known), [pair for pair in before if pair[0] != gone]


@pytest.mark.parametrize("seed", range(4))
def test_repair_moves_only_what_it_must(seed):
    """Nothing is begun: what the others were given stays, and what was left is shared evenly."""
    before, question, stay = departure(seed)
    after = assign(*question, readings_per_file=3, kept=before, seed=9)
    assert set(stay) <= set(after.assignments)
    assert set(readers(after).values()) == {3}
    assert not set(after.assignments) & set(question[2])
    added = Counter(juror for juror, _ in set(after.assignments) - set(stay))
    raised = [loads(after)[juror] for juror in added]
    assert max(raised) <= max(*Counter(juror for juror, _ in stay).values(), min(raised) + 1)


def test_repair_that_keeps_nothing_would_move_much():
    """What `kept` is for: equal plans are many, and the solver has no memory."""
    _, question, stay = departure(2)
    after = assign(*question, readings_per_file=3, seed=9)
    assert len(set(stay) - set(after.assignments)) > 20


def test_readings_that_became_impossible_are_not_kept():
    files, jurors, conflicts = a_jury(3)
    before = assign(files, jurors, conflicts, readings_per_file=3, seed=1).assignments
    lost, kept = before[0], [*before[1:], ("J9", "F0"), ("J0", "gone")]
    after = assign(files, jurors, [*conflicts, lost], readings_per_file=3, kept=kept, seed=1)
    assert lost not in after.assignments
    assert set(before) - {lost} <= set(after.assignments)
    assert {file for _, file in set(after.assignments) - set(before)} == {lost[1]}


def test_kept_readings_yield_to_those_begun_and_to_ceilings():
    jurors = [Juror("J0", ceiling=1), Juror("J1"), Juror("J2")]
    kept = [("J0", "F0"), ("J0", "F1"), ("J1", "F0")]
    plan = assign(
        dossiers(2), jurors, [], readings_per_file=1, fixed=[("J2", "F0")], kept=kept, seed=1
    )
    assert plan.assignments == (("J0", "F1"), ("J2", "F0"))


def test_everyone_reads_everything_whatever_was_kept():
    plans = [
        assign(dossiers(3), people(2), [], readings_per_file=None, kept=kept, seed=1)
        for kept in ([], [("J0", "F0")])
    ]
    assert plans[0] == plans[1]


# What is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "jurors", "conflicts", "options", "said"),
    [
        (dossiers(3), people(2), [], {"readings_per_file": 3}, ["F0", "F1", "F2"]),
        (dossiers(3), people(3), [("J0", "F1")], {"readings_per_file": 3}, ["F1"]),
        (dossiers(9), people(3, ceiling=5), [], {"readings_per_file": 2}, ["J0", "J1", "J2"]),
        (
            dossiers(2),
            people(2),
            [("J0", "F1")],
            {"readings_per_file": 1, "fixed": [("J0", "F1")]},
            ["J0 et F1"],
        ),
        (dossiers(2), people(1, ceiling=1), [], {"readings_per_file": None}, ["J0"]),
        (dossiers(2), people(1), [("J0", "F1")], {"readings_per_file": None}, ["F1"]),
        (
            dossiers(1),
            people(3),
            [],
            {"readings_per_file": 1, "fixed": [("J0", "F0"), ("J1", "F0")]},
            ["F0"],
        ),
        (
            dossiers(3),
            people(2, ceiling=1),
            [],
            {"readings_per_file": 1, "fixed": [("J0", "F0"), ("J0", "F1")]},
            ["J0"],
        ),
    ],
)
def test_impossible_plan_names_who_is_in_the_way(files, jurors, conflicts, options, said):
    with pytest.raises(Infeasible) as refusal:
        assign(files, jurors, conflicts, seed=1, **options)
    message = str(refusal.value)
    assert all(name in message for name in said), message
    assert not {"F9", "J9"} & set(message.split())


def test_only_those_in_the_way_are_named():
    conflicts = [(f"J{rank}", "F1") for rank in range(3)]
    with pytest.raises(Infeasible) as refusal:
        assign(dossiers(3), people(4), conflicts, readings_per_file=2, seed=1)
    assert "F1" in str(refusal.value)
    assert "F0" not in str(refusal.value)
    assert "F2" not in str(refusal.value)


@pytest.mark.parametrize("pair", [("J9", "F0"), ("J0", "F9")])
def test_pair_that_names_nobody_is_an_error(pair):
    with pytest.raises(ValueError, match="unknown pair"):
        assign(dossiers(1), people(1), [pair], readings_per_file=1, seed=1)
