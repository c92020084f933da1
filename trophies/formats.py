"""DOCX, XLSX and ODT, looked into without being trusted.

Nothing is unpacked to disk, and never more than a chunk of a part to memory. Each check raises a
French ValidationError that says what was found, and what to do.
"""

import re
import struct
import zipfile
import zlib
from contextlib import contextmanager

from django.core.exceptions import ValidationError

from rallynov.pdf import CHUNK, MEGABYTE, head_of, size_of, tail_of
from trophies.models import Attachment

MOST_PARTS = 4000
MOST_DIRECTORY = MEGABYTE  # what the list of the parts may weigh
MOST_READ = MEGABYTE  # of a part that is read whole
MOST_UNPACKED = 200 * MEGABYTE
MOST_RATIO = 100  # a text compresses 10 to 30 times
RATIO_FROM = 10 * MEGABYTE

DAMAGED = (
    "Ce document est abîmé, ou d’une forme inhabituelle. Ouvrez-le, enregistrez-le de nouveau ou "
    "en PDF, puis envoyez-le."
)
PROTECTED = (
    "Ce document est protégé par un mot de passe : le jury ne pourrait pas l’ouvrir. "
    "Enregistrez-en une copie sans mot de passe, et envoyez-la."
)
MACROS = (
    "Ce document contient des macros, c’est-à-dire un programme : nous ne le gardons pas. "
    "Enregistrez-le sans macros, ou en PDF, et envoyez cette copie."
)
SWOLLEN = (
    "Ce document prend trop de place une fois ouvert. Enregistrez-le en PDF, et envoyez cette "
    "copie."
)
OTHER_PACKAGE = (
    "Ce fichier n’est pas un document DOCX, ODT ou XLSX. Ouvrez-le, enregistrez-le dans l’un de "
    "ces formats ou en PDF, puis envoyez-le."
)


# Packages: DOCX, XLSX, ODT ----------------------------------------------------------------------

OPEN_XML = b"application/vnd.openxmlformats-officedocument."
# The type of the main part, in `[Content_Types].xml`.
MAIN_TYPES = {
    Attachment.Kind.DOCX: OPEN_XML + b"wordprocessingml.document.main+xml",
    Attachment.Kind.XLSX: OPEN_XML + b"spreadsheetml.sheet.main+xml",
}
PROGRAMS = re.compile(rb"macroEnabled|vbaProject|vbaData|activeX", re.IGNORECASE)
PROGRAM_NAMES = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/)|^(Basic|Scripts)/", re.I)
STRANGE_NAME = re.compile(r"^/|^[A-Za-z]:|\\|(^|/)\.\.(/|$)|\0")
FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError,
    ValueError, struct.error,
)  # fmt: skip


def check_package(file, kind):
    """Refuse what is no document of this kind, and what would harm who opens it."""
    with opened(file) as package:
        parts = package.infolist()
        refuse_strange(parts, size_of(file))
        found, types = kind_of(package)
        if PROGRAMS.search(types) or any(PROGRAM_NAMES.search(part.filename) for part in parts):
            raise ValidationError(MACROS)
        if found != kind:
            raise ValidationError(other_kind(found))
        if found == Attachment.Kind.ODT:
            refuse_protected(package)
        read_through(package, parts)


@contextmanager
def opened(file):
    """The archive, if it is a plain one; whatever breaks in it is one French refusal."""
    if not is_plain_archive(file):
        raise ValidationError(DAMAGED)
    try:
        with zipfile.ZipFile(file) as package:
            yield package
    except FAULTS as error:
        raise ValidationError(DAMAGED) from error


def is_plain_archive(file):
    """Whether the file is one archive from its first byte to its last, with a short list of parts.

    Looked at before Python reads that list: an archive of 50 MB may name a million parts. Nothing
    stands before it, after it, or between (no polyglot), and its numbers are not the 64-bit ones.
    """
    size = size_of(file)
    if size < 22 or head_of(file, 4) != b"PK\x03\x04":
        return False
    end = struct.unpack("<4s4H2LH", tail_of(file, 22))
    sign, disk, first_disk, here, count, length, start, note = end
    return (
        sign == b"PK\x05\x06"
        and disk == first_disk == 0
        and here == count <= MOST_PARTS
        and length <= MOST_DIRECTORY
        and start + length + 22 == size
        and note == 0
        and not tail_of(file, 42).startswith(b"PK\x06\x07")
    )


def refuse_strange(parts, size):
    if any(part.flag_bits & 1 for part in parts):
        raise ValidationError(PROTECTED)
    names = [part.filename for part in parts]
    if any(STRANGE_NAME.search(name) for name in names) or len(set(names)) < len(names):
        raise ValidationError(DAMAGED)
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    is_swollen = unpacked > RATIO_FROM and unpacked > MOST_RATIO * packed
    # Parts that overlap weigh more together than the file that holds them.
    if unpacked > MOST_UNPACKED or is_swollen or packed > size:
        raise ValidationError(SWOLLEN)


def kind_of(package):
    """The kind that a package says it is, or None; and the types of its parts, as bytes."""
    names = package.namelist()
    if "[Content_Types].xml" in names:
        types = read(package, "[Content_Types].xml")
        declared = set(re.findall(rb"""ContentType\s*=\s*["']([^"']*)["']""", types))
        return next((kind for kind, main in MAIN_TYPES.items() if main in declared), None), types
    if "mimetype" in names and "content.xml" in names:
        is_text = read(package, "mimetype").strip() == Attachment.Kind.ODT.value.encode()
        return Attachment.Kind.ODT if is_text else None, b""
    return None, b""


def read(package, name):
    """A part that is read whole, because it is small."""
    with package.open(name) as part:
        content = part.read(MOST_READ + 1)
    if len(content) > MOST_READ:
        raise ValidationError(SWOLLEN)
    return content


def other_kind(found):
    if found is None:
        return OTHER_PACKAGE
    suffix = found.name.lower()
    return f"Ce fichier contient un {found.label} : renommez-le en .{suffix}, puis envoyez-le."


def refuse_protected(package):
    if b"encryption-data" in read(package, "META-INF/manifest.xml"):
        raise ValidationError(PROTECTED)


def read_through(package, parts):
    """Read every part to its end: what is truncated, or is not what it says, breaks here."""
    left = MOST_UNPACKED
    for part in parts:
        with package.open(part) as content:
            while chunk := content.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise ValidationError(SWOLLEN)
