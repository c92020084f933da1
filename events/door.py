"""The head-count on the day: who came of those registered, who walked in, how many in all.

Several people count at once, each from a telephone: what is counted is added in the database, and
the same person ticked twice is there once.
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from events import services
from events.models import Event, Registration

CLOSED = {
    Event.Status.POSTPONED: "Cet événement est reporté\u202f: il n’y a personne à compter.",
    Event.Status.CANCELLED: "Cet événement est annulé\u202f: il n’y a personne à compter.",
}
EARLY = "On compte à partir du jour même. D’ici là, cette page montre la liste."
MOST_WALK_INS = 32_000  # what the column holds


def why_closed(event):
    """What keeps from counting today, or nothing."""
    if event.status != Event.Status.PLANNED:
        return CLOSED[event.status]
    is_early = timezone.localdate(event.starts_at) > timezone.localdate()
    return EARLY if is_early else ""


def who_came(event):
    return event.registrations.exclude(came_at=None).count()


def tick(event, pk):
    """Who has a place is there; True unless they were already, or have none."""
    rows = event.registrations.filter(pk=pk, status=Registration.Status.CONFIRMED)
    return bool(rows.filter(came_at=None).update(came_at=timezone.now()))


def untick(event, pk):
    return bool(event.registrations.filter(pk=pk).update(came_at=None))


def one_more(event):
    rows = Event.objects.filter(pk=event.pk, walk_ins__lt=MOST_WALK_INS)
    return bool(rows.update(walk_ins=F("walk_ins") + 1))


def one_less(event):
    rows = Event.objects.filter(pk=event.pk, walk_ins__gt=0)
    return bool(rows.update(walk_ins=F("walk_ins") - 1))


@transaction.atomic
def close(event):
    """Write how many were there; done again after a correction, it is written again."""
    event = services.locked(event)
    event.attendance = who_came(event) + event.walk_ins
    event.save(update_fields=["attendance", "updated_at"])
    return event.attendance
