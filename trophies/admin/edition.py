from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.text import slugify

from partners.models import Organisation
from rallynov.editing import (
    PUBLICATION,
    ContentAdmin,
    PublishableAdmin,
    StackedInline,
    StateFilter,
    TabularInline,
)
from trophies import services
from trophies.admin.cloning import CloningMixin
from trophies.admin.decision import JuryPagesMixin
from trophies.models import (
    Criterion,
    Edition,
    EditionFigure,
    EligibilityRule,
    JuryMember,
    Prize,
    Regulation,
)
from trophies.models.jury import LEVELS


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


def level_field(level):
    return forms.CharField(label=f"Niveau {level}", max_length=120)


class CriterionForm(forms.ModelForm):
    """A level, a line: what is seen when it is deserved."""

    level_0 = level_field(0)
    level_1 = level_field(1)
    level_2 = level_field(2)
    level_3 = level_field(3)
    level_4 = level_field(4)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for level, sentence in enumerate(self.instance.levels or []):
            self.initial[f"level_{level}"] = sentence

    def clean(self):
        cleaned = super().clean()
        self.instance.levels = [cleaned.get(f"level_{level}", "") for level in LEVELS]
        return cleaned


class CriterionInline(StackedInline):
    """Once the jury may read, words alone still change: what was given keeps its weight."""

    model = Criterion
    form = CriterionForm
    add_text = "Ajouter un critère"
    verbose_name_plural = "la grille du jury"
    fields = [
        ("label", "weight", "position"),
        "help",
        *(f"level_{level}" for level in LEVELS),
        "allows_not_applicable",
    ]
    classes = ["collapse"]

    def is_locked(self, edition):
        return edition is not None and edition.is_open_to_jury

    def get_readonly_fields(self, request, obj=None):
        return ["weight", "allows_not_applicable"] if self.is_locked(obj) else []

    def has_add_permission(self, request, obj=None):
        return not self.is_locked(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not self.is_locked(obj) and super().has_delete_permission(request, obj)


class EligibilityRuleForm(forms.ModelForm):
    structures = forms.MultipleChoiceField(
        label="Formes admises",
        help_text="Pour la règle sur la structure seulement.",
        choices=Organisation.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class EligibilityRuleInline(StackedInline):
    """Asked before the form; a « no » explains, and the team decides."""

    model = EligibilityRule
    form = EligibilityRuleForm
    add_text = "Ajouter une règle"
    autocomplete_fields = ["advisor"]
    fields = [("kind", "months"), "structures", "explanation", "advisor"]
    classes = ["collapse"]


class JuryMemberInline(StackedInline):
    model = JuryMember
    add_text = "Ajouter un juré"
    verbose_name_plural = "le jury"
    autocomplete_fields = ["user", "organisation"]
    fields = ["user", ("role", "organisation")]
    classes = ["collapse"]


@admin.register(Edition)
class EditionAdmin(CloningMixin, JuryPagesMixin, PublishableAdmin):
    new_title = "Nouvelle édition"
    rich_fields = ["presentation", "perspectives"]
    list_display = ["__str__", "state", "opens_at", "closes_at", "results_published_at"]
    list_filter = [StateFilter, "is_example"]
    search_fields = ["year"]
    autocomplete_fields = ["ceremony"]
    inlines = [
        EligibilityRuleInline,
        PrizeInline,
        CriterionInline,
        JuryMemberInline,
        RegulationInline,
        EditionFigureInline,
    ]
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
                "description": "Heure de Paris. Dans l’ordre : l’appel, les lectures du jury, puis "
                "les résultats. Une édition passée n’a besoin que de la dernière date.",
            },
        ),
        ("Le territoire", {"fields": ["departments"]}),
        (
            "Les pièces jointes",
            {
                "fields": [("most_files", "largest_file")],
                "description": "Ce qu’un porteur peut joindre à une candidature.",
            },
        ),
        (
            "Bilan et crédits",
            {"fields": ["perspectives", "credits", "is_example"], "classes": ["collapse"]},
        ),
    ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        pages = [
            ("jury", "Le jury et ses décisions", request.user.has_perm("trophies.change_decision")),
            ("clone", "Cloner cette édition", self.has_add_permission(request)),
        ]
        tools = [
            (reverse(f"admin:trophies_edition_{name}", args=[object_id]), label)
            for name, label, is_allowed in pages
            if is_allowed and object_id.isdecimal()
        ]
        context = {"tools": tools} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        services.carry_results_instant(obj)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is JuryMember:
            for member in formset.new_objects:
                services.appoint(member)
        if formset.model is Regulation:
            for regulation in formset.new_objects:
                services.announce_regulation(regulation)


@admin.register(Prize)
class PrizeAdmin(ContentAdmin):
    """Edited within its edition; registered so that a laureate's prize can be searched."""

    list_select_related = ["edition"]
    search_fields = ["name", "edition__year"]
    autocomplete_fields = ["edition", "funder"]

    def has_module_permission(self, request):
        return False
