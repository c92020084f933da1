"""The meetings of the jury: called, opened, voted, closed; and all that they refuse."""

import pytest
from django.db import DatabaseError, transaction

from accounts.roles import Role
from tests.factories import ago, ahead, make_eligible, make_jury_member, make_prize, make_user
from tests.trophies.meeting import (
    ABSENT,
    IN,
    OUT,
    PLANNED,
    chosen,
    files_of,
    make_ballot,
    make_read_edition,
    make_session,
    tie,
    users_of,
    voices,
)
from trophies import services
from trophies.ballots import Casting
from trophies.models import Ballot, BallotChoice, JurySession
from trophies.services.sessions import CastingNeeded
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return make_read_edition()


@pytest.fixture
def session(edition):
    return make_session(edition)


def refused(words, call, *args, **kwargs):
    with pytest.raises(NotAllowed) as refusal:
        call(*args, **kwargs)
    assert words in str(refusal.value).replace("\u202f", " ").replace("\xa0", " ")


def seat(edition, rank, role):
    member = edition.jury_members.order_by("pk")[rank]
    member.role = role
    member.save()
    return member


# The meeting ------------------------------------------------------------------------------------


def test_session_calls_who_sits(edition):
    services.drop_out(edition.jury_members.last(), by=make_user(roles=[Role.TEAM]))
    session = services.call_session(edition, **PLANNED, quorum=2)
    assert session.number == 1
    assert [row.user for row in session.presences.all()] == users_of(edition)[:2]
    assert set(session.presences.values_list("state", flat=True)) == {ABSENT}
    assert services.call_session(edition, **PLANNED, quorum=2).number == 2


def test_session_is_called_before_the_readings_end(edition):
    edition.jury_closes_at = ahead(days=1)
    edition.save()
    session = services.call_session(edition, **PLANNED, quorum=1)
    refused("Le jury délibère entre la fin des lectures", services.open_session, session)


def test_impossible_sessions_are_refused(edition):
    refused("3 personnes siègent", services.call_session, edition, **PLANNED, quorum=4)
    session = services.call_session(edition, **PLANNED, quorum=3)
    refused("3 personnes siègent", services.change_session, session, **PLANNED, quorum=4)
    edition.results_published_at = ago(seconds=1)
    edition.save()
    refused("ne se réunit plus", services.call_session, edition, **PLANNED, quorum=2)
    refused("Le jury délibère entre", services.open_session, session)


def test_session_changes_until_it_opens(edition):
    session = make_session(edition, is_open=False, quorum=2)
    moved = services.change_session(session, **PLANNED | {"place": "Vesoul"}, quorum=3)
    assert (moved.place, moved.quorum) == ("Vesoul", 3)
    services.open_session(session)
    refused("ni sa date ni son quorum", services.change_session, session, **PLANNED, quorum=1)
    assert JurySession.objects.get().quorum == 3


def test_one_session_is_open_at_a_time(edition, session):
    other = services.call_session(edition, **PLANNED, quorum=2)
    refused("Levez d’abord la séance 1", services.open_session, other)
    refused("déjà ouverte", services.open_session, session)
    services.close_session(session)
    assert services.open_session(other).is_open
    refused("n’est pas ouverte", services.close_session, session)
    refused("est déjà ouverte", services.open_session, session)


def test_opening_calls_who_joined_meanwhile(edition):
    session = make_session(edition, is_open=False)
    late = make_jury_member(edition=edition)
    services.open_session(session)
    assert session.presences.get(user=late.user).state == ABSENT


def test_second_round_holds_the_session_back(edition):
    session = make_session(edition, is_open=False)
    edition.second_opened_at, edition.second_closes_at = ago(minutes=1), ahead(days=1)
    edition.save()
    refused("Le jury délibère entre", services.open_session, session)


# The room ---------------------------------------------------------------------------------------


def test_people_come_and_go_until_the_end(edition, session):
    user = users_of(edition)[0]
    for state in (OUT, OUT, ABSENT, IN):
        assert services.move(session, user=user, state=state).state == state
    refused("n’est pas appelée", services.move, session, user=make_user(), state=IN)
    refused("n’est pas appelée", services.move, session, user=user, state="flying")
    services.close_session(session)
    refused("est levée", services.move, session, user=user, state=OUT)


def test_the_team_attends(edition, session):
    team, root = make_user(roles=[Role.TEAM]), make_user(is_superuser=True)
    late = make_jury_member(edition=edition).user
    for user in (team, root, late, late):
        assert services.add_person(session, user=user).state == ABSENT
    assert session.presences.count() == 6
    for stranger in (make_user(), make_user(roles=[Role.JURY]), make_jury_member().user):
        refused("ni de l’équipe ni de ce jury", services.add_person, session, user=stranger)
    refused("ni de l’équipe", services.add_person, session, user=make_user(is_active=False))
    services.close_session(session)
    refused("est levée", services.add_person, session, user=make_user(roles=[Role.TEAM]))


# Ballots ----------------------------------------------------------------------------------------


def test_ballot_is_counted(edition, session):
    prize = edition.prizes.get()
    ballot = make_ballot(session, prize=prize)
    assert (ballot.number, ballot.prize, ballot.is_closed) == (1, prize, False)
    counted = services.close_ballot(ballot, votes=voices(ballot, 0, 2, 0), abstentions=1)
    assert counted.is_closed
    assert counted.abstentions == 1
    assert [seat.user for seat in counted.voters.order_by("pk")] == users_of(edition)
    assert chosen(ballot) == ["Dossier 1"]
    assert list(ballot.choices.order_by("pk").values_list("votes", flat=True)) == [0, 2, 0]
    assert make_ballot(session).number == 2


def test_counted_ballot_is_final(edition, session):
    ballot = make_ballot(session)
    votes = voices(ballot, 2, 1, 0)
    services.close_ballot(ballot, votes=votes, abstentions=0)
    refused("déjà dépouillé", services.close_ballot, ballot, votes=votes, abstentions=0)
    refused("déjà dépouillé", services.drop_ballot, ballot)
    for rows, changes in [
        (Ballot.objects.all(), {"abstentions": 2}),
        (BallotChoice.objects.all(), {"votes": 3}),
    ]:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**changes)
    assert chosen(ballot) == ["Dossier 0"]


def test_only_who_is_in_the_room_votes(edition, session):
    """Not who is out, nor absent, nor attends, nor has left the jury."""
    first, second, third = users_of(edition)
    team = make_user(roles=[Role.TEAM])
    services.add_person(session, user=team)
    services.move(session, user=team, state=IN)
    services.move(session, user=third, state=OUT)
    ballot = make_ballot(session)
    services.close_ballot(ballot, votes=voices(ballot, 2, 0, 0), abstentions=0)
    assert {seat.user for seat in ballot.voters.all()} == {first, second}
    services.move(session, user=third, state=IN)
    services.drop_out(edition.jury_members.get(user=second), by=team)
    ballot = make_ballot(session)
    services.close_ballot(ballot, votes=voices(ballot, 2, 0, 0), abstentions=0)
    assert {seat.user for seat in ballot.voters.all()} == {first, third}


def test_quorum_is_asked_for(edition, session):
    ballot = make_ballot(session)
    for user in users_of(edition)[:2]:
        services.move(session, user=user, state=OUT)
    votes = voices(ballot, 1, 0, 0)
    refused(
        "1 juré dans la salle, il en faut 2",
        services.close_ballot, ballot, votes=votes, abstentions=0,
    )  # fmt: skip
    services.move(session, user=users_of(edition)[0], state=IN)
    assert services.close_ballot(ballot, votes=votes, abstentions=1).is_closed


@pytest.mark.parametrize("is_juror", [True, False])
def test_who_has_a_tie_goes_out_first(edition, session, is_juror):
    user = users_of(edition)[0] if is_juror else make_user(roles=[Role.TEAM], name="Sacha")
    services.add_person(session, user=user)
    services.move(session, user=user, state=IN)
    tie(user, files_of(edition)[0])
    ballot = make_ballot(session)
    votes = voices(ballot, 2, 0, 0)
    refused(str(user), services.close_ballot, ballot, votes=votes, abstentions=0)
    refused("« Dossier 0 »", services.close_ballot, ballot, votes=votes, abstentions=0)
    services.move(session, user=user, state=OUT)
    assert services.close_ballot(ballot, votes=votes, abstentions=0).is_closed
    # On the other files, that person votes.
    services.move(session, user=user, state=IN)
    ballot = make_ballot(session, files=files_of(edition)[1:])
    assert services.close_ballot(ballot, votes=voices(ballot, 2, 0), abstentions=0).is_closed
    assert ballot.voters.count() == 3


def test_dismissed_tie_sends_nobody_out(edition, session):
    team = make_user(roles=[Role.TEAM])
    given = tie(users_of(edition)[0], files_of(edition)[0])
    services.rule(given, upheld=False, reason="Un homonyme.", by=team)
    ballot = make_ballot(session)
    assert services.close_ballot(ballot, votes=voices(ballot, 3, 0, 0), abstentions=0).is_closed


def test_impossible_counts_are_refused(edition, session):
    ballot = make_ballot(session)
    votes = voices(ballot, 4, 0, 0)
    refused(
        "« Dossier 0 » a 4 voix pour 3 suffrages exprimés.",
        services.close_ballot, ballot, votes=votes, abstentions=0,
    )  # fmt: skip
    refused("plus d’abstentions", services.close_ballot, ballot, votes=votes, abstentions=4)
    part = dict(list(votes.items())[:2])
    refused("Notez les voix", services.close_ballot, ballot, votes=part, abstentions=0)
    refused("Notez les voix", services.close_ballot, ballot, votes=votes | {0: 1}, abstentions=0)
    assert not Ballot.objects.get().is_closed


def test_impossible_ballots_are_refused(edition, session):
    files, other = files_of(edition), make_prize()
    refused("au moins un dossier", make_ballot, session, files=[])
    refused("pas plus que ceux", make_ballot, session, seats=4)
    refused("un dossier au moins", make_ballot, session, seats=0)
    refused("d’une autre édition", make_ballot, session, prize=other)
    stranger = make_eligible()
    refused("n’est pas parmi ceux", make_ballot, session, files=[files[0], stranger])
    make_ballot(session, files=files[:1])
    refused("déjà ouvert", make_ballot, session)
    refused("Le scrutin 1 est ouvert", services.close_session, session)


def test_session_that_is_not_open_votes_nothing(edition):
    session = make_session(edition, is_open=False)
    refused("n’est pas ouverte", make_ballot, session)
    services.open_session(session)
    services.close_session(session)
    refused("n’est pas ouverte", make_ballot, session)


def test_ballot_is_dropped(edition, session):
    ballot = make_ballot(session)
    services.drop_ballot(ballot)
    assert not Ballot.objects.exists()
    assert not BallotChoice.objects.exists()
    again = Ballot(pk=ballot.pk or 999, session=session)
    refused("abandonné", services.drop_ballot, again)
    assert make_ballot(session).number == 1


# The casting vote -------------------------------------------------------------------------------


@pytest.fixture
def level(edition):
    """A ballot between two files, with four voters."""
    make_jury_member(edition=edition)
    session = make_session(edition)
    return make_ballot(session, files=files_of(edition)[:2])


def test_president_breaks_a_tie(edition, level):
    president = seat(edition, 0, "president")
    seat(edition, 1, "deputy")
    votes = voices(level, 2, 2)
    with pytest.raises(CastingNeeded) as needed:
        services.close_ballot(level, votes=votes, abstentions=0)
    assert needed.value.chair == president
    assert set(needed.value.tied) == set(files_of(edition)[:2])
    assert "la présidence a voix prépondérante" in str(needed.value)
    second = files_of(edition)[1]
    counted = services.close_ballot(level, votes=votes, abstentions=0, casting=second.pk)
    assert counted.casting_by == president
    assert chosen(level) == ["Dossier 1"]
    assert level.choices.get(has_casting_vote=True).candidature == second


@pytest.mark.parametrize("state", [OUT, ABSENT])
def test_deputy_stands_in(edition, level, state):
    president, deputy = seat(edition, 0, "president"), seat(edition, 1, "deputy")
    services.move(level.session, user=president.user, state=state)
    votes = voices(level, 1, 1)
    with pytest.raises(CastingNeeded) as needed:
        services.close_ballot(level, votes=votes, abstentions=1)
    assert needed.value.chair == deputy
    first = files_of(edition)[0]
    counted = services.close_ballot(level, votes=votes, abstentions=1, casting=first.pk)
    assert counted.casting_by == deputy


def test_nobody_breaks_the_tie(edition, level):
    """Without a chair in the room: what is level does not pass, and may be voted again."""
    president = seat(edition, 0, "president")
    services.move(level.session, user=president.user, state=OUT)
    votes, first = voices(level, 1, 1), files_of(edition)[0]
    refused(
        "Personne dans la salle n’a voix prépondérante",
        services.close_ballot, level, votes=votes, abstentions=1, casting=first.pk,
    )  # fmt: skip
    counted = services.close_ballot(level, votes=votes, abstentions=1)
    assert counted.casting_by is None
    assert chosen(level) == []


def test_casting_vote_belongs_to_the_rules():
    edition = make_read_edition(files=2, jurors=2, tie_break=["criterion", "vote"])
    seat(edition, 0, "president")
    ballot = make_ballot(make_session(edition))
    votes = voices(ballot, 1, 1)
    refused(
        "Personne dans la salle n’a voix prépondérante",
        services.close_ballot, ballot, votes=votes, abstentions=0, casting=Casting.AGAINST,
    )  # fmt: skip
    assert services.close_ballot(ballot, votes=votes, abstentions=0).is_closed
    assert chosen(ballot) == []


def test_casting_vote_may_be_against(edition):
    president = seat(edition, 0, "president")
    session = make_session(edition, present=users_of(edition)[:2])
    ballot = make_ballot(session, files=files_of(edition)[:1])
    counted = services.close_ballot(
        ballot, votes=voices(ballot, 1), abstentions=0, casting=Casting.AGAINST
    )
    assert counted.casting_by == president
    assert chosen(ballot) == []
    assert not ballot.choices.filter(has_casting_vote=True).exists()


def test_casting_vote_without_a_tie_is_refused(edition, level):
    seat(edition, 0, "president")
    first, _, third = files_of(edition)
    call = services.close_ballot
    refused(
        "Rien n’est à égalité",
        call, level, votes=voices(level, 3, 1), abstentions=0, casting=first.pk,
    )  # fmt: skip
    refused(
        "qu’à un dossier à égalité",
        call, level, votes=voices(level, 2, 2), abstentions=0, casting=third.pk,
    )  # fmt: skip
