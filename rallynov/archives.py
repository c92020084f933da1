"""What past editions published of themselves, for the apps that stand below the trophies."""

from collections import defaultdict

from trophies.models import Edition, EditionFigure

# The keys under which a letter's figures are noted (rallynov/seed/data/archive/edition.json).
AUDIENCE_KEYS = {"visiteurs": "visitors", "pages-consultees": "pages"}


def audience():
    """The years whose readers were published: `year`, `visitors`, `pages`, `source`."""
    rows = EditionFigure.objects.filter(
        edition__in=Edition.objects.published(), key__in=AUDIENCE_KEYS
    )
    years = defaultdict(lambda: {"visitors": None, "pages": None})
    for year, key, value, source in rows.values_list("edition__year", "key", "value", "source"):
        years[year] |= {"year": year, AUDIENCE_KEYS[key]: value, "source": source}
    return [years[year] for year in sorted(years, reverse=True)]
