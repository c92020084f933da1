"""The directory's pages, timed on the initiatives that a database holds.

Run: python bench/directory.py   (in example mode, after `make run` and `manage.py
collectstatic`, `generate_initiatives N`; or DATABASE_URL=… on a database of its own)

Each page is asked of the whole application, in one process, without a network: warm, its counts
kept; cold, nothing kept. Prints a line for bench/README.md: milliseconds, median and 99th
percentile.
"""

import os
import random
import statistics
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rallynov.settings")

import django  # noqa: E402

from rallynov import embedded  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test import Client  # noqa: E402

from initiatives import directory, mapping  # noqa: E402
from initiatives.models import Initiative  # noqa: E402

TIMES = 200
chance = random.Random(2014)


def forget():
    for module in (directory, mapping):
        for found in vars(module).values():
            if hasattr(found, "cache_clear"):
                found.cache_clear()


def milliseconds(addresses, *, is_cold=False):
    """The times of the addresses, in ms, sorted; each answer is checked."""
    client = Client(SERVER_NAME="localhost", secure=settings.IS_HTTPS)
    times = []
    for address in addresses:
        if is_cold:
            forget()
        start = time.perf_counter()
        response = client.get(address)
        times.append(1000 * (time.perf_counter() - start))
        assert response.status_code == 200, (address, response.status_code)
    return sorted(times)


def searched(texts):
    """The times of the search alone, in ms, sorted: understood, mended, counted, ordered."""
    times = []
    for text in texts:
        start = time.perf_counter()
        found = directory.Directory(QueryDict(urlencode({"q": text})))
        list(found.ordered.values_list("pk", flat=True)[: directory.PAGE_SIZE])
        found.rows.count()
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)


def told(name, times):
    high = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"| {name} | {statistics.median(times):.0f} | {high:.0f} |", flush=True)


def slip(word):
    """The word with a letter less, or two swapped."""
    place = chance.randrange(1, len(word) - 1)
    if chance.random() < 0.5:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def names_of(rows):
    """The word that few other titles have: the first of an invented title."""
    return [max(row.title.partition(",")[0].split(), key=len) for row in rows]


def main():
    rows = list(Initiative.objects.published().order_by("?")[:TIMES])
    names = names_of(rows)
    total = Initiative.objects.published().count()
    pages = {
        "home": ["/"] * 50,
        "home, cold": ["/"] * 10,
        "list": ["/initiatives/"] * TIMES,
        "list, cold": ["/initiatives/"] * 10,
        "one facet": ["/initiatives/?theme=mobilite"] * TIMES,
        "one facet, cold": ["/initiatives/?theme=mobilite&departement=25"] * 10,
        "last page": ["/initiatives/?page=999999"] * 20,
        "sheet": [row.get_absolute_url() for row in rows],
        "map": ["/initiatives/carte/"] * 50,
        "map, cold": ["/initiatives/carte/"] * 10,
        "map of a department": ["/initiatives/carte/?departement=39"] * 50,
        "duplicates while typing": [
            f"/initiatives/proposer/proches/?{urlencode({'title': row.title})}" for row in rows
        ],
        "search, a name": [f"/initiatives/?q={name}" for name in names],
        "search, common word": ["/initiatives/?q=habitants"] * 20,
        "search, common word, cold": ["/initiatives/?q=habitants"] * 10,
        "search, typing error": [f"/initiatives/?q={slip(n)}" for n in names if len(n) > 4],
        "suggestions": [f"/recherche/suggestions/?q={name[:4]}" for name in names],
    }
    milliseconds(["/initiatives/"] * 5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_word")
        print(f"{total} initiatives, {cursor.fetchone()[0]} words")
    for name, addresses in pages.items():
        told(name, milliseconds(addresses, is_cold="cold" in name))
    told("the search alone, a name", searched(names))
    told("the search alone, typing error", searched([slip(n) for n in names if len(n) > 4]))


if __name__ == "__main__":
    with embedded.running() if embedded.is_used() else nullcontext():
        main()
