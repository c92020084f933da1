"""Writing to the team: it arrives, once; nothing typed is lost; nobody else is ever written to."""

import time

import pytest
from django.core import signing
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from post_office.models import Email

from rallynov import formguard
from tests.html import Html

pytestmark = pytest.mark.django_db

ADDRESS = "/contact/ecrire/"


@pytest.fixture(autouse=True)
def _fresh(settings):
    cache.clear()
    settings.CONTACT_EMAIL = "equipe@rallynov.example"


def opened(seconds):
    return signing.dumps(time.time() - seconds, salt=formguard.SALT)


def filled(**changes):
    return {
        "ouvert": opened(60),
        "sujet": "fiche",
        "nom": "Camille",
        "email": "camille@exemple.fr",
        "message": "Bonjour,\n\nLa fiche dit 2012 ; c’était 2013.",
    } | changes


def kept(response):
    """What the page still holds of what was typed."""
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields}


def typed(data):
    return {name: data[name] for name in ("sujet", "nom", "email", "message")}


def test_message_reaches_the_team_by_the_outbox(client, inbox):
    response = client.post(ADDRESS, filled())
    assert response.url == "/contact/envoye/"
    assert client.get(response.url).status_code == 200
    assert inbox.received == []
    call_command("worker", once=True)
    mail = inbox.mails[0]
    assert (mail["To"], mail["Reply-To"]) == ("equipe@rallynov.example", "camille@exemple.fr")
    text = mail.get_body(("plain",)).get_content()
    assert "c’était 2013" in text
    assert "camille@exemple.fr" in text


def test_nobody_but_the_team_is_written_to(client):
    more = {"to": "a@exemple.fr", "cc": "b@exemple.fr", "destinataire": "c@exemple.fr"}
    client.post(ADDRESS, filled(**more))
    mail = Email.objects.get()
    assert (mail.to, mail.cc, mail.bcc) == (["equipe@rallynov.example"], [], [])


@pytest.mark.parametrize("email", ["a@exemple.fr\nBcc: b@exemple.fr", "a@exemple.fr, b@exemple.fr"])
def test_address_cannot_add_a_header(client, email):
    data = filled(email=email)
    response = client.post(ADDRESS, data)
    assert response.status_code == 200
    assert kept(response)["message"] == data["message"]
    assert not Email.objects.exists()


def test_name_cannot_add_a_header(client):
    client.post(ADDRESS, filled(nom="Camille\r\nBcc: b@exemple.fr"))
    for mail in Email.objects.all():
        assert "\n" not in mail.subject
        assert mail.headers["Reply-To"] == "camille@exemple.fr"
        assert "Bcc" not in mail.headers
        assert mail.bcc == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sujet": ""}, "Choisissez un sujet."),
        ({"sujet": "argent"}, "Choisissez un sujet de la liste."),
        ({"email": ""}, "Écrivez votre adresse"),
        ({"email": "camille"}, "Écrivez une adresse complète"),
        ({"message": " "}, "Écrivez votre message."),
        ({"message": "é" * 5001}, "dépasse 5 000 caractères"),
        ({"site": "https://exemple.fr"}, formguard.TRAPPED),
        ({"ouvert": 1}, formguard.TOO_FAST),
        ({"ouvert": "inventé"}, formguard.TOO_FAST),
    ],
)
def test_refusal_says_why_and_loses_nothing(client, changes, words):
    data = filled(**changes)
    if data["ouvert"] == 1:
        data["ouvert"] = opened(1)
    response = client.post(ADDRESS, data)
    assert response.status_code == 200
    assert words.replace("\u202f", " ") in Html(response.content.decode()).text("body")
    assert kept(response) == typed(data)
    assert not Email.objects.exists()


def test_trap_is_emptied_on_the_page_that_comes_back(client):
    html = Html(client.post(ADDRESS, filled(site="x")).content.decode())
    trap = next(field for field in html.all("input") if field.get("name") == "site")
    assert "value" not in trap


def test_eleventh_message_of_an_hour_waits_and_is_kept(client):
    for number in range(10):
        assert client.post(ADDRESS, filled(message=f"Message {number}")).status_code == 302
    data = filled(message="Le onzième")
    response = client.post(ADDRESS, data)
    assert response.status_code == 429
    assert kept(response) == typed(data)
    assert Email.objects.count() == 10


def test_page_sent_twice_tells_once(client):
    data = filled()
    for _ in range(2):
        assert client.post(ADDRESS, data).status_code == 302
    assert Email.objects.count() == 1


def test_same_words_on_another_day_are_told_again(client):
    client.post(ADDRESS, filled(ouvert=opened(60)))
    client.post(ADDRESS, filled(ouvert=opened(30)))
    assert Email.objects.count() == 2


def test_form_asks_for_its_token(client):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ADDRESS, filled()).status_code == 403


def test_subject_may_be_chosen_by_the_link(client):
    assert kept(client.get(f"{ADDRESS}?sujet=presse"))["sujet"] == "presse"
    assert client.get(f"{ADDRESS}?sujet=%3Cb%3E").status_code == 200


def test_texts_have_no_maxlength(client):
    """Browsers cut what is pasted, without a word."""
    html = Html(client.get(ADDRESS).content.decode())
    assert [field["name"] for field in html.all("textarea") if "maxlength" in field] == []
