"""The mathematics of the ranking, without a database."""

import random

import pytest

from trophies.ranking import Reading, raw_means, weighted_mean

WEIGHTS = {"need": 30, "effects": 20, "spread": 10}


def random_scores(generator):
    return {name: generator.choice([0, 1, 2, 3, 4, None]) for name in WEIGHTS}


def test_levels_count_with_their_weights():
    scores = {"need": 4, "effects": 1, "spread": 0}
    assert weighted_mean(scores, WEIGHTS) == pytest.approx((4 * 30 + 1 * 20) / 60)


def test_not_applicable_counts_neither_as_level_nor_as_weight():
    assert weighted_mean({"need": 4, "effects": None}, WEIGHTS) == 4
    assert weighted_mean({"need": 4, "effects": 0}, WEIGHTS) == pytest.approx(2.4)


@pytest.mark.parametrize("scores", [{}, {"need": None, "spread": None}])
def test_nothing_given_has_no_mean(scores):
    assert weighted_mean(scores, WEIGHTS) is None


def test_level_zero_is_a_level():
    assert weighted_mean({"need": 0}, WEIGHTS) == 0


def test_unknown_criterion_is_an_error():
    with pytest.raises(KeyError):
        weighted_mean({"luck": 4}, WEIGHTS)


def test_file_has_the_plain_mean_of_its_readings():
    readings = [
        Reading("a", "anne", {"need": 4, "effects": 4, "spread": 4}),
        Reading("a", "jean", {"need": 2}),
        Reading("b", "anne", {"need": 1}),
    ]
    assert raw_means(readings, WEIGHTS) == {"a": 3, "b": 1}


def test_file_without_a_level_is_not_ranked():
    readings = [Reading("a", "anne", {"need": None}), Reading("b", "anne", {"need": 3})]
    assert raw_means(readings, WEIGHTS) == {"b": 3}
    assert raw_means([], WEIGHTS) == {}


def test_empty_reading_does_not_lower_the_others():
    readings = [Reading("a", "anne", {"need": 4}), Reading("a", "jean", {"need": None})]
    assert raw_means(readings, WEIGHTS) == {"a": 4}


@pytest.mark.parametrize("seed", range(20))
def test_mean_stays_between_its_levels(seed):
    scores = random_scores(random.Random(seed))
    levels = [level for level in scores.values() if level is not None]
    mean = weighted_mean(scores, WEIGHTS)
    assert mean is None if not levels else min(levels) <= mean <= max(levels) + 1e-12


@pytest.mark.parametrize("seed", range(20))
def test_scale_of_the_weights_does_not_matter(seed):
    scores = random_scores(random.Random(seed))
    doubled = {name: 2 * weight for name, weight in WEIGHTS.items()}
    assert weighted_mean(scores, doubled) == pytest.approx(weighted_mean(scores, WEIGHTS))


@pytest.mark.parametrize("seed", range(20))
def test_order_of_the_readings_does_not_matter(seed):
    generator = random.Random(seed)
    readings = [
        Reading(file, juror, random_scores(generator)) for file in "abc" for juror in range(4)
    ]
    shuffled = generator.sample(readings, len(readings))
    assert raw_means(shuffled, WEIGHTS) == pytest.approx(raw_means(readings, WEIGHTS))


@pytest.mark.parametrize("seed", range(20))
def test_better_level_never_lowers_a_mean(seed):
    generator = random.Random(seed)
    scores = {name: generator.randint(0, 3) for name in WEIGHTS}
    raised = scores | {"need": scores["need"] + 1}
    assert weighted_mean(raised, WEIGHTS) > weighted_mean(scores, WEIGHTS)
