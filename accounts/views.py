from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView as AllauthActivateTOTPView
from django.urls import reverse
from django.utils.safestring import mark_safe


class ActivateTOTPView(AllauthActivateTOTPView):
    """Setting up the second factor proves it: the session needs no other code."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        # In the page itself, without its XML declaration: the security policy allows no data:.
        svg = context["totp_svg"].partition("?>")[2]
        return context | {"totp_svg": mark_safe(svg)}

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        return response

    def get_success_url(self):
        return reverse("mfa_view_recovery_codes")
