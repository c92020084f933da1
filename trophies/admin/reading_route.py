"""The route of a juror through their readings, and what their list tells of each."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from rallynov.dates import instant_text, time_text
from rallynov.numbers import NO_BREAK
from trophies.dossier import department_names, organisation_of, place_of, told_titles
from trophies.models import Assignment, Deposit, Edition, JuryMember, Score
from trophies.questions import QUESTIONS
from trophies.ranking import weighted_mean
from trophies.rounds import FIRST, SECOND, end_of, is_read, last_round
from trophies.route import Phase
from trophies.services.conflicts import awaiting_declaration

MOST_PINS = 40
# The working text, which readers are never shown: not even loaded.
TYPED = [f"candidature__{question.name}" for question in QUESTIONS]
STATES = {"signed": "signée", "begun": "commencée", "new": "à lire"}
ROW = ["uuid", "jury_member", "candidature", "round", "evaluation__pk", "evaluation__signed_at"]


@dataclass(frozen=True)
class Stop:
    """One reading on the route of a juror."""

    rank: int
    uuid: UUID
    state: str  # "signed", "begun" or "new"
    title: str = ""
    about: str = ""
    mean: str = ""

    @property
    def number(self):
        """The rank as it is written: a text costs a page less than a number to be localized."""
        return str(self.rank)

    @property
    def state_text(self):
        return STATES[self.state]

    @property
    def url(self):
        return reverse("admin:trophies_reading", args=[self.uuid])


@dataclass(frozen=True)
class Pin:
    """What is drawn of the route: one reading, or several in a row when there are many."""

    state: str
    is_here: bool


@dataclass(frozen=True)
class Route:
    """The readings of a juror for a round of an edition, in their own order.

    Hidden files leave no gap.
    """

    edition: Edition
    stops: list[Stop]
    round: int = FIRST
    is_declared: bool = True  # whether the juror has said which files they are tied to

    @property
    def total(self):
        return len(self.stops)

    @cached_property
    def signed(self):
        return sum(stop.state == "signed" for stop in self.stops)

    @property
    def is_open(self):
        return is_read(self.edition, self.round)

    @property
    def is_second(self):
        return self.round == SECOND

    @property
    def is_last(self):
        """Whether no other round followed it: what one prints is of this one."""
        return self.round == last_round(self.edition)

    @property
    def name(self):
        """« second tour », « premier tour »; nothing where there is but one."""
        if self.is_second:
            return "second tour"
        return "" if self.is_last else "premier tour"

    @property
    def ends_at(self):
        return end_of(self.edition, self.round)

    @property
    def is_ahead(self):
        return self.edition.phase in (Phase.ANNOUNCED, Phase.OPEN, Phase.SCREENING)

    @property
    def next_unsigned(self):
        return next((stop for stop in self.stops if stop.state != "signed"), None)

    def around(self, uuid):
        """The stop of a reading, the one before and the one after it, or None."""
        index = next(i for i, stop in enumerate(self.stops) if stop.uuid == uuid)
        return self.stops[index], self.at(index - 1), self.at(index + 1)

    def at(self, index):
        return self.stops[index] if 0 <= index < self.total else None

    def next_after(self, stop):
        """The next reading to sign, looking ahead first."""
        turned = self.stops[stop.rank :] + self.stops[: stop.rank - 1]
        return next((other for other in turned if other.state != "signed"), None)

    def pins(self, here=None):
        """The route as it is drawn, `here` being the stop that is read."""
        size = -(-self.total // MOST_PINS) or 1
        groups = [self.stops[start : start + size] for start in range(0, self.total, size)]
        return [Pin(state_of_all(group), here in group) for group in groups]


def state_of_all(stops):
    states = {stop.state for stop in stops}
    return states.pop() if len(states) == 1 else "begun"


def routes_of(user):
    """One route per round of each jury that `user` sits in, the newest first."""
    members = (
        JuryMember.objects.sitting()
        .filter(user=user)
        .select_related("edition")
        .prefetch_related("edition__criteria")
        .order_by("-edition__year")
    )
    rows, departments = defaultdict(list), department_names()
    for row in listed(Assignment.objects.visible_to(user)):
        rows[row.jury_member, row.round].append(row)
    levels = levels_of([row.evaluation__pk for some in rows.values() for row in some])
    return [
        Route(
            member.edition,
            stops(rows[member.pk, number], member.edition, departments, levels),
            number,
            # Asked once for an edition, above all of it.
            is_declared=number != last_round(member.edition) or not awaiting_declaration(member),
        )
        for member in members
        for number in rounds_of(member.edition)
    ]


def rounds_of(edition):
    """Those of which a list tells, the last one first."""
    return [SECOND, FIRST] if edition.has_second_round else [FIRST]


def listed(readings):
    """In order, with what the list tells of each file, out of its last deposit."""
    last = Deposit.objects.filter(candidature=OuterRef("candidature")).order_by("-number")
    fields = {name: f"payload__{name}" for name in ("title", "organisation", "commune")}
    file = last.values(file=JSONObject(**fields))[:1]
    rows = readings.annotate(file=Subquery(file)).order_by("position", "pk")
    return rows.values_list(*ROW, "file", named=True)


def levels_of(evaluations):
    """Evaluation → criterion → level, None for « sans objet »."""
    scores = Score.objects.filter(evaluation__in=[pk for pk in evaluations if pk])
    found = defaultdict(dict)
    for evaluation, criterion, level in scores.values_list("evaluation", "criterion", "level"):
        found[evaluation][criterion] = level
    return found


def stops(rows, edition, departments, levels):
    weights = {criterion.pk: criterion.weight for criterion in edition.criteria.all()}
    files = {row.candidature: row.file for row in rows}
    titles = told_titles(files) if edition.is_anonymous else {}
    return [
        Stop(
            rank,
            row.uuid,
            state_of(row),
            title=titles.get(row.candidature, row.file["title"]),
            about=about(row.file, departments, edition.is_anonymous),
            mean=mean_text(weighted_mean(levels[row.evaluation__pk], weights)),
        )
        for rank, row in enumerate(rows, start=1)
    ]


def about(file, departments, is_anonymous):
    parts = [
        organisation_of(file, is_anonymous),
        place_of(file, departments, is_anonymous),
    ]
    return " · ".join(part for part in parts if part)


def state_of(row):
    if row.evaluation__signed_at:
        return "signed"
    return "begun" if row.evaluation__pk else "new"


@dataclass(frozen=True)
class Opened:
    """A reading that somebody may open, and the route that it belongs to."""

    reading: Assignment
    route: Route


def opened(user, uuid):
    """The reading of `user`, or None for what is another's, hidden or not there at all.

    One query says both which readings they see and, hence, whether this one is among them.
    """
    rows = Assignment.objects.visible_to(user).filter(
        jury_member__assignments__uuid=uuid, round=F("jury_member__assignments__round")
    )
    rows = list(rows.order_by("position", "pk").values_list("pk", *ROW, named=True))
    here = next((row for row in rows if row.uuid == uuid), None)
    if here is None:
        return None
    readings = Assignment.objects.for_reading().defer(*TYPED)
    reading = readings.prefetch_related("candidature__edition__criteria").get(pk=here.pk)
    found = [Stop(rank, row.uuid, state_of(row)) for rank, row in enumerate(rows, start=1)]
    return Opened(reading, Route(reading.candidature.edition, found, reading.round))


# As people read it ------------------------------------------------------------------------------


def mean_text(mean):
    """« moyenne 2,9 »; nothing when nothing is chosen, or « sans objet » everywhere."""
    if mean is None:
        return ""
    tenths = int(mean * 10 + 0.5)
    return f"moyenne{NO_BREAK}{tenths // 10},{tenths % 10}"


def saved_text(at):
    """« Enregistré à 14 h 02 »; with its day when that was not today."""
    if timezone.localdate(at) != timezone.localdate():
        return f"Enregistré le {instant_text(at, weekday=False)}"
    return f"Enregistré à {time_text(at)}"
