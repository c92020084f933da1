"""What may appear on a sheet: a consent for each answer, read from the deposit that holds it."""

import json

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from initiatives.models import Initiative
from tests.factories import (
    end_readings,
    make_candidature,
    make_deposited,
    make_eligible,
    make_initiative,
    make_prize,
    make_reading_edition,
    make_user,
    publish_results,
)
from tests.html import Html
from tests.results import work
from trophies import consent, desk, services
from trophies.archive import working_text
from trophies.consent import PUBLISHABLE
from trophies.documents import receipt_content
from trophies.models import Candidature, Deposit

pytestmark = pytest.mark.django_db

NAMES = list(PUBLISHABLE)


def again(row):
    return type(row).objects.get(pk=row.pk)


def address(candidature):
    return reverse("candidatures:step", args=[candidature.uuid, "accord"])


@pytest.fixture
def candidature(client):
    holder = make_user()
    client.force_login(holder)
    return make_candidature(holder=holder, publishable=[])


# The deposits -------------------------------------------------------------------------------------


def former(candidature, may_publish):
    """A deposit as the first ones were: one yes for all the answers."""
    payload = candidature.payload()
    del payload["publishable"]
    deposit = Deposit(
        candidature=candidature,
        number=2,
        payload=payload | {"may_publish": may_publish},
        by=candidature.holders.get(),
        received_at=candidature.last_deposit.received_at,
    )
    deposit.save()
    return deposit


@pytest.mark.parametrize(
    ("payload", "names"),
    [
        ({"publishable": ["effects", "need"]}, ["need", "effects"]),
        ({"publishable": []}, []),
        ({"publishable": ["need", "risks"]}, ["need"]),
        ({"may_publish": True}, NAMES),
        ({"may_publish": False}, []),
    ],
)
def test_consent_is_read_from_any_deposit(payload, names):
    assert consent.allowed(payload) == names


@pytest.mark.parametrize("may_publish", [True, False])
def test_former_deposit_is_not_a_change(may_publish):
    names = NAMES if may_publish else []
    candidature = make_deposited(publishable=names)
    former(candidature, may_publish)
    assert not again(candidature).has_undeposited_changes
    assert not changed(candidature)
    Candidature.objects.update(publishable=["need"])
    assert again(candidature).has_undeposited_changes
    assert changed(candidature)


def changed(candidature):
    rows = desk.with_changes(Candidature.objects.filter(pk=candidature.pk))
    return rows.get().has_changes


@pytest.mark.parametrize("names", [[], ["need"], NAMES])
def test_consent_taken_back_or_given_is_a_change(names):
    candidature = make_deposited(publishable=["need", "effects"])
    assert not changed(candidature)
    Candidature.objects.update(publishable=names)
    assert changed(candidature)
    Candidature.objects.update(publishable=["effects", "need"])
    assert not changed(candidature)
    assert not again(candidature).has_undeposited_changes


# The sheets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_each_answer_needs_its_own_consent(name, client):
    """Of a new sheet, and of one that existed: what was not opened stays as it was."""
    edition = make_reading_edition()
    end_readings(edition)
    prize = make_prize(edition=edition, quantity=2)
    former_words = {key: 1999 if key == "started_year" else f"Avant : {key}." for key in NAMES}
    sheet = make_initiative(**former_words)
    for own in ({}, {"initiative": sheet}):
        file = make_eligible(edition=edition, publishable=[name], started_year=2019, **own)
        services.decide(file, outcome="laureate", prize=prize)
    publish_results(edition)
    work()
    made, sheet = Initiative.objects.exclude(pk=sheet.pk).get(), again(sheet)
    blank = {key: None if key == "started_year" else "" for key in NAMES}
    files = Candidature.objects.in_bulk(field_name="uuid").values()
    for row, before in ((made, blank), (sheet, former_words)):
        file = next(f for f in files if f.initiative_id == row.pk)
        expected = before | {name: getattr(file, name)}
        assert {key: getattr(row, key) for key in NAMES} == expected
    page = client.get(made.get_absolute_url()).content.decode()
    file = made.candidatures.get()
    answers = [key for key in NAMES if key != "started_year"]
    assert {key for key in answers if getattr(file, key) in page} == {name} - {"started_year"}


def test_year_that_nobody_gave_erases_none():
    edition = make_reading_edition()
    end_readings(edition)
    sheet = make_initiative(started_year=1999)
    file = make_eligible(edition=edition, initiative=sheet, started_year=None)
    services.decide(file, outcome="laureate", prize=make_prize(edition=edition))
    publish_results(edition)
    work()
    assert again(sheet).started_year == 1999


# The step -----------------------------------------------------------------------------------------


def test_step_keeps_each_choice(client, candidature):
    client.post(address(candidature), {"publishable": ["effects", "need"], "save": "1"})
    assert again(candidature).publishable == ["need", "effects"]
    html = Html(client.get(address(candidature)).content.decode())
    ticked = [box["value"] for box in html.all("input") if "checked" in box]
    assert ticked == ["need", "effects"]
    client.post(address(candidature), {"save": "1"})
    assert again(candidature).publishable == []


def test_step_saves_itself_and_refuses_what_it_does_not_know(client, candidature):
    data = {"publishable": ["need", "risks"]}
    answer = client.post(address(candidature), data, headers={"Accept": "application/json"}).json()
    assert list(answer["errors"]) == ["publishable"]
    candidature = again(candidature)
    assert (candidature.publishable, candidature.missing) == ([], ["publishable"])
    data = {"publishable": ["need"], "version": answer["version"]}
    answer = client.post(address(candidature), data, headers={"Accept": "application/json"}).json()
    assert answer["errors"] == {}
    assert (again(candidature).publishable, again(candidature).typed) == (["need"], {})


def test_step_names_its_group_and_says_what_always_appears(client, candidature):
    html = Html(client.get(address(candidature)).content.decode())
    assert "fiche publique" in html.text("legend")
    assert consent.ALWAYS in html.text("fieldset")
    group = next(tag for tag in html.all("fieldset") if tag.get("id") == "id_publishable")
    assert group["aria-describedby"] in [tag.get("id") for tag in html.all("p")]


# What is taken away -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "words"),
    [([], "aucune"), (["need", "people"], "Le besoin, les personnes associées, si le projet")],
)
def test_consent_is_told_wherever_a_deposit_is(client, names, words):
    holder = make_user()
    client.force_login(holder)
    candidature = make_deposited(holder=holder, publishable=names)
    deposit = candidature.last_deposit
    assert words in json.dumps(receipt_content(deposit), ensure_ascii=False)
    receipt = reverse("candidatures:receipt", args=[candidature.uuid, 1])
    assert words in client.get(receipt).content.decode()
    text = working_text(candidature)
    assert (consent.in_words(names) or "(vide)") in text


# The data of before -------------------------------------------------------------------------------


def test_one_yes_becomes_a_yes_for_each_and_back():
    yes, no, some = (make_candidature(publishable=names) for names in (NAMES, [], ["need"]))

    def migrate(name):
        connection.check_constraints()  # else what was just written holds the table
        executor = MigrationExecutor(connection)
        executor.migrate([("trophies", name)])
        return executor.loader.project_state([("trophies", name)]).apps

    before = migrate("0009_after_the_prize").get_model("trophies", "Candidature")
    told = dict(before.objects.values_list("pk", "may_publish"))
    assert told == {yes.pk: True, no.pk: False, some.pk: False}
    before.objects.update(publishable=[])
    migrate(latest())
    assert again(yes).publishable == NAMES
    assert again(no).publishable == again(some).publishable == []


def latest():
    graph = MigrationExecutor(connection).loader.graph
    return next(name for app, name in graph.leaf_nodes() if app == "trophies")
