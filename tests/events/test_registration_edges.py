"""Coming to an event, where it goes less simply: late, twice, put off, withdrawn, all at once."""

import time
import uuid

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from accounts.models import Consent
from events import services
from events.models import Event, Registration
from rallynov import formguard
from rallynov.periodic import EVERY_MINUTE
from rallynov.privacy.people import purge_registrations
from tests.events.test_registration import make_meeting, post, register, statuses, text_of, told
from tests.factories import ago, ahead, make_registration
from tests.threads import in_parallel

pytestmark = pytest.mark.django_db
Status = Registration.Status


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def change(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


def with_an_offer(**changes):
    """A full event, and who is offered the place that somebody gave up."""
    event = make_meeting(capacity=1, **changes)
    first, second = (register(event, number) for number in range(2))
    services.cancel(first)
    second.refresh_from_db()
    return event, second


def standing():
    return list(Consent.objects.filter(withdrawn_at=None).values_list("text__key", "about"))


# Sent twice -------------------------------------------------------------------------------------


def test_page_sent_twice_is_told_of_once(client):
    event = make_meeting()
    opened = signing.dumps(time.time() - 60, salt=formguard.SALT)
    answers = [post(client, event, ouvert=opened) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert told("ana@rallynov.example") == ["Votre place est gardée"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "confirmed"}, "Vous avez une place."),
        ({"status": "waiting"}, "au rang 1."),
        ({"status": "offered", "offered_until": ahead(days=1)}, "Une place vous est proposée"),
    ],
)
def test_who_registers_again_is_told_where_they_stand(client, fields, words):
    event = make_meeting()
    known = make_registration(event, email="ana@rallynov.example", **fields)
    post(client, event, name="Un autre nom")
    mail = Email.objects.get()
    assert words in mail.message
    assert known.get_absolute_url() in mail.message
    known.refresh_from_db()
    assert known.name != "Un autre nom"


def test_who_gave_up_may_come_again():
    event = make_meeting()
    services.cancel(register(event, 1))
    assert register(event, 1).status == Status.CONFIRMED
    assert statuses(event) == [Status.CANCELLED, Status.CONFIRMED]


def test_closing_while_one_writes_loses_nothing(client, monkeypatch):
    event = make_meeting()
    page = client.get(reverse("events:register", args=[event.slug]))
    assert page.status_code == 200
    change(event, registration_closes_at=ago(seconds=1))
    response = post(client, event, needs="Une boucle magnétique")
    assert "viennent de se clore" in text_of(response)
    assert "Une boucle magnétique" in response.content.decode()
    assert not event.registrations.exists()


# Personal data ----------------------------------------------------------------------------------


def test_form_says_what_the_data_are_for_and_how_long(client, settings):
    settings.RETENTION = settings.RETENTION | {"registrations": 5}
    text = text_of(client.get(reverse("events:register", args=[make_meeting().slug])))
    assert "effacés 5 mois après l’événement" in text
    assert services.NEEDS.words in text.replace(" \u202f", "\u202f")


def test_needs_come_with_a_consent_that_goes_with_them():
    event = make_meeting()
    register(event, 1)
    assert standing() == []
    registration = register(event, 2, needs="Un fauteuil")
    assert standing() == [("registration_needs", registration.uuid)]
    services.cancel(registration)
    assert standing() == []


def test_consent_ends_when_the_needs_are_purged():
    event = make_meeting()
    registration = register(event, 1, needs="Un fauteuil")
    change(event, starts_at=ago(days=40))
    purge_registrations()
    registration.refresh_from_db()
    assert (registration.needs, standing()) == ("", [])


def test_no_word_of_a_person_is_on_the_public_pages(client):
    event = make_meeting(capacity=1)
    make_registration(event, name="Secret Exemple", organisation="Secrète", needs="Secrets")
    for name in ["detail", "register", "registered"]:
        page = client.get(reverse(f"events:{name}", args=[event.slug]))
        assert page.status_code == 200
        assert "Secr" not in page.content.decode()
        assert "rallynov.example" not in page.content.decode()


# Late -------------------------------------------------------------------------------------------


def test_place_taken_in_the_last_days_is_not_recalled_as_well():
    event, second = with_an_offer(starts_at=ahead(hours=30))
    Registration.objects.update(created_at=ago(days=9))
    assert services.accept(second)
    services.remind_registered()
    assert told(second.email)[-1] == "Votre place est gardée"


def test_offer_left_until_the_event_ends_in_silence():
    event, second = with_an_offer(starts_at=ahead(hours=5))
    change(event, starts_at=ago(minutes=1))
    change(second, offered_until=ago(minutes=1))
    services.move_lines()
    assert statuses(event) == [Status.CANCELLED, Status.LAPSED]
    assert told(second.email)[-1] == "Une place se libère"


def test_line_of_a_past_event_stays_where_it_was():
    event = make_meeting(capacity=1)
    register(event, 1), register(event, 2)
    change(event, starts_at=ago(hours=1), capacity=9)
    services.move_lines()
    assert statuses(event) == [Status.CONFIRMED, Status.WAITING]


def test_fewer_places_take_none_away():
    event = make_meeting(capacity=3)
    for number in range(4):
        register(event, number)
    change(event, capacity=1)
    services.move_lines()
    assert statuses(event) == [Status.CONFIRMED] * 3 + [Status.WAITING]
    services.cancel(event.registrations.first())
    assert statuses(event)[-1] == Status.WAITING


def test_offers_go_on_once_registrations_are_closed():
    event = make_meeting(capacity=1)
    first, second = register(event, 1), register(event, 2)
    change(event, registration_closes_at=ago(hours=1))
    services.cancel(first)
    second.refresh_from_db()
    assert services.accept(second)


# Put off, withdrawn -----------------------------------------------------------------------------


def test_offer_waits_for_the_new_date(client):
    event, second = with_an_offer()
    change(event, status="postponed", status_note="Neige.")
    page = client.get(second.get_absolute_url())
    assert "quand la nouvelle date sera connue" in text_of(page)
    assert 'value="prendre"' not in page.content.decode()
    assert not services.accept(second)
    change(second, offered_until=ago(minutes=1))
    services.move_lines()
    assert statuses(event) == [Status.CANCELLED, Status.OFFERED]


def test_one_gives_up_an_event_put_off_after_its_first_date(client):
    registration = make_registration(make_meeting(status="postponed", starts_at=ago(days=1)))
    page = client.post(registration.get_absolute_url(), {"geste": "renoncer"}, follow=True)
    assert "Vous ne venez plus" in text_of(page)


def test_page_says_that_the_event_is_cancelled(client):
    event = make_meeting(status="cancelled", status_note="Trop de neige.")
    page = client.get(make_registration(event).get_absolute_url())
    assert "L’événement est annulé" in text_of(page)
    assert "Trop de neige." in text_of(page)
    assert 'name="geste"' not in page.content.decode()


def test_withdrawn_event_tells_nothing_and_is_still_given_up(client):
    event = make_meeting(capacity=1, starts_at=ahead(hours=40))
    first, _ = register(event, 1), register(event, 2)
    Registration.objects.update(created_at=ago(days=9))
    change(event, published_at=None, capacity=5)
    Email.objects.all().delete()
    for function in EVERY_MINUTE:
        function()
    assert not Email.objects.exists()
    page = client.get(first.get_absolute_url()).content.decode()
    assert f'href="{event.get_absolute_url()}"' not in page
    assert 'value="renoncer"' in page


# Who may ----------------------------------------------------------------------------------------


def test_nobody_guesses_a_registration(client):
    assert client.get(reverse("events:registration", args=[uuid.uuid4()])).status_code == 404
    assert client.get("/agenda/inscription/").status_code == 404
    assert client.get("/agenda/inscription/inscription/").status_code == 404


def test_answers_need_their_token():
    registration = make_registration(make_meeting())
    strict = Client(enforce_csrf_checks=True)
    for gesture in ["renoncer", "prendre"]:
        answer = strict.post(registration.get_absolute_url(), {"geste": gesture})
        assert answer.status_code == 403
    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED


# All at once ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_everything_at_once_keeps_the_places_and_the_order():
    """Some give up, some come, one says yes, the worker passes: no deadlock, no place lost."""
    event = make_meeting(capacity=4)
    rows = [register(event, number) for number in range(8)]
    services.cancel(rows[0])
    results = in_parallel(
        *(lambda row=row: services.cancel(row) for row in rows[1:4]),
        *(lambda row=row: services.cancel(row) for row in rows[1:4]),
        lambda: services.accept(rows[4]),
        *(lambda number=number: register(event, number) for number in range(10, 16)),
        *(lambda: services.move_line(event) for _ in range(3)),
        behind=event,
    )
    assert not [result for result in results if isinstance(result, DatabaseError)]
    services.move_lines()
    holding = event.registrations.holding_a_place()
    assert [row.pk for row in holding.order_by("pk")] == [row.pk for row in rows[4:8]]
    assert event.registrations.in_line().count() == 6
    assert event.registrations.filter(status=Status.CANCELLED).count() == 4
    offers = [subject for row in rows for subject in told(row.email) if "libère" in subject]
    assert len(offers) == 4


@pytest.mark.django_db(transaction=True)
def test_twenty_pages_sent_at_once_for_the_last_place():
    event = make_meeting(capacity=2)
    make_registration(event)
    people = [f"n{number}@rallynov.example" for number in range(20)]
    answers = in_parallel(
        *(lambda email=email: post(Client(), event, email=email) for email in people), behind=event
    )
    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, reverse("events:registered", args=[event.slug]))
    }
    assert statuses(event) == [Status.CONFIRMED] * 2 + [Status.WAITING] * 19
    assert sorted(to for mail in Email.objects.all() for to in mail.to) == sorted(people)
    assert Event.objects.with_places().get(pk=event.pk).places_left == 0
