"""Pieces sent one by one: the page, the limits, the closing that passes meanwhile."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from rallynov.storage import AtomicFileSystemStorage
from tests.conftest import ROOT
from tests.factories import (
    ago,
    make_candidature,
    make_deposited,
    make_edition,
    make_regulation,
    make_user,
)
from tests.html import Html
from tests.trophies.files import PDF, docx, picture, upload
from trophies import services
from trophies.attachments import prepare
from trophies.models import Announcement, Attachment, Candidature, Deposit, Edition
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def holder(client):
    user = make_user()
    client.force_login(user)
    return user


def url(name, candidature, *args):
    return reverse(f"candidatures:{name}", args=[candidature.uuid, *args])


def file(name="plan.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def another(number):
    return PDF + b"%% %d\n%%%%EOF\n" % number


def send(client, candidature, *sent, **options):
    return client.post(url("pieces", candidature), {"files": sent}, **options)


def announce(client, candidature, **changes):
    fields = {"name": "plan.pdf", "size": len(PDF)} | changes
    return client.post(url("announce-piece", candidature), fields, headers=JSON)


def send_announced(client, candidature, uuid, sent=None):
    fields = {"files": sent or file(), "announcement": uuid}
    return client.post(url("pieces", candidature), fields, headers=JSON)


def close(candidature, **ago_delta):
    """The call closed so long ago."""
    closes_at = ago(**ago_delta)
    Edition.objects.filter(pk=candidature.edition_id).update(closes_at=closes_at)


def attached(candidature, content=PDF, name="plan.pdf", **options):
    prepared = prepare(upload(name, content))
    return services.attach(Candidature.objects.get(pk=candidature.pk), prepared, **options)


def names(candidature):
    return [piece.name for piece in candidature.attachments.kept()]


def text_of(response):
    return Html(response.content.decode()).text("main")


def stored(settings):
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


# The page ---------------------------------------------------------------------------------------


def test_page_says_what_is_allowed_before_one_sends(client, holder):
    edition = make_edition(most_files=3, largest_file=8)
    text = text_of(client.get(url("pieces", make_candidature(holder=holder, edition=edition))))
    assert "3 fichiers au plus, de 8 Mo chacun" in text
    assert "PDF, photo ou image (JPEG, PNG, WebP), document (DOCX, ODT), classeur (XLSX)" in text


def test_page_lists_pieces_with_their_size_and_state(client, holder):
    candidature = make_candidature(holder=holder)
    attached(candidature)
    assert "PDF, 1 Ko" in text_of(client.get(url("pieces", candidature)))
    services.deposit(candidature=candidature, by=holder, received_at=timezone.now())
    attached(candidature, docx(), "bilan.docx")
    text = text_of(client.get(url("pieces", candidature)))
    assert "2 fichiers sur 5" in text
    assert ", déposé" in text
    assert ", pas encore déposé" in text


def test_page_makes_the_same_queries_for_many_pieces(client, holder):
    candidature = make_candidature(holder=holder)
    attached(candidature)
    address = url("pieces", candidature)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    attached(candidature, another(1))
    attached(candidature, another(2))
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(one) == len(three) <= 12


def test_page_of_a_closed_call_only_shows(client, holder):
    candidature = make_candidature(holder=holder)
    attached(candidature)
    close(candidature, minutes=1)
    html = Html(client.get(url("pieces", candidature)).content.decode())
    assert "plan.pdf" in html.text("main")
    assert not [tag for tag in html.all("input") if tag.get("type") == "file"]
    assert not [tag for tag in html.all("button") if "Retirer" in str(tag)]
    # What the script takes of it: the list, and its token.
    assert [tag for tag in html.all("input") if tag["name"] == "csrfmiddlewaretoken"]


# A plain form -----------------------------------------------------------------------------------


def test_files_in_one_field_are_handled_one_by_one(client, holder):
    candidature = make_candidature(holder=holder)
    sent = [
        file(),
        file("page.pdf", b"<html>"),
        file("bilan.docx", docx()),
        file("x.svg", b"<svg>"),
    ]
    page = send(client, candidature, *sent, follow=True)
    assert page.redirect_chain == [(url("pieces", candidature), 302)]
    assert names(candidature) == ["plan.pdf", "bilan.docx"]
    text = text_of(page)
    assert "plan.pdf est joint." in text
    assert "page.pdf : Ce fichier contient une page web" in text
    assert "x.svg : Le format SVG n’est pas accepté" in text
    alerts = [tag for tag in Html(page.content.decode()).tags if tag.get("role") == "alert"]
    assert len(alerts) == 2


def test_form_without_a_file_says_so(client, holder):
    page = client.post(url("pieces", make_candidature(holder=holder)), follow=True)
    assert "Aucun fichier n’est arrivé" in text_of(page)


def test_name_that_means_harm_is_told_harmless(client, holder):
    candidature = make_candidature(holder=holder)
    name = "..\\<script>\u202efdp.exe" + "x" * 300 + ".pdf"
    page = send(client, candidature, upload(name), follow=True)
    assert len(names(candidature)[0]) <= 120
    assert "<script>\u202e" not in page.content.decode()
    assert "\u202e" not in names(candidature)[0]


def test_piece_is_removed_and_its_file_with_it(
    client, holder, settings, django_capture_on_commit_callbacks
):
    candidature = make_candidature(holder=holder)
    piece = attached(candidature).piece
    assert len(stored(settings)) == 1
    address = url("remove-piece", candidature, piece.uuid)
    with django_capture_on_commit_callbacks(execute=True):
        assert "plan.pdf est retiré." in text_of(client.post(address, follow=True))
    assert client.post(address).status_code == 404
    assert not candidature.attachments.exists()
    assert stored(settings) == []


def test_piece_removed_after_its_deposit_stays_in_storage(client, holder, settings):
    candidature = make_candidature(holder=holder)
    piece = attached(candidature).piece
    services.deposit(candidature=candidature, by=holder, received_at=timezone.now())
    answer = client.post(url("remove-piece", candidature, piece.uuid), headers=JSON)
    assert answer.json() == {"message": "plan.pdf est retiré."}
    assert names(candidature) == []
    assert len(stored(settings)) == 1
    assert "0 fichier" not in text_of(client.get(url("pieces", candidature)))
    response = client.get(piece.get_absolute_url())
    assert b"".join(response) == PDF


# The script -------------------------------------------------------------------------------------


def test_file_is_announced_then_sent(client, holder):
    candidature = make_candidature(holder=holder)
    uuid = announce(client, candidature).json()["uuid"]
    answer = send_announced(client, candidature, uuid)
    assert (answer.status_code, answer.json()) == (201, {"message": "plan.pdf est joint."})
    announced = Announcement.objects.get(uuid=uuid)
    assert announced.by == holder
    assert announced.completed_at > announced.announced_at


def test_plain_form_leaves_the_same_trace(client, holder):
    candidature = make_candidature(holder=holder)
    send(client, candidature, file())
    announced = candidature.announcements.get()
    assert (announced.name, announced.size, announced.by) == ("plan.pdf", len(PDF), holder)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "x.svg"}, "SVG n’est pas accepté"),
        ({"size": 11 * MEGABYTE}, "dépasse 10 Mo"),
        ({"size": 0}, "est vide"),
        ({"size": "-1"}, "est vide"),
        ({"size": "beaucoup"}, "est vide"),
    ],
)
def test_announcement_is_refused_before_anything_is_sent(client, holder, fields, said):
    candidature = make_candidature(holder=holder)
    answer = announce(client, candidature, **fields)
    assert answer.status_code == 400
    assert said in answer.json()["message"]
    assert not Announcement.objects.exists()


def test_truncated_file_is_not_kept(client, holder, settings):
    candidature = make_candidature(holder=holder)
    uuid = announce(client, candidature, size=len(PDF) + 10).json()["uuid"]
    answer = send_announced(client, candidature, uuid)
    assert answer.status_code == 409
    assert "pas arrivé entier" in answer.json()["message"]
    assert stored(settings) == []


def test_request_cut_in_the_middle_keeps_nothing(client, holder, settings):
    """What Django reads when the connection is lost: a body that ends before its time."""
    candidature = make_candidature(holder=holder)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="plan.pdf"\r\n\r\n'
        + PDF * 1000
    )
    kind = "multipart/form-data; boundary=x"
    answer = client.post(url("pieces", candidature), body, content_type=kind, headers=JSON)
    assert answer.status_code == 409
    assert "Aucun fichier n’est arrivé" in answer.json()["message"]
    assert stored(settings) == []
    whole = body + b"\r\n--x--\r\n"
    answer = client.post(url("pieces", candidature), whole, content_type=kind, headers=JSON)
    assert answer.status_code == 201


def test_same_content_twice_is_kept_once(client, holder, settings):
    candidature = make_candidature(holder=holder)
    send(client, candidature, file())
    answer = send(client, candidature, file("copie.pdf"), headers=JSON)
    assert answer.status_code == 201
    assert "plan.pdf est déjà joint" in answer.json()["message"]
    assert names(candidature) == ["plan.pdf"]
    assert len(stored(settings)) == 1


def test_limit_of_the_edition_is_kept(client, holder):
    candidature = make_candidature(holder=holder, edition=make_edition(most_files=2))
    page = send(client, candidature, *(file(f"{n}.pdf", another(n)) for n in range(3)), follow=True)
    assert names(candidature) == ["0.pdf", "1.pdf"]
    assert "2.pdf : Vous avez déjà 2 fichiers" in text_of(page)
    assert "C’est le nombre permis" in text_of(page)
    answer = announce(client, candidature)
    assert answer.status_code == 409
    assert "Retirez-en un d’abord" in answer.json()["message"]


def test_session_that_is_over_is_said_to_the_script(client):
    candidature = make_candidature()
    for address in ["pieces", "announce-piece"]:
        answer = client.post(url(address, candidature), headers=JSON)
        assert answer.status_code == 401
        assert "session" in answer.json()["message"]
    assert send(client, candidature, file()).status_code == 302


def test_deposited_candidature_says_to_deposit_again(client, holder):
    candidature = make_deposited(holder=holder)
    answer = send(client, candidature, file(), headers=JSON)
    assert "Déposez de nouveau" in answer.json()["message"]
    assert candidature.deposits.count() == 1


# Who, and how much ------------------------------------------------------------------------------


def test_pieces_of_another_are_as_absent_as_those_of_nobody(client, holder):
    theirs = make_candidature()
    piece = attached(theirs).piece
    nobodys = Candidature(edition=theirs.edition)
    calls = [
        lambda row: client.get(url("pieces", row)),
        lambda row: send(client, row, file()),
        lambda row: send(client, row, file(), headers=JSON),
        lambda row: announce(client, row),
        lambda row: client.get(url("remove-piece", row, piece.uuid)),
        lambda row: client.post(url("remove-piece", row, piece.uuid)),
        lambda row: client.post(
            url("pieces", row), b"", content_type="text/plain", CONTENT_LENGTH=str(10**9)
        ),
    ]
    for call in calls:
        answers = []
        for row in (theirs, nobodys):
            with CaptureQueriesContext(connection) as queries:
                response = call(row)
            answers.append((response.status_code, response.content, len(queries)))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
    assert names(theirs) == ["plan.pdf"]


def test_piece_of_another_candidature_is_not_removed(client, holder):
    candidature, other = make_candidature(holder=holder), make_candidature()
    piece = attached(other).piece
    assert client.post(url("remove-piece", candidature, piece.uuid)).status_code == 404
    assert names(other) == ["plan.pdf"]


def test_announcement_of_another_candidature_is_worth_nothing(client, holder):
    other = make_candidature(holder=holder)
    uuid = announce(client, other).json()["uuid"]
    candidature = make_deposited(holder=holder)
    close(candidature, minutes=1)
    assert send_announced(client, candidature, uuid).status_code == 409
    assert names(candidature) == []


def test_holder_who_left_meanwhile_joins_nothing(holder):
    candidature = make_candidature(holder=holder)
    announced = services.announce_file(candidature, name="a.pdf", size=len(PDF), by=holder)
    candidature.holders.set([make_user()])
    with pytest.raises(NotAllowed):
        attached(candidature, announcement=announced)
    with pytest.raises(NotAllowed):
        services.announce_file(candidature, name="a.pdf", size=1, by=holder)


def test_token_is_asked_for(holder):
    client = Client(enforce_csrf_checks=True)
    client.force_login(holder)
    candidature = make_candidature(holder=holder)
    assert send(client, candidature, file()).status_code == 403
    assert announce(client, candidature).status_code == 403
    html = Html(client.get(url("pieces", candidature)).content.decode())
    token = next(tag for tag in html.all("input") if tag["name"] == "csrfmiddlewaretoken")
    fields = {"files": file(), "csrfmiddlewaretoken": token["value"]}
    assert client.post(url("pieces", candidature), fields, headers=JSON).status_code == 201


@pytest.mark.parametrize("options", [{}, {"headers": JSON}])
def test_body_that_weighs_too_much_is_refused_before_it_is_read(client, holder, settings, options):
    """No temporary file is written, and no token is asked for: it stands in the body."""
    candidature = make_candidature(holder=holder, edition=make_edition(largest_file=1))
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
    response = send(client, candidature, file("a.pdf", PDF + b" " * 7 * MEGABYTE), **options)
    assert response.status_code == 413
    said = response.json()["message"] if options else text_of(response)
    assert "1 Mo au plus pour un fichier" in said
    assert "votre texte est intact" in said
    assert names(candidature) == []


def test_size_plus_one_is_refused(client, holder):
    candidature = make_candidature(holder=holder, edition=make_edition(largest_file=1))
    end = b"%%EOF\n"
    content = PDF + b" " * (MEGABYTE - len(PDF) - len(end)) + end
    answer = send(client, candidature, file("a.pdf", content + b"\n"), headers=JSON)
    assert (answer.status_code, "dépasse 1 Mo" in answer.json()["message"]) == (400, True)
    assert send(client, candidature, file("a.pdf", content), headers=JSON).status_code == 201


@pytest.mark.parametrize("state", ["eligible", "withdrawn"])
def test_candidature_that_no_longer_changes_takes_nothing(client, holder, state):
    candidature = make_deposited(holder=holder)
    attached(candidature)
    piece = candidature.attachments.get()
    if state == "withdrawn":
        services.change_status(candidature, "withdraw", by=holder)
    else:
        Candidature.objects.filter(pk=candidature.pk).update(
            status="eligible", screened_at=timezone.now()
        )
    for answer in [
        announce(client, candidature),
        send(client, candidature, file("b.pdf", another(2)), headers=JSON),
        client.post(url("remove-piece", candidature, piece.uuid), headers=JSON),
    ]:
        assert answer.status_code == 409
    assert names(candidature) == ["plan.pdf"]


# The closing passes -----------------------------------------------------------------------------


def on_its_way(candidature, holder, *, announced, closed, deposited=None, **fields):
    """A file announced so many minutes ago, a call that closed so many minutes ago."""
    made = Announcement.objects.create(
        candidature=candidature,
        name="plan.pdf",
        size=len(PDF),
        by=holder,
        announced_at=ago(minutes=announced),
        **fields,
    )
    if deposited is not None:
        services.deposit(candidature=candidature, by=holder, received_at=ago(minutes=deposited))
    close(candidature, minutes=closed)
    return made.uuid


def test_file_that_was_on_its_way_joins_the_deposit(client, holder):
    candidature = make_candidature(holder=holder)
    regulation = make_regulation(edition=candidature.edition)
    attached(candidature, docx(), "bilan.docx")
    uuid = on_its_way(candidature, holder, announced=12, deposited=11, closed=10)
    Candidature.objects.filter(pk=candidature.pk).update(need="Ce qui est tapé depuis.")
    make_regulation(edition=candidature.edition, version=2)
    Email.objects.all().delete()
    answer = send_announced(client, candidature, uuid)
    assert answer.status_code == 201
    assert "a rejoint votre candidature, avec le reçu n°\u00a02" in answer.json()["message"]
    last, first = candidature.deposits.all()
    assert (last.origin, last.by, last.regulation) == ("late_file", holder, regulation)
    assert last.received_at == Announcement.objects.get(uuid=uuid).completed_at
    assert [row["name"] for row in last.payload["files"]] == ["bilan.docx", "plan.pdf"]
    assert first.payload == last.payload | {"files": first.payload["files"]}
    assert "plan.pdf" in last.reason
    assert [mail.to for mail in Email.objects.all()] == [[holder.email]]
    page = text_of(client.get(url("receipt", candidature, 2)))
    assert "plan.pdf" in page


def test_file_on_its_way_joins_the_deposit_before_the_closing_too(client, holder):
    candidature = make_candidature(holder=holder)
    uuid = on_its_way(candidature, holder, announced=12, deposited=11, closed=-60)
    Candidature.objects.filter(pk=candidature.pk).update(need="Ce qui est tapé depuis.")
    answer = send_announced(client, candidature, uuid)
    assert "a rejoint votre candidature" in answer.json()["message"]
    last, first = candidature.deposits.all()
    assert [row["name"] for row in last.payload["files"]] == ["plan.pdf"]
    assert last.payload["answers"] == first.payload["answers"]


def test_two_files_on_their_way_make_two_more_deposits(client, holder):
    candidature = make_candidature(holder=holder)
    uuids = [
        on_its_way(candidature, holder, announced=14, closed=0),
        on_its_way(candidature, holder, announced=13, deposited=12, closed=10),
    ]
    for number, uuid in enumerate(uuids):
        sent = file(f"{number}.pdf", PDF[:-6] + b"%d%%%%EOF" % number)
        Announcement.objects.filter(uuid=uuid).update(size=sent.size)
        assert send_announced(client, candidature, uuid, sent).status_code == 201
    last = candidature.deposits.first()
    assert (last.number, [row["name"] for row in last.payload["files"]]) == (3, ["0.pdf", "1.pdf"])


def test_file_sent_again_after_its_late_deposit_makes_no_other(client, holder):
    """The answer was lost on the way: the browser tries again."""
    candidature = make_candidature(holder=holder)
    uuid = on_its_way(candidature, holder, announced=12, deposited=11, closed=10)
    answers = [send_announced(client, candidature, uuid) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert "déjà joint" in answers[1].json()["message"]
    assert candidature.deposits.count() == 2


def test_file_that_the_deposit_did_not_wait_for_is_kept_apart(client, holder):
    """It was chosen after the deposit: to deposit again, in time, was up to the holder."""
    candidature = make_candidature(holder=holder)
    uuid = on_its_way(candidature, holder, announced=11, deposited=12, closed=10)
    answer = send_announced(client, candidature, uuid)
    assert "il n’est dans aucun dépôt" in answer.json()["message"]
    assert candidature.deposits.count() == 1
    assert names(candidature) == ["plan.pdf"]


def test_file_of_a_draft_that_is_late_deposits_nothing(client, holder):
    candidature = make_candidature(holder=holder)
    uuid = on_its_way(candidature, holder, announced=12, closed=10)
    assert send_announced(client, candidature, uuid).status_code == 201
    assert not Deposit.objects.exists()


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"announced": 17, "deposited": 16, "closed": 15.01}, "arrivé trop tard"),
        ({"announced": 9, "deposited": 12, "closed": 10}, "L’appel est clos"),
    ],
)
def test_file_that_came_or_was_announced_too_late_is_refused(client, holder, settings, dates, said):
    candidature = make_candidature(holder=holder)
    uuid = on_its_way(candidature, holder, **dates)
    answer = send_announced(client, candidature, uuid)
    assert answer.status_code == 409
    assert said in answer.json()["message"]
    assert candidature.deposits.count() == 1
    assert (names(candidature), stored(settings)) == ([], [])


def test_nothing_is_announced_or_sent_once_the_call_is_closed(client, holder):
    candidature = make_deposited(holder=holder)
    close(candidature, seconds=1)
    assert announce(client, candidature).status_code == 409
    assert send(client, candidature, file(), headers=JSON).status_code == 409
    assert not Announcement.objects.exists()


def test_announcement_serves_once(client, holder):
    candidature = make_candidature(holder=holder)
    uuid = on_its_way(candidature, holder, announced=12, deposited=11, closed=10)
    send_announced(client, candidature, uuid)
    other = file("autre.pdf", PDF.replace(b"1 0 obj", b"2 0 obj"))
    assert send_announced(client, candidature, uuid, other).status_code == 409
    assert names(candidature) == ["plan.pdf"]


def test_plain_form_that_the_closing_overtakes_is_in_time(client, holder):
    """Its first bytes came before: they announce the file."""
    candidature = make_candidature(holder=holder)
    services.deposit(candidature=candidature, by=holder, received_at=timezone.now())
    before = Announcement(
        candidature=candidature, name="a.pdf", size=len(PDF), by=holder, announced_at=timezone.now()
    )
    close(candidature, seconds=0)
    kept = attached(candidature, announcement=before)
    assert kept.deposit is None
    assert names(candidature) == ["plan.pdf"]


def test_personal_extension_counts(client, holder):
    candidature = make_candidature(holder=holder)
    close(candidature, days=1)
    Candidature.objects.filter(pk=candidature.pk).update(
        extended_until=timezone.now() + timedelta(hours=1)
    )
    assert (
        send(client, candidature, file(), headers=JSON).json()["message"] == "plan.pdf est joint."
    )


def test_file_of_a_screened_candidature_is_awaited_too(client, holder):
    candidature = make_candidature(holder=holder)
    uuid = on_its_way(candidature, holder, announced=12, deposited=11, closed=10)
    Candidature.objects.filter(pk=candidature.pk).update(
        status="eligible", screened_at=timezone.now()
    )
    assert send_announced(client, candidature, uuid).status_code == 201
    assert candidature.deposits.count() == 2


# When the house is at fault ---------------------------------------------------------------------


def test_full_disk_leaves_nothing_and_says_so(client, holder, settings, monkeypatch):
    candidature = make_candidature(holder=holder)
    monkeypatch.setattr(os, "fsync", full_disk)
    answer = send(client, candidature, file(), headers=JSON)
    assert answer.status_code == 503
    assert "Votre texte est intact" in answer.json()["message"]
    monkeypatch.undo()
    assert (names(candidature), stored(settings)) == ([], [])
    assert not Announcement.objects.exists()
    assert send(client, candidature, file(), headers=JSON).status_code == 201


def full_disk(handle):
    raise OSError(28, "No space left on device")


def test_row_that_cannot_be_written_leaves_no_file(holder, settings):
    candidature = make_candidature(holder=holder)
    prepared = prepare(upload("plan.pdf"))
    announced = Announcement(candidature=candidature, name="x" * 999, size=1, by=holder)
    announced.announced_at = timezone.now()
    with pytest.raises(Exception, match="too long"):
        services.attach(candidature, prepared, announcement=announced)
    assert stored(settings) == []
    assert not Attachment.objects.exists()


def test_two_stored_pieces_never_share_a_name(settings):
    candidature = make_candidature()
    kept = [attached(candidature, another(number)).piece for number in range(2)]
    assert len({piece.file.name for piece in kept}) == 2
    assert all("plan" not in piece.file.name for piece in kept)
    assert isinstance(kept[0].file.storage._wrapped, AtomicFileSystemStorage)


# What is opened ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "is_shown"),
    [("a.pdf", PDF, False), ("a.docx", docx(), False), ("a.png", picture(), True)],
)
def test_piece_is_opened_without_harm(client, holder, name, content, is_shown):
    candidature = make_candidature(holder=holder)
    piece = attached(candidature, content, name).piece
    response = client.get(piece.get_absolute_url())
    assert response["Content-Disposition"].startswith("inline" if is_shown else "attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Type"] == piece.kind
    b"".join(response)


def test_deposit_shows_all_its_pieces(client, holder):
    candidature = make_candidature(holder=holder)
    kept = [attached(candidature).piece, attached(candidature, docx(), "bilan.docx").piece]
    services.deposit(candidature=candidature, by=holder, received_at=timezone.now())
    text = text_of(client.get(url("receipt", candidature, 1)))
    assert "Pièces jointes" in text
    for piece in kept:
        assert piece.name in text
        assert piece.sha256 in text


def test_largest_picture_is_decoded_in_bounded_memory(tmp_path):
    """In a process of its own: what Pillow takes is not Python's to count."""
    path = tmp_path / "grande.png"
    path.write_bytes(picture(size=(7900, 5000)))
    code = (
        "import sys, resource, django; django.setup();"
        "from rallynov import pictures; from django.core.files.base import ContentFile;"
        "used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024;"
        "before = used(); pictures.prepare(ContentFile(open(sys.argv[1], 'rb').read()));"
        "print(used() - before)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "rallynov.settings"}
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 250
