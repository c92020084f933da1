from django.db import models
from django.db.models import Q
from django.urls import reverse

from events.models import Event
from initiatives.models import Initiative
from partners.models import YEAR_BOUNDS, year_field
from rallynov.pictures import Picture
from rallynov.publishing import Embargoed, EmbargoedQuerySet
from rallynov.search import SearchableQuerySet, search_indexes, search_vector_field
from rallynov.sorting import sort_key_field


class NewsItemQuerySet(EmbargoedQuerySet, SearchableQuerySet):
    def latest_first(self):
        return self.order_by("-is_pinned", "-published_at", "pk")

    def for_cards(self):
        return self.latest_first().prefetch_related("photos")

    def for_detail(self):
        return self.for_cards()


class NewsItem(Embargoed):
    title = models.CharField("titre", max_length=160)
    sort_key = sort_key_field("title")
    slug = models.SlugField("adresse de la page", max_length=120, unique=True)
    summary = models.TextField(
        "chapeau", max_length=400, help_text="Deux phrases qui donnent envie."
    )
    body = models.TextField("texte", blank=True)
    is_pinned = models.BooleanField("en tête", default=False, help_text="Reste la première.")
    initiative = models.ForeignKey(
        Initiative,
        models.SET_NULL,
        verbose_name="initiative",
        null=True,
        blank=True,
        related_name="news",
    )
    event = models.ForeignKey(
        Event, models.SET_NULL, verbose_name="événement", null=True, blank=True, related_name="news"
    )
    edition_year = year_field("édition des trophées", null=True, blank=True)
    is_example = models.BooleanField(
        "exemple", default=False, help_text="Contenu fictif, signalé comme tel."
    )
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    search_vector = search_vector_field("title", "summary", rich=["body"])
    title_vector = search_vector_field("title")

    objects = NewsItemQuerySet.as_manager()

    # What a search adds to a row for its line.
    marks = frozenset()
    excerpt = ""

    class Meta:
        verbose_name = "actualité"
        ordering = ["-published_at", "pk"]
        indexes = search_indexes("news")
        constraints = [
            models.CheckConstraint(
                condition=Q(edition_year__isnull=True) | Q(edition_year__range=YEAR_BOUNDS),
                name="news_edition_year_is_plausible",
                violation_error_message="Cette année n’est pas plausible.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("news:detail", args=[self.slug])

    @property
    def photo(self):
        return next(iter(self.photos.all()), None)


class NewsPhoto(Picture):
    news_item = models.ForeignKey(NewsItem, models.CASCADE, related_name="photos")

    class Meta(Picture.Meta):
        verbose_name = "photographie"


class Page(models.Model):
    """A fixed page: its address is in the code, its words are the staff's."""

    class Key(models.TextChoices):
        ABOUT = "rallynov", "Rally’nov"
        EUROPE = "europe", "Le fil européen"
        CONDITIONS = "conditions-favorables", "Conditions favorables"
        LEGAL = "mentions-legales", "Mentions légales"
        ACCESSIBILITY = "accessibilite", "Accessibilité"
        PRIVACY = "donnees-personnelles", "Données personnelles"
        CONTACT = "contact", "Contact"

    key = models.CharField("page", max_length=30, choices=Key.choices, primary_key=True)
    title = models.CharField("titre", max_length=120)
    summary = models.TextField("chapeau", blank=True)
    body = models.TextField("texte")
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    sort_key = sort_key_field("title")
    search_vector = search_vector_field("title", "summary", rich=["body"])
    title_vector = search_vector_field("title")

    objects = SearchableQuerySet.as_manager()

    class Meta:
        verbose_name = "page fixe"
        verbose_name_plural = "pages fixes"
        ordering = ["key"]
        indexes = search_indexes("page")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("conditions" if self.key == self.Key.CONDITIONS else f"pages:{self.key}")
