import pytest
from django.apps import apps

from places import loader
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


@pytest.mark.parametrize(
    ("code", "neighbour"), [("25032", "25047"), ("25139", "25271"), ("70271", "70219")]
)
def test_commune_taken_for_its_namesake_stands_in_its_own_postal_area(code, neighbour):
    commune, neighbour = (Commune.objects.get(pk=pk) for pk in (code, neighbour))
    assert commune.coordinate_source == "postal_area"
    assert abs(commune.latitude - neighbour.latitude) < 0.1
    assert abs(commune.longitude - neighbour.longitude) < 0.1


def test_only_communes_of_one_postal_area_share_a_position():
    common = {}
    for commune in Commune.objects.exclude(latitude=None):
        place, areas = (commune.latitude, commune.longitude), set(commune.postal_codes)
        common[place] = common.get(place, areas) & areas
    assert [place for place, areas in common.items() if not areas] == []
