"""The directory as one asks for it: list, counts, map, feed and exports come from one queryset.

Counts are kept as long as nothing that they count has changed (`directory_stamp`, in the database),
so that a page of 100 000 sheets opens as one of 80 does.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.core.paginator import Paginator
from django.db import connection
from django.http import QueryDict

from initiatives.filters import FACETS, NOWHERE, ORDERS, SORTS, InitiativeFilter
from initiatives.models import Condition, Initiative, Theme
from partners.models import Organisation
from places.models import Commune, Department, Epci
from rallynov import search

PAGE_SIZE = 24
MOST_CHANGES = 1000  # rows of directory_change, before they are forgotten
KEPT = 512  # queries whose counts are kept, in each process


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Choice:
    """A filter in force, and the query that lifts it."""

    title: str
    label: str
    without: str


class Directory:
    """What a query (`request.GET`) asks of the public directory."""

    def __init__(self, data):
        self.filter = InitiativeFilter(data, queryset=Initiative.objects.published())
        self.form = self.filter.form
        self.form.is_valid()
        asked = self.form.cleaned_data
        self.words = asked.get("q") or ""
        self.values = {name: asked[name] for name in TITLES if asked[name]}
        self.typed = data.get("q", "")
        wanted = data.get("tri", "")
        self.sort = wanted if wanted in self.sorts else next(iter(self.sorts))

    # Rows ----------------------------------------------------------------------------------------

    @property
    def published(self):
        return Initiative.objects.published()

    @cached_property
    def asked(self):
        return search.understand(self.words) if self.words else search.Question()

    @cached_property
    def question(self):
        """What is searched: what was asked, mended when nobody public answers to it."""
        if not self.asked or search.is_answered(self.asked, self.published):
            return self.asked
        return search.mend(self.asked, [self.published]) or self.asked

    @property
    def guesses(self):
        return self.question.guesses

    def rows_without(self, name):
        """The rows in no order, as if the filter `name` were lifted."""
        rows = self.filter.restrict(self.published, without=name)
        return rows.answering(self.question) if self.question and name != "q" else rows

    @property
    def rows(self):
        return self.rows_without("")

    @property
    def ordered(self):
        if self.sort == "pertinence":
            return self.rows.best_first(self.question)
        return self.rows.order_by(*ORDERS[self.sort])

    @property
    def sorts(self):
        return {name: label for name, label in SORTS.items() if self.asked or name != "pertinence"}

    # Counts --------------------------------------------------------------------------------------

    @cached_property
    def stamp(self):
        """What tells the present state of the directory from any other."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT directory_stamp()")
            return cursor.fetchone()[0]

    @property
    def count(self):
        return count_of(self.stamp, self.query())

    def counted(self, facet):
        return facet_of(self.stamp, self.query(), facet.name)

    @cached_property
    def facets(self):
        """`[(facet, [Option, …])]`: what a value of a facet would give, the others in force."""
        return [(facet, self.options(facet)) for facet in FACETS]

    def options(self, facet):
        chosen = self.values.get(facet.name, ())
        rows = self.counted(facet)
        counted = {value for value, _, _ in rows}
        lost = [(value, label_of(facet.name, value), 0) for value in chosen if value not in counted]
        return [
            Option(value, label, count, value in chosen) for value, label, count in [*rows, *lost]
        ]

    # Addresses -----------------------------------------------------------------------------------

    def query(self, *, words=None, without=None, **added):
        """The query that asks the same, in one order, or without the `(name, value)` given."""
        asked = QueryDict(mutable=True)
        if text := self.words if words is None else words:
            asked["q"] = text
        for name in sorted(self.values):
            asked.setlist(name, [v for v in self.values[name] if (name, v) != without])
        for name, value in added.items():
            asked[name] = value
        return asked.urlencode()

    @property
    def sorted_query(self):
        return self.query(**self.sort_parameter)

    @property
    def sort_parameter(self):
        return {} if self.sort == next(iter(self.sorts)) else {"tri": self.sort}

    @cached_property
    def choices(self):
        """The filters in force, the words included."""
        words = [Choice("", f"«\u202f{self.words}\u202f»", self.lifting(words=""))]
        values = [
            Choice(TITLES[name], self.chosen(name, value), self.lifting(without=(name, value)))
            for name, chosen in self.values.items()
            for value in chosen
        ]
        return [*(words if self.words else []), *values]

    @property
    def communes(self):
        return self.values.get("commune", ())

    @property
    def hidden(self):
        """What a new search keeps of this one: `[(name, value)]`."""
        return [(name, value) for name, values in self.values.items() for value in values]

    @property
    def in_words(self):
        """« vélo », Doubs, Mobilité: for a title."""
        return ", ".join(choice.label for choice in self.choices)

    def lifting(self, **changes):
        return self.query(**changes, **self.sort_parameter)

    def chosen(self, name, value):
        """A value out of its facet: « Lauréates 2014 » rather than « 2014 »."""
        return f"{PREFIXES.get(name, '')}{self.label(name, value)}"

    def label(self, name, value):
        """How a person names a value: the facet has counted it most of the time."""
        rows = self.counted(BY_NAME[name]) if name in BY_NAME else []
        return {row[0]: row[1] for row in rows}.get(value) or label_of(name, value)


BY_NAME = {facet.name: facet for facet in FACETS}
PREFIXES = {
    "laureat": "Lauréates ",
    "commune": "Commune\u202f: ",
    "arrivee": "Arrivées dans l’annuaire en ",
}
TITLES = {facet.name: facet.title for facet in FACETS} | {
    "commune": "Commune",
    "arrivee": "Arrivée dans l’annuaire",
}


@lru_cache(KEPT)
def count_of(stamp, query):
    """How many rows answer a query, while `stamp` lasts."""
    return Directory(QueryDict(query)).rows.count()


@lru_cache(KEPT * len(FACETS))
def facet_of(stamp, query, name):
    """`[(value, label, count)]` of a facet for a query, while `stamp` lasts."""
    return BY_NAME[name].count(Directory(QueryDict(query)).rows_without(name))


def label_of(name, value):
    """The label of a value that no row has now; itself when nothing has that name."""
    rows = {
        "theme": Theme.objects.filter(slug=value).values_list("name"),
        "departement": Department.objects.filter(pk=value).values_list("name"),
        "intercommunalite": Epci.objects.filter(pk=value).values_list("name"),
        "condition": Condition.objects.filter(slug=value).values_list("title"),
        "commune": Commune.objects.filter(pk=value).values_list("name"),
    }
    if name == "commune" and value == NOWHERE:
        return "non précisée"
    found = rows[name].first() if name in rows else None
    return found[0] if found else dict(Organisation.Kind.choices).get(value, value)


def forget_old_changes():
    """Keep the table of changes short. The stamp moves on, and never comes back to a former one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_change")
        if cursor.fetchone()[0] > MOST_CHANGES:
            cursor.execute("INSERT INTO directory_change DEFAULT VALUES RETURNING id")
            cursor.execute("DELETE FROM directory_change WHERE id < %s", cursor.fetchone())


# Pages -------------------------------------------------------------------------------------------


class DirectoryPaginator(Paginator):
    """Finds a page's keys first, then loads their cards: what is skipped is never loaded."""

    def __init__(self, directory):
        super().__init__(directory.ordered, PAGE_SIZE)
        self.directory = directory

    @cached_property
    def count(self):
        return self.directory.count

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = cards(self.directory.ordered, first, first + self.per_page)
        return self._get_page(rows, number, self)


def cards(ordered, first, last):
    keys = list(ordered.values_list("pk", flat=True)[first:last])
    rows = Initiative.objects.published().for_cards().in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
