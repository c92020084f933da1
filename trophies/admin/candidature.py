"""The team's pages on candidatures: read what was deposited, and move it along."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from rallynov.editing import ContentAdmin
from trophies import services
from trophies.admin.desk import DeskPagesMixin, missing_of, offered, working_deposit
from trophies.admin.desk_list import DeskListMixin, count_of
from trophies.admin.tie import TiePageMixin
from trophies.desk import mark_twins
from trophies.models import Candidature
from trophies.workflow import TRANSITIONS, NotAllowed, is_holder


def staff_transitions(candidature, user):
    """What the team may do now; what holders alone do, and what makes a deposit, is elsewhere."""
    return [move for move in candidature.available_transitions(user) if has_page(move)]


def has_page(transition):
    return transition.permission is not is_holder and not transition.makes_deposit


@admin.register(Candidature)
class CandidatureAdmin(TiePageMixin, DeskPagesMixin, DeskListMixin, ContentAdmin):
    autocomplete_fields = ["initiative", "organisation"]
    fields = ["organisation", "initiative"]
    actions = None

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
        context = self.file_context(request, candidature) if candidature else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def file_context(self, request, candidature):
        """The whole of a candidature, as its page tells it."""
        has_working = candidature.is_draft or candidature.has_changes
        return {
            "candidature": candidature,
            "state": self.state(candidature),
            "count": count_of(candidature.missing),
            "transitions": staff_transitions(candidature, request.user),
            "gestures": offered(candidature, request.user),
            "working": working_deposit(candidature) if has_working else None,
            "missing": missing_of(candidature) if has_working else [],
            "rules": answered_rules(candidature),
            "holders": candidature.holders.all(),
            "holder_changes": candidature.holder_changes.select_related("user", "by"),
            "extensions": candidature.extensions.select_related("by"),
            "requests": candidature.piece_requests.select_related("by", "answer__by"),
            "deposits": candidature.deposits.select_related("by", "regulation"),
            "changes": candidature.status_changes.select_related("by"),
            "twins": twins_of(candidature, request.user),
        }

    def save_model(self, request, obj, form, change):
        """Write its two columns alone: a holder may be writing the others."""
        obj.save(update_fields=self.fields)

    def transition_view(self, request, pk, name):
        """Confirm one of the transitions of the table, then make it."""
        candidature = self.get_object(request, str(pk))
        transition = TRANSITIONS.get(name)
        if candidature is None or transition is None or not has_page(transition):
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


def answered_rules(candidature):
    """The edition's rules of eligibility, each with its `answer`: True, False, or None."""
    rules = list(candidature.edition.eligibility_rules.all())
    for rule in rules:
        rule.answer = candidature.eligibility.get(rule.kind)
    return rules


def twins_of(candidature, user):
    mark_twins([candidature], user)
    return candidature.twins
