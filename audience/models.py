"""What is counted of the readers of the site, and the little that one day needs to count it."""

from django.db import models
from django.db.models import F, Q


class DaySalt(models.Model):
    """The key of a day's visitors, the same in every process, deleted when the day ends."""

    day = models.DateField("jour", primary_key=True)
    salt = models.BinaryField("sel", max_length=32)

    class Meta:
        verbose_name = "sel du jour"
        verbose_name_plural = "sels du jour"

    def __str__(self):
        return f"{self.day:%d/%m/%Y}"


class Visitor(models.Model):
    """A visitor of a day, known by a digest that nobody can make again once the salt is gone."""

    pk = models.CompositePrimaryKey("day", "digest")
    day = models.DateField("jour")
    digest = models.UUIDField("empreinte")

    class Meta:
        verbose_name = "visiteur du jour"
        verbose_name_plural = "visiteurs du jour"

    def __str__(self):
        return str(self.digest)


class PageCount(models.Model):
    """How many times a page was read on a day."""

    pk = models.CompositePrimaryKey("day", "path")
    day = models.DateField("jour")
    path = models.CharField("adresse", max_length=200)
    pages = models.PositiveIntegerField("pages lues")

    class Meta:
        verbose_name = "lectures d’une page"
        verbose_name_plural = "lectures des pages"

    def __str__(self):
        return self.path


class DayCount(models.Model):
    """A day of the whole site."""

    day = models.DateField("jour", primary_key=True)
    pages = models.PositiveIntegerField("pages lues")
    visits = models.PositiveIntegerField("visites")

    class Meta:
        verbose_name = "jour d’audience"
        # What the admin calls the page on all of them.
        verbose_name_plural = "mesure d’audience"
        constraints = [
            models.CheckConstraint(
                condition=Q(visits__lte=F("pages")),
                name="audience_visits_have_pages",
                violation_error_message="Une visite lit au moins une page.",
            ),
        ]

    def __str__(self):
        return f"{self.day:%d/%m/%Y}"


class YearCount(models.Model):
    """What is left of the days of a year that are kept no more."""

    year = models.PositiveSmallIntegerField("année", primary_key=True)
    since = models.DateField("premier jour compté")
    pages = models.PositiveBigIntegerField("pages lues")
    visits = models.PositiveBigIntegerField("visites")

    class Meta:
        verbose_name = "année d’audience"
        verbose_name_plural = "années d’audience"

    def __str__(self):
        return str(self.year)
