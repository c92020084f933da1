"""Files that holders join: kept for what they hold, whatever they say they are."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.factories import make_candidature, make_deposited, picture_file
from trophies import services
from trophies.attachments import MAX_BYTES, clean_name, prepare
from trophies.models import Attachment

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def upload(name, content=PDF, content_type="application/pdf"):
    return SimpleUploadedFile(name, content, content_type)


def refusal(name, content=PDF):
    with pytest.raises(ValidationError) as caught:
        prepare(upload(name, content))
    return " ".join(caught.value.messages)


def test_pdf_is_kept_as_it_is():
    prepared = prepare(upload("Mon projet.pdf"))
    assert (prepared.name, prepared.kind, prepared.content) == (
        "Mon projet.pdf",
        Attachment.Kind.PDF,
        PDF,
    )


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.jpeg", "JPEG"), ("a.webp", "WEBP")],
)
def test_picture_is_written_anew(name, format):
    prepared = prepare(upload(name, picture_file(format=format)))
    assert (prepared.name, prepared.kind) == ("a.webp", Attachment.Kind.PICTURE)
    assert Image.open(io.BytesIO(prepared.content)).format == "WEBP"


def test_picture_loses_what_it_hides():
    exif = Image.Exif()
    exif[0x010E] = "Une adresse secrète"
    buffer = io.BytesIO()
    Image.new("RGB", (20, 20)).save(buffer, "JPEG", exif=exif)
    content = buffer.getvalue() + b"<script>alert(1)</script>"
    assert b"secr" in content
    prepared = prepare(upload("photo.jpg", content))
    assert b"secr" not in prepared.content
    assert b"<script>" not in prepared.content


@pytest.mark.parametrize(
    "name",
    ["virus.exe", "page.html", "dessin.svg", "note.docx", "plan.pdf.exe", "pdf", "", ".pdf", "a."],
)
def test_other_kinds_are_refused(name):
    upload_ = upload("x.pdf")
    upload_._name = name
    with pytest.raises(ValidationError, match="Envoyez un PDF"):
        prepare(upload_)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00 %PDF-1.7 %%EOF",
        b"%PDF-1.7 sans fin",
        b"%PDF-1.7 %%EOF" + b" " * 4096,
        picture_file(),
    ],
)
def test_false_pdf_is_refused(content):
    assert "n’est pas un PDF lisible" in refusal("plan.pdf", content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PDF,
        b"GIF89a" + b"\x00" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        picture_file()[:60],
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 200,
    ],
)
def test_false_picture_is_refused(content):
    assert "n’est pas une image lisible" in refusal("photo.png", content)


def test_heavy_file_is_refused():
    assert "10 Mo" in refusal("plan.pdf", PDF + b" " * MAX_BYTES)
    assert "10 Mo" in refusal("photo.png", picture_file() + b" " * MAX_BYTES)


def test_bomb_of_pixels_is_refused():
    bomb = picture_file(size=(8000, 8000))
    assert len(bomb) < MAX_BYTES
    assert "trop de pixels" in refusal("photo.png", bomb)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Anne\\plan.pdf", "plan.pdf"),
        ("/absolu/plan.pdf", "plan.pdf"),
        ("pl\x00an\r\n.pdf", "plan.pdf"),
        ("facture\u202efdp.exe.pdf", "facturefdp.exe.pdf"),
        ("  plan .pdf", "plan.pdf"),
        ("Été à l’école.pdf", "Été à l’école.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("   .pdf", "piece.pdf"),
    ],
)
def test_name_is_cleaned(name, expected):
    assert clean_name(name) == expected


@pytest.mark.parametrize("name", ["a." + "x" * 300, "...", "/", "\\", "", "\x00"])
def test_strange_name_is_refused_without_harm(name):
    upload_ = upload("x.pdf")
    upload_._name = name
    with pytest.raises(ValidationError):
        prepare(upload_)


# What is kept -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_new_attachment_takes_the_place_of_the_former(django_capture_on_commit_callbacks):
    candidature = make_candidature()
    with django_capture_on_commit_callbacks(execute=True):
        first = services.attach(candidature, prepare(upload("un.pdf")))
        second = services.attach(candidature, prepare(upload("deux.pdf")))
    assert list(candidature.attachments.all()) == [second]
    assert not first.file.storage.exists(first.file.name)
    assert second.file.storage.exists(second.file.name)


@pytest.mark.django_db
def test_deposited_attachment_stays_when_another_takes_its_place(
    django_capture_on_commit_callbacks,
):
    candidature = make_candidature()
    with django_capture_on_commit_callbacks(execute=True):
        first = services.attach(candidature, prepare(upload("un.pdf")))
        services.deposit(
            candidature=candidature,
            by=candidature.holders.get(),
            received_at=candidature.edition.opens_at,
        )
        second = services.attach(candidature, prepare(upload("deux.pdf")))
    assert list(candidature.attachments.kept()) == [second]
    assert first.file.storage.exists(first.file.name)
    assert candidature.last_deposit.payload["files"][0]["uuid"] == str(first.uuid)


@pytest.mark.django_db
def test_attachment_is_stored_under_a_name_that_says_nothing():
    piece = services.attach(make_deposited(), prepare(upload("Nom de famille.pdf")))
    assert piece.file.name.startswith("pieces/")
    assert "famille" not in piece.file.name
    assert piece.name == "Nom de famille.pdf"
