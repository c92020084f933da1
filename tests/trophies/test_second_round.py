"""The second round: who may open it, who reads what, what counts, and how it ends."""

from collections import Counter

import pytest
from post_office.models import Email

from accounts.roles import Role
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_page,
    make_prize,
    make_reading_edition,
    make_user,
)
from trophies import services
from trophies.booklet import booklet_content
from trophies.coverage import Coverage
from trophies.exports import EXPORTS, lines
from trophies.models import (
    Assignment,
    Candidature,
    ConflictOfInterest,
    Edition,
    Evaluation,
    JurySession,
    Minutes,
)
from trophies.others import may_see_others
from trophies.progress import progress_of
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _contact():
    make_page(key="contact")


@pytest.fixture
def by():
    return make_user(roles=[Role.TEAM])


def make_read_edition(*, files=4, jurors=3, places=1, **changes):
    """An edition that deliberates, each of its files read and signed by each juror."""
    edition = make_reading_edition(**changes)
    make_criterion(edition=edition)
    make_prize(edition=edition, quantity=places)
    for rank in range(files):
        make_eligible(edition=edition, title=f"Dossier {rank}")
    for rank in range(jurors):
        user = make_user(name=f"Juré {rank}", roles=[Role.JURY])
        make_jury_member(edition=edition, user=user)
    services.make_plan(edition, by=make_user(roles=[Role.TEAM]))
    for reading in Assignment.objects.filter(jury_member__edition=edition):
        make_evaluation(reading, [2], comment_for_jury="Premier tour", comment_for_candidate="Bien")
    end_readings(edition)
    Email.objects.all().delete()
    return fresh(edition)


def fresh(edition):
    return Edition.objects.get(pk=edition.pk)


def files_of(edition, count=2):
    return list(edition.candidatures.order_by("pk")[:count])


def open_round(edition, by, files=None, **changes):
    options = {"files": files or files_of(edition), "closes_at": ahead(days=5)} | changes
    services.open_second_round(edition, by=by, **options)
    return fresh(edition)


def close_by_date(edition):
    Edition.objects.filter(pk=edition.pk).update(
        second_opened_at=ago(minutes=4), second_closes_at=ago(minutes=1)
    )
    return fresh(edition)


def tie(member, file):
    return ConflictOfInterest.objects.create(user=member.user, candidature=file, reason="Un ami.")


def second(edition, **conditions):
    return Assignment.objects.filter(jury_member__edition=edition, round=2, **conditions)


def sign_second(edition, level=4, **conditions):
    for reading in second(edition, **conditions):
        make_evaluation(reading, [level], comment_for_jury="Second tour")


# Opening ----------------------------------------------------------------------------------------


def test_opening_gives_each_file_of_the_shortlist_to_each_juror(by):
    edition = make_read_edition()
    edition = open_round(edition, by)
    assert edition.is_in_second_round
    assert not edition.is_deliberating
    assert not edition.has_been_read
    pairs = Counter(second(edition).values_list("candidature", flat=True))
    assert pairs == dict.fromkeys([file.pk for file in files_of(edition)], 3)
    shortlisted = edition.candidatures.filter(shortlisted_at__isnull=False).order_by("pk")
    assert list(shortlisted) == files_of(edition)
    for member in edition.jury_members.all():
        positions = member.assignments.filter(round=2).values_list("position", flat=True)
        assert len(set(positions)) == 2


def test_opening_leaves_out_ties_own_files_and_who_left(by):
    edition = make_read_edition()
    tied, holder, gone = edition.jury_members.order_by("pk")
    first, other = files_of(edition)
    tie(tied, first)
    other.holders.add(holder.user)
    services.drop_out(gone, by=by)
    open_round(edition, by, files=[first, other])
    assert set(second(edition).values_list("jury_member", "candidature")) == {
        (tied.pk, other.pk),
        (holder.pk, first.pk),
    }


def test_jurors_are_told_once_of_what_is_theirs(by):
    edition = make_read_edition()
    tied, *_ = edition.jury_members.order_by("pk")
    for file in files_of(edition):
        tie(tied, file)
    open_round(edition, by)
    mails = Email.objects.all()
    assert len(mails) == 2
    assert all("un second tour, 2 lectures à signer" in mail.subject for mail in mails)
    assert tied.user.email not in [to for mail in mails for to in mail.to]
    title = files_of(edition)[0].title
    assert not any(title in mail.message for mail in mails)


def decided(edition):
    services.decide(edition.candidatures.first(), outcome="reserve")


def sealed(edition):
    session = JurySession.objects.create(
        edition=edition, number=1, starts_at=ago(hours=3), quorum=1,
        opened_at=ago(hours=3), closed_at=ago(hours=1),
    )  # fmt: skip
    Minutes.objects.create(
        session=session, payload={}, journal=[], seal="a" * 64, sealed_at=ago(hours=1),
        sealed_by=make_user(),
    )  # fmt: skip


def opened_already(edition):
    open_round(edition, make_user(roles=[Role.TEAM]))


def still_reading(edition):
    Edition.objects.filter(pk=edition.pk).update(jury_closes_at=ahead(days=1))


def published(edition):
    Edition.objects.filter(pk=edition.pk).update(results_published_at=ago(seconds=1))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (decided, "déjà décidé"),
        (sealed, "scellé"),
        (opened_already, "déjà eu lieu"),
        (still_reading, "entre la fin des lectures"),
        (published, "entre la fin des lectures"),
    ],
)
def test_round_is_not_opened_when_it_would_come_at_a_wrong_time(by, change, reason):
    edition = make_read_edition()
    change(edition)
    before = second(edition).count()
    with pytest.raises(NotAllowed, match=reason):
        open_round(edition, by)
    assert second(edition).count() == before


def test_round_ends_in_the_future_and_before_the_results(by):
    edition = make_read_edition()
    with pytest.raises(NotAllowed, match="passée"):
        open_round(edition, by, closes_at=ago(minutes=1))
    with pytest.raises(NotAllowed, match="avant la publication"):
        open_round(edition, by, closes_at=edition.results_published_at)
    assert not fresh(edition).has_second_round


def test_shortlist_holds_as_many_files_as_places_of_this_edition(by):
    edition = make_read_edition(places=3)
    with pytest.raises(NotAllowed, match="au moins 3"):
        open_round(edition, by)
    other = make_eligible(edition=make_reading_edition())
    with pytest.raises(NotAllowed, match="plus recevable"):
        open_round(edition, by, files=[*files_of(edition), other])
    assert not second(edition).exists()


def test_whoever_has_a_tie_opens_no_round():
    edition = make_read_edition()
    tied = make_user(roles=[Role.TEAM])
    ConflictOfInterest.objects.create(
        user=tied, candidature=files_of(edition, 4)[-1], reason="Un ami."
    )
    with pytest.raises(NotAllowed, match="un lien"):
        open_round(edition, tied)


def test_nothing_is_decided_while_the_round_is_read(by):
    edition = open_round(make_read_edition(), by)
    with pytest.raises(NotAllowed):
        services.decide(edition.candidatures.first(), outcome="reserve")
    with pytest.raises(NotAllowed):
        services.ranking(edition, by=by)


# Reading ----------------------------------------------------------------------------------------


def test_each_round_is_open_in_its_own_time(by):
    edition = open_round(make_read_edition(), by)
    reading = second(edition).first()
    make_evaluation(reading, [3])
    services.unsign(reading)
    services.sign(reading)
    former = reading.jury_member.assignments.get(candidature=reading.candidature, round=1)
    for write in (services.unsign, services.sign):
        with pytest.raises(NotAllowed, match="closes"):
            write(former)
    close_by_date(edition)
    with pytest.raises(NotAllowed, match="closes"):
        services.unsign(Assignment.objects.get(pk=reading.pk))


def test_first_reading_is_taken_as_a_start_unsigned_and_never_over_something(by):
    edition = open_round(make_read_edition(), by)
    reading = second(edition).first()
    taken = services.take_first_reading(reading)
    assert (taken.comment_for_jury, taken.comment_for_candidate) == ("Premier tour", "Bien")
    assert list(taken.levels.values()) == [2]
    assert taken.signed_at is None
    with pytest.raises(NotAllowed, match="déjà commencée"):
        services.take_first_reading(reading)
    newcomer = make_jury_member(edition=edition)
    theirs = newcomer.assignments.filter(round=2).first()
    with pytest.raises(NotAllowed, match="rien écrit"):
        services.take_first_reading(theirs)


def test_tie_declared_in_the_round_hides_the_reading(by):
    edition = open_round(make_read_edition(), by)
    reading = second(edition).first()
    user = reading.jury_member.user
    assert reading in Assignment.objects.visible_to(user)
    services.declare_conflict(reading, reason="Un ami.")
    assert reading not in Assignment.objects.visible_to(user)
    assert reading not in Assignment.objects.counting()


def test_tie_that_is_dismissed_gives_the_shortlisted_file_back(by):
    edition = make_read_edition(readings_per_file=2)
    member = edition.jury_members.first()
    file = files_of(edition)[0]
    conflict = tie(member, file)
    edition = open_round(edition, by)
    assert not second(edition, jury_member=member, candidature=file).exists()
    services.rule(conflict, upheld=False, reason="Rien.", by=by)
    assert second(edition, jury_member=member, candidature=file).count() == 1


def test_others_of_the_first_round_are_hidden_while_the_second_is_read(by):
    edition = open_round(make_read_edition(others_shown="signed"), by)
    reading = second(edition).first()
    former = reading.jury_member.assignments.get(candidature=reading.candidature, round=1)
    assert not may_see_others(former)
    assert not may_see_others(reading)
    make_evaluation(reading, [4])
    assert may_see_others(Assignment.objects.get(pk=reading.pk))
    close_by_date(edition)
    assert may_see_others(Assignment.objects.get(pk=former.pk))


def test_booklet_is_of_the_last_round(by):
    edition = make_read_edition()
    member = edition.jury_members.first()
    assert len(booklet_content(member.user, edition.year)["files"]) == 4
    edition = open_round(edition, by)
    content = booklet_content(member.user, edition.year)
    assert len(content["files"]) == 2
    assert "second tour" in content["kicker"]


# Who leaves, who comes --------------------------------------------------------------------------


def test_juror_who_leaves_and_comes_back_finds_the_round_again(by):
    edition = open_round(make_read_edition(), by)
    member = edition.jury_members.first()
    signed, begun = second(edition, jury_member=member)
    make_evaluation(signed, [4])
    services.drop_out(member, by=by)
    assert list(Assignment.objects.counting().filter(jury_member=member, round=2)) == [signed]
    assert second(edition, jury_member=member).count() == 2
    services.come_back(member)
    assert set(Assignment.objects.visible_to(member.user).filter(round=2)) == {signed, begun}


def test_juror_who_was_away_at_the_opening_reads_all_of_the_shortlist(by):
    edition = make_read_edition(readings_per_file=2)
    member = edition.jury_members.first()
    services.drop_out(member, by=by)
    edition = open_round(edition, by)
    assert not second(edition, jury_member=member).exists()
    services.come_back(member)
    assert second(edition, jury_member=member).count() == 2


def test_plan_of_the_first_round_knows_nothing_of_the_second(by):
    edition = open_round(make_read_edition(readings_per_file=3), by)
    coverage = Coverage(edition, by)
    assert {cover.readers for cover in coverage.covers} == {3}
    assert coverage.is_closed
    rows = set(second(edition).values_list("pk", flat=True))
    with pytest.raises(NotAllowed, match="closes"):
        services.make_plan(edition, by=by)
    services.distribute(edition)
    assert set(second(edition).values_list("pk", flat=True)) == rows


# What counts ------------------------------------------------------------------------------------


def test_only_the_last_signed_round_counts(by):
    edition = open_round(make_read_edition(), by)
    ana, bruno, _ = edition.jury_members.order_by("pk")
    sign_second(edition, jury_member=ana)
    for reading in second(edition, jury_member=bruno):
        make_evaluation(reading, [0], is_signed=False)
    edition = close_by_date(edition)
    counted = Evaluation.objects.counting(edition)
    rounds = Counter(counted.values_list("assignment__jury_member", "assignment__round"))
    assert rounds[ana.pk, 2] == 2
    assert rounds[ana.pk, 1] == 2  # of the files that were left out
    assert rounds[bruno.pk, 1] == 4
    assert (bruno.pk, 2) not in rounds
    assert Evaluation.objects.signed(edition).count() == 14
    assert {row.raw_mean for row in services.ranking(edition, by=by).files} == {8 / 3}


def test_letters_take_the_words_of_the_last_round(by):
    edition = open_round(make_read_edition(), by)
    file = files_of(edition)[0]
    for reading in second(edition, candidature=file):
        make_evaluation(reading, [4], comment_for_candidate="Le dernier mot.")
    edition = close_by_date(edition)
    letter = services.decide(Candidature.objects.get(pk=file.pk), outcome="reserve").letter
    assert letter.count("Le dernier mot.") == 3
    assert "Bien" not in letter


def test_export_tells_both_rounds_and_which_counts(by):
    export = next(export for export in EXPORTS if export.name == "readings")
    edition = make_read_edition(jurors=1)
    assert "Tour" not in next(lines(export, edition, by))
    edition = open_round(edition, by)
    assert not export.is_open(edition)
    sign_second(edition)
    edition = close_by_date(edition)
    headers, *rows = lines(export, edition, by)
    told = Counter((row[headers.index("Tour")], row[headers.index("Compte")]) for row in rows)
    assert told == {(1, "non"): 2, (1, "oui"): 2, (2, "oui"): 2}
    assert export.count(edition, by) == 6


# How far it is, reminders -----------------------------------------------------------------------


def counts(edition, user):
    progress = progress_of(edition, user)
    return progress.signed, progress.total, len(progress.files), progress.is_open


def test_progress_counts_the_round_that_is_read(by):
    edition = make_read_edition()
    assert counts(edition, by) == (12, 12, 4, False)
    edition = open_round(edition, by)
    assert counts(edition, by) == (0, 6, 2, True)
    sign_second(edition, jury_member=edition.jury_members.first())
    assert counts(fresh(edition), by) == (2, 6, 2, True)
    # Then what counts: that of the first round where the second was not signed.
    assert counts(close_by_date(edition), by) == (12, 12, 4, False)
    progress = progress_of(fresh(edition), by, number=2)
    assert (progress.signed, progress.total, len(progress.files)) == (2, 6, 2)


def test_late_is_judged_on_the_second_round(by):
    edition = open_round(make_read_edition(), by)
    assert progress_of(edition, by).late == []
    Edition.objects.filter(pk=edition.pk).update(second_closes_at=ahead(days=2))
    sign_second(edition, jury_member=edition.jury_members.first())
    assert len(progress_of(fresh(edition), by).late) == 2


def test_reminders_go_to_those_with_readings_left_in_the_round(by):
    edition = open_round(make_read_edition(), by)
    done, *_ = edition.jury_members.order_by("pk")
    sign_second(edition, jury_member=done)
    Email.objects.all().delete()
    assert services.remind_jurors(edition, by=by) == (2, 0)
    assert services.remind_jurors(edition, by=by) == (0, 2)
    mails = Email.objects.all()
    assert all("2 lectures à signer" in mail.subject for mail in mails)
    assert done.user.email not in [to for mail in mails for to in mail.to]
    with pytest.raises(NotAllowed):
        services.remind_jurors(close_by_date(edition), by=by)


def test_last_days_are_those_of_the_second_round(by):
    edition = open_round(make_read_edition(), by)
    Email.objects.all().delete()
    services.send_jury_last_days()
    services.send_jury_opened()
    assert not Email.objects.exists()
    Edition.objects.filter(pk=edition.pk).update(
        jury_closes_at=ago(days=3), second_opened_at=ago(days=2), second_closes_at=ahead(days=2)
    )
    services.send_jury_last_days()
    services.send_jury_last_days()
    assert Email.objects.count() == 3
    assert "2 lectures à signer" in Email.objects.first().subject


# How it ends ------------------------------------------------------------------------------------


def test_extending_only_gives_more_time_and_before_the_results(by):
    edition = open_round(make_read_edition(), by)
    with pytest.raises(NotAllowed, match="plus tardif"):
        services.extend_second_round(edition, closes_at=ahead(days=1))
    with pytest.raises(NotAllowed, match="avant la publication"):
        services.extend_second_round(edition, closes_at=ahead(days=60))
    services.extend_second_round(edition, closes_at=ahead(days=8))
    assert fresh(edition).second_closes_at > ahead(days=7)
    with pytest.raises(NotAllowed, match="plus ouvert"):
        services.extend_second_round(close_by_date(edition), closes_at=ahead(days=9))


def test_closing_ends_the_round_at_once_and_for_good(by):
    edition = open_round(make_read_edition(), by)
    services.close_second_round(edition)
    edition = fresh(edition)
    assert edition.is_deliberating
    assert edition.has_second_round
    for again in (services.close_second_round, services.cancel_second_round):
        with pytest.raises(NotAllowed, match="plus ouvert"):
            again(edition)
    with pytest.raises(NotAllowed, match="déjà eu lieu"):
        open_round(edition, by)


def test_cancelling_leaves_no_trace_and_waits_for_nobody_to_have_begun(by):
    edition = open_round(make_read_edition(), by)
    make_evaluation(second(edition).first(), [1], is_signed=False)
    with pytest.raises(NotAllowed, match="commencé"):
        services.cancel_second_round(edition)
    evaluation = Evaluation.objects.get(assignment__round=2)
    evaluation.delete()
    services.cancel_second_round(edition)
    edition = fresh(edition)
    assert edition.is_deliberating
    assert not edition.has_second_round
    assert not second(edition).exists()
    assert not edition.candidatures.filter(shortlisted_at__isnull=False).exists()
    open_round(edition, by)
    assert Email.objects.count() == 6
