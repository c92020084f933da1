"""Bars are drawn inside their picture, and a count is always seen."""

import pytest

from rallynov.bars import BASE, LABELS, LOWEST, TOP, Bars, Row, round_above


def drawn(rows, columns=("a", "b")):
    return Bars("p", "T", "", "Jour", columns, rows)


@pytest.mark.parametrize(
    ("value", "above"),
    [(0, 5), (5, 5), (6, 10), (7, 10), (10, 10), (11, 20), (20, 20), (21, 50), (51, 100),
     (99, 100), (100, 100), (101, 200), (999, 1000)],
)  # fmt: skip
def test_scale_ends_on_a_round_number(value, above):
    assert round_above(value) == above


@pytest.mark.parametrize("count", [1, 2, 7, 30, 400])
def test_bars_stay_inside_and_a_count_is_always_seen(count):
    plot = drawn([Row(str(n), str(n), (n * n * 1000, n)) for n in range(count)])
    assert len(plot.bars) == 2 * (count - 1)  # nothing is drawn of what is zero
    for bar in plot.bars:
        left, width = float(bar.x[:-1]), float(bar.width[:-1])
        assert 0 <= left <= left + width <= 100
        assert TOP <= bar.y <= bar.y + bar.height == BASE
        assert bar.height >= LOWEST


@pytest.mark.parametrize("count", [1, 4, 5, 12, 31])
def test_labels_are_few_and_the_last_one_is_there(count):
    labels = drawn([Row(str(n), str(n), (1, 1)) for n in range(count)]).labels
    assert 1 <= len(labels) <= LABELS
    assert labels[-1].text == str(count - 1)


def test_what_is_counted_in_another_way_is_out_of_the_sums():
    rows = [Row("2014", "2014", (13_000, 3_000), is_apart=True), Row("2026", "2026", (40, 11))]
    plot = drawn(rows)
    assert plot.sums == [40, 11]
    assert plot.has_rows_apart
    assert plot.highest == 20_000
    assert [bar.is_apart for bar in plot.bars] == [True, True, False, False]


def test_nothing_draws_nothing():
    plot = drawn([])
    assert plot.bars == plot.labels == []
    assert plot.sums == [0, 0]
