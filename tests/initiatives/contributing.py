"""What the tests of contributions share."""

import re
import time
from html import unescape

from django.core import signing

from initiatives.contributing.services import version_of
from initiatives.models import Contribution
from rallynov import formguard
from tests.html import Html

PROPOSE = "/initiatives/proposer/"


def opened(seconds=60):
    return signing.dumps(time.time() - seconds, salt=formguard.SALT)


def proposal(**changes):
    """What somebody types."""
    return {
        "title": "Le jardin des voisins",
        "summary": "Un potager que trois rues cultivent ensemble.",
        "response": "Chacun y vient le samedi.",
        "commune": "Vesoul",
        "organisation": "Les voisins de la Motte",
        "website": "jardin.exemple.fr",
        "name": "Camille Exemple",
        "email": "Camille@rallynov.example",
        "ouvert": opened(),
    } | changes


def plain(text):
    """With ordinary spaces."""
    return " ".join(text.split())


def text_of(response):
    return plain(Html(response.content.decode()).text("body"))


def typed_in(response, name):
    """What a page keeps in its field `name`."""
    page = response.content.decode()
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    found = found or re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def answer_to(contribution, verdict="oui", **changes):
    """What a moderator sends back of the page, as it stands."""
    fresh = Contribution.objects.get(pk=contribution.pk)
    values = {"seen": version_of(fresh), "answer": "Bonjour,\n\nMerci."} | changes
    if verdict == "oui":
        values = {"names": list(fresh.values)} | values
    return {f"{verdict}-{name}": value for name, value in values.items()}


def moderation_url(contribution, gesture=""):
    return f"/admin/initiatives/contribution/{contribution.pk}/{gesture or 'change'}/"
