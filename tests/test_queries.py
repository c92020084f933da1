"""Every list makes the same number of queries for one row and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    ago,
    make_archive,
    make_condition,
    make_edition,
    make_event,
    make_figure,
    make_initiative,
    make_laureate,
    make_news_item,
    make_organisation,
    make_partnership,
    make_photo,
    make_prize,
    make_theme,
)


def fill(year):
    """One row of everything that a page may show, tied together."""
    holder = make_organisation()
    initiative = make_initiative(themes=[make_theme(), make_theme()], holder=holder)
    initiative.conditions.add(make_condition(scope="enterprise"), make_condition(scope="territory"))
    make_photo(initiative)
    edition = make_archive(year=year)
    make_figure(edition=edition)
    make_laureate(initiative=initiative, prize=make_prize(edition=edition))
    make_edition(year=year + 40)
    make_photo(make_news_item(initiative=initiative))
    partner = make_partnership(organisation=holder, year=2030).organisation
    for starts_at in [ago(days=20), ago(days=-20)]:
        event = make_event(starts_at=starts_at)
        event.organisation_links.create(organisation=partner, role="host")
        event.speakers.create(name="Anne Exemple")
    return initiative, edition, event, partner


def with_another_like_it(initiative):
    make_initiative(themes=initiative.themes.all())
    return initiative


ADDRESSES = {
    "home": (lambda rows: reverse("home"), 12),
    # One statement for each facet, when nothing is kept of them.
    "initiatives": (lambda rows: reverse("initiatives:list"), 16),
    "map": (lambda rows: reverse("initiatives:map"), 16),
    "sheet": (lambda rows: with_another_like_it(rows[0]).get_absolute_url(), 13),
    "conditions": (lambda rows: reverse("conditions"), 8),
    "condition": (lambda rows: rows[0].conditions.first().get_absolute_url(), 8),
    "editions": (lambda rows: reverse("trophies:list"), 8),
    "edition": (lambda rows: rows[1].get_absolute_url(), 12),
    "laureates": (lambda rows: reverse("trophies:laureates", args=[rows[1].year]), 9),
    "agenda": (lambda rows: reverse("events:list"), 8),
    "event": (lambda rows: rows[2].get_absolute_url(), 8),
    "news": (lambda rows: reverse("news:list"), 8),
    "news item": (lambda rows: rows[0].news.first().get_absolute_url(), 8),
    "partners": (lambda rows: reverse("partners:list"), 8),
    "partner": (lambda rows: rows[3].get_absolute_url(), 12),
    "search": (lambda rows: f"{reverse('search')}?q=initiative", 20),
    "suggestions": (lambda rows: f"{reverse('search-suggestions')}?q=init", 8),
    "site map": (lambda rows: reverse("site-map"), 8),
    "news feed": (lambda rows: reverse("news:feed"), 8),
    "initiatives feed": (lambda rows: reverse("initiatives:feed"), 8),
}


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ADDRESSES)
def test_number_of_queries_is_constant_and_small(client, page):
    address, limit = ADDRESSES[page]
    rows = fill(2011)
    with_one = queries(client, address(rows))
    fill(2012)
    fill(2013)
    assert queries(client, address(rows)) == with_one <= limit
