"""Files that holders join: kept for what they hold, whatever they say they are."""

import hashlib
import io
import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from rallynov import pictures
from tests.trophies import files
from tests.trophies.files import PDF, docx, odt, picture, upload, upload_on_disk, xlsx
from trophies.attachments import MAX_BYTES, check_name, clean_name, prepare
from trophies.formats import MOST_PARTS
from trophies.models import Attachment

Kind = Attachment.Kind
MEGABYTE = 1024 * 1024
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<!DOCTYPE html><script>alert(1)</script>%PDF-1.7 %%EOF"


def refusal(name, content=PDF, **options):
    with pytest.raises(ValidationError) as caught:
        prepare(upload(name, content), **options)
    return " ".join(caught.value.messages)


# What is kept -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Mon projet.pdf", PDF, Kind.PDF),
        ("bilan.docx", docx(), Kind.DOCX),
        ("budget.XLSX", xlsx(), Kind.XLSX),
        ("statuts.odt", odt(), Kind.ODT),
    ],
)
def test_document_is_kept_as_it_is(name, content, kind):
    prepared = prepare(upload(name, content))
    assert (prepared.name, prepared.kind, prepared.size) == (name, kind, len(content))
    assert b"".join(prepared.file.chunks()) == content
    assert prepared.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.png", "PNG"),
        ("a.JPG", "JPEG"),
        ("a.jpeg", "JPEG"),
        ("a.webp", "WEBP"),
        ("a.jpg", "WEBP"),  # as telephones name what they were sent
    ],
)
def test_picture_is_written_anew(name, format):
    prepared = prepare(upload(name, picture(format)))
    content = prepared.file.read()
    assert (prepared.name, prepared.kind, prepared.size) == ("a.webp", Kind.PICTURE, len(content))
    assert Image.open(io.BytesIO(content)).format == "WEBP"


def test_picture_loses_what_it_hides():
    exif = Image.Exif()
    exif[0x010E] = "Une adresse secrète"
    content = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"
    assert b"secr" in content
    kept = prepare(upload("photo.jpg", content)).file.read()
    assert b"secr" not in kept
    assert b"<script>" not in kept


def test_pdf_of_an_administration_is_kept_with_its_javascript():
    content = PDF.replace(b"endobj", b"<</S /JavaScript /JS (calcule\\(\\))>> endobj")
    assert prepare(upload("cerfa.pdf", content)).kind == Kind.PDF


# The hostile table ------------------------------------------------------------------------------

DOCX = files.DOCX_MAIN
DOCM = "application/vnd.ms-word.document.macroEnabled.main+xml"
VBA = "application/vnd.ms-office.vbaProject"
ACTIVE_X = "application/vnd.ms-office.activeX+xml"
PPTX = f"{files.OFFICE}presentationml.presentation.main+xml"

# fmt: off
REFUSED = [
    # name, content (or what makes it), what is said
    ("virus.exe", b"MZ\x90", "Envoyez un PDF, une image JPEG"),
    ("page.html", HTML, "Envoyez un PDF, une image JPEG"),
    ("plan.pdf.exe", PDF, "Envoyez un PDF, une image JPEG"),
    ("pdf", PDF, "Envoyez un PDF, une image JPEG"),
    ("", PDF, "Envoyez un PDF, une image JPEG"),
    (".pdf", PDF, "Envoyez un PDF, une image JPEG"),
    ("a." + "x" * 300, PDF, "Envoyez un PDF, une image JPEG"),
    ("...", PDF, "Envoyez un PDF, une image JPEG"),
    ("\x00", PDF, "Envoyez un PDF, une image JPEG"),
    ("dessin.svg", SVG, "SVG n’est pas accepté"),
    ("dessin.png", SVG, "contient un dessin SVG"),
    ("scan.tiff", picture("TIFF"), "TIFF n’est pas accepté"),
    ("scan.png", picture("TIFF"), "contient une image TIFF"),
    ("photo.heic", b"\0\0\0 ftypheic", "envoyez la photo en JPEG"),
    ("anime.gif", picture("GIF"), "GIF n’est pas accepté"),
    ("anime.png", files.gif_with_script(), "contient une image GIF"),
    ("anime.pdf", files.gif_with_script(), "contient une image GIF"),
    ("photo.png", b"\xff" * 400, "n’est pas une image lisible"),
    ("photo.png", picture()[:60], "n’est pas une image lisible"),
    ("photo.jpg", picture("JPEG", (400, 400))[:700], "n’est pas une image lisible"),
    ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 200, "n’est pas une image lisible"),
    ("photo.webp", b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40, "n’est pas une image lisible"),
    ("photo.png", PDF, "contient un PDF"),
    ("photo.png", b"", "est vide"),
    ("vide.pdf", b"", "est vide"),
    ("page.pdf", HTML, "contient une page web"),
    ("page.pdf", b"\xef\xbb\xbf\n <html>", "contient une page web"),
    ("page.docx", HTML, "contient une page web"),
    ("image.pdf", picture(), "contient une image PNG"),
    ("programme.pdf", b"MZ\x90\x00 %PDF-1.7 %%EOF", "contient un programme"),
    ("script.pdf", b"#!/bin/sh\n%PDF-1.7 %%EOF", "contient un programme"),
    ("decale.pdf", b"\n" + PDF, "n’est pas un PDF lisible"),
    ("coupe.pdf", b"%PDF-1.7 sans fin", "n’est pas un PDF lisible"),
    ("coupe.pdf", b"%PDF-1.7 %%EOF" + b" " * 4096, "n’est pas un PDF lisible"),
    ("drole.pdf", b"%PDF-<script> %%EOF", "n’est pas un PDF lisible"),
    ("ferme.pdf", PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"), "est protégé"),
    ("ferme.pdf", PDF.replace(b"/Root", b"/Encrypt<</V 4>> /Root"), "est protégé"),
    ("ferme.pdf", b"%PDF-1.7" + b" " * (65536 - 12) + b"/Encrypt 5 0 R" + PDF, "est protégé"),
    ("lance.pdf", PDF.replace(b"endobj", b"<</S /Launch /F (c.exe)>>"), "lancer un programme"),
    ("ancien.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "L’ancien format Word"),
    ("ancien.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "protégé par un mot de passe"),
    ("note.rtf", b"{\\rtf1}", "Envoyez un PDF"),
    ("note.docx", b"{\\rtf1}", "contient un document RTF"),
    ("note.docx", b"du texte", "n’est pas un document Word"),
    ("macros.docm", docx(), "peut contenir des macros"),
    ("macros.docx", docx(types=[DOCX, VBA]), "contient des macros"),
    ("macros.docx", docx(types=[DOCM]), "contient des macros"),
    ("macros.docx", docx(word__vbaProject_bin=b"\0"), "contient des macros"),
    ("macros.docx", docx(types=[DOCX, ACTIVE_X]), "contient des macros"),
    ("macros.odt", odt(parts={"Basic/Standard/Module1.xml": "Sub"}), "contient des macros"),
    ("macros.odt", odt(parts={"Scripts/python/a.py": "import os"}), "contient des macros"),
    ("ferme.docx", files.locked(docx()), "mot de passe"),
    ("ferme.odt", odt(manifest="<manifest:encryption-data/>"), "mot de passe"),
    ("budget.docx", xlsx(), "contient un classeur Excel : renommez-le en .xlsx"),
    ("texte.xlsx", odt(), "contient un document OpenDocument : renommez-le en .odt"),
    ("modele.odt", odt(mimetype=f"{files.ODT}-template"), "n’est pas un document DOCX"),
    ("archive.docx", files.package({"a.txt": "bonjour"}), "n’est pas un document DOCX"),
    ("diapos.docx", docx(types=[PPTX]), "n’est pas un document DOCX"),
    ("nu.odt", files.package({"mimetype": files.ODT, "content.xml": ""}), "est abîmé"),
    ("chemin.docx", docx(**{"/etc/passwd": "x"}), "est abîmé"),
    ("chemin.docx", docx(**{"word__../../a": "x"}).replace(b"word/__", b"word/../"), "est abîmé"),
    ("chemin.docx", docx(**{"C:\\a": "x"}), "est abîmé"),
    ("coupe.docx", docx()[:-30], "est abîmé"),
    ("coupe.docx", docx()[:200], "est abîmé"),
    ("abime.docx", docx().replace(b"PK\x01\x02", b"PK\x01\x03", 1), "est abîmé"),
    ("polyglotte.docx", docx() + b"<script>", "est abîmé"),
    ("polyglotte.docx", b"PK\x03\x04<html>" + docx(), "est abîmé"),
    ("foule.docx", lambda: files.crowded(MOST_PARTS + 1), "est abîmé"),
    ("bombe.docx", lambda: files.bomb(250_000_000), "prend trop de place"),
    ("bombe.docx", lambda: files.bomb(40_000_000), "prend trop de place"),
    ("menteuse.docx", lambda: files.lying_bomb(40_000_000), "est abîmé"),
    ("replis.docx", lambda: files.overlapping(), "prend trop de place"),
    ("bombe.docx", docx(types=["a" * 2_000_000]), "prend trop de place"),
    ("bombe.png", lambda: files.png_bomb(), "trop de pixels"),
    ("bombe.webp", files.WEBP_BOMB, "trop de pixels"),
    ("gros.pdf", lambda: PDF + b" " * (MAX_BYTES + 1 - len(PDF)), "dépasse 10 Mo"),
    ("gros.png", lambda: picture() + b" " * MAX_BYTES, "dépasse 10 Mo"),
]
# fmt: on


@pytest.mark.parametrize(
    ("name", "content", "said"), REFUSED, ids=[f"{row[0][:20]!a}: {row[2]}" for row in REFUSED]
)
def test_hostile_file_is_refused_in_french_with_little_memory(name, content, said):
    sent = upload(name, content() if callable(content) else content)
    tracemalloc.start()
    try:
        with pytest.raises(ValidationError) as caught:
            prepare(sent)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    message = " ".join(caught.value.messages)
    assert said in message
    assert message.endswith(".")
    assert peak < 12 * MEGABYTE


def test_bomb_of_pixels_weighs_next_to_nothing():
    assert len(files.png_bomb()) < 18_000


def test_limit_of_the_edition_is_the_one_that_counts():
    exact = PDF + b" " * (MEGABYTE - len(PDF) - 6) + b"%%EOF\n"
    assert prepare(upload("a.pdf", exact), most_bytes=MEGABYTE).size == MEGABYTE
    assert "dépasse 1 Mo" in refusal("a.pdf", exact + b"\n", most_bytes=MEGABYTE)
    heavy = picture() + b" " * 13 * MEGABYTE
    assert prepare(upload("a.png", heavy), most_bytes=20 * MEGABYTE).kind == Kind.PICTURE


def test_heavy_document_never_stands_in_memory():
    """50 MB, the most that an edition allows, checked and hashed a chunk at a time."""
    chunks = [b"%PDF-1.7\n", *[b"\x01" * MEGABYTE] * 49, b"%%EOF\n"]
    sent = upload_on_disk("gros.pdf", chunks)
    tracemalloc.start()
    digest = prepare(sent, most_bytes=50 * MEGABYTE).sha256
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert digest == hashlib.sha256(b"".join(chunks)).hexdigest()
    assert peak < 2 * MEGABYTE


def test_heavy_package_never_stands_in_memory():
    buffer = io.BytesIO(docx())
    with zipfile.ZipFile(buffer, "a") as package:
        for number in range(20):
            package.writestr(f"word/media/{number}.bin", b"\x07" * MEGABYTE)
    sent = upload_on_disk("gros.docx", [buffer.getvalue()])
    tracemalloc.start()
    assert prepare(sent, most_bytes=50 * MEGABYTE).kind == Kind.DOCX
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * MEGABYTE


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_large_picture_is_reduced(format):
    content = picture(format, (6000, 4000))
    made = Image.open(prepare(upload(f"grande.{format.lower()}", content)).file)
    assert made.size == (2400, 1600)


def test_only_one_picture_is_decoded_at_a_time():
    with pictures.one_at_a_time:
        assert pictures.one_at_a_time.locked()
    prepare(upload("a.png", picture()))
    assert not pictures.one_at_a_time.locked()


# Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Anne\\plan.pdf", "plan.pdf"),
        ("/absolu/plan.pdf", "plan.pdf"),
        ("pl\x00an\r\n.pdf", "plan.pdf"),
        ("facture\u202efdp.exe.pdf", "facturefdp.exe.pdf"),
        ("\u2067plan\u2069.pdf", "plan.pdf"),
        ("  plan .pdf", "plan.pdf"),
        ("Été à l’école.pdf", "Été à l’école.pdf"),
        ("E\u0301te\u0301.pdf", "Été.pdf"),
        ("خطة.pdf", "خطة.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("   .pdf", "piece.pdf"),
    ],
)
def test_name_is_cleaned(name, expected):
    assert clean_name(name) == expected
    assert prepare(upload(name)).name == expected


@pytest.mark.parametrize("name", ["x" * 300 + ".jpeg", "é" * 300 + ".docx"])
def test_clean_name_always_fits_its_column(name):
    most = Attachment._meta.get_field("name").max_length
    assert len(check_name(name)[0]) <= most
    assert len(check_name(name)[0].replace(".jpeg", ".webp")) <= most


def test_prepared_file_may_be_made_from_bytes():
    from trophies.attachments import Prepared

    made = Prepared("a.pdf", Kind.PDF, ContentFile(PDF))
    assert (made.size, made.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
