"""The pages made of several apps."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.generic import DetailView, TemplateView

from events.models import Event
from initiatives.directory import BY_NAME, Directory
from initiatives.mapping import DirectoryMap
from initiatives.models import Condition, Initiative
from news.models import NewsItem, Page
from partners.models import Organisation, Partnership
from places import map as region
from rallynov.partner_page import linked_data, record_of
from rallynov.patterns import FAMILIES, pattern_svg
from trophies.models import Edition, Laureate

HOME_CARDS = 6
HOME_FLAGS = 24


def home(request):
    editions = list(Edition.objects.published().for_home()[:8])
    rewarded = next((edition for edition in editions if edition.has_published_results), None)
    laureates, flagged, newest = home_cards(rewarded)
    directory = Directory(QueryDict())
    everywhere = DirectoryMap(directory)
    return render(
        request,
        "home.html",
        {
            "edition": next((edition for edition in editions if edition.opens_at), None),
            "rewarded": rewarded,
            "laureates": laureates,
            "initiatives": newest,
            "initiative_count": everywhere.count,
            "department_count": everywhere.department_count,
            "themes": directory.options(BY_NAME["theme"]),
            "region": home_map(everywhere, flagged),
            "events": Event.objects.published().upcoming().for_cards()[:3],
            "news_items": NewsItem.objects.published().latest_first()[:3],
            "partnerships": Partnership.objects.latest(),
        },
    )


def home_cards(rewarded):
    """The laureates of the edition `rewarded`, those of every edition, the newest of the others."""
    published = Initiative.objects.published()
    newest = published.order_by("-published_at", "pk").values("pk")[: 3 * HOME_CARDS]
    awarded = Laureate.objects.published().order_by("-prize__edition__year", "pk")
    awarded = awarded.values("initiative")[:HOME_FLAGS]
    cards = list(published.filter(pk__in=newest.union(awarded)).for_cards())
    cards.sort(key=lambda card: card.published_at, reverse=True)
    flagged = [card for card in cards if card.laureate_years]
    stars = [card for card in flagged if rewarded and rewarded.year in card.laureate_years]
    others = [card for card in cards if not card.laureate_years]
    return sorted(stars, key=first_place), flagged, others[:HOME_CARDS]


def first_place(card):
    """The order in which an edition lists its laureates, which is not a rank."""
    return min((laureate.prize.position, laureate.place) for laureate in card.published_laureates)


def home_map(everywhere, laureates):
    """The map of every initiative, and a flag with a route at each laureate's."""
    flags = [
        region.mark(card.commune, label=card.title, url=card.get_absolute_url())
        for card in laureates
    ]
    flags = [flag for flag in flags if flag]
    return {"map": everywhere, "flags": flags, "route": region.route(flags)}


class ConditionListView(TemplateView):
    template_name = "initiatives/condition_list.html"

    def get_context_data(self, **kwargs):
        conditions = list(Condition.objects.all())
        return super().get_context_data(
            page=Page.objects.filter(pk=Page.Key.CONDITIONS).first(),
            enterprise=[c for c in conditions if c.scope == Condition.Scope.ENTERPRISE],
            territory=[c for c in conditions if c.scope == Condition.Scope.TERRITORY],
            **kwargs,
        )


class OrganisationDetailView(DetailView):
    """A partner, and what it was part of."""

    queryset = Organisation.objects.published().for_detail()
    template_name = "partners/organisation_detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            record=record_of(self.object), linked_data=linked_data(self.object), **kwargs
        )


class SiteMapView(TemplateView):
    """Le plan du site: every page that a person may want, in words."""

    template_name = "pages/site_map.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            editions=Edition.objects.published(),
            pages=Page.objects.exclude(pk=Page.Key.CONDITIONS),
            conditions=Condition.objects.all(),
            **kwargs,
        )


@cache_control(public=True, max_age=31_536_000, immutable=True)
def pattern(request, family, seed):
    if family not in FAMILIES:
        raise Http404(f"no pattern {family}")
    return HttpResponse(pattern_svg(family, seed), content_type="image/svg+xml")


@cache_control(public=True, max_age=86_400)
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /compte/",
        "Disallow: /mes-candidatures/",
        "Disallow: /pieces/",
        "Disallow: /audience/vue/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def security_txt(request):
    """RFC 9116; absent while nobody is named to be told."""
    if not settings.SECURITY_CONTACT:
        raise Http404("SECURITY_CONTACT is not set")
    expires = timezone.now().replace(microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@never_cache
def alive(request):
    """The process answers."""
    return JsonResponse({"statut": "en vie"})


@never_cache
def ready(request):
    """The database answers and its schema is the code's."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        return JsonResponse({"statut": "migrations en attente"}, status=503)
    return JsonResponse({"statut": "prêt"})
