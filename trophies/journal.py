"""The journal of an edition: all that was written of it, in time order, as one person may see it.

Read from `StatusChange` and from the events that triggers keep (django-pghistory). Nothing of it
knows of a hidden file, its counts included; of the readings there is nothing while they are open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import Exists, F, Model, OuterRef, Q, Subquery, Value
from django.utils import timezone

from trophies.journal_words import entries_of
from trophies.models import (
    Assignment,
    Ballot,
    BallotChoice,
    Candidature,
    ConflictOfInterest,
    Criterion,
    Decision,
    Edition,
    Evaluation,
    JurySession,
    Laureate,
    Presence,
    Prize,
    Score,
    StatusChange,
)

PAGE_SIZE = 50


@dataclass(frozen=True)
class Scope:
    """An edition, and who looks at it."""

    edition: Edition
    user: Model

    @property
    def files(self):
        return Candidature.objects.visible_to(self.user).filter(edition=self.edition)

    @property
    def readings(self):
        """The signed readings, of both rounds: of another, nobody sees anything."""
        rows = Evaluation.objects.signed(self.edition)
        return rows.filter(assignment__candidature__in=self.files).values("pk")

    @property
    def hides_the_room(self):
        """Whether a tie hides a file from the reader, who then learns nothing of the room."""
        ties = ConflictOfInterest.objects.in_force().filter(candidature__edition=self.edition)
        return Exists(ties.filter(user=self.user.pk))


@dataclass(frozen=True)
class Everything:
    """An edition whole, with what is gone of it and what is hidden: sealed, and never shown."""

    edition: Edition
    user = AnonymousUser()
    hides_the_room = Value(False)

    @property
    def files(self):
        return Candidature.objects.filter(edition=self.edition)

    @property
    def readings(self):
        given = events_of(Assignment).objects.filter(candidature__in=self.files)
        rows = events_of(Evaluation).objects.filter(assignment__in=given.values("pgh_obj"))
        return rows.values("pgh_obj")


# Where the lines come from ----------------------------------------------------------------------


def events_of(model):
    """The model of the events that triggers keep of `model`."""
    return model._meta.get_field("events").related_model


def of_files(rows, scope):
    return rows.filter(candidature__in=scope.files)


def of_edition(rows, scope):
    return rows.filter(edition=scope.edition)


def of_others(rows, scope):
    """Ties, but one's own: nobody reads what is said of oneself."""
    return of_files(rows, scope).exclude(user=scope.user.pk)


def of_prizes(rows, scope):
    """By the events of the prizes: one that is gone had its laureates too."""
    prizes = events_of(Prize).objects.filter(edition=scope.edition).values("pgh_obj")
    is_seen = Q(candidature__isnull=True) | Q(candidature__in=scope.files)
    return rows.filter(is_seen, prize__in=prizes)


def of_sessions(rows, scope):
    return rows.filter(edition=scope.edition).exclude(scope.hides_the_room)


def of_room(rows, scope):
    return rows.exclude(scope.hides_the_room).filter(session__in=keys_of_sessions(scope))


def of_choices(rows, scope):
    ballots = of_room(events_of(Ballot).objects, scope).values("pgh_obj")
    return rows.filter(ballot__in=ballots)


def keys_of_sessions(scope):
    return events_of(JurySession).objects.filter(edition=scope.edition).values("pgh_obj")


@dataclass(frozen=True)
class Source:
    """Some of the lines: `rows` keeps, of all of its model, those that a `Scope` may see."""

    group: str
    model: type[Model]
    rows: Callable
    at: str = "pgh_created_at"

    def lines(self, scope, number, day):
        """(instant, number of the source, key) of each, for one query over all the sources."""
        rows = self.rows(self.model.objects.order_by(), scope)
        if day:
            first = timezone.make_aware(datetime.combine(day, time()))
            last = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
            rows = rows.filter(**{f"{self.at}__gte": first, f"{self.at}__lt": last})
        return rows.annotate(
            line_at=F(self.at), line_source=Value(number), line_key=F("pk")
        ).values_list("line_at", "line_source", "line_key")

    def load(self, keys):
        """The rows of these keys, each with its `former`: the same row as it stood before."""
        if self.model is StatusChange:
            return self.model.objects.in_bulk(keys)
        before = self.model.objects.filter(pgh_obj=OuterRef("pgh_obj"), pk__lt=OuterRef("pk"))
        rows = self.model.objects.select_related("pgh_context").annotate(
            former_key=Subquery(before.order_by("-pk").values("pk")[:1])
        )
        found = rows.in_bulk(keys)
        former = self.model.objects.in_bulk({row.former_key for row in found.values()} - {None})
        for row in found.values():
            row.former = former.get(row.former_key)
        return found


def history(group, model, rows):
    return Source(group, events_of(model), rows)


READINGS, DELIBERATION = "lectures", "deliberation"
GROUPS = {
    "candidatures": "Les candidatures",
    "edition": "L’édition",
    "prix": "Les prix",
    "grille": "La grille",
    "liens": "Les liens d’intérêts",
    "plan": "Qui lit quoi",
    READINGS: "Les lectures",
    DELIBERATION: "La délibération",
    "decisions": "Les décisions",
    "laureats": "Les lauréats",
}
SOURCES = [
    Source("candidatures", StatusChange, of_files, at="at"),
    history("edition", Edition, lambda rows, scope: rows.filter(pgh_obj=scope.edition.pk)),
    history("prix", Prize, of_edition),
    history("grille", Criterion, of_edition),
    history("liens", ConflictOfInterest, of_others),
    history("plan", Assignment, of_files),
    history(READINGS, Evaluation, lambda rows, scope: rows.filter(pgh_obj__in=scope.readings)),
    history(READINGS, Score, lambda rows, scope: rows.filter(evaluation__in=scope.readings)),
    history("decisions", Decision, of_files),
    history("laureats", Laureate, of_prizes),
    history(DELIBERATION, JurySession, of_sessions),
    history(DELIBERATION, Presence, of_room),
    history(DELIBERATION, Ballot, of_room),
    history(DELIBERATION, BallotChoice, of_choices),
]


# What is looked for -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """What the reader asks for: a group of lines or all, a day or all."""

    groups: dict[str, str]
    group: str = ""
    day: date | None = None

    @classmethod
    def of(cls, edition, query):
        """From an address; what it says and cannot be understood is left out."""
        groups = {
            key: label for key, label in GROUPS.items() if key != READINGS or edition.has_been_read
        }
        asked = query.get("quoi", "")
        return cls(groups, asked if asked in groups else "", day_of(query.get("jour", "")))

    @property
    def query(self):
        asked = {"quoi": self.group, "jour": self.day.isoformat() if self.day else ""}
        return urlencode({name: value for name, value in asked.items() if value})


def day_of(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def lines_of(scope, choice):
    """The lines, the last first, as (instant, number of their source, key)."""
    kept = [choice.group] if choice.group else choice.groups
    parts = [
        source.lines(scope, number, choice.day)
        for number, source in enumerate(SOURCES)
        if source.group in kept
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-line_at", "-line_source", "-line_key")


def page_of(edition, user, choice, number):
    """A page of the journal, whose `entries` are written; the last one when there is no such."""
    page = Paginator(lines_of(Scope(edition, user), choice), PAGE_SIZE).get_page(number)
    lines = list(page.object_list)
    loaded = {
        number: source.load([key for _, source_number, key in lines if source_number == number])
        for number, source in enumerate(SOURCES)
        if any(line[1] == number for line in lines)
    }
    rows = [(at, SOURCES[source].group, loaded[source][key]) for at, source, key in lines]
    page.entries = entries_of(rows)
    return page
