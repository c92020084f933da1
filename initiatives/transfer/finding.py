"""Which sheet a line is about, and which ones it looks like."""

import json
import re

from django.db import connection
from django.db.models import Prefetch, Q

from initiatives.models import Initiative, InitiativeTheme, Support
from initiatives.transfer.matching import is_slip
from rallynov.search import EMPTY_WORDS

CLOSE = 0.8  # the share of the words of two titles that answer to one another
# Only a first choice, by the index on titles: words decide.
CLOSE_LETTERS = 0.2


class Claims:
    """Which line of the file has taken which sheet: in the database, as lines may be many."""

    def open(self):
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.import_claim")
            cursor.execute(
                "CREATE TEMPORARY TABLE import_claim"
                " (sheet bigint PRIMARY KEY, line int, is_named bool) ON COMMIT DROP"
            )
            cursor.execute(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(CLOSE_LETTERS)]
            )

    def add(self, lines):
        rows = [(line.sheet.pk, line.number, line.is_named) for line in lines]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO import_claim"
                " SELECT * FROM unnest(%s::bigint[], %s::int[], %s::bool[])",
                [list(column) for column in zip(*rows, strict=True)] or [[], [], []],
            )

    def of(self, keys):
        """`{sheet: (line, whether the line names it)}`"""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sheet, line, is_named FROM import_claim WHERE sheet = ANY(%s)", [list(keys)]
            )
            return {sheet: (line, is_named) for sheet, line, is_named in cursor.fetchall()}


# The sheet of a line -----------------------------------------------------------------------------


class Sheets:
    """The sheets that a batch of lines may be about, and who took them."""

    def __init__(self, lines, known, claims):
        slugs = {line.values["slug"] for line in lines if line.is_named}
        self.keys = title_keys(line.values.get("title", "") for line in lines)
        rows = known.sheets.filter(
            Q(slug__in=slugs) | Q(sort_key__in=set(self.keys.values()) - {""})
        )
        rows = list(whole(rows).order_by("pk"))
        self.by_slug = {row.slug: row for row in rows}
        self.by_key = {}
        for row in rows:
            self.by_key.setdefault(row.sort_key, []).append(row)
        # Taken, though the person sees nothing there: a new sheet gets an address near this one.
        self.hidden = set(
            Initiative.objects.filter(slug__in=slugs).values_list("slug", flat=True)
        ) - set(self.by_slug)
        self.claims = {row: line for row, (line, _) in claims.of(row.pk for row in rows).items()}
        self.named = {}

    def of(self, line):
        """The sheet of a line, taken by it; None for a new one."""
        slug = line.values.get("slug")
        sheet = self.by_slug.get(slug) if slug else None
        if sheet is None and (not slug or slug in self.hidden):
            sheet = next(self.same(line, slug), None)
        if slug:
            taken = self.claims.get(sheet.pk) if sheet else self.named.get(slug)
            if taken:
                line.refuse("slug", f"« {slug} » est déjà à la ligne {taken}.")
            self.named.setdefault(slug, line.number)
        if sheet and not line.reasons:
            self.claims[sheet.pk] = line.number
        return sheet

    def same(self, line, slug):
        """Same title, same place, same holder: an import played again finds what it wrote."""
        for row in self.by_key.get(self.keys[line.values.get("title", "")], []):
            is_near = not slug or re.fullmatch(rf"{re.escape(slug)}-\d+", row.slug)
            if (
                is_near
                and row.pk not in self.claims
                and has_same_place(row, line)
                and has_same_holder(row, line)
            ):
                yield row


def whole(rows):
    """With all that an import compares and an export writes."""
    return rows.select_related("commune__department", "department").prefetch_related(
        Prefetch("theme_links", InitiativeTheme.objects.select_related("theme")),
        Prefetch("supports", Support.objects.select_related("organisation")),
        "conditions",
    )


def title_keys(titles):
    """`{title: its alphabetical key}`, by the database."""
    titles = list(set(titles))
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, sort_key(title) FROM unnest(%s::text[]) AS title", [titles])
        return dict(cursor.fetchall())


def has_same_place(row, line):
    commune, department = line.values.get("commune"), line.values.get("department")
    if commune or row.commune_id:
        return bool(commune) and row.commune_id == commune.pk
    return row.department_id == (department.pk if department else None)


def has_same_holder(row, line):
    ours = {holder.pk for holder in line.values.get("holders", ())}
    theirs = {support.organisation_id for support in row.holders}
    return bool(ours & theirs) or not (ours or theirs)


# What a new line looks like ----------------------------------------------------------------------


# In the same commune, or held by the same organisation, or of the very same title where one of the
# two places is not known.
CANDIDATES = """
SELECT asked.number, close.id
FROM jsonb_to_recordset(%s) AS asked(number int, key text, commune text, holders bigint[])
CROSS JOIN LATERAL (
    SELECT id FROM initiatives_initiative
    WHERE commune_id = asked.commune AND sort_key %% asked.key
    UNION
    SELECT sheet.id FROM initiatives_support AS support
    JOIN initiatives_initiative AS sheet ON sheet.id = support.initiative_id
    WHERE support.organisation_id = ANY(asked.holders) AND sheet.sort_key %% asked.key
    UNION
    SELECT id FROM initiatives_initiative
    WHERE sort_key = asked.key AND (asked.commune IS NULL OR commune_id IS NULL)
) AS close
ORDER BY asked.number, close.id
"""
WORDS = """
SELECT title, ARRAY(SELECT ARRAY[word, coalesce(stem, '')] FROM search_words(title))
FROM unnest(%s::text[]) AS title
"""


class Resemblances:
    """For the new sheets of a batch: those that exist already, or stand earlier in the file."""

    def __init__(self, lines, known, claims, keys):
        asked = [
            {
                "number": line.number,
                "key": keys[line.values["title"]],
                "commune": line.values["commune"].pk if line.values.get("commune") else None,
                "holders": [row.pk for row in line.values.get("holders", ()) if row.pk],
            }
            for line in lines
        ]
        with connection.cursor() as cursor:
            cursor.execute(CANDIDATES, [json.dumps(asked)])
            pairs = cursor.fetchall()
        self.rows = known.sheets.in_bulk({row for _, row in pairs})
        self.pairs = {}
        for number, row in pairs:
            self.pairs.setdefault(number, []).append(row)
        self.claims = claims.of(self.rows)
        self.words = words_of(
            [*(row.title for row in self.rows.values()), *(line.values["title"] for line in lines)]
        )
        self.earlier = []  # the new lines before, duplicates left out

    def of(self, line):
        """What the line looks like, in words, and the sheet if it is one; or (None, None)."""
        for key in self.pairs.get(line.number, []):
            row = self.rows.get(key)
            if row and self.may_be(line, key) and self.are_close(line, row.title):
                return self.told(row), row
        for other in self.earlier:
            if (
                not (line.is_named and other.is_named)
                and is_beside(line, other)
                and self.are_close(line, other.values["title"])
            ):
                return f"Ressemble à la ligne {other.number}, « {other.values['title']} ».", None
        return None, None

    def may_be(self, line, key):
        """Two lines that each name their sheet are about two sheets."""
        return not (line.is_named and self.claims.get(key, (0, False))[1])

    def told(self, row):
        where = f"à la ligne {self.claims[row.pk][0]} et " if row.pk in self.claims else ""
        return f"Ressemble {where}à « {row.title} », {row.get_absolute_url()}."

    def are_close(self, line, title):
        return are_close(self.words[line.values["title"]], self.words[title])


def is_beside(line, other):
    ours, theirs = line.values, other.values
    if ours.get("commune") and ours["commune"] == theirs.get("commune"):
        return True
    if any(row in theirs.get("holders", ()) for row in ours.get("holders", ())):
        return True
    is_somewhere = ours.get("commune") and theirs.get("commune")
    return not is_somewhere and ours["title"].casefold() == theirs["title"].casefold()


def words_of(titles):
    """`{title: its words, each with its stem}`"""
    with connection.cursor() as cursor:
        cursor.execute(WORDS, [list(set(titles))])
        return dict(cursor.fetchall())


def are_close(ours, theirs):
    """Whether two titles say the same, but for a word in ten, an ending, a slip of the finger."""
    joined = ["".join(word for word, _ in words) for words in (ours, theirs)]
    if numbers_in(ours) != numbers_in(theirs) or not all(joined):
        return False
    if joined[0] == joined[1] or is_slip(*joined):
        return True
    ours, left = telling(ours), telling(theirs)
    total, shared = len(ours) + len(left), 0
    for word in ours:
        match = next((other for other in left if is_same_word(word, other)), None)
        if match:
            left.remove(match)
            shared += 1
    return 2 * shared / total >= CLOSE


def telling(words):
    return [word for word in words if word[0] not in EMPTY_WORDS] or list(words)


def numbers_in(words):
    return {word for word, _ in words if word.isdigit()}


def is_same_word(ours, theirs):
    return ours[0] == theirs[0] or (ours[1] and ours[1] == theirs[1]) or is_slip(ours[0], theirs[0])
