"""Photographs of events: who is on them, what each person allows, which may appear today."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from events.models import EventPhoto, ImageAuthorisation
from events.models.material import RENEWED_BEFORE
from rallynov.dates import day_text
from rallynov.editing import ContentAdmin, TabularInline


def ended(photo):
    return [each for each in photo.authorisations.all() if each.has_ended]


def ends_on(photo):
    """(day, person) of the first authorisation that ends; None when none does."""
    days = [(a.expires_on, a.person) for a in photo.authorisations.all() if a.expires_on]
    return min(days, default=None)


def end_text(authorisation):
    if authorisation.withdrawn_on:
        return f"{authorisation.person} l’a retirée le {day_text(authorisation.withdrawn_on)}"
    return f"celle de {authorisation.person} a pris fin le {day_text(authorisation.expires_on)}"


def why_hidden(photo):
    """Why the page of the event leaves it out today, or nothing."""
    if photo.shows_people and not photo.authorisations.all():
        return "aucune autorisation n’y est jointe"
    return "\u202f; ".join(map(end_text, ended(photo)))


def look(photo):
    """What the list says of it: a state, and why or until when."""
    if reason := why_hidden(photo):
        return "draft", "ne paraît pas", reason
    end = ends_on(photo)
    if end is None:
        return "published", "paraît", ""
    words = f"jusqu’au {day_text(end[0])} ({end[1]})"
    is_soon = end[0] <= timezone.localdate() + RENEWED_BEFORE
    return ("scheduled", "à renouveler", words) if is_soon else ("published", "paraît", words)


def look_html(photo):
    return format_html(
        '<span class="state state--{}">{}</span> <span class="quiet">{}</span>', *look(photo)
    )


class AppearanceFilter(admin.SimpleListFilter):
    title = "parution"
    parameter_name = "parution"

    def lookups(self, request, model_admin):
        return [
            ("a-renouveler", "à renouveler sous 60 jours"),
            ("cachees", "ne paraissent pas"),
            ("parues", "paraissent"),
        ]

    def queryset(self, request, queryset):
        allowed = EventPhoto.objects.allowed().values("pk")
        match self.value():
            case "a-renouveler":
                return queryset.to_renew()
            case "cachees":
                return queryset.exclude(pk__in=allowed)
            case "parues":
                return queryset.filter(pk__in=allowed)
        return queryset


class AuthorisationInline(TabularInline):
    model = ImageAuthorisation
    extra = 0
    add_text = "Ajouter une personne"
    verbose_name_plural = "autorisations, une par personne que l’on reconnaît"


@admin.register(EventPhoto)
class EventPhotoAdmin(ContentAdmin):
    """A photograph is added on the page of its event; here, what people allow of it."""

    list_display = ["alt", "taken_at", "appearance"]
    list_filter = [AppearanceFilter, "shows_people"]
    list_select_related = ["event"]
    search_fields = ["alt", "event__title", "authorisations__person"]
    search_help_text = "Légende, événement, personne."
    ordering = ["-event__starts_at", "position", "pk"]
    actions = None
    fields = ["picture", "taken_at", "alt", "credit", "shows_people", "appearance"]
    readonly_fields = ["picture", "taken_at", "appearance"]
    inlines = [AuthorisationInline]

    def has_add_permission(self, request):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("authorisations")

    def get_view_on_site_url(self, obj=None):
        return None

    @admin.display(description="parution")
    def appearance(self, photo):
        return look_html(photo)

    @admin.display(description="événement", ordering="event__title")
    def taken_at(self, photo):
        address = reverse("admin:events_event_change", args=[photo.event_id])
        return format_html('<a href="{}">{}</a>', address, photo.event)

    @admin.display(description="aperçu")
    def picture(self, photo):
        return format_html(
            '<img class="preview" src="{}" alt="{}" width="{}" height="{}">',
            photo.get_absolute_url(),
            photo.alt,
            photo.width,
            photo.height,
        )
