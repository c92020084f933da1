"""Where means and intervals are drawn. Without a database."""

from types import SimpleNamespace

import pytest

from trophies.plot import plot_of, scale_of


def row(raw, calibrated=None, low=None, high=None):
    return SimpleNamespace(raw=raw, calibrated=calibrated, low=low, high=high)


@pytest.mark.parametrize(
    ("rows", "low", "high", "marks"),
    [
        ([row(3.0, 3.1, 2.6, 3.4)], 2.5, 3.5, ["50.00%"]),
        ([row(3.0, 3.1, 2.9, 3.4), row(2.0, 1.6, 1.2, 2.1)], 1, 3.5, ["40.00%", "80.00%"]),
        # The raw mean may be off the interval; the levels have ends.
        ([row(1.1, 2.2, 2.1, 2.4)], 1, 2.5, ["66.67%"]),
        ([row(3.9, 3.9, 3.4, 4.4), row(0.1, 0.1, -0.3, 0.5)], 0, 4, ["25.00%", "50.00%", "75.00%"]),
        ([row(3, 3, 3, 3)], 3, 3.5, []),
        ([row(4, 4, 4, 4)], 3.5, 4, []),
    ],
)
def test_scale_holds_every_interval_in_half_levels(rows, low, high, marks):
    scale = scale_of(rows)
    assert (scale.low, scale.high) == (low, high)
    assert scale.marks == marks


@pytest.mark.parametrize("rows", [[], [row(None)], [row(2.5)]])
def test_nothing_is_drawn_without_an_interval(rows):
    assert scale_of(rows) is None
    assert [plot_of(each, None) for each in rows] == [None] * len(rows)


def test_file_is_drawn_as_percentages_of_the_scale():
    rows = [row(3.0, 3.0, 2.5, 3.5), row(2.0, 2.25, 2.0, 2.5), row(None)]
    scale = scale_of(rows)
    plot = plot_of(rows[0], scale)
    assert (plot.left, plot.width) == ("33.33%", "66.67%")
    assert (plot.mean, plot.raw) == ("66.67%", "66.67%")
    assert plot_of(rows[1], scale).raw == "0.00%"
    assert plot_of(rows[2], scale) is None


def test_what_is_off_the_scale_stands_at_its_edge():
    rows = [row(3.9, 3.9, 3.4, 4.4)]
    plot = plot_of(rows[0], scale_of(rows))
    assert (plot.left, plot.width) == ("40.00%", "60.00%")
