from django import forms
from django.contrib import admin
from django.utils.text import slugify

from rallynov.editing import (
    PUBLICATION,
    ContentAdmin,
    PublishableAdmin,
    StackedInline,
    StateFilter,
    TabularInline,
)
from trophies.models import Edition, EditionFigure, Prize, Regulation


class PrizeInline(StackedInline):
    model = Prize
    add_text = "Ajouter un prix"
    autocomplete_fields = ["funder"]
    fields = [("name", "amount", "quantity"), "funder", "description", "position"]


class RegulationInline(StackedInline):
    model = Regulation
    add_text = "Ajouter une version"
    rich_fields = ["text"]
    fields = [("version", "adopted_on"), "text"]
    classes = ["collapse"]


class EditionFigureForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False
        self.fields["key"].widget = forms.HiddenInput()

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("key"):
            cleaned["key"] = slugify(cleaned.get("label", ""))[:40]
        return cleaned


class EditionFigureInline(TabularInline):
    add_text = "Ajouter un chiffre"
    model = EditionFigure
    form = EditionFigureForm
    extra = 0
    fields = ["label", "value", "is_approximate", "source", "key", "position"]


@admin.register(Edition)
class EditionAdmin(PublishableAdmin):
    new_title = "Nouvelle édition"
    rich_fields = ["presentation", "perspectives"]
    list_display = ["__str__", "state", "opens_at", "closes_at", "results_published_at"]
    list_filter = [StateFilter, "is_example"]
    search_fields = ["year"]
    autocomplete_fields = ["ceremony"]
    inlines = [PrizeInline, RegulationInline, EditionFigureInline]
    fieldsets = [
        (None, {"fields": ["year", "ordinal", "summary", "presentation"]}),
        PUBLICATION,
        (
            "Le calendrier",
            {
                "fields": [
                    "opens_at",
                    "closes_at",
                    "jury_opens_at",
                    "jury_closes_at",
                    "results_published_at",
                    "ceremony",
                ],
                "description": "Heure de Paris. Dans l’ordre : l’appel, les lectures du jury, puis "
                "les résultats. Une édition passée n’a besoin que de la dernière date.",
            },
        ),
        ("Le territoire", {"fields": ["departments"]}),
        (
            "Bilan et crédits",
            {"fields": ["perspectives", "credits", "is_example"], "classes": ["collapse"]},
        ),
    ]


@admin.register(Prize)
class PrizeAdmin(ContentAdmin):
    """Edited within its edition; registered so that a laureate's prize can be searched."""

    list_select_related = ["edition"]
    search_fields = ["name", "edition__year"]
    autocomplete_fields = ["edition", "funder"]

    def has_module_permission(self, request):
        return False
