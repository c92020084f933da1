from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from partners.models import Organisation
from trophies.models.edition import Edition


class EligibilityRuleQuerySet(models.QuerySet):
    def with_advisors(self):
        """With whom to turn to, and whether they have a page (`advisor_has_page`)."""
        pages = Organisation.objects.published().filter(pk=OuterRef("advisor_id"))
        return self.select_related("advisor").annotate(advisor_has_page=Exists(pages))


class EligibilityRule(models.Model):
    """One of the five questions that an edition may ask before the form.

    A « no » explains, and stops nobody: staff decide, when they screen.
    """

    class Kind(models.TextChoices):
        TERRITORY = "territory", "le projet se déroule sur le territoire de l’édition"
        STRUCTURE = "structure", "la structure a l’une des formes admises"
        AGE = "age", "le projet existe depuis assez longtemps"
        FIRST_PRIZE = "first_prize", "le projet n’a pas déjà reçu un prix"
        ONLY_ONE = "only_one", "la structure présente une seule candidature"

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="eligibility_rules")
    kind = models.CharField("règle", max_length=12, choices=Kind.choices)
    structures = ArrayField(
        models.CharField(max_length=12, choices=Organisation.Kind.choices),
        verbose_name="formes admises",
        default=list,
        blank=True,
        help_text="Pour la règle sur la structure seulement.",
    )
    months = models.PositiveSmallIntegerField(
        "ancienneté en mois",
        null=True,
        blank=True,
        help_text="Pour la règle sur l’ancienneté seulement, comptée à la clôture.",
    )
    explanation = models.TextField(
        "si la réponse est non", help_text="Pourquoi cette règle, et que faire maintenant."
    )
    advisor = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        verbose_name="à qui s’adresser",
        null=True,
        blank=True,
        related_name="+",
        help_text="Un partenaire qui peut aider les projets que cette règle écarte.",
    )

    objects = EligibilityRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "règle de recevabilité"
        verbose_name_plural = "règles de recevabilité"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind"],
                name="eligibility_rule_is_unique",
                violation_error_message="Cette règle existe déjà dans cette édition.",
            ),
            models.CheckConstraint(
                condition=(Q(kind="structure") & Q(structures__len__gt=0))
                | (~Q(kind="structure") & Q(structures=[])),
                name="eligibility_rule_names_structures",
                violation_error_message="Cochez les formes admises, pour la règle sur la "
                "structure et elle seule.",
            ),
            models.CheckConstraint(
                condition=Q(kind="age", months__isnull=False, months__gte=1)
                | (~Q(kind="age") & Q(months__isnull=True)),
                name="eligibility_rule_has_months",
                violation_error_message="Indiquez l’ancienneté en mois, pour la règle sur "
                "l’ancienneté et elle seule.",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()
