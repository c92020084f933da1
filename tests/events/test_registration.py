"""Coming to an event: who has a place, who waits, and what each is told."""

import time
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client
from post_office.models import Email

from events import services
from events.models import Event, Registration
from rallynov import formguard
from rallynov.periodic import EVERY_MINUTE
from tests.factories import ago, ahead, make_event, make_registration
from tests.html import Html
from tests.threads import in_parallel

pytestmark = pytest.mark.django_db
Status = Registration.Status


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def make_meeting(**changes):
    return make_event(**{"takes_registrations": True, "starts_at": ahead(days=20)} | changes)


def typed(**changes):
    opened = signing.dumps(time.time() - 60, salt=formguard.SALT)
    fields = {"name": "Ana Exemple", "email": "ana@rallynov.example", "ouvert": opened}
    return fields | changes


def address(event):
    return f"{event.get_absolute_url()}inscription/"


def post(client, event, **changes):
    return client.post(address(event), typed(**changes))


def text_of(response):
    return " ".join(Html(response.content.decode()).text("body").split())


def register(event, number, **changes):
    fields = {"name": f"N {number}", "email": f"n{number}@rallynov.example"}
    return services.register(event, **fields | changes)


def statuses(event):
    return list(event.registrations.values_list("status", flat=True))


def told(email):
    """The subjects of the mails to an address, the first one first."""
    mails = Email.objects.order_by("pk")
    return [mail.subject.partition("\u202f:")[0] for mail in mails if mail.to == [email]]


# The page ---------------------------------------------------------------------------------------


def test_registration_is_made_and_told(client):
    event = make_meeting(title="Une soirée", capacity=2)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "2 places" in page
    assert address(event) in page
    response = post(client, event, needs="Un fauteuil", organisation="Les Semeuses")
    assert response.url == f"{address(event)}merci/"
    registration = event.registrations.get()
    assert registration.status == Status.CONFIRMED
    assert (registration.needs, registration.organisation) == ("Un fauteuil", "Les Semeuses")
    mail = Email.objects.get()
    assert mail.to == ["ana@rallynov.example"]
    assert registration.get_absolute_url() in mail.message
    for words in ["Ana Exemple", "Un fauteuil", "Les Semeuses"]:
        assert words not in mail.message + mail.subject
    assert "1 place</strong> sur 2" in client.get(event.get_absolute_url()).content.decode()


def test_nothing_typed_is_lost(client):
    response = post(client, make_meeting(), email="ana@", needs="Une boucle magnétique")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Écrivez une adresse complète" in page
    for words in ["Ana Exemple", "ana@", "Une boucle magnétique"]:
        assert words in page
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"site": "http://robot.invalid"}, formguard.TRAPPED),
        ({"ouvert": ""}, formguard.TOO_FAST),
        ({"ouvert": "forged"}, formguard.TOO_FAST),
        ({"name": ""}, "il sera sur la liste"),
        ({"needs": "x" * 601}, "600 caractères au plus"),
    ],
)
def test_robots_and_faults_are_refused_with_words(client, changes, words):
    assert words in post(client, make_meeting(), **changes).content.decode().replace("&#x27;", "'")
    assert not Registration.objects.exists()


def test_flood_is_refused_and_loses_nothing(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"registration": "1/h/ip"}
    event = make_meeting()
    post(client, event)
    response = post(client, event, email="bea@rallynov.example")
    assert response.status_code == 429
    assert "bea@rallynov.example" in response.content.decode()
    assert event.registrations.count() == 1


def test_form_needs_its_token():
    strict = Client(enforce_csrf_checks=True)
    assert post(strict, make_meeting()).status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_at": ago(days=1)}, "C’est passé"),
        ({"registration_closes_at": ago(hours=1)}, "Les inscriptions sont closes depuis"),
        ({"status": "postponed", "status_note": "Neige."}, "L’événement est reporté"),
        ({"status": "cancelled", "status_note": "Neige."}, "L’événement est annulé"),
    ],
)
def test_page_says_why_one_does_not_register(client, changes, words):
    event = make_meeting(**changes)
    page = client.get(address(event))
    assert words in text_of(page)
    assert "<form" not in page.content.decode().split("<main")[1]
    response = post(client, event)
    assert "Ana Exemple" in response.content.decode()
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"published_at": None}, {"published_at": ahead(days=1)}, {"takes_registrations": False}],
)
def test_other_events_have_no_such_page(client, changes):
    event = make_meeting(**changes)
    for path in [address(event), f"{address(event)}merci/"]:
        assert client.get(path).status_code == 404
    assert post(client, event).status_code == 404


def test_whoever_types_an_address_learns_nothing_of_it(client):
    event = make_meeting(capacity=1)
    make_registration(event, email="prise@rallynov.example")
    answers = [
        post(client, event, email=email)
        for email in ["prise@rallynov.example", "neuve@rallynov.example"]
    ]
    assert answers[0].url == answers[1].url
    pages = [text_of(client.get(answer.url)) for answer in answers]
    assert pages[0] == pages[1]
    assert event.registrations.filter(email="prise@rallynov.example").count() == 1
    assert told("prise@rallynov.example") == ["Cette adresse est déjà inscrite"]
    assert told("neuve@rallynov.example") == ["Liste d’attente"]
    post(client, event, email="Prise@Rallynov.example")
    assert len(told("prise@rallynov.example")) == 1


# Places and the line ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_for_the_last_place():
    event = make_meeting(capacity=1)
    made = in_parallel(
        *(lambda number=number: register(event, number) for number in range(20)), behind=event
    )
    rows = list(event.registrations.order_by("pk"))
    assert [row.status for row in rows] == [Status.CONFIRMED] + [Status.WAITING] * 19
    assert [row.rank for row in rows[1:]] == list(range(1, 20))
    assert {row.pk for row in made} == {row.pk for row in rows}
    assert Email.objects.count() == 20
    assert all(len(told(row.email)) == 1 for row in rows)
    for row in rows[1:]:
        mail = next(mail for mail in Email.objects.all() if mail.to == [row.email])
        assert f"au rang {row.rank}\u202f:" in mail.message


@pytest.mark.django_db(transaction=True)
def test_one_address_at_once_has_one_registration():
    event = make_meeting(capacity=5)
    in_parallel(*(lambda: register(event, 1) for _ in range(6)), behind=event)
    assert statuses(event) == [Status.CONFIRMED]


def test_place_given_up_is_offered_to_the_first_in_line():
    event = make_meeting(capacity=1)
    first, second, third = (register(event, number) for number in range(3))
    assert services.cancel(first)
    assert statuses(event) == [Status.CANCELLED, Status.OFFERED, Status.WAITING]
    assert told(second.email) == ["Liste d’attente", "Une place se libère"]
    second.refresh_from_db()
    assert ahead(hours=47) < second.offered_until < ahead(hours=49)
    # Who comes now does not pass before who waits.
    assert register(event, 3).status == Status.WAITING
    assert services.accept(second)
    assert not services.accept(second)
    assert told(second.email)[-1] == "Votre place est gardée"
    assert told(third.email) == ["Liste d’attente"]


def test_place_that_nobody_takes_goes_to_the_next():
    event = make_meeting(capacity=1)
    first, second, third = (register(event, number) for number in range(3))
    services.cancel(first)
    Registration.objects.filter(pk=second.pk).update(offered_until=ago(minutes=1))
    assert not services.accept(second)
    assert services.move_lines in EVERY_MINUTE
    for _ in range(2):
        services.move_lines()
    assert statuses(event) == [Status.CANCELLED, Status.LAPSED, Status.OFFERED]
    assert told(second.email)[-1] == "La place est passée à d’autres"
    assert told(third.email) == ["Liste d’attente", "Une place se libère"]
    # And may come back, at the end of the line.
    assert register(event, 1).status == Status.WAITING


@pytest.mark.parametrize("capacity", [3, None])
def test_places_that_the_team_adds_are_offered(capacity):
    event = make_meeting(capacity=1)
    for number in range(4):
        register(event, number)
    Event.objects.filter(pk=event.pk).update(capacity=capacity)
    services.move_lines()
    offered = event.registrations.filter(status=Status.OFFERED).count()
    assert offered == (3 if capacity is None else 2)


def test_offer_ends_when_the_event_begins():
    event = make_meeting(capacity=1, starts_at=ahead(hours=5))
    first, second = (register(event, number) for number in range(2))
    services.cancel(first)
    second.refresh_from_db()
    assert second.offered_until == event.starts_at


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_nothing_is_offered_of_what_does_not_take_place(status):
    event = make_meeting(capacity=1)
    first, _ = (register(event, number) for number in range(2))
    Event.objects.filter(pk=event.pk).update(status=status, status_note="Neige.")
    assert services.cancel(first)
    services.move_lines()
    assert statuses(event) == [Status.CANCELLED, Status.WAITING]


def test_needs_go_with_the_registration():
    registration = register(make_meeting(), 1, needs="Un fauteuil")
    services.cancel(registration)
    registration.refresh_from_db()
    assert (registration.needs, registration.status) == ("", Status.CANCELLED)
    assert not services.cancel(registration)


# The page of a registration ---------------------------------------------------------------------


def test_opening_the_page_changes_nothing(client):
    event = make_meeting(capacity=1)
    first, second = (register(event, number) for number in range(2))
    services.cancel(first)
    before = list(Registration.objects.values())
    for row in [first, second]:
        for method in [client.get, client.head, client.options]:
            assert method(row.get_absolute_url()).status_code == 200
    assert list(Registration.objects.values()) == before


def test_page_of_a_registration_acts_by_buttons(client):
    event = make_meeting(capacity=1)
    first, second = (register(event, number) for number in range(2))
    pages = {row: row.get_absolute_url() for row in [first, second]}
    assert "Vous avez une place" in text_of(client.get(pages[first]))
    assert "sur la liste d’attente, au rang 1" in text_of(client.get(pages[second]))
    client.post(pages[first], {"geste": "inconnu"})
    assert "Vous avez une place" in text_of(client.get(pages[first]))
    page = client.post(pages[first], {"geste": "renoncer"}, follow=True)
    assert "Vous ne venez plus" in text_of(page)
    assert "Une place est à vous" in text_of(client.get(pages[second]))
    page = client.post(pages[second], {"geste": "prendre"}, follow=True)
    assert "Vous avez une place" in text_of(page)
    assert "no-store" in page["Cache-Control"]


def test_late_answer_is_told_kindly(client):
    event = make_meeting(capacity=1)
    first, second = (register(event, number) for number in range(2))
    services.cancel(first)
    Registration.objects.filter(pk=second.pk).update(offered_until=ago(minutes=1))
    page = client.post(second.get_absolute_url(), {"geste": "prendre"}, follow=True)
    assert "La place est passée à d’autres" in text_of(page)


def test_page_after_the_event_has_no_button(client):
    registration = make_registration(make_meeting(starts_at=ago(hours=1)))
    page = client.get(registration.get_absolute_url()).content.decode()
    assert 'name="geste"' not in page
    assert not services.cancel(registration)


def test_mail_leads_to_the_page(client):
    register(make_meeting(), 1)
    words = Email.objects.get().message.split()
    link = next(word for word in words if "/agenda/inscription/" in word)
    assert client.get(urlsplit(link).path).status_code == 200


# The reminder -----------------------------------------------------------------------------------


def test_who_has_a_place_is_reminded_once():
    event = make_meeting(starts_at=ahead(hours=40), capacity=1)
    sure, _ = make_registration(event), make_registration(event, status=Status.WAITING)
    Registration.objects.update(created_at=ago(days=9))
    far = make_registration(make_meeting(starts_at=ahead(days=3)))
    called_off = make_meeting(starts_at=ahead(hours=40), status="cancelled", status_note="Neige.")
    make_registration(called_off)
    make_registration(make_meeting(starts_at=ahead(hours=40)))  # just told
    assert services.remind_registered in EVERY_MINUTE
    for _ in range(2):
        services.remind_registered()
    assert [mail.to for mail in Email.objects.all()] == [[sure.email]]
    assert told(far.email) == []


def test_event_page_costs_as_many_queries_with_many_registered(client, django_assert_num_queries):
    event = make_meeting(capacity=50)
    make_registration(event)
    with django_assert_num_queries(5):
        client.get(event.get_absolute_url())
    for _ in range(20):
        make_registration(event)
    with django_assert_num_queries(5):
        client.get(event.get_absolute_url())
