from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Now
from django.urls import reverse

from initiatives.contributing.models import (  # noqa: F401
    Contribution,
    SheetHolder,
    SheetInvitation,
)
from initiatives.freshness.models import FreshnessQuestion, LinkCheck  # noqa: F401
from initiatives.freshness.sheets import FreshnessQuerySet
from initiatives.similar import SimilarQuerySet
from initiatives.transfer.models import ImportLine, InitiativeImport  # noqa: F401
from partners.models import Organisation, OrganisationLinkQuerySet, year_field
from places.models import Located, commune_facts
from rallynov.pictures import Picture
from rallynov.publishing import Embargoed, is_public
from rallynov.search import (
    SearchableQuerySet,
    search_indexes,
    search_vector_field,
    vector_field,
)
from rallynov.sorting import sort_key_field

FOUNDED_BOUNDS = (1900, 2100)
# Words that are addresses of their own below /initiatives/.
RESERVED_SLUGS = ["carte", "proposer", "integrer", "fraicheur"]


class Theme(models.Model):
    class Pattern(models.TextChoices):
        ALIMENTATION = "alimentation", "quarts de lune"
        MOBILITE = "mobilite", "vagues"
        SOLIDARITE = "solidarite", "demi-lunes"
        SANTE = "sante", "anneaux et croix"
        HABITAT = "habitat", "toits"
        EMPLOI = "emploi", "engrenages"
        TRAVAIL = "travail", "établi"
        ENVIRONNEMENT = "environnement", "feuilles"
        CULTURE = "culture", "confettis"
        EDUCATION = "education", "escaliers"
        NUMERIQUE = "numerique", "points"
        CITOYENNETE = "citoyennete", "ronde"

    name = models.CharField("nom", max_length=60, unique=True)
    slug = models.SlugField("adresse", max_length=60, unique=True)
    pattern = models.CharField("famille de motifs", max_length=20, choices=Pattern.choices)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "thème"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name


class Condition(models.Model):
    """A condition found favourable to social innovation."""

    class Scope(models.TextChoices):
        ENTERPRISE = "enterprise", "dans les entreprises"
        TERRITORY = "territory", "sur les territoires"

    scope = models.CharField("où", max_length=10, choices=Scope.choices)
    title = models.CharField("titre", max_length=120)
    sort_key = sort_key_field("title")
    slug = models.SlugField("adresse", max_length=80, unique=True)
    summary = models.TextField("résumé", blank=True)
    body = models.TextField("texte", blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    search_vector = search_vector_field("title", "summary", rich=["body"])
    title_vector = search_vector_field("title")

    objects = SearchableQuerySet.as_manager()

    class Meta:
        verbose_name = "condition favorable"
        verbose_name_plural = "conditions favorables"
        ordering = ["scope", "position", "pk"]
        indexes = search_indexes("condition")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("initiatives:condition", args=[self.slug])


class InitiativeQuerySet(FreshnessQuerySet, SearchableQuerySet, SimilarQuerySet):
    def visible_to(self, user):
        """For staff: but the sheets, not public yet, of a project that a tie hides from them."""
        ties = user.conflicts.in_force().filter(candidature__initiative=OuterRef("pk"))
        return super().visible_to(user).filter(is_public() | ~Exists(ties))

    def proposed(self):
        """Drafts that a holder asked for, once told the decision: they wait for the team.

        Candidatures are read by the reverse name of their relation, as laureates below.
        """
        files = self.model._meta.get_field("candidatures").related_model.objects
        told = files.filter(
            initiative=OuterRef("pk"),
            edition__published_at__lte=Now(),
            edition__results_published_at__lte=Now(),
            decision__isnull=False,
        )
        return self.filter(Exists(told), published_at=None, embargo_year=None)

    def with_laureates(self):
        """Load `published_laureates`: the prizes whose results are out, and no other.

        Reads them by the reverse name of their relation: trophies stand above initiatives.
        """
        laureates = self.model._meta.get_field("laureates").related_model.objects
        return self.prefetch_related(
            Prefetch(
                "laureates",
                laureates.published().select_related("prize__edition"),
                to_attr="published_laureates",
            )
        )

    def with_later_news(self):
        """And, of those that `with_laureates()` loads, `public_news`: what they became."""
        laureates = self.model._meta.get_field("laureates").related_model
        news = laureates._meta.get_field("later_news").related_model.objects
        return self.prefetch_related(
            Prefetch(
                "published_laureates__later_news",
                news.published(),
                to_attr="public_news",
            )
        )

    def located(self):
        """`(department, count, commune)` by place, None where unknown: what a map is drawn from."""
        places = self.order_by().values("department_id", "commune_id").annotate(count=Count("pk"))
        facts = commune_facts("commune_id")
        return places.annotate(facts=facts).values_list("department_id", "count", "facts")

    def for_cards(self):
        return (
            self.select_related("commune", "department")
            .prefetch_related(
                Prefetch("theme_links", InitiativeTheme.objects.select_related("theme")), "photos"
            )
            .with_laureates()
        )

    def for_detail(self):
        supports = Support.objects.with_organisations()
        return (
            self.for_cards()
            .with_later_news()
            .select_related("commune__epci")
            .prefetch_related("conditions", Prefetch("supports", supports))
        )


class InitiativeManager(models.Manager.from_queryset(InitiativeQuerySet)):
    def get_queryset(self):
        """What searching needs is long, and read by the database alone."""
        return super().get_queryset().defer("search_text", "search_vector", "title_vector")


class Initiative(Located, Embargoed):
    title = models.CharField("titre", max_length=160)
    sort_key = sort_key_field("title")
    slug = models.SlugField("adresse de la fiche", max_length=120, unique=True)
    summary = models.TextField("en une phrase", max_length=300, help_text="Ce que c’est, pour qui.")
    need = models.TextField("le besoin", blank=True)
    response = models.TextField("la réponse", blank=True)
    people = models.TextField("les personnes associées", blank=True)
    effects = models.TextField("les effets", blank=True)
    started_year = year_field("depuis", bounds=FOUNDED_BOUNDS, null=True, blank=True)
    website = models.URLField("site", blank=True)
    themes = models.ManyToManyField(
        Theme, through="InitiativeTheme", related_name="initiatives", verbose_name="thèmes"
    )
    conditions = models.ManyToManyField(
        Condition, related_name="initiatives", verbose_name="conditions favorables", blank=True
    )
    organisations = models.ManyToManyField(
        Organisation, through="Support", related_name="initiatives", verbose_name="organisations"
    )
    verified_on = models.DateField(
        "vérifiée le", null=True, blank=True, help_text="Le jour où la fiche a été relue."
    )
    ended_on = models.DateField(
        "arrêtée le",
        null=True,
        blank=True,
        help_text="La fiche reste, comme expérience, et le dit.",
    )
    is_example = models.BooleanField(
        "exemple", default=False, help_text="Contenu fictif, signalé comme tel."
    )
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    # Written by triggers (search.sql): the search form of all that the sheet shows.
    search_text = models.TextField(default="", editable=False)
    search_vector = vector_field(F("search_text"))
    title_vector = search_vector_field("title")

    objects = InitiativeManager()

    # What a search adds to a row for its card (results.py).
    marks = frozenset()
    excerpt = ""
    asked_by = ""

    class Meta:
        verbose_name = "initiative"
        ordering = ["sort_key", "pk"]
        indexes = [
            *search_indexes("initiative"),
            # Probable duplicates: the closest titles first.
            GistIndex(
                fields=["sort_key"],
                opclasses=["gist_trgm_ops(siglen=64)"],
                name="initiative_close_titles",
            ),
            models.Index(
                F("started_year").desc(nulls_last=True), "sort_key", name="initiative_age"
            ),
            models.Index(fields=["commune", "-id"], name="initiative_newest_there"),
            # What a far page of the list skips, without reading the sheets.
            models.Index(
                fields=["sort_key", "id"],
                include=["published_at", "embargo_year"],
                name="initiative_order",
            ),
            # What counts read instead of the sheets: all of them, by facet, by place.
            models.Index(
                fields=["department", "commune"],
                include=["id", "published_at", "embargo_year"],
                name="initiative_counts",
            ),
        ]
        constraints = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="initiative_slug_is_not_reserved",
                violation_error_message="Ce mot est déjà une adresse du site.",
            ),
            models.CheckConstraint(
                condition=Q(started_year__isnull=True) | Q(started_year__range=FOUNDED_BOUNDS),
                name="initiative_started_year_is_plausible",
                violation_error_message="Cette année n’est pas plausible.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("initiatives:detail", args=[self.slug])

    @property
    def theme(self):
        """The first theme, which gives the sheet its colours and pattern; None without any."""
        return next((link.theme for link in self.theme_links.all()), None)

    @property
    def photo(self):
        return next(iter(self.photos.all()), None)

    @property
    def laureate_years(self):
        return sorted({laureate.prize.edition.year for laureate in self.published_laureates})

    @property
    def holders(self):
        return self.organisations_as(Support.Role.HOLDER)

    @property
    def partners(self):
        return self.organisations_as(Support.Role.PARTNER)

    @property
    def funders(self):
        return self.organisations_as(Support.Role.FUNDER)

    def organisations_as(self, role):
        return [support for support in self.supports.all() if support.role == role]


class InitiativeTheme(models.Model):
    """A theme of an initiative; the first by position is the main one."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="theme_links")
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name="thème", related_name="+")
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "thème de l’initiative"
        verbose_name_plural = "thèmes, le principal d’abord"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "theme"],
                name="initiative_theme_is_unique",
                violation_error_message="Ce thème est déjà choisi.",
            )
        ]

    def __str__(self):
        return str(self.theme)


class Photo(Picture):
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="photos")

    class Meta(Picture.Meta):
        verbose_name = "photographie"


class Support(models.Model):
    """An organisation's part in an initiative."""

    class Role(models.TextChoices):
        HOLDER = "holder", "porteur"
        PARTNER = "partner", "partenaire"
        FUNDER = "funder", "financeur"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="supports")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="organisation", related_name="supports"
    )
    role = models.CharField("rôle", max_length=10, choices=Role.choices)

    objects = OrganisationLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation de l’initiative"
        verbose_name_plural = "organisations : qui porte, aide, finance"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "organisation", "role"],
                name="support_is_unique",
                violation_error_message="Cette organisation a déjà ce rôle.",
            )
        ]

    def __str__(self):
        return f"{self.organisation}, {self.get_role_display()}"
