"""What a session of the jury leaves: minutes that are sealed, and what of them may be erased."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from trophies.models.conflict import ConflictOfInterest
from trophies.models.session import JurySession


class MinutesQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For staff: those of the editions of which no file is hidden from them."""
        ties = ConflictOfInterest.objects.in_force().filter(
            user=user.pk, candidature__edition=OuterRef("session__edition")
        )
        return self.exclude(Exists(ties))


class Minutes(models.Model):
    """The minutes of a session, frozen: `trophies.minutes` says what `payload` holds.

    The payload names nobody: jurors are J1…Jn, free text is there by its digest. Whom the codes
    stand for, and what the texts say, are rows of their own, which may be erased: the seal holds.
    """

    session = models.OneToOneField(
        JurySession, models.PROTECT, verbose_name="séance", related_name="minutes"
    )
    payload = models.JSONField("contenu")
    # [key, digest] of each line of the edition's journal, in order, when the seal was set.
    journal = models.JSONField("empreintes du journal")
    previous_seal = models.CharField("sceau précédent", max_length=64, blank=True)
    seal = models.CharField("sceau", max_length=64, unique=True)
    sealed_at = models.DateTimeField("scellé le")
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="scellé par",
        related_name="sealed_minutes",
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"
        ordering = ["session"]
        triggers = [
            pgtrigger.Protect(
                name="minutes_are_sealed", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"Procès-verbal {self.reference}"

    @property
    def reference(self):
        return f"PV {self.session.edition.year}-{self.session.number}"


class MinutesSeat(models.Model):
    """Whom a code of the minutes stands for; without a name, nobody knows any more."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="seats")
    code = models.CharField("code", max_length=8)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="personne",
        null=True,
        related_name="minutes_seats",
    )
    name = models.CharField("nom", max_length=200, blank=True)

    class Meta:
        verbose_name = "place au procès-verbal"
        verbose_name_plural = "places au procès-verbal"
        ordering = ["minutes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "code"],
                name="minutes_seat_is_unique",
                violation_error_message="Ce code existe déjà.",
            )
        ]

    def __str__(self):
        return f"{self.code} : {self.name or 'nom effacé'}"


class MinutesText(models.Model):
    """A text of the minutes; erased, its digest stays, and with its salt nobody guesses it."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="texts")
    digest = models.CharField("empreinte", max_length=64)
    salt = models.CharField("sel", max_length=32, blank=True)
    text = models.TextField("texte", blank=True)

    class Meta:
        verbose_name = "texte du procès-verbal"
        verbose_name_plural = "textes du procès-verbal"
        ordering = ["minutes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "digest"],
                name="minutes_text_is_unique",
                violation_error_message="Ce texte est déjà gardé.",
            )
        ]

    def __str__(self):
        return self.text[:60] or "Texte effacé"
