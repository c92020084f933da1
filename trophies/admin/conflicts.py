"""The team's pages on ties of interest: note one, look at the facts, rule on it."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, Q, Value, When
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from accounts.models import User
from accounts.roles import Role
from rallynov.editing import ContentAdmin
from trophies import services
from trophies.models import ConflictOfInterest, JuryMember
from trophies.services.conflicts import version_of
from trophies.workflow import NotAllowed

Origin, Ruling = ConflictOfInterest.Origin, ConflictOfInterest.Ruling
BREAK = mark_safe("<br>")
RULING_LOOKS = {
    Ruling.PENDING: "scheduled",
    Ruling.UPHELD: "published",
    Ruling.DISMISSED: "draft",
}


def need():
    """What hides a file and waits for a ruling first; then weak signs; then what is ruled."""
    is_pending = Q(ruling=Ruling.PENDING)
    is_in_force = Q(pk__in=ConflictOfInterest.objects.in_force().values("pk"))
    return Case(
        When(is_pending & is_in_force, then=Value(0)),
        When(is_pending, then=Value(1)),
        default=Value(2),
    )


class RulingFilter(admin.SimpleListFilter):
    title = "examen"
    parameter_name = "examen"

    def lookups(self, request, model_admin):
        return Ruling.choices

    def queryset(self, request, queryset):
        return queryset.filter(ruling=self.value()) if self.value() else queryset


class NoteForm(forms.ModelForm):
    reason = forms.CharField(
        label="Quel lien\u202f?",
        help_text="Ce que l’équipe sait, et d’où elle le tient. Elle seule le lit.",
        max_length=ConflictOfInterest._meta.get_field("reason").max_length,
        widget=forms.Textarea({"rows": 4}),
    )


class RulingForm(forms.Form):
    """`seen`: what the member of the team had before their eyes (`version_of`)."""

    reason = forms.CharField(
        label="Le motif",
        help_text="Gardé avec le lien et dans son histoire. L’équipe seule le lit.",
        max_length=ConflictOfInterest._meta.get_field("ruling_reason").max_length,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Dites pourquoi\u202f: ce motif est gardé."},
    )
    verdict = forms.ChoiceField(
        choices=[(Ruling.UPHELD.value, "Maintenir"), (Ruling.DISMISSED.value, "Écarter")],
        error_messages={"required": "Choisissez\u202f: maintenir ou écarter."},
    )
    seen = forms.CharField()


@admin.register(ConflictOfInterest)
class ConflictOfInterestAdmin(ContentAdmin):
    """Never deleted, never ruled on by whom they concern, never shown with a hidden file."""

    new_title = "Noter un lien d’intérêts"
    form = NoteForm
    fields = ["user", "candidature", "reason"]
    autocomplete_fields = ["candidature"]
    list_display = ["person", "candidature", "what", "origin", "state"]
    list_filter = [RulingFilter, "candidature__edition"]
    list_select_related = ["user", "candidature__edition", "candidature__commune"]
    search_fields = ["user__name", "user__email", "candidature__title"]
    search_help_text = "Personne ou projet."
    ordering = [need(), "-declared_at", "-pk"]
    actions = None

    @admin.display(description="personne")
    def person(self, conflict):
        return conflict.user

    @admin.display(description="ce qui est noté")
    def what(self, conflict):
        lines = [(line,) for line in [", ".join(conflict.sign_names), conflict.reason] if line]
        return format_html_join(BREAK, "{}", lines)

    @admin.display(description="examen", ordering="ruling")
    def state(self, conflict):
        look, text = RULING_LOOKS[conflict.ruling], conflict.get_ruling_display()
        return format_html('<span class="state state--{}">{}</span>', look, text)

    def has_delete_permission(self, request, obj=None):
        return False

    # Noting one

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["queryset"] = concerned(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "user":
            field.widget.can_add_related = False
        return field

    def save_model(self, request, obj, form, change):
        services.declare(
            user=obj.user,
            candidatures=[obj.candidature],
            reason=obj.reason,
            origin=Origin.TEAM,
        )

    def log_addition(self, request, obj, message):
        """The history of the database tells it: a list of one's acts would outlive a tie."""

    def response_add(self, request, obj, post_url_continue=None):
        self.message_user(request, "Le lien est noté, et le dossier caché.", messages.SUCCESS)
        return redirect("admin:trophies_conflictofinterest_changelist")

    # Ruling on one

    def get_urls(self):
        view = self.admin_site.admin_view(self.rule_view)
        return [path("<int:pk>/examen/", view, name="trophies_conflict_rule"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The facts and the form that rules on them; Django's own would change the facts."""
        return self.ruling_page(request, self.conflict_for(request, object_id), None)

    def rule_view(self, request, pk):
        conflict = self.conflict_for(request, pk)
        form = RulingForm(request.POST or None)
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.rule(
                    conflict,
                    upheld=data["verdict"] == Ruling.UPHELD,
                    reason=data["reason"],
                    by=request.user,
                    seen=data["seen"],
                )
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                self.message_user(request, ANSWERS[data["verdict"]], messages.SUCCESS)
                return redirect("admin:trophies_conflictofinterest_changelist")
        return self.ruling_page(request, self.conflict_for(request, pk), form)

    def conflict_for(self, request, pk):
        """One that the visitor may rule on; their own, hidden and unknown ones are told alike."""
        conflict = self.get_object(request, str(pk))
        if conflict is None or not self.has_change_permission(request, conflict):
            raise Http404("no such conflict")
        return conflict

    def ruling_page(self, request, conflict, form):
        context = {
            "opts": self.opts,
            "title": f"{conflict.user} et « {conflict.candidature} »",
            "conflict": conflict,
            "state": self.state(conflict),
            "seat": seat_of(conflict),
            "mandates": conflict.user.memberships.select_related("organisation"),
            "holders": conflict.candidature.holders.all(),
            "former": former_rulings(conflict),
            "form": form if form is not None else RulingForm(),
            "seen": version_of(conflict),
        }
        return TemplateResponse(
            request,
            "admin/trophies/conflict/rule.html",
            self.admin_site.each_context(request) | context,
        )


ANSWERS = {
    Ruling.UPHELD.value: "Le lien est maintenu\u202f: le dossier reste caché à cette personne.",
    Ruling.DISMISSED.value: "Le lien est écarté\u202f: ce dossier n’est plus caché.",
}


def concerned(viewer):
    """Jurors and team, whose ties count; one's own are declared on the page of the file."""
    is_team = Q(is_superuser=True) | Q(roles__contains=[Role.TEAM])
    seated = JuryMember.objects.values("user")
    people = User.objects.filter(is_team | Q(pk__in=seated), is_active=True)
    return people.exclude(pk=viewer.pk).order_by("name", "email")


def seat_of(conflict):
    """Where the person sits in the jury of the file, or None: a member of the team."""
    seats = JuryMember.objects.filter(user=conflict.user_id).select_related("organisation")
    return seats.filter(edition=conflict.candidature.edition_id).first()


def former_rulings(conflict):
    """The rulings that came before the one in force, the last one first, as the database kept them.

    A row of history is written at each change: the same ruling may stand in several.
    """
    rows = conflict.events.exclude(ruled_at=None).order_by("-pgh_id").select_related("ruled_by")
    by_instant = {row.ruled_at: row for row in rows if row.ruled_at != conflict.ruled_at}
    return list(by_instant.values())
