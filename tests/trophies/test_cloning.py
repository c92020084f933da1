"""A new edition made out of another."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from places.models import Department
from tests.factories import (
    make_archive,
    make_criterion,
    make_deposited,
    make_edition,
    make_figure,
    make_jury_member,
    make_laureate,
    make_organisation,
    make_prize,
    make_regulation,
)
from trophies import services
from trophies.models import Edition, EligibilityRule
from trophies.services.editions import DATES, moved_dates
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")


def paris(*parts):
    return datetime(*parts, tzinfo=PARIS)


def dated_edition(**changes):
    return make_edition(
        year=2027,
        opens_at=paris(2026, 10, 1, 9),
        closes_at=paris(2027, 1, 29, 23, 59),
        jury_opens_at=paris(2027, 2, 8, 9),
        jury_closes_at=paris(2027, 3, 26, 18),
        results_published_at=paris(2027, 4, 2, 9),
        **changes,
    )


# Dates ------------------------------------------------------------------------------------------


def test_dates_keep_their_weekday_and_their_hour():
    edition = dated_edition()
    moved = moved_dates(edition, 2028)
    assert moved["closes_at"] == paris(2028, 1, 28, 23, 59)
    for name in DATES:
        before, after = getattr(edition, name).astimezone(PARIS), moved[name].astimezone(PARIS)
        assert (after.weekday(), after.time()) == (before.weekday(), before.time())


@pytest.mark.parametrize("years", [-3, 1, 2, 3, 5, 10, 30])
def test_dates_stay_within_half_a_week_of_the_same_date(years):
    moved = moved_dates(dated_edition(), 2027 + years)["closes_at"].astimezone(PARIS)
    same_date = paris(2027 + years, 1, 29, 23, 59)
    assert abs((moved - same_date).total_seconds()) <= 4.5 * 86400


def test_hour_is_the_clock_s_across_a_change_of_time():
    """29 March 2027 is in summer time; the same Monday a year later, 27 March 2028, also."""
    edition = make_archive(year=2026, results_published_at=paris(2026, 3, 29, 12))
    moved = moved_dates(edition, 2027)["results_published_at"].astimezone(PARIS)
    assert (moved.hour, moved.utcoffset().total_seconds()) == (12, 7200)
    edition = make_archive(year=2025, results_published_at=paris(2025, 3, 31, 12))
    moved = moved_dates(edition, 2026)["results_published_at"].astimezone(PARIS)
    assert (moved.day, moved.hour) == (30, 12)


def test_missing_dates_stay_missing():
    moved = moved_dates(make_archive(year=2014), 2028)
    assert [name for name in DATES if moved[name]] == ["results_published_at"]


# What is copied ---------------------------------------------------------------------------------


@pytest.fixture
def source():
    edition = dated_edition(
        ordinal=3,
        summary="Une phrase.",
        presentation="<p>Présentation.</p>",
        perspectives="<p>Bilan.</p>",
        credits="Maquette : X.",
        most_files=3,
        largest_file=7,
        last_number=12,
    )
    edition.departments.set(Department.objects.filter(code__in=["25", "39"]))
    make_criterion(edition=edition, label="Audace", weight=30, help="Aide", position=2)
    prize = make_prize(edition=edition, name="Grand prix", funder=make_organisation())
    make_laureate(prize=prize)
    make_regulation(edition=edition, version=1, text="<p>Ancien.</p>")
    make_regulation(edition=edition, version=2, text="<p>Nouveau.</p>", adopted_on="2026-09-01")
    EligibilityRule.objects.create(
        edition=edition, kind="structure", structures=["association"], explanation="Parce que."
    )
    EligibilityRule.objects.create(
        edition=edition, kind="age", months=6, explanation="Trop jeune.", advisor=prize.funder
    )
    make_figure(edition=edition)
    make_deposited(edition=edition)
    make_jury_member(edition=edition)
    return edition


def rows(queryset, *names):
    return list(queryset.values_list(*names))


def test_clone_is_a_draft_with_the_settings_and_texts(source):
    dates = moved_dates(source, 2028)
    made = services.clone_edition(source, year=2028, dates=dates)
    made = Edition.objects.get(pk=made.pk)
    assert (made.year, made.ordinal, made.published_at) == (2028, 4, None)
    assert {name: getattr(made, name) for name in DATES} == dates
    assert (made.summary, made.presentation) == ("Une phrase.", "<p>Présentation.</p>")
    assert (made.most_files, made.largest_file) == (3, 7)
    assert set(made.departments.all()) == set(source.departments.all())
    for name, columns in {
        "criteria": ["label", "weight", "help", "levels", "position"],
        "prizes": ["name", "amount", "quantity", "funder", "description", "position"],
        "eligibility_rules": ["kind", "structures", "months", "explanation", "advisor"],
    }.items():
        copied = rows(getattr(made, name), *columns)
        assert copied == rows(getattr(source, name), *columns)
        assert copied
    assert rows(made.regulations, "version", "text", "adopted_on") == [(1, "<p>Nouveau.</p>", None)]


def test_clone_takes_nothing_that_happened(source):
    made = services.clone_edition(source, year=2028, dates=moved_dates(source, 2028))
    made = Edition.objects.get(pk=made.pk)
    assert (made.perspectives, made.credits, made.ceremony, made.last_number) == ("", "", None, 0)
    for name in ["figures", "candidatures", "jury_members"]:
        assert getattr(source, name).exists()
        assert not getattr(made, name).exists(), name
    assert not any(prize.laureates.exists() for prize in made.prizes.all())


def test_source_is_left_as_it_was(source):
    before = {name: rows(getattr(source, name), "pk", "edition") for name in ["criteria", "prizes"]}
    services.clone_edition(source, year=2028, dates=moved_dates(source, 2028))
    after = {name: rows(getattr(source, name), "pk", "edition") for name in before}
    assert after == before
    assert source.prizes.get().laureates.count() == 1


def test_year_that_is_taken_is_refused(source):
    make_edition(year=2028, published_at=None)
    with pytest.raises(NotAllowed, match="L’édition 2028 existe déjà"):
        services.clone_edition(source, year=2028, dates=moved_dates(source, 2028))
    assert Edition.objects.count() == 2


def test_archive_without_anything_is_cloned_too():
    made = services.clone_edition(make_archive(year=2014), year=2028, dates=dict.fromkeys(DATES))
    assert (made.ordinal, made.criteria.count(), made.regulations.count()) == (None, 0, 0)
