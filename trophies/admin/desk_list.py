"""The list of candidatures: where each is, what it lacks, who holds it, what looks like it."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from rallynov.dates import instant_text
from trophies import desk
from trophies.admin.desk import DESK
from trophies.forms import LABELS
from trophies.models import Deposit
from trophies.workflow import Status

STATE_LOOKS = {
    Status.DRAFT: "draft",
    Status.SUBMITTED: "scheduled",
    Status.ELIGIBLE: "published",
    Status.INELIGIBLE: "failed",
    Status.WITHDRAWN: "draft",
}
BREAK = mark_safe("<br>")
LEFT_BEHIND = "complets-non-deposes"
DRAFT = Q(status=Status.DRAFT)
STATES = {
    "brouillon": ("brouillon", lambda: DRAFT),
    "brouillon-complet": ("brouillon complet", lambda: DRAFT & desk.is_complete()),
    "brouillon-incomplet": ("brouillon incomplet", lambda: DRAFT & ~desk.is_complete()),
    LEFT_BEHIND: ("complet, non déposé à la clôture", desk.is_left_behind),
    "deposee": ("déposée", lambda: Q(status=Status.SUBMITTED)),
    "modifiee": ("modifications non déposées", lambda: Q(has_changes=True)),
    "recevable": ("recevable", lambda: Q(status=Status.ELIGIBLE)),
    "non-recevable": ("non recevable", lambda: Q(status=Status.INELIGIBLE)),
    "retiree": ("retirée", lambda: Q(status=Status.WITHDRAWN)),
}


class StateFilter(admin.SimpleListFilter):
    title = "statut"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _) in STATES.items()]

    def queryset(self, request, queryset):
        if self.value() not in STATES:
            return queryset
        return queryset.filter(STATES[self.value()][1]())


class CandidatureChangeList(ChangeList):
    """The rows of a page with their twins, looked for once for all."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        desk.mark_twins(self.result_list, request.user)


def for_desk(rows):
    """Everything that a row of the list shows, whatever their number."""
    last = Deposit.objects.filter(candidature=OuterRef("pk")).order_by("-number")
    return (
        desk.with_changes(rows)
        .select_related("edition", "commune")
        .prefetch_related("holders", "themes")
        .annotate(
            last_number=Subquery(last.values("number")[:1]),
            last_received_at=Subquery(last.values("received_at")[:1]),
        )
    )


def count_of(missing):
    """« 9 sur 12 »: how much of what a deposit needs is there."""
    return f"{sum(name not in missing for name in desk.NEEDED)} sur {len(desk.NEEDED)}"


def holder_of(twin):
    """« , Association La Clé »: two twins may have the same title."""
    return f", {twin.organisation_name}" if twin.organisation_name.strip() else ""


class DeskListMixin:
    """The list of `CandidatureAdmin`."""

    change_list_template = "admin/trophies/candidature/change_list.html"
    list_display = ["project", "situation", "completeness", "held_by", "deposited", "year"]
    list_display_links = ["project"]
    list_filter = [StateFilter, "edition"]
    search_fields = ["title", "organisation_name", "reference", "holders__email"]
    search_help_text = "Projet, structure, référence ou adresse d’un porteur."
    # By what needs a hand: those that the closing left behind, then those to screen.
    ordering = [desk.need(), "-edition__year", F("submitted_at").desc(nulls_last=True), "-pk"]

    def get_changelist(self, request, **kwargs):
        return CandidatureChangeList

    def get_queryset(self, request):
        return for_desk(super().get_queryset(request))

    def get_list_display(self, request):
        if self.is_left_behind(request):
            return ["project", "situation", "held_by", "year", "gestures"]
        return super().get_list_display(request)

    def is_left_behind(self, request):
        return request.GET.get(StateFilter.parameter_name) == LEFT_BEHIND

    def changelist_view(self, request, extra_context=None):
        rows = self.model.objects.visible_to(request.user).filter(desk.is_left_behind())
        context = {
            "left_behind": rows.count(),
            "left_behind_url": f"?{StateFilter.parameter_name}={LEFT_BEHIND}",
            "is_left_behind": self.is_left_behind(request),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description="candidature", ordering="title")
    def project(self, candidature):
        structure = candidature.organisation_name or "structure non renseignée"
        return format_html("{} <small>{}</small>", candidature, structure)

    @admin.display(description="statut", ordering="status")
    def situation(self, candidature):
        """Where it stands, and others of its edition of the same structure or title."""
        rows = (
            (reverse("admin:trophies_candidature_change", args=[twin.pk]), twin, holder_of(twin))
            for twin in candidature.twins
        )
        twins = format_html_join("", '<small>ressemble à <a href="{}">{}</a>{}</small>', rows)
        return format_html("{}{}", self.state(candidature), twins)

    def state(self, candidature):
        look = STATE_LOOKS[candidature.status]
        text = candidature.get_status_display()
        chip = format_html('<span class="state state--{}">{}</span>', look, text)
        if not candidature.has_changes:
            return chip
        return format_html("{} <small>modifications non déposées</small>", chip)

    @admin.display(description="édition", ordering="edition__year")
    def year(self, candidature):
        return candidature.edition.year

    @admin.display(description="complétude", empty_value="")
    def completeness(self, candidature):
        """« 9 sur 12 », and what is missing; of a deposit there is nothing to say."""
        if not candidature.is_draft and not candidature.has_changes:
            return ""
        missing = candidature.missing
        if not missing:
            return format_html('<span class="state state--published">{}</span>', count_of(missing))
        names = ", ".join(LABELS[name] for name in missing)
        return format_html("{} <small>manque : {}</small>", count_of(missing), names)

    @admin.display(description="porteurs")
    def held_by(self, candidature):
        rows = ((holder.email, holder.email) for holder in candidature.holders.all())
        return format_html_join(BREAK, '<a href="mailto:{}">{}</a>', rows)

    @admin.display(description="déposée", ordering="submitted_at", empty_value="")
    def deposited(self, candidature):
        if candidature.last_received_at is None:
            return ""
        day = instant_text(candidature.last_received_at, weekday=False)
        number = f"dépôt n°\xa0{candidature.last_number}"
        return format_html("{} <small>{}, {}</small>", day, candidature.reference, number)

    @admin.display(description="que faire")
    def gestures(self, candidature):
        rows = (
            (reverse(f"admin:trophies_candidature_{name}", args=[candidature.pk]), DESK[name].label)
            for name in ("extend", "deposit_for")
        )
        return format_html_join(BREAK, '<a href="{}">{}</a>', rows)
