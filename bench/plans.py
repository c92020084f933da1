"""What PostgreSQL plans for the directory's queries, on the initiatives that a database holds.

Run: python bench/plans.py   (in example mode, after `manage.py generate_initiatives 100000`; or
DATABASE_URL=… on a database of its own, so filled)

Prints, for each query, the milliseconds it took and its plan's nodes.
"""

import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rallynov.settings")

import django  # noqa: E402

from rallynov import embedded  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402

from initiatives.directory import Directory  # noqa: E402
from initiatives.filters import FACETS  # noqa: E402
from initiatives.models import Initiative  # noqa: E402
from rallynov.search import understand  # noqa: E402
from trophies.models import Laureate  # noqa: E402

QUESTIONS = ["", "theme=mobilite", "departement=25&structure=company", "q=cantine", "q=habitants"]


def queries():
    published = Initiative.objects.published()
    beginning = understand("canti").typing()
    yield "sheet", published.for_detail().filter(slug=published.last().slug)
    yield "far page", published.values_list("pk")[90_000:90_024]
    yield "newest", published.order_by("-published_at", "pk")[:30]
    yield "titles that begin so", published.titled(beginning)[:5]
    yield "laureates", Laureate.objects.published().for_cards()
    for question in QUESTIONS:
        directory = Directory(QueryDict(question))
        name = question or "everything"
        yield f"{name}: page", directory.ordered.values_list("pk", flat=True)[:24]
        yield f"{name}: count", directory.rows.order_by().values("pk")
        yield f"{name}: map", directory.rows.located()
        for facet in FACETS:
            yield f"{name}: {facet.name}", facet.counted(directory.rows_without(facet.name))


def nodes(plan):
    """The nodes of a plan, outermost first."""
    name = plan["Node Type"] + (f" {plan['Index Name']}" if "Index Name" in plan else "")
    return [name, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def main():
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    for name, query in queries():
        query.explain(analyze=True)  # read once: what is measured is in memory
        report = json.loads(query.explain(format="json", analyze=True))[0]
        print(f"{name}: {report['Execution Time']:.1f} ms")
        print("    " + " · ".join(nodes(report["Plan"])))


if __name__ == "__main__":
    with embedded.running() if embedded.is_used() else nullcontext():
        main()
