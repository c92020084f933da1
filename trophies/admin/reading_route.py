"""What the jurors' pages show: a route through their readings, and one file as it was deposited."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.template.defaultfilters import floatformat
from django.utils import timezone

from places.models import Department
from rallynov.dates import NO_BREAK, date_text, instant_text
from rallynov.numbers import size_text
from trophies.models import Assignment, Attachment, Edition, JuryMember
from trophies.route import Phase


@dataclass(frozen=True)
class Stop:
    """One reading on the route of a juror."""

    rank: int
    reading: Assignment

    @property
    def state(self):
        if self.reading.is_signed:
            return "signed"
        return "begun" if hasattr(self.reading, "evaluation") else "new"

    @property
    def payload(self):
        return self.reading.candidature.last_deposit.payload

    @property
    def mean(self):
        criteria = self.reading.candidature.edition.criteria.all()
        return mean_text(self.reading.evaluation.mean(criteria))

    @property
    def saved(self):
        return saved_text(self.reading.evaluation.updated_at)


@dataclass(frozen=True)
class Route:
    """The readings of a juror for one edition, in their own order; hidden files leave no gap."""

    edition: Edition
    readings: list[Assignment]

    @cached_property
    def stops(self):
        return [Stop(rank, reading) for rank, reading in enumerate(self.readings, start=1)]

    @property
    def total(self):
        return len(self.stops)

    @property
    def signed(self):
        return sum(stop.state == "signed" for stop in self.stops)

    @property
    def is_open(self):
        return self.edition.phase == Phase.READING

    @property
    def is_ahead(self):
        return self.edition.phase in (Phase.ANNOUNCED, Phase.OPEN, Phase.SCREENING)

    @property
    def next_unsigned(self):
        return next((stop for stop in self.stops if stop.state != "signed"), None)

    def around(self, reading):
        """The stop of `reading`, the one before and the one after it, or None."""
        index = self.readings.index(reading)
        return Stop(index + 1, reading), self.at(index - 1), self.at(index + 1)

    def at(self, index):
        return self.stops[index] if 0 <= index < self.total else None

    def next_after(self, stop):
        """The next reading to sign, looking ahead first."""
        turned = self.stops[stop.rank :] + self.stops[: stop.rank - 1]
        return next((other for other in turned if other.state != "signed"), None)


def readings_of(user):
    """Everything that `user` may read, with their texts and the grid."""
    readings = Assignment.objects.visible_to(user).for_reading()
    return readings.prefetch_related("candidature__edition__criteria")


def routes_of(user):
    """One route per jury that `user` sits in, the newest edition first."""
    members = (
        JuryMember.objects.filter(user=user)
        .select_related("edition")
        .prefetch_related(Prefetch("assignments", readings_of(user)))
        .order_by("-edition__year")
    )
    return [Route(member.edition, list(member.assignments.all())) for member in members]


def route_of(reading, user):
    """The route that `reading` belongs to, without the texts."""
    readings = (
        Assignment.objects.visible_to(user)
        .filter(jury_member=reading.jury_member_id)
        .select_related("evaluation")
        .only("uuid", "evaluation__signed_at")
        .order_by("position", "pk")
    )
    return Route(reading.candidature.edition, list(readings))


# One file ---------------------------------------------------------------------------------------


def dossier(deposit):
    """The file as it was deposited, and nothing of what its holder is typing now."""
    payload = deposit.payload
    return {
        "title": payload["title"],
        "summary": payload["summary"],
        "facts": [fact for fact in facts(payload) if fact],
        "sections": deposit.sections,
        "added": deposit.answers_to_requests,
        "pieces": [piece(file) for file in payload["files"]],
    }


def facts(payload):
    yield payload["organisation"]["name"]
    yield payload["commune"] and place(payload["commune"])
    yield ", ".join(theme["name"] for theme in payload["themes"])
    yield payload["started_year"] and f"Depuis {payload['started_year']}"


def place(commune):
    department = Department.objects.get(pk=commune["department"])
    return f"{commune['name']}, {department.name}"


def piece(file):
    kind = Attachment.Kind(file["kind"]).label
    return {
        "uuid": file["uuid"],
        "name": file["name"],
        "about": f"{kind[0].upper()}{kind[1:]} · {size_text(file['size'])}",
    }


# As people read it ------------------------------------------------------------------------------


def mean_text(mean):
    """« moyenne 2,9 »; nothing when nothing is chosen, or « sans objet » everywhere."""
    return "" if mean is None else f"moyenne{NO_BREAK}{floatformat(mean, 1)}"


def saved_text(at):
    """« Enregistré à 14 h 02 »; with its day when that was not today."""
    if timezone.localdate(at) != timezone.localdate():
        return f"Enregistré le {instant_text(at, weekday=False)}"
    pattern = f"G{NO_BREAK}\\h{NO_BREAK}i"
    return f"Enregistré à {date_text(at, pattern)}"
