"""What is true now in the room of a session: who is there, who votes, who has to go out."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from trophies.models import Candidature, ConflictOfInterest, JuryMember, JurySession, Presence
from trophies.models.edition import TieBreak


def names_text(people):
    """« Anne, Jean et Lou »"""
    names = [str(person) for person in people]
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


@dataclass(frozen=True)
class Person:
    """Somebody who is called to a session; without a seat, they attend and have no voice."""

    presence: Presence
    seat: JuryMember | None
    files: tuple[Candidature, ...]  # those that a tie in force forbids them, with their deposits

    def __str__(self):
        return str(self.presence.user)

    @property
    def titles(self):
        return [file.last_deposit.title for file in self.files]

    @property
    def is_in_room(self):
        return self.presence.state == Presence.State.PRESENT

    @property
    def is_out(self):
        return self.presence.state == Presence.State.OUT

    @property
    def has_voice(self):
        return self.seat is not None and self.seat.left_at is None


@dataclass(frozen=True)
class Room:
    session: JurySession
    people: tuple[Person, ...]

    @cached_property
    def voters(self):
        """The seats of those who would vote now."""
        return [each.seat for each in self.people if each.is_in_room and each.has_voice]

    @cached_property
    def jurors(self):
        return [each for each in self.people if each.has_voice]

    @property
    def has_quorum(self):
        return len(self.voters) >= self.session.quorum

    @cached_property
    def recusals(self):
        """For each file that somebody in the room may not see, by its key, who they are."""
        recusals = defaultdict(list)
        for each in self.recused:
            for file in each.files:
                recusals[file.pk].append(each.presence.user)
        return dict(recusals)

    @cached_property
    def recused(self):
        return [each for each in self.people if each.is_in_room and each.files]

    @cached_property
    def recused_outside(self):
        return [each for each in self.people if each.is_out and each.files]

    @property
    def may_rank(self):
        """Whether a rank or a figure may be shown: of one file left out, the others would tell."""
        return not self.recusals

    @property
    def chair(self):
        """Whose vote breaks a tie: the president if in the room, else the deputy; or None."""
        seats = {seat.role: seat for seat in reversed(self.voters)}
        return seats.get(JuryMember.Role.PRESIDENT) or seats.get(JuryMember.Role.DEPUTY)

    @property
    def casting(self):
        """The chair, if the rules of the edition give them a casting vote."""
        return self.chair if TieBreak.CASTING in self.session.edition.tie_break else None


def room_of(session):
    """The `Room` of a session: the jury first, in the order of its seats."""
    edition = session.edition_id
    seats = {seat.user_id: seat for seat in JuryMember.objects.filter(edition=edition)}
    ties = defaultdict(list)
    for tie in ties_in(session):
        ties[tie.user_id].append(tie.candidature)
    rows = session.presences.select_related("user").order_by("pk")
    people = [Person(row, seats.get(row.user_id), tuple(ties[row.user_id])) for row in rows]
    return Room(session, tuple(sorted(people, key=lambda each: not each.has_voice)))


def ties_in(session):
    """The ties in force between those who are called and the files that are judged."""
    files = Candidature.objects.eligible().filter(edition=session.edition_id)
    ties = ConflictOfInterest.objects.in_force().filter(
        candidature__in=files, user__jury_presences__session=session
    )
    ties = ties.select_related("candidature").prefetch_related("candidature__deposits")
    return ties.order_by("pk")
