"""Who is in the room, who votes, who has to go out."""

import pytest

from accounts.roles import Role
from tests.factories import make_user
from tests.trophies.meeting import (
    IN,
    OUT,
    files_of,
    make_read_edition,
    make_session,
    tie,
    users_of,
)
from trophies import services
from trophies.models import ConflictOfInterest
from trophies.room import room_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return make_read_edition()


def test_room_of_a_jury(edition):
    session = make_session(edition, quorum=2, present=users_of(edition)[:1])
    room = room_of(session)
    assert len(room.voters) == 1
    assert len(room.jurors) == 3
    assert not room.has_quorum
    assert room.may_rank
    services.move(session, user=users_of(edition)[1], state=IN)
    assert room_of(session).has_quorum


def test_who_attends_comes_last_and_has_no_voice(edition):
    session = make_session(edition)
    team = make_user(roles=[Role.TEAM], name="Camille")
    services.add_person(session, user=team)
    services.move(session, user=team, state=IN)
    room = room_of(session)
    assert [str(each) for each in room.people] == ["Juré 0", "Juré 1", "Juré 2", "Camille"]
    assert [each.has_voice for each in room.people] == [True, True, True, False]
    assert len(room.voters) == 3


def test_recusals_are_those_of_people_in_the_room(edition):
    first, second, _ = users_of(edition)
    one, two, _ = files_of(edition)
    session = make_session(edition)
    tie(first, one)
    tie(second, one)
    tie(second, two)
    room = room_of(session)
    assert room.recusals == {one.pk: [first, second], two.pk: [second]}
    assert not room.may_rank
    services.move(session, user=second, state=OUT)
    room = room_of(session)
    assert room.recusals == {one.pk: [first]}
    assert [str(each) for each in room.recused_outside] == ["Juré 1"]
    services.move(session, user=first, state=OUT)
    room = room_of(session)
    assert room.recusals == {}
    assert room.may_rank


def test_ties_that_hide_nothing_are_no_recusal(edition):
    """A weak sign alone, a file that is not judged, a person who was not called."""
    session = make_session(edition)
    first, second, _ = users_of(edition)
    one, two, three = files_of(edition)
    tie(first, one, origin=ConflictOfInterest.Origin.DETECTED, signs=["commune"], reason="")
    tie(make_user(), two)
    tie(second, three)
    services.change_status(three, "refuse", by=make_user(roles=[Role.TEAM]), reason="Hors sujet.")
    assert room_of(session).recusals == {}


def test_chair_is_the_president_in_the_room_or_else_the_deputy(edition):
    first, second, third = edition.jury_members.order_by("pk")
    session = make_session(edition)
    assert room_of(session).chair is None
    for member, role in ((second, "president"), (third, "deputy")):
        member.role = role
        member.save()
    assert room_of(session).chair == second
    services.move(session, user=second.user, state=OUT)
    assert room_of(session).chair == third
    assert room_of(session).casting == third
    services.move(session, user=third.user, state=OUT)
    assert room_of(session).casting is None


def test_queries_do_not_grow(django_assert_num_queries):
    for size in (1, 3):
        edition = make_read_edition(files=size, jurors=size)
        session = make_session(edition, quorum=1)
        for user in users_of(edition):
            for file in files_of(edition):
                tie(user, file)
        with django_assert_num_queries(4):
            room = room_of(session)
            assert len(room.recusals) == size
            assert [str(each) for each in room.people]
