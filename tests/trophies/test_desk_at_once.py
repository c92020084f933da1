"""Two of the team make the same gesture in the same second, or cross a holder's."""

import pytest
from django.utils import timezone
from post_office.models import Email

from accounts.models import User
from places import loader
from places.models import Commune, Department, Epci
from tests.factories import ago, ahead, make_candidature, make_deposited, make_edition, make_user
from tests.threads import in_parallel
from trophies import services
from trophies.models import Deposit, Edition, Extension, PieceRequest
from trophies.services.editions import DATES
from trophies.workflow import NotAllowed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("places")]


@pytest.fixture
def places(transactional_db):
    """Tests in several connections commit, then empty every table: what migrations load too."""
    loader.load(Department, Epci, Commune)


@pytest.fixture
def two():
    return [make_user(roles=["team"]) for _ in range(2)]


def closed(**changes):
    return make_edition(closes_at=ago(hours=1), **changes)


def made(results):
    return [row for row in results if not isinstance(row, Exception)]


def both(two, candidature, service, **options):
    """The same gesture by two people at once, on one candidature."""
    calls = [lambda by=by: service(candidature, by=by, **options) for by in two]
    return in_parallel(*calls, behind=candidature)


def test_two_extensions_at_once_make_one(two):
    candidature = make_candidature(edition=closed())
    results = both(two, candidature, services.extend, until=ahead(days=2), reason="Panne.")
    assert len(made(results)) == Extension.objects.count() == Email.objects.count() == 1


def test_two_deposits_for_a_holder_at_once_make_one(two):
    candidature = make_candidature(edition=closed())
    results = both(two, candidature, services.deposit_for, reason="Panne.")
    assert len(made(results)) == Deposit.objects.count() == 1
    candidature.refresh_from_db()
    assert candidature.status_changes.count() == Email.objects.count() == 1


def test_holder_and_team_deposit_at_once(two):
    candidature = make_candidature(edition=make_edition())
    holder = candidature.holders.get()
    results = in_parallel(
        lambda: services.deposit_for(candidature, by=two[0], reason="Panne."),
        lambda: services.deposit(candidature=candidature, by=holder, received_at=timezone.now()),
        behind=candidature,
    )
    assert made(results)
    assert Deposit.objects.count() == candidature.status_changes.count() == 1


def test_two_requests_at_once_make_one(two):
    candidature = make_deposited(edition=closed())
    Email.objects.all().delete()
    first, second = both(two, candidature, services.ask_piece, message="Le budget.")
    assert first == second
    assert PieceRequest.objects.count() == Email.objects.count() == 1


def test_two_answers_at_once_make_one_and_say_so(two):
    candidature = make_deposited(edition=closed())
    asked = services.ask_piece(candidature, message="Le budget.", by=two[0])
    candidature.holders.add(make_user())
    calls = [
        lambda by=by: services.answer_piece(
            asked, text=f"De {by.email}.", files=[], by=by, received_at=timezone.now()
        )
        for by in candidature.holders.all()
    ]
    results = in_parallel(*calls, behind=candidature)
    assert len(made(results)) == 1
    assert sum(isinstance(row, NotAllowed) for row in results) == 1
    assert Deposit.objects.count() == 2


def test_two_hand_overs_at_once_follow_one_another(two):
    candidature = make_candidature()
    calls = [
        lambda by=by, email=email: services.hand_over(
            candidature, to_email=email, reason="Départ.", by=by
        )
        for by, email in zip(two, ["a@rallynov.example", "b@rallynov.example"], strict=True)
    ]
    assert len(made(in_parallel(*calls, behind=candidature))) == 2
    assert candidature.holders.count() == 1
    last = candidature.holder_changes.last()
    assert (last.action, last.user) == ("added", candidature.holders.get())
    assert User.objects.filter(email__in=["a@rallynov.example", "b@rallynov.example"]).count() == 2


def test_two_clones_of_one_year_at_once_make_one():
    edition = closed(year=2040)
    dates = dict.fromkeys(DATES)
    calls = [lambda: services.clone_edition(edition, year=2041, dates=dates)] * 2
    results = in_parallel(*calls, behind=edition)
    assert [str(row) for row in results if isinstance(row, Exception)] == [
        "L’édition 2041 existe déjà."
    ]
    assert Edition.objects.filter(year=2041).count() == 1
