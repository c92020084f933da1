"""Who stands in the place of those who are no longer named: accounts that nobody opens."""

from uuid import uuid4

from django.contrib.auth.hashers import make_password

from accounts.models import User

DOMAIN = "@efface.invalid"
NAME = "Personne effacée"
REASON = "Texte effacé"


def is_nobody(path=""):
    """The lookup of those accounts, through a relation that ends with « __ »."""
    return {f"{path}email__endswith": DOMAIN}


def nobody():
    """The one of all that was written by people who are no longer named."""
    return stand_in(f"personne{DOMAIN}")


def somebody_else():
    """A new one, for one person in one jury: their own rows still go together."""
    return stand_in(f"{uuid4().hex}{DOMAIN}")


def stand_in(email):
    fields = {"name": NAME, "is_active": False, "password": make_password(None)}
    return User.objects.get_or_create(email=email, defaults=fields)[0]


def fields_to(model):
    """The foreign keys to a model, with those that give it no name to go back by."""
    relations = model._meta.get_fields(include_hidden=True)
    return [
        relation.field
        for relation in relations
        if relation.auto_created and (relation.one_to_many or relation.one_to_one)
    ]
