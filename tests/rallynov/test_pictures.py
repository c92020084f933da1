import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

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
