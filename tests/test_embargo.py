"""Results come out at an instant, by comparison alone: one second before, nothing anywhere."""

import pytest
from django.urls import reverse

from initiatives.models import Initiative
from tests.factories import ago, ahead, make_archive, make_initiative, make_laureate, make_prize
from trophies.models import Laureate

SECRET = "Le grand prix secret"


@pytest.fixture
def laureate(db):
    edition = make_archive(year=2031, results_published_at=ago(seconds=1))
    return make_laureate(
        prize=make_prize(edition=edition, quantity=1),
        initiative=make_initiative(title="Les semeuses", slug="les-semeuses"),
        citation=SECRET,
    )


def move_results(laureate, instant):
    edition = laureate.prize.edition
    edition.results_published_at = instant
    edition.save()


def test_laureates_page_opens_at_the_instant(client, laureate):
    address = reverse("trophies:laureates", args=[2031])
    assert SECRET in client.get(address).content.decode()
    move_results(laureate, ahead(seconds=1))
    assert client.get(address).status_code == 404


def test_badge_is_on_the_sheet_from_the_instant(laureate):
    def years():
        return Initiative.objects.with_laureates().get(slug="les-semeuses").laureate_years

    assert years() == [2031]
    move_results(laureate, ahead(seconds=1))
    assert years() == []


def test_no_public_page_leaks_an_embargoed_laureate(client, laureate):
    addresses = [
        reverse("home"),
        reverse("initiatives:list"),
        reverse("initiatives:detail", args=["les-semeuses"]),
        reverse("initiatives:feed"),
        reverse("trophies:list"),
        reverse("trophies:edition", args=[2031]),
        reverse("sitemap"),
    ]
    marks = [SECRET, "/trophees/2031/laureats/", "Lauréate 2031", "lauréate 2031"]

    def leaks():
        pages = {address: client.get(address).content.decode() for address in addresses}
        return {a for a, text in pages.items() if any(mark in text for mark in marks)}

    assert leaks()  # something could leak
    move_results(laureate, ahead(seconds=1))
    assert leaks() == set()


def test_laureate_of_a_draft_edition_is_not_published(laureate):
    assert Laureate.objects.published().count() == 1
    edition = laureate.prize.edition
    edition.published_at = None
    edition.save()
    assert Laureate.objects.published().count() == 0
