from itertools import groupby

from django.views.generic import DetailView, ListView

from events.models import Event
from rallynov.publishing import PreviewMixin


class EventListView(ListView):
    """The agenda: what comes, then what was, year by year."""

    queryset = Event.objects.published().past().for_cards()
    context_object_name = "past_events"
    paginate_by = 30

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        past = context["past_events"]
        return context | {
            "upcoming_events": Event.objects.published().upcoming().for_cards(),
            "past_years": [
                (year, list(events)) for year, events in groupby(past, key=lambda e: e.year)
            ],
        }


class EventDetailView(DetailView):
    queryset = Event.objects.published().for_detail()


class EventPreviewView(PreviewMixin, DetailView):
    queryset = Event.objects.for_detail()
