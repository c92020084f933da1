import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from partners.models import Organisation
from trophies.models.candidature import Candidature
from trophies.models.edition import Edition
from trophies.models.triggers import checked
from trophies.ranking import weighted_mean
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
            checked(
                "criterion_allows_what_was_given",
                """SELECT 1 WHERE NEW.allows_not_applicable OR NOT EXISTS (
                       SELECT 1 FROM trophies_score
                       WHERE criterion_id = NEW.id AND level IS NULL)""",
                "Des jurés ont déjà répondu « sans objet ».",
            ),
        ]

    def __str__(self):
        return self.label


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


@pghistory.track()
class ConflictOfInterest(models.Model):
    """A tie between a juror and a file: while the row exists, the juror finds no trace of it."""

    jury_member = models.ForeignKey(
        JuryMember, models.PROTECT, verbose_name="juré", related_name="conflicts"
    )
    candidature = models.ForeignKey(
        Candidature, models.PROTECT, verbose_name="candidature", related_name="conflicts"
    )
    reason = models.TextField("quel lien ?", max_length=500)
    declared_at = models.DateTimeField("déclaré le", auto_now_add=True)

    class Meta:
        verbose_name = "lien d’intérêts"
        verbose_name_plural = "liens d’intérêts"
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["jury_member", "candidature"],
                name="conflict_is_unique",
                violation_error_message="Ce lien est déjà déclaré.",
            )
        ]
        triggers = [
            checked(
                "conflict_is_within_an_edition",
                """SELECT 1 FROM trophies_jurymember member, trophies_candidature file
                   WHERE member.id = NEW.jury_member_id AND file.id = NEW.candidature_id
                   AND member.edition_id = file.edition_id""",
                "Ce juré et cette candidature ne sont pas de la même édition.",
            )
        ]

    def __str__(self):
        return f"{self.jury_member.user} — {self.candidature}"


class AssignmentQuerySet(models.QuerySet):
    def counting(self):
        """Without the readings that a conflict of interest took away."""
        conflicts = ConflictOfInterest.objects.filter(
            candidature=OuterRef("candidature"), jury_member__user=OuterRef("jury_member__user")
        )
        return self.filter(~Exists(conflicts))

    def visible_to(self, user):
        """The readings of `user`: files still in the race, that no conflict hides, once open."""
        return self.counting().filter(
            jury_member__user=user.pk,
            jury_member__edition__jury_opens_at__lte=Now(),
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
    round = models.PositiveSmallIntegerField("tour", default=1)
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
            )
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


class EvaluationQuerySet(models.QuerySet):
    def counting(self, edition):
        """The signed readings of an edition, with their scores."""
        assignments = Assignment.objects.counting().filter(candidature__edition=edition)
        signed = self.filter(assignment__in=assignments, signed_at__isnull=False)
        return signed.select_related("assignment").prefetch_related("scores")


@pghistory.track()
class Evaluation(models.Model):
    """What a juror thinks of a file: a draft until it is signed."""

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="evaluation")
    comment_for_jury = models.TextField("pour le jury", blank=True, max_length=3000)
    comment_for_candidate = models.TextField("pour le candidat", blank=True, max_length=3000)
    signed_at = models.DateTimeField("signée le", null=True, editable=False)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation"
        ordering = ["pk"]
        triggers = [pgtrigger.ReadOnly(name="evaluation_keeps_its_reading", fields=["assignment"])]

    def __str__(self):
        return f"Évaluation : {self.assignment}"

    @property
    def levels(self):
        """The level given for each criterion, by its key; None for « sans objet »."""
        return {score.criterion_id: score.level for score in self.scores.all()}

    def mean(self, criteria):
        """The weighted mean on the scale of the levels, or None; an average is never stored."""
        return weighted_mean(
            self.levels, {criterion.pk: criterion.weight for criterion in criteria}
        )


@pghistory.track()
class Score(models.Model):
    """The level that a juror gave for one criterion; an empty level is « sans objet »."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, verbose_name="critère", related_name="scores"
    )
    level = models.PositiveSmallIntegerField("niveau", null=True, blank=True)

    class Meta:
        verbose_name = "note"
        ordering = ["criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "criterion"],
                name="score_is_unique",
                violation_error_message="Ce critère est déjà noté.",
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__in=LEVELS),
                name="score_is_within_levels",
                violation_error_message="Le niveau va de 0 à 4.",
            ),
        ]
        triggers = [
            checked(
                "score_suits_its_criterion",
                """SELECT 1 FROM trophies_criterion criterion, trophies_evaluation evaluation,
                   trophies_assignment assignment, trophies_candidature file
                   WHERE criterion.id = NEW.criterion_id AND evaluation.id = NEW.evaluation_id
                   AND assignment.id = evaluation.assignment_id
                   AND file.id = assignment.candidature_id
                   AND file.edition_id = criterion.edition_id
                   AND (NEW.level IS NOT NULL OR criterion.allows_not_applicable)""",
                "Ce niveau n’est pas de cette grille.",
            )
        ]

    def __str__(self):
        return f"{self.criterion} : {'sans objet' if self.level is None else self.level}"
