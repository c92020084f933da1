"""Two secretaries at the same ballot in the same second: one count, and nothing between."""

import pytest

from accounts.roles import Role
from places import loader
from places.models import Commune, Department, Epci
from tests.factories import make_user
from tests.threads import in_parallel
from tests.trophies.meeting import (
    OUT,
    chosen,
    make_ballot,
    make_read_edition,
    make_session,
    tie,
    users_of,
    voices,
)
from trophies import services
from trophies.models import Ballot, JurySession
from trophies.workflow import NotAllowed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("places")]


@pytest.fixture
def places(transactional_db):
    """Tests in several connections commit, then empty every table: what migrations load too."""
    loader.load(Department, Epci, Commune)


@pytest.fixture
def edition():
    return make_read_edition(files=2)


def refusals(results):
    return [str(result) for result in results if isinstance(result, NotAllowed)]


def test_two_counts_at_once_make_one(edition):
    session = make_session(edition)
    ballot = make_ballot(session)
    results = in_parallel(
        lambda: services.close_ballot(ballot, votes=voices(ballot, 3, 0), abstentions=0),
        lambda: services.close_ballot(ballot, votes=voices(ballot, 0, 3), abstentions=0),
        behind=session,
    )
    assert refusals(results) == ["Le scrutin 1 est déjà dépouillé."]
    winner = "Dossier 0" if isinstance(results[1], NotAllowed) else "Dossier 1"
    assert chosen(ballot) == [winner]
    assert sum(ballot.choices.values_list("votes", flat=True)) == 3


def test_count_and_departure_at_once_agree(edition):
    """Either the voter is counted and then goes out, or is out and then the figures are wrong."""
    session = make_session(edition)
    ballot, user = make_ballot(session), users_of(edition)[0]
    results = in_parallel(
        lambda: services.close_ballot(ballot, votes=voices(ballot, 3, 0), abstentions=0),
        lambda: services.move(session, user=user, state=OUT),
        behind=session,
    )
    if refusals(results):
        assert "3 voix pour 2 suffrages exprimés" in refusals(results)[0]
        assert not Ballot.objects.get().is_closed
    else:
        assert ballot.voters.count() == 3
    assert session.presences.get(user=user).state == OUT


def test_two_ballots_at_once_open_one(edition):
    session = make_session(edition)
    results = in_parallel(
        lambda: make_ballot(session), lambda: make_ballot(session), behind=session
    )
    assert len(refusals(results)) == 1
    assert Ballot.objects.count() == 1


def test_two_sessions_called_at_once_have_two_numbers(edition):
    in_parallel(
        lambda: make_session(edition, is_open=False),
        lambda: make_session(edition, is_open=False),
        behind=edition,
    )
    assert sorted(JurySession.objects.values_list("number", flat=True)) == [1, 2]


def test_two_sessions_opened_at_once_open_one(edition):
    one, other = (make_session(edition, is_open=False) for _ in range(2))
    results = in_parallel(
        lambda: services.open_session(one), lambda: services.open_session(other), behind=edition
    )
    assert len(refusals(results)) == 1
    assert JurySession.objects.filter(opened_at__isnull=False).count() == 1


def test_dropped_and_counted_at_once(edition):
    session = make_session(edition)
    ballot = make_ballot(session)
    votes = voices(ballot, 3, 0)
    results = in_parallel(
        lambda: services.close_ballot(ballot, votes=votes, abstentions=0),
        lambda: services.drop_ballot(ballot),
        behind=session,
    )
    assert len(refusals(results)) == 1
    assert Ballot.objects.count() == (results[0] is not None and not refusals(results[:1]))


def test_tie_declared_before_the_count_sends_out(edition):
    session = make_session(edition)
    ballot, user = make_ballot(session), users_of(edition)[0]
    tie(user, ballot.candidatures.first())
    team = make_user(roles=[Role.TEAM])
    results = in_parallel(
        lambda: services.close_ballot(ballot, votes=voices(ballot, 3, 0), abstentions=0),
        lambda: services.add_person(session, user=team),
        behind=session,
    )
    assert str(user) in refusals(results)[0]
