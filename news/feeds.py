from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from news.models import NewsItem


class NewsFeed(Feed):
    feed_type = Atom1Feed
    title = "Rally’nov : les actualités"
    subtitle = "Les nouvelles de l’innovation sociale en Franche-Comté."
    link = "/actualites/"
    feed_url = "/actualites/flux.atom"

    def items(self):
        return NewsItem.objects.published().order_by("-published_at", "pk")[:30]

    def item_description(self, item):
        return item.summary

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.updated_at
