import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse


class CallAlertQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)


class CallAlert(models.Model):
    """An address to be told of the next call, once its owner confirmed; it serves nothing else."""

    email = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Cette adresse est déjà notée."},
    )
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField("demandée le")
    confirmed_at = models.DateTimeField("confirmée le", null=True, editable=False)
    last_told_year = models.PositiveSmallIntegerField(
        "dernier appel annoncé", null=True, editable=False
    )

    objects = CallAlertQuerySet.as_manager()

    class Meta:
        verbose_name = "adresse à prévenir"
        verbose_name_plural = "adresses à prévenir"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="call_alert_email_is_lower_case",
                violation_error_message="L’adresse électronique s’écrit en minuscules.",
            ),
        ]

    def __str__(self):
        return self.email

    def get_absolute_url(self):
        return reverse("trophies:alert-confirm", args=[self.token])

    def get_stop_url(self):
        return reverse("trophies:alert-stop", args=[self.token])
