"""The yearly letter of an edition: composed from the database, until it is frozen."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from rallynov.publishing import Publishable, PublishableQuerySet
from trophies.models.edition import Edition
from trophies.models.triggers import checked

IS_FROZEN = "Ce bilan est figé."


class AnnualReportQuerySet(PublishableQuerySet):
    def published(self):
        """Those out, of editions whose results are out: it names the laureates."""
        return (
            super()
            .published()
            .filter(edition__published_at__lte=Now(), edition__results_published_at__lte=Now())
        )


class AnnualReport(Publishable):
    """What is not frozen is composed anew each time; what is frozen is read as it was kept."""

    edition = models.OneToOneField(
        Edition, models.PROTECT, verbose_name="édition", related_name="report"
    )
    frozen_at = models.DateTimeField("figé le", null=True, editable=False)
    content = models.JSONField("contenu figé", null=True, editable=False)
    pdf = models.BinaryField("PDF figé", null=True, editable=False)

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        verbose_name = "bilan"
        ordering = ["-edition__year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, content__isnull=True, pdf__isnull=True)
                | Q(frozen_at__isnull=False, content__isnull=False, pdf__isnull=False),
                name="annual_report_is_frozen_whole",
                violation_error_message="Un bilan se fige avec tout ce qu’il contient.",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="annual_report_stays_frozen",
                operation=pgtrigger.UpdateOf("edition_id", "frozen_at", "content", "pdf")
                | pgtrigger.Delete,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"Bilan {self.edition.year}"

    def get_absolute_url(self):
        return reverse("trophies:report", args=[self.edition.year])

    @property
    def is_frozen(self):
        return self.frozen_at is not None


class ReportParagraph(models.Model):
    """A paragraph in the team’s own words, in place of the one that is composed.

    Figures stand in it by name, between braces: the words are kept, the figures move.
    """

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="paragraphs")
    key = models.SlugField("paragraphe", max_length=40)
    text = models.TextField("texte", blank=True, help_text="Vide\u202f: rien n’est dit ici.")
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "paragraphe du bilan"
        verbose_name_plural = "paragraphes du bilan"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="report_paragraph_is_unique")
        ]
        triggers = [
            checked(
                "report_paragraph_is_not_frozen",
                "SELECT 1 FROM trophies_annualreport report"
                " WHERE report.id = NEW.report_id AND report.frozen_at IS NULL",
                IS_FROZEN,
            )
        ]

    def __str__(self):
        return self.key
