"""Several people, one candidature: inviting, accepting, leaving."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views.generic import View

from trophies import services
from trophies.forms import InvitationForm
from trophies.holder import REFUSED, CandidatureView, HolderMixin
from trophies.models import Invitation
from trophies.workflow import NotAllowed


class HoldersView(CandidatureView):
    template_name = "candidatures/holders.html"

    def get(self, request, uuid):
        return self.show(form=InvitationForm())

    def post(self, request, uuid):
        form = InvitationForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        email = form.cleaned_data["email"]
        try:
            services.invite(candidature=self.candidature, email=email, by=request.user)
        except NotAllowed as refusal:
            form.add_error("email", str(refusal))
            return self.show(form=form, status=REFUSED)
        messages.success(request, f"Une invitation part vers {email}.")
        return redirect("candidatures:holders", uuid)

    def show(self, status=200, **context):
        return super().show(
            status=status,
            holders=self.candidature.holders.all(),
            waiting=self.candidature.invitations.filter(accepted_at=None),
            **context,
        )


class CancelInvitationView(CandidatureView):
    def post(self, request, uuid, invitation):
        rows = self.candidature.invitations.filter(accepted_at=None)
        services.cancel_invitation(get_object_or_404(rows, uuid=invitation))
        messages.success(request, "L’invitation est annulée.")
        return redirect("candidatures:holders", uuid)


class LeaveView(CandidatureView):
    template_name = "candidatures/leave.html"

    def get(self, request, uuid):
        return self.show(is_alone=self.candidature.holders.count() == 1)

    def post(self, request, uuid):
        try:
            services.leave(self.candidature, by=request.user)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            return redirect("candidatures:holders", uuid)
        messages.success(request, f"Vous ne portez plus « {self.candidature} ».")
        return redirect("candidatures:list")


class InvitationView(HolderMixin, View):
    """Only for the address that was invited; for any other, it does not exist."""

    @cached_property
    def invitation(self):
        rows = Invitation.objects.select_related("candidature__edition", "by")
        return get_object_or_404(rows, uuid=self.kwargs["uuid"], email=self.request.user.email)

    def get(self, request, uuid):
        if self.invitation.accepted_at:
            return redirect("candidatures:list")
        return render(request, "candidatures/invitation.html", {"invitation": self.invitation})

    def post(self, request, uuid):
        candidature = services.accept_invitation(self.invitation, by=request.user)
        messages.success(request, f"Vous portez maintenant « {candidature} ».")
        return redirect(candidature)
