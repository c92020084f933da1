"""What separates equal files, without a database."""

import random

import pytest

from trophies.ranking import Reading, rank
from trophies.tie_break import Group, TieBreaker, Vote

WEIGHTS = {"need": 20, "effects": 30, "spread": 30}
ALL = ["criterion", "preferences", "vote", "casting"]


def readings(table):
    """From {file: {juror: (need, effects, spread)}}."""
    return [
        Reading(file, juror, dict(zip(WEIGHTS, levels, strict=True)))
        for file, row in table.items()
        for juror, levels in row.items()
    ]


def marks(table):
    """From {file: {juror: level}}, the same level for every criterion."""
    return readings({f: {j: [level] * 3 for j, level in row.items()} for f, row in table.items()})


def separate(files, given, rules=ALL, votes=()):
    return TieBreaker(given, WEIGHTS, rules, votes).separate(files)


def told(groups):
    return [("".join(sorted(group.files)), group.rules) for group in groups]


def test_single_file_is_alone():
    assert separate("a", marks({"a": {1: 3}})) == [Group(frozenset("a"))]
    assert separate("a", []) == [Group(frozenset("a"))]


def test_nothing_separates_files_read_alike():
    same = {1: 3, 2: 2}
    assert told(separate("zam", marks(dict.fromkeys("zam", same)))) == [("amz", ())]


def test_no_rule_is_ex_aequo():
    table = {"a": {1: (0, 4, 0)}, "b": {1: (0, 0, 4)}}
    assert told(separate("ab", readings(table), rules=[])) == [("ab", ())]


def test_heaviest_criterion_separates_and_the_first_of_the_grid_when_they_weigh_the_same():
    """« effects » and « spread » weigh the same: the first one says."""
    table = {"a": {1: (1, 2, 3), 2: (1, 2, 3)}, "b": {1: (1, 3, 2), 2: (1, 3, 2)}}
    assert told(separate("ab", readings(table))) == [("b", ("criterion",)), ("a", ("criterion",))]


def test_not_applicable_level_is_left_out_of_the_mean_of_a_criterion():
    table = {"a": {1: (1, None, 1), 2: (1, 3, 1)}, "b": {1: (1, 3, 1), 2: (1, 2, 1)}}
    assert told(separate("ab", readings(table), ["criterion"])) == [
        ("a", ("criterion",)), ("b", ("criterion",)),
    ]  # fmt: skip


def test_criterion_separates_nothing_when_a_file_has_no_level_on_it():
    """« sans objet » is neither the best nor the worst."""
    table = {"a": {1: (1, 4, 1)}, "b": {1: (1, 2, 1)}, "c": {1: (1, None, 1)}}
    assert told(separate("abc", readings(table), ["criterion"])) == [("abc", ())]


def test_list_is_taken_again_from_its_start_for_those_that_are_still_equal():
    """Duels set « c » apart, whose criterion nobody could compare; the criterion then can."""
    table = {
        "a": {1: (2, 2, 3), 2: (2, 2, 3)},
        "b": {1: (2, 3, 2), 2: (2, 3, 2)},
        "c": {1: (0, None, 0), 2: (0, None, 0)},
    }
    assert told(separate("abc", readings(table))) == [
        ("b", ("preferences", "criterion")),
        ("a", ("preferences", "criterion")),
        ("c", ("preferences",)),
    ]


def test_incomplete_reading_separates_nothing():
    same = marks({"a": {1: 2}, "b": {1: 2}})
    partial = [Reading("a", 2, {"effects": 4}), Reading("b", 2, dict.fromkeys(WEIGHTS))]
    assert told(separate("ab", [*same, *partial])) == [("ab", ())]


def test_more_jurors_win_a_duel_whatever_the_distance():
    """Two place « a » a little higher, one places « b » far higher: the means are equal."""
    table = {"a": {1: 3, 2: 3, 3: 0}, "b": {1: 2, 2: 2, 3: 2}}
    assert told(separate("ab", marks(table), ["preferences"])) == [
        ("a", ("preferences",)), ("b", ("preferences",)),
    ]  # fmt: skip


def test_jurors_who_read_one_file_only_have_no_preference():
    table = {"a": {1: 4, 2: 0}, "b": {3: 4, 4: 0}}
    assert told(separate("ab", marks(table))) == [("ab", ())]
    table["a"] |= {5: 1}
    table["b"] |= {5: 2}
    assert told(separate("ab", marks(table), ["preferences"]))[0] == ("b", ("preferences",))


def test_cycle_of_preferences_separates_nothing():
    table = {"a": {1: 3, 2: 1, 3: 2}, "b": {1: 2, 2: 3, 3: 1}, "c": {1: 1, 2: 2, 3: 3}}
    assert told(separate("abc", marks(table))) == [("abc", ())]


def test_duels_count_against_equals_only():
    """« a » wins two duels, « b » one, « c » none."""
    table = {"a": {1: 3, 2: 3, 3: 0}, "b": {1: 2, 2: 2, 3: 2}, "c": {1: 1, 2: 1, 3: 4}}
    assert told(separate("cab", marks(table), ["preferences"])) == [
        (file, ("preferences",)) for file in "abc"
    ]


# Acts of the jury -------------------------------------------------------------------------------

SAME = marks({file: {1: 2} for file in "abc"})


def test_votes_separate_and_a_casting_vote_those_that_had_as_many():
    vote = Vote({"a": 3, "b": 5, "c": 3, "other": 9}, frozenset("c"))
    assert told(separate("abc", SAME, ALL, [vote])) == [
        ("b", ("vote",)), ("c", ("vote", "casting")), ("a", ("vote", "casting")),
    ]  # fmt: skip


def test_casting_vote_counts_where_the_list_holds_it():
    vote = Vote({"a": 3, "b": 3}, frozenset("b"))
    assert told(separate("ab", SAME, ["vote"], [vote])) == [("ab", ())]
    assert told(separate("ab", SAME, ["casting"], [vote]))[0] == ("b", ("casting",))
    assert told(separate("ab", SAME, ["criterion"], [vote])) == [("ab", ())]


def test_ballot_between_some_of_the_equals_waits_for_the_others():
    assert told(separate("abc", SAME, ALL, [Vote({"a": 1, "b": 2})])) == [("abc", ())]
    assert told(separate("abc", SAME, ALL, [Vote({"a": 4})])) == [("abc", ())]


def test_last_ballot_of_all_the_equals_counts_and_a_later_one_separates_those_it_left():
    first, again = Vote({"a": 5, "b": 1, "c": 1}), Vote({"a": 1, "b": 3, "c": 3})
    last = Vote({"b": 2, "c": 4})
    votes = [first, again, last]
    assert [each for each, _ in told(separate("abc", SAME, ALL, votes))] == ["c", "b", "a"]


def test_jury_has_the_word_where_its_vote_comes_first():
    """Until the ballot is held, what stands after it in the list separates nothing."""
    given = readings({"a": {1: (1, 3, 2)}, "b": {1: (1, 2, 3)}})
    rules = ["vote", "criterion"]
    assert told(separate("ab", given, rules)) == [("ab", ())]
    level, won = Vote({"a": 2, "b": 2}), Vote({"a": 1, "b": 4})
    assert told(separate("ab", given, rules, [level]))[0] == ("a", ("criterion",))
    assert told(separate("ab", given, rules, [won]))[0] == ("b", ("vote",))


def test_unknown_rule_is_an_error():
    with pytest.raises(KeyError):
        separate("ab", SAME, ["deposited_at"])


# Whatever the readings --------------------------------------------------------------------------


def chance(seed):
    """A jury of few levels, so that many files are equal; ballots and an order of the rules."""
    generator = random.Random(seed)
    table = {
        file: {
            juror: tuple(generator.choice([1, 2, 2, 3, None]) for _ in WEIGHTS)
            for juror in generator.sample(range(5), 3)
        }
        for file in "abcdefghij"
    }
    votes = [
        Vote({file: generator.randint(0, 2) for file in files}, frozenset(files[:1]))
        for files in (generator.sample("abcdefghij", generator.randint(2, 10)) for _ in range(3))
    ]
    rules = generator.sample(ALL, generator.randint(0, 4))
    return generator, readings(table), rules, votes


def equals_of(given):
    return rank(given, WEIGHTS, places=3).groups


@pytest.mark.parametrize("seed", range(60))
def test_order_and_names_of_the_files_never_change_a_result(seed):
    generator, given, rules, votes = chance(seed)
    shuffled = generator.sample(given, len(given))
    names = dict(zip("abcdefghij", generator.sample(range(10), 10), strict=True))
    renamed = [Reading(names[r.file], r.juror, r.scores) for r in shuffled]
    others = [
        Vote({names[f]: n for f, n in v.votes.items()}, frozenset(names[f] for f in v.casting))
        for v in votes
    ]
    for equals in equals_of(given):
        groups = separate(equals, given, rules, votes)
        assert separate(reversed(equals), shuffled, rules, votes) == groups
        assert separate([names[file] for file in equals], renamed, rules, others) == [
            Group(frozenset(names[file] for file in group.files), group.rules) for group in groups
        ]


@pytest.mark.parametrize("seed", range(60))
def test_groups_hold_each_file_once_and_say_why_they_are_apart(seed):
    _, given, rules, votes = chance(seed)
    for equals in equals_of(given):
        groups = separate(equals, given, rules, votes)
        assert sorted(file for group in groups for file in group.files) == sorted(equals)
        for group in groups:
            assert bool(group.rules) == (len(groups) > 1)
            assert set(group.rules) <= set(rules)
