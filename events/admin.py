from django.contrib import admin

from events.models import Event, EventOrganisation, EventPhoto, Speaker
from rallynov.editing import (
    PUBLICATION,
    PictureInline,
    PublishableAdmin,
    SortKeySearchMixin,
    StateFilter,
    TabularInline,
)


class EventOrganisationInline(TabularInline):
    model = EventOrganisation
    add_text = "Ajouter une organisation"
    autocomplete_fields = ["organisation"]


class SpeakerInline(TabularInline):
    model = Speaker
    add_text = "Ajouter un intervenant"


class EventPhotoInline(PictureInline):
    model = EventPhoto


class FollowUpFilter(admin.SimpleListFilter):
    title = "suivi"
    parameter_name = "suivi"

    def lookups(self, request, model_admin):
        return [("a-clore", "à clore : présents à compter")]

    def queryset(self, request, queryset):
        return queryset.to_close() if self.value() == "a-clore" else queryset


@admin.register(Event)
class EventAdmin(SortKeySearchMixin, PublishableAdmin):
    new_title = "Nouvel événement"
    rich_fields = ["description"]
    list_display = ["title", "kind", "date", "place_name", "state"]
    list_filter = [StateFilter, FollowUpFilter, "kind", "edition_year", "is_example"]
    list_select_related = ["commune", "department"]
    search_fields = ["sort_key"]
    autocomplete_fields = ["commune"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [EventOrganisationInline, SpeakerInline, EventPhotoInline]
    fieldsets = [
        (None, {"fields": ["title", "kind", "summary", "description"]}),
        ("Quand", {"fields": ["starts_at", "ends_at", "date_precision"]}),
        ("Où", {"fields": ["venue", "commune", "department"]}),
        PUBLICATION,
        (
            "Notre part, et après",
            {"fields": ["presence", "attendance", "edition_year"], "classes": ["collapse"]},
        ),
        ("Adresse et options", {"fields": ["slug", "is_example"], "classes": ["collapse"]}),
    ]

    @admin.display(description="date", ordering="starts_at")
    def date(self, event):
        return event.date_text

    @admin.display(description="lieu", ordering="commune__sort_key")
    def place_name(self, event):
        return event.place
