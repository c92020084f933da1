"""Each list makes the same number of queries for one row and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from places.models import Commune
from rallynov import outbox
from tests import factories

LISTS = {
    "news/newsitem": factories.make_news_item,
    "events/event": lambda: factories.make_event(commune=Commune.objects.first()),
    "initiatives/initiative": lambda: factories.make_initiative(themes=[factories.make_theme()]),
    "initiatives/theme": factories.make_theme,
    "initiatives/condition": factories.make_condition,
    "partners/organisation": factories.make_organisation,
    "partners/partnership": factories.make_partnership,
    "trophies/edition": factories.make_edition,
    "trophies/laureate": factories.make_laureate,
    "accounts/user": factories.make_user,
    "post_office/email": lambda: outbox.queue(to="a@rallynov.example", subject="S", text="T"),
}


@pytest.mark.parametrize("name", LISTS)
def test_list_makes_as_many_queries_for_three_rows(client, sign_in, name):
    sign_in(is_superuser=True)
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            LISTS[name]()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/admin/{name}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 14
