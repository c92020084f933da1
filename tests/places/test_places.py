import pytest
from django.apps import apps

from places import loader, map
from places.models import Commune, Department, Epci

pytestmark = pytest.mark.django_db


def counts():
    return [model.objects.count() for model in (Department, Epci, Commune)]


def test_migration_loads_every_place():
    assert counts() == [4, 51, 1692]
    vesoul = Commune.objects.select_related("epci", "department").get(code="70550")
    assert (vesoul.name, vesoul.department.name) == ("Vesoul", "Haute-Saône")


def test_loading_again_repairs_and_duplicates_nothing():
    Commune.objects.filter(code="70550").update(name="Faux")
    loader.load(*(apps.get_model("places", name) for name in ["Department", "Epci", "Commune"]))
    assert counts() == [4, 51, 1692]
    assert Commune.objects.get(code="70550").name == "Vesoul"


def test_commune_with_several_postal_codes_keeps_them_all():
    assert len(Commune.objects.get(code="25222").postal_codes) == 2


def test_every_position_is_drawn_within_the_map():
    for commune in Commune.objects.exclude(latitude=None):
        mark = map.mark(commune)
        assert 0 <= mark.x <= map.WIDTH
        assert 0 <= mark.y <= map.HEIGHT


def test_commune_without_position_has_no_mark():
    assert map.mark(Commune.objects.filter(latitude=None).first()) is None
    assert map.mark(None) is None


def test_north_is_up_and_east_is_right():
    belfort, lons = map.project(47.64, 6.86), map.project(46.67, 5.55)
    assert belfort[0] > lons[0]
    assert belfort[1] < lons[1]


def test_route_links_marks_from_west_to_east():
    marks = [map.Mark(90, 10, "b"), map.Mark(10, 20, "a")]
    assert map.route(marks).startswith("M10 20C")
    assert map.route(marks[:1]) == ""
