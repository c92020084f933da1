"""The forms of the sign-in pages: allauth's, in our words, linked to their errors."""

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django.contrib.auth.hashers import make_password

from accounts.models import User

CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "spellcheck": "false",
    "autocapitalize": "off",
}


def word(field, label, help_text="", **attributes):
    """Give a field our label and attributes, and drop the placeholder that repeats the label."""
    field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= attributes


def word_email(field, help_text=""):
    word(field, "Adresse électronique", help_text, autocomplete="email", inputmode="email")


def word_code(field, label, help_text):
    word(field, label, help_text, **CODE_ATTRIBUTES)


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word_email(self.fields["login"])
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        word(self.fields["password"], "Mot de passe")


class RequestLoginCodeForm(account_forms.RequestLoginCodeForm):
    """One form for everyone: an unknown address gets an account, and the same answer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word_email(self.fields["email"], "Vous y recevez un code à six chiffres.")

    def clean_email(self):
        email = super().clean_email().lower()
        if self._user is None and not User.objects.filter(email=email).exists():
            # `get_or_create`: two requests at once make one account. A closed account is neither
            # opened again nor told apart.
            fields = {"password": make_password(None)}
            self._user, _ = User.objects.get_or_create(email=email, defaults=fields)
        return email


class ConfirmLoginCodeForm(account_forms.ConfirmLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word_code(self.fields["code"], "Code reçu", "Six chiffres, valables quinze minutes.")


class ReauthenticateForm(account_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self.fields["password"], "Mot de passe")


class ResetPasswordForm(account_forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word_email(self.fields["email"])


class NewPasswordMixin:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self.fields["password1"], "Nouveau mot de passe", "Douze caractères au moins.")
        word(self.fields["password2"], "Le même, une seconde fois")


class ChangePasswordForm(NewPasswordMixin, account_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self.fields["oldpassword"], "Mot de passe actuel")


class SetPasswordForm(NewPasswordMixin, account_forms.SetPasswordForm):
    pass


class ResetPasswordKeyForm(NewPasswordMixin, account_forms.ResetPasswordKeyForm):
    pass


class AuthenticateForm(mfa_forms.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        help_text = "Les six chiffres de votre application, ou un code de secours."
        word_code(self.fields["code"], "Code", help_text)


class ReauthenticateByCodeForm(mfa_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        help_text = "Les six chiffres de votre application, ou un code de secours."
        word_code(self.fields["code"], "Code", help_text)


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        help_text = "Les six chiffres que votre application affiche."
        word_code(self.fields["code"], "Code", help_text)
