from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from events.models import Event
from events.views import years as event_years
from initiatives.models import Condition, Initiative
from news.models import NewsItem, Page
from partners.models import Organisation
from trophies.models import AnnualReport, Edition


class StaticSitemap(Sitemap):
    def items(self):
        return [
            "home", "initiatives:list", "initiatives:map", "conditions", "trophies:list",
            "events:list", "news:list", "partners:list", "site-map", "audience:method",
            "data", "initiatives:embed", "initiatives:propose", "privacy-register",
        ]  # fmt: skip

    def location(self, item):
        return reverse(item)


class PageSitemap(Sitemap):
    def items(self):
        return Page.objects.exclude(pk=Page.Key.CONDITIONS)

    def lastmod(self, page):
        return page.updated_at


class InitiativeSitemap(Sitemap):
    limit = 5000

    def items(self):
        return Initiative.objects.published().order_by("pk")

    def lastmod(self, initiative):
        return initiative.updated_at


class ConditionSitemap(Sitemap):
    def items(self):
        return Condition.objects.all()


class EditionSitemap(Sitemap):
    def items(self):
        return Edition.objects.published()


class LaureatesSitemap(Sitemap):
    def items(self):
        return Edition.objects.with_published_results()

    def location(self, edition):
        return reverse("trophies:laureates", args=[edition.year])


class ReportSitemap(Sitemap):
    def items(self):
        return AnnualReport.objects.published().select_related("edition").defer("content", "pdf")


class EventSitemap(Sitemap):
    def items(self):
        return Event.objects.published()


class EventYearSitemap(Sitemap):
    def items(self):
        return [row["year"] for row in event_years()]

    def location(self, year):
        return reverse("events:year", args=[year])


class NewsSitemap(Sitemap):
    def items(self):
        return NewsItem.objects.published()

    def lastmod(self, item):
        return item.updated_at


class PartnerSitemap(Sitemap):
    def items(self):
        return Organisation.objects.published()


SITEMAPS = {
    "site": StaticSitemap,
    "pages": PageSitemap,
    "initiatives": InitiativeSitemap,
    "conditions": ConditionSitemap,
    "editions": EditionSitemap,
    "laureats": LaureatesSitemap,
    "bilans": ReportSitemap,
    "agenda": EventSitemap,
    "agenda-annees": EventYearSitemap,
    "actualites": NewsSitemap,
    "partenaires": PartnerSitemap,
}
