"""What the tests of documents share: hostile words, a deposit that holds them, a PDF read back."""

import io

from django.core.files.base import ContentFile
from pypdf import PdfReader

from tests.factories import make_candidature, make_edition, make_regulation, make_user
from trophies import services
from trophies.models import Attachment, Candidature

HOSTILE = {
    "title": 'Café "; filename=x\r\n#set page(fill: red) \u202egnp.exe',
    "summary": "😀 日本 שלום مرحبا 👩‍👩‍👧 é e\u0301 \x07fin",
    "organisation_name": "Mot" + "W" * 190,
    "need": "Un paragraphe.\n\nUn autre,\nsur deux lignes. #panic() $x$ *gras* @moi <a> `code`",
    "effects": "https://exemple.example/" + "a" * 400,
}


def make_piece(candidature, name="bilan.pdf", content=b"%PDF-1.4\n%%EOF\n", **changes):
    import hashlib

    piece = Attachment(
        candidature=candidature,
        name=name,
        kind=Attachment.Kind.PDF,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    piece.file.save("piece", ContentFile(content), save=False)
    for field, value in changes.items():
        setattr(piece, field, value)
    piece.save()
    return piece


def make_deposit(holder=None, files=("bilan.pdf",), **changes):
    """A deposit with its regulation and files."""
    holder = holder or make_user(name="Ana Petit")
    if "edition" not in changes:
        changes["edition"] = make_edition()
    make_regulation(edition=changes["edition"], version=3)
    candidature = make_candidature(holder=holder, **changes)
    for name in files:
        make_piece(candidature, name, content=b"%PDF-" + name.encode() + b"\n%%EOF\n")
    candidature = Candidature.objects.get(pk=candidature.pk)
    at = candidature.edition.opens_at
    return services.deposit(candidature=candidature, by=holder, received_at=at)


def read(content):
    return PdfReader(io.BytesIO(content))


def words_of(content):
    """The text of a PDF on one line, without what only breaks lines."""
    pages = " ".join(page.extract_text() for page in read(content).pages)
    return " ".join(pages.replace("\u200b", "").split())


def tags_of(content):
    """The tags of a PDF, in reading order."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node["/S"])
            if "/K" in node:
                walk(node["/K"])

    walk(read(content).trailer["/Root"]["/StructTreeRoot"])
    return found
