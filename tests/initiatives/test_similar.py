"""Sheets like another: the reasons said, nothing that is not public, in the same queries."""

import pytest

from initiatives.models import Initiative
from initiatives.similar import similar_cards
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_commune,
    make_initiative,
    make_theme,
)

pytestmark = pytest.mark.django_db


def similar(slug, most=10):
    """`{title: reasons}` of the sheets like the one of that address, best first."""
    published = Initiative.objects.published()
    sheet = published.for_detail().get(slug=slug)
    return {row.title: why for row, why in similar_cards(sheet, published, most)}


@pytest.fixture
def sheet():
    """In Vesoul, about mobility first, on a word that nothing else in the tests holds."""
    return make_initiative(
        title="Vélobus des collégiens",
        slug="velobus",
        summary="Une ligne où chacun pédale.",
        commune=make_commune(name="Vesoul"),
        themes=[make_theme(name="Mobilité"), make_theme(name="Éducation")],
    )


def theme_of(sheet, place=0):
    return sheet.theme_links.all()[place].theme


def test_reason_is_the_main_theme(sheet):
    make_initiative(title="Autre", themes=[theme_of(sheet)])
    assert similar("velobus") == {"Autre": ["même thème\u202f: Mobilité"]}


def test_reason_names_every_theme_in_common(sheet):
    make_initiative(title="Autre", themes=[theme_of(sheet, 1), theme_of(sheet)])
    assert similar("velobus") == {"Autre": ["mêmes thèmes\u202f: Éducation, Mobilité"]}


@pytest.mark.parametrize(
    ("commune", "reason"),
    [("Vesoul", "à Vesoul aussi"), ("Frotey-lès-Vesoul", "dans la même intercommunalité")],
)
def test_reason_is_the_place(sheet, commune, reason):
    make_initiative(title="Autre", commune=make_commune(name=commune))
    make_initiative(title="Ailleurs", commune=make_commune(name="Dole"))
    assert similar("velobus") == {"Autre": [reason]}


@pytest.mark.parametrize(
    ("commune", "reason"), [("Le Russey", "au Russey aussi"), ("Les Fins", "aux Fins aussi")]
)
def test_reason_contracts_the_article_of_a_commune(commune, reason):
    for title in ("Un", "Deux"):
        make_initiative(
            title=title, slug=title.lower(), summary="Là.", commune=make_commune(name=commune)
        )
    assert similar("un") == {"Deux": [reason]}


@pytest.mark.parametrize(
    "title",
    ["Un VELOBUS pour tous", "Les vélobus", "Pour le collégien", "Cette ligne, on la pédale"],
)
def test_reason_is_a_word_of_the_title_or_two_of_the_summary(sheet, title):
    make_initiative(title=title)
    make_initiative(title="Une ligne", summary="Vélobus des collégiens.")
    assert similar("velobus") == {title: ["des mots proches"]}


def test_what_shares_nothing_is_not_similar(sheet):
    make_initiative(themes=[make_theme()], commune=make_commune(name="Dole"))
    assert similar("velobus") == {}


def test_sheet_without_theme_nor_place_nor_words_has_no_similar_one():
    make_initiative(title="A", slug="a", summary="B")
    make_initiative(title="C")
    assert similar("a") == {}


def test_several_reasons_come_before_one(sheet):
    theme, commune = theme_of(sheet), make_commune(name="Vesoul")
    make_initiative(title="Thème", themes=[theme])
    make_initiative(title="Tout vélobus", themes=[theme], commune=commune)
    make_initiative(title="Lieu et thème", themes=[theme], commune=commune)
    make_initiative(title="Second thème", themes=[theme_of(sheet, 1)], commune=commune)
    found = similar("velobus")
    assert list(found) == ["Tout vélobus", "Lieu et thème", "Second thème", "Thème"]
    assert found["Tout vélobus"] == [
        "même thème\u202f: Mobilité",
        "à Vesoul aussi",
        "des mots proches",
    ]


def test_only_what_is_public_is_similar(sheet):
    archive = make_archive(year=2031, results_published_at=ahead(hours=1))
    same = {"commune": sheet.commune, "themes": [theme_of(sheet)], "summary": sheet.summary}
    make_initiative(title="Vélobus collégien, en ligne", **same)
    make_initiative(title="Vélobus collégien, brouillon", published_at=None, **same)
    make_initiative(title="Vélobus collégien, programmé", published_at=ahead(days=1), **same)
    make_initiative(title="Vélobus collégien, secret", embargo_year=2031, **same)
    assert list(similar("velobus")) == ["Vélobus collégien, en ligne"]
    archive.results_published_at = ago(seconds=1)
    archive.save()
    assert set(similar("velobus")) == {
        "Vélobus collégien, en ligne",
        "Vélobus collégien, secret",
    }


def test_drafts_take_no_place_among_the_candidates(sheet):
    public = make_initiative(title="En ligne", commune=sheet.commune)
    for _ in range(45):
        make_initiative(published_at=None, commune=sheet.commune)
    assert list(similar("velobus")) == [public.title]


def test_number_of_queries_does_not_grow(sheet, django_assert_num_queries):
    for number in (1, 3):
        for _ in range(number):
            make_initiative(
                title="Vélobus collégien", commune=sheet.commune, themes=[theme_of(sheet)]
            )
        published = Initiative.objects.published()
        loaded = published.for_detail().get(slug="velobus")
        # Its telling words, the rows that hold them, the others; themes, photos, laureates.
        with django_assert_num_queries(6):
            similar_cards(loaded, published, 4)


def test_sheet_shows_them_with_the_reason(client, sheet):
    make_initiative(title="Autre ligne", slug="autre-ligne", themes=[theme_of(sheet)])
    page = client.get(sheet.get_absolute_url()).content.decode()
    part = page.partition("Dans le même esprit")[2]
    assert "/initiatives/autre-ligne/" in part
    assert "même thème\u202f: Mobilité" in part


def test_sheet_alone_announces_nothing(client, sheet):
    assert "Dans le même esprit" not in client.get(sheet.get_absolute_url()).content.decode()
