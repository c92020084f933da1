"""News as everyone reads it: order, pin, pictures, what it is about, and its preview."""

import pytest

from news.models import NewsItem
from tests.factories import (
    ago,
    ahead,
    make_event,
    make_initiative,
    make_news_item,
    make_photo,
    make_user,
)
from tests.html import Html

pytestmark = pytest.mark.django_db
LIST = "/actualites/"


def page(client, address):
    return Html(client.get(address).content.decode())


def titles(client):
    page = client.get(LIST)
    return [item.title for item in page.context["news_items"]]


def test_list_begins_with_what_is_pinned_then_the_latest(client):
    for title, changes in {
        "Ancienne": {"published_at": ago(days=30)},
        "Récente": {"published_at": ago(hours=1)},
        "En tête": {"published_at": ago(days=90), "is_pinned": True},
        "Brouillon": {"published_at": None, "is_pinned": True},
        "Demain": {"published_at": ahead(days=1), "is_pinned": True},
    }.items():
        make_news_item(title=title, **changes)
    assert titles(client) == ["En tête", "Récente", "Ancienne"]
    assert page(client, LIST).text("article").count("à la une") == 1


def test_scheduled_item_appears_at_its_instant_and_not_before(client):
    item = make_news_item(published_at=ahead(minutes=1))
    assert client.get(item.get_absolute_url()).status_code == 404
    NewsItem.objects.update(published_at=ago(seconds=1))
    assert client.get(item.get_absolute_url()).status_code == 200
    assert titles(client) == [item.title]


@pytest.mark.parametrize("published_at", [None, ahead(days=9)])
def test_preview_is_for_staff_and_no_cache_keeps_it(client, settings, published_at):
    settings.SECOND_FACTOR_REQUIRED = False
    item = make_news_item(title="En préparation", published_at=published_at)
    photo = make_photo(item)
    address = item.get_preview_url()
    assert client.get(address).status_code == 302
    assert client.get(photo.get_absolute_url()).status_code == 404
    client.force_login(make_user(roles=["editor"]))
    response = client.get(address)
    assert "En préparation" in response.content.decode()
    assert "Aperçu." in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert client.get(photo.get_absolute_url()).status_code == 200


def test_pictures_come_with_their_words_and_their_credit(client):
    item = make_news_item()
    for number in range(3):
        make_photo(item, alt=f"Image {number}", credit=f"Photo : Auteur {number}")
    read = page(client, item.get_absolute_url())
    photos = [image for image in read.all("img") if "/photos/" in image["src"]]
    assert [image["alt"] for image in photos] == ["Image 0", "Image 1", "Image 2"]
    assert all(image["width"] and image["height"] for image in photos)
    # The first one is seen at once, the others when one comes to them.
    assert [image.get("loading") for image in photos] == [None, "lazy", "lazy"]
    credits = read.text("figcaption")
    assert all(f"Photo : Auteur {number}" in credits for number in range(3))


def test_list_shows_one_picture_which_says_nothing_twice(client):
    item = make_news_item()
    for _ in range(2):
        make_photo(item)
    make_news_item()
    photos = [image for image in page(client, LIST).all("img") if "/photos/" in image["src"]]
    assert [image["alt"] for image in photos] == [""]


@pytest.mark.parametrize(
    ("published_at", "is_public"), [(ago(days=1), True), (None, False), (ahead(days=1), False)]
)
def test_page_leads_to_what_it_is_about_once_that_is_public(client, published_at, is_public):
    initiative = make_initiative(title="Le bus", published_at=published_at)
    event = make_event(title="La fête", published_at=published_at)
    item = make_news_item(initiative=initiative, event=event)
    page = client.get(item.get_absolute_url()).content.decode()
    for row in [initiative, event]:
        assert (row.get_absolute_url() in page) is is_public
        assert (row.title in page) is is_public


def test_text_keeps_its_forms_and_runs_nothing(client):
    body = "<h2>Titre</h2><p>Un <strong>mot</strong>.</p><ul><li>Un point</li></ul>"
    item = make_news_item(body=f"{body}<script>x()</script><p onclick='x()'>Fin</p>")
    page = client.get(item.get_absolute_url()).content.decode()
    assert body in page
    assert "x()" not in page


def test_page_is_the_same_for_everyone(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    item = make_news_item()
    addresses = [LIST, item.get_absolute_url()]
    before = [client.get(address).content for address in addresses]
    client.force_login(make_user(roles=["team"]))
    assert [client.get(address).content for address in addresses] == before
