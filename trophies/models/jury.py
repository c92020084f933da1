import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from initiatives.models import Theme
from partners.models import Organisation
from trophies.models.candidature import Candidature
from trophies.models.conflict import ConflictOfInterest
from trophies.models.edition import Edition
from trophies.models.triggers import checked
from trophies.rounds import FIRST, SECOND, is_read
from trophies.workflow import Status

LEVELS = [0, 1, 2, 3, 4]


@pghistory.track()
class Criterion(models.Model):
    """What a juror looks at: five levels, 0 to 4, each with the sentence that describes it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="criteria")
    label = models.CharField("critère", max_length=80)
    help = models.CharField("aide au juré", max_length=250, blank=True)
    weight = models.PositiveSmallIntegerField("poids", default=20)
    levels = ArrayField(
        models.CharField(max_length=120), size=len(LEVELS), verbose_name="les niveaux, de 0 à 4"
    )
    allows_not_applicable = models.BooleanField("« sans objet » possible", default=False)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    change_reason = models.CharField(
        "pourquoi ce texte change",
        max_length=200,
        blank=True,
        help_text="La grille est fixée : seuls les mots changent encore, et l’on dit pourquoi.",
    )

    class Meta:
        verbose_name = "critère"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "label"],
                name="criterion_label_is_unique",
                violation_error_message="Ce critère existe déjà dans cette édition.",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1),
                name="criterion_weight_is_positive",
                violation_error_message="Un critère pèse quelque chose.",
            ),
            models.CheckConstraint(
                condition=Q(levels__len=len(LEVELS)),
                name="criterion_has_its_levels",
                violation_error_message="Un critère a cinq niveaux, de 0 à 4.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="criterion_keeps_its_edition", fields=["edition"]),
            pgtrigger.Trigger(
                name="criterion_is_locked_by_scores",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.weight = OLD.weight
                        AND NEW.allows_not_applicable = OLD.allows_not_applicable THEN
                        RETURN NEW;
                    END IF;
                    IF EXISTS (SELECT 1 FROM trophies_score score
                               JOIN trophies_criterion given ON given.id = score.criterion_id
                               WHERE given.edition_id =
                               CASE TG_OP WHEN 'DELETE' THEN OLD.edition_id
                                          ELSE NEW.edition_id END) THEN
                        RAISE EXCEPTION 'Des jurés ont déjà noté : la grille ne change plus.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                """,
            ),
        ]

    def __str__(self):
        return self.label


class JuryMemberQuerySet(models.QuerySet):
    def sitting(self):
        """Without those who left."""
        return self.filter(left_at=None)


class JuryMember(models.Model):
    """A person's seat in the jury of an edition."""

    class Role(models.TextChoices):
        PRESIDENT = "president", "présidence"
        DEPUTY = "deputy", "vice-présidence"
        MEMBER = "member", "membre"

    edition = models.ForeignKey(
        Edition, models.CASCADE, verbose_name="édition", related_name="jury_members"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="personne",
        related_name="jury_memberships",
    )
    role = models.CharField("place", max_length=10, choices=Role.choices, default=Role.MEMBER)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        verbose_name="au titre de",
        null=True,
        blank=True,
        related_name="jury_members",
    )
    themes = models.ManyToManyField(
        Theme, related_name="jury_members", verbose_name="thèmes connus", blank=True
    )
    ceiling = models.PositiveSmallIntegerField(
        "lectures au plus", null=True, blank=True, help_text="Vide : pas de plafond."
    )
    invited_at = models.DateTimeField("invité le", null=True, editable=False)
    # Files that became eligible later wait for another declaration.
    declared_at = models.DateTimeField("liens déclarés le", null=True, editable=False)
    left_at = models.DateTimeField("parti le", null=True, editable=False)

    objects = JuryMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "juré"
        ordering = ["edition", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "user"],
                name="jury_member_is_unique",
                violation_error_message="Cette personne est déjà dans ce jury.",
            ),
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(role="president"),
                name="jury_has_one_president",
                violation_error_message="Ce jury a déjà une présidence.",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="jury_member_keeps_its_edition", fields=["edition"])]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}"


class AssignmentQuerySet(models.QuerySet):
    def counting(self):
        """Without what a tie took away, one's own files, and what those who left did not sign."""
        tie = ConflictOfInterest.objects.hiding(
            OuterRef("candidature"), OuterRef("jury_member__user")
        )
        own = Candidature.holders.through.objects.filter(
            candidature=OuterRef("candidature"), user=OuterRef("jury_member__user")
        )
        abandoned = Q(jury_member__left_at__isnull=False, evaluation__signed_at=None)
        return self.filter(~tie, ~Exists(own)).exclude(abandoned)

    def being_read(self):
        """Of a round that is open now."""
        first = Q(
            round=FIRST,
            jury_member__edition__jury_opens_at__lte=Now(),
            jury_member__edition__jury_closes_at__gt=Now(),
        )
        second = Q(
            round=SECOND,
            jury_member__edition__second_opened_at__lte=Now(),
            jury_member__edition__second_closes_at__gt=Now(),
        )
        return self.filter(first | second)

    def visible_to(self, user):
        """The readings of `user`, once open: files in the race, after their ties were declared."""
        return self.counting().filter(
            jury_member__user=user.pk,
            jury_member__left_at=None,
            jury_member__edition__jury_opens_at__lte=Now(),
            jury_member__declared_at__gte=F("candidature__screened_at"),
            candidature__status=Status.ELIGIBLE,
        )

    def for_reading(self):
        """In the juror's own order, with what a reading screen shows."""
        return (
            self.select_related("candidature__edition", "jury_member", "evaluation")
            .prefetch_related("candidature__deposits", "evaluation__scores")
            .order_by("jury_member__edition", "position", "pk")
        )


@pghistory.track()
class Assignment(models.Model):
    """A file that a juror has to read."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    jury_member = models.ForeignKey(
        JuryMember, models.PROTECT, verbose_name="juré", related_name="assignments"
    )
    candidature = models.ForeignKey(
        Candidature, models.PROTECT, verbose_name="candidature", related_name="assignments"
    )
    round = models.PositiveSmallIntegerField("tour", default=FIRST)
    # Any number: only the order counts. Drawn at random, so that no file is always read last.
    position = models.PositiveIntegerField("ordre")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture"
        ordering = ["jury_member", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["jury_member", "candidature", "round"],
                name="assignment_is_unique",
                violation_error_message="Ce juré lit déjà cette candidature.",
            ),
            models.CheckConstraint(
                condition=Q(round__in=[1, 2]),
                name="assignment_round_is_known",
                violation_error_message="Il y a deux tours de lecture.",
            ),
        ]
        triggers = [
            checked(
                "assignment_is_within_an_edition",
                """SELECT 1 FROM trophies_jurymember member, trophies_candidature file
                   WHERE member.id = NEW.jury_member_id AND file.id = NEW.candidature_id
                   AND member.edition_id = file.edition_id""",
                "Ce juré et cette candidature ne sont pas de la même édition.",
            )
        ]

    def __str__(self):
        return f"{self.candidature}, lu par {self.jury_member.user}"

    def get_absolute_url(self):
        return reverse("admin:trophies_reading", args=[self.uuid])

    @property
    def is_signed(self):
        return hasattr(self, "evaluation") and self.evaluation.signed_at is not None

    @property
    def is_open(self):
        """Whether its round is read now."""
        return is_read(self.candidature.edition, self.round)
