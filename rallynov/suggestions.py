"""What a search field suggests while somebody types: sheets by title, communes, themes."""

from functools import reduce
from operator import and_, or_
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.db.models.lookups import StartsWith
from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control

from initiatives.models import Initiative, Theme
from places.models import Commune
from rallynov.numbers import number
from rallynov.search import LONGEST, Form, Question, mend, tokens_answering, understand
from rallynov.sorting import SortKey

SHORTEST = 2
MOST_TITLES, MOST_COMMUNES, MOST_THEMES = 5, 3, 2
AFTER_ALL = "z" * 20  # sorts after whatever may follow the beginning of a title


# What is suggested changes with every publication, at its second.
@cache_control(public=True, no_cache=True)
def suggestions(request):
    text = request.GET.get("q", "").replace("\0", " ").strip()
    question = understand(text).typing() if SHORTEST <= len(text) <= LONGEST else Question()
    items = suggested(question, text)
    if question and not items:
        question = mend(question, [Initiative.objects.published()]) or Question()
        items = suggested(question, " ".join(word.forms[0][0] for word in question.words))
    marks = tokens_answering(question, [item["label"] for item in items])
    return JsonResponse({"items": items, "marks": sorted(marks)})


def suggested(question, text):
    if not question:
        return []
    sheets = titles(question, SortKey(Value(text)))
    return [
        *(suggestion(sheet.title, "Initiative", sheet.get_absolute_url()) for sheet in sheets),
        *(in_commune(commune) for commune in communes(question)),
        *(suggestion(t.name, "Thème", listed(theme=t.slug)) for t in themes(question)),
    ]


def suggestion(label, kind, url):
    return {"label": label, "kind": kind, "url": url}


def in_commune(commune):
    kind = f"Commune, {number(commune.count)} fiche{'s' if commune.count > 1 else ''}"
    return suggestion(commune.name, kind, listed(commune=commune.pk))


def listed(**query):
    return f"{reverse('initiatives:list')}?{urlencode(query)}"


def titles(question, start):
    """Titles that begin with `start`, then those that hold the words."""
    published = Initiative.objects.published().only("title", "slug").order_by("sort_key", "pk")
    # Both ends are for the index, which reads no further than the first titles it finds.
    beginning = published.filter(
        sort_key__gte=start,
        sort_key__lt=Concat(start, Value(AFTER_ALL)),
        sort_key__startswith=start,
    )
    found = [*beginning[:MOST_TITLES], *published.titled(question)[:MOST_TITLES]]
    return list(dict.fromkeys(found))[:MOST_TITLES]


def communes(question):
    """Communes that have sheets: those that begin with the first word, then the largest."""
    begins_so = StartsWith(F("sort_key"), question.words[0].forms[0][0])
    sheets = Initiative.objects.published().filter(commune=OuterRef("pk")).order_by()
    count = sheets.values("commune").annotate(count=Count("pk")).values("count")
    return (
        Commune.objects.filter(begins("sort_key", question), Exists(sheets))
        .annotate(count=Subquery(count))
        .order_by(begins_so.desc(), F("population").desc(nulls_last=True), "pk")[:MOST_COMMUNES]
    )


def themes(question):
    sheets = Initiative.objects.published().filter(theme_links__theme=OuterRef("pk"))
    named = Theme.objects.alias(form=Form("name"))
    return named.filter(begins("form", question), Exists(sheets))[:MOST_THEMES]


def begins(name, question):
    """Every word of the question begins a word of the column `name`."""
    return reduce(and_, (begins_one(name, word) for word in question.words))


def begins_one(name, word):
    texts = [text for text, _ in word.forms]
    starts = [Q(**{f"{name}__startswith": text}) for text in texts]
    inside = [Q(**{f"{name}__contains": f" {text}"}) for text in texts]
    return reduce(or_, [*starts, *inside])
