"""CSV, JSON and GeoJSON hold the directory row for row, on the example; their schemas are true."""

import json
import re
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from django.test import override_settings
from django.utils import timezone

from events.models import Event
from initiatives.directory import Directory
from initiatives.models import Initiative
from rallynov.opendata.datasets import DATASETS
from rallynov.seed import demo
from tests.rallynov.open_files import cast_row, check, fetch, read_csv, rows_of
from trophies.models import Laureate

KINDS = ["csv", "json", "geojson"]


def quiet(line):
    pass


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The example, loaded once for the module: each test is then a savepoint within."""
    hashers = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with django_db_blocker.unblock(), override_settings(**hashers), transaction.atomic():
        demo.load(timezone.localdate(), say=quiet)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def example(loaded, db):
    pass


def questions():
    """Nothing; words; every value of every facet; each facet with the next one."""
    facets = Directory(QueryDict()).facets
    chosen = {facet.name: [option.value for option in options] for facet, options in facets}
    yield from ["", "q=v%C3%A9lo", "q=epicrie", "commune=25056", "commune=aucune", "theme=rien"]
    for name, values in chosen.items():
        yield from (f"{name}={value}" for value in values)
        yield "&".join(f"{name}={value}" for value in values[:2])
    for one, two in pairwise(chosen):
        yield f"{one}={chosen[one][0]}&{two}={chosen[two][0]}"


def listed(client, query):
    """The slugs on every page of the list, as a person turns them."""
    slugs, number = [], 1
    while True:
        page = client.get(f"/initiatives/?{query}&page={number}")
        slugs += re.findall(r'<h3><a href="/initiatives/([^/]+)/', page.content.decode())
        if not page.context["page_obj"].has_next():
            return slugs
        number += 1


def test_files_agree_with_the_directory_under_every_facet(client, example):
    asked = list(questions())
    sizes = set()
    for query in asked:
        files = [rows_of(client, "initiatives", kind, query) for kind in KINDS]
        found = [[row["identifiant"] for row in rows] for rows in files]
        assert found[0] == found[1] == found[2], query
        assert sorted(found[0]) == sorted(listed(client, query)), query
        sizes.add(len(found[0]))
    assert len(asked) > 60
    assert len(sizes) > 10


def test_order_and_page_change_nothing(client, example):
    whole = fetch(client, "initiatives", "csv")
    assert fetch(client, "initiatives", "csv", "tri=depuis&page=3") == whole


def test_map_of_the_file_is_the_map_of_the_sheets(client, example):
    features = json.loads(fetch(client, "initiatives", "geojson"))["features"]
    sheets = Initiative.objects.published().select_related("commune").in_bulk(field_name="slug")
    assert len(features) == len(sheets)
    for feature in features:
        commune = sheets[feature["id"]].commune
        if commune is None or commune.latitude is None:
            assert feature["geometry"] is None
            continue
        assert feature["geometry"]["type"] == "Point"
        longitude, latitude = feature["geometry"]["coordinates"]
        assert abs(longitude - float(commune.longitude)) < 1e-5
        assert abs(latitude - float(commune.latitude)) < 1e-5


def test_laureates_and_events_are_those_of_the_site(client, example):
    found = [row["initiative"] for row in rows_of(client, "laureats", "json")]
    shown = Laureate.objects.published().values_list("initiative__slug", flat=True)
    assert sorted(found) == sorted(shown)
    found = [row["identifiant"] for row in rows_of(client, "evenements", "json")]
    assert sorted(found) == sorted(Event.objects.published().values_list("slug", flat=True))


def schema(client, name, kind):
    return json.loads(client.get(f"/donnees/{name}.{kind}.json").content)


@pytest.mark.parametrize("name", DATASETS)
def test_json_is_what_its_schema_says(client, example, name):
    check(schema(client, name, "json-schema"), json.loads(fetch(client, name, "json")))


@pytest.mark.parametrize("name", DATASETS)
def test_csv_is_what_its_schema_says_and_holds_what_json_does(client, example, name):
    """Cast by the schema, a line of the CSV file is the JSON one."""
    told = schema(client, name, "schema")
    lines = [cast_row(told, row) for row in read_csv(fetch(client, name, "csv"))]
    rows = rows_of(client, name, "json")
    assert lines
    assert lines == [without_marks(row) for row in rows]
    keys = [tuple(row[key] for key in told["primaryKey"]) for row in lines]
    assert len(set(keys)) == len(keys)


def without_marks(row):
    """A JSON row as CSV writes it: « | » parts a list there, texts that start as a formula wait."""
    return {name: guarded(value) for name, value in row.items()}


def guarded(value):
    if isinstance(value, list):
        return [part.replace("|", "/") for part in value]
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" else value


@pytest.mark.parametrize("name", DATASETS)
def test_licence_is_named_and_linked(client, example, name):
    file = json.loads(fetch(client, name, "json"))
    assert "Licence Ouverte" in file["licence"]["nom"]
    assert "2.0" in file["licence"]["nom"]
    assert schema(client, name, "schema")["licenses"][0]["path"] == file["licence"]["adresse"]
    page = client.get("/donnees/").content.decode()
    assert f'href="{file["licence"]["adresse"]}"' in page
    for kind in DATASETS[name].kinds:
        assert f'href="/donnees/{name}.{kind}"' in page
    assert f'href="/donnees/{name}.schema.json"' in page
    assert f'href="/donnees/{name}.json-schema.json"' in page


def test_every_example_address_of_the_page_answers(client, example):
    page = client.get("/donnees/").content.decode()
    addresses = set(re.findall(r'href="(/donnees/[^"]+)"', page))
    assert len(addresses) >= 7 + 6 + 4
    for address in addresses:
        response = client.get(address.replace("&amp;", "&"))
        assert response.status_code == 200, address


def test_files_name_no_address_of_a_person(client, example):
    for dataset in DATASETS.values():
        for kind in dataset.kinds:
            assert b"@" not in fetch(client, dataset.name, kind), (dataset.name, kind)


def test_file_and_export_of_the_staff_hold_the_same_sheets(client, example, tmp_path):
    path = tmp_path / "fiches.csv"
    call_command("export_initiatives", path, filtre="departement=25", verbosity=0)
    exported = {row["Fiche"] for row in read_csv(path.read_bytes())}
    rows = rows_of(client, "initiatives", "csv", "departement=25")
    assert {row["identifiant"] for row in rows} == exported
