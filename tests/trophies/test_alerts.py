"""Being told of the next call: asked, confirmed by mail, told once, erased."""

from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from rallynov import outbox
from rallynov.periodic import EVERY_MINUTE
from tests.factories import ago, ahead, make_edition
from tests.html import Html
from trophies import services
from trophies.models import CallAlert

pytestmark = pytest.mark.django_db

ASK = "/trophees/prevenir/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def text_of(response):
    return " ".join(Html(response.content.decode()).text("body").split())


def make_alert(email="ana@rallynov.example", **changes):
    fields = {"asked_at": ago(days=40), "confirmed_at": ago(days=40)}
    return CallAlert.objects.create(email=email, **fields | changes)


def path_in(mail, name):
    """The address of that ending, in a mail."""
    words = mail.message.replace("<", " ").replace(">", " ").split()
    return next(urlsplit(word).path for word in words if word.endswith(name))


def tell():
    for function in EVERY_MINUTE:
        function()


# Asking -----------------------------------------------------------------------------------------


def test_two_consents_are_needed(client):
    response = client.post(ASK, {"email": "Ana@Rallynov.Example"})
    assert response.url == reverse("trophies:alert-asked")
    alert = CallAlert.objects.get()
    assert (alert.email, alert.confirmed_at) == ("ana@rallynov.example", None)
    mail = Email.objects.get()
    assert mail.to == ["ana@rallynov.example"]
    address = path_in(mail, f"{alert.token}/")
    page = client.get(address)
    assert Html(page.content.decode()).text("button") == "Me prévenir"
    alert.refresh_from_db()
    assert alert.confirmed_at is None
    page = client.post(address, follow=True)
    assert "C’est noté" in text_of(page)
    alert.refresh_from_db()
    first = alert.confirmed_at
    client.post(address)
    alert.refresh_from_db()
    assert first is not None
    assert alert.confirmed_at == first


def test_answer_is_the_same_known_or_not(client):
    make_alert()
    answers = [
        client.post(ASK, {"email": email}, follow=True)
        for email in ["ana@rallynov.example", "autre@rallynov.example"]
    ]
    assert answers[0].content == answers[1].content
    known, unknown = Email.objects.order_by("pk")
    assert known.subject == unknown.subject
    assert CallAlert.objects.get(email="ana@rallynov.example").confirmed_at


@pytest.mark.parametrize("email", ["", "ana", "ana@", "a@b.fr\r\nBcc: c@d.fr", "x" * 300 + "@a.fr"])
def test_bad_address_is_refused(client, email):
    page = client.post(ASK, {"email": email})
    assert page.status_code == 200
    assert page.context["form"].errors["email"]
    assert not CallAlert.objects.exists()
    assert not Email.objects.exists()


def test_form_says_what_the_address_is_for(client):
    text = text_of(client.get(ASK))
    assert "et à rien d’autre" in text
    assert "effacez d’un clic" in text


def test_form_is_protected(client):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ASK, {"email": "a@b.fr"}).status_code == 403
    alert = make_alert(confirmed_at=None)
    assert strict.post(alert.get_absolute_url()).status_code == 403


def test_asking_is_limited(client):
    statuses = [client.post(ASK, {"email": "a@b.fr"}).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]
    for number in range(30):
        last = client.post(ASK, {"email": f"a{number}@b.fr"})
    assert last.status_code == 429
    assert Email.objects.count() <= 20


def test_address_is_kept_once_and_in_lower_case():
    make_alert()
    for email in ["ana@rallynov.example", "Ana@rallynov.example"]:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_alert(email)


def test_unconfirmed_address_is_forgotten_after_a_week():
    make_alert("vieille@rallynov.example", asked_at=ago(days=8), confirmed_at=None)
    make_alert("neuve@rallynov.example", asked_at=ago(days=6), confirmed_at=None)
    make_alert("confirmee@rallynov.example", asked_at=ago(days=800))
    services.forget_unconfirmed_alerts()
    kept = {alert.email.partition("@")[0] for alert in CallAlert.objects.all()}
    assert kept == {"neuve", "confirmee"}


def test_asking_again_starts_the_week_again():
    make_alert(asked_at=ago(days=6), confirmed_at=None)
    services.ask_alert(email="ana@rallynov.example")
    alert = CallAlert.objects.get()
    assert alert.asked_at > ago(minutes=1)
    assert alert.confirmed_at is None


# Telling ----------------------------------------------------------------------------------------


def test_confirmed_addresses_are_told_once():
    alert = make_alert()
    make_alert("muette@rallynov.example", confirmed_at=None, asked_at=ago(days=1))
    edition = make_edition(opens_at=ago(minutes=1))
    tell()
    tell()
    mail = Email.objects.get()
    assert mail.to == [alert.email]
    assert str(edition.year) in mail.subject
    assert path_in(mail, "candidater/") == reverse("trophies:apply", args=[edition.year])
    stop = path_in(mail, "arreter/")
    assert stop == alert.get_stop_url()
    assert mail.headers["List-Unsubscribe"] == f"<http://testserver{stop}>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    alert.refresh_from_db()
    assert alert.last_told_year == edition.year


@pytest.mark.parametrize(
    "dates",
    [
        {"opens_at": ahead(hours=1)},
        {"opens_at": ago(days=9), "closes_at": ago(seconds=1)},
        {"published_at": None},
        {"published_at": ahead(hours=1)},
    ],
)
def test_nobody_is_told_of_a_call_that_is_not_open(dates):
    make_alert()
    make_edition(**dates)
    services.tell_call_opened()
    assert not Email.objects.exists()


def test_who_asked_once_it_was_open_waits_for_the_next():
    make_alert(confirmed_at=ago(days=1))
    first = make_edition(year=2041)
    services.tell_call_opened()
    assert not Email.objects.exists()
    first.closes_at = ago(minutes=1)
    first.save()
    make_edition(year=2042, opens_at=ago(minutes=1))
    services.tell_call_opened()
    assert "2042" in Email.objects.get().subject


def test_next_year_is_told_as_well():
    make_alert(last_told_year=2041)
    make_edition(year=2042)
    services.tell_call_opened()
    assert Email.objects.count() == 1


# Stopping ---------------------------------------------------------------------------------------


def test_stopping_takes_one_button(client):
    alert = make_alert()
    page = client.get(alert.get_stop_url())
    assert alert.email in text_of(page)
    assert CallAlert.objects.exists()
    assert "est effacée" in text_of(client.post(alert.get_stop_url()))
    assert not CallAlert.objects.exists()
    assert "est effacée" in text_of(client.get(alert.get_stop_url()))
    assert client.get(alert.get_absolute_url()).status_code == 404


def test_mail_program_may_stop_by_itself():
    alert = make_alert()
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(alert.get_stop_url(), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not CallAlert.objects.exists()


def test_header_reaches_the_mail_server(inbox):
    make_alert()
    make_edition(opens_at=ago(minutes=1))
    services.tell_call_opened()
    outbox.send_next()
    mail = inbox.mails[0]
    alert = CallAlert.objects.get()
    assert mail["List-Unsubscribe"].strip() == f"<http://testserver{alert.get_stop_url()}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    sent = Email.objects.get()
    assert (sent.message, sent.headers) == ("", None)


# The pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "is_offered"),
    [
        ({"opens_at": ahead(days=5)}, True),
        ({}, False),
        ({"closes_at": ago(days=1)}, True),
    ],
)
def test_call_offers_to_be_told_when_it_is_not_open(client, dates, is_offered):
    edition = make_edition(**dates)
    page = client.get(reverse("trophies:apply", args=[edition.year]))
    hrefs = [a["href"] for a in Html(page.content.decode()).all("a")]
    assert (ASK in hrefs) == is_offered


def test_editions_offer_to_be_told(client):
    page = client.get(reverse("trophies:list"))
    assert ASK in [a["href"] for a in Html(page.content.decode()).all("a")]
