"""Being told of the next call: asked, confirmed, told once a call, erased."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone

from accounts import consents, mails
from trophies.models import CallAlert, Edition
from trophies.services.consents import CALL_ALERT
from trophies.services.mails import address_of, told_instant

KEEP_UNCONFIRMED = timedelta(days=7)
BATCH = 200  # mails of one pass


@transaction.atomic
def ask_alert(*, email):
    """Write to an address to ask whether it wants to be told: the same, known already or not."""
    alert, _ = CallAlert.objects.update_or_create(
        email=email.lower(), defaults={"asked_at": timezone.now()}
    )
    mails.send(
        "call_alert_confirm",
        to=alert.email,
        fields={
            "lien": address_of(alert.get_absolute_url()),
            "contact": address_of(reverse("pages:contact")),
        },
        expires_in=KEEP_UNCONFIRMED,
    )


@transaction.atomic
def confirm_alert(alert):
    """Note that the owner of the address wants to be told; a second time changes nothing."""
    own = CallAlert.objects.filter(pk=alert.pk, confirmed_at=None)
    if own.update(confirmed_at=timezone.now()):
        consents.give(CALL_ALERT, email=alert.email)


@transaction.atomic
def stop_alert(token):
    """Forget an address; a second time changes nothing."""
    for alert in CallAlert.objects.select_for_update().filter(token=token):
        consents.withdraw(CALL_ALERT.key, email=alert.email)
        alert.delete()


def forget_unconfirmed_alerts():
    limit = timezone.now() - KEEP_UNCONFIRMED
    CallAlert.objects.filter(confirmed_at=None, asked_at__lt=limit).delete()


def tell_call_opened():
    """Tell each confirmed address of each call that has opened, once."""
    now = timezone.now()
    calls = Edition.objects.published().filter(opens_at__lte=now, closes_at__gt=now)
    for edition in calls.annotate(known_at=Greatest("opens_at", "published_at")).order_by("year"):
        tell_of(edition)


@transaction.atomic
def tell_of(edition):
    """Those who asked once it was open have seen it: they wait for the next."""
    due = CallAlert.objects.confirmed().filter(
        Q(last_told_year=None) | Q(last_told_year__lt=edition.year),
        confirmed_at__lt=edition.known_at,
    )
    for alert in due.select_for_update(skip_locked=True).order_by("pk")[:BATCH]:
        stop = address_of(alert.get_stop_url())
        mails.send(
            "call_opened",
            to=alert.email,
            fields={
                "lien": address_of(reverse("trophies:apply", args=[edition.year])),
                "annee": edition.year,
                "cloture": told_instant(edition.closes_at),
                "arret": stop,
                "contact": address_of(reverse("pages:contact")),
            },
            event=f"call_opened:{edition.pk}",
            headers={
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        alert.last_told_year = edition.year
        alert.save(update_fields=["last_told_year"])
