from news.models import NewsItem
from rallynov.feeds import AtomFeed


class NewsFeed(AtomFeed):
    title = "Rally’nov\u202f: les actualités"
    subtitle = "Les nouvelles de l’innovation sociale en Franche-Comté."
    link = "/actualites/"
    feed_url = "/actualites/flux.atom"

    def items(self):
        return NewsItem.objects.published().order_by("-published_at", "pk")[:30]
