from django.contrib import admin

from news.models import NewsItem, NewsPhoto, Page
from rallynov.editing import (
    PUBLICATION,
    ContentAdmin,
    PictureInline,
    PublishableAdmin,
    SortKeySearchMixin,
    StateFilter,
)


class NewsPhotoInline(PictureInline):
    model = NewsPhoto


@admin.register(NewsItem)
class NewsItemAdmin(SortKeySearchMixin, PublishableAdmin):
    new_title = "Nouvelle actualité"
    rich_fields = ["body"]
    list_display = ["title", "state", "pinned", "edition_year"]
    list_filter = [StateFilter, "is_pinned", "edition_year", "is_example"]
    search_fields = ["sort_key"]
    ordering = ["-published_at", "-pk"]
    autocomplete_fields = ["initiative", "event"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [NewsPhotoInline]
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        PUBLICATION,
        (
            "De quoi parle cette actualité ?",
            {
                "fields": ["initiative", "event", "edition_year"],
                "description": "Facultatif. La page montrera l’initiative ou l’événement choisi.",
            },
        ),
        (
            "Adresse et options",
            {"fields": ["slug", "is_pinned", "is_example"], "classes": ["collapse"]},
        ),
    ]

    @admin.display(description="en tête", ordering="is_pinned")
    def pinned(self, item):
        return "en tête" if item.is_pinned else ""


@admin.register(Page)
class PageAdmin(ContentAdmin):
    """Fixed pages: their list is in the code, their words are edited here."""

    rich_fields = ["body"]
    list_display = ["title", "address", "updated_at"]
    fields = ["title", "summary", "body"]

    @admin.display(description="adresse", ordering="key")
    def address(self, page):
        return page.get_absolute_url()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
