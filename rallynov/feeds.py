"""What the Atom feeds of the site have in common."""

from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed


class AtomFeed(Feed):
    """Of rows with a title, a summary, and the instant of their publication."""

    feed_type = Atom1Feed
    author_name = "Rally’nov"

    def item_title(self, item):
        # As it is: Django's would escape it twice, for readers of RSS.
        return item.title

    def item_description(self, item):
        return item.summary

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.updated_at
