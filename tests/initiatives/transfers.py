"""What the tests of imports and exports share: files, and whole rows to compare."""

import csv
import io

from django.core.management import call_command
from openpyxl import Workbook

from initiatives.models import Initiative
from initiatives.transfer.importing import Import
from initiatives.transfer.reading import open_table


def csv_bytes(*rows, encoding="utf-8-sig", delimiter=";"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*rows):
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def play(content, *, user=None, is_kept=True, with_duplicates=False):
    """The lines of an import, and what was counted."""
    lines = []
    an_import = Import(
        open_table(io.BytesIO(content)),
        user=user,
        with_duplicates=with_duplicates,
        report=lines.extend,
    )
    counts = an_import.run(is_kept=is_kept)
    return lines, counts


def lines_of(*rows, **options):
    return play(csv_bytes(*rows), **options)[0]


def verdicts(lines):
    return [line.verdict for line in lines]


def export(path):
    call_command("export_initiatives", path)
    return path.read_bytes()


# Keys, the clock of the last change, and what the database makes of the rest.
NOT_COMPARED = {"id", "updated_at", "search_text", "search_vector"}


def whole_rows():
    """All that somebody said of every initiative, by address."""
    rows = {}
    for sheet in Initiative.objects.all():
        names = {field.attname for field in sheet._meta.concrete_fields} - NOT_COMPARED
        fields = {name: getattr(sheet, name) for name in names}
        rows[sheet.slug] = fields | {
            "themes": [(link.theme_id, link.position) for link in sheet.theme_links.all()],
            "conditions": [condition.pk for condition in sheet.conditions.all()],
            "supports": [
                (s.role, s.organisation_id) for s in sheet.supports.order_by("role", "pk")
            ],
        }
    return rows
