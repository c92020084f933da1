"""How far the jury of an edition is, as one member of the team may know it.

Everything is counted over the files that this person may see: a count that knew of a hidden file
would tell who reads it, and when. No score is read here.

While a shortlist is read, its round alone is counted; afterwards, of each juror and file, the last
round that was signed.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from accounts.models import MailSent
from trophies.models import Assignment, Candidature, ConflictOfInterest, Edition, JuryMember
from trophies.rounds import SECOND, end_of, is_reading, last_round, start_of
from trophies.services.jury_reminders import reminder_event
from trophies.workflow import Status

IDLE = timedelta(days=7)
SHORT = timedelta(days=3)


@dataclass(frozen=True)
class Step:
    """A reading, of which only its state is known."""

    member: int
    file: int
    signed_at: datetime | None
    saved_at: datetime | None

    @property
    def last_at(self):
        """When something was last done of it, or None."""
        return max((at for at in (self.signed_at, self.saved_at) if at), default=None)

    @property
    def state(self):
        if self.signed_at:
            return "signed"
        return "begun" if self.saved_at else "new"


@dataclass
class Steps:
    """Some of the readings: those of a juror, in their own order, or those of a file."""

    steps: list[Step] = field(default_factory=list)

    @property
    def total(self):
        return len(self.steps)

    @cached_property
    def signed(self):
        return self.count("signed")

    @cached_property
    def begun(self):
        return self.count("begun")

    @property
    def new(self):
        return self.total - self.signed - self.begun

    @property
    def left(self):
        return self.total - self.signed

    def count(self, state):
        return sum(step.state == state for step in self.steps)


@dataclass
class JurorRow(Steps):
    member: JuryMember = None
    edition: Edition = None
    screened_at: datetime | None = None  # the last file that the viewer sees
    is_told: bool = False

    @property
    def is_declared(self):
        """Whether their ties were declared after the last file came."""
        at = self.member.declared_at
        return at is not None and (self.screened_at is None or at >= self.screened_at)

    @property
    def is_sitting(self):
        return self.member.left_at is None

    @property
    def is_reading(self):
        return is_reading(self.edition)

    @property
    def last_at(self):
        return max((step.last_at for step in self.steps if step.last_at), default=None)

    @property
    def is_late(self):
        return self.is_sitting and is_late(self, self.edition, timezone.now())

    @property
    def is_told_today(self):
        """Reminded today; nothing is told of it where all that the viewer sees is signed."""
        return self.is_told and self.left > 0


@dataclass
class FileRow(Steps):
    file: Candidature = None
    missing: list[JuryMember] = field(default_factory=list)


def is_late(row, edition, now):
    """Readings are left, and nothing was signed for a week, or the end is three days away."""
    if not is_reading(edition) or not row.left:
        return False
    number = last_round(edition)
    began = max(at for at in (start_of(edition, number), row.member.invited_at) if at)
    last = max([began, *(step.signed_at for step in row.steps if step.signed_at)])
    return now - last >= IDLE or end_of(edition, number) - now < SHORT


@dataclass(frozen=True)
class Progress:
    edition: Edition
    jurors: list[JurorRow]
    files: list[FileRow]
    ties: int  # that await a ruling
    to_screen: int

    @property
    def is_open(self):
        return is_reading(self.edition)

    @property
    def sitting(self):
        return [row for row in self.jurors if row.is_sitting]

    @property
    def late(self):
        return [row for row in self.sitting if row.is_late]

    @property
    def undeclared(self):
        return [row for row in self.sitting if not row.is_declared]

    @property
    def unfinished(self):
        return [row for row in self.sitting if row.left]

    @cached_property
    def total(self):
        return sum(row.total for row in self.files)

    @cached_property
    def signed(self):
        return sum(row.signed for row in self.files)

    @property
    def left(self):
        return self.total - self.signed


def progress_of(edition, user, *, number=None):
    """The `Progress` of the jury of `edition`, as far as `user` may know it.

    `number`: of this round alone.
    """
    number = number or round_read(edition)
    seen = Candidature.objects.visible_to(user).filter(edition=edition)
    files = list(counted_files(seen, number).order_by("title", "pk"))
    steps = steps_of(files, number)
    members = list(edition.jury_members.select_related("user", "organisation"))
    is_over = edition.has_been_read
    return Progress(
        edition=edition,
        jurors=juror_rows(edition, members, files, steps),
        files=file_rows(members, files, steps),
        ties=ties_of(edition, user, ruling=ConflictOfInterest.Ruling.PENDING).count(),
        to_screen=0 if is_over else seen.filter(status=Status.SUBMITTED).count(),
    )


def row_of(member, user):
    """The `JurorRow` of one seat, as far as `user` may know it."""
    edition = member.edition
    seen = Candidature.objects.visible_to(user).filter(edition=edition)
    number = round_read(edition)
    files = list(counted_files(seen, number))
    steps = steps_of(files, number, jury_member=member)
    return juror_rows(edition, [member], files, steps)[0]


def ties_of(edition, viewer, **conditions):
    """The ties of an edition that `viewer` may see."""
    ties = ConflictOfInterest.objects.visible_to(viewer).filter(candidature__edition=edition)
    return ties.filter(**conditions)


def round_read(edition):
    """The round to count alone: the second one, while it is read."""
    return SECOND if edition.is_in_second_round else None


def counted_files(seen, number):
    """The eligible ones; of the second round, the shortlist."""
    files = seen.eligible()
    return files.filter(shortlisted_at__isnull=False) if number == SECOND else files


def steps_of(files, number, **conditions):
    """The readings of these files, each juror's in their own order: of a round, or what counts."""
    readings = Assignment.objects.counting().filter(candidature__in=files, **conditions)
    if number:
        readings = readings.filter(round=number)
    rows = readings.order_by("round", "position", "pk").values_list(
        "jury_member", "candidature", "evaluation__signed_at", "evaluation__updated_at"
    )
    return last_signed([Step(*row) for row in rows])


def last_signed(steps):
    """Of each juror and file, the last step that is signed, or the last one; given by round."""
    kept = {}
    for step in steps:
        former = kept.get((step.member, step.file))
        if former is None or step.signed_at or not former.signed_at:
            kept[step.member, step.file] = step
    return list(kept.values())


def grouped(steps, name):
    groups = defaultdict(list)
    for step in steps:
        groups[getattr(step, name)].append(step)
    return groups


def juror_rows(edition, members, files, steps):
    """A row for each seat, those who left last."""
    own = grouped(steps, "member")
    screened_at = max((file.screened_at for file in files), default=None)
    told = told_today(members) if is_reading(edition) else set()
    rows = [
        JurorRow(own[member.pk], member, edition, screened_at, member.user.email in told)
        for member in members
    ]
    return sorted(rows, key=lambda row: not row.is_sitting)


def told_today(members):
    """The addresses that were reminded today."""
    now = timezone.now()
    events = [reminder_event(member, now) for member in members]
    return set(MailSent.objects.filter(event__in=events).values_list("address", flat=True))


def file_rows(members, files, steps):
    own = grouped(steps, "file")
    return [FileRow(own[file.pk], file, missing_of(own[file.pk], members)) for file in files]


def missing_of(steps, members):
    """Those whose signature a file waits for."""
    unsigned = {step.member for step in steps if step.state != "signed"}
    return [member for member in members if member.pk in unsigned]
