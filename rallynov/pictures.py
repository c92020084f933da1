"""Pictures that people send: checked, re-encoded, and never without words.

`prepare()` refuses what is not a JPEG, a PNG or a WebP, caps pixels before decoding, turns the
picture upright, drops every metadata (EXIF places, polyglot payloads) and writes a fresh WebP.
"""

import io
import struct
import threading
import uuid
import zlib

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.urls import reverse
from PIL import ExifTags, Image, UnidentifiedImageError

FORMATS = ["JPEG", "PNG", "WEBP"]
MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600
# The modes that Pillow reduces well; the others are converted first.
SMOOTH = {"L", "RGB", "RGBA", "CMYK", "YCbCr"}
# What EXIF says of how the camera was held, and how to set it right.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises of bytes that were damaged, or made up.
UNREADABLE = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, LookupError,
    ArithmeticError, AttributeError, EOFError, struct.error, zlib.error,
)  # fmt: skip
# One picture of 40 million pixels fills 160 to 320 MB: never two of them in a process.
one_at_a_time = threading.Lock()

# Ours is lower, and an error rather than a warning.
Image.MAX_IMAGE_PIXELS = None


def prepare(upload, *, most_bytes=None, most_side=MAX_SIDE):
    """Return the upload as a new WebP `ContentFile`, or raise a French ValidationError."""
    most_bytes = most_bytes or MAX_BYTES
    if upload.size > most_bytes:
        raise ValidationError(
            f"Cette image dépasse {most_bytes // 2**20} Mo. Réduisez-la, puis envoyez-la de "
            "nouveau."
        )
    try:
        with one_at_a_time:
            image = reduced(Image.open(upload, formats=FORMATS), most_side)
    except UNREADABLE as error:
        raise ValidationError(
            "Ce fichier n’est pas une image lisible. Envoyez une image JPEG, PNG ou WebP."
        ) from error
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=82, method=4)
    return ContentFile(buffer.getvalue(), name="picture.webp")


def reduced(image, most_side):
    """The picture upright, in colours that WebP knows; reduced first, to hold in little memory."""
    if image.width * image.height > MAX_PIXELS:
        raise ValidationError(
            "Cette image a trop de pixels (40 millions au plus). Réduisez-la d’abord."
        )
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode not in SMOOTH or mode == "RGBA" != image.mode:
        image = image.convert(mode)
    image.thumbnail((most_side, most_side))
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    return (image if turn is None else image.transpose(turn)).convert(mode)


class PictureFormField(forms.FileField):
    widget = forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return prepare(upload) if upload and upload is not initial else upload


class PictureField(models.ImageField):
    def formfield(self, **kwargs):
        return models.FileField.formfield(self, **{"form_class": PictureFormField, **kwargs})


def picture_path(picture, filename):
    return f"photos/{picture.uuid}.webp"


class Picture(models.Model):
    """A picture beside a text, with what it shows and who made it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    image = PictureField(
        "image",
        upload_to=picture_path,
        width_field="width",
        height_field="height",
        help_text="JPEG, PNG ou WebP, 12 Mo au plus. L’image est réduite et nettoyée de ses "
        "données cachées (lieu, appareil).",
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(
        "description",
        max_length=250,
        help_text="Ce que l’image montre, pour qui ne la voit pas.",
    )
    credit = models.CharField(
        "crédit", max_length=120, help_text="Qui l’a faite : « Photo : Anne Exemple »."
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)
    # Widths of the smaller copies that are made, each as AVIF and as WebP.
    sizes = ArrayField(models.PositiveSmallIntegerField(), default=list, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(alt="") & ~models.Q(credit=""),
                name="%(app_label)s_%(class)s_has_words",
                violation_error_message="Une image porte une description et un crédit.",
            )
        ]

    def __str__(self):
        return self.alt

    def save(self, *args, **kwargs):
        if not self.image._committed:
            # Another picture: its copies are to be made.
            self.sizes = []
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("picture", args=[self.uuid])

    @property
    def sources(self):
        """(type, srcset) of what a browser may choose from, the lightest kind first."""
        if not self.sizes:
            return []
        lists = {
            kind: [f"{self.get_copy_url(width, kind)} {width}w" for width in self.sizes]
            for kind in ("avif", "webp")
        }
        lists["webp"].append(f"{self.get_absolute_url()} {self.width}w")
        return [(f"image/{kind}", ", ".join(parts)) for kind, parts in lists.items()]

    def get_copy_url(self, width, kind):
        return reverse("picture-size", args=[self.uuid, width, kind])
