"""The page of a partner: what it supported, year by year."""

import json
import re

import pytest
from django.urls import reverse

from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_edition,
    make_event,
    make_initiative,
    make_laureate,
    make_organisation,
    make_partnership,
    make_prize,
)
from tests.html import Html

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    partner = make_organisation(name="Fondation du Verger", short_name="Le Verger", website="")
    make_partnership(organisation=partner, year=2030, kind="funder", role="Elle dote deux prix.")
    return partner


def page(client, partner):
    return client.get(partner.get_absolute_url())


def record(client, partner):
    return page(client, partner).context["record"]


def years(client, partner):
    return [year.number for year in record(client, partner).years]


def test_partner_who_has_only_come_is_told_so(client, partner):
    text = page(client, partner).content.decode()
    assert "prendra place ici" in text
    assert record(client, partner).told == "1 année avec nous"
    assert "Finance." in text
    assert "Elle dote deux prix." in text


def test_organisation_that_never_was_a_partner_has_no_page(client):
    assert client.get(make_organisation().get_absolute_url()).status_code == 404


def test_years_come_newest_first_and_are_counted_in_words(client, partner):
    make_partnership(organisation=partner, year=2028)
    prize = make_prize(edition=make_archive(year=2029), funder=partner, quantity=2)
    laureate = make_laureate(prize=prize)
    event = make_event(starts_at=ago(days=3), edition_year=2031)
    event.organisation_links.create(organisation=partner, role="host")
    event.organisation_links.create(organisation=partner, role="organiser")
    alone = make_initiative(holder=partner)
    found = record(client, partner)
    assert years(client, partner) == [2031, 2030, 2029, 2028]
    assert [year.told for year in found.years] == [
        "1 rendez-vous", "", "2 prix financés, 1 lauréat", "",
    ]  # fmt: skip
    assert found.told == (
        "2 années avec nous, 2 prix financés, 1 initiative lauréate, 1 autre initiative, "
        "1 rendez-vous"
    )
    assert found.initiatives == [alone]
    assert found.years[2].laureates == [laureate.initiative]
    text = page(client, partner).content.decode()
    assert "accueille, organise" in text
    assert f'href="{reverse("trophies:edition", args=[2029])}"' in text
    assert f'href="{reverse("trophies:edition", args=[2031])}"' not in text


def test_initiative_that_it_stands_by_is_at_the_year_of_its_prize(client, partner):
    initiative = make_initiative(holder=partner)
    for year in (2027, 2028):
        make_laureate(initiative=initiative, prize=make_prize(edition=make_archive(year=year)))
    found = record(client, partner)
    assert [y.number for y in found.years if y.laureates] == [2028, 2027]
    assert found.initiatives == []
    assert "1 initiative lauréate" in found.told


def test_only_what_is_published_is_told(client, partner):
    prize = make_prize(edition=make_edition(year=2032, published_at=None), funder=partner)
    draft = make_initiative(published_at=None, holder=partner)
    event = make_event(published_at=ahead(days=2))
    event.organisation_links.create(organisation=partner, role="host")
    text = page(client, partner).content.decode()
    assert years(client, partner) == [2030]
    assert not any(word in text for word in [prize.name, draft.title, event.title])


def test_prize_tells_who_has_it_at_the_instant_of_the_results(client, partner):
    edition = make_edition(year=2033, results_published_at=ahead(days=90))
    laureate = make_laureate(prize=make_prize(edition=edition, funder=partner))
    before = page(client, partner).content.decode()
    assert laureate.prize.name in before
    assert laureate.initiative.title not in before
    laureate.delete()
    assert page(client, partner).content.decode() == before
    dates = {"closes_at": ago(days=20), "jury_opens_at": None, "jury_closes_at": None}
    laureate.save()
    type(edition).objects.filter(pk=edition.pk).update(**dates, results_published_at=ago(seconds=1))
    assert laureate.initiative.title in page(client, partner).content.decode()


def test_linked_data_name_the_partner_without_what_is_unknown(client, partner):
    text = page(client, partner).content.decode()
    data = json.loads(re.search(r"ld\+json\">(.*?)</script>", text)[1])
    assert data["@type"] == "Organization"
    assert (data["name"], data["alternateName"]) == ("Fondation du Verger", "Le Verger")
    assert not {"address", "sameAs", "description"} & set(data)
    assert Html(text).first("h1") is not None
