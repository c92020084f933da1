"""What happens around a draft: other hands, other tabs, more time, files on their way."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from trophies.models.candidature import Candidature, Deposit


def append_only(name):
    """A trigger under which rows are written once, and never changed or erased."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class SetAside(models.Model):
    """What a tab typed over an older version of a step: kept until a holder chooses."""

    candidature = models.ForeignKey(Candidature, models.CASCADE, related_name="set_aside")
    step = models.CharField("étape", max_length=20)
    tab = models.CharField("onglet", max_length=40)
    values = models.JSONField("valeurs")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="par", related_name="+"
    )
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "version mise de côté"
        verbose_name_plural = "versions mises de côté"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "step", "tab"],
                name="set_aside_is_one_by_tab",
                violation_error_message="Cet onglet a déjà une version mise de côté.",
            )
        ]

    def __str__(self):
        return f"{self.step}, {self.at:%H:%M}"


class Invitation(models.Model):
    """Somebody is asked, by mail, to write a candidature with its holders."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidature = models.ForeignKey(Candidature, models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse électronique")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="par", related_name="+"
    )
    created_at = models.DateTimeField("envoyée le", auto_now_add=True)
    accepted_at = models.DateTimeField("acceptée le", null=True, editable=False)

    class Meta:
        verbose_name = "invitation"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "email"],
                name="invitation_is_unique",
                violation_error_message="Cette personne est déjà invitée.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="invitation_email_is_lower_case",
                violation_error_message="L’adresse électronique s’écrit en minuscules.",
            ),
        ]

    def __str__(self):
        return self.email

    def get_absolute_url(self):
        return reverse("candidatures:invitation", args=[self.uuid])


class HolderChange(models.Model):
    """Who came to hold a candidature, or ceased to, and by whose hand."""

    class Action(models.TextChoices):
        ADDED = "added", "ajout"
        REMOVED = "removed", "retrait"

    candidature = models.ForeignKey(Candidature, models.PROTECT, related_name="holder_changes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="personne", related_name="+"
    )
    action = models.CharField("geste", max_length=8, choices=Action.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+"
    )
    at = models.DateTimeField("le", auto_now_add=True)
    reason = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "changement de porteur"
        verbose_name_plural = "changements de porteurs"
        ordering = ["at", "pk"]
        triggers = [append_only("holder_change_is_immutable")]

    def __str__(self):
        return f"{self.get_action_display()} : {self.user}"


class Extension(models.Model):
    """More time for one candidature: the longest is kept in `Candidature.extended_until`."""

    candidature = models.ForeignKey(Candidature, models.PROTECT, related_name="extensions")
    until = models.DateTimeField("jusqu’au")
    reason = models.TextField("motif")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+"
    )
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "délai personnel"
        verbose_name_plural = "délais personnels"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="extension_has_reason",
                violation_error_message="Un délai personnel a un motif.",
            )
        ]
        triggers = [append_only("extension_is_immutable")]

    def __str__(self):
        return f"Délai jusqu’au {self.until:%d/%m/%Y %H:%M}"


class PieceRequest(models.Model):
    """The team asks for a piece that is missing from a deposit; the answer is a new deposit."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidature = models.ForeignKey(Candidature, models.PROTECT, related_name="piece_requests")
    message = models.TextField("ce qui est demandé")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+"
    )
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    answer = models.OneToOneField(
        Deposit, models.PROTECT, verbose_name="réponse", null=True, related_name="answers"
    )

    class Meta:
        verbose_name = "demande de pièce"
        verbose_name_plural = "demandes de pièces"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(message=""),
                name="piece_request_says_what",
                violation_error_message="Dites ce qui manque.",
            )
        ]

    def __str__(self):
        return self.message

    def get_absolute_url(self):
        return reverse("candidatures:answer", args=[self.candidature.uuid, self.uuid])


class Announcement(models.Model):
    """A file that a browser is about to send: it counts if it was announced before the closing."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidature = models.ForeignKey(Candidature, models.CASCADE, related_name="announcements")
    name = models.CharField("nom du fichier", max_length=120)
    size = models.PositiveIntegerField("taille en octets")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="par", related_name="+"
    )
    announced_at = models.DateTimeField("annoncé le")
    completed_at = models.DateTimeField("complet le", null=True, editable=False)

    class Meta:
        verbose_name = "fichier annoncé"
        verbose_name_plural = "fichiers annoncés"
        ordering = ["announced_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=F("announced_at")),
                name="announcement_comes_first",
                violation_error_message="Un fichier est annoncé avant d’être complet.",
            )
        ]

    def __str__(self):
        return self.name
