"""The team's gestures on a candidature: a link, a page that asks why, a POST."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from trophies import services
from trophies.admin.desk_forms import AskPieceForm, DepositForForm, ExtendForm, HandOverForm
from trophies.forms import LABELS
from trophies.models import Deposit
from trophies.services.desk import why_not_deposit_for
from trophies.workflow import GESTURES, NotAllowed, obstacle


@dataclass(frozen=True)
class Desk:
    """A gesture, its page and its service."""

    name: str
    address: str
    template: str
    label: str
    form: type
    make: Callable  # (candidature, *, by, **cleaned_data)
    done: str
    refusal: Callable  # (candidature, user) -> str


def by_table(name):
    """The obstacle of a gesture of the workflow's own table."""
    return lambda candidature, user: obstacle(GESTURES[name], candidature, user, timezone.now())


DESK = {
    desk.name: desk
    for desk in [
        Desk(
            "extend",
            "delai",
            "admin/trophies/candidature/extend.html",
            "Accorder un délai",
            ExtendForm,
            services.extend,
            "Le délai est accordé.",
            by_table("extend"),
        ),
        Desk(
            "deposit_for",
            "deposer",
            "admin/trophies/candidature/deposit_for.html",
            "Déposer au nom du porteur",
            DepositForForm,
            services.deposit_for,
            "La candidature est déposée au nom de ses porteurs.",
            why_not_deposit_for,
        ),
        Desk(
            "ask_piece",
            "demander",
            "admin/trophies/candidature/ask_piece.html",
            "Demander une pièce",
            AskPieceForm,
            services.ask_piece,
            "La demande est partie.",
            by_table("ask_piece"),
        ),
        Desk(
            "hand_over",
            "porteur",
            "admin/trophies/candidature/hand_over.html",
            "Changer de porteur",
            HandOverForm,
            services.hand_over,
            "La candidature a changé de mains.",
            by_table("hand_over"),
        ),
    ]
}


def offered(candidature, user):
    """The gestures that the team may make now."""
    return [desk for desk in DESK.values() if not desk.refusal(candidature, user)]


class DeskPagesMixin:
    """The pages of `CandidatureAdmin` where the team acts for a holder."""

    def get_urls(self):
        pages = [
            path(
                f"<int:pk>/{desk.address}/",
                self.admin_site.admin_view(self.desk_view),
                {"name": desk.name},
                name=f"trophies_candidature_{desk.name}",
            )
            for desk in DESK.values()
        ]
        deposit = path(
            "<int:pk>/depots/<int:number>/",
            self.admin_site.admin_view(self.deposit_view),
            name="trophies_candidature_deposit",
        )
        return [*pages, deposit, *super().get_urls()]

    def candidature_for(self, request, pk):
        """One that the visitor may change; hidden and unknown ones are told alike."""
        candidature = self.get_object(request, str(pk))
        if candidature is None or not self.has_change_permission(request, candidature):
            raise Http404("no such candidature")
        return candidature

    def respond(self, request, template, candidature, **context):
        context |= {"opts": self.opts, "candidature": candidature}
        return TemplateResponse(
            request,
            template,
            self.admin_site.each_context(request) | context,
        )

    def desk_view(self, request, pk, name):
        candidature, desk = self.candidature_for(request, pk), DESK[name]
        form = desk.form(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                desk.make(candidature, by=request.user, **form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.after_gesture(request, candidature, desk)
        return self.respond(
            request,
            desk.template,
            candidature,
            title=desk.label,
            form=form,
            refusal=desk.refusal(candidature, request.user),
            holders=candidature.holders.all(),
            missing=missing_of(candidature),
            working=working_deposit(candidature),
        )

    def after_gesture(self, request, candidature, desk):
        self.log_change(request, candidature, desk.label)
        self.message_user(
            request, f"{desk.done} Les personnes concernées sont prévenues.", messages.SUCCESS
        )
        return redirect("admin:trophies_candidature_change", candidature.pk)

    def deposit_view(self, request, pk, number):
        """One deposit as it was sent, the last one or not."""
        candidature = self.candidature_for(request, pk)
        deposits = candidature.deposits.select_related("by", "regulation")
        deposit = get_object_or_404(deposits, number=number)
        return self.respond(
            request,
            "admin/trophies/candidature/deposit.html",
            candidature,
            title=f"Dépôt n° {number}",
            deposit=deposit,
        )


def missing_of(candidature):
    """What a deposit still needs: (label, what was typed and not understood)."""
    return [(LABELS[name], candidature.typed.get(name, "")) for name in candidature.missing]


def working_deposit(candidature):
    """The working text in the shape of a deposit, for the templates that show one."""
    return Deposit(candidature=candidature, payload=candidature.payload())
