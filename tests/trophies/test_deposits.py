"""A deposit: immutable, numbered, received once however often one clicks."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.db import InternalError, connection, transaction
from post_office.models import STATUS, Email

from places.models import Commune
from rallynov import outbox
from tests.factories import (
    ago,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_jury_member,
    make_reading_edition,
    make_regulation,
    make_theme,
    make_user,
)
from trophies import services
from trophies.attachments import Prepared
from trophies.models import Attachment, Candidature, Deposit
from trophies.workflow import NotAllowed, Status

pytestmark = pytest.mark.django_db


def deposit(candidature, *, by=None, received_at=None):
    return services.deposit(
        candidature=candidature,
        by=by or candidature.holders.first(),
        received_at=received_at or candidature.edition.opens_at + timedelta(hours=1),
    )


def again(candidature):
    return Candidature.objects.get(pk=candidature.pk)


def type_in(candidature, **changes):
    Candidature.objects.filter(pk=candidature.pk).update(**changes)
    return again(candidature)


def attach(candidature, content=b"%PDF-1.4 %%EOF"):
    prepared = Prepared("plan.pdf", Attachment.Kind.PDF, ContentFile(content))
    return services.attach(candidature, prepared).piece


# What is kept -----------------------------------------------------------------------------------


def test_references_follow_one_another_in_their_edition():
    edition, other = make_edition(year=2035), make_edition(year=2036)
    references = [make_deposited(edition=row).reference for row in [edition, other, edition]]
    assert references == ["2035-001", "2036-001", "2035-002"]


def test_reference_grows_beyond_three_digits():
    edition = make_edition(year=2035, last_number=999)
    assert make_deposited(edition=edition).reference == "2035-1000"


def test_deposit_keeps_the_whole_text():
    theme = make_theme(name="Se déplacer", slug="se-deplacer")
    commune = Commune.objects.get(code="70550")
    candidature = make_candidature(
        title="L’été", commune=commune, themes=[theme], started_year=2019, need="Du « neuf »."
    )
    regulation = make_regulation(edition=candidature.edition, version=2)
    make_regulation(edition=candidature.edition, version=1)
    piece = attach(candidature)
    made = deposit(candidature)
    made.refresh_from_db()
    assert (made.number, made.regulation, made.by) == (1, regulation, candidature.holders.get())
    assert made.payload == {
        "title": "L’été",
        "summary": candidature.summary,
        "organisation": {
            "name": candidature.organisation_name,
            "kind": "association",
            "kind_name": "association",
        },
        "commune": {"code": "70550", "name": commune.name, "department": "70"},
        "themes": [{"slug": "se-deplacer", "name": "Se déplacer"}],
        "started_year": 2019,
        "answers": {
            name: getattr(candidature, name)
            for name in ["need", "response", "people", "effects", "risks", "spread", "viability"]
        },
        "publishable": ["started_year", "need", "response", "people", "effects"],
        "files": [
            {
                "uuid": str(piece.uuid),
                "name": "plan.pdf",
                "kind": "application/pdf",
                "size": 14,
                "sha256": hashlib.sha256(b"%PDF-1.4 %%EOF").hexdigest(),
            }
        ],
    }


def test_digest_can_be_computed_again_from_what_is_kept():
    made = deposit(make_candidature(title="Œuvre d’été — « test » \u2028"))
    made.refresh_from_db()
    text = json.dumps(made.payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert made.sha256 == hashlib.sha256(text.encode("utf-8")).hexdigest()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE trophies_deposit SET payload = '{}'",
        "UPDATE trophies_deposit SET received_at = now()",
        "DELETE FROM trophies_deposit",
    ],
)
def test_deposit_is_immutable(sql):
    made = make_deposited().last_deposit
    with (
        pytest.raises(InternalError, match="pgtrigger: Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Deposit.objects.get().payload == made.payload


def test_receipt_says_what_was_received():
    candidature = make_deposited(title="Pain & roses", edition=make_edition(year=2035))
    mail = Email.objects.get()
    assert mail.to == [candidature.holders.get().email]
    assert "Pain & roses" in mail.subject
    assert "2035-001" in mail.subject
    assert candidature.last_deposit.sha256 in mail.message
    assert f"http://testserver/mes-candidatures/{candidature.uuid}/" in mail.message


# Once more --------------------------------------------------------------------------------------


def test_second_click_returns_the_same_deposit():
    candidature = make_candidature()
    first, second = deposit(candidature), deposit(candidature)
    assert first == second
    assert (Deposit.objects.count(), Email.objects.count()) == (1, 1)


def test_later_deposit_is_number_two_and_keeps_the_first():
    candidature = type_in(make_deposited(title="Avant"), title="Après")
    second = deposit(candidature)
    assert (second.number, again(candidature).last_deposit) == (2, second)
    assert [row.title for row in Deposit.objects.order_by("number")] == ["Avant", "Après"]
    assert again(candidature).reference == candidature.reference
    assert candidature.status_changes.count() == 1
    assert Email.objects.count() == 2


def test_text_typed_after_the_deposit_is_not_read():
    edition = make_reading_edition()
    candidature = type_in(make_eligible(edition=edition, need="Avant"), need="Après")
    assert candidature.has_undeposited_changes
    reader = make_jury_member(edition=edition)
    reading = reader.assignments.for_reading().get()
    answers = {question.name: text for question, text in reading.candidature.last_deposit.sections}
    assert answers["need"] == "Avant"


def test_file_removed_after_the_deposit_is_kept():
    candidature = make_candidature()
    piece = attach(candidature)
    deposit(candidature)
    services.detach(piece)
    piece.refresh_from_db()
    assert piece.removed_at
    with piece.file.open() as file:
        assert file.read() == b"%PDF-1.4 %%EOF"
    assert again(candidature).has_undeposited_changes


# Refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("delta", [timedelta(microseconds=-1), timedelta(0)])
def test_deposit_counts_from_the_instant_it_came_in(delta):
    """The request came in at that instant; the call may have closed while it was worked on."""
    candidature = make_candidature(edition=make_edition(closes_at=ago(minutes=1)))
    at = candidature.edition.closes_at + delta
    if delta:
        assert deposit(candidature, received_at=at).received_at == at
        return
    with pytest.raises(NotAllowed, match="clos"):
        deposit(candidature, received_at=at)


PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("closes_at", "before", "after"),
    [
        # 2 h 30 comes twice on that night: the closing is the first of the two.
        (datetime(2031, 10, 26, 2, 30, tzinfo=PARIS), "00:29:59", "00:30:00"),
        (datetime(2031, 10, 26, 2, 30, fold=1, tzinfo=PARIS), "01:29:59", "01:30:00"),
        (datetime(2031, 3, 30, 3, 0, tzinfo=PARIS), "00:59:59", "01:00:00"),
    ],
)
def test_deadline_is_an_instant_on_the_nights_when_clocks_change(closes_at, before, after):
    dates = {"jury_opens_at": None, "jury_closes_at": None, "results_published_at": None}
    edition = make_edition(closes_at=closes_at, **dates)
    candidature = make_candidature(edition=edition)
    day = closes_at.astimezone(UTC).date()
    late, early = (datetime.fromisoformat(f"{day}T{at}+00:00") for at in (after, before))
    with pytest.raises(NotAllowed, match="clos"):
        deposit(candidature, received_at=late)
    assert deposit(candidature, received_at=early).received_at == early


def test_incomplete_deposit_is_refused_and_loses_nothing():
    candidature = make_candidature(risks="", need="Ce que j’ai tapé")
    with pytest.raises(NotAllowed, match="Il reste"):
        deposit(candidature)
    row = again(candidature)
    assert (row.status, row.reference, row.need) == (Status.DRAFT, "", "Ce que j’ai tapé")
    assert row.edition.last_number == 0
    assert (Deposit.objects.count(), Email.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["accept", "withdraw"])
def test_later_deposit_is_refused_once_the_file_moved(name):
    candidature = make_deposited()
    services.change_status(candidature, name, by=make_user(roles=["team"]))
    with pytest.raises(NotAllowed, match="recevable|retirée"):
        deposit(type_in(candidature, title="Autre"))


def test_later_deposit_is_refused_when_late_or_incomplete():
    candidature = type_in(make_deposited(), title="Autre")
    with pytest.raises(NotAllowed, match="clos"):
        deposit(candidature, received_at=candidature.edition.closes_at)
    with pytest.raises(NotAllowed, match="Il reste"):
        deposit(type_in(candidature, title=""))
    assert Deposit.objects.count() == 1


def test_deposit_is_the_holders_alone():
    candidature = make_candidature()
    for stranger in [make_user(), make_user(roles=["team"]), make_user(is_superuser=True)]:
        with pytest.raises(NotAllowed):
            deposit(candidature, by=stranger)
    closed = make_user(is_active=False)
    candidature.holders.add(closed)
    with pytest.raises(NotAllowed):
        deposit(candidature, by=closed)
    assert Deposit.objects.count() == 0


def test_deposit_stands_while_the_mail_server_is_down():
    """Tests have no mail server at all: the receipt waits in the outbox."""
    candidature = make_deposited()
    assert outbox.send_next()
    assert Email.objects.get().status == STATUS.requeued
    assert again(candidature).status == Status.SUBMITTED


def test_draft_is_not_started_once_the_call_is_closed():
    edition, holder = make_edition(), make_user()
    started = services.start(edition=edition, by=holder)
    assert list(started.holders.all()) == [holder]
    end_call(edition)
    with pytest.raises(NotAllowed, match="clos"):
        services.start(edition=edition, by=make_user())


def end_call(edition):
    edition.closes_at = ago(seconds=1)
    edition.save()


def test_counter_survives_an_edition_saved_from_an_older_reading(db):
    edition = make_edition()
    make_deposited(edition=edition)
    edition.summary = "Corrigé par l’équipe, qui avait ouvert la page avant ce dépôt."
    edition.save()
    assert make_deposited(edition=edition).reference.endswith("-002")
