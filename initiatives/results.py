"""What a page of results shows beyond its rows: the words found, and ways out of a dead end."""

import re
from dataclasses import dataclass

from django.db import connection
from django.http import QueryDict

from initiatives.directory import Directory
from initiatives.models import Support
from places.models import Commune
from rallynov.search import TOKEN, tokens_answering

AROUND = 90  # characters of an excerpt, before and after the word found


# The words found ---------------------------------------------------------------------------------


def dress(rows, directory, first):
    """Give the rows of a page what their cards need: words to mark, excerpt, the way back.

    `first` is the rank of the first row in the whole list, from 1.
    """
    query = directory.sorted_query
    for rank, row in enumerate(rows, first):
        row.asked_by = f"?{query}&rang={rank}" if query else ""
    if directory.question:
        mark(rows, directory.question)
    return rows


def mark(rows, question):
    shown = {row.pk: shown_texts(row) for row in rows}
    marks = tokens_answering(question, [text for texts in shown.values() for text in texts])
    hidden = [row for row in rows if not marks & tokens_of(shown[row.pk])]
    texts = hidden_texts(hidden)
    found = tokens_answering(question, [text for own in texts.values() for text in own])
    for row in rows:
        row.marks = marks | found
    for row in hidden:
        row.excerpt = excerpt(texts[row.pk], found)


def shown_texts(row):
    return [row.title, row.summary, row.place, row.theme.name if row.theme else ""]


def hidden_texts(rows):
    """What the sheet of each row says and its card does not, by key."""
    if not rows:
        return {}
    texts = {row.pk: [row.need, row.response, row.people, row.effects] for row in rows}
    supports = Support.objects.filter(initiative__in=texts).select_related("organisation")
    for support in supports:
        texts[support.initiative_id].append(support.organisation.name)
    for key, name in Commune.objects.filter(initiatives__in=texts).values_list(
        "initiatives", "epci__name"
    ):
        texts[key].append(name)
    return texts


def tokens_of(texts):
    return {token for text in texts for token in TOKEN.findall(text)}


def excerpt(texts, marks):
    """A piece of the first text that holds one of `marks`, cut between words."""
    for text in texts:
        for token in TOKEN.finditer(text):
            if token[0] in marks:
                return around(text, token.start(), token.end())
    return ""


def around(text, start, end):
    before, after = text[:start], text[end:]
    if len(before) > AROUND:
        before = "… " + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + " …"
    # Not the no-break spaces, which split() takes as well.
    return re.sub(r"[ \t\r\n]+", " ", f"{before}{text[start:end]}{after}")


def written_guesses(rows, directory):
    """`[(word as typed, words searched instead)]`, these as the first sheets write them."""
    if not directory.guesses:
        return []
    typed = written(directory.words)
    found = written(" ".join(sorted({mark for row in rows for mark in row.marks})))
    return [
        (typed.get(asked, asked), [found.get(word, word) for word in instead])
        for asked, instead in directory.guesses
    ]


def written(text):
    """The tokens of a text by their search form."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, token FROM unnest(%s::text[]) AS token, "
            "regexp_split_to_table(search_form(token), ' ') AS word",
            [TOKEN.findall(text)[::-1]],
        )
        return dict(cursor.fetchall())


# Ways out of a dead end --------------------------------------------------------------------------


@dataclass(frozen=True)
class WayOut:
    text: str
    query: str
    count: int


def ways_out(directory):
    """Questions close to one that nothing answers, which something does."""
    ways = [*fewer_filters(directory), *wider_places(directory), *fewer_words(directory)]
    return [way for way in ways if way.count]


def count_of(query):
    return Directory(QueryDict(query)).rows.count()


def fewer_filters(directory):
    if len(directory.choices) < 2:
        return
    for choice in directory.choices:
        yield WayOut(f"sans {choice.label}", choice.without, count_of(choice.without))


def fewer_words(directory):
    words = [word.text for word in directory.asked.words]
    if len(words) < 2:
        return
    for word in words:
        query = directory.query(words=word)
        yield WayOut(f"avec «\u202f{word}\u202f» seulement", query, count_of(query))


def wider_places(directory):
    """The other words, in the intercommunality then the department of a commune that one names."""
    for commune, others in communes_named(directory.asked):
        for name, value, place in [
            ("intercommunalite", commune.epci_id, commune.epci.name),
            ("departement", commune.department_id, commune.department.name),
        ]:
            values = QueryDict(directory.query(words=others), mutable=True)
            values.appendlist(name, value)
            query = values.urlencode()
            yield WayOut(f"partout\u202f: {place}", query, count_of(query))


def communes_named(asked):
    """The communes that words of a question name, each with the question's other words."""
    words = [word.text for word in asked.words]
    names = {
        " ".join(words[first:last]): " ".join(words[:first] + words[last:])
        for first in range(len(words))
        for last in range(first + 1, len(words) + 1)
    }
    communes = Commune.objects.filter(sort_key__in=names).select_related("epci", "department")
    return [(commune, names[commune.sort_key]) for commune in communes[:2]]
