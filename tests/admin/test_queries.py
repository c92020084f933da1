"""Each list makes the same number of queries for one row and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from places.models import Commune
from rallynov import outbox
from tests import factories
from trophies.models import ConflictOfInterest

LISTS = {
    "news/newsitem": factories.make_news_item,
    "events/event": lambda: factories.make_event(commune=Commune.objects.first()),
    "initiatives/initiative": lambda: factories.make_initiative(themes=[factories.make_theme()]),
    "initiatives/theme": factories.make_theme,
    "initiatives/condition": factories.make_condition,
    "partners/organisation": factories.make_organisation,
    "partners/partnership": factories.make_partnership,
    "trophies/edition": factories.make_edition,
    "trophies/candidature": factories.make_deposited,
    "trophies/conflictofinterest": lambda: make_conflict(),
    "trophies/laureate": factories.make_laureate,
    "accounts/user": factories.make_user,
    "post_office/email": lambda: outbox.queue(to="a@rallynov.example", subject="S", text="T"),
}


def make_conflict():
    member = factories.make_jury_member()
    ConflictOfInterest.objects.create(
        user=member.user,
        candidature=factories.make_candidature(edition=member.edition),
        reason="Un ami.",
    )


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


def test_jury_page_makes_as_many_queries_for_three_files(client, sign_in):
    sign_in(is_superuser=True)
    edition = factories.make_reading_edition()
    factories.make_criterion(edition=edition)
    member = factories.make_jury_member(edition=edition)
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            file = factories.make_eligible(edition=edition)
            factories.make_evaluation(member.assignments.get(candidature=file), [3])
        closes_at = edition.jury_closes_at
        factories.end_readings(edition)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/admin/trophies/edition/{edition.pk}/jury/").status_code == 200
        counts.append(len(queries))
        edition.jury_closes_at = closes_at
        edition.save()
    assert counts[0] == counts[1]
    assert counts[0] <= 18
