"""What is published of an edition and its year: each kind of rows is read once, for the letter."""

from functools import cached_property

from django.db.models import Count, F, Prefetch
from django.db.models.functions import Coalesce, ExtractYear, Now
from django.urls import reverse

from audience import figures as audience
from events.models import Event, EventOrganisation
from initiatives.models import Condition, Initiative
from partners.models import Partnership
from rallynov.publishing import ResultsInstant
from trophies.models import Candidature, Edition, EditionFigure, Laureate
from trophies.workflow import Status

Kind = Event.Kind
GATHERINGS = {Kind.MEETING, Kind.WORKSHOP, Kind.CONFERENCE}
CANDIDATURES = "candidatures"  # under which a past edition noted them, as those below


class ReportRows:
    """Nothing here is known before the results are out, whoever asks."""

    def __init__(self, edition):
        self.edition, self.year = edition, edition.year
        self.is_out = edition.has_published_results

    @cached_property
    def archive(self):
        """What the edition published of itself, by key."""
        return {figure.key: figure for figure in self.edition.figures.all()}

    @cached_property
    def laureates(self):
        rows = Laureate.objects.published().filter(prize__edition=self.edition).for_cards()
        return list(rows)

    @cached_property
    def departments(self):
        """The departments where the laureates are."""
        found = {row.initiative.department for row in self.laureates if row.initiative.department}
        return sorted(found, key=lambda department: department.code)

    @cached_property
    def events(self):
        """Those of the edition that took place: what is dated by its year alone comes last."""
        links = EventOrganisation.objects.with_organisations()
        rows = (
            Event.objects.published()
            .filter(edition_year=self.year, starts_at__lte=Now())
            .exclude(status=Event.Status.CANCELLED)
            .for_cards()
            .prefetch_related(Prefetch("organisation_links", links))
            .order_by("starts_at", "pk")
        )
        return sorted(rows, key=lambda event: event.date_precision == Event.Precision.YEAR)

    @property
    def gatherings(self):
        """Those whose people were counted."""
        return [e for e in self.events if e.kind in GATHERINGS and e.attendance]

    @property
    def fairs(self):
        return [event for event in self.events if event.kind == Kind.FAIR]

    @property
    def european(self):
        """Those whose page leads to the European thread."""
        link = f'href="{reverse("pages:europe")}"'
        return [event for event in self.events if link in event.description]

    @property
    def ceremony(self):
        """Once it has taken place, and if the public may know of it."""
        key = self.edition.ceremony_id
        return next((event for event in self.events if event.pk == key), None)

    @cached_property
    def partnerships(self):
        return list(Partnership.objects.filter(year=self.year).for_list())

    def partners_as(self, *kinds):
        """The organisations once each, in the order of the page of partners."""
        rows = [row for row in self.partnerships if not kinds or row.kind in kinds]
        return list({row.organisation_id: row.organisation for row in rows}.values())

    @cached_property
    def audience(self):
        return audience.figures(self.year)

    @cached_property
    def sheets(self):
        """{year: how many sheets of the directory came out in it}, up to this one."""
        out_at = Coalesce(ResultsInstant(F("embargo_year")), F("published_at"))
        rows = self.real(Initiative.objects.published()).annotate(of=ExtractYear(out_at))
        counts = rows.order_by("of").values_list("of").annotate(count=Count("pk"))
        return {year: count for year, count in counts if year <= self.year}

    @cached_property
    def editions(self):
        """(year, candidatures, laureates) of each edition up to this one, in order."""
        past = self.real(Edition.objects.with_published_results()).filter(year__lte=self.year)
        files = Candidature.objects.exclude(status=Status.DRAFT).filter(edition__in=past)
        told = EditionFigure.objects.filter(edition__in=past, key=CANDIDATURES)
        counted = by_year(files, "edition__year") | dict(told.values_list("edition__year", "value"))
        public = Initiative.objects.published()
        winners = Laureate.objects.published().filter(initiative__in=public)
        won = by_year(winners.filter(prize__edition__in=past), "prize__edition__year")
        return [(year, counted.get(year, 0), won.get(year, 0)) for year in sorted({*counted, *won})]

    @property
    def candidatures(self):
        return {year: count for year, count, _ in self.editions}.get(self.year, 0)

    @cached_property
    def conditions(self):
        return list(Condition.objects.all())

    def real(self, rows):
        """Without the examples, in the letter of what is real."""
        return rows if self.edition.is_example else rows.filter(is_example=False)


def by_year(rows, field):
    return dict(rows.order_by(field).values_list(field).annotate(count=Count("pk")))
