"""The project holder's space: each person sees their own candidatures, and no others."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import ListView, View

from trophies import services
from trophies.aftermath import news_of
from trophies.forms import LABELS
from trophies.models import (
    Candidature,
    Decision,
    Deposit,
    Invitation,
    Laureate,
)
from trophies.steps import STEP_OF, STEPS
from trophies.workflow import NotAllowed, Status

SIGN_IN = "account_request_login_code"
REFUSED = 409


@method_decorator(never_cache, name="dispatch")
class HolderMixin(LoginRequiredMixin):
    login_url = SIGN_IN

    def candidatures(self):
        rows = Candidature.objects.held_by(self.request.user)
        return rows.for_detail().prefetch_related("attachments")


class CandidatureListView(HolderMixin, ListView):
    template_name = "candidatures/list.html"
    context_object_name = "candidatures"

    def get_queryset(self):
        return self.candidatures()

    def get_context_data(self, **kwargs):
        own = Invitation.objects.filter(email=self.request.user.email, accepted_at=None)
        invitations = own.select_related("candidature__edition", "by")
        return super().get_context_data(invitations=invitations, **kwargs)


class CandidatureView(HolderMixin, View):
    """A page of one candidature, which is the visitor's own."""

    template_name = ""

    @cached_property
    def candidature(self):
        return get_object_or_404(self.candidatures(), uuid=self.kwargs["uuid"])

    @property
    def is_editable(self):
        is_current = self.candidature.status in (Status.DRAFT, Status.SUBMITTED)
        return is_current and self.candidature.is_open

    @property
    def can_withdraw(self):
        moves = self.candidature.available_transitions(self.request.user)
        return "withdraw" in [move.name for move in moves]

    def show(self, status=200, **context):
        context |= {
            "candidature": self.candidature,
            "edition": self.candidature.edition,
            "is_editable": self.is_editable,
        }
        return render(self.request, self.template_name, context, status=status)


class CandidatureDetailView(CandidatureView):
    template_name = "candidatures/detail.html"

    def get(self, request, uuid):
        # Nothing that the jury decided is read but through `published()`.
        own = {"candidature": self.candidature}
        return self.show(
            can_withdraw=self.can_withdraw,
            decision=Decision.objects.published().filter(**own).first(),
            laureate=Laureate.objects.published().for_cards().filter(**own).first(),
            later_news=news_of(self.candidature),
        )


class DepositView(CandidatureView):
    """Everything as it will be read, then one button."""

    template_name = "candidatures/deposit.html"

    def get(self, request, uuid):
        if self.candidature.status not in (Status.DRAFT, Status.SUBMITTED):
            return redirect(self.candidature)
        return self.show()

    def post(self, request, uuid):
        try:
            deposit = services.deposit(
                candidature=self.candidature, by=request.user, received_at=request.received_at
            )
        except NotAllowed as refusal:
            return self.show(status=REFUSED, refusal=str(refusal))
        return redirect("candidatures:receipt", uuid, deposit.number)

    def show(self, status=200, refusal=""):
        candidature, missing = self.candidature, self.candidature.missing
        is_new = not candidature.last_deposit or candidature.has_undeposited_changes
        deposit = Deposit(candidature=candidature, payload=candidature.payload())
        return super().show(
            status=status,
            refusal=refusal,
            missing=[self.lack(name) for name in missing],
            is_new=is_new,
            can_deposit=self.is_editable and is_new and not missing,
            deposit=deposit,
            sections=[(*row, self.field_url(row[0].name)) for row in deposit.sections],
            edited=self.edited,
            regulation=candidature.edition.regulations.first(),
        )

    @property
    def edited(self):
        """The addresses where facts are changed, by step; none when nothing changes any more."""
        return {step.slug: step.url(self.candidature) for step in STEPS if self.is_editable}

    def lack(self, name):
        """A field that a deposit still needs: its label, its address, what it holds instead."""
        remark = "à reprendre" if name in self.candidature.typed else ""
        return LABELS[name], self.field_url(name), remark

    def field_url(self, name):
        if not self.is_editable:
            return ""
        return f"{STEP_OF[name].url(self.candidature)}#id_{name}"


class ReceiptView(CandidatureView):
    template_name = "candidatures/receipt.html"

    def get(self, request, uuid, number):
        deposits = self.candidature.deposits.select_related("regulation", "by")
        deposit = get_object_or_404(deposits, number=number)
        return self.show(deposit=deposit, sections=[(*row, "") for row in deposit.sections])


class WithdrawView(CandidatureView):
    template_name = "candidatures/withdraw.html"

    def get(self, request, uuid):
        return self.show() if self.can_withdraw else redirect(self.candidature)

    def post(self, request, uuid):
        try:
            services.change_status(self.candidature, "withdraw", by=request.user)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return redirect(self.candidature)
