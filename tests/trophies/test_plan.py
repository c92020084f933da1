"""The plan of an edition: made, repaired, and what becomes of it when a juror leaves."""

from collections import Counter

import pytest

from accounts.roles import Role
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_reading_edition,
    make_theme,
    make_user,
)
from trophies import services
from trophies.models import Assignment, ConflictOfInterest, Edition
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db


def make_edition(*, files=6, jurors=4, each=2, is_open=False, **changes):
    """An edition with eligible files and a jury, before its readings or amid them."""
    opens_at = ago(days=5) if is_open else ahead(days=5)
    dates = {"jury_opens_at": opens_at, "jury_closes_at": ahead(days=30)}
    dates["results_published_at"] = ahead(days=40)
    edition = make_reading_edition(readings_per_file=each, **dates | changes)
    make_criterion(edition=edition)
    for rank in range(files):
        make_eligible(edition=edition, title=f"Dossier {rank}")
    for rank in range(jurors):
        make_jury_member(edition=edition, user=make_user(name=f"Juré {rank}", roles=[Role.JURY]))
    return edition


@pytest.fixture
def by():
    return make_user(roles=[Role.TEAM])


def tie(member, file, **changes):
    return ConflictOfInterest.objects.create(
        user=member.user, candidature=file, reason="Un ami.", **changes
    )


def pairs(edition):
    rows = Assignment.objects.counting().filter(jury_member__edition=edition)
    return set(rows.values_list("jury_member", "candidature"))


def readers(edition):
    return Counter(file for _, file in pairs(edition))


def open_jury(edition):
    Edition.objects.filter(pk=edition.pk).update(jury_opens_at=ago(days=1))
    return Edition.objects.get(pk=edition.pk)


def member_of(edition, rank=0):
    return edition.jury_members.order_by("pk")[rank]


def file_of(edition, rank=0):
    return edition.candidatures.order_by("pk")[rank]


# A plan is made ---------------------------------------------------------------------------------


def test_each_file_gets_its_readers_outside_ties(by):
    edition = make_edition(files=8, jurors=5, each=3)
    member, file = member_of(edition), file_of(edition)
    tie(member, file)
    own = file_of(edition, 1)
    own.holders.add(member_of(edition, 1).user)
    services.make_plan(edition, by=by)
    assert set(readers(edition).values()) == {3}
    assert len(readers(edition)) == 8
    assert not {(member.pk, file.pk), (member_of(edition, 1).pk, own.pk)} & pairs(edition)
    assert Assignment.objects.count() == 24
    edition.refresh_from_db()
    assert edition.plan_seed is not None


def test_nothing_is_given_before_a_plan_is_made():
    edition = make_edition(each=2)
    assert not Assignment.objects.exists()
    services.distribute(edition)
    assert not Assignment.objects.exists()


def test_readers_know_the_themes_that_were_deposited(by):
    """A theme that is changed after the deposit is not what is read."""
    edition = make_edition(files=0, jurors=4, each=1)
    water, air = make_theme(slug="eau-vive"), make_theme(slug="air-pur")
    file = make_eligible(edition=edition, themes=[water])
    file.themes.set([air])
    member_of(edition, 1).themes.add(air)
    member_of(edition, 2).themes.add(water)
    services.make_plan(edition, by=by)
    assert pairs(edition) == {(member_of(edition, 2).pk, file.pk)}


def test_ceiling_of_a_juror_holds(by):
    edition = make_edition(files=6, jurors=3, each=2)
    edition.jury_members.filter(pk=member_of(edition).pk).update(ceiling=1)
    services.make_plan(edition, by=by)
    loads = Counter(juror for juror, _ in pairs(edition))
    assert loads[member_of(edition).pk] == 1


def test_another_draw_replaces_what_nobody_began(by):
    edition = make_edition(files=8, jurors=6, each=2)
    services.make_plan(edition, by=by)
    before, seed = pairs(edition), Edition.objects.get(pk=edition.pk).plan_seed
    services.make_plan(edition, by=by)
    assert Edition.objects.get(pk=edition.pk).plan_seed != seed
    assert pairs(edition) != before
    assert Assignment.objects.count() == 16


def test_orders_are_balanced_and_leave_room(by):
    edition = make_edition(files=10, jurors=6, each=None)
    services.make_plan(edition, by=by)
    places = Counter()
    for member in edition.jury_members.all():
        order = member.assignments.order_by("position").values_list("candidature", flat=True)
        places.update({file: place for place, file in enumerate(order)})
    assert len(places) == 10
    assert max(abs(total / 6 - 4.5) for total in places.values()) <= 1
    positions = member_of(edition).assignments.values_list("position", flat=True)
    assert min(abs(one - other) for one in positions for other in positions if one != other) > 1000


def test_impossible_plan_names_files_and_jurors_and_changes_nothing(by):
    edition = make_edition(files=3, jurors=3, each=3)
    tie(member_of(edition), file_of(edition, 1))
    with pytest.raises(NotAllowed) as refusal:
        services.make_plan(edition, by=by)
    assert "« Dossier 1 »" in str(refusal.value)
    assert "Dossier 0" not in str(refusal.value)
    edition.refresh_from_db()
    assert edition.plan_seed is None
    assert not Assignment.objects.exists()
    edition.jury_members.update(ceiling=1)
    with pytest.raises(NotAllowed, match="Juré 2"):
        services.make_plan(edition, by=by)


def test_refusal_names_nothing_of_a_hidden_file(by):
    """The person reads what they would read without the file, or that there is no plan."""
    edition = make_edition(files=3, jurors=3, each=3)
    for rank in (0, 1):
        tie(member_of(edition), file_of(edition, rank))
    ConflictOfInterest.objects.create(
        user=by, candidature=file_of(edition, 1), reason="Une cousine."
    )
    with pytest.raises(NotAllowed) as refusal:
        services.make_plan(edition, by=by)
    assert "Dossier 0" in str(refusal.value)
    assert "Dossier 1" not in str(refusal.value)
    ConflictOfInterest.objects.filter(candidature=file_of(edition)).update(
        ruling="dismissed", ruled_by=by, ruled_at=ago(), ruling_reason="Homonyme."
    )
    with pytest.raises(NotAllowed) as refusal:
        services.make_plan(edition, by=by)
    assert "Dossier" not in str(refusal.value)
    assert "Juré" not in str(refusal.value)


def test_plan_does_not_change_once_the_readings_are_closed(by):
    edition = make_edition(is_open=True)
    end_readings(edition)
    with pytest.raises(NotAllowed, match="closes"):
        services.make_plan(edition, by=by)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(("files", "jurors"), [(0, 0), (0, 2), (2, 0)])
def test_plan_of_nothing(by, files, jurors):
    edition = make_edition(files=files, jurors=jurors, each=None)
    services.make_plan(edition, by=by)
    assert not Assignment.objects.exists()
    Edition.objects.filter(pk=edition.pk).update(readings_per_file=1)
    if files:
        with pytest.raises(NotAllowed, match="Dossier 0"):
            services.make_plan(edition, by=by)
    else:
        services.make_plan(edition, by=by)


# Everyone reads everything ----------------------------------------------------------------------


def test_everyone_reads_what_comes_and_nothing_twice():
    edition = make_edition(files=2, jurors=2, each=None)
    assert len(pairs(edition)) == 4
    make_eligible(edition=edition)
    make_jury_member(edition=edition)
    assert len(pairs(edition)) == 9
    services.distribute(edition)
    assert Assignment.objects.count() == 9


def test_file_that_nobody_may_read_does_not_hold_the_others_back():
    edition = make_edition(files=1, jurors=1, each=None)
    tie(member_of(edition), file_of(edition))
    make_eligible(edition=edition)
    assert len(pairs(edition)) == 1


def test_ceiling_below_everything_gives_nothing_more():
    edition = make_edition(files=2, jurors=2, each=None)
    edition.jury_members.filter(pk=member_of(edition).pk).update(ceiling=2)
    make_eligible(edition=edition)
    assert len(pairs(edition)) == 4


def test_dismissed_tie_gives_the_file_back(by):
    edition = make_edition(files=2, jurors=1, each=None)
    conflict = tie(member_of(edition), file_of(edition))
    Assignment.objects.filter(candidature=file_of(edition)).delete()
    ConflictOfInterest.objects.filter(pk=conflict.pk).update(
        ruling="dismissed", ruled_by=by, ruled_at=ago(), ruling_reason="Homonyme."
    )
    services.distribute(edition)
    assert len(pairs(edition)) == 2


def test_new_file_falls_anywhere_before_the_opening_and_last_after_it():
    edition = make_edition(files=3, jurors=40, each=None)
    late = make_eligible(edition=edition)
    assert 4 < sum(is_last(member, late) for member in edition.jury_members.all()) < 20
    open_jury(edition)
    later = [make_eligible(edition=edition) for _ in range(2)]
    for member in edition.jury_members.all():
        assert is_last(member, later[1])


def is_last(member, file):
    return member.assignments.order_by("position").last().candidature_id == file.pk


# A repair ---------------------------------------------------------------------------------------


@pytest.fixture
def reading(by):
    """An edition amid its readings: eight files, five jurors, two readings of each file."""
    edition = make_edition(files=8, jurors=5, each=2)
    services.make_plan(edition, by=by)
    return open_jury(edition)


def begin(assignment, **options):
    return make_evaluation(assignment, [2], **options)


def lose(reading, by, assignment):
    """A tie declared late takes a reading away, and the plan is repaired."""
    tie(assignment.jury_member, assignment.candidature)
    services.make_plan(reading, by=by)


def test_repair_replaces_what_a_tie_took_away_and_moves_nothing_else(reading, by):
    lost = member_of(reading).assignments.first()
    before = pairs(reading)
    lose(reading, by, lost)
    assert set(readers(reading).values()) == {2}
    assert pairs(reading) > before - {(lost.jury_member_id, lost.candidature_id)}
    assert len(pairs(reading) - before) == 1
    (juror, file) = (pairs(reading) - before).pop()
    assert is_last(reading.jury_members.get(pk=juror), file_of(reading).__class__(pk=file))
    assert not Assignment.objects.filter(pk=lost.pk).exists()


def test_repair_keeps_addresses_positions_and_what_is_begun(reading, by):
    kept = Assignment.objects.exclude(jury_member=member_of(reading))
    begin(kept.first(), is_signed=False)
    before = set(kept.values_list("uuid", "position"))
    seed = reading.plan_seed
    lose(reading, by, member_of(reading).assignments.first())
    assert before <= set(Assignment.objects.values_list("uuid", "position"))
    reading.refresh_from_db()
    assert reading.plan_seed == seed


def test_begun_reading_under_a_tie_is_replaced_and_kept_aside(reading, by):
    lost = member_of(reading).assignments.first()
    begin(lost)
    lose(reading, by, lost)
    assert set(readers(reading).values()) == {2}
    assert Assignment.objects.filter(pk=lost.pk).exists()


def test_reading_given_back_by_a_ruling_does_not_forbid_a_repair(reading, by):
    """One file has three readers, all of whom began; another lost one of its two."""
    lost = member_of(reading).assignments.first()
    for assignment in lost.candidature.assignments.all():
        begin(assignment)
    lose(reading, by, lost)
    begin(lost.candidature.assignments.get(evaluation=None))
    ConflictOfInterest.objects.update(
        ruling="dismissed", ruled_by=by, ruled_at=ago(), ruling_reason="Homonyme."
    )
    other = Assignment.objects.exclude(candidature=lost.candidature).first()
    lose(reading, by, other)
    counts = readers(reading)
    assert counts.pop(lost.candidature_id) == 3
    assert set(counts.values()) == {2}


def test_lower_ceiling_does_not_undo_what_is_begun(reading, by):
    member = member_of(reading)
    mine = list(member.assignments.all())
    for assignment in mine[:2]:
        begin(assignment)
    reading.jury_members.filter(pk=member.pk).update(ceiling=1)
    services.make_plan(reading, by=by)
    assert set(member.assignments.all()) == set(mine[:2])
    assert set(readers(reading).values()) == {2}


def test_fewer_readings_leave_those_that_are_begun(reading, by):
    file = file_of(reading)
    for assignment in file.assignments.all():
        begin(assignment)
    Edition.objects.filter(pk=reading.pk).update(readings_per_file=1)
    services.make_plan(reading, by=by)
    counts = readers(reading)
    assert counts.pop(file.pk) == 2
    assert set(counts.values()) == {1}


# A juror leaves ---------------------------------------------------------------------------------


def test_departure_gives_the_readings_to_the_others(reading, by):
    member = member_of(reading)
    signed, drafted, *_ = member.assignments.all()
    begin(signed)
    begin(drafted, is_signed=False)
    others = pairs(reading) - set(member.assignments.values_list("jury_member", "candidature"))
    assert services.drop_out(member, by=by) == ""
    member.refresh_from_db()
    assert member.left_at
    assert set(member.assignments.all()) == {signed, drafted}
    assert set(readers(reading).values()) == {2}
    assert pairs(reading) > others
    assert [file for juror, file in pairs(reading) if juror == member.pk] == [signed.candidature_id]


def test_departure_holds_where_nobody_can_read_instead(by):
    edition = make_edition(files=3, jurors=2, each=2)
    services.make_plan(edition, by=by)
    member = member_of(edition)
    assert "Dossier 0" in services.drop_out(member, by=by)
    member.refresh_from_db()
    assert member.left_at
    assert set(readers(edition).values()) == {1}


def test_departure_before_a_plan_makes_none(by):
    edition = make_edition(each=2)
    assert services.drop_out(member_of(edition), by=by) == ""
    assert not Assignment.objects.exists()


def test_second_departure_changes_nothing(reading, by):
    member = member_of(reading)
    services.drop_out(member, by=by)
    member.refresh_from_db()
    left_at, before = member.left_at, pairs(reading)
    services.drop_out(member, by=by)
    member.refresh_from_db()
    assert (member.left_at, pairs(reading)) == (left_at, before)


def test_departure_where_everyone_reads_everything(by):
    edition = open_jury(make_edition(files=3, jurors=3, each=None))
    member = member_of(edition)
    begin(member.assignments.first())
    services.drop_out(member, by=by)
    assert member.assignments.count() == 1
    make_eligible(edition=edition)
    assert member.assignments.count() == 1
    assert sorted(readers(edition).values()) == [2, 2, 2, 3]


def test_who_comes_back_finds_their_draft_again(reading, by):
    member = member_of(reading)
    drafted = member.assignments.first()
    begin(drafted, is_signed=False)
    services.drop_out(member, by=by)
    services.come_back(member)
    member.refresh_from_db()
    assert member.left_at is None
    assert (member.pk, drafted.candidature_id) in pairs(reading)


def test_who_comes_back_reads_everything_again(by):
    edition = make_edition(files=3, jurors=2, each=None)
    member = member_of(edition)
    services.drop_out(member, by=by)
    assert not member.assignments.exists()
    services.come_back(member)
    assert member.assignments.count() == 3
