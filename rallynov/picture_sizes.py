"""Smaller copies of pictures, for small screens: made by the worker, one picture at a time.

Until they are made, and for pictures that are small already, the picture itself is shown. The
files of a picture that was deleted go with the daily purge (`rallynov/privacy/files.py`).
"""

import io
import logging
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from PIL import Image

from rallynov.pictures import UNREADABLE, Picture, one_at_a_time

WIDTHS = (400, 800, 1200)  # pixels
KINDS = {
    "avif": ("AVIF", {"quality": 58, "speed": 6}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
}

logger = logging.getLogger("rallynov.pictures")
# Those whose file is gone, or damaged: told once, and left alone until the worker starts again.
given_up = set()


def make_next():
    """Make the copies of one picture; False when none waits for them."""
    for model in Picture.__subclasses__():
        waiting = model.objects.filter(sizes=[], width__gt=WIDTHS[0]).order_by("-pk")
        known = [pk for kind, pk in given_up if kind is model]
        picture = waiting.exclude(pk__in=known).first()
        if picture:
            attempt(picture)
            return True
    return False


def attempt(picture):
    try:
        make(picture)
    except UNREADABLE:
        logger.exception("image sans petites tailles : %s", picture.image.name)
        given_up.add((type(picture), picture.pk))


def make(picture):
    """Write the copies, then say that they are there."""
    widths = [width for width in WIDTHS if width < picture.width]
    with one_at_a_time, picture.image.open() as file:
        image = Image.open(file, formats=["WEBP"])
        for width in widths:
            small = image.resize((width, round(image.height * width / image.width)))
            for extension in KINDS:
                write(picture, small, width, extension)
    # Unless the picture was replaced meanwhile.
    same = type(picture).objects.filter(pk=picture.pk, image=picture.image.name)
    same.update(sizes=widths)


def write(picture, image, width, extension):
    kind, options = KINDS[extension]
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    storage, name = picture.image.storage, copy_name(picture.image.name, width, extension)
    storage.delete(name)
    storage.save(name, ContentFile(buffer.getvalue()))


def all_files():
    """The names of every picture and of its copies."""
    names = set()
    for model in Picture.__subclasses__():
        for name, widths in model.objects.values_list("image", "sizes"):
            names |= {name, *(copy_name(name, width, kind) for width in widths for kind in KINDS)}
    return names


def copy_name(name, width, extension):
    """`photos/a.webp` gives `photos/a-400.avif`."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}-{width}.{extension}"))
