import time
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import mail_html, mails
from rallynov import outbox

LOGIN_CODE = "account/email/login_code"
# As long as the code or the link that the mail holds; see ACCOUNT_LOGIN_BY_CODE_TIMEOUT.
EXPIRY = {
    LOGIN_CODE: timedelta(minutes=15),
    "account/email/password_reset_key": timedelta(days=3),
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up on a page of its own: asking for a code opens the account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Cette adresse et ce mot de passe ne vont pas ensemble.",
        "incorrect_code": "Ce code n’est pas le bon, ou il n’est plus valable.",
        "incorrect_password": "Ce mot de passe n’est pas le bon.",
        "too_many_login_attempts": "Trop d’essais. Attendez quelques minutes, puis recommencez.",
    }

    def get_login_redirect_url(self, request):
        """Staff go to the admin; the others, who may not enter it, to their candidatures."""
        return reverse("admin:index" if request.user.is_staff else "candidatures:list")

    def is_open_for_signup(self, request):
        return False

    def is_reauthentication_required(self, *, app, **kwargs):
        """Who has just signed in is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix, email, context):
        """Queue our own short text; codes leave before everything else."""
        options = {"is_urgent": True, "expires_in": EXPIRY.get(template_prefix)}
        if template_prefix == LOGIN_CODE:
            mails.send("login_code", to=email, fields={"code": context["code"]}, **options)
            return
        subject = render_to_string(f"{template_prefix}_subject.txt", context).strip()
        text = render_to_string(f"{template_prefix}_message.txt", context)
        html = mail_html.page(subject=subject, text=text)
        outbox.queue(to=email, subject=subject, text=text, html=html, **options)
