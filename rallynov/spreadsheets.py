"""Tables that people download, CSV or XLSX: no cell of them ever runs in a spreadsheet."""

import csv
import re
import tempfile
import unicodedata
from datetime import date
from decimal import Decimal

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a spreadsheet may run, and what looks as if it had been guarded already.
FORMULA = re.compile(r"'*[=+\-@]")
# Controls and surrogates (Unicode's Cc and Cs), but tabulations and ends of lines.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
BATCH = 200
LONGEST_CELL = 32_767  # in a workbook
WIDTH = 24


class TooLong(Exception):
    """A text that a workbook cannot hold; the message says what to do, in French."""


# Cells ------------------------------------------------------------------------------------------


def clean(text):
    """One kind of line's end, composed letters, nothing that is not seen, no blank around."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return UNSEEN.sub("", text).strip()


def guarded(text):
    """With an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def harmless(value):
    """A cell: text cleaned and guarded; numbers and days stay what they are; None is empty."""
    if value is None:
        return ""
    return value if isinstance(value, int | float | Decimal | date) else guarded(clean(str(value)))


def as_text(value):
    """A cell as a CSV file has it: « 2000,50 », as French spreadsheets read numbers."""
    return str(value).replace(".", ",") if isinstance(value, float | Decimal) else str(value)


def batches(rows):
    """Some rows at a time, by keys: a cursor of the database does not outlive every pooler."""
    rows, last = rows.order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


# Files ------------------------------------------------------------------------------------------


class Echo:
    def write(self, text):
        return text


def csv_chunks(lines):
    """UTF-8 with its mark, semicolons: what a French spreadsheet opens with a double click."""
    writer = csv.writer(Echo(), delimiter=";")
    yield b"\xef\xbb\xbf"
    for line in lines:
        yield writer.writerow([as_text(value) for value in line]).encode()


def write_workbook(pages, file):
    """`pages`: the lines of each sheet by its title, headers first. Raises TooLong."""
    book = Workbook(write_only=True)
    for title, lines in pages.items():
        fill(book.create_sheet(title), lines)
    book.save(file)


def fill(page, lines):
    page.freeze_panes = "A2"
    try:
        for number, line in enumerate(lines):
            check_lengths(line)
            if number == 0:
                set_widths(page, len(line))
            page.append([header(page, text) for text in line] if number == 0 else line)
    finally:
        page.close()


def set_widths(page, count):
    for number in range(1, count + 1):
        page.column_dimensions[get_column_letter(number)].width = WIDTH


def check_lengths(line):
    if any(isinstance(value, str) and len(value) > LONGEST_CELL for value in line):
        raise TooLong(f"« {line[1]} » est trop long pour un classeur : exportez en CSV.")


def header(page, text):
    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True)
    return cell


def file_response(pages, kind, name):
    """The answer that downloads `name`; a CSV file holds the first of the pages, as it is read.

    Raises TooLong.
    """
    if kind == "csv":
        return StreamingHttpResponse(
            csv_chunks(next(iter(pages.values()))),
            content_type=KINDS["csv"],
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    write_workbook(pages, file)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{name}.xlsx", content_type=KINDS["xlsx"]
    )
