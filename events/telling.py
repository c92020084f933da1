"""What is told by mail to who registered, without a word that anybody types in a form."""

from django.conf import settings
from django.urls import reverse

from accounts import mails
from accounts.mail_kinds import KINDS
from events.models import Registration
from rallynov.dates import paris_text

Status = Registration.Status


def address_of(path):
    return settings.SITE_URL + path


def place_of(event):
    return ", ".join(filter(None, [event.venue, str(event.place or "")])) or "à préciser"


def state_of(registration):
    match registration.status:
        case Status.WAITING:
            return f"Vous êtes sur la liste d’attente, au rang {registration.rank}."
        case Status.OFFERED:
            until = paris_text(registration.offered_until)
            return f"Une place vous est proposée, jusqu’au {until}."
    return "Vous avez une place."


FIELDS = {
    "evenement": lambda row: row.event.title,
    "quand": lambda row: row.event.date_text,
    "ou": lambda row: place_of(row.event),
    "rang": lambda row: row.rank,
    "etat": state_of,
    "limite": lambda row: paris_text(row.offered_until),
    "lien": lambda row: address_of(row.get_absolute_url()),
    "page": lambda row: address_of(row.event.get_absolute_url()),
    "calendrier": lambda row: address_of(reverse("events:ics", args=[row.event.slug])),
    "contact": lambda row: address_of(reverse("pages:contact")),
}


def tell(key, registration, *, once="", **said):
    """Queue the mail `key`; with `once`, no second one of that name to the address."""
    fields = {name: FIELDS[name](registration) for name in KINDS[key].names if name not in said}
    event = f"{key}:{once}" if once else ""
    return mails.send(key, to=registration.email, fields=fields | said, event=event)
