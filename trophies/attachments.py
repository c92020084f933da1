"""Files that holders join: checked by what they hold, not by what they say they are."""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File

from rallynov import pictures
from rallynov.numbers import number
from rallynov.pdf import MEGABYTE, check_pdf, head_of
from trophies.formats import check_package
from trophies.models import Attachment

MAX_BYTES = 10 * MEGABYTE  # where no edition says otherwise
MAX_NAME = 100
MAX_SIDE = 2400  # a page that was photographed stays legible
EXTENSIONS = {
    ".pdf": Attachment.Kind.PDF,
    ".jpg": Attachment.Kind.PICTURE,
    ".jpeg": Attachment.Kind.PICTURE,
    ".png": Attachment.Kind.PICTURE,
    ".webp": Attachment.Kind.PICTURE,
    ".docx": Attachment.Kind.DOCX,
    ".odt": Attachment.Kind.ODT,
    ".xlsx": Attachment.Kind.XLSX,
}
ACCEPTED = "Envoyez un PDF, une image JPEG, PNG ou WebP, ou un document DOCX, ODT ou XLSX."
ADVICE = {
    ".doc": "L’ancien format Word n’est pas accepté : enregistrez ce document en DOCX ou en PDF.",
    ".xls": "L’ancien format Excel n’est pas accepté : enregistrez ce classeur en XLSX ou en PDF.",
    ".docm": "Ce document peut contenir des macros : enregistrez-le en DOCX ou en PDF.",
    ".xlsm": "Ce classeur peut contenir des macros : enregistrez-le en XLSX ou en PDF.",
    ".ods": "Enregistrez ce classeur en XLSX ou en PDF.",
    ".pptx": "Enregistrez cette présentation en PDF.",
    ".odp": "Enregistrez cette présentation en PDF.",
    ".heic": "Le format HEIC n’est pas accepté : envoyez la photo en JPEG.",
    ".tif": "Le format TIFF n’est pas accepté : enregistrez cette image en JPEG ou en PNG.",
    ".tiff": "Le format TIFF n’est pas accepté : enregistrez cette image en JPEG ou en PNG.",
    ".gif": "Le format GIF n’est pas accepté : enregistrez cette image en PNG.",
    ".svg": "Le format SVG n’est pas accepté : enregistrez ce dessin en PNG ou en PDF.",
    ".zip": "Une archive n’est pas acceptée : envoyez ses fichiers un à un.",
}
PACKAGES = {Attachment.Kind.DOCX, Attachment.Kind.ODT, Attachment.Kind.XLSX}
# What the first bytes tell.
SIGNS = [
    (b"%PDF-", "un PDF", {Attachment.Kind.PDF}),
    (b"\xff\xd8\xff", "une image JPEG", {Attachment.Kind.PICTURE}),
    (b"\x89PNG\r\n", "une image PNG", {Attachment.Kind.PICTURE}),
    (b"RIFF", "une image WebP", {Attachment.Kind.PICTURE}),
    (b"PK\x03\x04", "un document de bureau ou une archive", PACKAGES),
    (b"\xd0\xcf\x11\xe0", "un document d’un ancien format, ou protégé par un mot de passe", ()),
    (b"GIF8", "une image GIF", ()),
    (b"II*\x00", "une image TIFF", ()),
    (b"MM\x00*", "une image TIFF", ()),
    (b"MZ", "un programme", ()),
    (b"\x7fELF", "un programme", ()),
    (b"#!", "un programme", ()),
    (b"{\\rtf", "un document RTF", ()),
    (b"<svg", "un dessin SVG", ()),
    (b"<!doctype html", "une page web", ()),
    (b"<html", "une page web", ()),
    (b"<script", "une page web", ()),
    (b"<?xml", "un texte en XML", ()),
]


@dataclass(frozen=True)
class Prepared:
    """A file fit to be kept."""

    name: str
    kind: str
    file: File

    @property
    def size(self):
        return self.file.size

    @property
    def sha256(self):
        digest = hashlib.sha256()
        for chunk in self.file.chunks():
            digest.update(chunk)
        return digest.hexdigest()


def prepare(upload, *, most_bytes=MAX_BYTES):
    """Return the upload as a `Prepared`, or raise a French ValidationError.

    A picture is written anew, without what it may hide (JPEG, PNG or WebP, whichever of the three
    it is named); a document is kept as it is, and only ever downloaded.
    """
    name, kind = check_name(upload.name)
    check_size(upload.size, most_bytes=most_bytes)
    check_head(upload, kind)
    if kind == Attachment.Kind.PICTURE:
        picture = pictures.prepare(upload, most_bytes=most_bytes, most_side=MAX_SIDE)
        return Prepared(
            str(PurePosixPath(name).with_suffix(".webp")), kind, ContentFile(picture.read())
        )
    if kind == Attachment.Kind.PDF:
        check_pdf(upload)
    else:
        check_package(upload, kind)
    return Prepared(name, kind, upload)


def check_name(name):
    """The clean name of a file and the kind that it says, or a French ValidationError."""
    name = clean_name(name)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in EXTENSIONS:
        raise ValidationError(ADVICE.get(suffix, ACCEPTED))
    return name, EXTENSIONS[suffix]


def check_size(size, *, most_bytes=MAX_BYTES):
    if not size:
        raise ValidationError("Ce fichier est vide. Vérifiez-le, puis envoyez-le de nouveau.")
    if size > most_bytes:
        raise ValidationError(
            f"Ce fichier dépasse {number(most_bytes // MEGABYTE)} Mo. Réduisez-le, puis "
            "envoyez-le de nouveau."
        )


def check_head(upload, kind):
    """What a file holds is what its extension says, as far as its first bytes tell."""
    head = head_of(upload, 512).removeprefix(b"\xef\xbb\xbf").lstrip()
    for sign, label, kinds in SIGNS:
        if head.lower().startswith(sign.lower()):
            if kind not in kinds:
                raise ValidationError(
                    f"Ce fichier contient {label} : son extension dit autre chose. {ACCEPTED}"
                )
            return
    if kind in PACKAGES:
        raise ValidationError(f"Ce fichier n’est pas un {kind.label}. {ACCEPTED}")


def clean_name(name):
    """The last part of a name, without the characters that are not seen, of a decent length."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    path = PurePosixPath(name.replace("\\", "/"))
    return (path.stem.strip()[:MAX_NAME] or "piece") + path.suffix
