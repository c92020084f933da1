from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from trophies.route import Phase, phase_at, remaining, stages_at

PARIS = timezone.get_default_timezone()
DAY = timedelta(days=1)


def at(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


@pytest.fixture
def dates():
    return SimpleNamespace(
        opens_at=at(2026, 10, 1),
        closes_at=at(2027, 1, 29, 23, 59),
        jury_opens_at=at(2027, 3, 1),
        jury_closes_at=at(2027, 3, 31),
        results_published_at=at(2027, 5, 20, 18),
        ceremony=None,
    )


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("opens_at", Phase.ANNOUNCED, Phase.OPEN),
        ("closes_at", Phase.OPEN, Phase.SCREENING),
        ("jury_opens_at", Phase.SCREENING, Phase.READING),
        ("jury_closes_at", Phase.READING, Phase.DELIBERATION),
        ("results_published_at", Phase.DELIBERATION, Phase.PUBLISHED),
    ],
)
def test_phase_changes_at_the_instant(dates, name, before, after):
    instant = getattr(dates, name)
    assert phase_at(dates, instant - timedelta(microseconds=1)) == before
    assert phase_at(dates, instant) == after


def test_archive_is_published_and_has_no_route(dates):
    archive = SimpleNamespace(
        **dict.fromkeys(vars(dates)) | {"results_published_at": at(2015, 1, 1)}
    )
    assert phase_at(archive, at(2026, 1, 1)) == Phase.PUBLISHED
    assert stages_at(archive, at(2026, 1, 1)) == []


def test_stages_while_the_call_is_open(dates):
    stages = stages_at(dates, at(2026, 11, 23, 12))
    assert [stage.state for stage in stages] == ["now", "next", "next", "next", "next"]
    assert stages[0].name == "Appel"
    assert stages[0].when == "1ᵉʳ oct. – 29 janv."
    assert stages[0].note == "Encore 67 jours"


def test_stages_when_all_is_over(dates):
    stages = stages_at(dates, at(2027, 6, 1))
    assert [stage.state for stage in stages] == ["done"] * 5


def test_ceremony_to_come_is_the_current_stage(dates):
    dates.ceremony = SimpleNamespace(starts_at=at(2027, 6, 2), venue="Saline royale", place="")
    last = stages_at(dates, at(2027, 6, 1))[-1]
    assert (last.state, last.when, last.note) == ("now", "2 juin", "Saline royale")


def test_day_numbers_are_whole(dates):
    dates.opens_at, dates.closes_at = at(2026, 10, 21), at(2026, 12, 31)
    assert stages_at(dates, at(2026, 11, 1))[0].when.startswith("21 oct.")


def test_remaining_counts_days_of_the_calendar():
    closes_at = at(2027, 1, 29, 23, 59)
    assert remaining(closes_at, at(2027, 1, 27, 23, 59)) == "Encore 2 jours"
    assert remaining(closes_at, at(2027, 1, 28, 0, 1)) == "Encore un jour"
    assert remaining(closes_at, at(2027, 1, 29, 0, 1)) == "Dernières heures"
