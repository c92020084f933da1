"""Mails that time brings: before the closing of a call, and after it. Run every minute."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import MailSent
from trophies.models import Candidature
from trophies.services.mails import tell_address
from trophies.workflow import Status

# Mails of one pass: the codes that people wait for leave between two passes.
BATCH = 200
# A file announced before the closing may still come in; then it is over for everyone.
SETTLED = timedelta(minutes=20)
# An older closing is history: a new worker on an old database writes to nobody.
TOO_LATE = timedelta(days=2)


@dataclass(frozen=True)
class Stage:
    before: timedelta  # the closing
    quiet: timedelta  # a draft younger than this was told of the closing when it began
    left: str  # what the mail says


# The most urgent first: when several are due, it alone leaves.
STAGES = [
    Stage(timedelta(hours=6), timedelta(hours=1), "moins de 6 heures"),
    Stage(timedelta(hours=48), timedelta(hours=6), "moins de 48 heures"),
    Stage(timedelta(days=7), timedelta(days=1), "moins de 7 jours"),
]


def stage_of(end, begun_at, now):
    """The reminder that a draft may have now, or None."""
    stage = next((stage for stage in STAGES if end - now <= stage.before), None)
    return stage if stage and now - begun_at >= stage.quiet else None


def ending(**conditions):
    """Candidatures with `end`, the closing of their call or of their own extension."""
    return (
        Candidature.objects.annotate(end=Greatest("edition__closes_at", "extended_until"))
        .filter(holders__is_active=True, **conditions)
        .order_by("end", "pk", "holders__email")
    )


def day_of(end):
    """The closing as it is told once: moved to another day, it is told again."""
    return timezone.localtime(end).date().isoformat()


@transaction.atomic
def send_reminders():
    """Remind the holders of drafts of the closing, once for each stage."""
    now = timezone.now()
    rows = ending(
        status=Status.DRAFT,
        edition__opens_at__lte=now,
        end__gt=now,
        end__lte=now + STAGES[-1].before,
    ).values_list("pk", "created_at", "holders__email", "end")
    due = []
    for pk, begun_at, address, end in rows:
        stage = stage_of(end, begun_at, now)
        if stage:
            hours = int(stage.before.total_seconds()) // 3600
            event = f"reminder:{pk}:{day_of(end)}:{hours}h"
            due.append((pk, address, event, {"left": stage.left, "expires_in": end - now}))
    tell(due, remind)


def remind(candidature, **told):
    name = "reminder_incomplete" if candidature.missing else "reminder_complete"
    tell_address(candidature, name, **told)


@transaction.atomic
def send_closing():
    """Tell holders, once the call is closed, whether they are in it."""
    now = timezone.now()
    rows = ending(
        status__in=[Status.DRAFT, Status.SUBMITTED, Status.ELIGIBLE],
        end__gt=now - TOO_LATE,
        end__lte=now - SETTLED,
    ).values_list("pk", "holders__email", "end")
    tell(
        [(pk, address, f"closing:{pk}:{day_of(end)}", {}) for pk, address, end in rows],
        tell_closing,
    )


def tell_closing(candidature, **told):
    if candidature.is_draft:
        tell_address(candidature, "closed_draft", **told)
    else:
        deposit = candidature.last_deposit
        tell_address(candidature, "closed_deposited", deposit=deposit, **told)


def tell(due, write):
    """Call `write` for each of `due` that was not told yet.

    `due`: (pk of the candidature, address, event, what else is told). Nothing due makes no query;
    everything told already, one.
    """
    events = {event for _, _, event, _ in due}
    told = set()
    if events:
        sent = MailSent.objects.filter(event__in=events)
        told = set(sent.values_list("address", "event"))
    left = [row for row in due if (row[1], row[2]) not in told][:BATCH]
    pks = {pk for pk, *_ in left}
    rows = Candidature.objects.select_related("edition").prefetch_related("themes", "deposits")
    candidatures = rows.in_bulk(pks) if pks else {}
    for pk, address, event, rest in left:
        write(candidatures[pk], to=address, event=event, **rest)
