"""Who comes to the example's events: nobody real, at addresses that lead nowhere."""

from django.utils.text import slugify

from events.models import Registration
from rallynov.seed.rows import read

DOMAIN = "rallynov.example"
Status = Registration.Status


def load(events):
    """In the order of the file: once the places are taken, one waits. What happened since stays."""
    for slug, rows in read("data/demo/registrations.json").items():
        for number, row in enumerate(rows, start=1):
            put_registration(events[slug], row, number)


def put_registration(event, row, number):
    has_place = event.capacity is None or number <= event.capacity
    Registration.objects.get_or_create(
        event=event,
        email=f"{slugify(row['name']).replace('-', '.')}@{DOMAIN}",
        defaults=row | {"status": Status.CONFIRMED if has_place else Status.WAITING},
    )
