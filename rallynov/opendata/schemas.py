"""What the files hold, said to machines: Table Schema for CSV, JSON Schema for JSON."""

from django.conf import settings
from django.urls import reverse

from rallynov.opendata import columns as kinds
from rallynov.opendata.datasets import LICENCE

# In a CSV file: French spreadsheets read a comma in numbers.
TABLE_TYPES = {
    kinds.TEXT: {"type": "string"},
    kinds.ADDRESS: {"type": "string", "format": "uri"},
    kinds.LIST: {"type": "list", "itemType": "string", "delimiter": " | "},
    kinds.INTEGER: {"type": "integer"},
    kinds.NUMBER: {"type": "number", "decimalChar": ","},
    kinds.BOOLEAN: {"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
    kinds.DAY: {"type": "date"},
    kinds.INSTANT: {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
}
JSON_TYPES = {
    kinds.TEXT: {"type": "string"},
    kinds.ADDRESS: {"type": "string", "format": "uri"},
    kinds.LIST: {"type": "array", "items": {"type": "string"}},
    kinds.INTEGER: {"type": "integer"},
    kinds.NUMBER: {"type": "number"},
    kinds.BOOLEAN: {"type": "boolean"},
    kinds.DAY: {"type": "string", "format": "date"},
    kinds.INSTANT: {"type": "string", "format": "date-time"},
}


def table_schema(dataset):
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": f"rallynov-{dataset.name}",
        "title": dataset.title,
        "description": dataset.description,
        "homepage": f"{settings.SITE_URL}{reverse('data')}",
        "licenses": [{"title": LICENCE["nom"], "path": LICENCE["adresse"]}],
        "fields": [field(column) for column in dataset.columns],
        "primaryKey": list(dataset.key),
        "missingValues": [""],
    }


def field(column):
    constraints = {"required": True} if column.is_required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    return {
        "name": column.name,
        "title": column.header,
        "description": column.help,
        "example": column.example,
        **TABLE_TYPES[column.kind],
        **({"constraints": constraints} if constraints else {}),
    }


def json_schema(dataset):
    said = {"type": ["string", "null"]}
    top = {
        "titre": {"type": "string"},
        "description": {"type": "string"},
        "source": {"type": "string"},
        "licence": closed({"nom": {"type": "string"}, "adresse": {"type": "string"}}),
        "credits": {"type": "array", "items": {"type": "string"}},
        "filtres": said,
        "requete": said,
        "lignes": {
            "type": "array",
            "items": closed({column.name: of_json(column) for column in dataset.columns}),
        },
        "nombre": {"type": "integer", "minimum": 0},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{settings.SITE_URL}{reverse('data-json-schema', args=[dataset.name])}",
        "title": dataset.title,
        "description": dataset.description,
        **closed(top),
    }


def closed(properties):
    """An object that has these properties, all of them, and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def of_json(column):
    said = JSON_TYPES[column.kind] | {"title": column.header, "description": column.help}
    choices = list(column.choices)
    if not column.is_required and column.kind != kinds.LIST:
        said["type"] = [said["type"], "null"]
        choices = [*choices, None] if choices else []
    return said | ({"enum": choices} if choices else {})
