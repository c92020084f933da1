"""The pieces of a file within a juror's screen: pictures shown, PDFs read in place, safely."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_criterion,
    make_deposited,
    make_jury_member,
    make_reading_edition,
    make_user,
    picture_file,
)
from tests.html import Html
from tests.trophies.files import PDF, docx, upload
from trophies import attachments, services
from trophies.models import Attachment, Candidature

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings, tmp_path):
    settings.SECOND_FACTOR_REQUIRED = False
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def reading(client):
    edition = make_reading_edition(year=2051)
    make_criterion(edition=edition)
    file = make_deposited(edition=edition)
    sent = [("Le bus.png", picture_file()), ("Bilan.pdf", PDF), ("Plan.docx", docx())]
    for name, content in sent:
        prepared = attachments.prepare(upload(name, content))
        services.attach(file, prepared, at=edition.opens_at)
    file = Candidature.objects.get(pk=file.pk)
    services.deposit(candidature=file, by=file.holders.get(), received_at=edition.opens_at)
    services.change_status(file, "accept", by=make_user(roles=["team"]))
    member = make_jury_member(edition=edition)
    client.force_login(member.user)
    return member.assignments.get()


def piece(reading, kind):
    return reading.candidature.attachments.get(kind=Attachment.Kind[kind])


def asked_in_place(client, piece):
    """Read to its end, which closes the file."""
    response = client.get(f"{piece.get_absolute_url()}?en-place")
    assert b"".join(response)
    return response


def test_picture_is_shown_and_opens_in_full(client, reading):
    html = Html(client.get(reading.get_absolute_url()).content.decode())
    [picture] = html.all("img")
    address = piece(reading, "PICTURE").get_absolute_url()
    assert (picture["src"], picture["loading"]) == (address, "lazy")
    assert picture["alt"] == "Le bus, en entier"
    assert address in [link.get("href") for link in html.all("a")]


def test_pdf_is_read_in_place_and_nothing_else_is(client, reading):
    response = client.get(reading.get_absolute_url())
    [frame] = Html(response.content.decode()).all("iframe")
    assert frame["src"] == f"{piece(reading, 'PDF').get_absolute_url()}?en-place"
    assert (frame["loading"], frame["title"]) == ("lazy", "Bilan.pdf")
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert "frame-src" not in client.get("/admin/trophies/assignment/")["Content-Security-Policy"]
    lien = reverse("admin:trophies_reading_conflict", args=[reading.uuid])
    assert "frame-src" not in client.get(lien)["Content-Security-Policy"]


def test_pdf_in_place_may_be_framed_by_us_alone(client, reading):
    response = asked_in_place(client, piece(reading, "PDF"))
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("kind", ["PICTURE", "DOCX"])
def test_what_is_no_pdf_stays_in_its_sandbox(client, reading, kind):
    is_closed(asked_in_place(client, piece(reading, kind)))


def test_others_than_jurors_only_download(client, reading):
    pdf = piece(reading, "PDF")
    for user in [reading.candidature.holders.get(), make_user(roles=["team"])]:
        client.force_login(user)
        response = asked_in_place(client, pdf)
        is_closed(response)
        assert response["Content-Disposition"].startswith("attachment")


def is_closed(response):
    assert "sandbox" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_piece_of_a_file_that_a_tie_hides_is_not_there(client, reading):
    address = piece(reading, "PDF").get_absolute_url()
    services.declare_conflict(reading, reason="Un ami")
    assert client.get(f"{address}?en-place").status_code == 404
    assert client.get(address).status_code == 404
