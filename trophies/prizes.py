"""What the public may know of the prizes that went to nobody."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Now

from trophies.models import Laureate, Prize


def with_left():
    """Prizes with `is_left`: whether the jury gave it to nobody, from the instant of the results.

    An archive, which was not judged here, says nothing of its prizes.
    """
    is_told = Q(
        edition__published_at__lte=Now(),
        edition__results_published_at__lte=Now(),
        edition__jury_closes_at__isnull=False,
    )
    given = Laureate.objects.filter(prize=OuterRef("pk"))
    is_left = ExpressionWrapper(is_told & ~Exists(given), BooleanField())
    return Prize.objects.select_related("funder").annotate(is_left=is_left)


def unattributed(prizes):
    return [prize for prize in prizes if prize.is_left]
