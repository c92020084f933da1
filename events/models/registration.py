"""Who comes to an event: registered without an account, in order of arrival."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from events.models.event import Event

VIEW = "events.view_registration"


class RegistrationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm(VIEW) else self.none()

    def active(self):
        """Who has a place, or is in line for one."""
        return self.filter(status__in=Registration.ACTIVE)

    def holding_a_place(self):
        return self.filter(status__in=Registration.HOLDING)

    def in_line(self):
        """The waiting list, in order of arrival."""
        return self.filter(status=Registration.Status.WAITING).order_by("pk")


class Registration(models.Model):
    class Status(models.TextChoices):
        CONFIRMED = "confirmed", "a une place"
        WAITING = "waiting", "sur liste d’attente"
        OFFERED = "offered", "une place lui est proposée"
        CANCELLED = "cancelled", "a renoncé"
        LAPSED = "lapsed", "n’a pas répondu à temps"

    HOLDING = (Status.CONFIRMED, Status.OFFERED)
    ACTIVE = (*HOLDING, Status.WAITING)

    # The address of their page, which their mails give: who has it acts for them.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(
        Event, models.PROTECT, verbose_name="événement", related_name="registrations"
    )
    name = models.CharField("nom et prénom", max_length=120)
    email = models.EmailField("adresse électronique")
    organisation = models.CharField("structure", max_length=160, blank=True)
    needs = models.TextField(
        "pour bien vous accueillir",
        max_length=600,
        blank=True,
        help_text="Accès en fauteuil, boucle magnétique, interprète… Facultatif.",
    )
    status = models.CharField("place", max_length=9, choices=Status.choices)
    created_at = models.DateTimeField("demandée le", auto_now_add=True)
    offered_until = models.DateTimeField("place proposée jusqu’au", null=True, blank=True)
    ended_at = models.DateTimeField("finie le", null=True, blank=True)
    reminded_at = models.DateTimeField("rappel envoyé le", null=True, blank=True)
    came_at = models.DateTimeField("pointée le", null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "email"],
                condition=Q(status__in=["confirmed", "waiting", "offered"]),
                name="registration_is_one_for_an_address",
                violation_error_message="Cette adresse est déjà inscrite.",
            ),
            models.CheckConstraint(
                condition=Q(status="offered", offered_until__isnull=False)
                | (~Q(status="offered") & Q(offered_until__isnull=True)),
                name="registration_offer_has_an_end",
                violation_error_message="Une place proposée l’est jusqu’à un instant.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["cancelled", "lapsed"], ended_at__isnull=False)
                | (~Q(status__in=["cancelled", "lapsed"]) & Q(ended_at__isnull=True)),
                name="registration_that_ended_is_dated",
                violation_error_message="Une inscription qui a pris fin est datée.",
            ),
            models.CheckConstraint(
                condition=Q(came_at__isnull=True) | Q(status="confirmed"),
                name="registration_who_came_had_a_place",
                violation_error_message="Seule une personne qui a une place est pointée.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(email=""),
                name="registration_has_a_name_and_an_address",
                violation_error_message="Il faut un nom et une adresse.",
            ),
        ]
        indexes = [models.Index(fields=["event", "status"], name="registration_places")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("events:registration", args=[self.uuid])

    @property
    def is_active(self):
        return self.status in self.ACTIVE

    @property
    def rank(self):
        """Which of the waiting list: 1 is the next."""
        return self.event.registrations.in_line().filter(pk__lte=self.pk).count()

    @property
    def may_be_accepted(self):
        return self.status == self.Status.OFFERED and timezone.now() < self.offered_until
