"""Events for one's own calendar: one of them, or the whole agenda, which follows its changes.

Instants are in UTC, which needs no definition of a time zone and knows no summer time; what has a
day without an hour is a whole day. What has neither is in no calendar.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Event as Entry

from events.models import Event
from rallynov.calendars import calendar, uid

REFRESH = timedelta(hours=12)
USUAL_LENGTH = timedelta(hours=2)  # of what has a beginning and no end
STATUSES = {
    Event.Status.PLANNED: "CONFIRMED",
    Event.Status.POSTPONED: "TENTATIVE",
    Event.Status.CANCELLED: "CANCELLED",
}
TITLES = {Event.Status.POSTPONED: "Reporté\u202f: ", Event.Status.CANCELLED: "Annulé\u202f: "}


def event_ics(event) -> bytes:
    return calendar([entry(event)])


def agenda_ics(events) -> bytes:
    return calendar(
        [entry(event) for event in events],
        name="Rally’nov, l’agenda",
        x_wr_calname="Rally’nov, l’agenda",
        refresh_interval=REFRESH,
        x_published_ttl="PT12H",
        url=settings.SITE_URL + "/agenda/",
    )


def entry(event):
    address = settings.SITE_URL + event.get_absolute_url()
    start, end = span(event)
    made = Entry.new(
        uid=uid(f"evenement-{event.pk}"),
        stamp=event.updated_at,
        last_modified=event.updated_at,
        start=start,
        end=end,
        sequence=event.sequence,
        status=STATUSES[event.status],
        summary=title_of(event),
        description="\n\n".join(filter(None, [event.status_note, event.summary, address])),
        location=", ".join(filter(None, [event.venue, str(event.place or "")])) or None,
        url=address,
    )
    # A day is told to take place without taking one's own.
    is_busy = event.status == Event.Status.PLANNED and not is_whole_day(event)
    made.add("transp", "OPAQUE" if is_busy else "TRANSPARENT")
    return made


def title_of(event):
    return TITLES.get(event.status, "") + event.title + (" (exemple)" if event.is_example else "")


def is_whole_day(event):
    return event.date_precision == Event.Precision.DAY


def span(event):
    """(start, end): instants, or days of which the last one is after the end (RFC 5545)."""
    if is_whole_day(event):
        first = timezone.localdate(event.starts_at)
        last = timezone.localdate(event.ends_at) if event.ends_at else first
        return first, last + timedelta(days=1)
    return event.starts_at, event.ends_at or event.starts_at + USUAL_LENGTH
