"""The Atom feed, read back by the standard library's parser."""

from datetime import datetime
from xml.etree import ElementTree

import pytest

from news.models import NewsItem
from tests.factories import ago, ahead, make_archive, make_news_item

pytestmark = pytest.mark.django_db
FEED = "/actualites/flux.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client):
    response = client.get(FEED)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(entry, *names):
    return [entry.findtext(f"{ATOM}{name}") for name in names]


def titles(client):
    return [entry.findtext(f"{ATOM}title") for entry in read(client).iter(f"{ATOM}entry")]


def test_feed_says_what_and_where(client, settings):
    item = make_news_item(title="L’été & « lui »", summary="Trois <mots> & demi.")
    feed = read(client)
    [entry] = feed.findall(f"{ATOM}entry")
    address = settings.SITE_URL + item.get_absolute_url()
    assert texts(entry, "title", "summary", "id") == [item.title, item.summary, address]
    assert entry.find(f"{ATOM}link").get("href") == address
    published, updated = map(datetime.fromisoformat, texts(entry, "published", "updated"))
    assert published == item.published_at
    assert updated == item.updated_at


def test_feed_has_all_that_atom_requires(client, settings):
    make_news_item()
    feed = read(client)
    assert all(texts(feed, "id", "title", "updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Rally’nov"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == settings.SITE_URL + FEED
    for entry in feed.iter(f"{ATOM}entry"):
        assert all(texts(entry, "id", "title", "updated"))


def test_feed_never_holds_a_draft_nor_what_is_scheduled(client):
    make_news_item(title="Parue")
    item = make_news_item(title="Secret", published_at=None)
    before = client.get(FEED).content
    for published_at in [None, ahead(seconds=30), ahead(days=30)]:
        NewsItem.objects.filter(pk=item.pk).update(published_at=published_at)
        assert titles(client) == ["Parue"]
    # Not by its dates either.
    item.refresh_from_db()
    item.save()
    assert client.get(FEED).content == before
    NewsItem.objects.filter(pk=item.pk).update(published_at=ago(seconds=1))
    assert titles(client) == ["Secret", "Parue"]


def test_feed_waits_for_the_results(client):
    edition = make_archive(year=2031, results_published_at=ahead(days=2))
    make_news_item(title="Les lauréats", edition_year=2031, embargo_year=2031)
    assert titles(client) == []
    edition.results_published_at = ago(seconds=1)
    edition.save()
    assert titles(client) == ["Les lauréats"]


def test_pinned_item_is_not_first_of_the_feed(client):
    make_news_item(title="Ancienne", is_pinned=True, published_at=ago(days=9))
    make_news_item(title="Récente")
    assert titles(client) == ["Récente", "Ancienne"]
