"""The project holder's space: each person sees their own candidatures, and no others."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import ListView, View

from trophies import services
from trophies.forms import CandidatureForm
from trophies.models import (
    Assignment,
    Attachment,
    Candidature,
    Decision,
    Deposit,
    Edition,
    Laureate,
)
from trophies.questions import QUESTIONS
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


class StartView(HolderMixin, View):
    def get(self, request, year):
        draft = self.candidatures().filter(edition=self.edition, status=Status.DRAFT).first()
        return redirect("candidatures:edit", draft.uuid) if draft else self.show()

    def post(self, request, year):
        if not self.edition.is_open:
            return self.show(status=REFUSED)
        try:
            draft = services.start(edition=self.edition, by=request.user)
        except NotAllowed:
            return self.show(status=REFUSED)
        return redirect("candidatures:edit", draft.uuid)

    @cached_property
    def edition(self):
        editions = Edition.objects.published().prefetch_related("regulations")
        return get_object_or_404(editions, year=self.kwargs["year"])

    def show(self, status=200):
        context = {
            "edition": self.edition,
            "others": self.candidatures().filter(edition=self.edition),
            "questions": QUESTIONS,
        }
        return render(self.request, "candidatures/start.html", context, status=status)


class CandidatureView(HolderMixin, View):
    """A page of one candidature, which is the visitor's own."""

    template_name = ""

    @cached_property
    def candidature(self):
        return get_object_or_404(self.candidatures(), uuid=self.kwargs["uuid"])

    @property
    def is_editable(self):
        is_current = self.candidature.status in (Status.DRAFT, Status.SUBMITTED)
        return is_current and self.candidature.edition.is_open

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
        )


class CandidatureEditView(CandidatureView):
    template_name = "candidatures/edit.html"

    def get(self, request, uuid):
        if not self.is_editable:
            return redirect(self.candidature)
        return self.show(form=CandidatureForm(instance=self.candidature))

    def post(self, request, uuid):
        if not self.is_editable:
            messages.error(
                request, "Cette candidature ne se modifie plus : rien n’a été enregistré."
            )
            return redirect(self.candidature)
        form = CandidatureForm(request.POST, request.FILES, instance=self.candidature)
        if not form.is_valid():
            return self.show(form=form)
        form.save()
        if "review" in request.POST:
            return redirect("candidatures:deposit", uuid)
        messages.success(request, "Votre texte est enregistré.")
        return redirect("candidatures:edit", uuid)


class DepositView(CandidatureView):
    """Everything as it will be read, then one button."""

    template_name = "candidatures/deposit.html"

    def get(self, request, uuid):
        if self.candidature.status not in (Status.DRAFT, Status.SUBMITTED):
            return redirect(self.candidature)
        return self.show()

    def post(self, request, uuid):
        received_at = timezone.now()
        try:
            deposit = services.deposit(
                candidature=self.candidature, by=request.user, received_at=received_at
            )
        except NotAllowed as refusal:
            return self.show(status=REFUSED, refusal=str(refusal))
        return redirect("candidatures:receipt", uuid, deposit.number)

    def show(self, status=200, refusal=""):
        fields, missing = CandidatureForm.base_fields, self.candidature.missing
        is_new = not self.candidature.last_deposit or self.candidature.has_undeposited_changes
        return super().show(
            status=status,
            refusal=refusal,
            missing=[(name, fields[name].label) for name in missing],
            is_new=is_new,
            can_deposit=self.is_editable and is_new and not missing,
            deposit=Deposit(candidature=self.candidature, payload=self.candidature.payload()),
            regulation=self.candidature.edition.regulations.first(),
        )


class ReceiptView(CandidatureView):
    template_name = "candidatures/receipt.html"

    def get(self, request, uuid, number):
        deposits = self.candidature.deposits.select_related("regulation")
        return self.show(deposit=get_object_or_404(deposits, number=number))


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


@require_safe
@never_cache
@login_required(login_url=SIGN_IN)
def attachment(request, uuid):
    """A private file: a picture is shown, a PDF is only ever downloaded."""
    piece = get_object_or_404(Attachment.objects.select_related("candidature"), uuid=uuid)
    if not may_open(request, piece):
        raise Http404("not theirs")
    try:
        file = piece.file.open()
    except FileNotFoundError as error:
        raise Http404("the file is gone") from error
    return FileResponse(
        file,
        as_attachment=piece.kind == Attachment.Kind.PDF,
        filename=piece.name,
        content_type=piece.kind,
    )


def may_open(request, piece):
    """Its holders; staff once it is deposited; its jurors while the last deposit lists it."""
    own = {"pk": piece.candidature_id}
    if Candidature.objects.held_by(request.user).filter(**own).exists():
        return True
    if not admin.site.has_permission(request):
        return False
    if Candidature.objects.visible_to(request.user).filter(**own).exists():
        return any(lists(deposit, piece) for deposit in piece.candidature.deposits.all())
    readings = Assignment.objects.visible_to(request.user)
    is_read = readings.filter(candidature=piece.candidature_id).exists()
    return is_read and lists(piece.candidature.last_deposit, piece)


def lists(deposit, piece):
    return str(piece.uuid) in [file["uuid"] for file in deposit.payload["files"]]
