"""The team reads who comes, gives up for somebody, prints the sheet, counts at the door."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from post_office.models import Email

from accounts.roles import Role
from events import door
from events.models import Event, Registration
from tests.factories import ago, ahead, make_event, make_registration
from tests.html import Html
from tests.threads import in_parallel
from tests.trophies.takeaways import HOSTILE, read, words_of

pytestmark = pytest.mark.django_db
Status = Registration.Status
PAGES = ["registrations", "sheet_pdf", "sheet_xlsx", "door"]


@pytest.fixture
def event():
    return make_event(takes_registrations=True, capacity=3, starts_at=ahead(days=20))


@pytest.fixture
def today():
    """An event that has just begun."""
    return make_event(takes_registrations=True, starts_at=ago(minutes=1))


def page(event, name, *more):
    return reverse(f"admin:events_event_{name}", args=[event.pk, *more])


def spoken(answer):
    assert answer.status_code == 200
    return Html(answer.content.decode()).text("main").replace("\u202f", " ").replace("\xa0", " ")


# Who may see them -------------------------------------------------------------------------------


@pytest.mark.parametrize("roles", [[], [Role.JURY], [Role.EDITOR]])
def test_registrations_are_for_the_team_alone(client, sign_in, event, roles):
    row = make_registration(event, name="Zélie Secrète", needs="Fauteuil.")
    sign_in(*roles)
    for name in PAGES:
        answer = client.get(page(event, name))
        assert answer.status_code == 403
        assert "Secrète" not in answer.content.decode()
        # Unknown or not: the answer is the same.
        assert client.get(page(event, name).replace(str(event.pk), "987654")).status_code == 403
    assert client.post(page(event, "give_up", row.pk)).status_code == 403
    assert client.post(page(event, "door"), {"gesture": "more"}).status_code == 403
    assert "Les inscriptions" not in client.get(page(event, "change")).content.decode()
    row.refresh_from_db()
    assert (row.status, Email.objects.count()) == (Status.CONFIRMED, 0)


def test_unknown_event_and_registration_of_another_are_not_found(client, team, event, today):
    stranger = make_registration(today)
    assert client.get(page(event, "give_up", stranger.pk)).status_code == 404
    for name in PAGES:
        assert client.get(page(event, name).replace(str(event.pk), "987654")).status_code == 404


# The list ---------------------------------------------------------------------------------------


def test_list_tells_places_line_and_needs(client, team, event):
    make_registration(event, name="Zoé", needs="Boucle magnétique.")
    make_registration(event, name="Éloi", organisation="Le Fournil")
    make_registration(event, name="Oscar", status=Status.OFFERED, offered_until=ahead(days=1))
    make_registration(event, name="Yann", status=Status.WAITING)
    make_registration(event, name="Anna", status=Status.WAITING)
    make_registration(event, name="Parti", status=Status.CANCELLED, ended_at=ago(days=1))
    shown = spoken(client.get(page(event, "registrations")))
    assert "3 places prises sur 3" in shown
    order = ["Boucle magnétique", "Ont une place 2", "Éloi", "Zoé", "proposée 1", "Oscar"]
    order += ["Liste d’attente, dans l’ordre 2", "Yann", "Anna", "Ne viennent plus 1", "Parti"]
    places = [shown.rindex(words) for words in order[1:]]
    assert places == sorted(places)
    assert shown.index(order[0]) < places[0]


def test_list_and_door_make_as_many_queries_for_three(client, team, today):
    for name in ["registrations", "door"]:
        counts = []
        for rows in (1, 2):
            for _ in range(rows):
                make_registration(today, needs="Fauteuil.")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page(today, name)).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]


def test_team_gives_up_for_somebody_and_the_next_is_offered_the_place(client, team, event):
    Event.objects.update(capacity=1)
    row = make_registration(event, name="Zoé", needs="Fauteuil.")
    following = make_registration(event, status=Status.WAITING)
    assert "Zoé" in spoken(client.get(page(event, "give_up", row.pk)))
    row.refresh_from_db()
    assert row.status == Status.CONFIRMED  # a link alone does nothing
    answer = client.post(page(event, "give_up", row.pk), follow=True)
    assert "Inscription annulée\u202f: Zoé." in answer.content.decode()
    row.refresh_from_db()
    following.refresh_from_db()
    assert (row.status, row.needs) == (Status.CANCELLED, "")
    assert following.status == Status.OFFERED
    assert sorted(m.to[0] for m in Email.objects.all()) == sorted([row.email, following.email])
    assert client.post(page(event, "give_up", row.pk)).status_code == 404


def test_registration_is_not_given_up_once_it_began(client, team, today):
    row = make_registration(today)
    assert "Rien à annuler" in spoken(client.get(page(today, "give_up", row.pk)))
    client.post(page(today, "give_up", row.pk))
    row.refresh_from_db()
    assert (row.status, Email.objects.count()) == (Status.CONFIRMED, 0)


# The sheet --------------------------------------------------------------------------------------


def test_sheet_to_sign_has_names_in_order_and_nothing_private(client, team, event):
    make_registration(event, name="Zoé", email="zoe@rallynov.example", needs="Fauteuil.")
    make_registration(event, name="Éloi", organisation="Le Fournil")
    make_registration(event, name="Attend", status=Status.WAITING)
    answer = client.get(page(event, "sheet_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    text = words_of(answer.content)
    assert text.index("Éloi") < text.index("Le Fournil") < text.index("Zoé")
    assert "Signature" in text
    for secret in ("zoe@", "Fauteuil", "Attend"):
        assert secret not in text
    document = read(answer.content)
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in document.trailer["/Root"]["/Metadata"].get_data().decode()
    assert answer.content == client.get(page(event, "sheet_pdf")).content


def test_sheet_of_many_and_of_hostile_names_is_set(client, team, event):
    for number in range(60):
        make_registration(event, name=f"Personne {number:02}")
    make_registration(event, name=HOSTILE["title"][:120], organisation="W" * 160)
    document = read(client.get(page(event, "sheet_pdf")).content)
    assert len(document.pages) >= 3
    # The columns are named again on each page.
    assert all("Signature" in each.extract_text() for each in document.pages)


def test_sheet_of_nobody_has_rows_for_who_walks_in(client, team, event):
    assert "0 personne attendue" in words_of(client.get(page(event, "sheet_pdf")).content)


def test_workbook_runs_no_formula(client, team, today):
    make_registration(today, name='=HYPERLINK("https://exemple.example")', organisation="+33")
    make_registration(today, name="Zoé", came_at=ago(minutes=1), needs="Fauteuil.")
    answer = client.get(page(today, "sheet_xlsx"))
    content = b"".join(answer.streaming_content)
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows())
    assert [cell.value for cell in rows[0]] == [
        "Nom et prénom",
        "Structure",
        "Arrivée",
        "Signature",
    ]
    assert rows[1][0].value == '\'=HYPERLINK("https://exemple.example")'
    assert rows[1][1].value == "'+33"
    assert "f" not in {cell.data_type for row in rows for cell in row}
    assert "h" in rows[2][2].value


# The door ---------------------------------------------------------------------------------------


def press(client, event, gesture, **fields):
    return client.post(page(event, "door"), {"gesture": gesture} | fields)


def test_who_comes_is_ticked_and_the_page_comes_back_to_them(client, team, today):
    row = make_registration(today, name="Zoé")
    answer = press(client, today, "tick", person=row.pk, q="zoe & co")
    assert answer.url == f"{page(today, 'door')}?q=zoe+%26+co#personne-{row.pk}"
    shown = spoken(client.get(page(today, "door")))
    assert "Là depuis" in shown
    assert "1 présent 1 sur 1 attendu, 0 sans inscription" in shown
    press(client, today, "untick", person=row.pk)
    row.refresh_from_db()
    assert row.came_at is None


def test_name_is_found_however_it_is_accented(client, team, today):
    make_registration(today, name="Éloïse Œuvrard", organisation="Le Fournil")
    make_registration(today, name="Zoé")
    for words, found in [("eloise", True), ("oeuvrard ELO", True), ("fournil", True), ("x", False)]:
        shown = spoken(client.get(page(today, "door"), {"q": words}))
        assert ("Éloïse" in shown) == found
        assert "Zoé" not in shown
    assert client.get(page(today, "door"), {"q": "\0"}).status_code == 200


def test_walk_ins_are_counted_and_never_below_none(client, team, today):
    press(client, today, "less")
    for gesture in ["more", "more", "less"]:
        assert press(client, today, gesture).url.endswith("/accueil/#compte")
    today.refresh_from_db()
    assert today.walk_ins == 1


def test_count_is_closed_and_corrected(client, team, today):
    row = make_registration(today)
    press(client, today, "tick", person=row.pk)
    press(client, today, "more")
    assert "C’est noté : 2 personnes." in client.get(
        press(client, today, "close").url
    ).content.decode().replace("\u202f", " ")
    assert Event.objects.get(pk=today.pk).attendance == 2
    press(client, today, "more")
    press(client, today, "close")
    assert Event.objects.get(pk=today.pk).attendance == 3


def test_only_who_has_a_place_here_is_ticked(client, team, today, event):
    waiting = make_registration(today, status=Status.WAITING)
    stranger = make_registration(event)
    for person in (waiting.pk, stranger.pk, 987654, "abc", ""):
        assert press(client, today, "tick", person=person).status_code == 302
    assert not Registration.objects.exclude(came_at=None).exists()


@pytest.mark.parametrize(
    "changes", [{"starts_at": ahead(days=2)}, {"status": "cancelled"}, {"status": "postponed"}]
)
def test_nothing_is_counted_out_of_its_day(client, team, today, changes):
    row = make_registration(today, name="Zoé")
    Event.objects.filter(pk=today.pk).update(**changes)
    shown = client.get(page(today, "door")).content.decode()
    assert "Zoé" in shown
    assert "Est là" not in shown
    for gesture in ["tick", "more", "close"]:
        press(client, today, gesture, person=row.pk)
    row.refresh_from_db()
    today.refresh_from_db()
    assert (row.came_at, today.walk_ins, today.attendance) == (None, 0, None)


def test_two_at_the_door_lose_no_count(transactional_db):
    event = make_event(takes_registrations=True, starts_at=ago(minutes=1))
    calls = [lambda: door.one_more(event) for _ in range(8)] + [lambda: door.one_less(event)]
    Event.objects.update(walk_ins=5)
    assert all(in_parallel(*calls, behind=event))
    event.refresh_from_db()
    assert event.walk_ins == 12


def test_person_ticked_by_two_is_there_once(transactional_db):
    event = make_event(takes_registrations=True, starts_at=ago(minutes=1))
    row = make_registration(event)
    calls = [lambda: door.tick(event, row.pk)] * 2
    assert sorted(in_parallel(*calls, behind=row)) == [False, True]
    assert door.who_came(event) == 1
