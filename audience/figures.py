"""What was counted, read back: by year, month, day and page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Min, Sum
from django.db.models.functions import ExtractYear, TruncMonth
from django.utils import timezone
from django.utils.module_loading import import_string

from audience.models import DayCount, PageCount, YearCount
from audience.retention import first_day_kept

DAYS = 30
TOP = 15


@dataclass(frozen=True)
class Figures:
    """A span of time: `pages` read, `visits` (visitor-days), and the first day that counted."""

    pages: int = 0
    visits: int = 0
    since: date | None = None

    def __add__(self, other):
        days = [day for day in (self.since, other.since) if day]
        since = min(days, default=None)
        return Figures(self.pages + other.pages, self.visits + other.visits, since)


def by_year():
    """{year: Figures}, the latest first; days and what is left of older ones, added."""
    days = DayCount.objects.annotate(of=ExtractYear("day")).values("of")
    days = days.annotate(first=Min("day"), read=Sum("pages"), seen=Sum("visits"))
    kept = YearCount.objects.values_list("year", "since", "pages", "visits")
    years = {}
    for year, since, pages, visits in days.values_list("of", "first", "read", "seen").union(
        kept, all=True
    ):
        years[year] = years.get(year, Figures()) + Figures(pages, visits, since)
    return dict(sorted(years.items(), reverse=True))


def figures(year):
    return by_year().get(year, Figures())


def archives():
    """What was published of years before this count: see `AUDIENCE_ARCHIVES` in the settings."""
    return import_string(settings.AUDIENCE_ARCHIVES)()


def by_month():
    """(first day of the month, Figures) for each month whose days are kept, without a gap."""
    rows = DayCount.objects.filter(day__gte=first_day_kept())
    rows = rows.annotate(month=TruncMonth("day")).values("month")
    rows = rows.annotate(read=Sum("pages"), seen=Sum("visits")).order_by("month")
    counted = {row["month"]: Figures(row["read"], row["seen"]) for row in rows}
    month, last, months = min(counted, default=None), timezone.localdate(), []
    while month and month <= last:
        months.append((month, counted.get(month, Figures())))
        month = (month + timedelta(days=31)).replace(day=1)
    return months


def by_day():
    """(day, Figures) for each of the last 30 days, today last."""
    today = timezone.localdate()
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    rows = DayCount.objects.filter(day__gte=days[0]).values_list("day", "pages", "visits")
    counted = {day: Figures(pages, visits) for day, pages, visits in rows}
    return [(day, counted.get(day, Figures())) for day in days]


def top_pages():
    """The pages most read in the last 30 days: rows with `path` and `read`."""
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    rows = PageCount.objects.filter(day__gte=first).values("path").annotate(read=Sum("pages"))
    return rows.order_by("-read", "path")[:TOP]
