"""The pages of those who hold a sheet: each person finds theirs, and no others."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core import signing
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import View

from initiatives.contributing import holding, services, values
from initiatives.contributing.forms import ClaimForm, CorrectionForm, InvitationForm
from initiatives.contributing.models import Contribution, SheetInvitation
from initiatives.contributing.refusals import NotPossible
from initiatives.models import Initiative, Theme

SIGN_IN = "account_request_login_code"
REFUSED = 409
SALT = "correction"
SENT = "Merci\u202f: vos corrections attendent d’être relues. Vous recevrez un courriel."
TOO_MANY = "Beaucoup d’invitations sont parties aujourd’hui\u202f: la suite demain."


@method_decorator(never_cache, name="dispatch")
class SignedInView(LoginRequiredMixin, View):
    login_url = SIGN_IN
    template_name = ""

    def show(self, status=200, **context):
        return render(self.request, self.template_name, context, status=status)


class SheetsView(SignedInView):
    template_name = "sheets/list.html"

    def get(self, request):
        asked = Contribution.objects.pending().filter(by=request.user)
        return self.show(
            sheets=holding.held_by(request.user).for_cards(),
            drafts=holding.drafts_held_by(request.user),
            invitations=holding.invitations_to(request.user),
            claims=asked.filter(
                kind=Contribution.Kind.CLAIM, initiative__in=Initiative.objects.published()
            ).select_related("initiative"),
        )


class ClaimView(SignedInView):
    """« C’est la vôtre ? »"""

    template_name = "sheets/claim.html"

    @cached_property
    def sheet(self):
        return get_object_or_404(Initiative.objects.published(), slug=self.kwargs["slug"])

    def get(self, request, slug):
        if self.sheet.sheet_holders.filter(user=request.user).exists():
            return redirect("sheets:sheet", slug)
        return self.show(form=ClaimForm(initial={"name": request.user.name}))

    def post(self, request, slug):
        form = ClaimForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            services.claim(initiative=self.sheet, by=request.user, **form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form, status=REFUSED)
        return redirect("initiatives:claim", slug)

    def show(self, status=200, **context):
        own = Contribution.objects.pending().filter(by=self.request.user, initiative=self.sheet)
        claim = own.filter(kind=Contribution.Kind.CLAIM).first()
        return super().show(status=status, sheet=self.sheet, claim=claim, **context)


class HeldView(SignedInView):
    """A page of one sheet, which the visitor holds."""

    @cached_property
    def sheet(self):
        return get_object_or_404(holding.held_by(self.request.user), slug=self.kwargs["slug"])

    def show(self, status=200, **context):
        return super().show(status=status, sheet=self.sheet, **context)


class SheetView(HeldView):
    """The form that corrects a sheet, as it stands or as it was last sent."""

    template_name = "sheets/sheet.html"

    @cached_property
    def pending(self):
        return services.pending_correction(self.sheet, self.request.user).first()

    def get(self, request, slug):
        said = values.said(self.sheet)
        sent = self.pending.values if self.pending else {}
        message = self.pending.message if self.pending else ""
        initial = {name: typed(name, value) for name, value in (said | sent).items()}
        return self.show(form=CorrectionForm(initial=initial | {"message": message}))

    def post(self, request, slug):
        form = CorrectionForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            services.correct(
                initiative=self.sheet,
                by=request.user,
                before=self.before,
                after=values.kept(form.cleaned_data),
                message=form.cleaned_data["message"],
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form, status=REFUSED)
        messages.success(request, SENT)
        return redirect("sheets:sheet", slug)

    @property
    def before(self):
        """What the sheet said when the form was opened, signed; what it says now, failing that."""
        try:
            slug, said = signing.loads(self.request.POST.get("before", ""), salt=SALT)
        except signing.BadSignature:
            return values.said(self.sheet)
        return said if slug == self.sheet.slug else values.said(self.sheet)

    def show(self, status=200, **context):
        given = self.request.POST.get("before")
        said = [self.sheet.slug, values.said(self.sheet)]
        before = given or signing.dumps(said, salt=SALT, compress=True)
        return super().show(status=status, before=before, pending=self.pending, **context)


def typed(name, value):
    """A value as a form shows it."""
    if name == "commune":
        return values.in_words(name, value)
    if name == "themes":
        return list(Theme.objects.filter(slug__in=value))
    return value


class PeopleView(HeldView):
    """Who holds the sheet, and whom they invite."""

    template_name = "sheets/people.html"

    def get(self, request, slug):
        return self.show(form=InvitationForm())

    def post(self, request, slug):
        form = InvitationForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        if not ratelimit.consume(request, action="sheet_invitation"):
            form.add_error(None, TOO_MANY)
            return self.show(form=form, status=429)
        try:
            holding.invite(initiative=self.sheet, by=request.user, **form.cleaned_data)
        except NotPossible as refusal:
            form.add_error("email", str(refusal))
            return self.show(form=form, status=REFUSED)
        messages.success(request, f"Une invitation part vers {form.cleaned_data['email']}.")
        return redirect("sheets:people", slug)

    def show(self, status=200, **context):
        return super().show(
            status=status,
            holders=self.sheet.sheet_holders.select_related("user"),
            waiting=self.sheet.sheet_invitations.filter(accepted_at=None),
            **context,
        )


class CancelInvitationView(HeldView):
    def post(self, request, slug, invitation):
        rows = self.sheet.sheet_invitations.filter(accepted_at=None)
        holding.cancel_invitation(invitation=get_object_or_404(rows, uuid=invitation))
        messages.success(request, "L’invitation est annulée.")
        return redirect("sheets:people", slug)


class LeaveView(HeldView):
    template_name = "sheets/leave.html"

    def get(self, request, slug):
        return self.show(is_alone=self.sheet.sheet_holders.count() == 1)

    def post(self, request, slug):
        holding.leave(initiative=self.sheet, by=request.user)
        messages.success(request, f"Vous ne tenez plus la fiche de « {self.sheet} ».")
        return redirect("sheets:list")


class InvitationView(SignedInView):
    """Only for the address that was invited; for any other, it does not exist."""

    template_name = "sheets/invitation.html"

    @cached_property
    def invitation(self):
        rows = SheetInvitation.objects.filter(holding.is_told("initiative__"))
        rows = rows.select_related("initiative", "by")
        return get_object_or_404(rows, uuid=self.kwargs["uuid"], email=self.request.user.email)

    def get(self, request, uuid):
        if self.invitation.accepted_at:
            return redirect("sheets:list")
        return self.show(invitation=self.invitation)

    def post(self, request, uuid):
        try:
            sheet = holding.accept_invitation(invitation=self.invitation, by=request.user)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Vous tenez maintenant la fiche de « {sheet} ».")
        return redirect("sheets:list")
