"""The edition's admin: its rules of eligibility, its limits, and the next edition made of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry

from accounts.roles import Role
from tests.admin.forms import page_values, values_of
from tests.factories import make_criterion, make_edition, make_prize, make_regulation
from trophies.models import Edition, EligibilityRule

PARIS = ZoneInfo("Europe/Paris")
LIST = "/admin/trophies/edition/"


@pytest.fixture
def edition(db):
    edition = make_edition(
        year=2027,
        ordinal=3,
        opens_at=datetime(2026, 10, 1, 9, tzinfo=PARIS),
        closes_at=datetime(2027, 1, 29, 23, 59, tzinfo=PARIS),
        jury_opens_at=datetime(2027, 2, 8, 9, tzinfo=PARIS),
        jury_closes_at=datetime(2027, 3, 26, 18, tzinfo=PARIS),
        results_published_at=datetime(2027, 4, 2, 9, tzinfo=PARIS),
    )
    make_criterion(edition=edition)
    make_prize(edition=edition)
    make_regulation(edition=edition)
    return edition


def clone_page(edition):
    return f"{LIST}{edition.pk}/cloner/"


def text_of(response):
    return response.content.decode()


def values(response):
    return values_of(response.context["form"])


def test_edition_leads_to_its_clone(client, team, edition):
    assert clone_page(edition) in text_of(client.get(f"{LIST}{edition.pk}/change/"))


def test_reader_of_editions_is_not_offered_a_clone(client, sign_in, edition):
    sign_in(Role.EDITOR)
    assert clone_page(edition) not in text_of(client.get(f"{LIST}{edition.pk}/change/"))
    assert client.get(clone_page(edition)).status_code == 403
    assert client.post(clone_page(edition), {"year": 2028}).status_code == 403
    assert Edition.objects.count() == 1


def test_dates_are_shown_then_confirmed(client, team, edition):
    page = client.get(clone_page(edition))
    assert "En 2027\u202f: vendredi 29 janvier 2027 à 23\xa0h\xa059." in text_of(page)
    proposed = values(page)
    assert (proposed["year"], proposed["closes_at_0"]) == (2028, "2028-01-28")
    assert Edition.objects.count() == 1
    response = client.post(clone_page(edition), proposed, follow=True)
    made = Edition.objects.get(year=2028)
    assert response.redirect_chain == [(f"{LIST}{made.pk}/change/", 302)]
    assert "L’édition 2028 est créée, en brouillon" in text_of(response)
    assert made.closes_at == datetime(2028, 1, 28, 23, 59, tzinfo=PARIS)
    assert (made.ordinal, made.criteria.count(), made.prizes.count()) == (4, 1, 1)
    assert made.published_at is None
    assert LogEntry.objects.filter(user=team, object_id=made.pk).exists()
    assert client.get("/trophees/2028/").status_code == 404


def test_another_year_proposes_other_dates_and_writes_nothing(client, team, edition):
    sent = values(client.get(clone_page(edition))) | {"year": "2030", "preview": "1"}
    page = client.post(clone_page(edition), sent)
    assert values(page)["closes_at_0"] == "2030-02-01"
    assert Edition.objects.count() == 1


def test_next_free_year_is_proposed(client, team, edition):
    make_edition(year=2028)
    assert values(client.get(clone_page(edition)))["year"] == 2029


@pytest.mark.parametrize("year", ["", "deux mille", "3", "99999"])
@pytest.mark.parametrize("button", [{}, {"preview": "1"}])
def test_wrong_year_is_said(client, team, edition, year, button):
    sent = values(client.get(clone_page(edition))) | {"year": year} | button
    assert "Rien n’est créé" in text_of(client.post(clone_page(edition), sent))
    assert Edition.objects.count() == 1


def test_taken_year_and_wrong_order_are_said(client, team, edition):
    sent = values(client.get(clone_page(edition)))
    assert "existe déjà" in text_of(client.post(clone_page(edition), sent | {"year": "2027"}))
    backwards = client.post(clone_page(edition), sent | {"closes_at_0": "01/01/2020"})
    assert "L’appel a une ouverture, puis une clôture." in text_of(backwards)
    assert Edition.objects.count() == 1


def test_second_click_says_that_it_exists(client, team, edition):
    sent = values(client.get(clone_page(edition)))
    assert client.post(clone_page(edition), sent).status_code == 302
    assert "existe déjà" in text_of(client.post(clone_page(edition), sent))
    assert Edition.objects.count() == 2


def test_unknown_edition_is_not_found(client, team, db):
    assert client.get(f"{LIST}999999/cloner/").status_code == 404


# Eligibility and limits -------------------------------------------------------------------------


def with_rule(page, **fields):
    rule = {"kind": "structure", "structures": [], "months": "", "explanation": "Voilà.", **fields}
    prefix = "eligibility_rules"
    return (
        page_values(page)
        | {f"{prefix}-0-{name}": value for name, value in rule.items()}
        | {f"{prefix}-TOTAL_FORMS": "1"}
    )


def save(client, edition, **fields):
    address = f"{LIST}{edition.pk}/change/"
    return client.post(address, with_rule(client.get(address), **fields))


def test_rule_on_structures_is_ticked(client, team, edition):
    assert save(client, edition, structures=["association", "company"]).status_code == 302
    rule = EligibilityRule.objects.get()
    assert (rule.edition, rule.kind, rule.structures) == (
        edition,
        "structure",
        ["association", "company"],
    )


def test_rule_on_age_has_months(client, team, edition):
    assert save(client, edition, kind="age", months="6").status_code == 302
    assert EligibilityRule.objects.get().months == 6


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Cochez les formes admises"),
        ({"kind": "age"}, "Indiquez l’ancienneté en mois"),
        ({"kind": "territory", "structures": ["association"]}, "Cochez les formes admises"),
        ({"kind": "only_one", "months": "6"}, "Indiquez l’ancienneté en mois"),
        ({"structures": ["une secte"]}, "une secte"),
    ],
)
def test_rule_that_does_not_hold_together_is_refused(client, team, edition, fields, words):
    assert words in text_of(save(client, edition, **fields))
    assert not EligibilityRule.objects.exists()


def test_limits_of_the_files_are_the_edition_s(client, team, edition):
    address = f"{LIST}{edition.pk}/change/"
    sent = page_values(client.get(address))
    assert client.post(address, sent | {"most_files": "3", "largest_file": "25"}).status_code == 302
    edition.refresh_from_db()
    assert (edition.most_files, edition.largest_file) == (3, 25)
    assert client.post(address, sent | {"largest_file": "51"}).status_code == 200
