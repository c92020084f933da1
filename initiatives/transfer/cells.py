"""Cells of a table as text: cleaned, harmless in a spreadsheet, and read back as they were."""

import re
from datetime import date, datetime, time

from django.utils import timezone

from rallynov.spreadsheets import FORMULA

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"]
PLAUSIBLE_YEARS = range(1900, 2101)
INSTANT = re.compile(r"(?P<day>\S+?)(?:\s+à)?\s+(?P<hour>\d\d?)\s*[:hH]\s*(?P<minute>\d\d)?")


def one_line(text):
    """No-break spaces stay what they are."""
    return re.sub(r"[ \t\n]+", " ", text)


def unguarded(text):
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def text_of(value):
    """What a cell of a workbook says, as a CSV file would."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_midnight = value.time() == time()
        return value.date().isoformat() if is_midnight else value.isoformat(" ")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def split_list(text):
    """The parts of « A | B », or of « A ; B » where no bar is written, blanks included."""
    return [part.strip() for part in re.split(r"\|" if "|" in text else r"[;\n]", text)]


def join_list(parts):
    return " | ".join(parts)


def date_in(text):
    """The day that `text` writes, or None."""
    for pattern in DATE_FORMATS:
        try:
            day = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        return day if day.year in PLAUSIBLE_YEARS else None
    return None


def instant_in(text):
    """The instant that `text` writes (a day is its midnight, in Paris), or None."""
    if day := date_in(text):
        return timezone.make_aware(datetime.combine(day, time()))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = spoken_instant(text)
    if instant is None or instant.year not in PLAUSIBLE_YEARS:
        return None
    return timezone.make_aware(instant) if timezone.is_naive(instant) else instant


def spoken_instant(text):
    """« 12/03/2026 à 9 h 30 »"""
    found = INSTANT.fullmatch(text)
    day = found and date_in(found["day"])
    if not day:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    return datetime.combine(day, time(hour, minute)) if hour < 24 and minute < 60 else None


def instant_text(instant):
    """Exact, and as short as it can be: « 2026-03-12 09:30+01:00 »."""
    local = timezone.localtime(instant)
    is_round = not local.second and not local.microsecond
    return local.isoformat(" ", "minutes" if is_round else "auto")
