import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Max, Q

from partners.models import Organisation
from trophies.models.edition import IS_SEALED, Edition


@pghistory.track()
class Prize(models.Model):
    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="prizes", verbose_name="édition"
    )
    name = models.CharField("nom", max_length=120)
    amount = models.DecimalField(
        "montant en euros",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    quantity = models.PositiveSmallIntegerField("nombre de prix", default=1)
    funder = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name="financeur",
        null=True,
        blank=True,
        related_name="prizes",
    )
    description = models.TextField("ce qu’il récompense", blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "prix"
        verbose_name_plural = "prix"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="prize_amount_is_not_negative",
                violation_error_message="Un montant n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="prize_quantity_is_positive",
                violation_error_message="Il y a au moins un prix.",
            ),
            models.UniqueConstraint(
                fields=["edition", "name"],
                name="prize_name_is_unique",
                violation_error_message="Ce prix existe déjà dans cette édition.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="prize_keeps_its_edition", fields=["edition"]),
            pgtrigger.Trigger(
                name="prize_keeps_its_laureates",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("quantity"),
                func="""
                    IF EXISTS (SELECT 1 FROM trophies_laureate
                               WHERE prize_id = NEW.id AND place > NEW.quantity) THEN
                        RAISE EXCEPTION 'Ce prix a déjà plus de lauréats.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.edition.year}"

    def clean(self):
        if self.is_counted_anew and self.edition.is_sealed:
            raise ValidationError({"quantity": IS_SEALED})
        taken = self.laureates.aggregate(Max("place"))["place__max"] if self.pk else None
        if taken and self.quantity and self.quantity < taken:
            raise ValidationError({"quantity": "Ce prix a déjà plus de lauréats."})

    @property
    def is_counted_anew(self):
        """Whether there would be more of it, or less, than the database knows."""
        kept = Prize.objects.filter(pk=self.pk, quantity=self.quantity)
        return self.edition_id is not None and not kept.exists()
