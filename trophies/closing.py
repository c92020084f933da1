"""The closing of a call, for one's own calendar."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from icalendar import Alarm, Calendar, Event

from rallynov.dates import paris_text

REMINDER = timedelta(days=2)


def closing_ics(edition) -> bytes:
    """The instant of the closing, in UTC, with a reminder; equal editions make equal bytes."""
    title = f"Clôture de l’appel : trophées Rally’nov {edition.year}"
    address = settings.SITE_URL + reverse("trophies:apply", args=[edition.year])
    instant = paris_text(edition.closes_at)
    event = Event.new(
        uid=f"cloture-{edition.year}@{urlsplit(settings.SITE_URL).hostname}",
        stamp=edition.published_at,
        start=edition.closes_at,
        summary=title,
        description=f"Dernier instant pour déposer : {instant}.\n{address}",
        url=address,
    )
    event.add("transp", "TRANSPARENT")
    event.add_component(reminder(title))
    # Not `Calendar.new`, which gives each a name at random.
    calendar = Calendar()
    calendar.add("prodid", "-//Rally’nov//trophees//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return calendar.to_ical()


def reminder(title):
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -REMINDER)
    return alarm
