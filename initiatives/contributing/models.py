"""What people bring to the directory: sheets, corrections, faults seen; and who holds a sheet."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from rallynov.dates import day_text

VIEW = "initiatives.view_contribution"


class SheetHolder(models.Model):
    """A person who keeps a sheet true, for those who carry the initiative."""

    initiative = models.ForeignKey(
        "initiatives.Initiative", models.CASCADE, related_name="sheet_holders"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name="personne",
        related_name="held_sheets",
    )
    since = models.DateTimeField("depuis le", auto_now_add=True)

    class Meta:
        verbose_name = "personne qui tient la fiche"
        verbose_name_plural = "personnes qui tiennent la fiche"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "user"],
                name="sheet_holder_is_unique",
                violation_error_message="Cette personne tient déjà cette fiche.",
            )
        ]

    def __str__(self):
        """Without the name, which would stay in the admin's history after its owner."""
        return f"depuis le {day_text(self.since)}"


class SheetInvitation(models.Model):
    """Somebody is asked, by mail, to hold a sheet: with those who hold it, or in their place."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    initiative = models.ForeignKey(
        "initiatives.Initiative", models.CASCADE, related_name="sheet_invitations"
    )
    email = models.EmailField("adresse électronique")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="par",
        null=True,
        related_name="+",
    )
    is_handover = models.BooleanField("à la place de qui invite", default=False)
    created_at = models.DateTimeField("envoyée le", auto_now_add=True)
    accepted_at = models.DateTimeField("acceptée le", null=True, editable=False)

    class Meta:
        verbose_name = "invitation à tenir une fiche"
        verbose_name_plural = "invitations à tenir une fiche"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "email"],
                name="sheet_invitation_is_unique",
                violation_error_message="Cette personne est déjà invitée.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="sheet_invitation_email_is_lower_case",
                violation_error_message="L’adresse électronique s’écrit en minuscules.",
            ),
        ]

    def __str__(self):
        return self.email

    def get_absolute_url(self):
        return reverse("sheets:invitation", args=[self.uuid])


class ContributionQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(state=Contribution.State.PENDING)

    def visible_to(self, user):
        """For staff; what is about a sheet that they may not see stays out."""
        if not user.has_perm(VIEW):
            return self.none()
        initiatives = Contribution._meta.get_field("initiative").related_model
        seen = initiatives.objects.visible_to(user)
        return self.filter(Q(initiative=None) | Q(initiative__in=seen))


class Contribution(models.Model):
    class Kind(models.TextChoices):
        PROPOSAL = "proposal", "initiative proposée"
        CORRECTION = "correction", "fiche corrigée par qui la tient"
        CLAIM = "claim", "fiche réclamée"
        FAULT = "fault", "erreur signalée"

    class State(models.TextChoices):
        PENDING = "pending", "à lire"
        ACCEPTED = "accepted", "retenue"
        REFUSED = "refused", "écartée"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=10, choices=Kind.choices)
    # The sheet that it is about; of a proposal, the one that came of it.
    initiative = models.ForeignKey(
        "initiatives.Initiative",
        models.SET_NULL,
        verbose_name="initiative",
        null=True,
        blank=True,
        related_name="contributions",
    )
    # What the sheet should say, by field; and what it said when a correction began.
    values = models.JSONField("valeurs", default=dict, blank=True)
    before = models.JSONField("valeurs d’avant", default=dict, blank=True)
    message = models.TextField("ce qui est dit", max_length=3000, blank=True)
    name = models.CharField("nom", max_length=120, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    carries_it = models.BooleanField("porte cette initiative", default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="compte",
        null=True,
        blank=True,
        related_name="contributions",
    )
    state = models.CharField("état", max_length=8, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField("reçue le", auto_now_add=True)
    answer = models.TextField("réponse", max_length=3000, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="par",
        null=True,
        editable=False,
        related_name="+",
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = "contribution"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending", answered_at__isnull=True)
                | (~Q(state="pending") & Q(answered_at__isnull=False)),
                name="contribution_is_dated_when_answered",
                violation_error_message="Une contribution lue est datée.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="contribution_email_is_lower_case",
                violation_error_message="L’adresse électronique s’écrit en minuscules.",
            ),
            models.UniqueConstraint(
                fields=["initiative", "by"],
                condition=Q(kind="correction", state="pending"),
                name="contribution_is_one_correction_at_a_time",
                violation_error_message="Votre correction précédente attend encore d’être lue.",
            ),
        ]
        indexes = [models.Index(fields=["state", "-created_at"], name="contribution_queue")]

    def __str__(self):
        title = self.values.get("title") or (self.initiative and self.initiative.title) or ""
        return f"{self.get_kind_display()}\u202f: {title}" if title else self.get_kind_display()
