"""Events in the calendars of people, read back by `icalendar`."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from events.models import Event
from tests.factories import ago, ahead, make_event

pytestmark = pytest.mark.django_db
PARIS = timezone.get_default_timezone()
AGENDA = "/agenda.ics"


def entries(response):
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(entry["SUMMARY"]): entry for entry in Calendar.from_ical(response.content).events}


def entry_of(client, event):
    [entry] = entries(client.get(f"/agenda/{event.slug}.ics")).values()
    return entry


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ((2027, 1, 15, 18, 0), (2027, 1, 15, 17, 0)),
        ((2027, 7, 15, 18, 0), (2027, 7, 15, 16, 0)),
        # The night when clocks go forward, and the one when they go back.
        ((2027, 3, 28, 1, 30), (2027, 3, 28, 0, 30)),
        ((2027, 3, 28, 3, 30), (2027, 3, 28, 1, 30)),
        ((2027, 10, 31, 4, 0), (2027, 10, 31, 3, 0)),
    ],
)
def test_instant_is_that_of_paris_in_summer_and_winter(client, local, utc):
    starts_at = datetime(*local, tzinfo=PARIS)
    entry = entry_of(client, make_event(starts_at=starts_at, ends_at=None))
    assert entry.start == datetime(*utc, tzinfo=UTC)
    assert entry.start.astimezone(PARIS).replace(tzinfo=None) == datetime(*local)
    assert entry.end - entry.start == timedelta(hours=2)


def test_length_through_the_change_of_hour_is_the_true_one(client):
    event = make_event(
        starts_at=datetime(2027, 3, 28, 0, 0, tzinfo=PARIS),
        ends_at=datetime(2027, 3, 28, 6, 0, tzinfo=PARIS),
    )
    entry = entry_of(client, event)
    assert entry.end - entry.start == timedelta(hours=5)


def test_day_without_an_hour_is_a_whole_day(client):
    event = make_event(
        starts_at=datetime(2027, 5, 14, tzinfo=PARIS),
        ends_at=datetime(2027, 5, 15, 12, tzinfo=PARIS),
        date_precision="day",
    )
    entry = entry_of(client, event)
    assert (entry.start, entry.end) == (date(2027, 5, 14), date(2027, 5, 16))
    assert type(entry.start) is date


def test_entry_says_what_where_and_which_page(client, settings):
    event = make_event(
        title="Remise des prix, acte II ; « fin »", venue="Salle, étage 1", summary="La soirée."
    )
    entry = entry_of(client, event)
    assert str(entry["SUMMARY"]) == "Remise des prix, acte II ; « fin »"
    assert str(entry["LOCATION"]).startswith("Salle, étage 1")
    assert str(entry["URL"]) == settings.SITE_URL + event.get_absolute_url()
    assert "La soirée." in str(entry["DESCRIPTION"])
    assert entry["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("status", "told", "title"),
    [
        ("postponed", "TENTATIVE", "Reporté\u202f: Fête"),
        ("cancelled", "CANCELLED", "Annulé\u202f: Fête"),
    ],
)
def test_change_reaches_those_who_have_the_event(client, status, told, title):
    event = make_event(title="Fête")
    before = entry_of(client, event)
    Event.objects.update(status=status, status_note="Neige.", sequence=1)
    after = entry_of(client, event)
    assert (after["STATUS"], str(after["SUMMARY"])) == (told, title)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert "Neige." in str(after["DESCRIPTION"])


def test_example_is_told_as_such(client):
    entry = entry_of(client, make_event(title="Fête", is_example=True))
    assert str(entry["SUMMARY"]) == "Fête (exemple)"


def test_agenda_is_asked_for_again_twice_a_day(client):
    make_event()
    content = client.get(AGENDA).content
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in content
    assert Calendar.from_ical(content)["X-WR-CALNAME"] == "Rally’nov, l’agenda"


def test_agenda_holds_what_is_public_and_has_a_day(client):
    make_event(title="Publié")
    make_event(title="Passé", starts_at=ago(days=400))
    make_event(title="Brouillon", published_at=None)
    make_event(title="Programmé", published_at=ahead(days=2))
    make_event(title="Un mois", date_precision="month")
    found = entries(client.get(AGENDA))
    assert set(found) == {"Publié", "Passé"}
    assert len({str(entry["UID"]) for entry in found.values()}) == 2


@pytest.mark.parametrize(
    "changes", [{"published_at": None}, {"published_at": ahead(days=2)}, {"date_precision": "year"}]
)
def test_other_events_are_no_file(client, changes):
    event = make_event(**changes)
    assert client.get(f"/agenda/{event.slug}.ics").status_code == 404


def test_who_asks_again_is_told_that_nothing_changed(client):
    make_event(title="Publié")
    first = client.get(AGENDA)
    assert "no-cache" in first["Cache-Control"]
    again = client.get(AGENDA, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Event.objects.update(title="Changé")
    assert client.get(AGENDA, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_lines_hold_75_octets(client):
    make_event(title="é" * 150, summary="L’été, les œufs, « là-bas » : " * 8)
    lines = client.get(AGENDA).content.split(b"\r\n")
    assert max(map(len, lines)) <= 75


def test_agenda_costs_as_many_queries_with_many_events(client, django_assert_num_queries):
    make_event()
    with django_assert_num_queries(1):
        client.get(AGENDA)
    for _ in range(10):
        make_event()
    with django_assert_num_queries(1):
        client.get(AGENDA)


def test_pages_lead_to_the_calendars(client, settings):
    event = make_event()
    page = client.get("/agenda/").content.decode()
    assert f'href="webcal:{settings.SITE_URL.partition(":")[2]}{AGENDA}"' in page
    assert f"/agenda/{event.slug}.ics" in client.get(event.get_absolute_url()).content.decode()
