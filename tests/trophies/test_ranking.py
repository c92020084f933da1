"""The mathematics of the ranking, without a database."""

import random

import numpy as np
import pytest

from trophies.ranking import SURE, Reading, rank, weighted_mean

WEIGHTS = {"need": 30, "effects": 20, "spread": 10}
EMPTY = dict.fromkeys(WEIGHTS)


def raw_means(readings):
    ranking = rank(readings, WEIGHTS, places=1)
    return {row.file: row.raw_mean for row in ranking.files}


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
        Reading("a", "jean", EMPTY | {"need": 2}),
        Reading("b", "anne", EMPTY | {"need": 1}),
    ]
    assert raw_means(readings) == {"a": 3, "b": 1}


def test_file_without_a_level_is_not_ranked():
    readings = [Reading("a", "anne", EMPTY), Reading("b", "anne", EMPTY | {"need": 3})]
    assert raw_means(readings) == {"b": 3}
    assert raw_means([]) == {}


def test_empty_reading_does_not_lower_the_others():
    readings = [Reading("a", "anne", EMPTY | {"need": 4}), Reading("a", "jean", EMPTY)]
    assert raw_means(readings) == {"a": 4}


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
    assert raw_means(shuffled) == pytest.approx(raw_means(readings))


@pytest.mark.parametrize("seed", range(20))
def test_better_level_never_lowers_a_mean(seed):
    generator = random.Random(seed)
    scores = {name: generator.randint(0, 3) for name in WEIGHTS}
    raised = scores | {"need": scores["need"] + 1}
    assert weighted_mean(raised, WEIGHTS) > weighted_mean(scores, WEIGHTS)


# The calibrated column --------------------------------------------------------------------------

ONE = {"note": 1}


def marks(table):
    """Readings of one criterion from {file: {juror: level}}."""
    return [
        Reading(file, juror, {"note": level})
        for file, row in table.items()
        for juror, level in row.items()
    ]


def drawn(files, jurors, each, *, severity, noise=0.3, seed=1):
    """A jury of chance; returns its readings and the true values."""
    chance = np.random.default_rng(seed)
    truth, severities = chance.normal(0, 1, files), chance.normal(0, severity, jurors)
    severities -= severities.mean()
    table = {
        file: {
            int(juror): truth[file] + severities[juror] + chance.normal(0, noise)
            for juror in chance.choice(jurors, each, replace=False)
        }
        for file in range(files)
    }
    return marks(table), truth, severities


def test_severity_of_the_readers_is_taken_away():
    """« a » and « b » are as good; « a » had the two severe jurors."""
    table = {
        "a": {"severe": 1, "harsh": 1},
        "b": {"mild": 3, "soft": 3},
        "c": {"severe": 2, "mild": 4},
        "d": {"harsh": 2, "soft": 4},
        "e": {"severe": 2, "soft": 4, "harsh": 2, "mild": 4},
        "f": {"severe": 0, "mild": 2, "harsh": 0, "soft": 2},
    }
    ranking = rank(marks(table), ONE, places=1, official="calibrated")
    assert ranking.calibration_applies
    rows = {row.file: row for row in ranking.files}
    assert (rows["a"].raw_mean, rows["b"].raw_mean) == (1, 3)
    assert rows["a"].calibrated_mean == pytest.approx(rows["b"].calibrated_mean, abs=0.01)
    assert rows["e"].calibrated_mean == pytest.approx(3, abs=0.01)


def test_everyone_reading_everything_changes_nothing():
    readings, _, _ = drawn(14, 5, 5, severity=1, noise=0.5)
    raw, calibrated = (rank(readings, ONE, places=4, official=o) for o in ("raw", "calibrated"))
    assert raw == calibrated
    for row in raw.files:
        assert row.calibrated_mean == pytest.approx(row.raw_mean, abs=1e-9)


def test_jurors_who_do_not_differ_are_left_alone():
    table = {file: dict.fromkeys(range(3), 2 + file % 2) for file in range(6)}
    ranking = rank(marks(table), ONE, places=2)
    assert [row.calibrated_mean for row in ranking.files] == [3, 3, 3, 2, 2, 2]
    assert [row.standard_error for row in ranking.files] == [0] * 6
    assert [(row.rank_low, row.rank_high) for row in ranking.files] == [(1, 3)] * 3 + [(4, 6)] * 3
    assert set(ranking.undecided) == {1, 3, 5}


def test_estimates_are_those_of_the_mixed_model_written_whole():
    """Against generalised least squares with matrices of the size of the readings."""
    readings, _, _ = drawn(12, 6, 3, severity=0.8, noise=0.6, seed=4)
    files, jurors = np.zeros((36, 12)), np.zeros((36, 6))
    y = np.array([reading.scores["note"] for reading in readings])
    for row, reading in enumerate(readings):
        files[row, reading.file] = jurors[row, reading.juror] = 1

    def fit(ratio):
        variance = np.eye(36) + ratio * jurors @ jurors.T
        inverse = np.linalg.inv(variance)
        information = files.T @ inverse @ files
        means = np.linalg.solve(information, files.T @ inverse @ y)
        apart = y - files @ means
        noise = float(apart @ inverse @ apart) / (36 - 12)
        deviance = 24 * np.log(noise)
        deviance += np.linalg.slogdet(variance)[1] + np.linalg.slogdet(information)[1]
        return deviance, means, noise, noise * np.linalg.inv(information), ratio

    _, means, noise, covariance, ratio = min(map(fit, np.geomspace(1e-3, 1e3, 4001)))
    ranking = rank(readings, ONE, places=4)
    rows = sorted(ranking.files, key=lambda row: row.file)
    assert [row.calibrated_mean for row in rows] == pytest.approx(means, abs=2e-3)
    # Of this jury: without what a whole jury's severity would add to all the files alike.
    errors = np.sqrt(np.diag(covariance) - noise * ratio / 6)
    assert [row.standard_error for row in rows] == pytest.approx(errors, rel=1e-2)


def test_interval_holds_the_truth_nine_times_in_ten():
    inside = total = 0
    for seed in range(60):
        readings, truth, _ = drawn(40, 8, 3, severity=0.8, noise=0.8, seed=seed)
        for row in rank(readings, ONE, places=4).files:
            inside += abs(row.calibrated_mean - truth[row.file]) <= SURE * row.standard_error
            total += 1
    assert 0.88 < inside / total < 0.92


def test_calibration_finds_more_of_the_best():
    found = {"raw": 0, "calibrated": 0}
    for seed in range(60):
        readings, truth, _ = drawn(80, 10, 3, severity=0.8, noise=0.8, seed=seed)
        best = set(np.argsort(-truth)[:4])
        for official in found:
            ranking = rank(readings, ONE, places=4, official=official)
            found[official] += len(best & {row.file for row in ranking.files[:4]})
    assert found["calibrated"] > found["raw"]


def test_ranks_say_what_is_sure():
    readings, _, _ = drawn(20, 5, 3, severity=0.2, noise=0.05)
    ranking = rank(readings, ONE, places=5, official="calibrated")
    for place, row in enumerate(ranking.files, 1):
        assert 1 <= row.rank_low <= row.rank_high <= 20
        assert row.rank_low <= place <= row.rank_high
    assert {row.file for row in ranking.files if row.rank_low <= 5 < row.rank_high} == set(
        ranking.undecided
    )
    certain = [row.file for row in ranking.files if row.rank_high <= 5]
    assert set(certain) <= {row.file for row in ranking.files[:5]}


def test_same_readings_in_another_order_give_the_same_figures():
    readings, _, _ = drawn(30, 6, 3, severity=0.8, noise=0.5)
    shuffled = sorted(readings, key=lambda reading: (reading.juror, -reading.file))
    one, other = (
        {row.file: row for row in rank(rows, ONE, places=4).files} for rows in (readings, shuffled)
    )
    for file, row in one.items():
        assert other[file].calibrated_mean == pytest.approx(row.calibrated_mean, abs=1e-9)
        assert (other[file].rank_low, other[file].rank_high) == (row.rank_low, row.rank_high)


def test_equal_files_keep_their_order():
    table = {file: dict.fromkeys(range(3), 2) for file in ["z", "m", "a"]}
    assert [row.file for row in rank(marks(table), ONE, places=1).files] == ["z", "m", "a"]


def test_severities_say_who_is_more_generous_and_cancel_out():
    readings, _, true = drawn(60, 6, 6, severity=0.8, noise=0.3)
    found = rank(readings, ONE, places=4).severities
    assert [found[juror] for juror in range(6)] == pytest.approx(true, abs=0.15)
    assert sum(found.values()) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_calibrated_mean_is_the_raw_mean_less_what_its_readers_add(seed):
    readings, _, _ = drawn(30, 6, 3, severity=0.8, seed=seed)
    ranking = rank(readings, ONE, places=4)
    for row in ranking.files:
        added = [ranking.severities[r.juror] for r in readings if r.file == row.file]
        assert row.calibrated_mean == pytest.approx(row.raw_mean - sum(added) / 3, abs=1e-9)


def test_equal_files_are_together():
    table = {file: dict.fromkeys(range(3), 2 + file % 2) for file in range(6)}
    assert rank(marks(table), ONE, places=2).groups == [(1, 3, 5), (0, 2, 4)]
    assert rank([], ONE, places=2).groups == []


@pytest.mark.parametrize("official", ["raw", "calibrated"])
def test_groups_follow_the_official_column(official):
    readings, _, _ = drawn(30, 6, 3, severity=0.8)
    ranking = rank(readings, ONE, places=4, official=official)
    means = [getattr(row, f"{official}_mean") for row in ranking.files]
    assert means == sorted(means, reverse=True)
    assert [file for group in ranking.groups for file in group] == [r.file for r in ranking.files]


# Where it does not apply ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "Aucune lecture"),
        ({"a": {1: 2, 2: 3, 3: 1}, "b": {1: 3}, "c": {1: 1, 2: 2, 3: 3}}, "qu’une lecture"),
        (
            {
                **{file: {1: 2, 2: 3} for file in "abc"},
                **{file: {3: 2, 4: 3} for file in "def"},
            },
            "aucun juré en commun",
        ),
        (
            {"a": {1: 2, 2: 3}, "b": {1: 2, 2: 3}, "c": {1: 2, 3: 1}, "d": {2: 2, 4: 3}},
            "moins de trois lectures",
        ),
    ],
)
def test_calibration_that_does_not_apply_says_why(table, said):
    ranking = rank(marks(table), ONE, places=1, official="calibrated")
    assert said in ranking.reason
    assert not ranking.calibration_applies
    assert (ranking.undecided, ranking.severities, ranking.official) == ((), {}, "raw")
    for row in ranking.files:
        empty = (row.calibrated_mean, row.standard_error, row.rank_low, row.rank_high)
        assert empty == (None, None, None, None)
    means = [row.raw_mean for row in ranking.files]
    assert means == sorted(means, reverse=True)


def test_calibration_applies_when_fewer_than_half_the_jurors_read_little():
    table = {file: {1: 2, 2: 3, 3: 1} for file in "abcd"}
    table["a"][4] = 2
    assert rank(marks(table), ONE, places=1).calibration_applies


def test_reading_without_a_criterion_is_left_out():
    weights = {"need": 2, "spread": 1}
    complete = [
        Reading(file, juror, {"need": 2, "spread": None}) for file in "ab" for juror in (1, 2, 3)
    ]
    readings = [*complete, Reading("a", 4, {"need": 4}), Reading("b", 4, dict.fromkeys(weights))]
    assert rank(readings, weights, places=1) == rank(complete, weights, places=1)


def test_wrong_question_is_an_error():
    with pytest.raises(ValueError, match="unknown column"):
        rank([], ONE, places=1, official="moyenne")
    with pytest.raises(ValueError, match="read twice"):
        rank([Reading("a", 1, {"note": 2})] * 2, ONE, places=1)
    with pytest.raises(KeyError):
        rank([Reading("a", 1, {"note": 2, "autre": 3})], ONE, places=1)
