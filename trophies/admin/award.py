from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html

from rallynov.dates import day_text
from rallynov.editing import ContentAdmin, StackedInline
from rallynov.numbers import euros
from trophies.aftermath import Stage, steps_of, version_of
from trophies.models import AwardFollowUp, Laureate, LaureateNews
from trophies.models.edition import IS_SEALED


class AwardFollowUpInline(StackedInline):
    model = AwardFollowUp
    can_delete = False
    extra = max_num = 1
    fields = [
        "convention_signed_on",
        ("paid_on", "paid_amount", "payment_reference"),
        "came_to_ceremony",
        "notes",
    ]


class LaureateNewsForm(forms.ModelForm):
    """`seen`: the text that the team had before their eyes; its holders may write it anew."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = version_of(self.instance)
        if self.instance.pk and "years" in self.fields:
            self.fields["years"].disabled = True

    def has_changed(self):
        return bool(set(self.changed_data) - {"seen"})

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and self.has_changed():
            # Locked until the page is saved: what is made public is what was read.
            kept = LaureateNews.objects.select_for_update(of=["self"]).get(pk=self.instance.pk)
            if cleaned.get("seen") != version_of(kept):
                raise ValidationError(
                    "Les porteurs ont changé ce texte entre-temps : rouvrez cette page, relisez-le."
                )
        return cleaned


class LaureateNewsInline(StackedInline):
    """What became of the laureate; a row says for ever that it was asked, so it is kept."""

    model = LaureateNews
    form = LaureateNewsForm
    can_delete = False
    max_num = 3
    add_text = "Noter des nouvelles"
    verbose_name_plural = "que sont-ils devenus ?"
    fields = ["years", "asked", "text", "is_public", "seen"]
    readonly_fields = ["asked"]

    @admin.display(description="où elle en est")
    def asked(self, news):
        if news.told_at:
            who = f", par {news.told_by}" if news.told_by else ""
            return f"racontée le {day_text(news.told_at)}{who}"
        if news.asked_at:
            return f"demandée aux porteurs le {day_text(news.asked_at)}"
        return "à demander par l’équipe, qui peut l’écrire ici"


WAITING = {
    "convention": (
        "Convention à signer",
        Q(follow_up=None) | Q(follow_up__convention_signed_on=None),
    ),
    "versement": ("Prix à verser", Q(follow_up=None) | Q(follow_up__paid_on=None)),
    "ceremonie": (
        "Présence à la remise, à noter",
        Q(follow_up=None) | Q(follow_up__came_to_ceremony=None),
    ),
}
NEWS_WAITING = {
    "a-demander": ("Nouvelles à demander", Q(asked_at=None, text="")),
    "attendues": ("Nouvelles attendues", Q(asked_at__isnull=False, text="")),
    "a-relire": ("Nouvelles à relire", ~Q(text="") & Q(is_public=False)),
}


class FollowUpFilter(admin.SimpleListFilter):
    title = "suivi"
    parameter_name = "suivi"

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _) in (WAITING | NEWS_WAITING).items()]

    def queryset(self, request, queryset):
        if self.value() in WAITING:
            return queryset.filter(WAITING[self.value()][1])
        if self.value() in NEWS_WAITING:
            news = LaureateNews.objects.filter(NEWS_WAITING[self.value()][1])
            return queryset.filter(pk__in=news.values("laureate"))
        return queryset


def chip(is_done, text):
    return format_html(
        '<span class="state state--{}">{}</span>', "published" if is_done else "scheduled", text
    )


class LaureateForm(forms.ModelForm):
    """A laureate without a candidature; what a jury decided and sealed is not changed from here."""

    def clean(self):
        cleaned = super().clean()
        former = self.instance.prize if self.instance.pk else None
        prizes = [prize for prize in (former, cleaned.get("prize")) if prize]
        is_decision = {"prize", "initiative", "place"} & set(self.changed_data)
        if is_decision and any(prize.edition.is_sealed for prize in prizes):
            raise ValidationError(IS_SEALED)
        return cleaned


@admin.register(Laureate)
class LaureateAdmin(ContentAdmin):
    """What the jury decided here is changed on the pages of the jury; the rest, here."""

    form = LaureateForm
    new_title = "Nouveau lauréat"
    list_display = ["initiative", "prize", "year", "convention", "payment", "ceremony", "news"]
    list_filter = [FollowUpFilter, "prize__edition__year"]
    list_select_related = ["initiative", "prize__edition", "follow_up"]
    search_fields = ["initiative__title", "prize__name"]
    autocomplete_fields = ["initiative", "prize"]
    fields = ["prize", "initiative", "place", "citation"]
    inlines = [AwardFollowUpInline, LaureateNewsInline]
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("later_news")

    def get_readonly_fields(self, request, obj=None):
        return ["prize", "initiative", "place"] if obj and obj.candidature_id else []

    def has_delete_permission(self, request, obj=None):
        if obj and (obj.candidature_id or obj.prize.edition.is_sealed):
            return False
        return super().has_delete_permission(request, obj)

    def save_formset(self, request, form, formset, change):
        """What the team writes first is told by whoever wrote it."""
        if formset.model is LaureateNews:
            for part in formset.forms:
                if part.instance.text and part.instance.told_at is None:
                    part.instance.told_at, part.instance.told_by = timezone.now(), request.user
        super().save_formset(request, form, formset, change)

    @admin.display(description="édition", ordering="prize__edition__year")
    def year(self, laureate):
        return laureate.prize.edition.year

    @admin.display(description="convention", ordering="follow_up__convention_signed_on")
    def convention(self, laureate):
        day = hasattr(laureate, "follow_up") and laureate.follow_up.convention_signed_on
        return chip(day, f"signée le {day_text(day)}" if day else "à signer")

    @admin.display(description="versement", ordering="follow_up__paid_on")
    def payment(self, laureate):
        follow_up = getattr(laureate, "follow_up", None)
        if follow_up is None or follow_up.paid_on is None:
            return chip(False, "à verser")
        return chip(True, f"{euros(follow_up.paid_amount)} le {day_text(follow_up.paid_on)}")

    @admin.display(description="remise des prix", ordering="follow_up__came_to_ceremony")
    def ceremony(self, laureate):
        follow_up = getattr(laureate, "follow_up", None)
        came = follow_up and follow_up.came_to_ceremony
        return "à noter" if came is None else ("présent" if came else "absent")

    @admin.display(description="nouvelles")
    def news(self, laureate):
        """The last that is due: « un an : parue »."""
        due = [step for step in steps_of(laureate) if step.stage != Stage.NOT_YET]
        return f"{due[-1].after} : {due[-1].label}" if due else "pas encore"
