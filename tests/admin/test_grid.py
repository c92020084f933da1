"""The grid that an edition begins with, and what of it still changes once the jury may read."""

import json

import pytest
from django.db.models import F

from tests.admin.forms import page_values
from tests.factories import (
    ahead,
    make_criterion,
    make_edition,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_reading_edition,
)
from tests.html import Html
from trophies import services
from trophies.models import Criterion, Edition
from trophies.models.edition import OfficialColumn, OthersShown
from trophies.services.grid import GRID

pytestmark = pytest.mark.django_db

VAGUE = ["moyen", "bon ", "bonne", "mauvais ", "satisfais", "excellent", "faible", "insuffisant"]


def change(edition):
    return f"/admin/trophies/edition/{edition.pk}/change/"


def rules(edition):
    row = Edition.objects.get(pk=edition.pk)
    return row.is_anonymous, row.others_shown, row.official_column


@pytest.fixture
def locked():
    """An edition in front of its jury."""
    edition = make_reading_edition()
    make_criterion(edition=edition, label="Un besoin", weight=30)
    return edition


# The house's own --------------------------------------------------------------------------------


def test_grid_of_the_house_is_whole_and_says_what_is_seen():
    grid = json.loads(GRID.read_text())
    assert [row["weight"] for row in grid] == [20, 20, 20, 20, 10, 10]
    assert [row["allows_not_applicable"] for row in grid] == [False] * 4 + [True] * 2
    for row in grid:
        assert row["help"]
        assert len(set(row["levels"])) == 5
        for sentence in row["levels"]:
            assert len(sentence) <= 120
            assert sentence.endswith(".")
            # A fact of the file, and no praise.
            assert not any(word in f"{sentence.lower()} " for word in VAGUE), sentence


def test_grid_is_proposed_once():
    edition = make_edition()
    assert services.propose_grid(edition)
    assert not services.propose_grid(edition)
    rows = edition.criteria.all()
    assert [row.label for row in rows][0] == "Un besoin mal couvert"
    assert (len(rows), sum(row.weight for row in rows)) == (6, 100)
    for row in rows:
        row.full_clean()


def test_own_grid_is_left_alone():
    criterion = make_criterion(edition=make_edition())
    assert not services.propose_grid(criterion.edition)
    assert list(criterion.edition.criteria.all()) == [criterion]


def test_new_edition_begins_with_the_grid(client, team):
    page = client.get("/admin/trophies/edition/add/")
    values = page_values(page) | {"year": "2048"}
    assert client.post("/admin/trophies/edition/add/", values).status_code == 302
    assert Edition.objects.get(year=2048).criteria.count() == 6


def test_new_edition_with_a_criterion_keeps_its_own(client, team):
    page = client.get("/admin/trophies/edition/add/")
    values = page_values(page) | {"year": "2048", "criteria-TOTAL_FORMS": "1"}
    values |= {"criteria-0-label": "La joie", "criteria-0-weight": "5", "criteria-0-position": "0"}
    values |= {f"criteria-0-level_{level}": f"Vu {level}." for level in range(5)}
    assert client.post("/admin/trophies/edition/add/", values).status_code == 302
    assert [row.label for row in Edition.objects.get(year=2048).criteria.all()] == ["La joie"]


def test_saving_an_edition_again_writes_no_grid(client, team):
    edition = make_edition()
    client.post(change(edition), page_values(client.get(change(edition))))
    assert not edition.criteria.exists()


def test_grid_is_offered_on_the_page_of_the_jury(client, team):
    edition = make_edition()
    jury = f"/admin/trophies/edition/{edition.pk}/jury/"
    assert "Partir de la grille de Rally’nov" in client.get(jury).content.decode()
    assert client.get(f"{jury}grille/").status_code == 405
    for _ in range(2):
        page = client.post(f"{jury}grille/", follow=True).content.decode()
    assert edition.criteria.count() == 6
    assert "6 critères, poids 100 en tout" in Html(page).text("dd")
    assert "Partir de la grille" not in page


# Its lock ---------------------------------------------------------------------------------------


def test_grid_is_free_until_the_jury_may_read(client, team):
    edition = make_edition()
    criterion = make_criterion(edition=edition)
    values = page_values(client.get(change(edition)))
    assert "criteria-0-change_reason" not in values
    values |= {
        "criteria-0-level_4": "Personne n’y répond.",
        "criteria-0-weight": "30",
        "is_anonymous": "on",
        "others_shown": OthersShown.SIGNED,
        "official_column": OfficialColumn.CALIBRATED,
        "readings_per_file": "3",
    }
    assert client.post(change(edition), values).status_code == 302
    criterion.refresh_from_db()
    assert (criterion.levels[4], criterion.weight) == ("Personne n’y répond.", 30)
    assert rules(edition) == (True, "signed", "calibrated")


def test_words_alone_change_once_locked_and_with_a_reason(client, team, locked):
    criterion = locked.criteria.get()
    values = page_values(client.get(change(locked)))
    assert "criteria-0-weight" not in values
    values |= {
        "criteria-0-level_4": "Rien n’y répond.",
        "criteria-0-weight": "5",
        "criteria-0-allows_not_applicable": "on",
        "criteria-0-position": "9",
    }
    page = client.post(change(locked), values)
    assert "Dites pourquoi ces mots changent." in page.content.decode()
    criterion.refresh_from_db()
    assert criterion.levels[4] == "niveau 4"

    values["criteria-0-change_reason"] = "Une phrase se lisait mal."
    assert client.post(change(locked), values).status_code == 302
    criterion.refresh_from_db()
    assert (criterion.levels[4], criterion.weight) == ("Rien n’y répond.", 30)
    assert (criterion.allows_not_applicable, criterion.position) == (False, 0)
    assert criterion.change_reason == "Une phrase se lisait mal."


def test_each_change_has_a_reason_of_its_own_and_history_keeps_them(client, team, locked):
    criterion = locked.criteria.get()
    for rank in (1, 2):
        page = client.get(change(locked))
        assert ("La dernière fois" in page.content.decode()) == (rank == 2)
        values = page_values(page)
        assert "criteria-0-change_reason" not in values
        values |= {"criteria-0-help": f"Aide {rank}", "criteria-0-change_reason": f"Motif {rank}"}
        assert client.post(change(locked), values).status_code == 302
    events = criterion.events.order_by("pgh_id").values_list("help", "change_reason")
    assert list(events)[-2:] == [("Aide 1", "Motif 1"), ("Aide 2", "Motif 2")]


def test_reason_without_a_change_is_no_change(client, team, locked):
    values = page_values(client.get(change(locked)))
    values["criteria-0-change_reason"] = "Pour rien."
    assert client.post(change(locked), values).status_code == 302
    assert locked.criteria.get().change_reason == ""


def test_set_of_criteria_is_locked(client, team, locked):
    criterion = locked.criteria.get()
    values = page_values(client.get(change(locked))) | {
        "criteria-TOTAL_FORMS": "2",
        "criteria-0-DELETE": "on",
        "criteria-1-edition": locked.pk,
        "criteria-1-label": "Un de plus",
        "criteria-1-weight": "90",
    }
    values |= {f"criteria-1-level_{level}": f"Vu {level}." for level in range(5)}
    client.post(change(locked), values)
    assert list(Criterion.objects.filter(edition=locked)) == [criterion]


@pytest.mark.parametrize("why", ["opening", "score"])
def test_rules_of_the_jury_are_read_only_with_the_grid(client, team, locked, why):
    if why == "score":
        make_eligible(edition=locked)
        member = make_jury_member(edition=locked)
        make_evaluation(member.assignments.get(), [3], is_signed=False)
        Edition.objects.filter(pk=locked.pk).update(
            jury_opens_at=ahead(days=1), jury_closes_at=F("jury_closes_at")
        )
    page = client.get(change(locked))
    values = page_values(page)
    for name in ("is_anonymous", "others_shown", "official_column"):
        assert name not in page.context["adminform"].form.fields
    values |= {"is_anonymous": "on", "others_shown": "signed", "official_column": "calibrated"}
    assert client.post(change(locked), values).status_code == 302
    assert rules(locked) == (False, "never", "raw")


def test_fields_of_the_jury_explain_themselves(client, team, locked):
    edition = make_edition()
    for each in (edition, locked):
        text = Html(client.get(change(each)).content.decode()).text("div")
        for words in ["jusqu’à 25 candidatures", "ni les structures", "sans les noms", "l’ordre."]:
            assert words in text
