"""What one takes away: the receipt, the closing in one's calendar, everything as a ZIP."""

import hashlib
import io
import os
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from tests.factories import (
    ahead,
    make_archive,
    make_candidature,
    make_edition,
    make_user,
)
from tests.html import Html
from tests.trophies.takeaways import HOSTILE, make_deposit, make_piece, words_of
from trophies.archive import safe_name
from trophies.models import Candidature, SetAside
from trophies.questions import QUESTIONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(client):
    user = make_user()
    client.force_login(user)
    return user


def hrefs(client, address):
    return [a["href"] for a in Html(client.get(address).content.decode()).all("a")]


# The receipt ------------------------------------------------------------------------------------


def receipt(deposit):
    return reverse("candidatures:receipt-pdf", args=[deposit.candidature.uuid, deposit.number])


def test_receipt_is_taken_from_its_page(client, holder):
    deposit = make_deposit(holder)
    page = reverse("candidatures:receipt", args=[deposit.candidature.uuid, 1])
    assert receipt(deposit) in hrefs(client, page)
    response = client.get(receipt(deposit))
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    name = f"recu-{deposit.candidature.reference}-depot-1.pdf"
    assert response["Content-Disposition"] == f'inline; filename="{name}"'
    assert deposit.candidature.reference in words_of(response.content)


def test_each_deposit_keeps_its_receipt(client, holder):
    deposit = make_deposit(holder, need="Première version.")
    Candidature.objects.update(need="Deuxième version.")
    words = words_of(client.get(receipt(deposit)).content)
    assert "Première version." in words
    assert "Deuxième version." not in words


@pytest.mark.parametrize("name", ["receipt-pdf", "archive"])
def test_not_yours_is_as_not_existing(client, name, settings, django_assert_num_queries):
    settings.SECOND_FACTOR_REQUIRED = False
    deposit = make_deposit()
    others = [make_user(), make_user(is_superuser=True)]
    number = [1] if name == "receipt-pdf" else []
    real = reverse(f"candidatures:{name}", args=[deposit.candidature.uuid, *number])
    never = reverse(f"candidatures:{name}", args=["00000000-0000-4000-8000-000000000000", *number])
    assert client.get(real).url == f"{reverse('account_request_login_code')}?next={real}"
    for other in others:
        client.force_login(other)
        with CaptureQueriesContext(connection) as queries:
            absent = client.get(never)
        with django_assert_num_queries(len(queries)):
            found = client.get(real)
        assert (found.status_code, found.content) == (absent.status_code, absent.content)
        assert found.status_code == 404


def test_receipt_of_no_deposit_is_absent(client, holder):
    deposit = make_deposit(holder)
    deposit.number = 2
    assert client.get(receipt(deposit)).status_code == 404


# The ZIP ----------------------------------------------------------------------------------------


def zip_address(candidature):
    return reverse("candidatures:archive", args=[candidature.uuid])


def unzip(client, candidature):
    response = client.get(zip_address(candidature))
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_archive_holds_everything(client, holder):
    deposit = make_deposit(holder, files=["bilan.pdf", "plan.pdf"])
    candidature = deposit.candidature
    make_piece(candidature, "bilan.pdf", b"%PDF-un autre\n%%EOF\n")
    Candidature.objects.update(need="Pas encore déposé.")
    assert zip_address(candidature) in hrefs(client, candidature.get_absolute_url())
    found = unzip(client, candidature)
    stem = f"{candidature.reference}-depot-1"
    assert found.namelist() == [
        f"depots/{stem}.json",
        f"depots/recu-{stem}.pdf",
        "texte-en-cours.txt",
        "pieces/01-bilan.pdf",
        "pieces/02-plan.pdf",
        "pieces/03-bilan.pdf",
        "LISEZ-MOI.txt",
    ]
    assert found.testzip() is None
    content = found.read(f"depots/{stem}.json")
    assert hashlib.sha256(content).hexdigest() == deposit.sha256
    assert deposit.sha256 in "".join(words_of(found.read(f"depots/recu-{stem}.pdf")).split())
    text = found.read("texte-en-cours.txt").decode()
    assert "Pas encore déposé." in text
    assert [question.title for question in QUESTIONS if question.title not in text] == []
    files = {file["name"]: file["sha256"] for file in deposit.payload["files"]}
    assert hashlib.sha256(found.read("pieces/02-plan.pdf")).hexdigest() == files["plan.pdf"]
    assert "À savoir" not in found.read("LISEZ-MOI.txt").decode()


def test_archive_of_a_draft_keeps_what_was_typed_and_set_aside(client, holder):
    candidature = make_candidature(holder=holder, typed={"started_year": "vers 2020"})
    SetAside.objects.create(
        candidature=candidature,
        step="besoin",
        tab="t",
        values={"need": "Dans l’autre onglet."},
        by=holder,
        at=candidature.created_at,
    )
    text = unzip(client, candidature).read("texte-en-cours.txt").decode()
    assert "Depuis quelle année\u202f: vers 2020" in text
    assert "Le besoin\u202f: Dans l’autre onglet." in text


def test_archive_keeps_the_file_of_a_former_deposit(client, holder):
    deposit = make_deposit(holder)
    deposit.candidature.attachments.update(removed_at=deposit.received_at)
    assert "pieces/01-bilan.pdf" in unzip(client, deposit.candidature).namelist()


def test_archive_says_which_file_is_gone_or_damaged(client, holder):
    candidature = make_candidature(holder=holder)
    gone, damaged = make_piece(candidature, "perdu.pdf"), make_piece(candidature, "abime.pdf")
    gone.file.storage.delete(gone.file.name)
    with open(damaged.file.path, "ab") as file:
        file.write(b"!")
    found = unzip(client, candidature)
    assert "pieces/01-perdu.pdf" not in found.namelist()
    said = found.read("LISEZ-MOI.txt").decode()
    assert "pieces/01-perdu.pdf\u202f: ce fichier ne se trouve plus" in said
    assert "pieces/02-abime.pdf\u202f: son contenu n’est plus celui" in said


def test_archive_holds_a_piece_of_a_file_at_a_time(client, holder):
    candidature = make_candidature(holder=holder)
    make_piece(candidature, "lourd.pdf", os.urandom(8 * 1024 * 1024))
    tracemalloc.start()
    try:
        response = client.get(zip_address(candidature))
        size = sum(len(part) for part in response.streaming_content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 8 * 1024 * 1024
    assert peak < 4 * 1024 * 1024


def test_archive_has_safe_names(client, holder):
    candidature = make_candidature(holder=holder, title=HOSTILE["title"])
    for name in [
        "../../etc/passwd",
        "..\\..\\cv.pdf",
        "cv\u202efdp.exe.pdf",
        "C:*?.pdf",
        "é" * 110,
    ]:
        make_piece(candidature, name)
    names = [name for name in unzip(client, candidature).namelist() if name[:6] == "pieces"]
    assert names == [
        "pieces/01-passwd",
        "pieces/02-cv.pdf",
        "pieces/03-cvfdp.exe.pdf",
        "pieces/04-C___.pdf",
        f"pieces/05-{'é' * 100}",
    ]
    response = client.get(zip_address(candidature))
    b"".join(response.streaming_content)
    disposition = response["Content-Disposition"]
    assert (
        disposition
        == 'attachment; filename="candidature-cafe-filenamex-set-pagefill-red-gnpexe.zip"'
    )
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("bilan.pdf", "bilan.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("a." + "b" * 300, "a." + "b" * 118),
        (" . ", "piece"),
        ("cafe\u0301.pdf", "café.pdf"),
    ],
)
def test_safe_name(name, safe):
    assert safe_name(name) == safe


# The closing ------------------------------------------------------------------------------------


def ics(client, edition, **options):
    return client.get(reverse("trophies:closing-ics", args=[edition.year]), **options)


@pytest.mark.parametrize(
    ("closes_at", "paris"),
    [
        (datetime(2027, 1, 29, 22, 59, tzinfo=UTC), "29 janvier 2027 à 23 h 59"),
        (datetime(2027, 7, 1, 21, 59, tzinfo=UTC), "1er juillet 2027 à 23 h 59"),
        # The night when the clocks go back: 2 h 30 happens twice.
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "31 octobre 2027 à 2 h 30"),
    ],
)
def test_closing_goes_to_the_calendar(client, closes_at, paris):
    edition = make_edition(
        year=2027,
        opens_at=closes_at - timedelta(days=60),
        closes_at=closes_at,
        jury_opens_at=None,
        jury_closes_at=None,
        results_published_at=None,
    )
    response = ics(client, edition)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="cloture-trophees-2027.ics"'
    calendar = Calendar.from_ical(response.content)
    [event] = calendar.walk("VEVENT")
    [alarm] = event.walk("VALARM")
    assert event["dtstart"].dt == closes_at
    assert f"DTSTART:{closes_at:%Y%m%dT%H%M%SZ}".encode() in response.content
    assert alarm["trigger"].dt == timedelta(days=-2)
    assert event["uid"] == "cloture-2027@testserver"
    assert paris in event["description"].replace("\u00a0", " ")
    assert event["url"] == f"http://testserver{reverse('trophies:apply', args=[2027])}"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))


def test_closing_keeps_its_identity_when_it_moves(client):
    edition = make_edition()
    first = ics(client, edition)
    assert ics(client, edition).content == first.content
    kept = ics(client, edition, headers={"If-None-Match": first["ETag"]})
    assert kept.status_code == 304
    edition.closes_at += timedelta(days=1)
    edition.save()
    moved = ics(client, edition, headers={"If-None-Match": first["ETag"]})
    events = [Calendar.from_ical(r.content).walk("VEVENT")[0] for r in (first, moved)]
    assert events[0]["uid"] == events[1]["uid"]
    assert events[0]["dtstart"].dt < events[1]["dtstart"].dt


def test_closing_of_no_call_is_absent(client):
    assert ics(client, make_archive()).status_code == 404
    assert ics(client, make_edition(published_at=ahead(days=1))).status_code == 404


def test_call_offers_its_questions_and_its_closing(client):
    edition = make_edition()
    found = hrefs(client, reverse("trophies:apply", args=[edition.year]))
    assert reverse("trophies:questions", args=[edition.year]) in found
    assert reverse("trophies:closing-ics", args=[edition.year]) in found
