"""The agenda, its years, the page of an event and its documents."""

from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from events.models import Event
from rallynov.pdf import check_pdf
from tests.factories import (
    PDF,
    ago,
    ahead,
    day,
    make_authorisation,
    make_document,
    make_event,
    make_photo,
    make_user,
)
from tests.html import Html

pytestmark = pytest.mark.django_db
PARIS = timezone.get_default_timezone()


def text_of(client, address):
    return " ".join(Html(client.get(address).content.decode()).text("body").split())


def at(year, month=5):
    return datetime(year, month, 15, 18, tzinfo=PARIS)


def test_year_lists_all_of_it_in_order(client):
    for title, starts_at in [("Mai", at(2014)), ("Mars", at(2014, 3)), ("Autre", at(2015))]:
        make_event(title=title, starts_at=starts_at)
    make_event(title="Brouillon", starts_at=at(2014), published_at=None)
    words = text_of(client, "/agenda/2014/")
    assert words.index("Mars") < words.index("Mai")
    assert "Autre" not in words
    assert "Brouillon" not in words
    assert 'href="/agenda/2014/"' in client.get("/agenda/").content.decode()
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/agenda/2014/" in sitemap
    assert "/agenda/2013/" not in sitemap


def test_year_is_that_of_paris(client):
    make_event(title="Réveillon", starts_at=datetime(2019, 1, 1, 0, 30, tzinfo=PARIS))
    assert "Réveillon" in text_of(client, "/agenda/2019/")
    assert client.get("/agenda/2018/").status_code == 404


def test_year_of_drafts_is_none(client):
    make_event(starts_at=at(2014), published_at=None)
    for year in [2014, 1999, 0, 99999]:
        assert client.get(f"/agenda/{year}/").status_code == 404


def test_agenda_keeps_the_latest_and_leads_to_the_rest(client):
    for number in range(15):
        make_event(title=f"Passé {number:02}", starts_at=at(2016, 1 + number % 12))
    words = text_of(client, "/agenda/")
    assert sum(f"Passé {number:02}" in words for number in range(15)) == 12
    assert "2016 15" in words


@pytest.mark.parametrize(
    ("changes", "word", "sentence"),
    [
        ({"status": "cancelled", "status_note": "La salle a brûlé."}, "annulé", "Annulé."),
        ({"status": "postponed", "status_note": "Il neige."}, "reporté", "Reporté, la nouvelle"),
        ({"moved_from": at(2025), "status_note": "Il neige."}, "nouvelle date", "D’abord prévu le"),
    ],
)
def test_change_is_told_in_words(client, changes, word, sentence):
    event = make_event(**changes)
    assert word in text_of(client, "/agenda/")
    words = text_of(client, event.get_absolute_url())
    assert sentence in words
    assert changes["status_note"] in words


def test_documents_of_public_events_are_open_to_all(client):
    event = make_event()
    document = make_document(event, title="Programme d’été")
    address = document.get_absolute_url()
    assert f'href="{address}"' in client.get(event.get_absolute_url()).content.decode()
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert "programme-dete.pdf" in response["Content-Disposition"]
    check_pdf(ContentFile(b"".join(response.streaming_content)))
    for published_at in [None, ahead(days=1)]:
        Event.objects.update(published_at=published_at)
        assert client.get(address).status_code == 404


def test_lost_file_is_not_found(client):
    document = make_document(make_event(), file=ContentFile(PDF, name="a.pdf"))
    document.file.storage.delete(document.file.name)
    assert client.get(document.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("shows_people", "authorisations", "appears"),
    [
        (False, [], True),
        (True, [], False),
        (True, [{}], True),
        (True, [{"expires_on": day(0)}], True),
        (True, [{"expires_on": day(-1)}], False),
        (True, [{}, {"expires_on": day(-1)}], False),
        (True, [{"withdrawn_on": day(0)}], False),
    ],
)
def test_photo_appears_while_those_on_it_let_it(
    client, settings, shows_people, authorisations, appears
):
    event = make_event()
    photo = make_photo(event, shows_people=shows_people)
    for changes in authorisations:
        make_authorisation(photo, **{"signed_on": day(-9)} | changes)
    address = photo.get_absolute_url()
    assert (address in client.get(event.get_absolute_url()).content.decode()) is appears
    assert client.get(address).status_code == (200 if appears else 404)
    settings.SECOND_FACTOR_REQUIRED = False
    # The staff still sees what it has to rule on.
    client.force_login(make_user(roles=["team"]))
    assert client.get(address).status_code == 200


def test_cancelled_event_past_is_not_to_close():
    make_event(starts_at=ago(days=3), status="cancelled", status_note="Neige.")
    assert not Event.objects.to_close().exists()
