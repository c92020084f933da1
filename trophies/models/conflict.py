import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, Q

from trophies.models.candidature import Candidature
from trophies.ties import SIGNS, WEAK


class ConflictQuerySet(models.QuerySet):
    def in_force(self):
        """Those that hide their file: upheld, or not yet ruled on and more than a weak sign."""
        is_weak = Q(origin=ConflictOfInterest.Origin.DETECTED, signs=[WEAK])
        ruling = ConflictOfInterest.Ruling
        return self.filter(Q(ruling=ruling.UPHELD) | (Q(ruling=ruling.PENDING) & ~is_weak))

    def hiding(self, candidature, user):
        """An `Exists`: whether a tie hides the file from the person, both given as `OuterRef`s."""
        return Exists(self.in_force().filter(candidature=candidature, user=user))

    def visible_to(self, user):
        """Those on files that the person may see, but their own: nobody rules on oneself."""
        return self.filter(candidature__in=Candidature.objects.visible_to(user)).exclude(user=user)


@pghistory.track()
class ConflictOfInterest(models.Model):
    """A tie between a person, juror or staff, and a file: in force, they find no trace of it."""

    class Origin(models.TextChoices):
        DECLARED = "declared", "déclaré"
        TEAM = "team", "noté par l’équipe"
        DETECTED = "detected", "relevé dans les données"

    class Ruling(models.TextChoices):
        PENDING = "pending", "à examiner"
        UPHELD = "upheld", "maintenu"
        DISMISSED = "dismissed", "écarté"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="personne",
        related_name="conflicts",
    )
    candidature = models.ForeignKey(
        Candidature, models.PROTECT, verbose_name="candidature", related_name="conflicts"
    )
    origin = models.CharField(
        "origine", max_length=8, choices=Origin.choices, default=Origin.DECLARED, editable=False
    )
    signs = ArrayField(
        models.CharField(max_length=12, choices=SIGNS.items()),
        verbose_name="ce qui a été relevé",
        default=list,
        blank=True,
        editable=False,
    )
    reason = models.TextField("quel lien ?", max_length=500, blank=True)
    declared_at = models.DateTimeField("noté le", auto_now_add=True)
    ruling = models.CharField(
        "examen", max_length=9, choices=Ruling.choices, default=Ruling.PENDING
    )
    ruling_reason = models.TextField("motif de l’équipe", max_length=500, blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="examiné par",
        null=True,
        blank=True,
        related_name="conflict_rulings",
    )
    ruled_at = models.DateTimeField("examiné le", null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = "lien d’intérêts"
        verbose_name_plural = "liens d’intérêts"
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "candidature"],
                name="conflict_is_unique",
                violation_error_message="Ce lien est déjà noté.",
            ),
            models.CheckConstraint(
                condition=Q(ruling="pending", ruled_at=None, ruled_by=None)
                | (
                    Q(
                        ruling__in=["upheld", "dismissed"],
                        ruled_at__isnull=False,
                        ruled_by__isnull=False,
                    )
                    & ~Q(ruling_reason="")
                ),
                name="conflict_ruling_has_reason",
                violation_error_message="Un examen a un auteur, une date et un motif.",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") | Q(origin="detected", signs__len__gt=0),
                name="conflict_says_what_it_is",
                violation_error_message="Dites en quelques mots quel est ce lien.",
            ),
        ]

    def __str__(self):
        return f"{self.user} — {self.candidature}"

    @property
    def sign_names(self):
        return [SIGNS[sign] for sign in self.signs]
