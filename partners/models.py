from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse

from places.models import Located
from rallynov.publishing import free_slug
from rallynov.search import SearchableQuerySet, search_indexes, search_vector_field
from rallynov.sorting import SortKey, sort_key_field

YEAR_BOUNDS = (2000, 2100)


def year_field(verbose_name="année", *, bounds=YEAR_BOUNDS, **options):
    """A year, bounded so that a slip of the finger is caught."""
    low, high = bounds
    validators = [MinValueValidator(low), MaxValueValidator(high)]
    return models.PositiveSmallIntegerField(verbose_name, validators=validators, **options)


class OrganisationQuerySet(SearchableQuerySet):
    def published(self):
        """Organisations with a page of their own: those that are or were partners."""
        return self.filter(Exists(Partnership.objects.filter(organisation=OuterRef("pk"))))

    def get_or_make(self, name, **new):
        """The organisation of that name, however it is accented; else a new one, with `new`."""
        found = self.filter(sort_key=SortKey(Value(name))).order_by("pk").first()
        if found:
            return found
        organisation = Organisation(name=name, **new)
        organisation.slug = free_slug(organisation, name)
        organisation.save()
        return organisation

    def for_cards(self):
        return self.select_related("commune", "department").prefetch_related("partnerships")

    def for_detail(self):
        return self.for_cards()


class Organisation(Located):
    class Kind(models.TextChoices):
        ASSOCIATION = "association", "association"
        COMPANY = "company", "entreprise"
        COOPERATIVE = "cooperative", "coopérative"
        MUTUAL = "mutual", "mutuelle"
        FOUNDATION = "foundation", "fondation"
        PUBLIC = "public", "collectivité ou service public"
        CHAMBER = "chamber", "chambre consulaire"
        UNION = "union", "organisation professionnelle"
        OTHER = "other", "autre"

    name = models.CharField("nom", max_length=200)
    short_name = models.CharField("nom court", max_length=60, blank=True, help_text="Un sigle.")
    sort_key = sort_key_field("name")
    slug = models.SlugField("adresse de la page", max_length=120, unique=True)
    kind = models.CharField("forme", max_length=12, choices=Kind.choices, default=Kind.OTHER)
    siren = models.CharField(
        "SIREN",
        max_length=9,
        blank=True,
        validators=[RegexValidator(r"^\d{9}$", "Neuf chiffres, sans espace.")],
    )
    website = models.URLField("site", blank=True)
    description = models.TextField("présentation", blank=True)
    is_example = models.BooleanField(
        "exemple", default=False, help_text="Contenu fictif, signalé comme tel."
    )
    search_vector = search_vector_field("name", "short_name", "description")
    title_vector = search_vector_field("name", "short_name")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["sort_key", "pk"]
        indexes = search_indexes("organisation")
        constraints = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                condition=Q(siren="") | Q(siren__regex=r"^[0-9]{9}$"),
                name="organisation_siren_has_nine_digits",
                violation_error_message="Un SIREN a neuf chiffres.",
            ),
            models.UniqueConstraint(
                fields=["siren"],
                condition=~Q(siren=""),
                name="organisation_siren_is_unique",
                violation_error_message="Une autre organisation porte déjà ce SIREN.",
            ),
        ]

    def __str__(self):
        return self.short_name or self.name

    def get_absolute_url(self):
        return reverse("partner", args=[self.slug])


class OrganisationLinkQuerySet(models.QuerySet):
    """Rows that tie an organisation to something it took part in."""

    def with_organisations(self):
        """With the organisations, and whether each has a page (`has_page`)."""
        pages = Organisation.objects.published().filter(pk=OuterRef("organisation_id"))
        return self.select_related("organisation").annotate(has_page=Exists(pages))


class Membership(models.Model):
    """A person's function in an organisation: what conflicts of interest are read from."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name="personne",
        related_name="memberships",
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name="organisation", related_name="memberships"
    )
    function = models.CharField("fonction", max_length=120, blank=True)

    class Meta:
        verbose_name = "fonction dans une organisation"
        verbose_name_plural = "fonctions dans des organisations"
        ordering = ["organisation__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="membership_is_unique",
                violation_error_message="Cette personne est déjà dans cette organisation.",
            )
        ]

    def __str__(self):
        return f"{self.user} — {self.organisation}"


class PartnershipQuerySet(models.QuerySet):
    def latest(self):
        """Who carries and funds Rally'nov in the last year known; real years before examples."""
        leading = self.exclude(kind=Partnership.Kind.ALLY)
        years = leading.order_by("organisation__is_example", "-year").values("year")
        return leading.filter(year=years[:1]).for_list()

    def for_list(self):
        """Year by year, pilots first, then in alphabetical order."""
        importance = Case(
            *(When(kind=kind, then=rank) for rank, kind in enumerate(Partnership.Kind.values))
        )
        return self.select_related("organisation").order_by(
            "-year", importance, "organisation__sort_key", "pk"
        )


class Partnership(models.Model):
    """An organisation beside Rally'nov, for the edition of a year."""

    class Kind(models.TextChoices):
        PILOT = "pilot", "porte Rally’nov"
        FUNDER = "funder", "finance"
        ALLY = "ally", "se mobilise"

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name="organisation", related_name="partnerships"
    )
    year = year_field()
    kind = models.CharField("lien", max_length=8, choices=Kind.choices)
    role = models.TextField(
        "son rôle", blank=True, help_text="Ce qu’elle apporte cette année-là, en une phrase."
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = "partenariat"
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "kind"],
                name="partnership_is_unique",
                violation_error_message="Ce partenariat est déjà noté pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(year__range=YEAR_BOUNDS),
                name="partnership_year_is_plausible",
                violation_error_message="Cette année n’est pas plausible.",
            ),
        ]

    def __str__(self):
        return f"{self.organisation}, {self.year}"
