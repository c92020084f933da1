"""The team's pages on candidatures: read what was deposited, and move it along."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html

from rallynov.editing import ContentAdmin
from trophies import services
from trophies.models import Candidature, ConflictOfInterest
from trophies.workflow import TRANSITIONS, NotAllowed, Status, is_holder

STATE_LOOKS = {
    Status.DRAFT: "draft",
    Status.SUBMITTED: "scheduled",
    Status.ELIGIBLE: "published",
    Status.INELIGIBLE: "failed",
    Status.WITHDRAWN: "draft",
}


def staff_transitions(candidature, user):
    """What the team may do now; what holders alone do has pages of their own."""
    return [
        transition
        for transition in candidature.available_transitions(user)
        if transition.permission is not is_holder
    ]


@admin.register(Candidature)
class CandidatureAdmin(ContentAdmin):
    list_display = ["__str__", "organisation_name", "state", "reference", "submitted_at", "edition"]
    list_filter = ["status", "edition"]
    list_select_related = ["edition"]
    search_fields = ["title", "organisation_name", "reference", "holders__email"]
    autocomplete_fields = ["initiative", "organisation"]
    fields = ["organisation", "initiative"]
    actions = None

    @admin.display(description="statut", ordering="status")
    def state(self, candidature):
        look = STATE_LOOKS[candidature.status]
        text = candidature.get_status_display()
        return format_html('<span class="state state--{}">{}</span>', look, text)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.transition_view)
        name = "trophies_candidature_transition"
        return [path("<int:pk>/geste/<slug:name>/", view, name=name), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        candidature = self.get_object(request, object_id)
        context = {}
        if candidature:
            context = {
                "candidature": candidature,
                "deposits": candidature.deposits.select_related("by", "regulation"),
                "holders": candidature.holders.all(),
                "transitions": staff_transitions(candidature, request.user),
                "changes": candidature.status_changes.select_related("by"),
                "state": self.state(candidature),
            }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def transition_view(self, request, pk, name):
        """Confirm one of the transitions of the table, then make it."""
        candidature = self.get_object(request, str(pk))
        transition = TRANSITIONS.get(name)
        if candidature is None or transition is None or transition.permission is is_holder:
            raise Http404("no such candidature, or no such transition")
        reason, error = request.POST.get("reason", ""), ""
        if request.method == "POST":
            try:
                services.change_status(candidature, name, by=request.user, reason=reason)
            except NotAllowed as refusal:
                error = str(refusal)
            else:
                return self.after_transition(request, candidature, transition)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": transition.label,
            "candidature": candidature,
            "transition": transition,
            "is_available": transition in staff_transitions(candidature, request.user),
            "reason": reason,
            "error": error,
        }
        return TemplateResponse(request, "admin/trophies/candidature/transition.html", context)

    def after_transition(self, request, candidature, transition):
        text = f"{transition.label} : c’est fait."
        self.log_change(request, candidature, transition.label)
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:trophies_candidature_change", candidature.pk)


@admin.register(ConflictOfInterest)
class ConflictOfInterestAdmin(ContentAdmin):
    """Declared by jurors, or by the team for them; deleted, they give the file back."""

    new_title = "Noter un lien d’intérêts"
    list_display = ["juror", "candidature", "reason", "declared_at"]
    list_filter = ["jury_member__edition"]
    list_select_related = ["jury_member__user", "candidature"]
    autocomplete_fields = ["candidature"]
    fields = ["jury_member", "candidature", "reason"]
    actions = None

    @admin.display(description="juré")
    def juror(self, conflict):
        return conflict.jury_member.user

    def get_queryset(self, request):
        visible = Candidature.objects.visible_to(request.user)
        return super().get_queryset(request).filter(candidature__in=visible)

    def has_change_permission(self, request, obj=None):
        return False

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        services.distribute(obj.jury_member.edition)
