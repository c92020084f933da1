"""Two of the team at the plan in the same second, or one of them and a juror: nothing is lost."""

import pytest

from accounts.roles import Role
from places import loader
from places.models import Commune, Department, Epci
from tests.factories import make_deposited, make_user
from tests.threads import in_parallel
from tests.trophies.test_plan import (
    begin,
    make_edition,
    member_of,
    open_jury,
    pairs,
    readers,
    tie,
)
from trophies import services
from trophies.models import Assignment, Evaluation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("places")]


@pytest.fixture
def places(transactional_db):
    """Tests in several connections commit, then empty every table: what migrations load too."""
    loader.load(Department, Epci, Commune)


@pytest.fixture
def two():
    return [make_user(roles=[Role.TEAM]) for _ in range(2)]


def test_two_plans_at_once_make_one(two):
    edition = make_edition(files=6, jurors=4, each=2)
    calls = [lambda by=by: services.make_plan(edition, by=by) for by in two]
    assert in_parallel(*calls, behind=edition) == [None, None]
    assert Assignment.objects.count() == 12
    assert set(readers(edition).values()) == {2}


def test_repair_and_departure_at_once(two):
    edition = make_edition(files=6, jurors=5, each=2)
    services.make_plan(edition, by=two[0])
    edition = open_jury(edition)
    lost = member_of(edition, 1).assignments.first()
    tie(lost.jury_member, lost.candidature)
    results = in_parallel(
        lambda: services.make_plan(edition, by=two[0]),
        lambda: services.drop_out(member_of(edition), by=two[1]),
        behind=edition,
    )
    assert set(results) == {None, ""}
    assert set(readers(edition).values()) == {2}
    assert not member_of(edition).assignments.exists()


def test_two_departures_at_once(two):
    edition = make_edition(files=6, jurors=5, each=2)
    services.make_plan(edition, by=two[0])
    calls = [
        lambda by=by, rank=rank: services.drop_out(member_of(edition, rank), by=by)
        for rank, by in enumerate(two)
    ]
    assert in_parallel(*calls, behind=edition) == ["", ""]
    assert set(readers(edition).values()) == {2}


def test_reading_that_is_begun_during_a_repair_is_kept(two):
    edition = make_edition(files=6, jurors=4, each=2)
    services.make_plan(edition, by=two[0])
    edition = open_jury(edition)
    lost, begun = Assignment.objects.order_by("pk")[:2]
    tie(lost.jury_member, lost.candidature)
    in_parallel(
        lambda: services.make_plan(edition, by=two[0]),
        lambda: begin(begun, is_signed=False),
        behind=begun,
    )
    assert Evaluation.objects.get().assignment == begun
    assert (begun.jury_member_id, begun.candidature_id) in pairs(edition)
    assert set(readers(edition).values()) == {2}


def test_two_files_accepted_at_once_are_given_to_everyone(two):
    edition = make_edition(files=0, jurors=3, each=None)
    files = [make_deposited(edition=edition) for _ in range(2)]
    calls = [
        lambda by=by, file=file: services.change_status(file, "accept", by=by)
        for by, file in zip(two, files, strict=True)
    ]
    in_parallel(*calls, behind=edition)
    assert len(pairs(edition)) == Assignment.objects.count() == 6
