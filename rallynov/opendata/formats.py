"""The same rows as CSV, JSON and GeoJSON, written as they are read."""

import json
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from django.conf import settings
from django.urls import reverse

from initiatives.transfer.cells import join_list
from rallynov.opendata.columns import BOOLEAN, LIST
from rallynov.opendata.datasets import CREDITS, LICENCE, SOURCE
from rallynov.spreadsheets import csv_chunks, guarded

CHUNK = 64 * 1024  # bytes sent at once
POSITION = ("latitude", "longitude")  # what the geometry says instead


def gathered(chunks):
    """The first chunk at once, the others by 64 KB."""
    yield from islice(chunks, 1)
    waiting, size = [], 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


# CSV ---------------------------------------------------------------------------------------------


def csv(asked, rows):
    return csv_chunks(lines(asked.dataset.columns, rows))


def lines(columns, rows):
    yield [column.name for column in columns]
    for row in rows:
        yield [cell(column, column.value(row)) for column in columns]


def cell(column, value):
    """A value, already cleaned, that no spreadsheet runs."""
    if value is None:
        return ""
    if column.kind == LIST:
        return guarded(join_list(part.replace("|", "/") for part in value))
    if column.kind == BOOLEAN:
        return "oui" if value else "non"
    return guarded(value) if isinstance(value, str) else as_data(value)


# JSON --------------------------------------------------------------------------------------------


def as_data(value):
    """A value that JSON and CSV write alike."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def record(columns, row):
    return {column.name: as_data(column.value(row)) for column in columns}


def head(asked):
    """What is said before the rows: whose they are, under which licence, by which filters."""
    dataset = asked.dataset
    return {
        "titre": dataset.title,
        "description": dataset.description,
        "source": f"{SOURCE}, {settings.SITE_URL}{reverse('data')}",
        "licence": LICENCE,
        "credits": CREDITS,
        "filtres": asked.filters or None,
        "requete": asked.query or None,
    }


def json_text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def json_file(asked, rows):
    columns = asked.dataset.columns
    yield from document(head(asked), "lignes", (record(columns, row) for row in rows))


def document(first, name, records):
    """`{…first, name: [records], "nombre": how many}`, a record on each line.

    The count comes last: a file that was cut short has none.
    """
    yield f'{json_text(first)[:-1]},"{name}":['.encode()
    number = 0
    for number, each in enumerate(records, 1):  # noqa: B007 -- the last number is the count
        yield f"{',' if number > 1 else ''}\n{json_text(each)}".encode()
    yield f'\n],"nombre":{number}}}\n'.encode()


# GeoJSON -----------------------------------------------------------------------------------------


def geojson(asked, rows):
    """RFC 7946: longitude first; what has no position is there, without a geometry."""
    columns = [column for column in asked.dataset.columns if column.name not in POSITION]
    points = [column for column in asked.dataset.columns if column.name in POSITION]
    first = {"type": "FeatureCollection"} | head(asked)
    yield from document(first, "features", (feature(columns, points, row) for row in rows))


def feature(columns, points, row):
    latitude, longitude = (column.value(row) for column in points)
    known = latitude is not None and longitude is not None
    return {
        "type": "Feature",
        "id": row.slug,
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]} if known else None,
        "properties": record(columns, row),
    }


WRITERS = {"csv": csv, "json": json_file, "geojson": geojson}
TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "geojson": "application/geo+json",
}
