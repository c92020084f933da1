"""After the results, whoever had no prize is offered a sheet too; before, nothing tells."""

import re

import pytest
from django.urls import reverse
from post_office.models import Email

from initiatives.models import Initiative, Support
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_eligible,
    make_initiative,
    make_prize,
    make_reading_edition,
    make_theme,
    make_user,
    publish_results,
)
from tests.html import Html
from tests.results import read_letters, work
from trophies import services
from trophies.consent import PUBLISHABLE
from trophies.models import Candidature, Edition
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

NAMES = list(PUBLISHABLE)


@pytest.fixture
def edition():
    edition = make_reading_edition(year=2043)
    end_readings(edition)
    return edition


@pytest.fixture
def holder(client):
    holder = make_user()
    client.force_login(holder)
    return holder


def decided(edition, outcome="not_selected", **changes):
    file = make_eligible(edition=edition, **changes)
    prize = make_prize(edition=edition) if outcome == "laureate" else None
    services.decide(file, outcome=outcome, prize=prize)
    return Candidature.objects.get(pk=file.pk)


def sheet_page(file):
    return reverse("candidatures:sheet", args=[file.uuid])


def neutral(response):
    """A page without what tells one request from another."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return response.status_code, re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", body)


def propose(client, file, *names):
    return client.post(sheet_page(file), {"publishable": list(names)})


# Before the results -------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["not_selected", "reserve", "laureate", None])
@pytest.mark.parametrize("delay", [60, None])
def test_nothing_is_offered_before_the_instant(client, edition, holder, outcome, delay):
    if outcome:
        file = decided(edition, outcome, holder=holder)
    else:
        file = make_eligible(edition=edition, holder=holder)
    at = delay and ahead(seconds=delay)
    Edition.objects.filter(pk=edition.pk).update(results_published_at=at)
    nowhere = "/mes-candidatures/00000000-0000-0000-0000-000000000000/fiche/"
    before = Initiative.objects.count()
    assert neutral(client.get(sheet_page(file))) == neutral(client.get(nowhere))
    assert neutral(propose(client, file, "need")) == neutral(
        client.post(nowhere, {"publishable": "need"})
    )
    assert Initiative.objects.count() == before
    assert "/fiche/" not in client.get(file.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowed):
        services.propose_sheet(file, names=["need"], by=file.holders.get())


def test_offer_of_somebody_else_is_not_there(client, edition, holder):
    file = decided(edition)
    publish_results(edition)
    nowhere = "/mes-candidatures/00000000-0000-0000-0000-000000000000/fiche/"
    assert neutral(client.get(sheet_page(file))) == neutral(client.get(nowhere))
    assert propose(client, file, "need").status_code == 404
    assert not Initiative.objects.exists()
    client.logout()
    assert client.get(sheet_page(file)).status_code == 302


def test_candidature_that_the_jury_left_undecided_is_offered_nothing(client, edition, holder):
    file = make_eligible(edition=edition, holder=holder)
    publish_results(edition)
    assert client.get(sheet_page(file)).status_code == 404
    assert propose(client, file, "need").status_code == 404


# The offer ----------------------------------------------------------------------------------------


def test_offer_shows_what_would_appear_with_the_former_choice(client, edition, holder):
    file = decided(edition, holder=holder, publishable=["people"], started_year=2019)
    Candidature.objects.filter(pk=file.pk).update(need="Tapé depuis.")
    publish_results(edition)
    space = client.get(file.get_absolute_url()).content.decode()
    assert "Publier votre projet dans l’annuaire" in space
    assert sheet_page(file) in space
    page = client.get(sheet_page(file)).content.decode()
    html = Html(page)
    for words in [file.title, file.summary, file.need, file.effects, "2019"]:
        assert words in page
    for words in [file.risks, file.spread, file.viability, "Tapé depuis."]:
        assert words not in page
    ticked = [box["value"] for box in html.all("input") if "checked" in box]
    assert ticked == ["people"]


@pytest.mark.parametrize("outcome", ["not_selected", "reserve", "finalist"])
def test_offer_makes_a_draft_with_what_was_let(client, edition, holder, outcome):
    theme = make_theme()
    file = decided(edition, outcome, holder=holder, themes=[theme], started_year=2019)
    publish_results(edition)
    Email.objects.all().delete()
    assert propose(client, file, "need", "started_year").url == sheet_page(file)
    sheet = Initiative.objects.get()
    assert (sheet.title, sheet.summary, sheet.commune) == (file.title, file.summary, file.commune)
    assert (sheet.need, sheet.started_year) == (file.need, 2019)
    assert (sheet.response, sheet.people, sheet.effects) == ("", "", "")
    assert (sheet.published_at, sheet.embargo_year) == (None, None)
    assert list(sheet.themes.all()) == [theme]
    assert sheet.supports.get().role == Support.Role.HOLDER
    file.refresh_from_db()
    assert (file.initiative, file.publishable) == (sheet, ["started_year", "need"])
    assert client.get(sheet.get_absolute_url()).status_code == 404
    mail = Email.objects.get()
    assert mail.to == [holder.email]
    assert file.title in mail.subject
    assert sheet_page(file) in mail.message


def test_offer_taken_twice_makes_one_sheet(client, edition, holder):
    file = decided(edition, holder=holder)
    publish_results(edition)
    Email.objects.all().delete()
    for _ in range(2):
        propose(client, file, "need")
    assert services.propose_sheet(file, names=NAMES, by=file.holders.get()) is False
    assert Initiative.objects.count() == Email.objects.count() == 1
    assert Initiative.objects.get().people == ""


def test_project_that_has_a_sheet_is_offered_no_other(client, edition, holder):
    sheet = make_initiative(title="Notre fiche", need="Écrit par l’équipe.")
    file = decided(edition, holder=holder, initiative=sheet)
    publish_results(edition)
    page = client.get(sheet_page(file)).content.decode()
    assert sheet.get_absolute_url() in page
    assert "<form" not in Html(page).text("main")
    propose(client, file, "need")
    sheet.refresh_from_db()
    assert sheet.need == "Écrit par l’équipe."
    assert Initiative.objects.count() == 1


def test_offer_without_any_consent_shows_what_makes_a_sheet_alone(client, edition, holder):
    file = decided(edition, holder=holder, title="Carte")
    publish_results(edition)
    propose(client, file)
    sheet = Initiative.objects.get()
    assert [getattr(sheet, name) for name in NAMES] == [None, "", "", "", ""]
    # « carte » is an address of the directory already.
    assert sheet.slug == "projet-carte"


def test_forged_choice_makes_nothing(client, edition, holder):
    file = decided(edition, holder=holder)
    publish_results(edition)
    page = propose(client, file, "need", "risks")
    assert page.status_code == 409
    assert "ne peut pas paraître" in page.content.decode()
    assert not Initiative.objects.exists()


def test_sheet_is_told_as_it_goes_on(client, edition, holder):
    file = decided(edition, holder=holder)
    publish_results(edition)
    propose(client, file, "need", "people")
    page = Html(client.get(sheet_page(file)).content.decode()).text("main")
    assert "pas encore en ligne" in page
    assert "Votre fiche dans l’annuaire" in client.get(file.get_absolute_url()).content.decode()
    Initiative.objects.update(published_at=ago(seconds=1), people="En d’autres mots.")
    page = client.get(sheet_page(file)).content.decode()
    assert Initiative.objects.get().get_absolute_url() in page
    lists = Html(page).text("main")
    kept, _, rest = lists.partition("Ce qu’elle dit en d’autres mots")
    other, _, absent = rest.partition("Ce qui n’y paraît pas")
    assert "Le besoin" in kept
    assert "Les personnes associées" in other
    assert "La réponse" in absent
    assert "Les effets" in absent


def test_sheet_goes_back_with_the_instant(client, edition, holder):
    file = decided(edition, holder=holder)
    publish_results(edition)
    assert client.get(sheet_page(file)).status_code == 200
    publish_results(edition, ahead(minutes=1))
    assert client.get(sheet_page(file)).status_code == 404


# A laureate ---------------------------------------------------------------------------------------


def test_laureate_reads_what_of_the_deposit_is_on_the_sheet(client, edition, holder):
    file = decided(edition, "laureate", holder=holder, publishable=["need"])
    read_letters(edition)
    publish_results(edition)
    work()
    assert sheet_page(file) in client.get(file.get_absolute_url()).content.decode()
    page = Html(client.get(sheet_page(file)).content.decode()).text("main")
    kept, _, absent = page.partition("Ce qui n’y paraît pas")
    assert "avec votre prix" in kept
    assert "Le besoin" in kept
    assert "La réponse" in absent
    before = Initiative.objects.get().response
    propose(client, file, *NAMES)
    assert Initiative.objects.get().response == before == ""


# The team -----------------------------------------------------------------------------------------


def test_team_finds_the_draft_among_those_to_publish(client, edition, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    file = decided(edition, title="Les bancs qui parlent")
    publish_results(edition)
    services.propose_sheet(file, names=["need"], by=file.holders.get())
    client.force_login(make_user(roles=["editor"]))
    page = client.get("/admin/initiatives/initiative/?etat=draft").content.decode()
    assert "Les bancs qui parlent" in page
