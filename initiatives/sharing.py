"""What a sheet gives to those who show it elsewhere: its share card and its linked data."""

import hashlib
import json
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from rallynov import typesetting
from rallynov.patterns import FAMILIES, VERSION, pattern_svg

KEPT = 128  # cards, in each process
CARD_VERSION = 1  # raise it when the drawing of cards changes
PATTERN_SIZE = {"width": 372, "height": 630}
REGION = "Franche-Comté"


def absolute(path):
    return f"{settings.SITE_URL}{path}"


# The share card ----------------------------------------------------------------------------------


def card_address(initiative):
    return absolute(reverse("initiatives:share-card", args=[initiative.slug]))


def card_content(initiative):
    """All that the card shows: two equal contents make the same picture."""
    years = initiative.laureate_years
    return json.dumps(
        {
            "version": [CARD_VERSION, VERSION],
            "title": initiative.title,
            "theme": initiative.theme.name if initiative.theme else "",
            "family": initiative.theme.pattern if initiative.theme else "rallynov",
            "seed": initiative.slug,
            "place": place_in_full(initiative),
            "since": f"depuis {initiative.started_year}" if initiative.started_year else "",
            "prize": f"Lauréat {', '.join(map(str, years))}" if years else "",
            "is_example": initiative.is_example,
        }
    )


def place_in_full(initiative):
    """« Vesoul, Haute-Saône »."""
    if not initiative.department:
        return REGION
    names = [initiative.commune and initiative.commune.name, initiative.department.name]
    return ", ".join(name for name in names if name)


def card_tag(content):
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


@lru_cache(KEPT)
def card(content):
    """The PNG of a `card_content`."""
    data = json.loads(content)
    family, seed = data.pop("family"), data.pop("seed")
    _, day, _ = FAMILIES[family]
    pattern = pattern_svg(family, seed, **PATTERN_SIZE)
    return typesetting.png("share_card", data | {"ground": day.ground, "pattern": pattern})


# Linked data -------------------------------------------------------------------------------------


def linked_data(initiative):
    """The sheet as a `Project` of schema.org, without what is not known."""
    found = {
        "@context": "https://schema.org",
        "@type": "Project",
        "@id": absolute(initiative.get_absolute_url()),
        "name": initiative.title,
        "description": initiative.summary,
        "url": absolute(initiative.get_absolute_url()),
        "sameAs": initiative.website,
        "image": images(initiative),
        "foundingDate": str(initiative.started_year or ""),
        "dissolutionDate": initiative.ended_on and initiative.ended_on.isoformat(),
        "location": location(initiative),
        "keywords": [link.theme.name for link in initiative.theme_links.all()],
        "parentOrganization": organisations(initiative.holders),
        "sponsor": organisations(initiative.partners),
        "funder": organisations(initiative.funders),
        "award": awards(initiative),
    }
    return {name: value for name, value in found.items() if value}


def images(initiative):
    photos = [absolute(photo.get_absolute_url()) for photo in initiative.photos.all()]
    return [*photos, card_address(initiative)]


def location(initiative):
    commune, department = initiative.commune, initiative.department
    region = {"@type": "AdministrativeArea", "name": department.name if department else REGION}
    if not commune:
        return region
    place = {"@type": "Place", "name": commune.name, "containedInPlace": region}
    place["address"] = {
        "@type": "PostalAddress",
        "addressLocality": commune.name,
        "addressRegion": department.name,
        "addressCountry": "FR",
    }
    if commune.coordinate_source == commune.CoordinateSource.GEONAMES:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": commune.latitude,
            "longitude": commune.longitude,
        }
    return place


def organisations(supports):
    return [
        {"@type": "Organization", "name": support.organisation.name}
        | ({"url": absolute(support.organisation.get_absolute_url())} if support.has_page else {})
        for support in supports
    ]


def awards(initiative):
    prizes = [laureate.prize for laureate in initiative.published_laureates]
    title = "Trophées de l’innovation sociale"
    return [f"{title} {prize.edition.year}\u202f: {prize.name}" for prize in prizes]
