from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Now

from initiatives.models import Initiative
from trophies.models.edition import Prize


class LaureateQuerySet(models.QuerySet):
    def published(self):
        """Laureates whose results are out, by comparison with the database's clock."""
        return self.filter(
            prize__edition__published_at__lte=Now(),
            prize__edition__results_published_at__lte=Now(),
        )

    def for_cards(self):
        """With the sheets that the public may open; an unpublished one stays out."""
        sheets = Initiative.objects.published().for_cards()
        return (
            self.select_related("prize__edition", "prize__funder")
            .prefetch_related(Prefetch("initiative", sheets))
            .filter(initiative__published_at__lte=Now())
        )


class Laureate(models.Model):
    """An initiative rewarded by a prize: a row, not a status."""

    prize = models.ForeignKey(Prize, models.PROTECT, verbose_name="prix", related_name="laureates")
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, verbose_name="initiative", related_name="laureates"
    )
    place = models.PositiveSmallIntegerField(
        "exemplaire du prix",
        default=1,
        help_text="1 pour le premier des prix de ce nom, 2 pour le deuxième… Ce n’est pas un rang.",
    )
    citation = models.TextField("pourquoi ce prix", blank=True)

    objects = LaureateQuerySet.as_manager()

    class Meta:
        verbose_name = "lauréat"
        ordering = ["prize__position", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["prize", "place"],
                name="laureate_place_is_unique",
                violation_error_message="Cet exemplaire du prix est déjà attribué.",
            ),
            models.UniqueConstraint(
                fields=["prize", "initiative"],
                name="laureate_initiative_is_unique",
                violation_error_message="Cette initiative a déjà ce prix.",
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1),
                name="laureate_place_is_positive",
                violation_error_message="Le premier exemplaire porte le numéro 1.",
            ),
        ]

    def __str__(self):
        return f"{self.initiative} — {self.prize}"

    def clean(self):
        if self.prize_id and self.place and self.place > self.prize.quantity:
            raise ValidationError(
                {"place": f"Ce prix existe en {self.prize.quantity} exemplaire(s) seulement."}
            )
