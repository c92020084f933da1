from django.contrib import admin

from initiatives.contributing.admin import HolderInline
from initiatives.freshness.models import LinkCheck
from initiatives.freshness.sheets import TELL_AFTER
from initiatives.models import Condition, Initiative, InitiativeTheme, Photo, Support, Theme
from initiatives.transfer.pages import TransferPagesMixin
from rallynov.dates import day_text
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


class FreshnessFilter(admin.SimpleListFilter):
    title = "fraîcheur"
    parameter_name = "fraicheur"

    def lookups(self, request, model_admin):
        return [
            ("a-relire", "à relire\u202f: huit mois sans nouvelles"),
            ("site-muet", "site qui ne répond plus"),
            ("arretees", "arrêtées, gardées comme expérience"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "a-relire":
            return queryset.unverified_for(TELL_AFTER)
        if self.value() == "site-muet":
            return queryset.with_dead_website()
        return queryset.exclude(ended_on=None) if self.value() == "arretees" else queryset


@admin.register(Initiative)
class InitiativeAdmin(TransferPagesMixin, SortKeySearchMixin, PublishableAdmin):
    new_title = "Nouvelle initiative"
    list_display = ["title", "place_name", "state", "verified_on"]
    list_filter = [
        StateFilter,
        FreshnessFilter,
        OriginFilter,
        "department",
        "themes",
        "conditions",
        "is_example",
    ]
    list_select_related = ["commune", "department"]
    search_fields = ["sort_key"]
    search_help_text = "Un mot du titre."
    autocomplete_fields = ["commune"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["website_answers"]
    inlines = [InitiativeThemeInline, PhotoInline, SupportInline, HolderInline]
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
            "Est-elle encore vraie ?",
            {"fields": ["verified_on", "ended_on", "website_answers"]},
        ),
        (
            "Adresse et options",
            {"fields": ["slug", "is_example"], "classes": ["collapse"]},
        ),
    ]

    def get_inlines(self, request, obj):
        is_held = obj is not None and obj.sheet_holders.exists()
        return [each for each in self.inlines if is_held or each is not HolderInline]

    @admin.display(description="son site")
    def website_answers(self, initiative):
        link = LinkCheck.objects.filter(url=initiative.website).first()
        if not initiative.website or link is None or link.checked_at is None:
            return "pas encore regardé" if initiative.website else "aucun"
        if link.failing_since is None:
            return f"répondait le {day_text(link.checked_at)}"
        return f"ne répond plus depuis le {day_text(link.failing_since)}\u202f: {link.fault}"

    @admin.display(description="lieu", ordering="commune__sort_key")
    def place_name(self, initiative):
        return initiative.place
