"""An event is moved, put off, called off, taken up again: everyone registered is told, once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from accounts.roles import Role
from events import announcing, door
from events.models import Event, Registration
from tests.factories import ago, ahead, make_event, make_registration
from tests.html import Html
from tests.threads import in_parallel

pytestmark = pytest.mark.django_db
Status = Registration.Status
NOTE = "La salle a pris l’eau."
NAMES = ["move", "postpone", "cancel", "maintain"]


@pytest.fixture
def event():
    return make_event(takes_registrations=True, capacity=2, starts_at=ahead(days=20))


@pytest.fixture
def people(event):
    """One with a place, one who is offered one, one in line, one who gave up."""
    changes = [
        {},
        {"status": Status.OFFERED, "offered_until": ahead(days=1)},
        {"status": Status.WAITING},
        {"status": Status.CANCELLED, "ended_at": ago(days=1)},
    ]
    return [make_registration(event, **fields) for fields in changes]


def page(event, name):
    return reverse(f"admin:events_event_{name}", args=[event.pk])


def spoken(answer):
    assert answer.status_code == 200
    return Html(answer.content.decode()).text("main").replace("\u202f", " ").replace("\xa0", " ")


def typed(at, **fields):
    at = timezone.localtime(at)
    fields |= {"starts_at_0": f"{at:%d/%m/%Y}", "starts_at_1": f"{at:%H:%M}", "note": NOTE}
    return fields | {"ends_at_0": "", "ends_at_1": ""}


def told():
    return sorted(address for mail in Email.objects.all() for address in mail.to)


def active_addresses(people):
    return sorted(row.email for row in people[:3])


# What is announced ------------------------------------------------------------------------------


def test_cancelled_event_is_told_once_to_each(client, team, event, people):
    shown = spoken(client.get(page(event, "cancel")))
    assert "Le courriel, à 3 personnes" in shown
    assert "[votre mot]" in shown
    answer = client.post(page(event, "cancel"), {"note": NOTE}, follow=True)
    assert "L’événement est annulé. 3 personnes prévenues." in answer.content.decode()
    event.refresh_from_db()
    assert (event.status, event.status_note, event.sequence) == ("cancelled", NOTE, 1)
    assert told() == active_addresses(people)
    assert all(NOTE in mail.message and "annulé" in mail.subject.lower() for mail in mails())
    assert "déjà annulé" in spoken(client.post(page(event, "cancel"), {"note": NOTE}))
    assert len(told()) == 3
    assert LogEntry.objects.filter(object_id=event.pk).count() == 1


def mails():
    return Email.objects.order_by("pk")


def test_preview_shows_what_was_typed_and_sends_nothing(client, team, event, people):
    answer = client.post(page(event, "cancel"), {"note": "<b>Neige</b>", "preview": "x"})
    assert "<b>Neige</b>" in spoken(answer)
    assert b"<b>Neige</b>" not in answer.content
    at = ahead(days=40)
    shown = spoken(client.post(page(event, "move"), typed(at, preview="x")))
    after = Event(starts_at=at, date_precision="time").date_text
    assert after.replace("\u202f", " ").replace("\xa0", " ") in shown
    event.refresh_from_db()
    assert (event.status, event.sequence, event.moved_from) == ("planned", 0, None)
    assert told() == []


def test_postponed_event_keeps_its_registrations_and_no_offer(event, people):
    assert announcing.postpone(event=event, note=NOTE) == 3
    states = [Registration.objects.get(pk=row.pk).status for row in people]
    assert states == [Status.CONFIRMED, Status.WAITING, Status.WAITING, Status.CANCELLED]
    assert told() == active_addresses(people)
    assert "Vous êtes sur la liste d’attente, au rang 1." in mails()[1].message


def test_new_date_is_told_and_places_are_offered_again(client, team, event, people):
    announcing.postpone(event=event, note=NOTE)
    Email.objects.all().delete()
    first, at = event.starts_at, ahead(days=60).replace(second=0, microsecond=0)
    client.post(page(event, "move"), typed(at))
    event.refresh_from_db()
    assert (event.status, event.starts_at, event.moved_from) == ("planned", at, first)
    assert (event.sequence, event.status_note) == (2, NOTE)
    moved = [mail for mail in mails() if mail.subject.startswith("Nouvelle date")]
    assert len(moved) == 3
    # The place that was offered before is offered again, from the new day on.
    offered = event.registrations.get(status=Status.OFFERED)
    assert offered.pk == people[1].pk
    assert len(told()) == 4


def test_moved_event_is_reminded_anew_and_closes_as_long_before(event, people):
    Registration.objects.filter(pk=people[0].pk).update(reminded_at=ago(days=1))
    closes_at = event.starts_at - timedelta(days=3)
    Event.objects.filter(pk=event.pk).update(registration_closes_at=closes_at)
    at = ahead(hours=12)
    announcing.move(event=event, starts_at=at, ends_at=None, note=NOTE)
    event.refresh_from_db()
    assert event.registration_closes_at == at - timedelta(days=3)
    assert Registration.objects.get(pk=people[0].pk).reminded_at is None
    assert Registration.objects.get(pk=people[1].pk).offered_until == at


def test_event_moved_back_to_its_first_date_has_no_other(event):
    first = event.starts_at
    announcing.move(event=event, starts_at=ahead(days=40), ends_at=None, note=NOTE)
    announcing.move(event=event, starts_at=first, ends_at=None, note=NOTE)
    event.refresh_from_db()
    assert (event.moved_from, event.status_note, event.sequence) == (None, "", 2)


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_event_takes_place_after_all(client, team, event, people, status):
    make = {"cancelled": announcing.cancel, "postponed": announcing.postpone}[status]
    make(event=event, note=NOTE)
    Email.objects.all().delete()
    client.post(page(event, "maintain"), {"note": "Le soleil revient."})
    event.refresh_from_db()
    assert (event.status, event.status_note, event.sequence) == ("planned", "", 2)
    assert sum(mail.subject.startswith("C’est maintenu") for mail in mails()) == 3
    assert Event.objects.taking_registrations().filter(pk=event.pk).exists()


def test_two_of_the_team_at_once_tell_it_once(transactional_db):
    event = make_event(takes_registrations=True)
    make_registration(event)
    calls = [lambda: attempt(event), lambda: attempt(event)]
    assert sorted(in_parallel(*calls, behind=event), key=str) == [1, "refused"]
    assert Email.objects.count() == 1


def attempt(event):
    try:
        return announcing.cancel(event=event, note=NOTE)
    except announcing.NotPossibleError:
        return "refused"


# What is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "possible"),
    [
        ({}, {"move", "postpone", "cancel"}),
        ({"published_at": None}, set()),
        ({"starts_at": ago(hours=1)}, set()),
        ({"status": "postponed"}, {"move", "cancel", "maintain"}),
        ({"status": "postponed", "starts_at": ago(days=1)}, {"move", "cancel"}),
        ({"status": "cancelled"}, {"maintain"}),
        ({"status": "cancelled", "starts_at": ago(days=1)}, set()),
    ],
)
def test_gesture_that_makes_no_sense_is_refused_and_not_offered(client, team, changes, possible):
    event = make_event(takes_registrations=True)
    Event.objects.filter(pk=event.pk).update(**changes)
    before = Event.objects.values().get(pk=event.pk)
    shown = client.get(page(event, "change")).content.decode()
    for name in NAMES:
        assert (page(event, name) in shown) == (name in possible), name
        if name not in possible:
            assert "Ce geste n’est pas possible" in spoken(client.get(page(event, name)))
            client.post(page(event, name), typed(ahead(days=50)))
    assert Event.objects.values().get(pk=event.pk) == before
    assert told() == []


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"starts_at_0": "01/01/2020"}, "Cette date est passée"),
        ({"ends_at_0": "01/01/2021", "ends_at_1": "9h"}, "La fin vient après le début"),
        ({"note": ""}, "Ce champ est obligatoire"),
        ({"starts_at_0": "demain"}, "Saisissez"),
    ],
)
def test_refused_date_keeps_what_was_typed(client, team, event, people, fields, refusal):
    answer = client.post(page(event, "move"), typed(ahead(days=9)) | fields)
    assert refusal in spoken(answer)
    assert told() == []


def test_link_alone_announces_nothing(client, team, event, people):
    for name in NAMES[:3]:
        client.get(page(event, name))
        client.head(page(event, name))
    assert (Event.objects.get().status, told()) == ("planned", [])


@pytest.mark.parametrize(
    ("roles", "status"), [([], 403), ([Role.JURY], 404), ([Role.EDITOR], 200), ([Role.TEAM], 200)]
)
def test_gestures_are_for_who_edits_events(client, sign_in, event, roles, status):
    sign_in(*roles)
    for name in NAMES[:3]:
        assert client.get(page(event, name)).status_code == status
        assert client.get(f"/admin/events/event/0/{name}/").status_code in (403, 404, 302)


# The form of the event --------------------------------------------------------------------------


def form_of(client, event):
    """What the page of the event sends back untouched."""
    form = client.get(page(event, "change")).context["adminform"].form
    fields = {"title": event.title, "kind": event.kind, "slug": event.slug, "publication": "now"}
    at = timezone.localtime(form.instance.starts_at)
    fields |= {"starts_at_0": f"{at:%d/%m/%Y}", "starts_at_1": f"{at:%H:%M:%S}"}
    fields |= {"date_precision": "time", "takes_registrations": "on", "capacity": "40"}
    for prefix in ("organisation_links", "speakers", "documents", "photos"):
        fields |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return fields


def test_date_is_not_changed_behind_those_registered(client, team, event, people):
    at = {"starts_at_0": f"{ahead(days=50):%d/%m/%Y}", "starts_at_1": "10:00"}
    answer = client.post(page(event, "change"), form_of(client, event) | at)
    assert "Des personnes y sont inscrites" in spoken(answer)
    event.refresh_from_db()
    assert event.starts_at < ahead(days=21)


def test_other_changes_are_saved_and_calendars_take_them_over(client, team, event, people):
    # The form shows no microseconds.
    Event.objects.update(starts_at=event.starts_at.replace(microsecond=0))
    assert client.post(page(event, "change"), form_of(client, event)).status_code == 302
    event.refresh_from_db()
    assert (event.capacity, event.sequence) == (40, 0)
    client.post(page(event, "change"), form_of(client, event) | {"venue": "Autre salle"})
    event.refresh_from_db()
    assert (event.venue, event.sequence) == ("Autre salle", 1)


def test_form_opened_before_a_gesture_takes_nothing_back(client, team, rf, event):
    read_before = Event.objects.get(pk=event.pk)
    announcing.cancel(event=event, note=NOTE)
    door.one_more(event)
    read_before.venue = "Autre salle"
    form = SimpleNamespace(changed_data=["venue"])
    site.get_model_admin(Event).save_model(rf.post("/"), read_before, form, change=True)
    event.refresh_from_db()
    assert (event.status, event.status_note, event.walk_ins) == ("cancelled", NOTE, 1)
    assert (event.venue, event.sequence) == ("Autre salle", 2)


def test_registrations_need_a_day(client, team, event):
    fields = form_of(client, event) | {"date_precision": "month"}
    assert "On ne s’inscrit qu’à un jour connu" in spoken(
        client.post(page(event, "change"), fields)
    )
