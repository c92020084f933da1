"""Which sheets are like another, and why: the same place, the same themes, close words.

Each kind of likeness gives a bounded number of candidates, by an index; the database then compares
these alone, so that 100 000 sheets cost little more than 80.
"""

from itertools import combinations

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchRank
from django.db import connection, models
from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from places.models import Commune
from rallynov.search import EMPTY_WORDS, STEM, column, tsquery

CANDIDATES = 30  # of each kind
PER_COMMUNE = 2  # in each commune of the intercommunality
MOST_WORDS = 8

# What each likeness weighs. A word that a title has in common weighs a little less than WORD.
MAIN_THEME, THEME, IN_COMMUNE, IN_EPCI, WORD = 3, 1, 3, 2, 2

# Stems of a title, then those that a summary adds.
TELLING_WORDS = """
SELECT %(stem)s || stem, bool_or(is_titled)
FROM (SELECT stem, word, true AS is_titled FROM search_words(%(title)s)
    UNION ALL SELECT stem, word, false FROM search_words(%(summary)s)) AS found
WHERE length(word) > 3 AND word <> ALL(%(empty)s)
GROUP BY stem ORDER BY bool_or(is_titled) DESC, length(stem) DESC, stem LIMIT %(most)s
"""


def telling_words(sheet):
    """`{stem: whether the title has it}` of what the sheet is about."""
    with connection.cursor() as cursor:
        parameters = {"stem": STEM, "empty": list(EMPTY_WORDS), "most": MOST_WORDS}
        texts = {"title": sheet.title, "summary": sheet.summary}
        cursor.execute(TELLING_WORDS, parameters | texts)
        return dict(cursor.fetchall())


def close_to(words):
    """In the language of tsquery: one of the title's words, or two of any."""
    titled = [word for word, is_titled in words.items() if is_titled]
    pairs = [f"({a} & {b})" for a, b in combinations(words, 2)]
    return " | ".join([*titled, *pairs])


class SimilarQuerySet(models.QuerySet):
    def similar_to(self, sheet):
        """The rows that are most like `sheet`, best first, annotated with what they share.

        `in_commune`, `in_epci` and `has_close_words` say it, and the themes that both show.
        """
        others = self.exclude(pk=sheet.pk)
        words = telling_words(sheet)
        near = [*others.near(sheet), others.newest(pk__in=others.keys_close_to(words))]
        return (
            others.filter(pk__in=near[0].union(*near[1:]))
            .with_likeness(sheet, words)
            .order_by("-score", "-published_at", "pk")
        )

    def keys_close_to(self, words):
        """Keys of rows whose title has close words, any of them: no more than needed is read.

        Materialised, so that the index is used whatever the planner expects of the LIMIT.
        """
        if not (close := close_to(words)):
            return []
        rows = self.filter(title_vector=tsquery(close)).order_by().values("pk")
        sql, parameters = rows.query.sql_with_params()
        limited = f"WITH found AS MATERIALIZED ({sql}) SELECT * FROM found LIMIT {CANDIDATES}"
        return column(limited, *parameters)

    def near(self, sheet):
        """Keys of rows in the same place, or of the same main theme."""
        if sheet.commune:
            yield self.newest(commune=sheet.commune)
            newest = ArraySubquery(self.newest(PER_COMMUNE, commune=OuterRef("pk")))
            around = Commune.objects.filter(epci=sheet.commune.epci_id).order_by()
            yield around.values(key=Func(newest, function="unnest"))
        if sheet.theme:
            yield self.newest(theme_links__theme=sheet.theme)

    def newest(self, most=CANDIDATES, **conditions):
        return self.filter(**conditions).order_by("-pk").values("pk")[:most]

    def with_likeness(self, sheet, words):
        place = Case(
            When(in_commune=True, then=IN_COMMUNE), When(in_epci=True, then=IN_EPCI), default=0
        )
        closeness = Case(When(has_close_words=True, then=words_shared(words)), default=0.0)
        epci = sheet.commune and sheet.commune.epci_id
        close = close_to(words)
        return self.annotate(
            in_commune=is_true(commune__isnull=False, commune=sheet.commune_id),
            in_epci=is_true(commune__epci__isnull=False, commune__epci=epci),
            has_close_words=is_true(title_vector=tsquery(close)) if close else Value(False),
            score=themes_shared(self.model, sheet) + place + closeness,
        )


def is_true(**conditions):
    return ExpressionWrapper(Q(**conditions), output_field=models.BooleanField())


def themes_shared(model, sheet):
    """The sum of what the themes in common weigh."""
    themes = [link.theme_id for link in sheet.theme_links.all()]
    links = model._meta.get_field("theme_links").related_model.objects.order_by()
    weight = Case(When(theme__in=themes[:1], then=MAIN_THEME), default=THEME)
    shared = links.filter(initiative=OuterRef("pk"), theme__in=themes).values("initiative")
    return Coalesce(Subquery(shared.annotate(weight=Sum(weight)).values("weight")), 0)


def words_shared(words):
    """About how many of the words a title holds."""
    rank = SearchRank(F("title_vector"), tsquery(" | ".join(words)), weights=[1, 1, 1, 1])
    return WORD * len(words) * rank


# In words ----------------------------------------------------------------------------------------


def similar_cards(sheet, rows, most):
    """`[(row, [reason, …])]`: the rows most like `sheet`, each with why, for people."""
    return [(row, reasons(row, sheet)) for row in rows.similar_to(sheet).for_cards()[:most]]


def reasons(row, sheet):
    return [
        reason for reason in (same_theme(row, sheet), same_place(row), close_words(row)) if reason
    ]


def same_theme(row, sheet):
    own = {link.theme_id for link in sheet.theme_links.all()}
    names = [link.theme.name for link in row.theme_links.all() if link.theme_id in own]
    if len(names) > 1:
        return f"mêmes thèmes\u202f: {', '.join(names)}"
    return f"même thème\u202f: {names[0]}" if names else ""


def same_place(row):
    if row.in_commune:
        return f"{at(row.commune.name)} aussi"
    return "dans la même intercommunalité" if row.in_epci else ""


def at(name):
    """« à Vesoul », « au Russey », « aux Fins »."""
    for article, contracted in (("Le ", "au"), ("Les ", "aux")):
        if name.startswith(article):
            return f"{contracted} {name.removeprefix(article)}"
    return f"à {name}"


def close_words(row):
    return "des mots proches" if row.has_close_words else ""
