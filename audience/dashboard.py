"""What the page of the admin shows: three plots, their tables, the pages most read."""

from django.utils import timezone

from audience import figures
from audience.figures import Figures
from audience.plots import Row, plot
from rallynov.dates import date_text, day_text


def day_row(day, counted):
    return Row(date_text(day, "l j F"), date_text(day, "j/m"), counted)


def month_row(month, counted):
    return Row(date_text(month, "F Y"), date_text(month, "m/y"), counted)


def year_row(year, counted):
    """A year is named with the day from which it was counted, unless it was from the first."""
    since = counted.since
    is_whole = (since.month, since.day) == (1, 1)
    label = str(year) if is_whole else f"{year}, depuis le {day_text(since)}"
    return Row(label, str(year), counted)


def archive_row(archive):
    counted = Figures(archive["pages"] or 0, archive["visitors"] or 0)
    label = f"{archive['year']}, publié : {archive['source']}"
    return Row(label, str(archive["year"]), counted, is_archive=True)


def year_rows(years, archives):
    """The latest first; what was published of a year stands beside what was counted of it."""
    rows = [year_row(*item) for item in years.items()] + [archive_row(a) for a in archives]
    return sorted(rows, key=lambda row: row.short, reverse=True)


def context():
    years, days, months = figures.by_year(), figures.by_day(), figures.by_month()
    archives = figures.archives()
    day_plot = plot([day_row(*day) for day in days])
    return {
        "is_empty": not years,
        "archives": archives,
        "years": plot(year_rows(years, archives)[::-1]),
        "months": plot([month_row(*month) for month in months]),
        "days": day_plot,
        "today": days[-1][1],
        "this_year": years.get(timezone.localdate().year, Figures()),
        "top_pages": figures.top_pages(),
    }
