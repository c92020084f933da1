"""The people of the example who have an account without a password: holders sign in with a code."""

from allauth.account.models import EmailAddress

from accounts.models import User
from rallynov.seed.rows import put

TEAM = "equipe@rallynov.example"


def put_holder(email, name):
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    put(EmailAddress, {"user": user, "email": email}, {"verified": True, "primary": True})
    return user
