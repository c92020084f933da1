"""What a sheet says, by field, as JSON keeps it: compared, shown, and written back."""

from initiatives.models import RESERVED_SLUGS, Initiative, InitiativeTheme, Support, Theme
from partners.models import Organisation
from places.models import Commune
from rallynov.publishing import free_slug

TEXTS = ["title", "summary", "need", "response", "people", "effects", "website"]
LABELS = {
    "title": "Le titre",
    "summary": "En une phrase",
    "need": "Le besoin",
    "response": "La réponse",
    "people": "Les personnes associées",
    "effects": "Les effets",
    "commune": "La commune",
    "organisation": "Qui la porte",
    "themes": "Les thèmes",
    "started_year": "Depuis quelle année",
    "website": "Son site",
}
# A sheet is not one without these.
REQUIRED = ["title", "summary"]


def said(sheet):
    """What the sheet says of what its holders correct."""
    return {name: getattr(sheet, name) for name in TEXTS} | {
        "commune": sheet.commune_id or "",
        "themes": [link.theme.slug for link in sheet.theme_links.select_related("theme")],
        "started_year": sheet.started_year,
    }


def kept(cleaned):
    """What a form understood, as JSON keeps it."""
    values = {name: value for name, value in cleaned.items() if name in LABELS}
    if "commune" in values:
        values["commune"] = values["commune"].pk if values["commune"] else ""
    if "themes" in values:
        values["themes"] = [theme.slug for theme in values["themes"]]
    return values


def changes(before, after):
    """`(before, after)` of what differs alone."""
    # A chosen order of themes is the team's own: the same ones in another order change nothing.
    names = [name for name in after if comparable(name, after[name]) != known(name, before)]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def known(name, values):
    return comparable(name, values.get(name))


def comparable(name, value):
    if name == "themes":
        return set(value or [])
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def in_words(name, value):
    """A value as people read it."""
    if not value:
        return ""
    if name == "commune":
        return str(Commune.objects.filter(pk=value).select_related("department").first() or value)
    if name == "themes":
        return ", ".join(Theme.objects.filter(slug__in=value).values_list("name", flat=True))
    return str(value)


# Writing -----------------------------------------------------------------------------------------


def new_sheet(values):
    sheet = Initiative(title=values["title"])
    sheet.slug = free_slug(sheet, addressed(sheet.title))
    return sheet


def addressed(title):
    """The words of the address: « Proposer » is one already."""
    return f"initiative {title}" if title.strip().lower() in RESERVED_SLUGS else title


def write(sheet, values):
    """Make the sheet say `values`, and leave the rest of it as it is."""
    for name in [*TEXTS, "started_year"]:
        if name in values:
            setattr(sheet, name, values[name])
    if "commune" in values:
        sheet.commune = Commune.objects.filter(pk=values["commune"]).first()
    sheet.save()
    if "themes" in values:
        write_themes(sheet, values["themes"])
    if values.get("organisation"):
        organisation = Organisation.objects.get_or_make(
            values["organisation"], commune=sheet.commune
        )
        Support.objects.get_or_create(
            initiative=sheet, organisation=organisation, role=Support.Role.HOLDER
        )


def write_themes(sheet, slugs):
    """Those that stay keep their order, the main one first; new ones come after."""
    sheet.theme_links.exclude(theme__slug__in=slugs).delete()
    links = {link.theme_id: link for link in sheet.theme_links.all()}
    last = max((link.position for link in links.values()), default=-1)
    added = Theme.objects.filter(slug__in=slugs).exclude(pk__in=links)
    for position, theme in enumerate(added, start=last + 1):
        InitiativeTheme.objects.create(initiative=sheet, theme=theme, position=position)
