"""Several people in the same second: real threads, and transactions that meet."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from post_office.models import Email

from places import loader
from places.models import Commune, Department, Epci
from tests.factories import (
    ago,
    make_candidature,
    make_criterion,
    make_edition,
    make_eligible,
    make_evaluation,
    make_initiative,
    make_jury_member,
    make_laureate,
    make_prize,
    make_reading_edition,
    make_user,
)
from tests.threads import in_parallel, run, wait_for_waiters
from trophies import attachments, services
from trophies.models import Announcement, Candidature, Deposit, Edition, Evaluation, Prize, Score
from trophies.services.pieces import Kept
from trophies.workflow import NotAllowed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("places")]


@pytest.fixture
def places(transactional_db):
    """Tests in several connections commit, then empty every table: what migrations load too."""
    loader.load(Department, Epci, Commune)


def deposit(candidature):
    return services.deposit(
        candidature=candidature,
        by=candidature.holders.first(),
        received_at=candidature.edition.opens_at + timedelta(hours=1),
    )


def test_two_double_clicks_at_once_make_one_deposit_each():
    edition = make_edition(year=2035)
    candidatures = [make_candidature(edition=edition) for _ in range(2)]
    candidatures[0].holders.add(make_user())
    calls = [lambda row=row: deposit(row) for row in candidatures for _ in range(2)]
    made = in_parallel(*calls, behind=edition)
    assert made[0] == made[1] != made[2] == made[3]
    assert Deposit.objects.count() == 2
    references = edition.candidatures.values_list("reference", flat=True)
    assert sorted(references) == ["2035-001", "2035-002"]
    told = [mail.to[0] for mail in Email.objects.all()]
    holders = [user.email for row in candidatures for user in row.holders.all()]
    assert sorted(told) == sorted(holders)


def test_twenty_deposits_at_once_get_consecutive_references():
    edition = make_edition(year=2035)
    candidatures = [make_candidature(edition=edition) for _ in range(20)]
    in_parallel(*(lambda row=row: deposit(row) for row in candidatures), behind=edition)
    references = edition.candidatures.order_by("reference").values_list("reference", flat=True)
    assert list(references) == [f"2035-{number:03}" for number in range(1, 21)]


def attach(candidature, content, **options):
    upload = SimpleUploadedFile("plan.pdf", content)
    return services.attach(candidature, attachments.prepare(upload), **options)


def test_two_files_at_once_never_pass_the_limit():
    candidature = make_candidature(edition=make_edition(most_files=1))
    contents = [b"%PDF-1.4 one %%EOF", b"%PDF-1.4 two %%EOF"]
    calls = [lambda content=content: attach(candidature, content) for content in contents]
    made = in_parallel(*calls, behind=candidature)
    assert {type(result) for result in made} == {Kept, NotAllowed}
    piece = candidature.attachments.get()
    assert piece.file.storage.exists(piece.file.name)


def test_one_file_sent_twice_at_once_is_kept_once():
    candidature = make_candidature()
    calls = [lambda: attach(candidature, b"%PDF-1.4 same %%EOF")] * 2
    made = in_parallel(*calls, behind=candidature)
    assert sorted(kept.is_new for kept in made) == [False, True]
    assert candidature.attachments.count() == 1


def test_two_late_files_at_once_both_join_the_deposit():
    candidature = make_candidature()
    holder = candidature.holders.get()
    contents = [b"%PDF-1.4 one %%EOF", b"%PDF-1.4 two %%EOF"]
    announced = [
        Announcement.objects.create(
            candidature=candidature,
            name="plan.pdf",
            size=len(content),
            by=holder,
            announced_at=ago(minutes=12),
        )
        for content in contents
    ]
    services.deposit(candidature=candidature, by=holder, received_at=ago(minutes=11))
    Edition.objects.filter(pk=candidature.edition_id).update(closes_at=ago(minutes=10))
    calls = [
        lambda row=row, content=content: attach(candidature, content, announcement=row)
        for row, content in zip(announced, contents, strict=True)
    ]
    made = in_parallel(*calls, behind=candidature)
    assert sorted(kept.deposit.number for kept in made) == [2, 3]
    assert len(candidature.deposits.first().payload["files"]) == 2


def test_two_starts_at_once_make_one_draft():
    edition, holder = make_edition(), make_user()
    calls = [lambda: services.start(edition=edition, by=holder)] * 2
    first, second = in_parallel(*calls, behind=edition)
    assert first == second
    assert Candidature.objects.count() == 1


def then(first, second):
    """Run `second` in another connection while `first` is not committed; what it met."""
    met = []
    thread = threading.Thread(target=lambda: met.append(run(second)))
    with transaction.atomic():
        first()
        thread.start()
        wait_for_waiters(1)
    thread.join()
    return met[0]


@pytest.mark.parametrize("is_lowered_first", [True, False])
def test_prize_and_its_places_agree_whoever_comes_first(is_lowered_first):
    prize, initiative = make_prize(quantity=2), make_initiative()

    def lower():
        Prize.objects.filter(pk=prize.pk).update(quantity=1)

    def give():
        make_laureate(prize=prize, initiative=initiative, place=2)

    calls = (lower, give) if is_lowered_first else (give, lower)
    assert isinstance(then(*calls), IntegrityError)
    prize.refresh_from_db()
    assert (prize.quantity, prize.laureates.count()) == ((1, 0) if is_lowered_first else (2, 1))


def test_two_autosaves_at_once_make_one_evaluation():
    edition = make_reading_edition()
    criterion = make_criterion(edition=edition)
    make_eligible(edition=edition)
    reading = make_jury_member(edition=edition).assignments.get()

    def save(level):
        return make_evaluation(reading, [level], is_signed=False)

    assert isinstance(then(lambda: save(1), lambda: save(3)), Evaluation)
    assert Score.objects.get(criterion=criterion).level == 3
