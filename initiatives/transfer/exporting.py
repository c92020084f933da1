"""Initiatives as a table: the columns that an import reads, cells that a spreadsheet never runs."""

from initiatives.transfer.columns import COLUMNS
from initiatives.transfer.finding import whole
from initiatives.transfer.known import Known
from initiatives.transfer.organisations import Named
from rallynov import spreadsheets
from rallynov.spreadsheets import batches, harmless

HEADERS = [column.header for column in COLUMNS]
GUIDE = ["Colonne", "Ce qu’on y écrit", "Exemple"]


def table(rows):
    """The lines of a file, headers first, some initiatives at a time."""
    known = Known()
    yield HEADERS
    for sheets in batches(whole(rows)):
        supports = [support for sheet in sheets for support in sheet.supports.all()]
        known.organisations.learn([Named(support.organisation.name) for support in supports])
        known.forget()
        for sheet in sheets:
            yield [harmless(column.write(sheet, known)) for column in COLUMNS]


def pages(lines):
    return {"Initiatives": lines, "Mode d’emploi": guide()}


def write_workbook(lines, file):
    """Raises TooLong."""
    spreadsheets.write_workbook(pages(lines), file)


def guide():
    yield GUIDE
    for column in COLUMNS:
        yield [column.header, column.help, column.example]
