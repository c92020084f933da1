"""The example's candidatures and jury: rows that the product would have written itself."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from post_office.models import Email

from accounts.models import User
from rallynov.seed import calendar, candidatures, demo
from rallynov.seed.rows import read
from trophies.models import (
    Assignment,
    Attachment,
    Candidature,
    ConflictOfInterest,
    Deposit,
    Edition,
    Evaluation,
    StatusChange,
)
from trophies.route import Phase
from trophies.workflow import Status

TODAY = timezone.localdate()


def quiet(line):
    pass


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The example, loaded once for the module: each test is then a savepoint within."""
    hashers = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with django_db_blocker.unblock(), override_settings(**hashers), transaction.atomic():
        demo.load(TODAY, say=quiet)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def example(loaded, db):
    pass


def test_jury_reads_whatever_the_day():
    for today in (date(2027, 1, 1) + timedelta(days=number) for number in range(370)):
        dates = calendar.reading(today)
        assert dates.closes_at.weekday() == 4
        assert timedelta(days=32) <= today - dates.closes_at.date() <= timedelta(days=40)
        assert timedelta(days=9) <= today - dates.jury_opens_at.date() <= timedelta(days=15)
        assert timedelta(days=24) <= dates.jury_closes_at.date() - today <= timedelta(days=30)
        assert timedelta(days=58) <= dates.results_published_at.date() - today
        assert list(dates.instants().values()) == sorted(dates.instants().values())
        assert dates.year == calendar.current(today).year - 1


def edition_in(phase):
    [edition] = [edition for edition in Edition.objects.all() if edition.phase == phase]
    return edition


def statuses(edition):
    return Counter(edition.candidatures.values_list("status", flat=True))


def readings_of(name):
    user = User.objects.get(email=f"{name}@rallynov.example")
    return list(Assignment.objects.visible_to(user).for_reading())


def test_loading_again_changes_nothing(example):
    def counts():
        models = [*apps.get_app_config("trophies").get_models(), User, Email]
        return {model.__name__: model.objects.count() for model in models}

    before, rows = counts(), list(Candidature.objects.order_by("pk").values())
    demo.load(TODAY, say=quiet)
    assert counts() == before
    assert list(Candidature.objects.order_by("pk").values()) == rows


def test_loading_again_leaves_a_candidature_alone(example):
    draft = Candidature.objects.filter(status=Status.DRAFT).first()
    Candidature.objects.filter(pk=draft.pk).update(title="Mon essai")
    demo.load(TODAY, say=quiet)
    draft.refresh_from_db()
    assert draft.title == "Mon essai"


def test_every_status_is_there(example):
    assert statuses(edition_in(Phase.OPEN)) == {Status.DRAFT: 2, Status.SUBMITTED: 1}
    assert statuses(edition_in(Phase.READING)) == {
        Status.ELIGIBLE: 9, Status.INELIGIBLE: 1, Status.WITHDRAWN: 1, Status.SUBMITTED: 1,
    }  # fmt: skip


def test_holder_has_a_draft_and_a_file_that_the_jury_reads(example):
    holder = User.objects.get(email="porteur@rallynov.example")
    [draft] = Candidature.objects.held_by(holder).filter(status=Status.DRAFT)
    assert draft.edition == edition_in(Phase.OPEN)
    assert draft.missing == ["people", "effects", "spread", "viability"]
    [other] = Candidature.objects.held_by(holder).exclude(pk=draft.pk)
    assert (other.edition, other.status) == (edition_in(Phase.READING), Status.ELIGIBLE)


def test_deposits_came_while_the_call_was_open(example):
    assert Deposit.objects.count() == 13
    for candidature in Candidature.objects.exclude(status=Status.DRAFT):
        edition, received_at = candidature.edition, candidature.last_deposit.received_at
        assert edition.opens_at < received_at < min(edition.closes_at, timezone.now())
        assert candidature.created_at < candidature.submitted_at == received_at
        assert not candidature.has_undeposited_changes
        assert candidature.reference.startswith(f"{edition.year}-")
    refused = StatusChange.objects.get(name="refuse")
    assert refused.by.email == candidatures.TEAM
    assert refused.reason == refused.candidature.reason != ""


def test_numbers_follow_the_order_of_arrival(example):
    files = edition_in(Phase.READING).candidatures.order_by("reference")
    assert [file.reference[-3:] for file in files] == [f"{number:03}" for number in range(1, 13)]
    assert list(files) == list(files.order_by("submitted_at"))


def test_attachments_are_deposited_and_readable(example):
    pieces = list(Attachment.objects.all())
    assert len(pieces) == 3
    for piece in pieces:
        with piece.file.open() as stored:
            content = stored.read()
        assert content.startswith(b"%PDF-")
        assert len(content) == piece.size
        assert piece.candidature.last_deposit.payload["files"] == [piece.summary()]


def test_pdf_tells_where_its_objects_are():
    content = candidatures.pdf(["Où\u202f? (là)", "80\u202f€"])
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[start:].startswith(b"xref\n0 6\n")
    for number, line in enumerate(content[start:].split(b"\n")[3:8], start=1):
        assert content[int(line[:10]) :].startswith(b"%d 0 obj" % number)
    assert "(Où\xa0? \\(là\\)) Tj".encode("cp1252") in content


def test_juror_has_signed_begun_and_unopened_readings(example):
    readings = readings_of("jury")
    assert len(readings) == 9
    assert sum(reading.is_signed for reading in readings) == 3
    [begun] = [r for r in readings if hasattr(r, "evaluation") and not r.is_signed]
    assert len(begun.evaluation.levels) == 5
    assert not ConflictOfInterest.objects.filter(user__email="jury@rallynov.example").exists()


def test_other_jurors_are_further_or_have_not_begun(example):
    signed = {
        name: (sum(reading.is_signed for reading in readings), len(readings))
        for name in ["presidence", "jury2", "jury3"]
        for readings in [readings_of(name)]
    }
    assert signed == {"presidence": (6, 9), "jury2": (8, 8), "jury3": (0, 9)}
    conflict = ConflictOfInterest.objects.get()
    assert conflict.candidature not in {reading.candidature for reading in readings_of("jury2")}


def test_scores_are_spread(example):
    criteria = list(edition_in(Phase.READING).criteria.all())
    assert sum(criterion.weight for criterion in criteria) == 100
    signed = Evaluation.objects.exclude(signed_at=None)
    assert all(evaluation.comment_for_jury for evaluation in signed)
    assert all(evaluation.comment_for_candidate for evaluation in signed)
    levels = {level for evaluation in signed for level in evaluation.levels.values()}
    assert levels >= {None, 1, 2, 3, 4}
    means = [evaluation.mean(criteria) for evaluation in signed]
    assert max(means) - min(means) > 1


def test_no_mail_is_left(example):
    assert not Email.objects.exists()


def test_texts_are_of_the_asked_length():
    for row in read("data/demo/candidatures.json"):
        answers = [row[name] for name in ["need", "response", "people", "effects"]]
        answers += [row[name] for name in ["risks", "spread", "viability"]]
        assert all(55 <= len(text.split()) <= 175 for text in answers if text)
        assert row["organisation_name"].endswith("(exemple)")
        assert row["holder"]["name"].endswith(" Exemple")
