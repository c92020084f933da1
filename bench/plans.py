"""What PostgreSQL plans for the public queries at 100 000 initiatives.

Run: DATABASE_URL=… python bench/plans.py   (an empty, migrated database that may be filled)

Prints, for each query, its plan's nodes, the milliseconds it took and the rows it read.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rallynov.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from initiatives.models import Initiative  # noqa: E402
from trophies.models import Laureate  # noqa: E402

ROWS = 100_000
FILL = """
INSERT INTO initiatives_initiative
    (title, slug, summary, need, response, people, effects, website, is_example, updated_at,
     published_at, commune_id, department_id)
SELECT 'Initiative ' || md5(n::text), 'initiative-' || n, 'Un résumé.', '', '', '', '', '', true,
       now(), now() - n * interval '1 minute', c.code, c.department_id
FROM generate_series(1, %s) AS n
JOIN (SELECT code, department_id, row_number() OVER (ORDER BY code) AS rank FROM places_commune) c
    ON c.rank = 1 + n %% 1692
ON CONFLICT DO NOTHING
"""


def queries():
    published = Initiative.objects.published()
    return {
        "directory, first page": published.for_cards()[:24],
        "directory, page 2 000": published.for_cards()[48_000:48_024],
        "sheet": published.for_detail().filter(slug="initiative-777"),
        "feed": published.order_by("-published_at", "pk")[:30],
        "map": published.located(),
        "laureates": Laureate.objects.published().for_cards(),
    }


def nodes(plan):
    """The nodes of a plan, outermost first."""
    name = plan["Node Type"] + (f" {plan['Index Name']}" if "Index Name" in plan else "")
    return [name, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def main():
    with connection.cursor() as cursor:
        cursor.execute(FILL, [ROWS])
        cursor.execute("VACUUM ANALYZE initiatives_initiative")
    for name, query in queries().items():
        report = json.loads(query.explain(format="json", analyze=True))[0]
        print(f"{name}: {report['Execution Time']:.1f} ms")
        print("    " + " · ".join(nodes(report["Plan"])))


if __name__ == "__main__":
    main()
