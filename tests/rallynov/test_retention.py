"""Each kind of thing stays until its day, and goes after it."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Consent, User
from events.models import ImageAuthorisation, Registration
from initiatives.models import Contribution
from rallynov.periodic import EVERY_MINUTE
from rallynov.privacy.purge import purge, purge_daily
from rallynov.privacy.retention import duration, months_before
from tests.factories import (
    ago,
    make_authorisation,
    make_candidature,
    make_contribution,
    make_deposited,
    make_edition,
    make_event,
    make_photo,
    make_registration,
    make_sheet_holder,
    make_user,
)
from trophies.models import Candidature, PieceRequest

pytestmark = pytest.mark.django_db

MONTH = 30.5


def months(count):
    return ago(days=round(count * MONTH))


def closed(at):
    return make_edition(opens_at=at - timedelta(days=60), closes_at=at)


def goes(row):
    purge()
    return not type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("age", "is_gone"), [(5.5, False), (6.5, True)])
def test_draft_stays_six_months_after_its_call(age, is_gone):
    assert goes(make_candidature(edition=closed(months(age)))) == is_gone


def test_draft_with_more_time_stays_six_months_after_that():
    draft = make_candidature(edition=closed(months(7)), extended_until=months(5))
    assert not goes(draft)


def test_call_that_runs_keeps_its_drafts():
    assert not goes(make_candidature(edition=make_edition()))


@pytest.mark.parametrize(("age", "is_gone"), [(23.5, False), (24.5, True)])
def test_candidature_loses_its_words_two_years_after_the_results(age, is_gone):
    dates = ["opens_at", "closes_at", "jury_opens_at", "jury_closes_at", "results_published_at"]
    edition = make_edition(**{name: months(age + 4 - n) for n, name in enumerate(dates)})
    file = make_deposited(edition=edition, title="Le four")
    purge()
    file = Candidature.objects.get(pk=file.pk)
    assert (file.title, file.last_deposit.title) == (
        ("", "") if is_gone else ("Le four", "Le four")
    )
    assert file.holders.exists() != is_gone
    assert file.last_deposit.sha256


@pytest.mark.parametrize(
    ("age", "name", "needs"),
    [(0.5, "Ana", "Une rampe"), (2, "Ana", ""), (4, "Personne effacée", "")],
)
def test_registration_loses_its_needs_then_its_name(age, name, needs):
    event = make_event(starts_at=months(age))
    row = make_registration(event, name="Ana", needs="Une rampe")
    purge()
    row.refresh_from_db()
    assert (row.name, row.needs) == (name, needs)


def test_registration_that_held_no_place_goes_whole():
    event = make_event(starts_at=months(4))
    assert goes(make_registration(event, status="cancelled", ended_at=months(5)))


def test_long_event_counts_from_its_end():
    event = make_event(starts_at=months(4), ends_at=months(2))
    row = make_registration(event, name="Ana")
    purge()
    assert Registration.objects.get(pk=row.pk).name == "Ana"


def test_contribution_goes_a_year_after_its_answer():
    team = make_user()
    old = {"state": "refused", "answered_by": team}
    gone = make_contribution(answered_at=months(13), **old)
    kept = make_contribution(answered_at=months(11), **old)
    waiting = make_contribution()
    Contribution.objects.filter(pk=waiting.pk).update(created_at=months(30))
    purge()
    assert set(Contribution.objects.all()) == {kept, waiting}
    assert gone not in Contribution.objects.all()


def test_authorisation_loses_its_name_and_still_hides():
    photo, signed_on = make_photo(make_event()), months(20).date()
    ended = {"signed_on": signed_on, "withdrawn_on": months(13).date()}
    row = make_authorisation(photo, person="Ana", **ended)
    purge()
    assert ImageAuthorisation.objects.get(pk=row.pk).person == "Personne effacée"


@pytest.mark.parametrize(("age", "is_gone"), [(11, False), (13, True)])
def test_log_stays_a_year(age, is_gone):
    entry = LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(User),
        object_repr="x",
        action_flag=CHANGE,
    )
    LogEntry.objects.update(action_time=months(age))
    assert goes(entry) == is_gone


# Accounts ---------------------------------------------------------------------------------------


def idle(**changes):
    return make_user(**{"name": "Ana", "joined_at": months(30), "last_login": months(13)} | changes)


def test_account_that_is_of_no_use_goes_a_year_after_its_last_visit():
    assert goes(idle())


@pytest.mark.parametrize(
    "changes", [{"last_login": ago(days=40)}, {"is_superuser": True}, {"roles": ["team"]}]
)
def test_account_that_is_of_use_stays(changes):
    assert not goes(idle(**changes))


def test_account_that_holds_a_sheet_stays():
    user = idle()
    make_sheet_holder(user=user)
    assert not goes(user)


def test_account_that_signs_what_is_kept_stays():
    user = idle()
    PieceRequest.objects.create(
        candidature=make_candidature(edition=make_edition()), message="Le plan ?", by=user
    )
    assert not goes(user)


# The whole --------------------------------------------------------------------------------------


def test_durations_are_those_of_the_settings(settings):
    settings.RETENTION = settings.RETENTION | {"drafts": 8}
    assert not goes(make_candidature(edition=closed(months(7))))
    assert (duration("drafts"), duration("accounting"), duration("jury")) == (
        "8 mois", "10 ans", "24 mois",
    )  # fmt: skip


def test_months_end_with_the_month():
    march = timezone.now().replace(year=2027, month=3, day=31)
    assert months_before(march, 1).day == 28
    assert months_before(march, 13).month == 2


def test_worker_purges_once_a_day():
    assert purge_daily in EVERY_MINUTE
    cache.clear()
    draft = make_candidature(edition=closed(months(7)))
    purge_daily()
    assert not Candidature.objects.filter(pk=draft.pk).exists()
    later = make_candidature(edition=closed(months(8)))
    purge_daily()
    assert Candidature.objects.filter(pk=later.pk).exists()


def test_trial_changes_nothing():
    draft = make_candidature(edition=closed(months(7)))
    assert purge(is_trial=True)["drafts"]["brouillon"] == 1
    assert Candidature.objects.filter(pk=draft.pk).exists()
    assert Consent.objects.count() == 0
