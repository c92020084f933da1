"""The example's files: drawn or written here, kept as any upload is, under a fixed name."""

import io
import uuid

from django.core.files.base import ContentFile

from events.models import EventDocument
from news.models import NewsPhoto
from rallynov import pictures
from rallynov.seed.drawings import DRAWINGS
from rallynov.seed.pdf import pdf
from rallynov.seed.rows import put

CREDIT = "Dessin : Rally’nov"
NAMESPACE = uuid.UUID("b6f0a5a2-8a3d-4d8e-9c55-2f3d0d9f6b14")


def put_picture(news_item, *, drawing, alt):
    """Give the item its picture, unless row and file are there already."""
    key = {"uuid": uuid.uuid5(NAMESPACE, news_item.slug)}
    fields = {"news_item": news_item, "alt": alt, "credit": CREDIT}
    photo = NewsPhoto.objects.filter(**key).first()
    storage = NewsPhoto._meta.get_field("image").storage
    if photo and storage.exists(photo.image.name):
        put(NewsPhoto, key, fields)
        return
    photo = photo or NewsPhoto(**key)
    for name, value in fields.items():
        setattr(photo, name, value)
    storage.delete(pictures.picture_path(photo, ""))  # left by a database that is gone
    photo.image = pictures.prepare(png(DRAWINGS[drawing]()))
    photo.save()


def png(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return ContentFile(buffer.getvalue(), name="dessin.png")


def put_document(event, *, title, lines):
    """Give the event its document, unless row and file are there already."""
    key = {"uuid": uuid.uuid5(NAMESPACE, event.slug)}
    document = EventDocument.objects.filter(**key).first() or EventDocument(**key)
    storage = document.file.storage
    if document.pk and storage.exists(document.file.name):
        return
    document.event, document.title = event, title
    storage.delete(f"documents/{document.uuid}.pdf")  # left by a database that is gone
    document.file = ContentFile(pdf(lines), name="programme.pdf")
    document.save()
