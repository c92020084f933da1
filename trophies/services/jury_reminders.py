"""Mails that bring jurors to their readings: by the worker, and when the team asks."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import MailSent
from trophies.models import Assignment, Candidature, JuryMember
from trophies.rounds import FIRST, is_reading
from trophies.services.jury_mails import tell_juror
from trophies.services.reminders import BATCH, TOO_LATE, day_of
from trophies.workflow import NotAllowed, Status

LAST_DAYS = timedelta(days=3)
# Readings that have just opened were announced: their last days are not told on the same day.
QUIET = timedelta(days=1)


def readings_left():
    """The readings still to sign, of jurors who sit in a jury that reads this round now."""
    rows = Assignment.objects.counting().being_read()
    return rows.filter(
        candidature__status=Status.ELIGIBLE,
        evaluation__signed_at=None,
        jury_member__left_at=None,
        jury_member__user__is_active=True,
    )


def counts_left(members):
    """How many readings each of these seats has left to sign, by its key."""
    rows = readings_left().filter(jury_member__in=members).order_by().values("jury_member")
    return dict(rows.annotate(count=Count("pk")).values_list("jury_member", "count"))


def reminder_event(member, at):
    return f"jury_reminder:{member.pk}:{day_of(at)}"


@transaction.atomic
def remind_jurors(edition, *, by, member=None):
    """Remind those with readings left, once a day each: (how many now, how many earlier today).

    Who has readings left is judged on the files that `by` may see: who is reminded would
    otherwise tell of the others. Raises NotAllowed.
    """
    if not is_reading(edition):
        raise NotAllowed("Les lectures ne sont pas ouvertes\u202f: il n’y a personne à relancer.")
    seen = Candidature.objects.visible_to(by).filter(edition=edition)
    due = readings_left().filter(candidature__in=seen).values("jury_member")
    rows = JuryMember.objects.filter(pk__in=due).select_related("user", "edition")
    members = list(rows.filter(pk=member.pk) if member else rows)
    counts, now = counts_left(members), timezone.now()
    told = [
        tell_juror(juror, "jury_reminder", event=reminder_event(juror, now), left=counts[juror.pk])
        for juror in members
    ]
    return told.count(True), told.count(False)


# By the worker, every minute --------------------------------------------------------------------


@transaction.atomic
def send_jury_opened():
    """Tell jurors that their readings are open, once each; who was invited since knows it."""
    edition = "edition__jury_opens_at"
    due = with_readings_left(round=FIRST).filter(
        Q(invited_at=None) | Q(invited_at__lt=F(edition)),
        **{f"{edition}__gt": timezone.now() - TOO_LATE},
    )
    tell([(member, f"jury_opened:{member.pk}") for member in due], "jury_opened")


@transaction.atomic
def send_jury_last_days():
    """Tell those who have not signed everything that the end is near, once for each end."""
    now = timezone.now()
    # Once there is a second round, it is the one that is read.
    due = with_readings_left().annotate(
        end=Coalesce("edition__second_closes_at", "edition__jury_closes_at"),
        start=Coalesce("edition__second_opened_at", "edition__jury_opens_at"),
    )
    due = due.filter(end__lte=now + LAST_DAYS, start__lte=now - QUIET)
    told = [(member, f"jury_last:{member.pk}:{day_of(member.end)}") for member in due]
    tell(told, "jury_last_days", has_count=True)


def with_readings_left(**conditions):
    seats = readings_left().filter(**conditions).values("jury_member")
    return JuryMember.objects.filter(pk__in=seats).select_related("user", "edition").order_by("pk")


def tell(due, kind, *, has_count=False):
    """Write to the jurors of `due`, pairs (seat, event), who were not told yet."""
    if not due:
        return
    events = [event for _, event in due]
    sent = set(MailSent.objects.filter(event__in=events).values_list("event", flat=True))
    left = [(member, event) for member, event in due if event not in sent][:BATCH]
    counts = counts_left([member for member, _ in left]) if has_count and left else {}
    for member, event in left:
        tell_juror(member, kind, event=event, left=counts.get(member.pk))
