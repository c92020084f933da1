"""Proposing an initiative and telling an error, without account."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from initiatives.contributing.duplicates import close_sheets
from initiatives.models import Contribution, Initiative
from rallynov import formguard
from tests.factories import (
    ago,
    ahead,
    make_commune,
    make_contribution,
    make_edition,
    make_initiative,
    make_theme,
)
from tests.initiatives.contributing import PROPOSE, opened, plain, proposal, text_of, typed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


# Proposing ----------------------------------------------------------------------------------------


def test_anyone_proposes_an_initiative(client):
    theme = make_theme()
    response = client.post(PROPOSE, proposal(themes=[theme.pk], carries_it="on"), follow=True)
    assert "Merci, c’est arrivé" in text_of(response)
    kept = Contribution.objects.get()
    assert kept.kind == "proposal"
    assert kept.state == "pending"
    assert kept.values == {
        "title": "Le jardin des voisins",
        "summary": "Un potager que trois rues cultivent ensemble.",
        "response": "Chacun y vient le samedi.",
        "commune": make_commune(name="Vesoul").pk,
        "organisation": "Les voisins de la Motte",
        "themes": [theme.slug],
        "website": "https://jardin.exemple.fr",
    }
    assert (kept.name, kept.email) == ("Camille Exemple", "camille@rallynov.example")
    assert kept.carries_it
    assert not Initiative.objects.exists()


def test_nothing_is_mailed_to_an_address_that_nobody_proved(client):
    client.post(PROPOSE, proposal())
    assert not Email.objects.exists()


def test_the_same_sent_twice_is_kept_once(client):
    client.post(PROPOSE, proposal())
    client.post(PROPOSE, proposal())
    assert Contribution.objects.count() == 1


def test_name_sentence_and_address_are_enough(client):
    rest = dict.fromkeys(["response", "commune", "organisation", "website", "name"], "")
    client.post(PROPOSE, proposal(**rest))
    assert set(Contribution.objects.get().values) == {"title", "summary"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": ""}, "Écrivez le nom de l’initiative."),
        ({"summary": " "}, "Dites en une phrase"),
        ({"email": "camille"}, "Écrivez une adresse complète"),
        ({"email": ""}, "Écrivez votre adresse"),
        ({"commune": "Zzz"}, "Nous ne trouvons pas cette commune"),
        ({"website": "pas une adresse"}, "Écrivez une adresse complète"),
        ({"response": "x" * 6001}, "il y en a 1 de trop"),
        ({"site": "http://robot.invalid"}, formguard.TRAPPED),
        ({"ouvert": ""}, formguard.TOO_FAST),
        ({"ouvert": "forged"}, formguard.TOO_FAST),
    ],
)
def test_nothing_is_lost_on_an_error(client, changes, fault):
    theme = make_theme()
    sent = proposal(themes=[theme.pk], carries_it="on") | changes
    response = client.post(PROPOSE, sent)
    assert plain(fault) in text_of(response)
    assert not Contribution.objects.exists()
    for name in ["title", "summary", "commune", "organisation", "website", "name", "email"]:
        assert typed_in(response, name).strip() == sent[name].strip()
    assert response.content.decode().count(" checked") == 2


def test_flood_is_refused_and_loses_nothing(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"contribution": "1/h/ip"}
    client.post(PROPOSE, proposal())
    response = client.post(PROPOSE, proposal(title="Une autre tout à fait"))
    assert response.status_code == 429
    assert typed_in(response, "title") == "Une autre tout à fait"
    assert Contribution.objects.count() == 1


def test_form_needs_its_token():
    assert Client(enforce_csrf_checks=True).post(PROPOSE, proposal()).status_code == 403


def test_words_of_the_site_are_not_titles_of_sheets(client):
    for address in [PROPOSE, f"{PROPOSE}merci/", f"{PROPOSE}proches/"]:
        assert client.get(address).status_code == 200


# Probable duplicates ------------------------------------------------------------------------------

LIKE = ["Le bus des aidants", "Un bus pour les aidants", "le bus des aidant", "bus dse aidants",
        "Bus des adants", "LE BUS D", "les aidants en bus"]  # fmt: skip
UNLIKE = ["Le potager du Doubs", "Un bus pour l’emploi des jeunes ruraux", "a", "", "%", "zzz 'x"]


@pytest.mark.parametrize("title", LIKE)
def test_duplicates_are_found_in_spite_of_slips(title):
    sheet = make_initiative(title="Le bus des aidants")
    make_initiative(title="Les mercredis de l’atelier")
    assert close_sheets(title) == [sheet]


@pytest.mark.parametrize("title", UNLIKE)
def test_other_initiatives_are_not_duplicates(title):
    make_initiative(title="Le bus des aidants")
    assert close_sheets(title) == []


def test_same_site_is_a_duplicate_whatever_its_title():
    sheet = make_initiative(title="Tout autre chose", website="https://www.exemple.fr/jardin/")
    assert close_sheets("Le jardin", website="http://exemple.fr/jardin") == [sheet]


def test_same_commune_comes_first_and_asks_for_less():
    vesoul, dole = make_commune(name="Vesoul"), make_commune(name="Dole")
    far = make_initiative(title="Le jardin des voisins", commune=dole)
    near = make_initiative(title="Le jardin des voisines", commune=vesoul)
    loose = make_initiative(title="Un grand jardin partagé pour tous", commune=vesoul)
    assert close_sheets("jardin des voisins", commune=vesoul) == [near, far]
    assert loose in close_sheets("jardin partagé ouvert chez Marie Dupont", commune=vesoul)
    assert loose not in close_sheets("jardin partagé ouvert chez Marie Dupont", commune=dole)


HIDDEN = [{"published_at": None}, {"published_at": ahead(days=1)}, {"embargo_year": 2031}]


def test_duplicates_take_the_same_queries_for_one_and_for_many():
    counts = []
    for number in [1, 9]:
        for each in range(number):
            make_initiative(title=f"Le bus des aidants {number} {each}")
        with CaptureQueriesContext(connection) as queries:
            assert close_sheets("Le bus des aidants")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_duplicates_tell_nothing_of_what_is_not_public(client, hidden):
    make_edition(year=2031)
    site = "https://secret.exemple.fr/"
    make_initiative(title="Les semeuses de lune", slug="semeuses", website=site, **hidden)
    asked = {"title": "Les semeuses de lune", "website": site}
    assert client.get(f"{PROPOSE}proches/", asked).content == b""
    response = client.post(PROPOSE, proposal(**asked))
    assert response.status_code == 302
    # Its words mend nothing either.
    assert close_sheets("semeuse de lun") == []


def test_duplicates_while_typing_are_those_of_the_page_without_script(client):
    sheet = make_initiative(title="Le jardin des voisins", published_at=ago(days=1))
    asked = {"title": "Le jardn des voisins", "commune": "Vesoul"}
    typing = client.get(f"{PROPOSE}proches/", asked)
    assert sheet.title in typing.content.decode()
    assert "no-cache" in typing["Cache-Control"]
    assert "Cookie" not in typing.get("Vary", "")
    response = client.post(PROPOSE, proposal(title="Le jardn des voisins"))
    assert "Est-ce l’une de celles-ci" in text_of(response)
    assert sheet.get_absolute_url() in response.content.decode()
    assert typed_in(response, "title") == "Le jardn des voisins"
    assert not Contribution.objects.exists()


def test_duplicates_are_asked_about_once(client):
    make_initiative(title="Le jardin des voisins", slug="jardin")
    asked = client.post(PROPOSE, proposal())
    assert typed_in(asked, "seen").split() == ["jardin"]
    client.post(PROPOSE, proposal(seen="jardin"))
    assert Contribution.objects.count() == 1


# « Signaler une erreur » --------------------------------------------------------------------------


def fault(**changes):
    return {"message": "Le lien est mort.", "name": "", "email": "", "ouvert": opened()} | changes


def test_anyone_tells_an_error(client):
    sheet = make_initiative()
    address = f"{sheet.get_absolute_url()}signaler/"
    assert address in client.get(sheet.get_absolute_url()).content.decode()
    response = client.post(address, fault(email="A@rallynov.example"), follow=True)
    assert "Merci de votre œil" in text_of(response)
    kept = Contribution.objects.get()
    assert (kept.kind, kept.initiative, kept.message) == ("fault", sheet, "Le lien est mort.")
    assert kept.email == "a@rallynov.example"
    client.post(address, fault(email="a@rallynov.example"))
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"message": ""}, {"site": "x"}, {"ouvert": ""}, {"email": "a"}, {"name": "n" * 121}]
)
def test_error_that_is_badly_told_is_not_lost(client, changes):
    sent = fault(message="Le lien est mort, et la date est fausse.") | changes
    response = client.post(f"{make_initiative().get_absolute_url()}signaler/", sent)
    assert typed_in(response, "message") == sent["message"]
    assert "Pas encore envoyé" in text_of(response)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("page", ["signaler/", "signaler/merci/"])
def test_nothing_is_told_of_a_sheet_that_is_not_public(client, hidden, page):
    make_edition(year=2031)
    sheet = make_initiative(**hidden)
    assert client.get(f"{sheet.get_absolute_url()}{page}").status_code == 404
    assert client.post(f"{sheet.get_absolute_url()}signaler/", fault()).status_code == 404
    assert not Contribution.objects.exists()


def test_links_lead_there(client):
    sheet = make_initiative()
    assert PROPOSE in client.get("/initiatives/").content.decode()
    nothing = client.get("/initiatives/", {"q": "zzzz"}).content.decode()
    assert nothing.count(PROPOSE) == 2  # its own, and the footer's
    assert PROPOSE in client.get("/plan-du-site/").content.decode()
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert f"{sheet.get_absolute_url()}revendiquer/" in page
    assert "/mes-initiatives/" in page


def test_what_people_sent_is_nowhere_public(client):
    make_contribution(values={"title": "Le jardin secret", "summary": "Chut."})
    for address in [
        "/initiatives/",
        "/recherche/?q=jardin+secret",
        f"{PROPOSE}proches/?title=Le+jardin+secret",
    ]:
        assert "Chut." not in client.get(address).content.decode()
