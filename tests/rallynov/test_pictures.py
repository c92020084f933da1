import io
import os
import random
import warnings
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from rallynov import pictures
from rallynov.storage import AtomicFileSystemStorage
from tests.factories import picture_file


def upload(data, name="photo.png"):
    return ContentFile(data, name=name)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_prepare_writes_a_fresh_webp(format):
    made = Image.open(pictures.prepare(upload(picture_file(format=format, size=(2400, 1200)))))
    assert (made.format, made.size) == ("WEBP", (1600, 800))


@pytest.mark.parametrize("format", ["GIF", "TIFF", "BMP"])
def test_prepare_refuses_other_formats(format):
    with pytest.raises(ValidationError, match="JPEG, PNG ou WebP"):
        pictures.prepare(upload(picture_file(format=format)))


def test_prepare_refuses_a_truncated_picture():
    with pytest.raises(ValidationError, match="pas une image lisible"):
        pictures.prepare(upload(picture_file(size=(400, 400), format="JPEG")[:500]))


def test_prepare_refuses_a_bomb_before_decoding_it():
    buffer = io.BytesIO()
    Image.new("1", (12000, 12000)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 100_000
    with pytest.raises(ValidationError, match="trop de pixels"):
        pictures.prepare(upload(buffer.getvalue()))


def test_prepare_refuses_a_heavy_file(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", 10)
    with pytest.raises(ValidationError, match="dépasse"):
        pictures.prepare(upload(picture_file()))


def test_prepare_drops_metadata_and_turns_the_picture_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "secret place"
    buffer = io.BytesIO()
    Image.new("RGB", (80, 60)).save(buffer, "JPEG", exif=exif)
    made = Image.open(pictures.prepare(upload(buffer.getvalue())))
    assert made.size == (60, 80)
    assert not made.getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_prepare_turns_as_the_camera_was_held(orientation):
    image = Image.new("RGB", (80, 60), "white")
    image.paste("black", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "PNG", exif=exif)
    expected = ImageOps.exif_transpose(Image.open(buffer))
    made = Image.open(pictures.prepare(upload(buffer.getvalue())))
    assert made.size == expected.size
    corners = [(5, 5), (-5, 5), (5, -5), (-5, -5)]
    for x, y in [(x % made.width, y % made.height) for x, y in corners]:
        assert abs(made.getpixel((x, y))[0] - expected.getpixel((x, y))[0]) < 40


def test_prepare_takes_whatever_damaged_pictures_hold():
    """Some are read all the same, the others refused: none is a fault of ours."""
    exif, chance = Image.Exif(), random.Random(7)
    exif[0x0112], exif[0x010E] = 6, "secret place"
    for format in ["JPEG", "PNG", "WEBP"]:
        buffer = io.BytesIO()
        Image.new("RGB", (40, 30)).save(buffer, format, exif=exif)
        for _ in range(300):
            damaged = bytearray(buffer.getvalue())
            for _ in range(chance.choice([1, 2, 20])):
                damaged[chance.randrange(min(200, len(damaged)))] = chance.randrange(256)
            with suppress(ValidationError), warnings.catch_warnings(action="ignore"):
                pictures.prepare(upload(bytes(damaged)))


def test_storage_leaves_nothing_behind_when_writing_fails(tmp_path):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError(28, "No space left on device")

    storage = AtomicFileSystemStorage(location=tmp_path)
    with pytest.raises(OSError, match="No space"):
        storage.save("photos/a.webp", Broken(b"whole"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_storage_never_overwrites(tmp_path):
    storage = AtomicFileSystemStorage(location=tmp_path)
    first = storage.save("a.txt", ContentFile(b"1"))
    second = storage._save("a.txt", ContentFile(b"2"))
    assert first == "a.txt"
    assert (tmp_path / first).read_bytes() == b"1"
    assert (tmp_path / second).read_bytes() == b"2"


def test_storage_clears_away_what_was_left_half_written(tmp_path):
    storage = AtomicFileSystemStorage(location=tmp_path)
    storage.save("a.txt", ContentFile(b"whole"))
    old, new = (Path(storage.partial_folder) / name for name in ["old", "new"])
    for path in [old, new]:
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    storage.forget_partial(timedelta(days=1))
    assert (old.exists(), new.exists()) == (False, True)
    assert (tmp_path / "a.txt").read_bytes() == b"whole"
