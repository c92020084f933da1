"""The map's page: marks, the list beside them, zooms, what has no position, what is kept."""

import pytest
from django.urls import reverse

from initiatives import mapping
from initiatives.mapping import DirectoryMap
from initiatives.models import Initiative
from places import map as region
from places.models import Commune
from tests.factories import ago, make_initiative, make_theme
from tests.html import Html
from tests.initiatives.asking import ask

pytestmark = pytest.mark.django_db

VESOUL, BESANCON, BELFORT = "70550", "25056", "90010"
# A commune known by its postal area alone, one without any position.
ABBANS, SANCEY = "25001", "25529"


@pytest.fixture
def sheets():
    bike = make_theme(name="Mobilité", slug="velo")
    for code in [VESOUL, BESANCON, BESANCON, ABBANS, SANCEY]:
        make_initiative(themes=[bike], commune=Commune.objects.get(pk=code))
    make_initiative(commune=Commune.objects.get(pk=BELFORT))
    make_initiative(themes=[bike], department_id="25")
    make_initiative()
    make_initiative(commune=Commune.objects.get(pk=BELFORT), published_at=None)


def map_of(query=""):
    return DirectoryMap(ask(query))


def page(client, query=""):
    response = client.get(reverse("initiatives:map") + query)
    assert response.status_code == 200
    return response.content.decode()


def labels(query=""):
    return [mark.label for mark in map_of(query).marks]


def lines(query=""):
    """The list as `{section: [(name, count)]}`."""
    return {
        section.title: [(place.name, place.count) for place in section.places]
        for section in map_of(query).sections
    }


# Marks -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sheets")
def test_one_mark_per_commune_the_largest_first():
    assert labels() == [
        "Besançon\u202f: 2 fiches",
        "Abbans-Dessous\u202f: 1 fiche",
        "Belfort\u202f: 1 fiche",
        "Vesoul\u202f: 1 fiche",
    ]
    assert map_of().marks[0].radius > map_of().marks[1].radius


@pytest.mark.usefixtures("sheets")
def test_mark_leads_to_the_list_under_the_other_filters(client):
    urls = [mark.url for mark in map_of("q=ce+que&theme=velo&departement=70").marks]
    assert urls == [f"../?q=ce+que&theme=velo&commune={VESOUL}"]
    html = page(client, "?theme=velo")
    assert (
        f'href="../?theme=velo&amp;commune={VESOUL}"><title>Vesoul\u202f: 1 fiche</title>' in html
    )
    assert html.count(f"commune={VESOUL}") == 2  # the mark, the line


@pytest.mark.usefixtures("sheets")
def test_communes_of_one_postal_area_are_drawn_apart():
    shared = Commune.objects.get(pk=ABBANS)
    others = Commune.objects.filter(latitude=shared.latitude).exclude(pk=ABBANS)[:3]
    for commune in others:
        make_initiative(commune=commune)
    marks = map_of().approximate_marks
    assert len(marks) == len({(mark.x, mark.y) for mark in marks}) == 4


@pytest.mark.usefixtures("sheets")
def test_position_approached_or_unknown_is_said(client):
    html = page(client)
    assert "Positions approchées" in html
    assert "Abbans-Dessous</a> ≈" in html
    text = Html(html).text("figcaption")
    assert "1 fiche dont la commune n’a pas de position connue" in text
    assert "2 fiches sans commune précisée" in text
    assert "Etalab (Licence Ouverte)" in text
    assert "GeoNames (CC BY 4.0)" in text
    assert "Natural Earth" in text
    assert "≈" not in page(client, "?departement=90")


# The list ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sheets")
def test_list_says_every_sheet_once():
    assert lines() == {
        "Doubs": [
            ("Abbans-Dessous", 1), ("Besançon", 2), ("Sancey", 1), ("Commune non précisée", 1),
        ],
        "Haute-Saône": [("Vesoul", 1)],
        "Territoire de Belfort": [("Belfort", 1)],
        "Quelque part en Franche-Comté": [("Ni commune ni département", 1)],
    }  # fmt: skip
    assert sum(section.count for section in map_of().sections) == ask("").count == 8


@pytest.mark.usefixtures("sheets")
def test_every_line_leads_to_as_many_sheets(client):
    for query in ["", "departement=25", "theme=velo&departement=25&departement=90"]:
        for section in map_of(query).sections:
            for place in section.places:
                if place.url:
                    assert ask(place.url.removeprefix("../?")).count == place.count, place


@pytest.mark.usefixtures("sheets")
def test_communes_of_one_name_are_told_apart_by_their_department():
    for code in Commune.objects.filter(name="Belmont").values_list("pk", flat=True):
        make_initiative(commune_id=code)
    found = lines()
    assert ("Belmont", 1) in found["Doubs"]
    assert ("Belmont", 1) in found["Jura"]


def test_empty_map_says_so(client):
    html = page(client)
    assert "L’annuaire est encore vide." in html
    assert "0 fiches" not in Html(html).text("h2")


@pytest.mark.usefixtures("sheets")
def test_dead_end_leads_out_to_the_map(client):
    html = page(client, "?theme=velo&departement=90")
    assert "Aucune fiche" in html
    assert f'href="{reverse("initiatives:map")}?theme=velo"' in html


# Zooms -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sheets")
def test_zooms_keep_the_filters_and_count():
    zooms = [(zoom.code, zoom.query, zoom.count) for zoom in map_of("theme=velo").zooms]
    assert zooms == [
        ("", "theme=velo", 6),
        ("25", "theme=velo&departement=25", 5),
        ("39", "theme=velo&departement=39", 0),
        ("70", "theme=velo&departement=70", 1),
        ("90", "theme=velo&departement=90", 0),
    ]


@pytest.mark.usefixtures("sheets")
@pytest.mark.parametrize(
    ("query", "department", "current"),
    [
        ("", "", [""]),
        ("departement=25", "25", ["25"]),
        ("departement=25&departement=70", "", ["25", "70"]),
        ("departement=2A", "", []),
        ("departement=%3Cb%3E", "", []),
    ],
)
def test_one_department_is_zoomed_to(query, department, current):
    drawn = map_of(query)
    assert drawn.department == department
    assert drawn.frame == region.frame(department)
    assert [zoom.code for zoom in drawn.zooms if zoom.is_current] == current


@pytest.mark.usefixtures("sheets")
def test_reader_is_told_where_the_map_is(client):
    html = Html(page(client, "?departement=25"))
    current = [tag["href"] for tag in html.all("a") if tag.get("aria-current") == "true"]
    assert "/initiatives/carte/?departement=25" in current
    assert html.first("svg")["aria-label"].endswith("Doubs")


# Too many to draw --------------------------------------------------------------------------------


@pytest.fixture
def everywhere():
    """Two sheets in every commune, one in a department alone."""
    Initiative.objects.bulk_create(
        Initiative(
            title=f"{commune.name} {n}",
            slug=f"{commune.pk}-{n}",
            summary="Une phrase.",
            published_at=ago(days=1),
            commune=commune,
            department_id=commune.department_id,
        )
        for commune in Commune.objects.all()
        for n in range(2)
    )
    make_initiative(department_id="39")


@pytest.mark.usefixtures("everywhere")
def test_too_many_communes_are_drawn_by_intercommunality(client):
    drawn = map_of()
    assert drawn.is_grouped
    assert len(drawn.marks) == 51
    assert "choisissez un département" in page(client).lower()
    assert sum(section.count for section in drawn.sections) == ask("").count == 2 * 1692 + 1
    mark = next(mark for mark in drawn.marks if "Grand Besançon" in mark.label)
    epci = Commune.objects.get(pk=BESANCON).epci
    assert mark.url == f"../?intercommunalite={epci.pk}"
    assert f"{2 * epci.communes.count()} fiches" in mark.label


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("code", ["25", "39", "70", "90"])
def test_department_always_draws_its_communes(client, code):
    drawn = map_of(f"departement={code}")
    positioned = Commune.objects.filter(department=code, latitude__isnull=False).count()
    assert not drawn.is_grouped
    assert len(drawn.marks) == positioned
    assert sum(section.count for section in drawn.sections) == drawn.directory.count
    html = page(client, f"?departement={code}")
    assert html.count("<title>") > positioned
    assert len(html.encode()) <= 150_000


@pytest.mark.usefixtures("everywhere")
def test_long_question_keeps_the_page_light(client):
    """Its words are in every link: intercommunalities are drawn instead of communes."""
    query = "departement=70&q=" + "+".join(["phrase"] * 12)
    assert map_of(query).is_grouped
    assert sum(section.count for section in map_of(query).sections) == ask(query).count > 1000
    html = page(client, f"?{query}")
    assert len(html.encode()) <= 60_000
    assert "Choisissez une intercommunalité" in html


@pytest.mark.usefixtures("everywhere")
def test_map_of_intercommunalities_is_light(client):
    assert len(page(client).encode()) <= 60_000
    assert len(client.get("/").content) <= 60_000


# What is kept ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sheets")
def test_places_are_kept_while_nothing_changes(django_assert_num_queries):
    map_of("theme=velo").marks  # noqa: B018
    with django_assert_num_queries(1):  # the stamp
        assert len(map_of("theme=velo").marks) == 3
    Initiative.objects.filter(commune=VESOUL).update(published_at=None)
    assert len(map_of("theme=velo").marks) == 2
    Commune.objects.filter(pk=BESANCON).update(name="Vesontio")
    assert "Vesontio\u202f: 2 fiches" in labels("theme=velo")


@pytest.mark.usefixtures("sheets")
def test_one_statement_finds_the_places(django_assert_num_queries):
    mapping.located.cache_clear()
    with django_assert_num_queries(2):  # and the stamp
        assert len(map_of("theme=velo&departement=25").marks) == 2


@pytest.mark.usefixtures("sheets")
def test_what_is_typed_is_never_markup(client):
    attack = "<script>alert(1)</script>"
    html = page(client, f"?q={attack}&theme={attack}&departement={attack}")
    assert attack not in html
