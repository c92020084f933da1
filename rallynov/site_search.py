"""Search over the whole site: one question, understood once, answered group by group."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Value
from django.urls import reverse
from django.utils.html import strip_tags
from django.views.generic import TemplateView

from events.models import Event
from initiatives.directory import cards
from initiatives.filters import laureates, linked
from initiatives.models import Condition, Initiative, Theme
from initiatives.results import excerpt, mark, tokens_of, written
from news.models import NewsItem, Page
from partners.models import Organisation
from rallynov import search

FIRST_ROWS = 6
PAGE_SIZE = 20


# What is searched --------------------------------------------------------------------------------


def plain(html):
    """The words of what people wrote with the editor."""
    return unescape(strip_tags(html.replace("<", " <")))


def lines(ordered, first, last):
    return list(ordered[first:last])


@dataclass(frozen=True)
class Source:
    """Rows that the public may read; what a line of results says of one, what its page adds."""

    key: str
    title: str
    rows: Callable
    shown: Callable = lambda row: [row.title, row.summary]
    hidden: Callable = lambda row: [plain(row.body)]
    load: Callable = lines


def sheet_texts(sheet):
    return [sheet.title, sheet.summary, sheet.place]


def rewarded():
    return Initiative.objects.published().filter(linked(laureates()))


def organisations():
    return Organisation.objects.published().select_related("commune", "department")


SOURCES = [
    Source("initiatives", "Initiatives", Initiative.objects.published, sheet_texts, load=cards),
    Source("laureates", "Lauréates des trophées", rewarded, sheet_texts, load=cards),
    Source("actualites", "Actualités", NewsItem.objects.published),
    Source(
        "agenda",
        "Agenda",
        lambda: Event.objects.published().for_cards(),
        lambda event: [event.title, event.place, event.presence],
        lambda event: [event.summary, plain(event.description), event.venue],
    ),
    Source(
        "partenaires",
        "Partenaires",
        organisations,
        lambda organisation: [organisation.name],
        lambda organisation: [organisation.short_name, organisation.description],
    ),
    Source("pages", "Pages", Page.objects.all),
    Source("conditions", "Conditions favorables", Condition.objects.all),
]


def counts_of(question):
    """`{key of a source: how many of its rows answer}`, in one statement, without the zeros."""
    if not question:
        return {}
    counted = [
        source.rows()
        .answering(question)
        .order_by()
        .annotate(source=Value(source.key))
        .values("source")
        .annotate(count=Count("pk"))
        for source in SOURCES
    ]
    rows = counted[0].union(*counted[1:], all=True)
    return {row["source"]: row["count"] for row in rows if row["count"]}


# What is found -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    source: Source
    rows: list
    count: int
    more: str  # the address of all of them, where some are left out

    @property
    def key(self):
        return self.source.key

    @property
    def title(self):
        return self.source.title


class SearchForm(forms.Form):
    q = forms.CharField(
        required=False,
        max_length=search.LONGEST,
        error_messages={"max_length": f"Écrivez {search.LONGEST} caractères au plus."},
    )


class SiteSearch:
    """What a query (`request.GET`) asks of the site: `q`, and `dans` for one group alone."""

    def __init__(self, data):
        self.form = SearchForm(data)
        self.typed = data.get("q", "")
        self.words = self.form.cleaned_data["q"] if self.form.is_valid() else ""
        self.only = next((s for s in SOURCES[1:] if s.key == data.get("dans")), None)
        self.asked = search.understand(self.words) if self.words else search.Question()
        self.question, self.counts = self.answered()
        self.page = (
            Paginator(range(self.counts.get(self.only.key, 0)), PAGE_SIZE).get_page(
                data.get("page")
            )
            if self.only
            else None
        )

    def answered(self):
        """What is searched, mended when nothing public answers, and how many rows answer."""
        counts = counts_of(self.asked)
        if not self.asked or counts:
            return self.asked, counts
        mended = search.mend(self.asked, public_rows()) or self.asked
        return mended, counts_of(mended)

    @property
    def count(self):
        """The laureates are counted among the initiatives."""
        return sum(count for key, count in self.counts.items() if key != "laureates")

    @cached_property
    def groups(self):
        sources = [self.only] if self.only else SOURCES
        groups = [self.group(source) for source in sources if source.key in self.counts]
        dress(groups, self.question)
        return groups

    def group(self, source):
        first, last = 0, FIRST_ROWS
        if self.page:
            first, last = self.page.start_index() - 1, self.page.end_index()
        ordered = source.rows().answering(self.question).best_first(self.question)
        count = self.counts[source.key]
        is_whole = self.only or count <= last
        rows = source.load(ordered, first, last)
        return Group(source, rows, count, "" if is_whole else self.address_of(source))

    def address_of(self, source):
        """Where all the rows of a group are: for initiatives, the directory."""
        if source.key == "initiatives":
            return f"{reverse('initiatives:list')}?{urlencode({'q': self.words})}"
        return f"{reverse('search')}?{urlencode({'q': self.words, 'dans': source.key})}"

    @cached_property
    def guesses(self):
        """`[(word as typed, words searched instead)]`, as the first lines write them."""
        if not self.question.guesses:
            return []
        found = [(group.source, row) for group in self.groups for row in group.rows]
        excerpts = [row.excerpt for _, row in found]
        typed, shown = written(self.words), written(" ".join(texts_of(found, "shown") + excerpts))
        return [
            (typed.get(asked, asked), [shown.get(word, word) for word in instead])
            for asked, instead in self.question.guesses
        ]

    @property
    def known_words(self):
        """When nothing answers to several words: those that something knows."""
        words = [word.text for word in self.asked.words]
        return search.known_words(words, public_rows(), stems=True) if len(words) > 1 else []


def public_rows():
    return [source.rows() for source in SOURCES]


def dress(groups, question):
    """Give each row the words to mark, and an excerpt of its page when its line holds none."""
    found = [(group.source, row) for group in groups for row in group.rows]
    mark([row for source, row in found if source.load is cards], question)
    others = [(source, row) for source, row in found if source.load is not cards]
    marks = search.tokens_answering(question, texts_of(others, "shown"))
    silent = [pair for pair in others if not marks & tokens_of(texts_of([pair], "shown"))]
    marks |= search.tokens_answering(question, texts_of(silent, "hidden"))
    for _, row in others:
        row.marks, row.excerpt = marks, ""
    for source, row in silent:
        row.excerpt = excerpt(source.hidden(row), marks)


def texts_of(pairs, which):
    return [text for source, row in pairs for text in getattr(source, which)(row)]


class SiteSearchView(TemplateView):
    template_name = "search/search.html"

    def get_context_data(self, **kwargs):
        found = SiteSearch(self.request.GET)
        return super().get_context_data(
            search=found, page_obj=found.page, themes=Theme.objects.all(), **kwargs
        )
