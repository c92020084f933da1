from django.contrib import admin

from initiatives.models import Condition, Initiative, InitiativeTheme, Photo, Support, Theme
from initiatives.transfer.pages import TransferPagesMixin
from rallynov.editing import (
    PUBLICATION,
    ContentAdmin,
    PictureInline,
    PublishableAdmin,
    SlugForm,
    SortKeySearchMixin,
    StateFilter,
    TabularInline,
)


class ThemeForm(SlugForm):
    slug_source = "name"


@admin.register(Theme)
class ThemeAdmin(ContentAdmin):
    new_title = "Nouveau thème"
    form = ThemeForm
    list_display = ["name", "pattern", "position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "pattern", "position", "slug"]


@admin.register(Condition)
class ConditionAdmin(ContentAdmin):
    new_title = "Nouvelle condition favorable"
    form = SlugForm
    rich_fields = ["body"]
    list_display = ["title", "scope", "position"]
    list_filter = ["scope"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["scope", "title", "summary", "body"]}),
        ("Adresse et ordre", {"fields": ["slug", "position"], "classes": ["collapse"]}),
    ]


class InitiativeThemeInline(TabularInline):
    model = InitiativeTheme
    add_text = "Ajouter un thème"


class SupportInline(TabularInline):
    model = Support
    add_text = "Ajouter une organisation"
    autocomplete_fields = ["organisation"]


class PhotoInline(PictureInline):
    model = Photo


class OriginFilter(admin.SimpleListFilter):
    """For who may know that there was a candidature."""

    title = "origine"
    parameter_name = "origine"

    def lookups(self, request, model_admin):
        if not request.user.has_perm("trophies.view_candidature"):
            return []
        return [("porteur", "proposée par un porteur, à publier")]

    def queryset(self, request, queryset):
        return queryset.proposed() if self.value() == "porteur" else queryset


@admin.register(Initiative)
class InitiativeAdmin(TransferPagesMixin, SortKeySearchMixin, PublishableAdmin):
    new_title = "Nouvelle initiative"
    list_display = ["title", "place_name", "state", "verified_on"]
    list_filter = [StateFilter, OriginFilter, "department", "themes", "conditions", "is_example"]
    list_select_related = ["commune", "department"]
    search_fields = ["sort_key"]
    search_help_text = "Un mot du titre."
    autocomplete_fields = ["commune"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [InitiativeThemeInline, PhotoInline, SupportInline]
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        PUBLICATION,
        ("Où et quand", {"fields": ["commune", "department", "started_year", "website"]}),
        (
            "Son histoire",
            {
                "fields": ["need", "response", "people", "effects"],
                "description": "Une rubrique laissée vide n’apparaît pas sur la fiche.",
            },
        ),
        ("Ce qui l’a rendue possible", {"fields": ["conditions"], "classes": ["collapse"]}),
        (
            "Adresse et suivi",
            {"fields": ["slug", "verified_on", "is_example"], "classes": ["collapse"]},
        ),
    ]

    @admin.display(description="lieu", ordering="commune__sort_key")
    def place_name(self, initiative):
        return initiative.place
