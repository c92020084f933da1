"""Asking the directory, as an address does."""

from django.http import QueryDict

from initiatives.directory import Directory


def ask(query):
    return Directory(QueryDict(query))


def titles(words):
    """The titles that answer, best first, and what was searched instead of what."""
    data = QueryDict(mutable=True)
    data["q"] = words
    directory = Directory(data)
    return [row.title for row in directory.ordered], directory.guesses
