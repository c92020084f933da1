"""Calendars that people subscribe to (RFC 5545), the same bytes for the same content."""

from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from icalendar import Calendar

PRODUCT = "-//Rally’nov//portail//FR"


def uid(name):
    """An identifier that stays that of the same thing, whatever it becomes."""
    return f"{name}@{urlsplit(settings.SITE_URL).hostname}"


def calendar(components, **properties):
    """The bytes of a calendar; `properties` of the whole, by name."""
    # Not `Calendar.new`, which gives each a name at random.
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    for name, value in properties.items():
        kind = {"VALUE": "DURATION"} if isinstance(value, timedelta) else None
        made.add(name.replace("_", "-"), value, kind)
    for component in components:
        made.add_component(component)
    return made.to_ical()


def calendar_response(request, content, name=""):
    """With a tag, so that who asks again is told « unchanged »; a file to keep if it has a name."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    if name:
        response["Content-Disposition"] = content_disposition_header(True, name)
    response["ETag"] = tag = f'"{sha256(content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=tag, response=response)
