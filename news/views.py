from django.http import Http404
from django.views.generic import DetailView, ListView

from events.models import Event
from initiatives.models import Initiative
from news.models import NewsItem, Page
from rallynov.publishing import PreviewMixin


class NewsListView(ListView):
    queryset = NewsItem.objects.published().for_cards()
    context_object_name = "news_items"
    paginate_by = 12


class NewsDetailMixin:
    def get_context_data(self, **kwargs):
        initiatives = Initiative.objects.published().for_cards()
        events = Event.objects.published()
        return super().get_context_data(
            related_initiative=initiatives.filter(pk=self.object.initiative_id).first(),
            related_event=events.filter(pk=self.object.event_id).first(),
            **kwargs,
        )


class NewsDetailView(NewsDetailMixin, DetailView):
    queryset = NewsItem.objects.published().for_detail()


class NewsPreviewView(PreviewMixin, NewsDetailMixin, DetailView):
    queryset = NewsItem.objects.for_detail()


class PageView(DetailView):
    """A fixed page, at the address that the code gives it."""

    model = Page
    template_name = "pages/page_detail.html"
    key = None

    def get_object(self, queryset=None):
        try:
            return Page.objects.get(pk=self.key)
        except Page.DoesNotExist as error:
            raise Http404(f"no page {self.key}") from error
