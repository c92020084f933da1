"""Search in French: what a question means, which rows answer it, which words to mark.

`search.sql` holds the normalisation, the same for rows and questions. A row answers when it has
every word of the question, as typed or by its stem. When no public row does, words that no public
row knows are mended: one typing error (Damerau-Levenshtein distance 1), else a beginning.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

SQL = (Path(__file__).parent / "search.sql").read_text(encoding="utf-8")

LONGEST = 200  # characters of a question
MOST_WORDS = 12
SHORTEST_MENDED = 3
MOST_MENDINGS = 6

# Words that a question may hold and an answer need not.
EMPTY_WORDS = frozenset(
    re.split(
        " ",
        "a ai au aux avec c ce ces cet cette chez d dans de des du elle elles en est et etre eux "
        "il ils j je l la le les leur leurs lui m ma mais me mes mon n ne nos notre nous on ont ou "
        "par pas pour qu que qui s sa sans se ses son sont sous sur t ta te tes ton tu un une vers "
        "vos votre vous y",
    )
)

STEM = "zq"  # what search.sql sets before a stem


@dataclass(frozen=True)
class Word:
    """A word of a question, in its search form, and what an answer may hold in its place."""

    text: str
    stem: str
    # The word made with the next one, and its stem: « co voiturage », « covoiturage ».
    joined: str = ""
    joined_stem: str = ""
    # What is searched instead, once mended: pairs of a word and its stem.
    instead: tuple = ()
    is_beginning: bool = False

    @property
    def forms(self):
        return self.instead or ((self.text, self.stem),)

    @property
    def exact(self):
        star = ":*" if self.is_beginning else ""
        return any_of(f"{text}{star}" for text, _ in self.forms)

    @property
    def loose(self):
        return any_of([self.exact, *(f"{STEM}{stem}" for _, stem in self.forms)])


def any_of(parts):
    return f"({' | '.join(parts)})"


@dataclass(frozen=True)
class Question:
    """What somebody typed, understood. Two questions of the same words are equal."""

    words: tuple = ()

    def __bool__(self):
        return bool(self.words)

    @property
    def exact(self):
        return tsquery(self.every_word("exact"))

    @property
    def loose(self):
        return tsquery(self.every_word("loose"))

    def every_word(self, form):
        """In the language of tsquery: every word, or every word with two neighbours made one."""
        words = [getattr(word, form) for word in self.words]
        ways = [words]
        for place, word in enumerate(self.words[:-1]):
            if word.joined and not word.instead:
                ways.append([*words[:place], getattr(self.one(place), form), *words[place + 2 :]])
        return any_of(" & ".join(way) for way in ways)

    def one(self, place):
        """The word at `place` made one with the next."""
        word, following = self.words[place : place + 2]
        return Word(word.joined, word.joined_stem, is_beginning=following.is_beginning)

    @property
    def some_word(self):
        """In the language of tsquery: whatever should be marked in an answer."""
        joined = [self.one(place).loose for place in range(len(self.words) - 1)]
        return any_of([*(word.loose for word in self.words), *joined])

    @property
    def guesses(self):
        """The words that were mended, with what is searched instead."""
        return [
            (word.text, [text for text, _ in word.instead]) for word in self.words if word.instead
        ]

    def typing(self):
        """The same, the last word being only begun."""
        if not self.words:
            return self
        return Question((*self.words[:-1], replace(self.words[-1], is_beginning=True)))


def tsquery(text):
    return SearchQuery(text, search_type="raw", config="simple")


def understand(text):
    """The question that `text` asks; an empty one for text without words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, stem, joined, joined_stem FROM search_words(%s)", [text[:LONGEST]]
        )
        words = [Word(*(value or "" for value in row)) for row in cursor.fetchall()[:MOST_WORDS]]
    telling = [word for word in words if word.text not in EMPTY_WORDS]
    return Question(tuple(telling or words))


class SearchableQuerySet(models.QuerySet):
    """Rows with a `search_vector`, and a `title_vector` for their title alone."""

    def answering(self, question):
        return self.filter(search_vector=question.loose)

    def titled(self, question):
        return self.filter(title_vector=question.loose)

    def best_first(self, question):
        """Words as typed before stems, titles before texts."""
        exact = self.model.objects.filter(search_vector=question.exact).order_by().values("pk")
        return self.annotate(
            is_exact=models.ExpressionWrapper(Q(pk__in=exact), models.BooleanField()),
            rank=SearchRank(F("title_vector"), question.loose),
        ).order_by("-is_exact", "-rank", "sort_key", "pk")


# The columns -------------------------------------------------------------------------------------


class Form(Func):
    function = "search_form"
    output_field = models.TextField()


class Plain(Func):
    function = "search_plain"
    output_field = models.TextField()


class Vector(Func):
    function = "search_vector"
    output_field = SearchVectorField()


def search_vector_field(*names, rich=()):
    """A column that the database derives from columns of the same row, some of rich text."""
    parts = [*(F(name) for name in names), *(Plain(F(name)) for name in rich)]
    spaced = [part for each in parts for part in (Value(" "), each)]
    return vector_field(Form(Concat(*spaced, output_field=models.TextField())))


def vector_field(form):
    return models.GeneratedField(
        expression=Vector(form), output_field=SearchVectorField(), db_persist=True
    )


def search_indexes(name):
    """Without a list of pending entries, which every search would have to read."""
    return [
        GinIndex(fields=["search_vector"], fastupdate=False, name=f"{name}_search"),
        GinIndex(fields=["title_vector"], fastupdate=False, name=f"{name}_titles"),
    ]


def learn_words(table):
    """SQL that keeps the words of a table with a `search_vector`, and its reverse."""
    create = "".join(
        f"CREATE TRIGGER learn_words_at_{event} AFTER {event} ON {table} "
        "REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_learn();"
        for event in ("insert", "update")
    )
    drop = "".join(
        f"DROP TRIGGER learn_words_at_{event} ON {table};" for event in ("insert", "update")
    )
    return create, drop


# Mending -----------------------------------------------------------------------------------------


def mend(question, sources):
    """The same question, the words that no row of `sources` knows replaced; None if hopeless.

    `sources` are querysets of what the public may read: no word of anything else is proposed.
    """
    known = known_words([word.text for word in question.words], sources, stems=True)
    words = []
    for word in question.words:
        if word.text not in known:
            word = mended(word, sources)
        words.append(word)
    if any(word is None for word in words) or words == list(question.words):
        return None
    return Question(tuple(words))


def mended(word, sources):
    candidates = [found for found in slips_of(word.text) if is_one_slip(word.text, found)]
    readable = known_words(candidates, sources) or known_words(longer(word.text), sources)
    if not readable:
        return None
    stems = stems_of(readable)
    instead = tuple((text, stems[text]) for text in readable[:MOST_MENDINGS])
    return replace(word, instead=instead)


def slips_of(word):
    if len(word) < SHORTEST_MENDED:
        return []
    return column(
        "SELECT word FROM search_word WHERE slips && search_slips(%s) ORDER BY word LIMIT 200", word
    )


def longer(word):
    if len(word) < SHORTEST_MENDED:
        return []
    return column(
        "SELECT word FROM search_word WHERE word LIKE %s ORDER BY length(word), word LIMIT 20",
        f"{word}%",
    )


def stems_of(words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, search_stem(word) FROM unnest(%s::text[]) AS word", [words])
        return dict(cursor.fetchall())


def column(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def known_words(words, sources, *, stems=False):
    """Those of `words` that some row holds, as they are or (`stems`) by their stem."""
    form = stems_of(words) if stems else {}
    found = held({w: Word(w, form[w]).loose if stems else w for w in words}, sources)
    return [word for word in words if word in found]


def held(queries, sources):
    """The names of those `queries` (texts of tsquery by name) that some row answers."""
    probes = [
        (name, rows.filter(search_vector=tsquery(text)))
        for name, text in queries.items()
        for rows in sources
    ]
    return set(first_rows(probes))


def is_answered(question, rows):
    return bool(first_rows([("", rows.answering(question))]))


def first_rows(probes):
    """The names of those `(name, rows)` that have a row, in one statement.

    A LIMIT makes the planner read the whole table in the hope of meeting a row soon; a materialised
    part is planned for all its rows, by the index, and still read no further than the first.
    """
    parts, parameters = [], []
    for name, rows in probes:
        sql, own = rows.order_by().values("pk").query.sql_with_params()
        parts.append(f"(WITH found AS MATERIALIZED ({sql}) SELECT %s FROM found LIMIT 1)")
        parameters += [*own, name]
    return column(" UNION ALL ".join(parts), *parameters) if parts else []


def is_one_slip(a, b):
    """Whether one letter more, less or other, or two neighbours swapped, makes `b` of `a`."""
    if len(a) > len(b):
        a, b = b, a
    place = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[place:] == b[place + 1 :]
    swapped = b[place : place + 2][::-1]
    return a[place + 1 :] == b[place + 1 :] or (
        a[place : place + 2] == swapped and a[place + 2 :] == b[place + 2 :]
    )


def forget_lost_words(sources, *, part, parts):
    """Forget the words that no row of `sources` holds any more, in one of `parts` equal parts."""
    words = column("SELECT word FROM search_word WHERE abs(hashtext(word)) %% %s = %s", parts, part)
    lost = set(words) - held({word: word for word in words}, sources)
    column("DELETE FROM search_word WHERE word = ANY(%s) RETURNING word", list(lost))


# Marking -----------------------------------------------------------------------------------------

TOKEN = re.compile(r"\w+(?:[’'‑-]\w+)*")
PARTS = re.compile(r"\w+")


def tokens_answering(question, texts):
    """The tokens of `texts`, as they are written, that the question found: to be marked."""
    initials = {text[0] for word in question.words for text in [word.text, *dict(word.forms)]}
    found = {token for text in texts for token in TOKEN.findall(text)}
    # The database looks at those alone that begin as a word of the question does: one in ten.
    tokens = [token for token in found if initials & initials_of(token)]
    if not tokens:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token FROM unnest(%s::text[]) AS token "
            "WHERE search_vector(search_form(token)) @@ to_tsquery('simple', %s)",
            [tokens, question.some_word],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def initials_of(token):
    """« L’Œuvre » → l, o: the first letters of its parts, as their search form has them."""
    firsts = [part[0].lower().translate({0x153: "o", 0xE6: "a"}) for part in PARTS.findall(token)]
    return {unicodedata.normalize("NFKD", first)[0] for first in firsts}
