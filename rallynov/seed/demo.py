"""Fiction around the archive: every row says « exemple », and none speaks of anyone real."""

import hashlib
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from events import announcing
from initiatives.models import Initiative, Support
from news.models import NewsItem
from partners.models import Partnership
from rallynov.dates import date_text, instant_text
from rallynov.seed import ACCOUNTS, archive, calendar, candidatures, contributions, registrations
from rallynov.seed.files import put_document, put_picture
from rallynov.seed.rows import FOLDER, at, days, html, put, read
from rallynov.seed.writers import put_event, put_initiative, put_organisation
from trophies.models import (
    AnnualReport,
    Edition,
    EligibilityRule,
    Laureate,
    Prize,
    Regulation,
)

RULES = {
    "territory": {
        "explanation": "Ces trophées récompensent ce qui se passe en Franche-Comté. Un projet d’un "
        "territoire voisin peut y être lu s’il s’y passe aussi quelque chose : dites-le à l’équipe."
    },
    "age": {
        "months": 6,
        "explanation": "Le jury juge sur ce qui a été essayé. Un projet plus jeune est le bienvenu "
        "l’année prochaine ; d’ici là, un partenaire peut aider à le mettre en route.",
    },
    "first_prize": {
        "explanation": "Un projet déjà primé laisse sa place, sauf s’il est devenu autre chose : "
        "dites à l’équipe ce qui a changé."
    },
}


@transaction.atomic
def load(today=None, say=print):
    """Load the archive and the fiction, whose dates are reckoned from `today`."""
    today = today or timezone.localdate()
    archive.load(say)
    say("  • comptes d’exemple")
    load_accounts()
    say("  • organisations et initiatives d’exemple")
    now, past = calendar.current(today), calendar.past(today)
    rows = [row for path in sorted(FOLDER.glob("initiatives*.json")) for row in read(path.name)]
    organisations = load_organisations(rows, now.year, past.year)
    load_initiatives(rows, organisations, today)
    say("  • agenda d’exemple")
    events = load_events(organisations, today, now, past)
    registrations.load(events)
    say("  • éditions d’exemple")
    dates = {"current": now, "reading": calendar.reading(today), "past": past}
    editions = load_editions(organisations, events, dates)
    say("  • candidatures et jury d’exemple")
    called = {"open": editions["current"], "jury": editions["reading"]}
    candidatures.load(called, organisations, today)
    say("  • contributions d’exemple")
    contributions.load(today)
    say("  • actualités d’exemple")
    load_news(events, today, now, past)


def load_accounts():
    for account in ACCOUNTS:
        user = put(
            User,
            {"email": account.email},
            {
                "name": account.name,
                "roles": list(account.roles),
                "is_superuser": account.is_superuser,
                "is_active": True,
            },
        )
        if not user.check_password(account.password):
            user.set_password(account.password)
            user.save()
        key = {"user": user, "email": account.email}
        put(EmailAddress, key, {"verified": True, "primary": True})


# Organisations and initiatives ------------------------------------------------------------------


def load_organisations(initiatives, year, past_year):
    """Every example organisation by its name: those of the initiatives, then the partners."""
    partners = read("data/demo/partners.json")
    rows = {}
    for row in initiatives:
        holder = {**row["holder"], "commune": row.get("holder_commune")}
        for named in [holder, *row["supports"]]:
            rows.setdefault(named["name"], {}).update(named)
    for row in partners:
        rows.setdefault(row["name"], {}).update(row)
    organisations = {
        name: put_organisation({**row, "slug": slug_of(name)}, is_example=True)
        for name, row in rows.items()
    }
    for row in partners:
        key = {"organisation": organisations[row["name"]], "kind": row["partnership"]}
        for each in [year] if row.get("is_new") else [past_year, year]:
            put(Partnership, key | {"year": each}, {"role": row["role"]})
    return organisations


def slug_of(name):
    return slugify(name.replace("’", " ").replace("œ", "oe").replace("æ", "ae"))


def load_initiatives(rows, organisations, today):
    """One sheet every five days or so, the last one two days ago, in an order without meaning."""
    rows = sorted(rows, key=lambda row: hashlib.sha256(row["slug"].encode()).digest())
    for rank, row in enumerate(rows):
        supports = [
            (support["role"], organisations[support["name"]]) for support in row["supports"]
        ]
        put_initiative(
            row,
            [(Support.Role.HOLDER, organisations[row["holder"]["name"]]), *supports],
            published_at=at(days(today, -2 - 5 * rank)),
            verified_on=ago(row.get("verified_days_ago"), today),
            ended_on=ago(row.get("ended_days_ago"), today),
            is_example=True,
        )


def ago(number, today):
    return None if number is None else days(today, -number)


# Events -----------------------------------------------------------------------------------------


def load_events(organisations, today, now, past):
    named = {"ceremony": now.ceremony_on, "past_ceremony": past.ceremony_on}
    events = {}
    for row in read("data/demo/events.json"):
        day = named.get(row["day"]) or calendar.working(days(today, row["day"]))
        row = fill(row, now, past)
        starts_at = at(day, row.get("hour", 9), row.get("minute", 0))
        length = row.get("length")
        events[row["slug"]] = put_event(
            row,
            organisations,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=length) if length else None,
            date_precision=row.get("precision", "time"),
            edition_year=edition_year(row, now, past),
            takes_registrations=row.get("takes_registrations", False),
            capacity=row.get("capacity"),
            published_at=at(days(min(day, today), -20)),
            is_example=True,
        )
        if "document" in row:
            put_document(events[row["slug"]], **row["document"])
        call_off(events[row["slug"]], row)
    return events


def call_off(event, row):
    if "cancelled" in row and not announcing.why_not_cancel(event):
        announcing.cancel(event=event, note=row["cancelled"])
    if "postponed" in row and not announcing.why_not_postpone(event):
        announcing.postpone(event=event, note=row["postponed"])


def edition_year(row, now, past):
    if row.get("in_past_edition"):
        return past.year
    return now.year if row.get("in_edition") else None


def fill(value, now, past):
    """The same value, the words in braces replaced in all its texts."""
    if isinstance(value, dict):
        return {name: fill(item, now, past) for name, item in value.items()}
    if isinstance(value, list):
        return [fill(item, now, past) for item in value]
    if not isinstance(value, str):
        return value
    words = {
        "{year}": str(now.year),
        "{past_year}": str(past.year),
        "{opens}": date_text(now.opens_at, "l j F Y"),
        "{closes}": instant_text(now.closes_at),
    }
    for word, text in words.items():
        value = value.replace(word, text)
    return value


# Editions ---------------------------------------------------------------------------------------


def load_editions(organisations, events, calendars):
    """The editions, by the names of their calendars."""
    data = read("data/demo/editions.json")
    return {
        name: load_edition(data | data[name], dates, organisations, events, calendars["past"])
        for name, dates in calendars.items()
    }


def load_edition(row, dates, organisations, events, past):
    edition = put(
        Edition,
        {"year": dates.year},
        {
            **dates.instants(),
            "ceremony": row["ceremony"] and events[row["ceremony"]],
            "summary": row["summary"],
            "presentation": html(row["presentation"]),
            "perspectives": html(row["perspectives"]),
            "credits": row["credits"],
            "published_at": dates.opens_at - timedelta(weeks=2),
            "is_example": True,
        },
    )
    edition.departments.set(["25", "39", "70", "90"])
    load_regulation(edition, dates, past)
    load_rules(edition)
    prizes = load_prizes(edition, row["prizes"], organisations)
    for prize, laureate in zip(prizes, row.get("laureates", []), strict=False):
        initiative = Initiative.objects.get(slug=laureate["initiative"])
        fields = {"initiative": initiative, "citation": laureate["citation"]}
        put(Laureate, {"prize": prize, "place": 1}, fields)
    if dates == past:
        put(AnnualReport, {"edition": edition}, {"published_at": dates.results_published_at})
    return edition


def load_regulation(edition, dates, past):
    text = (FOLDER / "data/demo/regulation.html").read_text(encoding="utf-8")
    fields = {
        "text": fill(text, dates, past).replace("\n", ""),
        "adopted_on": dates.opens_at.date() - timedelta(weeks=3),
    }
    put(Regulation, {"edition": edition, "version": 1}, fields)


def load_rules(edition):
    for kind, fields in RULES.items():
        put(EligibilityRule, {"edition": edition, "kind": kind}, fields)


def load_prizes(edition, rows, organisations):
    return [
        put(
            Prize,
            {"edition": edition, "name": row["name"]},
            {
                "amount": row["amount"],
                "quantity": 1,
                "funder": organisations[row["funder"]],
                "description": row["description"],
                "position": position,
            },
        )
        for position, row in enumerate(rows)
    ]


# News -------------------------------------------------------------------------------------------


def load_news(events, today, now, past):
    named = {
        None: None,
        "opens": now.opens_at,
        "reminder": at(days(now.closes_at.date(), -15)),
    }
    for row in read("data/demo/news.json"):
        row = fill(row, now, past)
        day = row["day"]
        initiative = row.get("initiative")
        item = put(
            NewsItem,
            {"slug": row["slug"]},
            {
                "title": row["title"],
                "summary": row["summary"],
                "body": html(row["body"]),
                "is_pinned": row.get("is_pinned", False),
                "initiative": initiative and Initiative.objects.get(slug=initiative),
                "event": events.get(row.get("event")),
                "edition_year": edition_year(row, now, past),
                "published_at": named[day] if day in named else at(days(today, day)),
                "is_example": True,
            },
        )
        if "picture" in row:
            put_picture(item, **row["picture"])
