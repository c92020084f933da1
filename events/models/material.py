"""What an event leaves: photographs, with who allowed them, and documents."""

import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Now, TruncDate
from django.urls import reverse
from django.utils import timezone

from events.models.event import Event
from rallynov.pdf import check_pdf
from rallynov.pictures import Picture

MOST_BYTES = 15 * 1024 * 1024


RENEWED_BEFORE = timedelta(days=60)


class EventPhotoQuerySet(models.QuerySet):
    def allowed(self):
        """Those that the persons on them let appear, today."""
        given = ImageAuthorisation.objects.filter(photo=OuterRef("pk"))
        return self.filter(~Exists(given.ended()), Q(shows_people=False) | Exists(given))

    def to_renew(self):
        """Those that will go soon with an authorisation, the first of which ends at `ends_at`."""
        given = ImageAuthorisation.objects.filter(photo=OuterRef("pk"))
        first = given.order_by("expires_on").values("expires_on")[:1]
        rows = self.allowed().annotate(ends_at=Cast(Subquery(first), models.DateTimeField()))
        return rows.filter(ends_at__date__lte=timezone.localdate() + RENEWED_BEFORE)


class EventPhoto(Picture):
    event = models.ForeignKey(Event, models.CASCADE, related_name="photos")
    shows_people = models.BooleanField(
        "on y reconnaît quelqu’un",
        default=False,
        help_text="Elle paraît alors quand une autorisation au moins y est jointe, et tant "
        "qu’aucune n’a pris fin.",
    )

    objects = EventPhotoQuerySet.as_manager()

    class Meta(Picture.Meta):
        verbose_name = "photographie"


class ImageAuthorisationQuerySet(models.QuerySet):
    def ended(self):
        """Withdrawn, or expired: the last day still counts, in France."""
        today = TruncDate(Now(), tzinfo=timezone.get_default_timezone())
        return self.filter(Q(withdrawn_on__isnull=False) | Q(expires_on__lt=today))


class ImageAuthorisation(models.Model):
    """What one person lets be done of a photograph of them; the team keeps the signed paper."""

    class Scope(models.TextChoices):
        SITE = "site", "ce site"
        PRINT = "print", "ce site et les documents imprimés"
        ALL = "all", "ce site, les documents imprimés et la presse"

    photo = models.ForeignKey(EventPhoto, models.CASCADE, related_name="authorisations")
    person = models.CharField("personne", max_length=120)
    scope = models.CharField("pour", max_length=5, choices=Scope.choices, default=Scope.SITE)
    signed_on = models.DateField("signée le")
    expires_on = models.DateField(
        "valable jusqu’au", null=True, blank=True, help_text="Vide\u202f: sans limite de durée."
    )
    withdrawn_on = models.DateField("retirée le", null=True, blank=True)

    objects = ImageAuthorisationQuerySet.as_manager()

    class Meta:
        verbose_name = "autorisation"
        ordering = ["person", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("signed_on")),
                name="image_authorisation_ends_after_it_begins",
                violation_error_message="La fin ne précède pas la signature.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("signed_on")),
                name="image_authorisation_is_withdrawn_after_it_begins",
                violation_error_message="Le retrait ne précède pas la signature.",
            ),
        ]

    def __str__(self):
        return self.person

    @property
    def has_ended(self):
        is_expired = self.expires_on is not None and self.expires_on < timezone.localdate()
        return is_expired or self.withdrawn_on is not None


def check_document(upload):
    """Field validator: a PDF that anyone may open, of a decent weight; checked as it comes."""
    if getattr(upload, "_committed", False):
        return
    if upload.size > MOST_BYTES:
        raise ValidationError(f"Ce document dépasse {MOST_BYTES // 2**20} Mo. Réduisez-le.")
    check_pdf(upload)


def document_path(document, filename):
    return f"documents/{document.uuid}.pdf"


class EventDocument(models.Model):
    """A PDF beside the page of an event: programme, slides, minutes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="documents")
    title = models.CharField("titre", max_length=160)
    file = models.FileField(
        "fichier", upload_to=document_path, validators=[check_document], help_text="Un PDF."
    )
    size = models.PositiveIntegerField(editable=False)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "document"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="event_document_has_a_title",
                violation_error_message="Un document a un titre.",
            )
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.size = self.file.size
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("events:document", args=[self.uuid])
