"""The first page of the admin: what waits today, where the editions are, how it goes."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from accounts.roles import READING
from events.models import Event
from rallynov import staff_plots, waiting
from rallynov.bars import Bars
from rallynov.dates import instant_text
from rallynov.numbers import agreed, counted
from rallynov.waiting import DECIDES, Line, page
from trophies.models import Assignment, Candidature, Edition, JuryMember, Laureate
from trophies.progress import JurorRow, Step
from trophies.rounds import end_of, is_reading, last_round, start_of

AFTER_RESULTS = timedelta(days=14)
SEEN_FILES = "trophies.view_candidature"


@dataclass
class Reading:
    """An edition that its jury reads now, as far as one person may know it."""

    edition: Edition
    jurors: list[JurorRow] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Route:
    """An edition on its way, and where its name leads."""

    edition: Edition
    next_date: str
    url: str
    jury_url: str


@dataclass(frozen=True)
class Home:
    lines: list[Line]
    routes: list[Route]
    plots: list[Bars]


def home_of(request):
    user, now = request.user, timezone.now()
    everything = list(editions())
    seats = seats_of(user)
    own = {seat.edition_id for seat in seats}
    may_see_all = user.has_perm("trophies.view_edition")
    known = [edition for edition in everything if may_see_all or edition.pk in own]
    under_way = [edition for edition in known if is_under_way(edition, now)]
    if may_see_all and not under_way:
        under_way = [edition for edition in known if edition.opens_at][-1:]
    readings = readings_of(user, under_way)
    return Home(
        lines=lines_of(request, everything, under_way, seats, readings),
        routes=[route_of(edition, user, now) for edition in under_way],
        plots=[*call_plots(user, known, now), *(reading_plot(row, now) for row in readings)],
    )


# The editions -----------------------------------------------------------------------------------


def editions():
    rows = Edition.objects.select_related("ceremony", "ceremony__commune", "ceremony__department")
    return rows.order_by("year")


def is_under_way(edition, now):
    """From its dates to its results and its ceremony; what is told there may still need a hand."""
    if edition.opens_at is None:
        return False
    results, ceremony = edition.results_published_at, edition.ceremony
    is_over = results is not None and results + AFTER_RESULTS <= now
    return not is_over or (ceremony is not None and ceremony.starts_at > now)


def seats_of(user):
    if not user.has_perm(READING):
        return []
    return list(JuryMember.objects.sitting().filter(user=user).select_related("edition"))


def route_of(edition, user, now):
    jury_url = page("edition_jury").format(edition.pk) if user.has_perm(DECIDES) else ""
    url = ""
    if user.has_perm("trophies.view_edition"):
        url = page("edition_change").format(edition.pk)
    return Route(edition, next_date(edition, now), url, jury_url)


def next_date(edition, now):
    """« L’appel se clôt le vendredi 29 janvier 2027 à 23 h 59. »"""
    ceremony = edition.ceremony
    dates = [
        (edition.opens_at, "L’appel ouvre"),
        (edition.closes_at, "L’appel se clôt"),
        (edition.jury_opens_at, "Les lectures s’ouvrent"),
        (edition.jury_closes_at, "Les lectures se closent"),
        (edition.second_closes_at, "Le second tour se clôt"),
        (edition.results_published_at, "Les résultats paraissent"),
    ]
    ahead = [(at, text) for at, text in dates if at and at > now]
    if ahead:
        at, text = min(ahead)
        return f"{text} le {instant_text(at)}."
    if ceremony and ceremony.starts_at > now and ceremony.date_precision == Event.Precision.TIME:
        return f"Les prix sont remis le {ceremony.date_text}."
    return ""


# What waits -------------------------------------------------------------------------------------


def lines_of(request, everything, under_way, seats, readings):
    user = request.user
    hiding = set(user.conflicts.in_force().values_list("candidature__edition", flat=True))
    found = [line for row in readings for line in jury_lines(row)]
    if user.has_perm(DECIDES):
        prizes = Laureate.objects.filter(prize__edition__in=under_way)
        rewarded = set(prizes.values_list("prize__edition", flat=True))
        found += waiting.results(under_way, hiding, rewarded)
    heaps = waiting.heaps(request, under_way, hiding, seats)
    found += waiting.lines_of(heaps, everything)
    return sorted(found, key=lambda line: not line.is_urgent)


def jury_lines(reading):
    year = reading.edition.year
    url = page("edition_jury", "#jures").format(reading.edition.pk)
    late = sum(row.is_late for row in reading.jurors)
    if late:
        ends_at = end_of(reading.edition, last_round(reading.edition))
        note = f"Les lectures {year} se closent le {instant_text(ends_at)}"
        yield Line(late, agreed(late, "juré en retard", "jurés en retard"), url, note, True)
    undeclared = sum(not row.is_declared for row in reading.jurors)
    if undeclared:
        words = agreed(
            undeclared,
            "juré n’a pas déclaré tous ses liens",
            "jurés n’ont pas déclaré tous leurs liens",
        )
        yield Line(undeclared, words, url, f"Leurs dossiers attendent · trophées {year}")


# How it is read ---------------------------------------------------------------------------------


def readings_of(user, under_way):
    """A `Reading` of each edition that is read now, by the rules of `trophies.progress`.

    As there: over the files that `user` may see, and of the round that is open. Three statements,
    whatever the number of editions.
    """
    read = {edition.pk: Reading(edition) for edition in under_way if is_reading(edition)}
    if not read or not user.has_perm(DECIDES):
        return []
    files = Candidature.objects.visible_to(user).eligible().filter(edition__in=read)
    files = [
        row
        for row in files.values_list("pk", "edition", "screened_at", "shortlisted_at", named=True)
        if row.shortlisted_at or not read[row.edition].edition.is_in_second_round
    ]
    rows = Assignment.objects.counting().being_read()
    rows = rows.filter(candidature__in=[file.pk for file in files]).order_by("position", "pk")
    own = defaultdict(list)
    for edition, *values in rows.values_list(
        "candidature__edition",
        "jury_member",
        "candidature",
        "evaluation__signed_at",
        "evaluation__updated_at",
    ):
        step = Step(*values)
        own[step.member].append(step)
        read[edition].steps.append(step)
    screened = defaultdict(list)
    for file in files:
        screened[file.edition].append(file.screened_at)
    for member in JuryMember.objects.sitting().filter(edition__in=read).order_by("pk"):
        reading, last = read[member.edition_id], max(screened[member.edition_id], default=None)
        reading.jurors.append(JurorRow(own[member.pk], member, reading.edition, last))
    return list(read.values())


def reading_plot(reading, now):
    edition = reading.edition
    signed = [step.signed_at for step in reading.steps if step.signed_at]
    total = len(reading.steps)
    start = start_of(edition, last_round(edition))
    told = f"{counted(len(signed), 'signée')} sur {total}"
    return Bars(
        f"lectures-{edition.year}",
        f"Lectures signées, {edition.year}",
        f"{told}, {left_words(total - len(signed))}.",
        "Jour",
        ("signées",),
        staff_plots.days(start, now, signed),
    )


def left_words(left):
    if not left:
        return "tout est lu"
    return f"{counted(left, 'reste', 'restent')} à signer"


# How the call is answered -----------------------------------------------------------------------


def call_plots(user, known, now):
    """Of the call that opened last: what was begun, what was deposited, week by week."""
    opened = [edition for edition in known if edition.opens_at and edition.opens_at <= now]
    if not opened or not user.has_perm(SEEN_FILES):
        return
    edition = max(opened, key=lambda edition: edition.opens_at)
    rows = Candidature.objects.visible_to(user).filter(edition=edition).order_by()
    rows = list(rows.values_list("created_at", "submitted_at"))
    begun = [created for created, _ in rows]
    deposited = [submitted for _, submitted in rows if submitted]
    words = counted(len(deposited), "candidature déposée", "candidatures déposées")
    yield Bars(
        "appel",
        f"L’appel {edition.year}, semaine après semaine",
        f"{words}, sur {counted(len(begun), 'commencée')}.",
        "Semaine",
        ("commencées", "déposées"),
        staff_plots.weeks(edition.opens_at, min(edition.closes_at, now), begun, deposited),
    )
