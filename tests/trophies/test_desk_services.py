"""What the team does for a holder: more time, a deposit, a piece asked for, another holder."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import InternalError, transaction
from django.utils import timezone
from post_office.models import Email

from accounts.models import User
from accounts.roles import Role
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_jury_member,
    make_reading_edition,
    make_regulation,
    make_user,
)
from trophies import services
from trophies.attachments import Prepared
from trophies.models import Attachment, Candidature, Deposit, Extension, HolderChange, PieceRequest
from trophies.workflow import NotAllowed, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_user(roles=[Role.TEAM])


def closed_edition(**changes):
    """The call is over; the jury has not begun."""
    return make_edition(closes_at=ago(hours=1), **changes)


def again(candidature):
    return Candidature.objects.get(pk=candidature.pk)


def mails():
    """What was queued since the last look: [(address, subject, text)]."""
    found = [(mail.to[0], mail.subject, mail.message) for mail in Email.objects.order_by("pk")]
    Email.objects.all().delete()
    return found


def refused(service, *args, **options):
    """Why a service refuses; nothing of it remains."""
    counts = [model.objects.count() for model in TRACES]
    with pytest.raises(NotAllowed) as caught, transaction.atomic():
        service(*args, **options)
    assert [model.objects.count() for model in TRACES] == counts
    return str(caught.value)


TRACES = [Attachment, Deposit, Extension, HolderChange, PieceRequest, Email, User]


# More time --------------------------------------------------------------------------------------


def test_extension_opens_one_file_again_and_says_so(team):
    candidature = make_candidature(edition=closed_edition())
    other = make_candidature(edition=candidature.edition)
    assert not candidature.is_open
    mails()
    until = ahead(days=3)
    made = services.extend(candidature, until=until, reason=" Panne du site. ", by=team)
    candidature = again(candidature)
    assert (candidature.is_open, again(other).is_open) == (True, False)
    assert (made.until, made.reason, made.by) == (until, "Panne du site.", team)
    [(address, _, text)] = mails()
    assert address == candidature.holders.get().email
    assert "Panne du site." in text
    deposit = services.deposit(
        candidature=candidature, by=candidature.holders.get(), received_at=timezone.now()
    )
    assert deposit.origin == Deposit.Origin.HOLDER


def test_extension_clicked_twice_is_one(team):
    candidature, until = make_candidature(edition=closed_edition()), ahead(days=3)
    made = [services.extend(candidature, until=until, reason="Panne.", by=team) for _ in range(2)]
    assert made[0] == made[1]
    assert Extension.objects.count() == len(mails()) == 1


def test_extension_grows_and_never_shrinks(team):
    candidature = make_candidature(edition=closed_edition())
    for days in (2, 4):
        services.extend(candidature, until=ahead(days=days), reason="Panne.", by=team)
    shorter = {"until": ahead(days=3), "reason": "Panne.", "by": team}
    assert "allez au-delà" in refused(services.extend, candidature, **shorter)
    assert again(candidature).extended_until > ahead(days=3)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (ago(minutes=1), "déjà passé"),
        (ahead(days=9), "Elle reste ouverte"),
        (ahead(days=41), "Le jury commence à lire"),
    ],
)
def test_extension_stays_between_the_closing_and_the_jury(team, until, words):
    candidature = make_candidature(edition=make_edition(closes_at=ahead(days=10)))
    assert words in refused(services.extend, candidature, until=until, reason="Motif.", by=team)


def test_extension_may_last_until_the_jury_opens(team):
    edition = closed_edition()
    candidature = make_candidature(edition=edition)
    services.extend(candidature, until=edition.jury_opens_at, reason="Motif.", by=team)
    assert again(candidature).closes_at == edition.jury_opens_at


def test_extension_is_refused_once_the_jury_reads(team):
    candidature = make_candidature(edition=make_reading_edition())
    options = {"until": ahead(days=1), "reason": "Motif.", "by": team}
    assert "a commencé à lire" in refused(services.extend, candidature, **options)


@pytest.mark.parametrize("make", [make_eligible])
def test_extension_is_for_what_may_still_be_written(team, make):
    candidature = make(edition=closed_edition())
    options = {"until": ahead(days=1), "reason": "Motif.", "by": team}
    assert "recevable" in refused(services.extend, candidature, **options)


@pytest.mark.parametrize("kind", ["holder", "stranger", "editor", "juror"])
def test_gestures_are_the_team_s_alone(kind):
    candidature = make_candidature(edition=closed_edition())
    roles = {"editor": [Role.EDITOR], "juror": [Role.JURY]}
    holder = candidature.holders.get()
    by = holder if kind == "holder" else make_user(roles=roles.get(kind, []))
    assert refused(services.extend, candidature, until=ahead(days=1), reason="M", by=by)
    assert refused(services.deposit_for, candidature, reason="M", by=by)
    assert refused(services.hand_over, candidature, to_email="a@b.example", reason="M", by=by)
    deposited = make_deposited()
    assert refused(services.ask_piece, deposited, message="M", by=by)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_gestures_want_a_reason(team, reason):
    candidature = make_candidature(edition=closed_edition())
    options = {"reason": reason, "by": team}
    assert "motif" in refused(services.extend, candidature, until=ahead(days=1), **options)
    assert "motif" in refused(services.deposit_for, candidature, **options)
    assert "motif" in refused(services.hand_over, candidature, to_email="a@b.example", **options)
    deposited = make_deposited()
    assert "ce qui manque" in refused(services.ask_piece, deposited, message=reason, by=team)


@pytest.mark.parametrize("sql", ["UPDATE", "DELETE"])
def test_extension_is_never_changed(team, sql):
    candidature = make_candidature(edition=closed_edition())
    rows = Extension.objects.filter(
        pk=services.extend(candidature, until=ahead(days=1), reason="M", by=team).pk
    )
    with pytest.raises(InternalError), transaction.atomic():
        rows.update(reason="Autre") if sql == "UPDATE" else rows.delete()


# Depositing for someone -------------------------------------------------------------------------


def test_team_deposits_for_a_holder_after_the_closing(team):
    candidature = make_candidature(edition=closed_edition(), need="Ce qui manquait.")
    regulation = make_regulation(edition=candidature.edition)
    mails()
    made = services.deposit_for(candidature, reason="Panne de son réseau.", by=team)
    candidature = again(candidature)
    assert candidature.status == Status.SUBMITTED
    assert candidature.reference
    assert made.payload == candidature.payload()
    assert (made.origin, made.reason, made.by, made.regulation) == (
        Deposit.Origin.TEAM,
        "Panne de son réseau.",
        team,
        regulation,
    )
    change = candidature.status_changes.get()
    assert (change.name, change.by, change.reason) == ("submit_for", team, "Panne de son réseau.")
    [(address, _, text)] = mails()
    assert address == candidature.holders.get().email
    for words in ("Panne de son réseau.", candidature.reference, made.sha256):
        assert words in text


def test_deposit_for_someone_clicked_twice_is_one(team):
    candidature = make_candidature(edition=closed_edition())
    made = [services.deposit_for(candidature, reason="Panne.", by=team) for _ in range(2)]
    assert made[0] == made[1]
    assert Deposit.objects.count() == len(mails()) == 1


def test_what_changed_since_a_deposit_is_deposited_again(team):
    candidature = make_deposited(edition=make_edition())
    Candidature.objects.update(need="Autre besoin.")
    candidature.edition.closes_at = ago(minutes=1)
    candidature.edition.save()
    made = services.deposit_for(candidature, reason="Il n’y arrivait pas.", by=team)
    assert (made.number, made.payload["answers"]["need"]) == (2, "Autre besoin.")
    assert candidature.status_changes.count() == 1
    again_ = {"reason": "Encore.", "by": team}
    assert "déjà déposé" in refused(services.deposit_for, candidature, **again_)


def test_incomplete_draft_is_not_deposited_for_anyone(team):
    empty = make_candidature(edition=closed_edition(), need=" ")
    unread = make_candidature(edition=empty.edition, typed={"started_year": "vers 2020"})
    for candidature in (empty, unread):
        words = refused(services.deposit_for, candidature, reason="Motif.", by=team)
        assert words == "Il reste des réponses à écrire ou à reprendre."


def test_nothing_is_deposited_before_the_call_or_after_the_jury(team):
    early = make_candidature(edition=make_edition(opens_at=ahead(days=1)))
    assert "pas encore ouvert" in refused(services.deposit_for, early, reason="M", by=team)
    late = make_candidature(edition=make_reading_edition())
    end_readings(late.edition)
    assert "fini de lire" in refused(services.deposit_for, late, reason="M", by=team)


@pytest.mark.parametrize("move", ["accept", "refuse", "withdraw"])
def test_what_was_judged_or_withdrawn_is_not_deposited_for_anyone(team, move):
    candidature = make_deposited()
    services.change_status(candidature, move, by=team, reason="Motif.")
    Candidature.objects.update(need="Autre besoin.")
    assert "La candidature est" in refused(services.deposit_for, candidature, reason="M", by=team)


# A missing piece --------------------------------------------------------------------------------


def pdf(name="budget.pdf", content=b"%PDF-1.4 %%EOF"):
    return Prepared(name, Attachment.Kind.PDF, ContentFile(content, name))


def ask(candidature, by, message="Le budget, même sur une page."):
    return services.ask_piece(candidature, message=message, by=by)


def answer(asked, *, text="", files=(), by=None):
    holder = by or asked.candidature.holders.first()
    return services.answer_piece(
        asked, text=text, files=list(files), by=holder, received_at=timezone.now()
    )


def test_request_is_mailed_with_its_page(team):
    candidature = make_deposited()
    mails()
    asked = ask(candidature, team)
    [(address, _, text)] = mails()
    assert address == candidature.holders.get().email
    assert "Le budget, même sur une page." in text
    assert asked.get_absolute_url() in text


def test_request_clicked_twice_is_one_but_another_is_another(team):
    candidature = make_deposited()
    assert ask(candidature, team) == ask(candidature, team)
    ask(candidature, team, "Et les statuts.")
    assert PieceRequest.objects.count() == 2


@pytest.mark.parametrize("move", ["refuse", "withdraw"])
def test_nothing_is_asked_of_who_is_out(team, move):
    candidature = make_deposited()
    services.change_status(candidature, move, by=team, reason="Motif.")
    assert "La candidature est" in refused(services.ask_piece, candidature, message="M", by=team)


def test_nothing_is_asked_of_a_draft_or_after_the_jury(team):
    draft = make_candidature()
    assert "brouillon" in refused(services.ask_piece, draft, message="M", by=team)
    read = make_eligible(edition=make_reading_edition())
    end_readings(read.edition)
    assert "fini de lire" in refused(services.ask_piece, read, message="M", by=team)


def test_answer_is_a_deposit_that_completes_the_last_one(team):
    candidature = make_deposited(edition=make_edition())
    services.attach(candidature, pdf("plan.pdf", b"%PDF-1.4 plan %%EOF"))
    holder = candidature.holders.get()
    first = services.deposit(candidature=again(candidature), by=holder, received_at=timezone.now())
    Candidature.objects.update(need="En train de changer.")
    asked = ask(candidature, team)
    mails()
    made = answer(asked, text=" Le voici. ", files=[pdf()])
    asked.refresh_from_db()
    assert asked.answer == made
    assert (made.number, made.origin, made.by) == (3, Deposit.Origin.PIECE, holder)
    assert made.reason == asked.message
    assert made.payload["answers"] == first.payload["answers"]
    assert [file["name"] for file in made.payload["files"]] == ["plan.pdf", "budget.pdf"]
    [added] = made.answers_to_requests
    assert (added["asked"], added["text"]) == (asked.message, "Le voici.")
    assert added["files"] == [made.payload["files"][1]["uuid"]]
    [(address, _, text)] = mails()
    assert address == holder.email
    assert made.sha256 in text


def test_answer_is_read_by_the_jury_after_the_closing(team):
    candidature = make_eligible(edition=make_reading_edition())
    made = answer(ask(candidature, team), files=[pdf()])
    candidature = again(candidature)
    assert candidature.last_deposit == made
    assert candidature.status == Status.ELIGIBLE


def test_answer_stays_in_every_later_deposit(team):
    candidature = make_deposited(edition=make_edition())
    answer(ask(candidature, team), text="La réponse.", files=[pdf()])
    candidature = again(candidature)
    assert not candidature.has_undeposited_changes
    Candidature.objects.update(need="Autre besoin.")
    made = services.deposit(
        candidature=candidature, by=candidature.holders.get(), received_at=timezone.now()
    )
    assert made.payload["answers"]["need"] == "Autre besoin."
    assert [row["text"] for row in made.answers_to_requests] == ["La réponse."]
    assert [file["name"] for file in made.payload["files"]] == ["budget.pdf"]


def test_answer_sent_twice_is_one_and_another_is_not_lost_in_silence(team):
    asked = ask(make_deposited(), team)
    made = [answer(asked, text="La réponse.", files=[pdf()]) for _ in range(2)]
    assert made[0] == made[1]
    assert "déjà sa réponse" in refused(answer, asked, text="Une autre.")
    assert "déjà sa réponse" in refused(
        answer, asked, text="La réponse.", files=[pdf(content=b"%PDF-1.4 autre %%EOF")]
    )
    assert Attachment.objects.count() == 1


def test_answer_says_something(team):
    asked = ask(make_deposited(), team)
    assert "quelques mots" in refused(answer, asked, text=" \n")


def test_file_that_is_there_already_is_not_kept_twice(team):
    candidature = make_candidature()
    services.attach(candidature, pdf())
    services.deposit(
        candidature=candidature, by=candidature.holders.get(), received_at=timezone.now()
    )
    made = answer(ask(candidature, team), files=[pdf("le-meme.pdf")])
    assert [file["name"] for file in made.payload["files"]] == ["budget.pdf"]
    assert made.answers_to_requests[0]["files"] == [made.payload["files"][0]["uuid"]]


def test_only_holders_answer_and_while_the_jury_may_read(team):
    candidature = make_eligible(edition=make_reading_edition())
    asked = ask(candidature, team)
    assert refused(answer, asked, text="Moi.", by=make_user())
    assert refused(answer, asked, text="Moi.", by=team)
    end_readings(candidature.edition)
    assert "fini de lire" in refused(answer, PieceRequest.objects.get(), text="Trop tard.")


def test_refused_answer_leaves_no_file(team, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    candidature = make_deposited()
    asked = ask(candidature, team)
    broken = Prepared("trop.pdf", "x" * 200, ContentFile(b"%PDF-1.4 z %%EOF"))
    with pytest.raises(Exception, match="value too long"), transaction.atomic():
        answer(asked, files=[pdf(), broken])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert PieceRequest.objects.get().answer is None


# Changing hands ---------------------------------------------------------------------------------


def hand_over(candidature, by, email="nouvelle@rallynov.example", **options):
    return services.hand_over(
        candidature, to_email=email, reason="Elle a quitté la structure.", by=by, **options
    )


def test_candidature_changes_hands_with_notice_to_both(team):
    candidature = make_deposited()
    former = candidature.holders.get()
    mails()
    hand_over(candidature, team, " Nouvelle@Rallynov.example ")
    person = candidature.holders.get()
    assert person.email == "nouvelle@rallynov.example"
    assert not person.has_usable_password()
    changes = candidature.holder_changes.values_list("user", "action", "by", "reason")
    reason = "Elle a quitté la structure."
    assert list(changes) == [
        (former.pk, "removed", team.pk, reason),
        (person.pk, "added", team.pk, reason),
    ]
    told = {address: text for address, _, text in mails()}
    assert set(told) == {former.email, person.email}
    assert all(reason in text for text in told.values())
    assert not Candidature.objects.held_by(former).exists()


def test_former_holders_may_stay(team):
    candidature = make_deposited()
    former = candidature.holders.get()
    mails()
    hand_over(candidature, team, keep_former=True)
    assert candidature.holders.count() == 2
    assert former.email not in [address for address, _, _ in mails()]


def test_hand_over_clicked_twice_is_one(team):
    candidature = make_deposited()
    mails()
    hand_over(candidature, team)
    hand_over(candidature, team)
    assert candidature.holder_changes.count() == len(mails()) == 2


def test_hand_over_to_who_holds_it_alone_is_said(team):
    candidature = make_deposited()
    email = candidature.holders.get().email
    assert "porte déjà" in refused(hand_over, candidature, team, email)


def test_one_of_several_holders_may_stay_alone(team):
    candidature = make_deposited()
    kept, other = candidature.holders.get(), make_user()
    candidature.holders.add(other)
    hand_over(candidature, team, kept.email)
    assert list(candidature.holders.all()) == [kept]
    assert [change.user for change in candidature.holder_changes.all()] == [other]


def test_closed_account_receives_nothing(team):
    closed = make_user(is_active=False)
    assert "est fermé" in refused(hand_over, make_deposited(), team, closed.email)


def test_invitations_of_those_who_leave_are_cancelled(team):
    candidature = make_candidature()
    services.invite(
        candidature=candidature, email="ami@rallynov.example", by=candidature.holders.get()
    )
    hand_over(candidature, team)
    assert not candidature.invitations.exists()


def test_juror_who_becomes_a_holder_reads_it_no_more(team):
    candidature = make_eligible(edition=make_reading_edition())
    member = make_jury_member(edition=candidature.edition)
    assert member.assignments.counting().count() == 1
    hand_over(candidature, team, member.user.email)
    assert member.assignments.counting().count() == 0
    services.distribute(candidature.edition)
    assert member.assignments.counting().count() == 0
    assert candidature.conflicts.get().user == member.user


def test_trace_of_a_change_of_hands_is_immutable(team):
    hand_over(make_deposited(), team)
    with pytest.raises(InternalError), transaction.atomic():
        HolderChange.objects.all().delete()
    with pytest.raises(InternalError), transaction.atomic():
        HolderChange.objects.update(reason="Autre")


def test_extension_a_second_before_the_jury_is_given(team):
    edition = closed_edition(jury_opens_at=ahead(days=2))
    candidature = make_candidature(edition=edition)
    until = edition.jury_opens_at + timedelta(seconds=1)
    assert refused(services.extend, candidature, until=until, reason="M", by=team)
    services.extend(candidature, until=until - timedelta(seconds=2), reason="M", by=team)
