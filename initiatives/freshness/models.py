"""Whether sheets are still true: what their holders answer, which links are dead."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

FAILURES_OF_THE_DEAD = 3


class FreshnessQuestion(models.Model):
    """A holder is asked by mail whether a sheet is still true; who has its link may answer."""

    class Answer(models.TextChoices):
        CURRENT = "current", "toujours d’actualité"
        TO_CORRECT = "to_correct", "à corriger"
        ENDED = "ended", "arrêtée"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    initiative = models.ForeignKey(
        "initiatives.Initiative", models.CASCADE, related_name="freshness_questions"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name="personne",
        related_name="+",
    )
    asked_at = models.DateTimeField("demandé le", auto_now_add=True)
    answer = models.CharField("réponse", max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField("répondu le", null=True, editable=False)

    class Meta:
        verbose_name = "question de fraîcheur"
        verbose_name_plural = "questions de fraîcheur"
        ordering = ["-asked_at", "-pk"]
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="freshness_answer_is_dated",
                violation_error_message="Une réponse est datée.",
            )
        ]

    def __str__(self):
        return f"{self.initiative}, {self.asked_at:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("initiatives:freshness", args=[self.uuid])

    def get_correction_url(self):
        return reverse("sheets:sheet", args=[self.initiative.slug])


class LinkCheckQuerySet(models.QuerySet):
    def dead(self):
        """Without an answer three times in a row, a day apart."""
        return self.filter(failures__gte=FAILURES_OF_THE_DEAD)


class LinkCheck(models.Model):
    """An address that sheets give, and what it answered last."""

    url = models.URLField("adresse", max_length=500, unique=True)
    checked_at = models.DateTimeField("vue le", null=True)
    # The HTTP status; None when nobody answered.
    status = models.PositiveSmallIntegerField("réponse", null=True)
    failures = models.PositiveSmallIntegerField("échecs de suite", default=0)
    failing_since = models.DateTimeField("en échec depuis le", null=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "lien vérifié"
        verbose_name_plural = "liens vérifiés"
        ordering = ["url"]
        constraints = [
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True)
                | Q(failures__gt=0, failing_since__isnull=False),
                name="link_check_failures_are_dated",
                violation_error_message="Une suite d’échecs est datée.",
            )
        ]

    def __str__(self):
        return self.url

    @property
    def fault(self):
        """« aucune réponse », « erreur 404 »."""
        return f"erreur {self.status}" if self.status else "aucune réponse"
