from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from initiatives.models import Initiative


class InitiativeFeed(Feed):
    feed_type = Atom1Feed
    title = "Rally’nov : les initiatives"
    subtitle = "Les innovations sociales de Franche-Comté, à mesure qu’elles arrivent."
    link = "/initiatives/"
    feed_url = "/initiatives/flux.atom"

    def items(self):
        return Initiative.objects.published().order_by("-published_at", "pk")[:30]

    def item_description(self, item):
        return item.summary

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.updated_at
