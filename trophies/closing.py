"""The closing of a call, for one's own calendar."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from icalendar import Alarm, Event

from rallynov.calendars import calendar, uid
from rallynov.dates import paris_text

REMINDER = timedelta(days=2)


def closing_ics(edition) -> bytes:
    """The instant of the closing, in UTC, with a reminder; equal editions make equal bytes."""
    title = f"Clôture de l’appel : trophées Rally’nov {edition.year}"
    address = settings.SITE_URL + reverse("trophies:apply", args=[edition.year])
    instant = paris_text(edition.closes_at)
    event = Event.new(
        uid=uid(f"cloture-{edition.year}"),
        stamp=edition.published_at,
        start=edition.closes_at,
        summary=title,
        description=f"Dernier instant pour déposer : {instant}.\n{address}",
        url=address,
    )
    event.add("transp", "TRANSPARENT")
    event.add_component(reminder(title))
    return calendar([event])


def reminder(title):
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -REMINDER)
    return alarm
