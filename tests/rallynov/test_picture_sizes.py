"""Smaller copies of pictures: what is made, what is served, and to whom."""

import io
import os

import pytest
from PIL import Image

from events.models import EventPhoto
from initiatives.models import Photo
from rallynov import picture_sizes, pictures
from rallynov.privacy.files import purge_lost_files
from tests.factories import (
    make_authorisation,
    make_document,
    make_event,
    make_initiative,
    make_photo,
    picture_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_given_up():
    picture_sizes.given_up.clear()


def made(parent, size=(1600, 900), **changes):
    upload = pictures.ContentFile(picture_file(size=size), name="a.png")
    photo = make_photo(parent, image=pictures.prepare(upload), **changes)
    while picture_sizes.make_next():
        pass
    photo.refresh_from_db()
    return photo


def size_of(response):
    return Image.open(io.BytesIO(response.content)).size


def test_three_widths_of_two_kinds_are_made_and_served(client):
    photo = made(make_initiative())
    assert photo.sizes == [400, 800, 1200]
    for width in photo.sizes:
        for kind in ["avif", "webp"]:
            response = client.get(photo.get_copy_url(width, kind))
            assert response["Content-Type"] == f"image/{kind}"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert size_of(response) == (width, width * 900 // 1600)
            assert Image.open(io.BytesIO(response.content)).format == kind.upper()


@pytest.mark.parametrize(
    ("width", "sizes"), [(400, []), (401, [400]), (900, [400, 800]), (1600, [400, 800, 1200])]
)
def test_no_copy_is_larger_than_the_picture(width, sizes):
    assert made(make_initiative(), (width, 300)).sizes == sizes


def test_page_offers_the_copies_once_they_are_made(client):
    initiative = make_initiative()
    upload = pictures.ContentFile(picture_file(size=(1000, 500)), name="a.png")
    photo = make_photo(initiative, image=pictures.prepare(upload), alt="Un banc")
    before = client.get(initiative.get_absolute_url()).content.decode()
    assert "<source" not in before
    assert f'src="{photo.get_absolute_url()}"' in before
    assert picture_sizes.make_next()
    photo.refresh_from_db()
    page = client.get(initiative.get_absolute_url()).content.decode()
    for kind, srcset in photo.sources:
        assert f'type="{kind}" srcset="{srcset}"' in page
    assert photo.sources[0][0] == "image/avif"
    assert f"{photo.get_absolute_url()} 1000w" in photo.sources[1][1]
    assert 'alt="Un banc" width="1000" height="500"' in page


def test_copy_is_seen_by_those_who_see_the_picture(client):
    photo = made(make_initiative(published_at=None))
    for address in [photo.get_absolute_url(), photo.get_copy_url(400, "avif")]:
        assert client.get(address).status_code == 404


def test_copy_of_people_is_not_kept_by_caches(client):
    photo = made(make_event(), shows_people=True)
    address = photo.get_copy_url(400, "webp")
    assert client.get(address).status_code == 404
    paper = make_authorisation(photo)
    assert "no-cache" in client.get(address)["Cache-Control"]
    paper.withdrawn_on = paper.signed_on
    paper.save()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("part", ["-401.webp", "-400.png", "-400.svg", "-0.webp"])
def test_other_sizes_and_kinds_are_not_there(client, part):
    photo = made(make_initiative())
    assert client.get(f"/photos/{photo.uuid}{part}").status_code == 404


def test_new_picture_gets_new_copies(client):
    photo = made(make_initiative())
    former = photo.image.name
    upload = pictures.ContentFile(picture_file(size=(1000, 1000)), name="b.png")
    photo.image = pictures.prepare(upload)
    photo.save()
    assert (photo.sizes, photo.image.name == former) == ([], False)
    assert picture_sizes.make_next()
    assert size_of(client.get(photo.get_copy_url(400, "webp"))) == (400, 400)


def test_lost_file_stops_no_other(caplog):
    lost = made(make_initiative(), (300, 300))
    Photo.objects.filter(pk=lost.pk).update(width=1600, image="photos/nowhere.webp")
    kept = made(make_event())
    assert isinstance(kept, EventPhoto)
    assert kept.sizes == [400, 800, 1200]
    assert "nowhere.webp" in caplog.text


def test_deleted_picture_leaves_no_file(django_capture_on_commit_callbacks):
    event = make_event()
    gone, kept = made(event), made(event)
    documents = [make_document(event), make_document(event)]
    storage = gone.image.storage
    copies = [files(gone), files(kept)]
    assert [len(names) for names in copies] == [7, 7]
    age(storage, "photos", "documents")
    gone.delete()
    documents[0].delete()
    with django_capture_on_commit_callbacks(execute=True):
        purge_lost_files()
    assert {storage.exists(name) for name in copies[0]} == {False}
    assert {storage.exists(name) for name in copies[1]} == {True}
    assert [storage.exists(document.file.name) for document in documents] == [False, True]


def files(photo):
    name, storage = photo.image.name.removesuffix(".webp"), photo.image.storage
    widths = [400, 800, 1200]
    names = [f"{name}-{width}.{kind}" for width in widths for kind in ["avif", "webp"]]
    return [name for name in [photo.image.name, *names] if storage.exists(name)]


def age(storage, *folders):
    for folder in folders:
        for name in storage.listdir(folder)[1]:
            os.utime(storage.path(f"{folder}/{name}"), (0, 0))
