"""Dates and instants in French, written one way everywhere: pages, admin, calendar, mails.

Aware datetimes are told in the site's time zone, Europe/Paris.
"""

import re
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from rallynov.numbers import NO_BREAK


def date_text(value, pattern):
    """`value` (a date or an aware datetime) by a pattern of Django's `date` filter."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    # French counts the first day of a month in ordinals, and neither the others nor « 1 h ».
    return re.sub(r"\b1 (?=[^\W\d]{2})", "1er ", date_format(value, pattern), count=1)


def day_text(value):
    """« 1er octobre 2026 »"""
    return date_text(value, "j F Y")


def time_text(instant):
    """« 14 h 02 »"""
    return date_text(instant, f"G{NO_BREAK}\\h{NO_BREAK}i")


def instant_text(instant, *, weekday=True):
    """« vendredi 29 janvier 2027 à 23 h 59 », « jeudi 1er octobre 2026 à 9 h »"""
    text = date_text(instant, f"{'l ' if weekday else ''}j F Y à G \\h i")
    return text.removesuffix(" 00").replace(" h", f"{NO_BREAK}h").replace("h ", f"h{NO_BREAK}")


def paris_text(instant):
    """« vendredi 29 janvier 2027 à 23 h 59, heure de Paris »: what people are held to."""
    return f"{instant_text(instant)}, heure de Paris"
