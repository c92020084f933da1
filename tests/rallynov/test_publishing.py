import pytest

from news.models import NewsItem
from rallynov.publishing import Publishable
from tests.factories import ago, ahead, make_news_item


@pytest.mark.django_db
def test_published_holds_past_rows_only():
    make_news_item(published_at=None)
    make_news_item(published_at=ahead(seconds=5))
    shown = make_news_item(published_at=ago(seconds=5))
    assert list(NewsItem.objects.published()) == [shown]


def test_publication_state_follows_the_instant():
    states = Publishable.State
    assert NewsItem(published_at=None).publication_state == states.DRAFT
    assert NewsItem(published_at=ahead(days=1)).publication_state == states.SCHEDULED
    assert NewsItem(published_at=ago(days=1)).publication_state == states.PUBLISHED


@pytest.mark.django_db
def test_feed_holds_neither_draft_nor_scheduled(client):
    make_news_item(title="Parue")
    make_news_item(title="Brouillon", published_at=None)
    make_news_item(title="Demain", published_at=ahead(days=1))
    feed = client.get("/actualites/flux.atom").content.decode()
    assert "Parue" in feed
    assert "Brouillon" not in feed
    assert "Demain" not in feed
