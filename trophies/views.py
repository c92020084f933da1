from urllib.parse import urlencode

from django.db.models import Prefetch
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import DetailView, ListView

from rallynov.publishing import PreviewMixin
from trophies.models import AnnualReport, Edition, Laureate, LaureateNews
from trophies.prizes import unattributed, with_left

PRIZES = Prefetch("prizes", with_left())


class EditionListView(ListView):
    queryset = Edition.objects.published().for_detail().prefetch_related("figures", "prizes")
    context_object_name = "editions"


class EditionView(DetailView):
    """A page of one edition, found by its year."""

    queryset = Edition.objects.published().for_detail()
    slug_field = slug_url_kwarg = "year"
    context_object_name = "edition"


class EditionDetailView(EditionView):
    queryset = EditionView.queryset.prefetch_related(PRIZES, "figures", "regulations")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            laureates=published_laureates(self.object),
            unattributed=unattributed(self.object.prizes.all()),
            has_report=AnnualReport.objects.published().filter(edition=self.object).exists(),
            **kwargs,
        )


class EditionPreviewView(PreviewMixin, EditionDetailView):
    """The page as it will be; laureates wait for their instant here as well."""

    queryset = Edition.objects.for_detail().prefetch_related(PRIZES, "figures", "regulations")


class LaureateListView(EditionView):
    template_name = "trophies/laureate_list.html"
    queryset = EditionView.queryset.prefetch_related(PRIZES)

    def get_context_data(self, **kwargs):
        laureates, kept = published_laureates(self.object), unattributed(self.object.prizes.all())
        if not laureates and not kept:
            raise Http404("no published results")
        return super().get_context_data(laureates=laureates, unattributed=kept, **kwargs)


class RegulationView(EditionView):
    template_name = "trophies/regulation.html"

    def get_context_data(self, **kwargs):
        regulation = self.object.regulations.first()
        if regulation is None:
            raise Http404("no regulation")
        return super().get_context_data(regulation=regulation, **kwargs)


class ApplyView(EditionView):
    """The call: what, who, until when. The form itself has an address of its own."""

    template_name = "trophies/apply.html"
    queryset = EditionView.queryset.filter(opens_at__isnull=False).prefetch_related(
        "prizes", "criteria", "eligibility_rules"
    )


def apply_now(request):
    """Send « Candidater » to the call that is open, else to the next one, else to the editions.

    From a sheet (`?initiative=`), straight to a candidature that says already what the sheet says.
    """
    calls = Edition.objects.published().filter(closes_at__gt=Now())
    edition = calls.order_by("opens_at", "pk").first()
    if edition is None:
        return redirect("trophies:list")
    if edition.is_open and (slug := request.GET.get("initiative")):
        start = reverse("candidatures:start", args=[edition.year])
        return redirect(f"{start}?{urlencode({'initiative': slug})}")
    return redirect("trophies:apply", edition.year)


def published_laureates(edition):
    news = LaureateNews.objects.published()
    rows = Laureate.objects.published().filter(prize__edition=edition).for_cards()
    return list(rows.prefetch_related(Prefetch("later_news", news, to_attr="public_news")))
