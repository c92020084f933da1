"""What a first user of the admin stumbled on, and does no more."""

import pytest

from news.models import NewsItem
from rallynov.richtext import clean_html
from tests import factories
from tests.admin.test_editing import ADD_NEWS, news_values


@pytest.mark.parametrize("publication", ["draft", "now"])
def test_typed_date_is_never_ignored(client, team, publication):
    values = news_values(
        client, publication=publication, published_at_0="01/03/2090", published_at_1="08:30"
    )
    page = client.post(ADD_NEWS, values).content.decode()
    assert "Pour publier à cette date" in page
    assert not NewsItem.objects.exists()


def test_scheduling_in_the_past_is_refused(client, team):
    values = news_values(
        client, publication="later", published_at_0="01/03/2020", published_at_1="08:30"
    )
    assert "Cette date est passée" in client.post(ADD_NEWS, values).content.decode()
    assert not NewsItem.objects.exists()


@pytest.mark.parametrize("hour", ["9h30", "9 h 30", "09:30"])
def test_hour_is_written_as_people_write_it(client, team, hour):
    values = news_values(
        client, publication="later", published_at_0="01/03/2090", published_at_1=hour
    )
    assert client.post(ADD_NEWS, values).status_code == 302


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.exemple.fr/page", "https://www.exemple.fr/page"),
        ("anne@rallynov.example", "mailto:anne@rallynov.example"),
        ("/agenda/", "/agenda/"),
        ("https://exemple.fr/@anne", "https://exemple.fr/@anne"),
    ],
)
def test_link_is_made_whole(typed, kept):
    assert f'href="{kept}"' in clean_html(f'<p><a href="{typed}">là</a></p>')


def test_link_that_runs_code_is_dropped():
    assert "javascript" not in clean_html('<p><a href="javascript:alert(1)">là</a></p>')


def communes(client, term):
    parameters = {
        "app_label": "initiatives",
        "model_name": "initiative",
        "field_name": "commune",
        "term": term,
    }
    found = client.get("/admin/autocomplete/", parameters).json()["results"]
    return [row["text"] for row in found]


def test_exact_commune_comes_first(client, team):
    assert communes(client, "lure")[0] == "Lure (70)"
    assert communes(client, "Besancon")[0] == "Besançon (25)"


def test_commune_is_found_by_postal_code(client, team):
    assert communes(client, "70200")[0] == "Lure (70)"


def test_search_of_news_forgives_accents_and_apostrophes(client, team):
    factories.make_news_item(title="L’été des lauréats")
    page = client.get("/admin/news/newsitem/?q=l'ete laureats").content.decode()
    assert "L’été des lauréats" in page


def test_prize_is_not_given_more_often_than_it_exists(client, team):
    prize = factories.make_prize(quantity=1)
    initiative = factories.make_initiative()
    values = {"prize": prize.pk, "initiative": initiative.pk, "place": 2, "citation": ""}
    page = client.post("/admin/trophies/laureate/add/", values).content.decode()
    assert "Ce prix existe en 1 exemplaire(s) seulement." in page


@pytest.mark.parametrize(("role", "door"), [([], "/mes-candidatures/"), (["team"], "/admin/")])
def test_signing_in_leads_to_an_open_door(client, db, role, door):
    user = factories.make_user(roles=role)
    credentials = {"login": user.email, "password": factories.PASSWORD}
    assert client.post("/compte/connexion/", credentials).url == door
