"""Mails that time brings: the rows' dates move, and not the clock."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from post_office.models import STATUS, Email

from accounts.models import MailSent
from accounts.roles import Role
from places import loader
from places.models import Commune, Department, Epci
from rallynov.periodic import EVERY_MINUTE
from tests.factories import (
    ago,
    ahead,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_page,
    make_user,
)
from tests.smtp import text_of
from tests.threads import in_parallel
from trophies import services
from trophies.models import Candidature
from trophies.services import reminders
from trophies.services.mails import told_instant

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=20)


@pytest.fixture(autouse=True)
def _contact(request):
    if "transactional_db" not in request.fixturenames:
        make_page(key="contact")


def edition_closing(left):
    """An edition whose call closes in `left`, or closed since when it is negative."""
    closes_at = ahead(seconds=left.total_seconds())
    return make_edition(
        opens_at=ago(days=40),
        closes_at=closes_at,
        jury_opens_at=closes_at + timedelta(days=30),
        jury_closes_at=closes_at + timedelta(days=40),
        results_published_at=closes_at + timedelta(days=50),
    )


def draft(left, *, age=LONG_AGO, extended=None, make=make_candidature, **changes):
    candidature = make(edition=edition_closing(left), **changes)
    Candidature.objects.filter(pk=candidature.pk).update(
        created_at=ago(seconds=age.total_seconds()),
        extended_until=extended and ahead(seconds=extended.total_seconds()),
    )
    Email.objects.all().delete()
    candidature.refresh_from_db()
    return candidature


def move(candidature, left):
    """The team sets another closing."""
    edition = candidature.edition
    edition.closes_at = ahead(seconds=left.total_seconds())
    edition.save()


def subjects():
    return [mail.subject.replace("\u202f", " ") for mail in Email.objects.order_by("pk")]


H, D = timedelta(hours=1), timedelta(days=1)
SEVEN, TWO, SIX = "moins de 7 jours", "moins de 48 heures", "moins de 6 heures"

# fmt: off
TABLE = [
    # left, age of the draft, personal extension, what the reminder says
    (8 * D, LONG_AGO, None, ""),
    (7 * D - H, LONG_AGO, None, SEVEN),
    (3 * D, LONG_AGO, None, SEVEN),
    (48 * H - H / 60, LONG_AGO, None, TWO),
    (7 * H, LONG_AGO, None, TWO),
    (6 * H - H / 60, LONG_AGO, None, SIX),
    (H / 60, LONG_AGO, None, SIX),
    (-H / 60, LONG_AGO, None, ""),
    # who has just begun was told of the closing
    (3 * D, 23 * H, None, ""),
    (3 * D, 25 * H, None, SEVEN),
    (40 * H, 5 * H, None, ""),
    (40 * H, 7 * H, None, TWO),
    (5 * H, H / 2, None, ""),
    (5 * H, 2 * H, None, SIX),
    # an extension moves the closing of one candidature, later and never sooner
    (5 * H, LONG_AGO, 3 * D, SEVEN),
    (5 * H, LONG_AGO, 9 * D, ""),
    (-D, LONG_AGO, 5 * H, SIX),
    (-D, LONG_AGO, -H, ""),
    (3 * D, LONG_AGO, D, SEVEN),
]
# fmt: on


@pytest.mark.parametrize("is_complete", [True, False])
@pytest.mark.parametrize(("left", "age", "extended", "says"), TABLE)
def test_reminder_by_what_is_left(left, age, extended, says, is_complete):
    changes = {} if is_complete else {"need": "", "title": ""}
    draft(left, age=age, extended=extended, **changes)
    services.send_reminders()
    services.send_reminders()
    verb = "déposer" if is_complete else "finir"
    assert [subject.partition(" : ")[2] for subject in subjects()] == (
        [f"il reste {says} pour {verb}"] if says else []
    )
    for mail in Email.objects.all():
        assert ("– Le besoin" in mail.message) != is_complete


@pytest.mark.parametrize("make", [make_deposited, make_eligible])
def test_who_deposited_is_not_reminded(make):
    draft(3 * D, make=make)
    services.send_reminders()
    assert subjects() == []


def test_withdrawn_is_neither_reminded_nor_told_of_the_closing():
    candidature = draft(3 * D, make=make_deposited)
    services.change_status(candidature, "withdraw", by=make_user(roles=[Role.TEAM]))
    Email.objects.all().delete()
    services.send_reminders()
    move(candidature, -H)
    services.send_closing()
    assert subjects() == []


def test_each_stage_comes_once_as_time_goes_by():
    candidature = draft(8 * D)
    for left in [8 * D, 6 * D, 5 * D, 47 * H, 7 * H, 5 * H, H]:
        pass_time(candidature, left)
        services.send_reminders()
    said = [subject.partition("il reste ")[2].partition(" pour")[0] for subject in subjects()]
    assert said == [SEVEN, TWO, SIX]


def pass_time(candidature, left):
    """The closing is nearer, the same as it was told."""
    before = reminders.day_of(candidature.edition.closes_at)
    move(candidature, left)
    after = reminders.day_of(candidature.edition.closes_at)
    for row in MailSent.objects.all():
        row.event = row.event.replace(before, after)
        row.save()


def test_closing_moved_to_another_day_is_told_again():
    candidature = draft(40 * H)
    services.send_reminders()
    move(candidature, 5 * D)
    services.send_reminders()
    assert len(subjects()) == 2
    move(candidature, 5 * D)
    services.send_reminders()
    assert len(subjects()) == 2


def test_every_holder_is_reminded_and_closed_accounts_are_not():
    candidature = draft(3 * D)
    other = make_user()
    candidature.holders.add(other, make_user(is_active=False))
    services.send_reminders()
    told = {mail.to[0] for mail in Email.objects.all()}
    assert told == {other.email, candidature.holders.order_by("pk").first().email}


def test_reminder_that_could_not_leave_before_the_closing_never_leaves(inbox):
    draft(H)
    services.send_reminders()
    mail = Email.objects.get()
    assert ahead(minutes=58) < mail.expires_at <= ahead(hours=1)
    Email.objects.update(expires_at=ago(seconds=1))
    call_command("worker", once=True)
    assert inbox.mails == []
    assert Email.objects.get().status == STATUS.failed


def test_draft_of_an_edition_without_dates_is_left_alone():
    candidature = draft(3 * D)
    edition = candidature.edition
    for name in ["opens_at", "closes_at", "jury_opens_at", "jury_closes_at"]:
        setattr(edition, name, None)
    edition.save()
    services.send_reminders()
    services.send_closing()
    assert subjects() == []


# The closing ------------------------------------------------------------------------------------

# fmt: off
CLOSINGS = [
    # left, personal extension, whether the closing is told
    (H, None, False),
    (-H / 6, None, False),  # a file announced in time may still come
    (-H / 2, None, True),
    (-47 * H, None, True),
    (-49 * H, None, False),  # history
    (-H, H, False),
    (-5 * D, -H, True),
    (-H, -2 * H, True),
]
# fmt: on


@pytest.mark.parametrize(("left", "extended", "is_told"), CLOSINGS)
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_candidature, "n’a pas été déposée"),
        (make_deposited, "est bien déposée"),
        (make_eligible, "est bien déposée"),
    ],
)
def test_closing_is_told_once(left, extended, is_told, make, words):
    draft(left, extended=extended, make=make)
    services.send_closing()
    services.send_closing()
    assert len(subjects()) == is_told
    assert all(subject.endswith(words) for subject in subjects())


def test_closing_says_which_deposit_counts_and_that_no_word_is_lost(inbox):
    candidature = draft(-H, make=make_deposited)
    draft(-H)
    services.send_closing()
    call_command("worker", once=True)
    counted, lost = sorted((text_of(mail) for mail in inbox.mails), key=lambda t: "perdu" in t)
    assert f"dépôt n°\xa01, reçu le {told_instant(candidature.last_deposit.received_at)}" in counted
    assert "Rien n’est perdu" in lost


# Every minute, for ever -------------------------------------------------------------------------


def queries_of(function):
    with CaptureQueriesContext(connection) as queries:
        function()
    return len(queries)


@pytest.mark.parametrize(
    ("function", "left"), [(services.send_reminders, 3 * D), (services.send_closing, -H)]
)
def test_pass_costs_the_same_however_many_were_told(function, left):
    counts = [queries_of(function)]
    for _ in range(3):
        draft(left)
        function()
        counts.append(queries_of(function))
    nothing, *told = counts
    assert len(set(told)) == 1
    assert nothing <= 3
    assert told[0] == nothing + 1


def test_many_reminders_leave_room_for_codes(monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 2)
    for _ in range(3):
        draft(3 * D)
    for expected in [2, 3, 3]:
        services.send_reminders()
        assert MailSent.objects.count() == expected


def test_worker_runs_them_every_minute(inbox):
    assert {services.send_reminders, services.send_closing} <= set(EVERY_MINUTE)
    candidature = draft(3 * D)
    for _ in range(2):
        call_command("worker", once=True)
    (mail,) = inbox.mails
    assert candidature.title in mail["Subject"]


@pytest.mark.django_db(transaction=True)
def test_two_passes_at_once_remind_once():
    loader.load(Department, Epci, Commune)
    candidatures = [draft(3 * D) for _ in range(2)]
    edition = candidatures[0].edition

    def run_pass():
        with transaction.atomic():
            type(edition).objects.select_for_update().get(pk=edition.pk)
        services.send_reminders()

    in_parallel(run_pass, run_pass, behind=edition)
    told = [candidature.holders.get().email for candidature in candidatures]
    assert sorted(mail.to[0] for mail in Email.objects.all()) == sorted(told)
    assert MailSent.objects.count() == 2
