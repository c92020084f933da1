"""Opens what people send: a CSV file or an .xlsx workbook, read line by line.

Memory does not grow with the number of lines, the texts that a workbook shares between its cells
excepted; those are bounded.
"""

import codecs
import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook

from initiatives.transfer.cells import text_of, unguarded
from initiatives.transfer.columns import BY_NAME, match_headers
from rallynov.numbers import number
from rallynov.spreadsheets import clean

MOST_BYTES = 30 * 1024 * 1024
MOST_LINES = 50_000
MOST_COLUMNS = 100
LONGEST_CELL = 20_000
# Of a workbook, once uncompressed. The shared texts are the part that is held in memory.
MOST_UNCOMPRESSED = 200 * 1024 * 1024
MOST_SHARED = 40 * 1024 * 1024
MOST_SQUEEZED = 200  # times

CHUNK = 64 * 1024
WORKBOOK = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
BYTE_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
NOT_TEXT = frozenset(map(chr, range(32))) - set("\t\n\r\f")
DELIMITERS = ";,\t"

NEITHER = "Ce fichier n’est ni un CSV ni un classeur .xlsx."
BROKEN = (
    "Ce classeur est abîmé ou protégé : enregistrez-le de nouveau, en .xlsx et sans mot de passe."
)


class Unreadable(Exception):
    """The file as a whole cannot be imported; the message says why, in French."""


@dataclass(frozen=True)
class Table:
    """`columns` pairs each header of the file with the name of one of ours, or with ""."""

    columns: list
    source: Callable  # () -> pairs of a line's number and its cells, headers first

    def rows(self):
        """Pairs of a line's number and `{name: text}`, for the lines that say something."""
        for line, cells in islice(self.source(), 1, None):
            named = {name: "" for _, name in self.columns if name}
            for (_, name), text in zip(self.columns, cells, strict=False):
                if name:
                    named[name] = clean(unguarded(clean(text)))
            if any(named.values()):
                yield line, named

    def count(self):
        """How many lines there are below the headers. Raises Unreadable, as reading them does."""
        last = 1
        for last, _ in self.source():
            if last > MOST_LINES + 1:
                raise Unreadable(
                    f"Ce fichier dépasse {number(MOST_LINES)} lignes : importez-le par parties."
                )
        return last - 1


def open_table(file):
    """The table in a binary, seekable file. Raises Unreadable."""
    file.seek(0, io.SEEK_END)
    if file.tell() > MOST_BYTES:
        raise Unreadable(
            f"Ce fichier dépasse {MOST_BYTES // 1024**2} Mo : importez-le par parties."
        )
    source = source_of(file)
    headers = next(iter(source()), (1, []))[1]
    columns = match_headers([clean(unguarded(header)) for header in headers])
    check_columns(columns)
    return Table(columns, source)


def check_columns(columns):
    names = Counter(name for _, name in columns if name)
    twice = [BY_NAME[name].header for name, count in names.items() if count > 1]
    if twice:
        raise Unreadable(f"Deux colonnes disent la même chose : {', '.join(twice)}.")
    if not names.keys() & {"slug", "title"}:
        raise Unreadable(
            "La première ligne doit nommer les colonnes, dont « Titre » : partez du modèle."
        )


def source_of(file):
    """A function that reads the file anew: pairs of a number and a list of cells."""
    start = peek(file)
    if not start:
        raise Unreadable("Ce fichier est vide.")
    if start.startswith(WORKBOOK):
        check_workbook(file)
        return lambda: workbook_rows(file)
    if start.startswith(OLD_WORKBOOK):
        raise Unreadable(
            "Ce classeur est d’un ancien format, ou protégé : enregistrez-le en .xlsx."
        )
    encoding = encoding_of(file)
    delimiter = delimiter_of(file, encoding)
    return lambda: csv_rows(file, encoding, delimiter)


def peek(file):
    file.seek(0)
    return file.read(CHUNK)


# CSV ---------------------------------------------------------------------------------------------


def encoding_of(file):
    """The encoding that reads the whole file: UTF-8, else that of Windows."""
    start = peek(file)
    marked = next((name for mark, name in BYTE_MARKS if start.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        if is_text(file, encoding):
            return encoding
    raise Unreadable(NEITHER)


def is_text(file, encoding):
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            if NOT_TEXT.intersection(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def csv_rows(file, encoding, delimiter):
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        for line, cells in enumerate(csv.reader(text, delimiter=delimiter), start=1):
            yield line, checked(line, cells)
    except csv.Error as error:
        raise Unreadable(
            "Un texte n’en finit pas : un guillemet ouvert n’est sans doute pas refermé."
        ) from error
    finally:
        text.detach()


def delimiter_of(file, encoding):
    """The one under which most headers are ours."""

    def understood(delimiter):
        rows = csv_rows(file, encoding, delimiter)
        headers = next(rows, (1, []))[1]
        rows.close()
        return sum(bool(name) for _, name in match_headers(headers))

    return max(DELIMITERS, key=understood)


# Workbooks ---------------------------------------------------------------------------------------


def check_workbook(file):
    """Before anything is read: what it holds, and how large that becomes."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise Unreadable(NEITHER)
            check_size(parts)
            for part in parts:
                check_part(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable(BROKEN) from error


def check_size(parts):
    """What a part says of its size is the most that zipfile reads of it."""
    shared = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
    squeezed = any(
        part.file_size > MOST_SQUEEZED * part.compress_size
        for part in parts
        if part.file_size > CHUNK
    )
    total = sum(part.file_size for part in parts)
    if total > MOST_UNCOMPRESSED or shared > MOST_SHARED or squeezed:
        raise Unreadable("Ce classeur est trop gros une fois ouvert : enregistrez-le en CSV.")


def check_part(archive, part):
    """A document type may define what grows without end: no spreadsheet writes one."""
    if part.filename.endswith((".xml", ".rels")):
        with archive.open(part) as content:
            start = content.read(4096)
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise Unreadable(BROKEN)


def workbook_rows(file):
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets through whatever a damaged part makes it raise
        raise Unreadable(BROKEN) from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size is not to be trusted
        for line, cells in enumerate(
            sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1
        ):
            yield line, checked(line, [text_of(cell) for cell in cells])
    except (
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        zipfile.BadZipFile,
        EOFError,
    ) as error:
        raise Unreadable(BROKEN) from error
    finally:
        book.close()


def checked(line, cells):
    """The cells, if they are such as a person may have written."""
    if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
        raise Unreadable(f"La ligne {line} a plus de {MOST_COLUMNS} colonnes.")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Unreadable(f"À la ligne {line}, un texte dépasse {number(LONGEST_CELL)} caractères.")
    return cells
