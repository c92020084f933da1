"""The picture that shows a sheet where its address is shared."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from initiatives import sharing
from initiatives.models import Initiative
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_commune,
    make_initiative,
    make_laureate,
    make_prize,
    make_theme,
)

pytestmark = pytest.mark.django_db

COMTE, SAPIN = (0xF5, 0xB8, 0x2E), (0x0E, 0x3B, 0x34)
FLAG = (845, 378)  # a point of the laureate's disc, above its flag


def address(initiative):
    return reverse("initiatives:share-card", args=[initiative.slug])


def card(client, initiative):
    response = client.get(address(initiative))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    return response.content


def picture(content):
    return Image.open(io.BytesIO(content), formats=["PNG"]).convert("RGB")


def ink_right_of(image, x):
    """How many pixels of the column of words, right of `x`, are not its ground."""
    colours = image.crop((x, 140, 790, 470)).getcolors(maxcolors=1_000_000)
    return sum(count for count, colour in colours if colour != SAPIN)


def test_card_has_the_size_that_networks_ask_for(client):
    assert picture(card(client, make_initiative())).size == (1200, 630)


def test_each_sheet_has_its_own_drawing(client):
    theme = make_theme()
    sheets = [make_initiative(title="Même titre", themes=[theme]) for _ in range(2)]
    one, other = (picture(card(client, sheet)) for sheet in sheets)
    drawing, words = (900, 0, 1200, 630), (0, 0, 760, 630)
    assert one.crop(drawing).tobytes() != other.crop(drawing).tobytes()
    assert one.crop(words).tobytes() == other.crop(words).tobytes()


def test_card_says_what_the_sheet_says():
    initiative = make_initiative(
        title="Vélobus",
        themes=[make_theme(name="Mobilité")],
        commune=make_commune(name="Vesoul"),
        started_year=2012,
        is_example=True,
    )
    loaded = Initiative.objects.for_cards().get(pk=initiative.pk)
    content = sharing.card_content(loaded)
    for text in ["V\\u00e9lobus", "Mobilit\\u00e9", "Vesoul, Haute-Sa\\u00f4ne", "depuis 2012"]:
        assert text in content
    loaded.is_example = False
    assert sharing.card(sharing.card_content(loaded)) != sharing.card(content)


def test_place_may_be_a_department_or_nothing():
    department = make_initiative(department_id="39")
    assert sharing.place_in_full(department) == "Jura"
    assert sharing.place_in_full(make_initiative()) == "Franche-Comté"


@pytest.mark.parametrize(
    "title",
    [
        "Une coopérative d’habitantes et d’habitants pour reprendre l’épicerie, le café, "
        "la boulangerie et la station-service de quatre villages du haut Doubs, L’Étape",
        "Anticonstitutionnellementissimesquement",
        "M" * 160,
        '#panic() $x$ *gras* </svg> \\ " « № → 🚲 »',
        "É",
    ],
)
def test_every_title_holds_in_its_column(client, title):
    image = picture(card(client, make_initiative(title=title)))
    assert ink_right_of(image, 60) > 100
    assert ink_right_of(image, 766) == 0 or " " not in title


def test_laureate_s_flag_waits_for_the_results(client):
    initiative = make_initiative()
    edition = make_archive(year=2031, results_published_at=ahead(hours=1))
    before = card(client, initiative)
    make_laureate(initiative=initiative, prize=make_prize(edition=edition))
    assert card(client, initiative) == before
    edition.results_published_at = ago(seconds=1)
    edition.save()
    after = card(client, initiative)
    assert after != before
    assert picture(after).getpixel(FLAG) == COMTE != picture(before).getpixel(FLAG)
    edition.results_published_at = ahead(hours=1)
    edition.save()
    assert card(client, initiative) == before


@pytest.mark.parametrize("state", [{"published_at": None}, {"embargo_year": 2031}])
def test_what_is_not_public_has_no_card(client, state):
    make_archive(year=2031, results_published_at=ahead(hours=1))
    initiative = make_initiative(**state)
    assert client.get(address(initiative)).status_code == 404
    Initiative.objects.update(published_at=ago(days=1), embargo_year=None)
    assert client.get(address(initiative)).status_code == 200


def test_card_is_sent_again_only_if_it_changed(client):
    initiative = make_initiative()
    first = client.get(address(initiative))
    assert "public" in first["Cache-Control"]
    same = client.get(address(initiative), headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    Initiative.objects.update(title="Un autre titre")
    other = client.get(address(initiative), headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    assert other.content != first.content


def test_card_is_drawn_once(client):
    initiative = make_initiative()
    sharing.card.cache_clear()
    for _ in range(3):
        card(client, initiative)
    assert (sharing.card.cache_info().misses, sharing.card.cache_info().hits) == (1, 2)
