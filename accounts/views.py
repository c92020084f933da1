from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView as AllauthActivateTOTPView
from django.urls import reverse


class ActivateTOTPView(AllauthActivateTOTPView):
    """Setting up the second factor proves it: the session needs no other code."""

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        return response

    def get_success_url(self):
        return reverse("mfa_view_recovery_codes")
