from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst, slugify

from partners.models import Organisation
from rallynov.editing import (
    PUBLICATION,
    ContentAdmin,
    PublicationForm,
    PublishableAdmin,
    StackedInline,
    StateFilter,
    TabularInline,
)
from trophies import services
from trophies.admin.cloning import CloningMixin
from trophies.admin.decision import JuryPagesMixin
from trophies.admin.follow_up import FollowUpPagesMixin
from trophies.admin.journal import JournalPageMixin
from trophies.admin.jury import SeatPagesMixin
from trophies.admin.letters import DECIDES, LetterPagesMixin
from trophies.admin.minutes import MinutesPagesMixin
from trophies.admin.plan import PlanPagesMixin
from trophies.admin.report import WRITES, ReportPagesMixin
from trophies.admin.second_round import SecondRoundMixin
from trophies.admin.sessions import SessionPagesMixin
from trophies.models import (
    Criterion,
    Edition,
    EditionFigure,
    EligibilityRule,
    Prize,
    Regulation,
)
from trophies.models.edition import TieBreak
from trophies.models.jury import LEVELS


class PrizeInline(StackedInline):
    model = Prize
    add_text = "Ajouter un prix"
    autocomplete_fields = ["funder"]
    fields = [("name", "amount", "quantity"), "funder", "description", "position"]

    def has_delete_permission(self, request, obj=None):
        is_sealed = obj is not None and obj.is_sealed
        return not is_sealed and super().has_delete_permission(request, obj)


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

    is_locked = False

    level_0 = level_field(0)
    level_1 = level_field(1)
    level_2 = level_field(2)
    level_3 = level_field(3)
    level_4 = level_field(4)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for level, sentence in enumerate(self.instance.levels or []):
            self.initial[f"level_{level}"] = sentence
        # Each change has a reason of its own; the history keeps the former ones.
        former = self.initial.pop("change_reason", "")
        if self.is_locked and former:
            last = f" La dernière fois\u202f: «\u202f{former}\u202f»."
            self.fields["change_reason"].help_text += last

    def clean(self):
        cleaned = super().clean()
        self.instance.levels = [cleaned.get(f"level_{level}", "") for level in LEVELS]
        if self.is_locked:
            self.check_reason(cleaned)
        return cleaned

    def check_reason(self, cleaned):
        if set(self.changed_data) <= {"change_reason"}:
            cleaned["change_reason"] = self.instance.change_reason
        elif not cleaned.get("change_reason"):
            self.add_error("change_reason", "Dites pourquoi ces mots changent.")


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
        return edition is not None and edition.is_grid_locked

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.is_locked = self.is_locked(obj)
        return formset

    def get_fields(self, request, obj=None):
        return [*self.fields, "change_reason"] if self.is_locked(obj) else self.fields

    def get_readonly_fields(self, request, obj=None):
        return ["weight", "position", "allows_not_applicable"] if self.is_locked(obj) else []

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


RULES = [(rule.value, capfirst(rule.label)) for rule in TieBreak]
RULE_FIELDS = [f"tie_break_{rank}" for rank in range(1, len(RULES) + 1)]


def rule_field(rank):
    return forms.ChoiceField(
        label=format_html("{}<sup>{}</sup>", rank, "er" if rank == 1 else "e"),
        choices=[("", "Rien"), *RULES],
        required=False,
    )


class EditionForm(PublicationForm):
    """What separates equal files is chosen rank by rank."""

    tie_break_1 = rule_field(1)
    tie_break_2 = rule_field(2)
    tie_break_3 = rule_field(3)
    tie_break_4 = rule_field(4)

    class Meta:
        help_texts = {
            "others_shown": "Chacun lit d’abord seul. Montrées à qui a signé, sans les noms, les "
            "autres lectures rendent sa signature définitive.",
            "official_column": "La page du jury montre les deux colonnes\u202f; celle-ci donne "
            "l’ordre. Quand chacun lit tout, elles disent la même chose.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= zip(RULE_FIELDS, self.instance.tie_break, strict=False)

    def clean(self):
        cleaned = super().clean()
        chosen = {name: cleaned[name] for name in RULE_FIELDS if cleaned.get(name)}
        rules = list(chosen.values())
        for rank, (name, rule) in enumerate(chosen.items()):
            if rule in rules[:rank]:
                self.add_error(name, "Cette règle est déjà plus haut.")
            elif rule == TieBreak.CASTING and TieBreak.VOTE in rules[rank:]:
                self.add_error(name, "Elle tranche un vote\u202f: placez-la après lui.")
        if RULE_FIELDS[0] in self.fields:
            self.instance.tie_break = rules
        return cleaned


LOCKED_WITH_GRID = ["is_anonymous", "others_shown", "official_column", *RULE_FIELDS]
EQUALITY = "À moyenne égale"


@admin.register(Edition)
class EditionAdmin(
    CloningMixin,
    SeatPagesMixin,
    LetterPagesMixin,
    FollowUpPagesMixin,
    JournalPageMixin,
    MinutesPagesMixin,
    JuryPagesMixin,
    PlanPagesMixin,
    ReportPagesMixin,
    SecondRoundMixin,
    SessionPagesMixin,
    PublishableAdmin,
):
    form = EditionForm
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
        (
            "Le jury",
            {
                "fields": ["readings_per_file", "is_anonymous", "others_shown", "official_column"],
                "description": "Les jurés s’invitent par le bouton «\u202fLe jury et ses décisions"
                "\u202f». Dès l’ouverture des lectures, ou la première note, l’anonymat, ce que "
                "les jurés se montrent et l’ordre officiel ne changent plus, la grille et ses "
                "poids non plus\u202f: la règle est la même du début à la fin.",
            },
        ),
        (
            EQUALITY,
            {
                "fields": [tuple(RULE_FIELDS)],
                "description": "Ce qui départage des dossiers de même moyenne, dans cet ordre. "
                "Jamais l’heure du dépôt. Ce que rien ne départage reste ex æquo. Comme la grille, "
                "cette liste est fixée dès l’ouverture des lectures.",
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

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if obj and obj.is_grid_locked:
            return [*fields, *LOCKED_WITH_GRID, "tie_break_in_order"]
        return fields

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        may_change = self.has_change_permission(request, obj)
        if obj is None or (may_change and not obj.is_grid_locked):
            return fieldsets
        shown = {"fields": ["tie_break_in_order"]}
        return [
            (title, options | shown if title == EQUALITY else options)
            for title, options in fieldsets
        ]

    @admin.display(description="départagent, dans l’ordre")
    def tie_break_in_order(self, edition):
        rules = [(capfirst(TieBreak(rule).label),) for rule in edition.tie_break]
        if not rules:
            return "Rien\u202f: les dossiers de même moyenne restent ex æquo."
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", rules))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        pages = [
            ("edition_jury", "Le jury et ses décisions", request.user.has_perm(DECIDES)),
            ("sessions", "La délibération", request.user.has_perm(DECIDES)),
            ("letters", "Les lettres", request.user.has_perm(DECIDES)),
            ("edition_follow_up", "Le suivi des prix", request.user.has_perm(DECIDES)),
            ("edition_exports", "Les exports", request.user.has_perm(DECIDES)),
            ("edition_report", "Le bilan", request.user.has_perm(WRITES)),
            ("edition_journal", "Le journal", request.user.has_perm(DECIDES)),
            ("edition_clone", "Cloner cette édition", self.has_add_permission(request)),
        ]
        tools = [
            (reverse(f"admin:trophies_{name}", args=[object_id]), label)
            for name, label, is_allowed in pages
            if is_allowed and object_id.isdecimal()
        ]
        context = {"tools": tools} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        services.carry_results_instant(obj)

    def save_related(self, request, form, formsets, change):
        """A new edition without criteria begins with the house's grid."""
        super().save_related(request, form, formsets, change)
        if not change and services.propose_grid(form.instance):
            text = "La grille du jury est celle de Rally’nov\u202f: relisez-la, elle est à vous."
            self.message_user(request, text, messages.INFO)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is Regulation:
            for regulation in formset.new_objects:
                services.announce_regulation(regulation)


@admin.register(Prize)
class PrizeAdmin(ContentAdmin):
    """Edited within its edition; registered so that a laureate's prize can be searched."""

    list_select_related = ["edition"]
    search_fields = ["name", "edition__year"]
    autocomplete_fields = ["edition", "funder"]

    def has_delete_permission(self, request, obj=None):
        is_sealed = obj is not None and obj.edition.is_sealed
        return not is_sealed and super().has_delete_permission(request, obj)

    def has_module_permission(self, request):
        return False
