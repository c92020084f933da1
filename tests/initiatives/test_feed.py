"""The feed follows what somebody asked of the directory."""

import re

import pytest
from django.urls import reverse

from tests.factories import ago, ahead, make_initiative, make_theme

pytestmark = pytest.mark.django_db


def feed(client, query=""):
    response = client.get(reverse("initiatives:feed") + query)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return response.content.decode()


def titles(xml):
    return re.findall(r"<entry><title>([^<]*)", xml)


def test_newest_come_first_thirty_at_most(client):
    for number in range(31):
        make_initiative(title=f"N{number}", published_at=ago(hours=number + 1))
    make_initiative(title="À venir", published_at=ahead(hours=1))
    assert titles(feed(client)) == [f"N{number}" for number in range(30)]


def test_feed_of_a_question_says_it_and_leads_back_to_it(client):
    bike = make_theme(name="Mobilité", slug="velo")
    make_initiative(title="Atelier vélo", themes=[bike], department_id="25")
    make_initiative(title="Ailleurs", themes=[bike], department_id="39")
    xml = feed(client, "?departement=25&theme=velo&page=3")
    assert titles(xml) == ["Atelier vélo"]
    assert "les initiatives (Mobilité, Doubs)" in xml
    asked = "?departement=25&amp;theme=velo"
    assert f'/initiatives/{asked}" rel="alternate"' in xml
    assert f'/initiatives/flux.atom{asked}" rel="self"' in xml


def test_feed_of_everything_has_a_plain_address(client):
    xml = feed(client, "?theme=")
    assert '/initiatives/flux.atom" rel="self"' in xml
    assert "Filtre" not in xml
