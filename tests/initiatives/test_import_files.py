"""What an import accepts to open, how it reads it, and what it refuses in plain words."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile

from initiatives.transfer import reading
from initiatives.transfer.cells import text_of, unguarded
from initiatives.transfer.reading import Unreadable, open_table
from rallynov.spreadsheets import guarded
from tests.factories import picture_file
from tests.initiatives.transfers import csv_bytes, xlsx_bytes

HEADER = ["Titre", "En une phrase", "Le besoin"]
ROW = ["L’été à Dole", "Une phrase ; avec, tout.", "Deux\nlignes"]


def rows_of(content):
    return list(open_table(io.BytesIO(content)).rows())


def refusal(content):
    with pytest.raises(Unreadable) as caught:
        open_table(io.BytesIO(content)).count()
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_whatever_its_encoding_and_delimiter(encoding, delimiter):
    rows = rows_of(csv_bytes(HEADER, ROW, encoding=encoding, delimiter=delimiter))
    assert rows == [(2, dict(zip(["title", "summary", "need"], ROW, strict=True)))]


def test_encoding_is_that_of_the_whole_file():
    """The first accent may come late."""
    plain = [["x", "y", "z"]] * 30_000
    rows = rows_of(csv_bytes(HEADER, *plain, ROW, encoding="cp1252"))
    assert rows[-1] == (30_002, {"title": ROW[0], "summary": ROW[1], "need": ROW[2]})


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_lines_have_the_numbers_of_the_spreadsheet(make):
    content = make(HEADER, ROW, ["", "", ""], ["", "  ", ""], ROW, ["court"])
    assert [number for number, _ in rows_of(content)] == [2, 5, 6]
    assert rows_of(content)[-1][1] == {"title": "court", "summary": "", "need": ""}
    assert open_table(io.BytesIO(content)).count() == 5


def test_cells_beyond_the_headers_are_left_out():
    assert rows_of(csv_bytes(["Titre"], ["A", "B", "C"])) == [(2, {"title": "A"})]


def archive(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def changed_workbook(part, change):
    """A real workbook, one part of which is not."""
    file = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(xlsx_bytes(HEADER, ROW)))
    with whole, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in whole.namelist():
            content = whole.read(name)
            zipped.writestr(name, change(content) if name == part else content)
    return file.getvalue()


PAGE = "xl/worksheets/sheet1.xml"
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'

HOSTILE = {
    "nothing": (b"", "Ce fichier est vide."),
    "picture": (picture_file(), reading.NEITHER),
    "bytes": (bytes(range(256)) * 20, reading.NEITHER),
    "a null in a CSV": (b"Titre;En une phrase\nA;\0", reading.NEITHER),
    "old workbook": (b"\xd0\xcf\x11\xe0" + b"x" * 900, "ancien format"),
    "another archive": (archive(word__document_xml="<a/>"), reading.NEITHER),
    "cut workbook": (xlsx_bytes(HEADER, ROW)[:900], reading.BROKEN),
    "no page": (archive(xl__workbook_xml="<workbook/>"), reading.BROKEN),
    "broken page": (changed_workbook(PAGE, lambda content: content[:200]), reading.BROKEN),
    "entities": (changed_workbook(PAGE, lambda content: BOMB), reading.BROKEN),
    "bomb": (changed_workbook(PAGE, lambda content: content + b" " * 30_000_000), "trop gros"),
    "no header": (csv_bytes(["Couleur", "Forme"], ["a", "b"]), "dont «\u202fTitre\u202f»"),
    "blank": (b"\n\n\n", "dont «\u202fTitre\u202f»"),
    "twice": (csv_bytes(["Titre", "Nom", "Commune"]), "disent la même chose\u202f: Titre."),
    "open quote": (b'Titre;En une phrase\n"A;' + b"b" * 200_000, "guillemet"),
    "long cell": (
        csv_bytes(HEADER, ROW, ["A", "B", "c" * 20_001]),
        "À la ligne 3, un texte dépasse",
    ),
    "columns": (csv_bytes([*HEADER, *map(str, range(100))]), "a plus de 100 colonnes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_in_words(name):
    content, told = HOSTILE[name]
    assert told in refusal(content)


def test_too_many_lines_are_refused():
    lines = b"x;y\n" * (reading.MOST_LINES + 1)
    assert "dépasse 50\u202f000 lignes" in refusal(b"Titre;En une phrase\n" + lines)


def test_too_large_a_file_is_refused_unread():
    assert "dépasse 30\u00a0Mo" in refusal(b"x" * (reading.MOST_BYTES + 1))


def test_workbook_that_lies_about_its_size_is_read():
    content = changed_workbook(PAGE, lambda c: c.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"'))
    assert [number for number, _ in rows_of(content)] == [2]


def test_formula_of_a_workbook_is_never_run_nor_kept():
    rows = rows_of(xlsx_bytes(["Titre", "En une phrase"], ["=1+1", "Une."]))
    assert rows == [(2, {"title": "", "summary": "Une."})]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'=1", "''=1", "'x", "x", "", "'"])
def test_guard_is_taken_off_exactly(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@"))


def test_upload_is_read_where_it_lies():
    """As Django gives it: a file in memory or on disk, read twice."""
    table = open_table(ContentFile(csv_bytes(HEADER, ROW)).file)
    assert list(table.rows()) == list(table.rows())
    assert text_of(None) == ""
