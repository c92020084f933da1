import pytest
from django.urls import reverse

from tests.factories import ago, ahead, make_archive, make_edition

pytestmark = pytest.mark.django_db


def target(client):
    return client.get(reverse("trophies:apply-now")).url


def closed(**changes):
    dates = {"opens_at": ago(days=40), "closes_at": ago(days=1)}
    return make_edition(**dates | changes)


def test_candidater_leads_to_the_open_call(client):
    closed(year=2031)
    make_edition(year=2032)
    make_edition(year=2033, opens_at=ahead(days=20), closes_at=ahead(days=30))
    assert target(client) == reverse("trophies:apply", args=[2032])


def test_candidater_from_a_sheet_leads_to_the_start_of_an_open_call(client):
    address = f"{reverse('trophies:apply-now')}?initiative=le-car"
    make_edition(year=2033, opens_at=ahead(days=20), closes_at=ahead(days=30))
    assert client.get(address).url == reverse("trophies:apply", args=[2033])
    make_edition(year=2032)
    start = reverse("candidatures:start", args=[2032])
    assert client.get(address).url == f"{start}?initiative=le-car"


def test_candidater_leads_to_the_next_call(client):
    make_edition(year=2033, opens_at=ahead(days=20), closes_at=ahead(days=30))
    assert target(client) == reverse("trophies:apply", args=[2033])


def test_candidater_never_leads_to_a_closed_call(client):
    make_archive(year=2030)
    closed(year=2031)
    make_edition(year=2032, published_at=None)
    assert target(client) == reverse("trophies:list")


def test_closed_call_says_so(client):
    closed(year=2031)
    page = client.get(reverse("trophies:apply", args=[2031])).content.decode()
    assert "L’appel est clos" in page
    assert "Vous avez jusqu’au" not in page
