"""What the page of the admin shows: three plots, their tables, the pages most read."""

from django.utils import timezone

from audience import figures
from audience.figures import Figures
from rallynov.bars import Bars, Row
from rallynov.dates import date_text, day_text
from rallynov.numbers import counted

COLUMNS = ("pages lues", "visites")


def values_of(counted):
    return counted.pages, counted.visits


def day_row(day, counted):
    return Row(date_text(day, "l j F"), date_text(day, "j/m"), values_of(counted))


def month_row(month, counted):
    return Row(date_text(month, "F Y"), date_text(month, "m/y"), values_of(counted))


def year_row(year, counted):
    """A year is named with the day from which it was counted, unless it was from the first."""
    since = counted.since
    is_whole = (since.month, since.day) == (1, 1)
    label = str(year) if is_whole else f"{year}, depuis le {day_text(since)}"
    return Row(label, str(year), values_of(counted))


def archive_row(archive):
    label = f"{archive['year']}, publié : {archive['source']}"
    values = (archive["pages"] or 0, archive["visitors"] or 0)
    return Row(label, str(archive["year"]), values, is_apart=True, note="visiteurs")


def year_rows(years, archives):
    """The earliest first; what was published of a year stands beside what was counted of it."""
    rows = [archive_row(archive) for archive in archives]
    rows += [year_row(*item) for item in years.items()]
    return sorted(rows, key=lambda row: row.short)


def bars(name, title, head, rows):
    total = sum((Figures(*row.values) for row in rows if not row.is_apart), Figures())
    pages = counted(total.pages, "page lue", "pages lues")
    told = f"{pages}, {counted(total.visits, 'visite')}."
    apart = "chiffres publiés, comptés autrement"
    return Bars(name, title, told, head, COLUMNS, rows, apart=apart)


def context():
    years, days, months = figures.by_year(), figures.by_day(), figures.by_month()
    archives = figures.archives()
    plots = [
        ("jours", "Les 30 derniers jours", "Jour", [day_row(*day) for day in days if years]),
        ("mois", "Mois par mois", "Mois", [month_row(*month) for month in months]),
        ("annees", "Année par année", "Année", year_rows(years, archives)),
    ]
    return {
        "is_empty": not years,
        "archives": archives,
        "plots": [bars(*plot) for plot in plots if plot[-1]],
        "today": days[-1][1],
        "last_days": sum((counted for _, counted in days), Figures()),
        "this_year": years.get(timezone.localdate().year, Figures()),
        "top_pages": figures.top_pages(),
    }
