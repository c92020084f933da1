import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Now

from initiatives.models import Initiative
from trophies.models.candidature import Candidature
from trophies.models.prize import Prize
from trophies.models.triggers import checked


class DecisionQuerySet(models.QuerySet):
    def published(self):
        """Decisions that their holders may read: at the instant of the results, not before."""
        return self.filter(
            candidature__edition__published_at__lte=Now(),
            candidature__edition__results_published_at__lte=Now(),
        )

    def visible_to(self, user):
        return self.filter(candidature__in=Candidature.objects.visible_to(user))


@pghistory.track()
class Decision(models.Model):
    """What the jury decided of a candidature: secret until the results come out."""

    class Outcome(models.TextChoices):
        LAUREATE = "laureate", "lauréate"
        RESERVE = "reserve", "sur liste de réserve"
        FINALIST = "finalist", "finaliste"
        NOT_SELECTED = "not_selected", "non retenue"

    candidature = models.OneToOneField(
        Candidature, models.PROTECT, verbose_name="candidature", related_name="decision"
    )
    outcome = models.CharField("décision", max_length=12, choices=Outcome.choices)
    letter = models.TextField("lettre au porteur", blank=True)
    decided_at = models.DateTimeField("notée le", auto_now_add=True)
    # Nobody's letter leaves before somebody of the team has read it, as it is.
    letter_read_at = models.DateTimeField("lettre relue le", null=True, editable=False)
    letter_read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="relue par",
        null=True,
        editable=False,
        related_name="letters_read",
    )
    letter_queued_at = models.DateTimeField("lettre partie le", null=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        ordering = ["candidature", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["laureate", "reserve", "finalist", "not_selected"]),
                name="decision_outcome_is_known",
                violation_error_message="Cette décision n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(letter_read_at=None, letter_read_by=None)
                | Q(letter_read_at__isnull=False, letter_read_by__isnull=False),
                name="decision_letter_was_read_by_somebody",
                violation_error_message="Une lettre relue l’a été par quelqu’un, à une date.",
            ),
        ]

    def __str__(self):
        return f"{self.candidature} : {self.get_outcome_display()}"


class LaureateQuerySet(models.QuerySet):
    def published(self):
        """Laureates whose results are out, by comparison with the database's clock."""
        return self.filter(
            prize__edition__published_at__lte=Now(),
            prize__edition__results_published_at__lte=Now(),
        )

    def visible_to(self, user):
        """For staff: all, but those of the files that a conflict of interest hides."""
        hidden = Candidature.objects.exclude(pk__in=Candidature.objects.visible_to(user))
        return self.exclude(Exists(hidden.filter(pk=OuterRef("candidature"))))

    def for_cards(self):
        """With the sheets that the public may open; an unpublished one stays out."""
        public = Initiative.objects.published()
        return (
            self.select_related("prize__edition", "prize__funder")
            .prefetch_related(Prefetch("initiative", public.for_cards()))
            .filter(Exists(public.filter(pk=OuterRef("initiative"))))
        )


@pghistory.track()
class Laureate(models.Model):
    """An initiative rewarded by a prize: a row, not a status."""

    prize = models.ForeignKey(Prize, models.PROTECT, verbose_name="prix", related_name="laureates")
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, verbose_name="initiative", related_name="laureates"
    )
    candidature = models.OneToOneField(
        Candidature,
        models.PROTECT,
        verbose_name="candidature",
        null=True,
        blank=True,
        related_name="laureate",
        help_text="Vide pour un lauréat d’une édition qui n’a pas été jugée ici.",
    )
    place = models.PositiveSmallIntegerField(
        "exemplaire du prix",
        default=1,
        help_text="1 pour le premier des prix de ce nom, 2 pour le deuxième… Ce n’est pas un rang.",
    )
    citation = models.TextField("pourquoi ce prix", blank=True)
    sheet_filled_at = models.DateTimeField("fiche remplie le", null=True, editable=False)

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
        triggers = [
            # FOR SHARE: the quantity cannot shrink while the row is being written.
            checked(
                "laureate_has_a_prize_to_take",
                """SELECT 1 FROM trophies_prize prize
                   WHERE prize.id = NEW.prize_id AND NEW.place <= prize.quantity FOR SHARE""",
                "Ce prix n’existe pas en autant d’exemplaires.",
            ),
            checked(
                "laureate_is_within_an_edition",
                """SELECT 1 FROM trophies_prize prize
                   WHERE prize.id = NEW.prize_id AND (NEW.candidature_id IS NULL OR
                   prize.edition_id = (SELECT edition_id FROM trophies_candidature
                                       WHERE id = NEW.candidature_id))""",
                "Ce prix n’est pas de l’édition de cette candidature.",
            ),
        ]

    def __str__(self):
        return f"{self.initiative} — {self.prize}"

    def clean(self):
        if self.prize_id and self.place and self.place > self.prize.quantity:
            raise ValidationError(
                {"place": f"Ce prix existe en {self.prize.quantity} exemplaire(s) seulement."}
            )


class AwardFollowUp(models.Model):
    """What became of a prize once it was given: the convention, then the payment."""

    laureate = models.OneToOneField(Laureate, models.CASCADE, related_name="follow_up")
    convention_signed_on = models.DateField("convention signée le", null=True, blank=True)
    paid_on = models.DateField("prix versé le", null=True, blank=True)
    paid_amount = models.DecimalField(
        "montant versé, en euros", max_digits=9, decimal_places=2, null=True, blank=True
    )
    payment_reference = models.CharField("référence du versement", max_length=80, blank=True)
    came_to_ceremony = models.BooleanField("présent à la remise des prix", null=True, blank=True)
    notes = models.TextField("remarques", blank=True)

    class Meta:
        verbose_name = "suivi du prix"
        verbose_name_plural = "suivi du prix"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True, paid_amount__isnull=True)
                | Q(paid_on__isnull=False, paid_amount__isnull=False, paid_amount__gt=0),
                name="follow_up_payment_is_whole",
                violation_error_message="Un versement a une date et un montant.",
            )
        ]

    def __str__(self):
        return f"Suivi : {self.laureate}"
