import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from trophies.models.jury import LEVELS, Assignment, Criterion
from trophies.models.triggers import checked
from trophies.ranking import weighted_mean


class EvaluationQuerySet(models.QuerySet):
    def signed(self, edition):
        """The signed readings of an edition, of both rounds, with their scores."""
        assignments = Assignment.objects.counting().filter(candidature__edition=edition)
        signed = self.filter(assignment__in=assignments, signed_at__isnull=False)
        return signed.select_related("assignment").prefetch_related("scores")

    def counting(self, edition):
        """Of what a juror signed of a file, the last round alone, with its scores."""
        later = Evaluation.objects.filter(
            signed_at__isnull=False,
            assignment__jury_member=OuterRef("assignment__jury_member"),
            assignment__candidature=OuterRef("assignment__candidature"),
            assignment__round__gt=OuterRef("assignment__round"),
        )
        return self.signed(edition).filter(~Exists(later))


@pghistory.track()
class Evaluation(models.Model):
    """What a juror thinks of a file: a draft until it is signed."""

    class Confidence(models.IntegerChoices):
        LOW = 1, "peu sûr"
        FAIR = 2, "assez sûr"
        HIGH = 3, "sûr"

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="evaluation")
    comment_for_jury = models.TextField("pour le jury", blank=True, max_length=3000)
    comment_for_candidate = models.TextField("pour le candidat", blank=True, max_length=3000)
    confidence = models.PositiveSmallIntegerField(
        "assurance", choices=Confidence.choices, null=True, blank=True
    )
    signed_at = models.DateTimeField("signée le", null=True, editable=False)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    # From then on the signature is final.
    others_seen_at = models.DateTimeField("a lu les autres le", null=True, editable=False)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(1, 3)),
                name="evaluation_confidence_is_known",
                violation_error_message="Cette assurance n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(others_seen_at__isnull=True) | Q(signed_at__isnull=False),
                name="evaluation_is_signed_once_others_are_seen",
                violation_error_message="Qui a lu les autres ne reprend plus sa signature.",
            ),
        ]
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
