"""Which sheets somebody may be about to propose again: found while typing, forgiving of slips."""

from dataclasses import replace
from itertools import combinations

from initiatives.models import Initiative
from initiatives.transfer.finding import is_same_word, telling, words_of
from rallynov.search import any_of, column, known_words, mended, tsquery, understand

MOST = 5
SHORTEST = 3  # characters of a title that says something
CANDIDATES = 40  # of each kind, by an index
MOST_WORDS = 8
# The share of the words of two titles that answer to one another; less in the same commune.
CLOSE, CLOSE_IN_COMMUNE = 0.5, 0.34


def close_sheets(title, *, commune=None, website="", rows=None):
    """The rows (by default those that the public reads) that may be what is proposed."""
    rows = Initiative.objects.published() if rows is None else rows
    title = title.replace("\0", " ").strip()
    if len(title) < SHORTEST:
        return []
    keys = {*close_by_words(title, rows), *close_by_letters(title, rows), *same_site(website, rows)}
    found = list(rows.filter(pk__in=keys).for_cards())
    words = words_of([title, *(sheet.title for sheet in found)])
    scores = {sheet: likeness(title, sheet, commune, website, words) for sheet in found}
    found = [sheet for sheet in found if scores[sheet]]
    return sorted(found, key=lambda sheet: (-scores[sheet], sheet.sort_key, sheet.pk))[:MOST]


# Candidates, few, each by an index ----------------------------------------------------------------


def close_by_words(title, rows):
    """Two words in common, or the only one; words that the public reads nowhere are mended."""
    words = mend_words(understand(title).words[:MOST_WORDS])
    if not words:
        return []
    pairs = [f"({a.loose} & {b.loose})" for a, b in combinations(words, 2)]
    query = any_of(pairs or [words[0].loose])
    found = rows.filter(title_vector=tsquery(query)).order_by().values("pk")
    sql, parameters = found.query.sql_with_params()
    # Materialised: see `similar.keys_close_to`.
    limited = f"WITH found AS MATERIALIZED ({sql}) SELECT * FROM found LIMIT {CANDIDATES}"
    return column(limited, *parameters)


def mend_words(words):
    """The last word may be only begun."""
    sources = [Initiative.objects.published()]
    known = known_words([word.text for word in words], sources, stems=True)
    told = [w if w.text in known else mended(w, sources) or w for w in words]
    return [*told[:-1], replace(told[-1], is_beginning=True)] if told else []


def close_by_letters(title, rows):
    """By the trigrams of whole titles: « co voiturage », « Le bus dse aidants »."""
    close = column(
        "SELECT id FROM initiatives_initiative WHERE sort_key %% sort_key(%s)"
        " ORDER BY sort_key <-> sort_key(%s) LIMIT %s",
        title,
        title,
        CANDIDATES,
    )
    return rows.filter(pk__in=close).order_by().values_list("pk", flat=True)


def same_site(website, rows):
    addresses = variants(website)
    if not addresses:
        return []
    found = rows.filter(website__in=addresses).order_by()
    return found.values_list("pk", flat=True)[:CANDIDATES]


def variants(website):
    """One address with and without its « s », its « www. », its last slash."""
    bare = website.strip().lower().partition("://")[2].removeprefix("www.").rstrip("/")
    if not bare:
        return []
    hosts = [bare, f"www.{bare}"]
    return [f"{s}://{h}{end}" for s in ("https", "http") for h in hosts for end in ("", "/")]


# Which of them ------------------------------------------------------------------------------------


def likeness(title, sheet, commune, website, words):
    """From 0, another initiative, to 2; `words` has those of both titles."""
    if sheet.website and sheet.website in variants(website):
        return 2
    is_near = commune is not None and sheet.commune_id == commune.pk
    share = shared_words(words[title], words[sheet.title])
    if share < (CLOSE_IN_COMMUNE if is_near else CLOSE):
        return 0
    return share + (0.5 if is_near else 0)


def shared_words(ours, theirs):
    """The share of two titles' words that answer to one another, but for an ending or a slip."""
    own, left = telling(ours), telling(theirs)
    total, shared = len(own) + len(left), 0
    for place, word in enumerate(own, start=1):
        is_last = place == len(own)
        match = next((other for other in left if answers(word, other, is_last)), None)
        if match:
            left.remove(match)
            shared += 1
    return 2 * shared / total if total else 0


def answers(word, other, is_last):
    """The last word of what is being typed may be only begun."""
    is_begun = is_last and len(word[0]) >= SHORTEST and other[0].startswith(word[0])
    return is_begun or is_same_word(word, other)
