"""Facets, choices in force, order, pages, dead ends."""

import pytest
from django.db import connection
from django.urls import reverse

from initiatives import directory
from initiatives.directory import count_of
from initiatives.models import Initiative
from initiatives.results import ways_out
from places.models import Commune
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_condition,
    make_initiative,
    make_laureate,
    make_organisation,
    make_prize,
    make_theme,
)
from tests.html import Html
from tests.initiatives.asking import ask

VESOUL, BESANCON, MAICHE = "70550", "25056", "25356"


@pytest.fixture
def sheets(db):
    """Four sheets, apart in every facet."""
    bike, food = make_theme(name="Mobilité", slug="velo"), make_theme(name="Table", slug="table")
    condition = make_condition(title="Oser", slug="oser")
    firm = make_organisation(kind="company")
    club = make_organisation(kind="association")
    places = {code: Commune.objects.get(pk=code) for code in (VESOUL, BESANCON, MAICHE)}
    rows = {
        "a": make_initiative(
            title="Atelier", themes=[bike, food], holder=firm, commune=places[VESOUL],
            started_year=2001, published_at=ago(days=3),
        ),
        "b": make_initiative(
            title="Banquet", themes=[food], holder=club, commune=places[BESANCON],
            started_year=2020, published_at=ago(days=2),
        ),
        "c": make_initiative(
            title="Convoi", themes=[bike], holder=club, commune=places[MAICHE],
            published_at=ago(days=1),
        ),
        "d": make_initiative(title="Détour", department_id="25", published_at=ago(days=4)),
    }  # fmt: skip
    rows["a"].conditions.add(condition)
    make_laureate(initiative=rows["b"], prize=make_prize(edition=make_archive(year=2012)))
    make_initiative(title="Brouillon", themes=[bike], published_at=None, department_id="25")
    return rows


def found(query):
    return [row.title for row in ask(query).ordered]


def options(query, name):
    facets = {facet.name: own for facet, own in ask(query).facets}
    return {option.value: option.count for option in facets[name]}


QUERIES = [
    ("", ["Atelier", "Banquet", "Convoi", "Détour"]),
    ("theme=velo", ["Atelier", "Convoi"]),
    ("theme=velo&theme=table", ["Atelier", "Banquet", "Convoi"]),
    ("theme=velo&departement=25", ["Convoi"]),
    ("departement=25&departement=70", ["Atelier", "Banquet", "Convoi", "Détour"]),
    ("structure=association", ["Banquet", "Convoi"]),
    ("structure=company&structure=association&theme=table", ["Atelier", "Banquet"]),
    ("condition=oser", ["Atelier"]),
    ("laureat=2012", ["Banquet"]),
    ("laureat=2012&theme=velo", []),
    ("commune=70550", ["Atelier"]),
    ("commune=aucune", ["Détour"]),
    ("commune=aucune&commune=25056", ["Banquet", "Détour"]),
    ("q=banquet&departement=25", ["Banquet"]),
    ("theme=inconnu", []),
    ("laureat=hier", []),
    ("laureat=99999999999999999999", []),
    ("departement=%00", ["Atelier", "Banquet", "Convoi", "Détour"]),
    ("tri=recentes", ["Convoi", "Banquet", "Atelier", "Détour"]),
    ("tri=depuis", ["Banquet", "Atelier", "Convoi", "Détour"]),
    ("tri=pertinence", ["Atelier", "Banquet", "Convoi", "Détour"]),
    ("tri=n-importe-quoi", ["Atelier", "Banquet", "Convoi", "Détour"]),
]


@pytest.mark.usefixtures("sheets")
@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_query_gives_its_rows_and_their_number(query, expected):
    assert found(query) == expected
    assert ask(query).count == len(expected)


COUNTS = [
    ("", "theme", {"velo": 2, "table": 2}),
    ("", "departement", {"25": 3, "70": 1}),
    ("", "structure", {"association": 2, "company": 1}),
    ("", "laureat", {"2012": 1}),
    # Under the others' filters, and not under its own.
    ("theme=velo", "theme", {"velo": 2, "table": 2}),
    ("theme=velo", "departement", {"25": 1, "70": 1}),
    ("departement=70", "theme", {"velo": 1, "table": 1}),
    ("departement=70", "departement", {"25": 3, "70": 1}),
    ("departement=70&theme=velo", "structure", {"company": 1}),
    # A chosen value stays, at nought.
    ("departement=70&laureat=2012", "laureat", {"2012": 0}),
    ("theme=inconnu", "theme", {"velo": 2, "table": 2, "inconnu": 0}),
    ("q=convoi", "theme", {"velo": 1}),
]


@pytest.mark.usefixtures("sheets")
@pytest.mark.parametrize(("query", "name", "expected"), COUNTS)
def test_facet_counts_under_the_other_filters(query, name, expected):
    assert options(query, name) == expected


def test_sheet_with_two_holders_of_a_kind_counts_once(sheets):
    sheets["b"].supports.create(
        organisation=make_organisation(kind="association"), role="holder"
    )  # fmt: skip
    assert options("", "structure") == {"association": 2, "company": 1}


@pytest.mark.usefixtures("sheets")
def test_choices_are_lifted_one_by_one():
    choices = {
        choice.label: choice.without for choice in ask("q=velo&theme=velo&laureat=2012").choices
    }
    assert choices == {
        "«\u202fvelo\u202f»": "laureat=2012&theme=velo",
        "Mobilité": "q=velo&laureat=2012",
        "Lauréates 2012": "q=velo&theme=velo",
    }


@pytest.mark.usefixtures("sheets")
def test_choice_without_a_row_is_still_named():
    choices = [choice.label for choice in ask("laureat=2012&theme=velo&commune=39300").choices]
    assert choices == ["Mobilité", "Lauréates 2012", "Commune\u202f: Lons-le-Saunier"]


@pytest.mark.usefixtures("sheets")
def test_dead_end_tells_the_ways_out():
    directory = ask("laureat=2012&theme=velo")
    assert [(way.text, way.query, way.count) for way in ways_out(directory)] == [
        ("sans Mobilité", "laureat=2012", 1),
        ("sans Lauréates 2012", "theme=velo", 2),
    ]


@pytest.mark.usefixtures("sheets")
def test_dead_end_of_words_tells_which_word_finds_something():
    ways = {way.text: way.count for way in ways_out(ask("q=atelier+fantaisiste"))}
    assert ways == {"avec «\u202fatelier\u202f» seulement": 1}


def test_dead_end_of_a_commune_tells_wider_places(sheets):
    Initiative.objects.filter(pk=sheets["c"].pk).update(summary="Une crèche roulante.")
    ways = {way.text: (way.query, way.count) for way in ways_out(ask("q=crèche+charquemont"))}
    epci = sheets["c"].commune.epci
    assert ways[f"partout\u202f: {epci.name}"] == (
        f"q=creche&intercommunalite={epci.pk}", 1
    )  # fmt: skip
    assert ways["partout\u202f: Doubs"] == ("q=creche&departement=25", 1)


# What is kept ------------------------------------------------------------------------------------


def test_counts_are_kept_while_nothing_changes(sheets, django_assert_num_queries):
    count_of.cache_clear()
    assert ask("theme=velo").count == 2
    with django_assert_num_queries(1):  # the stamp
        assert ask("theme=velo").count == 2


def test_counts_follow_every_write(sheets):
    assert ask("theme=velo").count == 2
    Initiative.objects.filter(pk=sheets["c"].pk).update(published_at=None)
    assert ask("theme=velo").count == 1
    sheets["a"].theme_links.all().delete()
    assert ask("theme=velo").count == 0
    assert options("", "laureat") == {"2012": 1}
    sheets["b"].laureates.update(initiative=sheets["a"])
    assert found("laureat=2012") == ["Atelier"]
    edition = sheets["a"].laureates.get().prize.edition
    edition.results_published_at = ahead(days=1)
    edition.save()
    assert options("", "laureat") == {}


def stamp():
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_stamp()")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_stamp_changes_when_an_instant_goes_by(settings):
    """Nothing is written, and a scheduled sheet comes out: its second is the database's."""
    make_initiative(published_at=ago(days=1))
    later = make_initiative(published_at=ahead(seconds=1))
    edition = make_archive(results_published_at=ahead(seconds=1))
    before = stamp()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_sleep_until(greatest(%s, %s))",
            [later.published_at, edition.results_published_at],
        )
    assert stamp() != before
    assert stamp() == stamp()


def change(times):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_change (id) OVERRIDING SYSTEM VALUE "
            "SELECT nextval(pg_get_serial_sequence('directory_change', 'id')) "
            "FROM generate_series(1, %s)",
            [times],
        )


def test_changes_are_forgotten_and_the_stamp_stays_new(db):
    seen = {stamp()}
    for times in (1, 1, 1, directory.MOST_CHANGES):
        change(times)
        assert stamp() not in seen
        seen.add(stamp())
    directory.forget_old_changes()
    assert stamp() not in seen
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_change")
        assert cursor.fetchone()[0] == 1


# Pages -------------------------------------------------------------------------------------------


def page(client, query=""):
    response = client.get(reverse("initiatives:list") + query)
    assert response.status_code == 200
    return response


def test_page_beyond_the_last_shows_the_last(client, db):
    for _ in range(25):
        make_initiative()
    assert len(page(client, "?page=2").context["initiatives"]) == 1
    assert len(page(client, "?page=99").context["initiatives"]) == 1
    assert len(page(client, "?page=x").context["initiatives"]) == 24


def test_pages_cut_the_list_without_a_gap(client, db):
    expected = sorted(make_initiative(title="Pareil").pk for _ in range(50))
    seen = [row.pk for n in (1, 2, 3) for row in page(client, f"?page={n}").context["initiatives"]]
    assert sorted(seen) == expected


def test_words_too_long_are_said_and_kept(client, sheets):
    words = "x" * 201
    html = page(client, f"?q={words}").content.decode()
    assert "Écrivez 200 caractères au plus." in html
    assert words in html
    assert "4 fiches" in Html(html).text("h2")


def test_results_are_announced_and_marked(client, sheets):
    Initiative.objects.filter(pk=sheets["c"].pk).update(need="Un besoin de pirogues, dit-on.")
    html = page(client, "?q=pirogue").content.decode()
    assert "1 initiative : « pirogue »" in Html(html).text("title")
    assert "<mark>pirogues</mark>" in html


def test_guess_is_said(client, sheets):
    html = page(client, "?q=banqet").content.decode()
    assert "Résultats approchants" in html
    assert "<mark>Banquet</mark>" in html


def test_cards_keep_the_way_back(client, sheets):
    html = page(client, "?theme=velo").content.decode()
    assert f'href="{sheets["c"].get_absolute_url()}?theme=velo&amp;rang=2"' in html
    assert "rang=" not in page(client).content.decode()


def test_what_is_typed_is_never_markup(client, sheets):
    attack = "<script>alert(1)</script>"
    html = page(client, f"?q={attack}&theme={attack}").content.decode()
    assert attack not in html
    assert "&lt;script&gt;" in html
