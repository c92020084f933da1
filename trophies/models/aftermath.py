from django.conf import settings
from django.db import models
from django.db.models import Q

from trophies.models.award import Laureate

WORDS = {1: "un an", 3: "trois ans", 5: "cinq ans"}  # after the results
YEARS = list(WORDS)


class LaureateNewsQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_public=True, laureate__in=Laureate.objects.published())


class LaureateNews(models.Model):
    """What became of a laureate, some years later: asked by the worker, told by who knows."""

    laureate = models.ForeignKey(
        Laureate, models.CASCADE, verbose_name="lauréat", related_name="later_news"
    )
    years = models.PositiveSmallIntegerField("après", choices=WORDS.items())
    asked_at = models.DateTimeField("demandée le", null=True, editable=False)
    text = models.TextField("que sont-ils devenus ?", max_length=3000, blank=True)
    told_at = models.DateTimeField("racontée le", null=True, editable=False)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="racontée par",
        null=True,
        editable=False,
        related_name="later_news",
    )
    is_public = models.BooleanField("paraît sur la fiche", default=False)

    objects = LaureateNewsQuerySet.as_manager()

    class Meta:
        verbose_name = "nouvelle d’un lauréat"
        verbose_name_plural = "nouvelles des lauréats"
        ordering = ["laureate", "years", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["laureate", "years"],
                name="laureate_news_is_unique",
                violation_error_message="Cette nouvelle est déjà là.",
            ),
            models.CheckConstraint(
                condition=Q(years__in=YEARS),
                name="laureate_news_comes_at_its_years",
                violation_error_message="On demande des nouvelles après 1, 3 et 5 ans.",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | ~Q(text=""),
                name="laureate_news_is_written_before_it_is_public",
                violation_error_message="Écrivez la nouvelle avant de la faire paraître.",
            ),
        ]

    def __str__(self):
        return f"{self.laureate}, {self.get_years_display()} après"
