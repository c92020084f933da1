"""What becomes of an event once people are registered: each of them is told, once.

A gesture holds the row of the event, so that the public who registers comes before it or after it.
"""

from django.db import transaction
from django.db.models.functions import Least
from django.utils import timezone

from events import services
from events.models import Event, Registration
from events.telling import tell

Status = Event.Status

DRAFT = "Cet événement n’est pas en ligne\u202f: personne n’est à prévenir. Modifiez sa fiche."
OVER = "Cet événement a déjà commencé\u202f: il n’y a plus rien à en annoncer."
GONE_BY = (
    "Sa date est passée\u202f: il ne peut plus avoir lieu ce jour-là. Donnez-lui une nouvelle date."
)
CALLED_OFF = "Cet événement est annulé. S’il a lieu malgré tout, maintenez-le d’abord."
PAST_DATE = "Cette date est passée\u202f: choisissez une date à venir."
SAME_DATE = "C’est déjà sa date."
ENDS_FIRST = "La fin vient après le début."


class NotPossibleError(Exception):
    """The gesture makes no sense for this event; the message says why, in French."""


# What may be done ---------------------------------------------------------------------------------


def why_not(event):
    """What keeps any gesture from being made, or nothing."""
    return DRAFT if event.publication_state != Event.State.PUBLISHED else ""


def why_not_cancel(event):
    if event.status == Status.CANCELLED:
        return "Cet événement est déjà annulé."
    # One put off keeps a date that no longer counts: it is called off whenever one likes.
    is_over = event.status == Status.PLANNED and event.has_begun
    return why_not(event) or (OVER if is_over else "")


def why_not_postpone(event):
    if event.status == Status.POSTPONED:
        return "Cet événement est déjà reporté."
    if event.status == Status.CANCELLED:
        return CALLED_OFF
    return why_not(event) or (OVER if event.has_begun else "")


def why_not_move(event):
    if event.status == Status.CANCELLED:
        return CALLED_OFF
    is_over = event.status == Status.PLANNED and event.has_begun
    return why_not(event) or (OVER if is_over else "")


def why_not_maintain(event):
    if event.status == Status.PLANNED:
        return "Cet événement est déjà maintenu à sa date."
    return why_not(event) or (GONE_BY if event.has_begun else "")


def refuse(reason):
    if reason:
        raise NotPossibleError(reason)


# The gestures: each returns how many were told ----------------------------------------------------


@transaction.atomic
def cancel(*, event, note):
    event = services.locked(event)
    refuse(why_not_cancel(event))
    event.status, event.status_note = Status.CANCELLED, note
    withdraw_offers(event)
    return announce(event, "event_cancelled", note)


@transaction.atomic
def postpone(*, event, note):
    """Put off, the new date being unknown."""
    event = services.locked(event)
    refuse(why_not_postpone(event))
    event.status, event.status_note = Status.POSTPONED, note
    withdraw_offers(event)
    return announce(event, "event_postponed", note, avant=event.date_text)


@transaction.atomic
def move(*, event, starts_at, ends_at, note):
    """To a new date, which is known to the hour."""
    event = services.locked(event)
    refuse(why_not_move(event) or why_not_on(event, starts_at, ends_at))
    former = event.date_text
    set_date(event, starts_at, ends_at)
    event.status_note = note if event.moved_from else ""
    event.registrations.active().update(reminded_at=None)
    offers = event.registrations.filter(status=Registration.Status.OFFERED)
    offers.update(offered_until=Least("offered_until", starts_at))
    return take_up(event, "event_moved", note, avant=former)


@transaction.atomic
def maintain(*, event, note):
    """Put off or called off, it takes place after all, on its date."""
    event = services.locked(event)
    refuse(why_not_maintain(event))
    event.status = Status.PLANNED
    # Nothing changed after all: the page has nothing to say of it.
    event.status_note = note if event.moved_from else ""
    return take_up(event, "event_maintained", note)


# Their parts --------------------------------------------------------------------------------------


def why_not_on(event, starts_at, ends_at):
    if starts_at <= timezone.now():
        return PAST_DATE
    if ends_at and ends_at <= starts_at:
        return ENDS_FIRST
    is_same = (event.starts_at, event.ends_at) == (starts_at, ends_at)
    return SAME_DATE if is_same and event.status == Status.PLANNED else ""


def set_date(event, starts_at, ends_at):
    """The first date that was told is kept; registrations close as long before as they did."""
    first = event.moved_from or (event.starts_at if event.has_day else None)
    event.moved_from = None if starts_at == first else first
    if event.registration_closes_at:
        event.registration_closes_at += starts_at - event.starts_at
    event.starts_at, event.ends_at = starts_at, ends_at
    event.status, event.date_precision = Status.PLANNED, Event.Precision.TIME


def withdraw_offers(event):
    """Nobody can take a place for now: who was offered one is the first in line again."""
    offers = event.registrations.filter(status=Registration.Status.OFFERED)
    offers.update(status=Registration.Status.WAITING, offered_until=None)


def take_up(event, key, note, **said):
    """It takes place: told, then the free places are offered to those in line."""
    count = announce(event, key, note, **said)
    services.offer_places(event)
    return count


def announce(event, key, note, **said):
    """Tell everyone registered, those in line too; calendars take the new revision over."""
    event.sequence += 1
    event.save()
    rows = event.registrations.active().order_by("pk")
    return sum(
        tell(key, row, once=f"{event.pk}:{event.sequence}", mot=note, **said) for row in rows
    )


# Before it is sent --------------------------------------------------------------------------------


def as_moved(event, starts_at, ends_at):
    """A copy that nobody saves, with its new date, for the preview."""
    copy = Event.objects.for_cards().get(pk=event.pk)
    set_date(copy, starts_at, ends_at)
    return copy
