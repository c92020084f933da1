"""Files that holders join: checked by what they hold, not by what they say they are."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from rallynov import pictures
from trophies.models import Attachment

MAX_BYTES = 10 * 1024 * 1024
MAX_NAME = 100
EXTENSIONS = {
    ".pdf": Attachment.Kind.PDF,
    ".jpg": Attachment.Kind.PICTURE,
    ".jpeg": Attachment.Kind.PICTURE,
    ".png": Attachment.Kind.PICTURE,
    ".webp": Attachment.Kind.PICTURE,
}


@dataclass(frozen=True)
class Prepared:
    """A file fit to be kept."""

    name: str
    kind: str
    content: bytes

    @property
    def file(self):
        return ContentFile(self.content)


def prepare(upload):
    """Return the upload as a `Prepared`, or raise a French ValidationError.

    A picture is written anew, without what it may hide; a PDF is kept as it is, and only ever
    downloaded.
    """
    name = clean_name(upload.name)
    kind = EXTENSIONS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise ValidationError("Envoyez un PDF, ou une image JPEG, PNG ou WebP.")
    if upload.size > MAX_BYTES:
        raise ValidationError("Ce fichier dépasse 10 Mo. Réduisez-le, puis envoyez-le de nouveau.")
    if kind == Attachment.Kind.PICTURE:
        content = pictures.prepare(upload).read()
        return Prepared(str(PurePosixPath(name).with_suffix(".webp")), kind, content)
    content = upload.read()
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise ValidationError("Ce fichier n’est pas un PDF lisible. Enregistrez-le de nouveau.")
    return Prepared(name, kind, content)


def clean_name(name):
    """The last part of a name, without the characters that are not seen, of a decent length."""
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    path = PurePosixPath(name.replace("\\", "/"))
    return (path.stem.strip()[:MAX_NAME] or "piece") + path.suffix
