"""Initiatives as a table: the columns that an import reads, cells that a spreadsheet never runs."""

import csv

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from initiatives.transfer.cells import clean, guarded
from initiatives.transfer.columns import COLUMNS
from initiatives.transfer.finding import whole
from initiatives.transfer.known import Known
from initiatives.transfer.organisations import Named

BATCH = 200
LONGEST_CELL = 32_767  # in a workbook
HEADERS = [column.header for column in COLUMNS]
WIDTH = 24
GUIDE = ["Colonne", "Ce qu’on y écrit", "Exemple"]


class TooLong(Exception):
    """A text that a workbook cannot hold; the message says what to do, in French."""


def table(rows):
    """The lines of a file, headers first, some initiatives at a time."""
    known = Known()
    yield HEADERS
    for sheets in batches(rows):
        supports = [support for sheet in sheets for support in sheet.supports.all()]
        known.organisations.learn([Named(support.organisation.name) for support in supports])
        known.forget()
        for sheet in sheets:
            yield [guarded(clean(column.write(sheet, known))) for column in COLUMNS]


def batches(rows):
    """By keys: a cursor of the database does not outlive every pooler."""
    rows, last = whole(rows.order_by("pk")), 0
    while sheets := list(rows.filter(pk__gt=last)[:BATCH]):
        yield sheets
        last = sheets[-1].pk


class Echo:
    def write(self, text):
        return text


def csv_chunks(lines):
    """UTF-8 with its mark, semicolons: what a French spreadsheet opens with a double click."""
    writer = csv.writer(Echo(), delimiter=";")
    yield b"\xef\xbb\xbf"
    for line in lines:
        yield writer.writerow(line).encode()


def write_workbook(lines, file):
    """Raises TooLong."""
    book = Workbook(write_only=True)
    fill(book.create_sheet("Initiatives"), lines)
    fill(book.create_sheet("Mode d’emploi"), guide())
    book.save(file)


def guide():
    yield GUIDE
    for column in COLUMNS:
        yield [column.header, column.help, column.example]


def fill(page, lines):
    page.freeze_panes = "A2"
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        page.column_dimensions[letter].width = WIDTH
    try:
        for number, line in enumerate(lines):
            check_lengths(line)
            page.append([header(page, text) for text in line] if number == 0 else line)
    finally:
        page.close()


def check_lengths(line):
    if any(len(text) > LONGEST_CELL for text in line):
        raise TooLong(f"« {line[1]} » est trop long pour un classeur : exportez en CSV.")


def header(page, text):
    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True)
    return cell
