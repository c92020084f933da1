"""The route of an edition: its phase and its five stages, read from its dates.

`dates` is anything with the attributes `opens_at`, `closes_at`, `jury_opens_at`, `jury_closes_at`,
`results_published_at` (aware datetimes or None, in that order) and `ceremony` (an event or None).
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone


class Phase(StrEnum):
    ANNOUNCED = "announced"
    OPEN = "open"
    SCREENING = "screening"
    READING = "reading"
    DELIBERATION = "deliberation"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Stage:
    name: str
    when: str
    note: str
    state: str  # "done", "now" or "next"


# As French abbreviates them: Django's « jan. » and « fév. » are not in use.
SHORT_MONTHS = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
]  # fmt: skip
STAGE_NAMES = ["Appel", "Recevabilité", "Lecture du jury", "Délibération", "Remise des prix"]
STAGE_PHASES = [Phase.OPEN, Phase.SCREENING, Phase.READING, Phase.DELIBERATION, Phase.PUBLISHED]
PHASES = list(Phase)


def phase_at(dates, now):
    """The phase of an edition at the instant `now`."""
    steps = [
        (dates.results_published_at, Phase.PUBLISHED),
        (dates.jury_closes_at, Phase.DELIBERATION),
        (dates.jury_opens_at, Phase.READING),
        (dates.closes_at, Phase.SCREENING),
        (dates.opens_at, Phase.OPEN),
    ]
    return next((phase for at, phase in steps if at and at <= now), Phase.ANNOUNCED)


def day(at):
    """« 29 janv. », « 1ᵉʳ oct. »"""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{'1ᵉʳ' if local.day == 1 else local.day} {SHORT_MONTHS[local.month - 1]}"


def span(start, end):
    return " – ".join(text for text in (day(start), day(end)) if text)


def stages_at(dates, now):
    """The five `Stage` of the route. An archive, known by its results alone, has none."""
    if dates.opens_at is None:
        return []
    phase = phase_at(dates, now)
    whens = [
        span(dates.opens_at, dates.closes_at),
        span(dates.closes_at, dates.jury_opens_at),
        span(dates.jury_opens_at, dates.jury_closes_at),
        span(dates.jury_closes_at, dates.results_published_at),
        day(dates.ceremony.starts_at if dates.ceremony else dates.results_published_at),
    ]
    notes = [remaining(dates.closes_at, now) if phase == Phase.OPEN else "", "", "", "", ""]
    if dates.ceremony:
        notes[4] = dates.ceremony.venue or dates.ceremony.place
    states = [stage_state(own, phase) for own in STAGE_PHASES]
    if states[4] == "now" and not (dates.ceremony and dates.ceremony.starts_at > now):
        states[4] = "done"
    return [Stage(*row) for row in zip(STAGE_NAMES, whens, notes, states, strict=True)]


def stage_state(own, phase):
    if own == phase:
        return "now"
    return "done" if PHASES.index(own) < PHASES.index(phase) else "next"


def remaining(closes_at, now):
    """« Encore 67 jours », « Encore un jour », « Dernières heures »."""
    days = (timezone.localtime(closes_at).date() - timezone.localtime(now).date()).days
    if days > 1:
        return f"Encore {days} jours"
    return "Encore un jour" if days == 1 else "Dernières heures"
