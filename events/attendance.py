"""The attendance sheet of an event, to be signed at the door (PDF), and who came of it (XLSX).

It goes from hand to hand: neither addresses nor what a person needs are on it.
"""

from django.utils import timezone
from django.utils.text import capfirst

from events.models import Registration
from rallynov import typesetting
from rallynov.dates import time_text
from rallynov.numbers import counted
from rallynov.sorting import SortKey
from rallynov.spreadsheets import harmless

EMPTY_ROWS = 12  # for who walks in
COLUMNS = ["Nom et prénom", "Structure", "Arrivée", "Signature"]


def expected(event):
    """Who has a place, as one looks for a name."""
    rows = event.registrations.filter(status=Registration.Status.CONFIRMED)
    return rows.order_by(SortKey("name"), "pk")


def sheet_pdf(event) -> bytes:
    """Dated of its day: the same list gives the same bytes until midnight."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return typesetting.pdf("attendance", sheet_content(event), at=today)


def sheet_content(event):
    people = [[row.name, row.organisation] for row in expected(event)]
    where = ", ".join(filter(None, [event.venue, str(event.place or "")]))
    return {
        "title": f"Feuille de présence, {event.title} — Rally’nov",
        "kicker": f"Feuille de présence · {event.get_kind_display()}",
        "heading": event.title,
        "lead": ". ".join(filter(None, [capfirst(event.date_text), where])) + ".",
        "foot": "Feuille de présence\u202f: à rendre à l’équipe",
        "is_example": event.is_example,
        "count": f"{counted(len(people), 'personne attendue', 'personnes attendues')}, "
        "puis des lignes libres pour qui vient sans s’être inscrit.",
        "people": people,
        "empty_rows": EMPTY_ROWS,
    }


def sheet_lines(event):
    yield COLUMNS
    for row in expected(event):
        came = time_text(row.came_at) if row.came_at else ""
        yield [harmless(cell) for cell in (row.name, row.organisation, came, "")]
