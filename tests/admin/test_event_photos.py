"""Photographs and documents of events: who allows a picture, until when; which PDF is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from events.models import EventDocument, EventPhoto
from tests.admin.test_event_gestures import form_of, page, spoken
from tests.factories import PDF, day, make_authorisation, make_document, make_event, make_photo

pytestmark = pytest.mark.django_db
LIST = "/admin/events/eventphoto/"


def change(photo):
    return reverse("admin:events_eventphoto_change", args=[photo.pk])


CASES = [
    # shows people, authorisations, what the list says, whether it appears
    (False, [], "paraît", True),
    (True, [], "ne paraît pas aucune autorisation n’y est jointe", False),
    (True, [{"expires_on": None}], "paraît", True),
    (True, [{}], "paraît jusqu’au", True),
    (True, [{"expires_on": day(60)}], "à renouveler jusqu’au", True),
    (True, [{"expires_on": day(0)}], "à renouveler jusqu’au", True),
    (True, [{"expires_on": day(-1)}, {}], "ne paraît pas celle de Camille", False),
    (True, [{"withdrawn_on": day(0)}], "ne paraît pas Camille Exemple l’a retirée", False),
]


@pytest.mark.parametrize(("shows_people", "given", "words", "appears"), CASES)
def test_list_tells_which_appear_and_why(client, team, shows_people, given, words, appears):
    photo = make_photo(make_event(), shows_people=shows_people)
    for fields in given:
        make_authorisation(photo, **fields)
    assert EventPhoto.objects.allowed().exists() == appears
    assert words in spoken(client.get(LIST))
    assert words in spoken(client.get(change(photo)))


@pytest.mark.parametrize(
    ("state", "kept"),
    [("a-renouveler", ["Bientôt"]), ("cachees", ["Cachée"]), ("parues", ["Bientôt", "Longtemps"])],
)
def test_list_is_filtered(client, team, state, kept):
    event = make_event()
    make_authorisation(make_photo(event, alt="Longtemps", shows_people=True))
    make_authorisation(make_photo(event, alt="Bientôt", shows_people=True), expires_on=day(10))
    make_photo(event, alt="Cachée", shows_people=True)
    rows = client.get(LIST, {"parution": state}).context["cl"].result_list
    assert sorted(row.alt for row in rows) == kept


def test_list_and_event_make_as_many_queries_for_three(client, team):
    event = make_event()
    for address in (LIST, page(event, "change")):
        client.get(address)  # what a process learns once
        counts = []
        for rows in (1, 2):
            for _ in range(rows):
                make_authorisation(make_photo(event, shows_people=True))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]


@pytest.mark.parametrize("role", [Role.TEAM, Role.EDITOR])
def test_authorisation_is_written_on_the_page_of_the_photograph(client, sign_in, role):
    sign_in(role)
    photo = make_photo(make_event(), shows_people=True)
    fields = {"alt": photo.alt, "credit": photo.credit, "shows_people": "on"}
    fields |= {"authorisations-TOTAL_FORMS": 1, "authorisations-INITIAL_FORMS": 0}
    fields |= {"authorisations-0-person": "Ana", "authorisations-0-scope": "site"}
    fields |= {"authorisations-0-signed_on": f"{day(-1):%d/%m/%Y}"}
    assert client.post(change(photo), fields).status_code == 302
    assert EventPhoto.objects.allowed().get() == photo
    assert client.get(f"{LIST}add/").status_code == 403


def test_jury_sees_no_authorisation(client, sign_in):
    sign_in(Role.JURY)
    photo = make_photo(make_event(), shows_people=True)
    assert client.get(LIST).status_code == 403
    assert client.get(change(photo)).status_code == 403


def add_document(client, event, content):
    fields = form_of(client, event) | {"documents-TOTAL_FORMS": 1, "documents-0-title": "Diapos"}
    fields |= {"documents-0-position": 0}
    fields |= {"documents-0-file": SimpleUploadedFile("diapos.pdf", content)}
    return client.post(page(event, "change"), fields)


def test_document_is_a_pdf(client, team):
    event = make_event()
    assert "n’est pas un PDF lisible" in spoken(add_document(client, event, b"<script>"))
    assert not EventDocument.objects.exists()
    assert add_document(client, event, PDF).status_code == 302
    document = event.documents.get()
    assert (document.title, document.size) == ("Diapos", len(PDF))


def test_document_is_linked_by_its_own_address(client, team):
    document = make_document(make_event())
    content = client.get(page(document.event, "change")).content.decode()
    assert document.get_absolute_url() in content
    assert document.file.name not in content
