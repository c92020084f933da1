from django.apps import apps
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone

from partners.models import (
    YEAR_BOUNDS,
    Organisation,
    OrganisationLinkQuerySet,
    year_field,
)
from places.models import Located
from rallynov.dates import date_text, instant_text
from rallynov.publishing import Publishable, PublishableQuerySet
from rallynov.search import SearchableQuerySet, search_indexes, search_vector_field
from rallynov.sorting import sort_key_field


class EventQuerySet(PublishableQuerySet, SearchableQuerySet):
    def with_last_at(self):
        """Annotate `last_at`: the instant after which the event is over."""
        return self.annotate(last_at=Coalesce("ends_at", "starts_at"))

    def upcoming(self):
        return self.with_last_at().filter(last_at__gte=Now()).order_by("starts_at", "pk")

    def past(self):
        return self.with_last_at().filter(last_at__lt=Now()).order_by("-starts_at", "pk")

    def to_close(self):
        """Over, on a day that is known, without a head-count."""
        known = [Event.Precision.TIME, Event.Precision.DAY]
        held = self.published().past().filter(status=Event.Status.PLANNED)
        return held.filter(date_precision__in=known, attendance=None)

    def taking_registrations(self):
        """Those where a place may be asked for now: planned, not begun, not closed to it."""
        closes_at = Coalesce("registration_closes_at", "starts_at")
        return self.annotate(closes_at=closes_at).filter(
            takes_registrations=True,
            status=Event.Status.PLANNED,
            starts_at__gt=Now(),
            closes_at__gt=Now(),
        )

    def with_places(self):
        """Annotate `taken` and `waiting`: how many hold a place, and how many are in line."""
        registrations = apps.get_model("events", "Registration")
        return self.annotate(
            taken=Count("registrations", filter=Q(registrations__status__in=registrations.HOLDING)),
            waiting=Count(
                "registrations",
                filter=Q(registrations__status=registrations.Status.WAITING),
            ),
        )

    def for_cards(self):
        return self.select_related("commune", "department")

    def for_detail(self):
        links = EventOrganisation.objects.with_organisations()
        photos = apps.get_model("events", "EventPhoto").objects.allowed()
        return (
            self.for_cards()
            .with_places()
            .prefetch_related(
                Prefetch("organisation_links", links),
                Prefetch("photos", photos),
                "speakers",
                "documents",
            )
        )


class Event(Located, Publishable):
    class Kind(models.TextChoices):
        MEETING = "meeting", "rencontre"
        WORKSHOP = "workshop", "atelier"
        FAIR = "fair", "salon"
        CEREMONY = "ceremony", "remise des prix"
        CONFERENCE = "conference", "conférence"

    class Precision(models.TextChoices):
        TIME = "time", "le jour et l’heure"
        DAY = "day", "le jour"
        MONTH = "month", "le mois"
        YEAR = "year", "l’année"

    class Status(models.TextChoices):
        PLANNED = "planned", "prévu"
        POSTPONED = "postponed", "reporté"
        CANCELLED = "cancelled", "annulé"

    title = models.CharField("titre", max_length=160)
    sort_key = sort_key_field("title")
    slug = models.SlugField("adresse de la page", max_length=120, unique=True)
    kind = models.CharField("nature", max_length=12, choices=Kind.choices)
    summary = models.TextField("en une phrase", max_length=300, blank=True)
    description = models.TextField("présentation", blank=True)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin", null=True, blank=True)
    date_precision = models.CharField(
        "ce que l’on sait de la date",
        max_length=5,
        choices=Precision.choices,
        default=Precision.TIME,
        help_text="« Le mois » fait écrire « mai 2014 ».",
    )
    venue = models.CharField("lieu", max_length=160, blank=True, help_text="Salle, adresse.")
    presence = models.CharField(
        "notre présence",
        max_length=160,
        blank=True,
        help_text="Pour un salon : un stand, une conférence, des entretiens.",
    )
    attendance = models.PositiveIntegerField(
        "personnes présentes", null=True, blank=True, help_text="Comptées le jour même."
    )
    edition_year = year_field("édition des trophées", null=True, blank=True)
    takes_registrations = models.BooleanField(
        "inscription en ligne",
        default=False,
        help_text="La page de l’événement propose alors de s’inscrire, sans compte.",
    )
    capacity = models.PositiveSmallIntegerField(
        "places",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Vide : sans limite. Au-delà, une liste d’attente se forme.",
    )
    registration_closes_at = models.DateTimeField(
        "fin des inscriptions", null=True, blank=True, help_text="Vide : au début."
    )
    # What became of it; written by the services that tell those registered.
    status = models.CharField(
        "tenue", max_length=9, choices=Status.choices, default=Status.PLANNED, editable=False
    )
    status_note = models.TextField("ce que l’on en dit", max_length=600, blank=True, editable=False)
    moved_from = models.DateTimeField("date d’abord prévue", null=True, editable=False)
    # Raised with each change that a calendar must take over (RFC 5545, SEQUENCE).
    sequence = models.PositiveIntegerField("révision", default=0, editable=False)
    walk_ins = models.PositiveSmallIntegerField(
        "venus sans s’être inscrits", default=0, editable=False
    )
    updated_at = models.DateTimeField("modifié le", auto_now=True)
    organisations = models.ManyToManyField(
        Organisation, through="EventOrganisation", related_name="events", blank=True
    )
    is_example = models.BooleanField(
        "exemple", default=False, help_text="Contenu fictif, signalé comme tel."
    )
    search_vector = search_vector_field(
        "title", "summary", "venue", "presence", rich=["description"]
    )
    title_vector = search_vector_field("title")

    objects = EventQuerySet.as_manager()

    # What a search adds to a row for its line.
    marks = frozenset()
    excerpt = ""

    class Meta:
        verbose_name = "événement"
        ordering = ["-starts_at", "pk"]
        indexes = search_indexes("event")
        constraints = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                name="event_starts_before_it_ends",
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                condition=Q(edition_year__isnull=True) | Q(edition_year__range=YEAR_BOUNDS),
                name="event_edition_year_is_plausible",
                violation_error_message="Cette année n’est pas plausible.",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1),
                name="event_has_a_place_or_no_limit",
                violation_error_message="Une place au moins, ou rien s’il n’y a pas de limite.",
            ),
            models.CheckConstraint(
                condition=Q(takes_registrations=False) | Q(date_precision__in=["time", "day"]),
                name="event_with_registrations_has_a_day",
                violation_error_message="On ne s’inscrit qu’à un jour connu.",
            ),
            models.CheckConstraint(
                condition=Q(status="planned", status_note="")
                | ~Q(status="planned")
                | Q(moved_from__isnull=False),
                name="event_note_tells_of_a_change",
                violation_error_message="Rien n’a changé : il n’y a rien à en dire.",
            ),
            # Addresses of the agenda itself: its years, and the pages of registrations.
            models.CheckConstraint(
                condition=~Q(slug__regex=r"^\d{4}$") & ~Q(slug="inscription"),
                name="event_slug_is_not_reserved",
                violation_error_message="Cette adresse est déjà celle d’une autre page.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("events:detail", args=[self.slug])

    @property
    def photo(self):
        return next(iter(self.photos.all()), None)

    @property
    def year(self):
        return timezone.localtime(self.starts_at).year

    @property
    def date_text(self):
        """« mardi 3 mars 2026 à 14 h », « 3 mars 2026 », « mai 2014 » or « 2014 »."""
        if self.date_precision == self.Precision.TIME:
            return instant_text(self.starts_at)
        patterns = {
            self.Precision.YEAR: "Y",
            self.Precision.MONTH: "F Y",
            self.Precision.DAY: "l j F Y",
        }
        return date_text(self.starts_at, patterns[self.date_precision])

    @property
    def machine_date(self):
        """The value of a `<time>`: no more than what is known, « 2014-05 » or « 2014 »."""
        lengths = {self.Precision.YEAR: 4, self.Precision.MONTH: 7}
        return timezone.localdate(self.starts_at).isoformat()[: lengths.get(self.date_precision)]

    @property
    def has_day(self):
        """Whether its day is known: it may stand in a calendar, and be registered for."""
        return self.date_precision in (self.Precision.TIME, self.Precision.DAY)

    @property
    def has_begun(self):
        return self.starts_at <= timezone.now()

    @property
    def last_registration_at(self):
        return self.registration_closes_at or self.starts_at

    @property
    def places_left(self):
        """None without a limit; none is left while somebody waits. Needs `with_places()`."""
        if self.capacity is None:
            return None
        return 0 if self.waiting else max(0, self.capacity - self.taken)

    @property
    def registration_state(self):
        """`open`, `full`, `closed`, `past`, `postponed`, `cancelled`; empty: one just comes."""
        if not self.takes_registrations:
            return ""
        if self.status != self.Status.PLANNED:
            return self.status
        if self.has_begun:
            return "past"
        if timezone.now() >= self.last_registration_at:
            return "closed"
        return "full" if self.places_left == 0 else "open"

    def organisations_as(self, role):
        return [link for link in self.organisation_links.all() if link.role == role]

    @property
    def organisers(self):
        return self.organisations_as(EventOrganisation.Role.ORGANISER)

    @property
    def hosts(self):
        return self.organisations_as(EventOrganisation.Role.HOST)

    @property
    def partners(self):
        return self.organisations_as(EventOrganisation.Role.PARTNER)

    @property
    def participants(self):
        return self.organisations_as(EventOrganisation.Role.PARTICIPANT)


class EventOrganisation(models.Model):
    class Role(models.TextChoices):
        ORGANISER = "organiser", "organisateur"
        HOST = "host", "hôte"
        PARTNER = "partner", "partenaire"
        PARTICIPANT = "participant", "participant"

    event = models.ForeignKey(Event, models.CASCADE, related_name="organisation_links")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="organisation", related_name="event_links"
    )
    role = models.CharField("rôle", max_length=12, choices=Role.choices)

    objects = OrganisationLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation de l’événement"
        verbose_name_plural = "organisations : qui organise, accueille, aide, participe"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "organisation", "role"],
                name="event_organisation_is_unique",
                violation_error_message="Cette organisation a déjà ce rôle.",
            )
        ]

    def __str__(self):
        return f"{self.organisation}, {self.get_role_display()}"


class Speaker(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="speakers")
    name = models.CharField("nom", max_length=120)
    function = models.CharField("fonction", max_length=160, blank=True)
    organisation = models.CharField("organisation", max_length=160, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "intervenant"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name
