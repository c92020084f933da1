"""A juror signs, or begins, at the instant when the team ends the second round: real threads."""

import pytest

from accounts.roles import Role
from places import loader
from places.models import Commune, Department, Epci
from tests.factories import (
    ahead,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_page,
    make_reading_edition,
    make_user,
)
from tests.threads import in_parallel
from trophies import services
from trophies.models import Assignment, Candidature, Edition, Evaluation
from trophies.workflow import NotAllowed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("places")]


@pytest.fixture
def places(transactional_db):
    """Tests in several connections commit, then empty every table: what migrations load too."""
    loader.load(Department, Epci, Commune)


@pytest.fixture
def edition():
    make_page(key="contact")
    edition = make_reading_edition()
    make_criterion(edition=edition)
    files = [make_eligible(edition=edition) for _ in range(2)]
    make_jury_member(edition=edition)
    end_readings(edition)
    edition.refresh_from_db()
    by = make_user(roles=[Role.TEAM])
    return services.open_second_round(edition, files=files, closes_at=ahead(days=5), by=by)


def second():
    return Assignment.objects.filter(round=2).order_by("pk")


def test_signing_while_the_round_is_closed_is_one_then_the_other(edition):
    reading = second().first()
    make_evaluation(reading, [3], is_signed=False)
    signed, closed = in_parallel(
        lambda: services.sign(reading),
        lambda: services.close_second_round(edition),
        behind=reading,
    )
    evaluation, edition = Evaluation.objects.get(), Edition.objects.get(pk=edition.pk)
    assert not isinstance(closed, NotAllowed)
    assert not edition.is_in_second_round
    if isinstance(signed, NotAllowed):
        assert evaluation.signed_at is None
    else:
        assert evaluation.signed_at <= edition.second_closes_at


def test_beginning_while_the_round_is_cancelled_is_one_or_the_other(edition):
    reading = second().first()
    begun, cancelled = in_parallel(
        lambda: make_evaluation(reading, [3], is_signed=False),
        lambda: services.cancel_second_round(edition),
        behind=reading,
    )
    assert [isinstance(told, NotAllowed) for told in (begun, cancelled)].count(True) == 1
    assert second().count() == (2 if isinstance(cancelled, NotAllowed) else 0)
    assert Edition.objects.get(pk=edition.pk).has_second_round == second().exists()


def test_two_clicks_open_one_round(edition):
    services.cancel_second_round(edition)
    edition = Edition.objects.get(pk=edition.pk)
    files, by = list(Candidature.objects.all()), make_user(roles=[Role.TEAM])

    def open_round():
        return services.open_second_round(edition, files=files, closes_at=ahead(days=5), by=by)

    told = in_parallel(open_round, open_round, behind=edition)
    assert [isinstance(each, NotAllowed) for each in told].count(True) == 1
    assert second().count() == 2
