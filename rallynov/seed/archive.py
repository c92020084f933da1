"""The edition of 2014, from the letter of January 2015; what it does not say stays empty."""

from datetime import date

from django.db import transaction

from initiatives.models import Condition, Support, Theme
from partners.models import Partnership
from rallynov.seed.rows import at, first_of, html, put, read
from rallynov.seed.writers import put_event, put_initiative, put_organisation
from trophies.models import (
    AnnualReport,
    Edition,
    EditionFigure,
    Laureate,
    Prize,
    ReportParagraph,
)
from trophies.report_letter import winner_key

YEAR = 2014
# The letter is dated « janvier 2015 », without a day: its first instant stands for the month.
LETTER_AT = at(date(2015, 1, 1), hour=0)


@transaction.atomic
def load(say=print):
    say("  • thèmes et conditions favorables")
    load_themes()
    load_conditions()
    say("  • partenaires de 2014")
    organisations = load_organisations()
    say("  • rencontres, salons, remise des prix")
    events = load_events(organisations)
    say("  • quatre lauréats, édition 2014")
    edition = load_edition(events, load_initiatives(organisations))
    say("  • bilan 2014")
    load_report(edition)


def load_themes():
    for position, row in enumerate(read("data/archive/themes.json")):
        fields = {"name": row["name"], "pattern": row["slug"], "position": position}
        put(Theme, {"slug": row["slug"]}, fields)


def load_conditions():
    for position, row in enumerate(read("data/archive/conditions.json")):
        fields = {name: row[name] for name in ["scope", "title", "summary"]}
        fields |= {"body": html(row["body"]), "position": position}
        put(Condition, {"slug": row["slug"]}, fields)


def load_organisations():
    organisations = {}
    for row in read("data/archive/organisations.json"):
        organisation = organisations[row["slug"]] = put_organisation(row)
        if "partnership" in row:
            key = {"organisation": organisation, "year": YEAR, "kind": row["partnership"]}
            put(Partnership, key, {"role": row.get("role", "")})
    return organisations


def load_events(organisations):
    return {
        row["slug"]: put_event(
            row,
            organisations,
            starts_at=at(first_of(row["starts"]), hour=0),
            date_precision="month" if "-" in row["starts"] else "year",
            edition_year=YEAR,
            published_at=LETTER_AT,
        )
        for row in read("data/archive/events.json")
    }


def load_initiatives(organisations):
    return {
        row["slug"]: put_initiative(
            row,
            [(Support.Role.HOLDER, organisations[row["holder"]])],
            published_at=LETTER_AT,
        )
        for row in read("data/archive/initiatives.json")
    }


def load_edition(events, initiatives):
    row = read("data/archive/edition.json")
    edition = put(
        Edition,
        {"year": YEAR},
        {
            "ordinal": row["ordinal"],
            "ceremony": events[row["ceremony"]],
            "summary": row["summary"],
            "presentation": html(row["presentation"]),
            "perspectives": html(row["perspectives"]),
            "credits": row["credits"],
            "results_published_at": LETTER_AT,
            "published_at": LETTER_AT,
        },
    )
    edition.departments.set(row["departments"])
    for position, figure in enumerate(row["figures"]):
        fields = {"is_approximate": False, **figure, "source": row["source"], "position": position}
        put(EditionFigure, {"edition": edition, "key": fields.pop("key")}, fields)
    load_prize(edition, row["prize"], initiatives)
    return edition


def load_prize(edition, row, initiatives):
    slugs = row["laureates"]
    fields = {"amount": row["amount"], "quantity": len(slugs)}
    prize = put(Prize, {"edition": edition, "name": row["name"]}, fields)
    for place, slug in enumerate(slugs, start=1):
        put(Laureate, {"prize": prize, "place": place}, {"initiative": initiatives[slug]})


def load_report(edition):
    """What the letter tells beside its figures; a letter that was frozen since stays as it is."""
    report = put(AnnualReport, {"edition": edition}, {"published_at": LETTER_AT})
    if report.is_frozen:
        return
    row = read("data/archive/report.json")
    texts = dict(row["texts"])
    for laureate in Laureate.objects.filter(prize__edition=edition).select_related("initiative"):
        if laureate.initiative.slug in row["winners"]:
            texts[winner_key(laureate)] = row["winners"][laureate.initiative.slug]
    for key, blocks in texts.items():
        put(ReportParagraph, {"report": report, "key": key}, {"text": "\n\n".join(blocks)})
