"""From when on each thing has been kept long enough: `settings.RETENTION`, in months."""

from calendar import monthrange

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from trophies.models import Candidature, Edition
from trophies.workflow import Status


def cutoff(name):
    """What is older has been kept long enough."""
    return months_before(timezone.now(), settings.RETENTION[name])


def months_before(instant, months):
    """The same day so many months earlier, or the last one of that month."""
    total = instant.year * 12 + instant.month - 1 - months
    year, month = total // 12, total % 12 + 1
    return instant.replace(year=year, month=month, day=min(instant.day, monthrange(year, month)[1]))


def duration(name):
    """« 24 mois », « 1 mois », « 10 ans »"""
    months = settings.RETENTION[name]
    years = months // 12
    if months % 12 or years < 3:
        return f"{months} mois"
    return f"{years} ans"


def editions_over(name):
    """Those whose results, or the closing where there never were any, are that old."""
    over_at = Coalesce("results_published_at", "closes_at")
    return Edition.objects.alias(over_at=over_at).filter(over_at__lt=cutoff(name)).order_by("pk")


def drafts_over():
    """Drafts whose call, and whose own extension, are closed for long enough."""
    closed_at = Greatest(F("edition__closes_at"), Coalesce("extended_until", "edition__closes_at"))
    rows = Candidature.objects.filter(status=Status.DRAFT)
    return rows.alias(closed_at=closed_at).filter(closed_at__lt=cutoff("drafts")).order_by("pk")


def kept_long_enough(field, name):
    return Q(**{f"{field}__lt": cutoff(name)})
