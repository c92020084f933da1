"""What the loaders share: data files, dates of Paris, rows written only where they differ."""

import json
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import Max
from post_office.models import Email

FOLDER = Path(__file__).resolve().parent
PARIS = ZoneInfo("Europe/Paris")


def read(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def at(day, hour=9, minute=0):
    """An instant of the day, by the clock of Paris."""
    return datetime.combine(day, time(hour, minute), PARIS)


def days(today, number):
    return today + timedelta(days=number)


def first_of(text):
    """The first day of « 2014 » or « 2014-05 »."""
    year, _, month = text.partition("-")
    return date(int(year), int(month or 1), 1)


def html(blocks):
    return "".join(blocks)


def put(model, key, fields):
    """The row of the model that `key` names, with these fields: added, corrected or left alone."""
    row = model.objects.filter(**key).first()
    if row is None:
        return model.objects.create(**key, **fields)
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(row, name, value)
        row.save()
    return row


@contextmanager
def without_mails():
    """What is done within writes to nobody: its people are invented."""
    last = Email.objects.aggregate(last=Max("pk"))["last"] or 0
    yield
    Email.objects.filter(pk__gt=last).delete()
