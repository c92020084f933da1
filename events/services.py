"""Registrations: who gets a place, who waits, who is offered the place that another gives up.

Everything that counts places holds the row of the event: whoever came first is served first.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts import consents
from accounts.models import MailSent
from events.models import Event, Registration
from events.telling import tell

OFFER_LASTS = timedelta(hours=48)
REMIND_BEFORE = timedelta(days=2)
BATCH = 200  # mails of one pass
# What a person needs may tell of their health: they agree, by writing it, to these words.
NEEDS = consents.Wording(
    "registration_needs",
    "Ce que vous écrivez ici, vous acceptez que l’équipe le lise pour préparer votre accueil, et "
    f"rien d’autre. C’est effacé {settings.RETENTION['needs']} mois après l’événement, ou dès que "
    "vous renoncez à venir.",
)
Status = Registration.Status


class RegistrationClosedError(Exception):
    """The event takes no registration any more."""


def locked(event):
    return Event.objects.select_for_update(of=["self"]).get(pk=event.pk)


def free_places(event):
    """How many places nobody holds; None without a limit. The event is locked."""
    if event.capacity is None:
        return None
    return max(0, event.capacity - event.registrations.holding_a_place().count())


def takes_answers(event):
    """Whether one may still give up a place; of an event put off, the first date is no matter."""
    return event.status == Event.Status.POSTPONED or not event.has_begun


# Coming, and giving up --------------------------------------------------------------------------


@transaction.atomic
def register(event, *, name, email, organisation="", needs="", page=""):
    """Give a place, or a rank in the line, to an address; tell it which, or that it has one.

    `page` names the page that was filled in: sent twice, it is told of once.
    """
    event = locked(event)
    if not Event.objects.taking_registrations().filter(pk=event.pk).exists():
        raise RegistrationClosedError
    email = email.lower()
    is_new = MailSent.objects.claim(address=email, event=f"page:{page}") if page else True
    known = event.registrations.active().filter(email=email).first()
    if known is None:
        return enter(event, name=name, email=email, organisation=organisation, needs=needs)
    if is_new:
        # Once a day: whoever types the address of another writes to them no more than that.
        tell("registration_known", known, once=f"{known.uuid}:{timezone.localdate()}")
    return known


def enter(event, *, needs, **person):
    """A place while one is free and nobody waits for it; else the end of the line."""
    has_place = free_places(event) != 0 and not event.registrations.in_line().exists()
    registration = Registration.objects.create(
        event=event,
        needs=needs,
        status=Status.CONFIRMED if has_place else Status.WAITING,
        **person,
    )
    if needs:
        consents.give(NEEDS, email=registration.email, about=registration.uuid)
    tell("registration_confirmed" if has_place else "registration_waiting", registration)
    return registration


@transaction.atomic
def cancel(registration):
    """Give up a place, or one's rank; False if there is none to give up any more."""
    event = locked(registration.event)
    registration = event.registrations.get(pk=registration.pk)
    if not (registration.is_active and takes_answers(event)):
        return False
    end(registration, Status.CANCELLED)
    tell("registration_cancelled", registration)
    offer_places(event)
    return True


@transaction.atomic
def accept(registration):
    """Take the place that is offered; False once it is no more."""
    event = locked(registration.event)
    registration = event.registrations.get(pk=registration.pk)
    if not (registration.may_be_accepted and event.status == Event.Status.PLANNED):
        return False
    registration.status, registration.offered_until = Status.CONFIRMED, None
    if event.starts_at - timezone.now() <= REMIND_BEFORE:
        registration.reminded_at = timezone.now()  # this mail will do
    registration.save(update_fields=["status", "offered_until", "reminded_at"])
    tell("registration_confirmed", registration)
    return True


def end(registration, status):
    """What a person needs to be welcomed is of no use any more: it goes at once."""
    registration.status, registration.ended_at = status, timezone.now()
    registration.offered_until, registration.needs, registration.came_at = None, "", None
    registration.save()
    consents.choose([NEEDS], [], email=registration.email, about=registration.uuid)


# The line ---------------------------------------------------------------------------------------


def offer_places(event):
    """Offer the free places to the first in line, as many as there are. The event is locked."""
    if event.status != Event.Status.PLANNED or event.has_begun:
        return
    until = min(timezone.now() + OFFER_LASTS, event.starts_at)
    for registration in event.registrations.in_line()[: free_places(event)]:
        registration.status, registration.offered_until = Status.OFFERED, until
        registration.save(update_fields=["status", "offered_until"])
        tell("registration_offered", registration)


def move_lines():
    """End the offers that nobody took, and offer again: places given up, or added by the team."""
    rows = Registration.objects.filter(event=OuterRef("pk"))
    lapsed = Exists(rows.filter(status=Status.OFFERED, offered_until__lte=timezone.now()))
    waited_for = Exists(rows.in_line()) & Q(starts_at__gt=timezone.now())
    events = Event.objects.published().filter(lapsed | waited_for, status=Event.Status.PLANNED)
    for event in events.order_by("pk"):
        move_line(event)


@transaction.atomic
def move_line(event):
    event = locked(event)
    late = event.registrations.filter(status=Status.OFFERED, offered_until__lte=timezone.now())
    for registration in late.order_by("pk"):
        end(registration, Status.LAPSED)
        if not event.has_begun:
            tell("registration_lapsed", registration)
    offer_places(event)


# Before the day ---------------------------------------------------------------------------------


@transaction.atomic
def remind_registered():
    """Two days before, to who has a place; who came later has just been told."""
    now = timezone.now()
    events = Event.objects.published().filter(
        status=Event.Status.PLANNED, starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE
    )
    soon = Registration.objects.filter(
        status=Status.CONFIRMED,
        reminded_at=None,
        event__in=events,
        created_at__lt=F("event__starts_at") - REMIND_BEFORE,
    ).select_related("event__commune", "event__department")
    for registration in soon.select_for_update(of=["self"], skip_locked=True)[:BATCH]:
        tell("registration_reminder", registration)
        registration.reminded_at = now
        registration.save(update_fields=["reminded_at"])
