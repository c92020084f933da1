from django.urls import reverse

from initiatives.directory import Directory
from initiatives.filters import ORDERS
from rallynov.feeds import AtomFeed

LATEST = 30


class InitiativeFeed(AtomFeed):
    """The newest sheets of the directory, as the query asks for it."""

    def get_object(self, request):
        return Directory(request.GET)

    def title(self, directory):
        asked = f" ({directory.in_words})" if directory.choices else ""
        return f"Rally’nov\u202f: les initiatives{asked}"

    def subtitle(self, directory):
        asked = f" Filtre\u202f: {directory.in_words}." if directory.choices else ""
        return f"Les innovations sociales de Franche-Comté, à mesure qu’elles arrivent.{asked}"

    def link(self, directory):
        return asked_at("initiatives:list", directory)

    def feed_url(self, directory):
        return asked_at("initiatives:feed", directory)

    def items(self, directory):
        return directory.rows.order_by(*ORDERS["recentes"])[:LATEST]


def asked_at(name, directory):
    query = directory.query()
    return f"{reverse(name)}?{query}" if query else reverse(name)
