"""The link by which a person chooses a password, as in allauth's own mail."""

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

LINK_LIFE = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def password_link(user):
    """An address where `user` chooses a password: once, and for `LINK_LIFE`."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)
