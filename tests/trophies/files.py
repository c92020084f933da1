"""Files as holders send them, good and hostile: real bytes, built here."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from openpyxl import Workbook
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX_MAIN = f"{OFFICE}wordprocessingml.document.main+xml"
XLSX_MAIN = f"{OFFICE}spreadsheetml.sheet.main+xml"
ODT = "application/vnd.oasis.opendocument.text"
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:manifest"/>'


def upload(name, content=PDF):
    """As the server receives it, under the very name that was sent."""
    made = SimpleUploadedFile("x", content)
    made._name = name
    return made


def upload_on_disk(name, chunks):
    """As the server receives what is heavy: `chunks` are never together in memory."""
    made = TemporaryUploadedFile("x", "", 0, None)
    made._name = name
    for chunk in chunks:
        made.write(chunk)
    made.size = made.tell()
    return made


def package(parts, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return buffer.getvalue()


def content_types(*types):
    overrides = "".join(f'<Override PartName="/a" ContentType="{name}"/>' for name in types)
    return f'<?xml version="1.0" encoding="UTF-8"?><Types>{overrides}</Types>'


def docx(*, types=(DOCX_MAIN,), **parts):
    """A Word document; `parts` are added, with `__` for a slash and `_` for a dot."""
    added = {name.replace("__", "/").replace("_", "."): text for name, text in parts.items()}
    body = {"[Content_Types].xml": content_types(*types), "word/document.xml": "<w:document/>"}
    return package(body | added)


def xlsx():
    workbook, buffer = Workbook(), io.BytesIO()
    workbook.active.append(["Recettes", 1200])
    workbook.save(buffer)
    return buffer.getvalue()


def odt(*, mimetype=ODT, manifest=MANIFEST, parts=()):
    body = {"mimetype": mimetype, "content.xml": "<office:document-content/>"}
    return package(body | {"META-INF/manifest.xml": manifest} | dict(parts))


def locked(content):
    """The same archive, whose parts ask for a password."""
    content = bytearray(content)
    for sign, offset in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)]:
        at = -1
        while (at := content.find(sign, at + 1)) >= 0:
            content[at + offset] |= 1
    return bytes(content)


def crowded(count):
    """An archive of so many empty parts."""
    return package({f"word/{number}": "" for number in range(count)}, zipfile.ZIP_STORED)


def overlapping(count=200, size=1_000_000):
    """A document whose list names the same bytes again and again."""
    content = docx(types=[DOCX_MAIN], word__a_bin=b"\0" * size)
    end = content.rindex(b"PK\x05\x06")
    start = struct.unpack("<L", content[end + 16 : end + 20])[0]
    last = content.rindex(b"PK\x01\x02")
    entry = content[last:end]
    names = [b"word/%05d" % number for number in range(count)]
    entries = [entry.replace(b"word/a.bin", name) for name in names]
    directory = content[start:end] + b"".join(entries)
    number = 3 + count
    return (
        content[:start]
        + directory
        + b"PK\x05\x06"
        + struct.pack("<4H2LH", 0, 0, number, number, len(directory), start, 0)
    )


def bomb(size):
    """A document with a part that weighs `size` once unpacked, and says so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", content_types(DOCX_MAIN))
        made.writestr("word/document.xml", "<w:document/>")
        with made.open("word/media.bin", "w") as part:
            for _ in range(size // 1_000_000):
                part.write(b"\0" * 1_000_000)
    return buffer.getvalue()


def lying_bomb(size):
    """The same, whose list says that the part weighs next to nothing."""
    content = bytearray(bomb(size))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 100)
    return bytes(content)


def chunk(kind, data):
    check = zlib.crc32(kind + data)
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", check)


def png_bomb(side=12_000):
    """12 000 × 12 000 pixels of one bit in about 17 kB."""
    row = b"\0" * (1 + side // 8)
    deflate = zlib.compressobj(9)
    data = b"".join(deflate.compress(row) for _ in range(side)) + deflate.flush()
    header = struct.pack(">2L5B", side, side, 1, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


# 16 383 × 16 383 black pixels.
WEBP_BOMB = bytes.fromhex("524946461a000000574542505650384c0e0000002ffebfff0f071011fd0f4444ff03")


def picture(format="PNG", size=(40, 30), **options):
    buffer = io.BytesIO()
    Image.new("RGB", size, "#2f6b5d").save(buffer, format, **options)
    return buffer.getvalue()


def gif_with_script():
    """A polyglot: a picture to some, a script to others."""
    return b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(document.cookie)//" + picture("GIF")
