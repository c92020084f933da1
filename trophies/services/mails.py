"""What people are told of a candidature: `trophies.mail_texts` has the kinds, and their fields."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from accounts import mails
from accounts.mail_kinds import KINDS
from accounts.models import User
from rallynov.dates import instant_text, paris_text
from trophies.questions import QUESTIONS
from trophies.workflow import Status

TITLES = {question.name: question.title for question in QUESTIONS}


def told_instant(instant):
    return paris_text(instant) if instant else ""


def address_of(path):
    return settings.SITE_URL + path


def label_of(candidature, name):
    """A field of a candidature, as people read it."""
    return TITLES.get(name) or capfirst(candidature._meta.get_field(name).verbose_name)


def missing_of(candidature):
    lines = (
        f"– {label_of(candidature, name)}" + (" (à reprendre)" if name in candidature.typed else "")
        for name in candidature.missing
    )
    return "\n".join(lines)


def corrections_of(candidature):
    closes_at = candidature.closes_at
    if closes_at is None or closes_at <= timezone.now():
        return ""
    return (
        f"Vous pouvez encore corriger et déposer de nouveau jusqu’au {told_instant(closes_at)} : "
        "seul le dernier dépôt compte."
    )


def results_of(edition):
    at = edition.results_published_at
    if at is None or at <= timezone.now():
        return ""
    return f"Les résultats seront connus le {instant_text(at)}. D’ici là, vous n’avez rien à faire."


def link_of(candidature, told):
    row = told.get("invitation") or told.get("asked") or candidature
    return address_of(row.get_absolute_url())


def end_of(candidature, told):
    extension = told.get("extension")
    return told_instant(extension.until if extension else candidature.closes_at)


def reason_of(candidature, told):
    row = told.get("deposit") or told.get("extension")
    return told.get("reason") or (row.reason if row else candidature.reason)


def person_of(told):
    return told["invitation"].by if "invitation" in told else told["person"]


# What each named field says of a candidature, and of what is told beside it.
VALUES = {
    "projet": lambda row, told: told["deposit"].title if "deposit" in told else row,
    "annee": lambda row, told: row.edition.year,
    "reference": lambda row, told: row.reference,
    "cloture": end_of,
    "delai": lambda row, told: told["left"],
    "manque": lambda row, told: missing_of(row),
    "corrections": lambda row, told: corrections_of(row),
    "numero": lambda row, told: told["deposit"].number,
    "instant": lambda row, told: told_instant(told["deposit"].received_at),
    "empreinte": lambda row, told: told["deposit"].sha256,
    "motif": reason_of,
    "message": lambda row, told: told["asked"].message,
    "resultats": lambda row, told: results_of(row.edition),
    "lettre": lambda row, told: told["letter"],
    "personne": lambda row, told: person_of(told),
    "adresse": lambda row, told: person_of(told).email,
    "lien": link_of,
    "fiche": lambda row, told: address_of(reverse("candidatures:sheet", args=[row.uuid])),
    "contact": lambda row, told: address_of(reverse("pages:contact")),
}
# What each of these mails is about: an address is told of it once.
ABOUT = {
    "receipt": "deposit",
    "deposited_for_you": "deposit",
    "extended": "extension",
    "missing_piece": "asked",
}


def event_of(candidature, name, told):
    """What makes this mail the only one of its kind; empty when it may come again."""
    if name == "started":
        return f"started:{candidature.pk}"
    if name == "sheet_offered":
        return f"sheet_offered:{candidature.pk}"
    return f"{ABOUT[name]}:{told[ABOUT[name]].pk}" if name in ABOUT else ""


def tell_address(candidature, name, *, to, event="", expires_in=None, **told):
    """Queue the mail `name` about a candidature to the address `to`; tell whether it was queued.

    `told` is what the fields of that mail need: `deposit`, `extension`, `asked`, `invitation`,
    `person`, `reason`, `letter`, `left`. Of an `event`, an address is told once.
    """
    return mails.send(
        name,
        to=to,
        fields={field: VALUES[field](candidature, told) for field in KINDS[name].names},
        event=event or event_of(candidature, name, told),
        expires_in=expires_in,
        about=candidature.uuid,
    )


@transaction.atomic
def tell_holders(candidature, name, **told):
    """Queue the mail `name` to each holder of a candidature (`tell_address`)."""
    holders = candidature.holders.filter(is_active=True).order_by("email")
    for email in holders.values_list("email", flat=True):
        tell_address(candidature, name, to=email, **told)


@transaction.atomic
def announce_regulation(regulation):
    """Tell those who started a candidature of a version that came after the opening, once each."""
    edition = regulation.edition
    if edition.opens_at is None or edition.opens_at > timezone.now():
        return
    started = edition.candidatures.exclude(status=Status.WITHDRAWN)
    holders = User.objects.filter(is_active=True, candidatures__in=started).distinct()
    fields = {
        "annee": edition.year,
        "version": regulation.version,
        "lien": address_of(reverse("trophies:regulation", args=[edition.year])),
        "contact": address_of(reverse("pages:contact")),
    }
    for email in holders.order_by("email").values_list("email", flat=True):
        mails.send("regulation", to=email, fields=fields, event=f"regulation:{regulation.pk}")
