"""What a letter draws: its plots, the route of its year, the marks of its map."""

from django.urls import reverse
from django.utils.text import capfirst

from places import map as region
from rallynov.dates import date_text
from rallynov.numbers import number
from trophies.report import Mark, Stop, plot

MOST_YEARS = 6


def event_facts(event):
    """« mai 2014 · Arc-et-Senans · avec Mouves »"""
    ways = [("organisé par", event.organisers), ("accueilli par", event.hosts)]
    ways.append(("avec", event.partners))
    named = [
        f"{way} {', '.join(str(link.organisation) for link in links)}"
        for way, links in ways
        if links
    ]
    when = date_text(event.starts_at, "j F Y") if event.has_day else event.date_text
    return " · ".join(filter(None, [when, event.place or event.venue, *named]))


def gatherings_plot(rows):
    lines = [
        (event.title, event.get_absolute_url(), [event.attendance], event_facts(event))
        for event in rows.gatherings
    ]
    return lines and plot("Qui était là", "Rencontre", ["personnes présentes"], lines)


def editions_plot(rows):
    """Édition après édition, once there are two."""
    lines = [
        (str(year), reverse("trophies:edition", args=[year]), [files, winners], "")
        for year, files, winners in rows.editions
        if files
    ][-MOST_YEARS:]
    columns = ["candidatures", "lauréats"]
    return len(lines) > 1 and plot("D’une édition à l’autre", "Édition", columns, lines)


def directory_plot(rows):
    """How many sheets there were at the end of each year, once there are two."""
    total, lines = 0, []
    for year, count in sorted(rows.sheets.items()):
        total += count
        lines.append((f"Fin {year}", "", [total], f"dont {number(count)} de l’année"))
    return len(lines) > 1 and plot("L’annuaire grandit", "Année", ["fiches"], lines[-MOST_YEARS:])


def stops_of(rows):
    """The route of the edition; of an archive, the months of its year."""
    if rows.edition.stages:
        return [Stop(s.name, s.when, s.note, s.state) for s in rows.edition.stages]
    months = {}
    for event in rows.events:
        if event.date_precision != event.Precision.YEAR:
            month = capfirst(date_text(event.starts_at, "F Y"))
            months.setdefault(month, []).append(event.title)
    return [Stop(month, "", " · ".join(titles), "done") for month, titles in months.items()]


def marks_of(rows):
    """The laureates and the meetings of the year, where their commune is known."""
    flags = [
        (row.initiative.commune, row.initiative.title, row.initiative.get_absolute_url())
        for row in rows.laureates
    ]
    dots = [(event.commune, event.title, event.get_absolute_url()) for event in rows.events]
    return [*placed(flags, is_flag=True), *placed(dots, is_flag=False)]


def placed(places, *, is_flag):
    found = [
        region.mark(commune, label=f"{title} ({commune.name})", url=url)
        for commune, title, url in places
        if commune
    ]
    spread = region.spread([mark for mark in found if mark])
    return [Mark(m.x, m.y, m.label, m.url, is_flag) for m in spread]
