from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.generic import DetailView, ListView

from events.calendar import agenda_ics, event_ics
from events.models import Event, EventDocument
from partners.models import YEAR_BOUNDS
from rallynov.calendars import calendar_response
from rallynov.publishing import PreviewMixin

LATEST = 12  # of what was, on the agenda itself
KEPT_IN_CALENDARS = 400


def years():
    """`[{"year": 2014, "count": 7}]`, the last one first."""
    events = Event.objects.published().order_by()
    years = events.values(year=ExtractYear("starts_at"))
    return years.annotate(count=Count("pk")).order_by("-year")


class EventListView(ListView):
    """The agenda: what comes, the latest of what was, and the years where the rest is."""

    queryset = Event.objects.published().upcoming().for_cards()
    context_object_name = "upcoming_events"

    def get_context_data(self, **kwargs):
        past = Event.objects.published().past().for_cards()[:LATEST]
        return super().get_context_data(past_events=past, years=years(), **kwargs)


class EventYearView(ListView):
    """What was, and what comes, in one year."""

    template_name = "events/event_year.html"
    context_object_name = "events"

    def get_queryset(self):
        if self.kwargs["year"] not in range(*YEAR_BOUNDS):
            raise Http404("no such year")
        events = Event.objects.published().for_cards()
        return events.filter(starts_at__year=self.kwargs["year"]).order_by("starts_at", "pk")

    def get_context_data(self, **kwargs):
        if not self.object_list:
            raise Http404("nothing in that year")
        return super().get_context_data(year=self.kwargs["year"], years=years(), **kwargs)


class EventDetailView(DetailView):
    queryset = Event.objects.published().for_detail()


class EventPreviewView(PreviewMixin, DetailView):
    queryset = Event.objects.for_detail()


@cache_control(public=True, no_cache=True)
def ics(request, slug):
    """One event, as a file that calendars open."""
    event = get_object_or_404(Event.objects.published().for_cards(), slug=slug)
    if not event.has_day:
        raise Http404("nobody knows its day")
    return calendar_response(request, event_ics(event), f"{event.slug}.ics")


@cache_control(public=True, no_cache=True)
def agenda(request):
    """The latest events and those that come: calendars ask for it again by themselves."""
    days = [Event.Precision.TIME, Event.Precision.DAY]
    events = Event.objects.published().filter(date_precision__in=days).for_cards()
    latest = events.order_by("-starts_at", "pk")[:KEPT_IN_CALENDARS]
    return calendar_response(request, agenda_ics(latest))


@cache_control(public=True, max_age=600)
def document(request, uuid):
    """A document of a published event; `EventDocument` took nothing but a PDF."""
    documents = EventDocument.objects.filter(event__in=Event.objects.published())
    found = get_object_or_404(documents, uuid=uuid)
    try:
        file = found.file.open()
    except FileNotFoundError as error:
        raise Http404("the file is gone") from error
    response = FileResponse(file, content_type="application/pdf")
    name = f"{slugify(found.title) or 'document'}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name)
    return response
