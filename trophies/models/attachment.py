import uuid

from django.db import models
from django.urls import reverse

from trophies.models.candidature import Candidature


def attachment_path(attachment, filename):
    """Private, under a name that nobody guesses: the sender's own name is only a column."""
    return f"pieces/{attachment.uuid}"


class AttachmentQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(removed_at=None)


class Attachment(models.Model):
    """A file that a holder joined. Once a deposit lists it, it stays, removed or not."""

    class Kind(models.TextChoices):
        PDF = "application/pdf", "PDF"
        PICTURE = "image/webp", "image"
        DOCX = (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "document Word",
        )
        XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "classeur Excel"
        ODT = "application/vnd.oasis.opendocument.text", "document OpenDocument"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidature = models.ForeignKey(Candidature, models.PROTECT, related_name="attachments")
    file = models.FileField("fichier", upload_to=attachment_path)
    name = models.CharField("nom du fichier", max_length=120)
    kind = models.CharField("nature", max_length=80, choices=Kind.choices)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    created_at = models.DateTimeField("envoyée le", auto_now_add=True)
    removed_at = models.DateTimeField("retirée le", null=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("attachment", args=[self.uuid])

    def summary(self):
        """What a deposit keeps of the file."""
        return {
            "uuid": str(self.uuid),
            "name": self.name,
            "kind": self.kind,
            "size": self.size,
            "sha256": self.sha256,
        }
