"""Rows that come with others: an initiative and its organisations, an event and its speakers."""

from events.models import Event, EventOrganisation, Speaker
from initiatives.models import Condition, Initiative, InitiativeTheme, Support, Theme
from partners.models import Organisation
from rallynov.seed.rows import html, put


def place(row, prefix=""):
    """The fields of a `Located` row; an INSEE code begins with its department's."""
    commune = row.get(f"{prefix}commune")
    department = row.get(f"{prefix}department") or (commune and commune[:2])
    return {"commune_id": commune, "department_id": department}


def put_organisation(row, **fields):
    return put(
        Organisation,
        {"slug": row["slug"]},
        {
            "name": row["name"],
            "short_name": row.get("short_name", ""),
            "kind": row.get("kind", Organisation.Kind.OTHER),
            "description": row.get("description", ""),
            **place(row),
            **fields,
        },
    )


def put_initiative(row, supports, **fields):
    """`supports` holds pairs of a role and an organisation, the holder first."""
    texts = ["need", "response", "people", "effects"]
    initiative = put(
        Initiative,
        {"slug": row["slug"]},
        {
            "title": row["title"],
            "summary": row["summary"],
            **{name: row.get(name, "") for name in texts},
            "started_year": row.get("started_year"),
            "website": row.get("website", ""),
            **place(row),
            **fields,
        },
    )
    for position, slug in enumerate(row["themes"]):
        theme = Theme.objects.get(slug=slug)
        key = {"initiative": initiative, "theme": theme}
        put(InitiativeTheme, key, {"position": position})
    initiative.conditions.set(Condition.objects.filter(slug__in=row.get("conditions", [])))
    for role, organisation in supports:
        key = {"initiative": initiative, "organisation": organisation, "role": role}
        put(Support, key, {})
    return initiative


def put_event(row, organisations, **fields):
    """`organisations` gives the organisation of each slug that the row names."""
    event = put(
        Event,
        {"slug": row["slug"]},
        {
            "title": row["title"],
            "kind": row["kind"],
            "summary": row["summary"],
            "description": html(row["description"]),
            "venue": row.get("venue", ""),
            "presence": row.get("presence", ""),
            "attendance": row.get("attendance"),
            **place(row),
            **fields,
        },
    )
    for role, slugs in row.get("organisations", {}).items():
        for slug in slugs:
            key = {"event": event, "organisation": organisations[slug], "role": role}
            put(EventOrganisation, key, {})
    for position, speaker in enumerate(row.get("speakers", [])):
        key = {"event": event, "name": speaker["name"]}
        rest = {name: speaker.get(name, "") for name in ["function", "organisation"]}
        put(Speaker, key, rest | {"position": position})
    return event
