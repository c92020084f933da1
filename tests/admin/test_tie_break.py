"""What separates equal files: chosen before the jury reads, locked with the grid, told in words."""

import pghistory
import pytest

from accounts.roles import Role
from tests.admin.forms import page_values
from tests.factories import (
    end_readings,
    make_criterion,
    make_edition,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_reading_edition,
    make_user,
)
from tests.html import Html
from trophies.journal import Choice, page_of
from trophies.models import Edition
from trophies.models.edition import TieBreak

pytestmark = pytest.mark.django_db

CRITERION = "La moyenne sur le critère qui pèse le plus"
CASTING = "La voix prépondérante de la présidence"


def change(edition):
    return f"/admin/trophies/edition/{edition.pk}/change/"


def rules(edition):
    return Edition.objects.get(pk=edition.pk).tie_break


def chosen(*rules):
    return {f"tie_break_{rank}": rule for rank, rule in enumerate([*rules, "", "", ""][:4], 1)}


def post(client, edition, *rules):
    values = page_values(client.get(change(edition)))
    return client.post(change(edition), values | chosen(*rules))


def test_list_is_chosen_rank_by_rank(client, team):
    edition = make_edition()
    page = client.get(change(edition))
    assert page_values(page).items() >= chosen(*TieBreak.values).items()
    assert CRITERION in Html(page.content.decode()).text("option")
    assert post(client, edition, "vote", "casting", "criterion").status_code == 302
    assert rules(edition) == ["vote", "casting", "criterion"]
    assert "tie_break_4" not in page_values(client.get(change(edition)))


def test_gap_in_the_list_closes_and_an_empty_list_is_one(client, team):
    edition = make_edition()
    post(client, edition, "", "vote", "", "criterion")
    assert rules(edition) == ["vote", "criterion"]
    post(client, edition)
    assert rules(edition) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["vote", "criterion", "vote"], "Cette règle est déjà plus haut."),
        (["casting", "vote"], "Elle tranche un vote\u202f: placez-la après lui."),
        (["deposited_at"], "deposited_at"),
    ],
)
def test_list_that_makes_no_sense_is_refused(client, team, wrong, said):
    edition = make_edition()
    page = post(client, edition, *wrong).content.decode()
    assert said in page
    assert rules(edition) == TieBreak.values


def test_casting_vote_without_a_vote_on_equals_is_a_list(client, team):
    edition = make_edition()
    post(client, edition, "casting")
    assert rules(edition) == ["casting"]


def test_new_edition_begins_with_the_whole_list(client, team):
    page = client.get("/admin/trophies/edition/add/")
    assert page_values(page).items() >= chosen(*TieBreak.values).items()


def test_list_is_locked_with_the_grid_and_told_in_words(client, team):
    edition = make_reading_edition(tie_break=["criterion", "casting"])
    page = client.get(change(edition))
    assert not page_values(page).keys() & chosen().keys()
    listed = Html(page.content.decode()).text("li")
    assert listed.index(CRITERION) < listed.index(CASTING)
    assert "Un vote du jury" not in listed
    assert client.post(change(edition), page_values(page) | chosen("vote")).status_code == 302
    assert rules(edition) == ["criterion", "casting"]


def test_empty_list_is_told_too(client, team):
    page = client.get(change(make_reading_edition(tie_break=[])))
    assert "Rien\u202f: les dossiers de même moyenne restent ex æquo." in page.content.decode()


def test_journal_tells_the_list_in_words():
    edition, person = make_edition(), make_user()
    with pghistory.context(user=person.pk):
        edition.tie_break = ["vote", "criterion"]
        edition.save()
    team = make_user(roles=[Role.TEAM])
    entries = page_of(edition, team, Choice.of(edition, {}), 1).entries
    entry = next(entry for entry in entries if entry.changes)
    assert [(row.label, row.after) for row in entry.changes] == [
        (
            "À égalité, départagent dans l’ordre",
            "un vote du jury, la moyenne sur le critère qui pèse le plus",
        )
    ]


# The page of the jury ---------------------------------------------------------------------------


def jury_page(client, edition, table):
    """The rows of the ranking, from {title: levels of each juror}."""
    files = {title: make_eligible(edition=edition, title=title) for title in table}
    members = [make_jury_member(edition=edition) for _ in next(iter(table.values()))]
    for title, row in table.items():
        for member, levels in zip(members, row, strict=True):
            make_evaluation(member.assignments.get(candidature=files[title]), levels)
    end_readings(edition)
    return client.get(f"/admin/trophies/edition/{edition.pk}/jury/").content.decode()


def test_page_of_the_jury_shows_equals_as_equals(client, team):
    edition = make_reading_edition()
    make_criterion(edition=edition)
    page = jury_page(client, edition, {"Zèbre": [[2], [2]], "Pain": [[3], [3]], "Eau": [[2], [2]]})
    assert page.count("2<sup>e</sup> ex æquo") == 2
    assert page.index("Pain") < page.index("Eau") < page.index("Zèbre")
    assert "L’ordre alphabétique n’est pas un rang." in page
    assert "Lu par deux jurés" in page
    assert "départagé par" not in page


def test_page_of_the_jury_says_what_separated(client, team):
    edition = make_reading_edition()
    for weight in (60, 40):
        make_criterion(edition=edition, weight=weight)
    page = jury_page(client, edition, {"Eau": [[2, 4]], "Pain": [[4, 1]]})
    said = "À moyenne égale, départagé par la moyenne sur le critère qui pèse le plus"
    assert page.count(said) == 2
    assert "ex æquo" not in page
    assert page.index("Pain") < page.index("Eau")
