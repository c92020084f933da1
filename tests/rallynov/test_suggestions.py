"""What a search field suggests while somebody types."""

import pytest
from django.urls import reverse

from initiatives.models import Initiative
from places.models import Commune
from rallynov.suggestions import MOST_COMMUNES, MOST_THEMES, MOST_TITLES
from tests.factories import ago, ahead, make_initiative, make_theme


def suggest(client, text):
    return client.get(reverse("search-suggestions"), {"q": text}).json()


def labels(client, text):
    return [item["label"] for item in suggest(client, text)["items"]]


@pytest.fixture
def _sheets(db):
    vesoul = Commune.objects.get(pk="70550")
    theme = make_theme(name="Mobilité", slug="mobilite")
    make_initiative(title="Vélos du plateau", themes=[theme], commune=vesoul)
    make_initiative(title="Le bus des aidants", commune=vesoul, summary="Loin du vélo.")
    make_initiative(title="Co-construire l’école", commune=Commune.objects.get(pk="39478"))
    make_initiative(title="Covoiturage du plateau")


TYPED = [
    ("vé", ["Vélos du plateau", "Vesoul"]),
    ("VELO", ["Vélos du plateau"]),
    ("velo", ["Vélos du plateau"]),
    ("des aid", ["Le bus des aidants"]),
    ("aidants bu", ["Le bus des aidants"]),
    ("plateau", ["Covoiturage du plateau", "Vélos du plateau"]),
    ("vélo plat", ["Vélos du plateau"]),
    ("co-voit", ["Covoiturage du plateau"]),
    ("co voit", ["Covoiturage du plateau"]),
    ("coconst", ["Co-construire l’école"]),
    ("l'éco", ["Co-construire l’école"]),
    ("st cl", ["Saint-Claude"]),
    ("saint-cla", ["Saint-Claude"]),
    ("mobil", ["Mobilité"]),
    # Mended, once nothing answers.
    ("vesuol", ["Vesoul"]),
    ("aidnats", ["Le bus des aidants"]),
    # No sheet, nothing to suggest.
    ("besanc", []),
    ("loin", []),
    ("zzzz", []),
    # Too short, or no word.
    ("v", []),
    (" v ", []),
    ("", []),
    ("’’’", []),
]


@pytest.mark.usefixtures("_sheets")
@pytest.mark.parametrize(("text", "expected"), TYPED)
def test_what_is_typed_suggests(client, text, expected):
    assert labels(client, text) == expected


@pytest.mark.usefixtures("_sheets")
def test_suggestion_says_what_it_is_and_leads_there(client):
    make_initiative(title="Un brouillon", commune_id="70550", published_at=None)
    [sheet, commune] = suggest(client, "vé")["items"]
    velos = Initiative.objects.get(title="Vélos du plateau")
    assert sheet == {
        "label": "Vélos du plateau",
        "kind": "Initiative",
        "url": velos.get_absolute_url(),
    }
    assert commune == {
        "label": "Vesoul",
        "kind": "Commune, 2 fiches",
        "url": "/initiatives/?commune=70550",
    }
    assert suggest(client, "mobil")["items"] == [
        {"label": "Mobilité", "kind": "Thème", "url": "/initiatives/?theme=mobilite"}
    ]
    assert client.get(commune["url"]).status_code == 200


@pytest.mark.usefixtures("_sheets")
def test_words_found_are_named(client):
    assert suggest(client, "plateau vel")["marks"] == ["Vélos", "plateau"]
    assert suggest(client, "aidnats")["marks"] == ["aidants"]


def test_titles_that_begin_so_come_first(client, db):
    for title in ["À bicyclette", "Atelier bicyclette", "Zoé et sa bicyclette", "Bicyclette bleue"]:
        make_initiative(title=title)
    assert labels(client, "bicy") == [
        "Bicyclette bleue",
        "À bicyclette",
        "Atelier bicyclette",
        "Zoé et sa bicyclette",
    ]


def test_suggestions_are_few(client, db):
    communes = Commune.objects.filter(sort_key__startswith="mont")[:9]
    themes = [make_theme(name=f"Montagne {number}") for number in range(4)]
    for number, commune in enumerate(communes):
        make_initiative(title=f"Montée {number}", commune=commune, themes=themes)
    kinds = [item["kind"].partition(",")[0] for item in suggest(client, "mont")["items"]]
    counts = [("Initiative", MOST_TITLES), ("Commune", MOST_COMMUNES), ("Thème", MOST_THEMES)]
    assert kinds == [kind for kind, count in counts for _ in range(count)]


@pytest.mark.parametrize("state", [{"published_at": None}, {"published_at": ahead(days=1)}])
def test_place_or_theme_of_hidden_sheets_alone_is_not_suggested(client, db, state):
    theme = make_theme(name="Vannerie")
    sheet = make_initiative(themes=[theme], commune_id="70550", **state)
    assert labels(client, "vannerie") == labels(client, "vesoul") == []
    Initiative.objects.filter(pk=sheet.pk).update(published_at=ago(days=1))
    assert labels(client, "vannerie") == ["Vannerie"]
    assert labels(client, "vesoul") == ["Vesoul"]


def test_suggestions_may_be_kept_and_touch_no_session(client, db):
    response = client.get(reverse("search-suggestions"), {"q": "vélo"})
    assert response["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
