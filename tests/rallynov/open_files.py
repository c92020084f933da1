"""Reading the files of open data as those who take them do; checking them against their schema."""

import csv
import io
import json
from datetime import date, datetime

from django.urls import reverse


def fetch(client, name, kind, query=""):
    response = client.get(f"{reverse('data-file', args=[name, kind])}?{query}")
    assert response.status_code == 200, (name, kind, query)
    return response.getvalue()


def read_csv(content):
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def rows_of(client, name, kind, query=""):
    """The rows of a file; the count that it says, when it says one, is theirs."""
    content = fetch(client, name, kind, query)
    if kind == "csv":
        return read_csv(content)
    whole = json.loads(content)
    rows = whole["lignes"] if kind == "json" else [f["properties"] for f in whole["features"]]
    assert whole["nombre"] == len(rows)
    return rows


# Table Schema ------------------------------------------------------------------------------------


def cast(field, text):
    """The value that a cell holds by its field; raises where it does not hold one."""
    rules = field.get("constraints", {})
    if text == "":
        assert not rules.get("required"), field["name"]
        return [] if field["type"] == "list" else None
    value = CASTS[field["type"]](field, text)
    assert value in rules.get("enum", [value]), (field["name"], value)
    return value


def boolean(field, text):
    return {text in field["trueValues"]: True, text in field["falseValues"]: False}[True]


def instant(field, text):
    datetime.strptime(text, field["format"])
    return text


def day(field, text):
    date.fromisoformat(text)
    return text


CASTS = {
    "string": lambda field, text: text,
    "list": lambda field, text: text.split(field["delimiter"]),
    "integer": lambda field, text: int(text),
    "number": lambda field, text: float(text.replace(field["decimalChar"], ".")),
    "boolean": boolean,
    "datetime": instant,
    "date": day,
}


def cast_row(schema, row):
    assert list(row) == [field["name"] for field in schema["fields"]]
    return {field["name"]: cast(field, row[field["name"]]) for field in schema["fields"]}


# JSON Schema: the words that ours use, and no other ----------------------------------------------

TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool,
         "array": list, "object": dict, "null": type(None)}  # fmt: skip
WORDS = {"$schema", "$id", "title", "description", "type", "format", "enum", "items", "minimum",
         "properties", "required", "additionalProperties"}  # fmt: skip


def check(schema, value, path="$"):
    """Raises where the value is not what the schema says."""
    assert set(schema) <= WORDS, path
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(is_a(kind, value) for kind in kinds), (path, value)
    assert value in schema.get("enum", [value]), (path, value)
    if isinstance(value, str) and "format" in schema:
        FORMATS[schema["format"]](value)
    if isinstance(value, list):
        for number, each in enumerate(value):
            check(schema["items"], each, f"{path}[{number}]")
    if isinstance(value, dict):
        assert list(value) == schema["required"] == list(schema["properties"]), path
        for name, each in value.items():
            check(schema["properties"][name], each, f"{path}.{name}")


def is_a(kind, value):
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def check_address(text):
    assert text.startswith(("http://", "https://")), text
    assert " " not in text, text


FORMATS = {"uri": check_address, "date": date.fromisoformat, "date-time": datetime.fromisoformat}
