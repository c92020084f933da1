"""What the minutes of a session hold: plain JSON that names nobody.

Jurors are J1…Jn, the others who were called P1…Pn, files their references, and every text its
digest (`trophies.seals`): what people are called, and what was written, stays beside.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q

from trophies.computation import computed
from trophies.journal import events_of
from trophies.models import (
    Ballot,
    BallotChoice,
    Candidature,
    ConflictOfInterest,
    Decision,
    Evaluation,
    Presence,
)
from trophies.models.candidature import canonical
from trophies.ranking import VERSION
from trophies.rounds import FIRST
from trophies.seals import Texts, sha256
from trophies.workflow import Status

FORMAT = 1


@dataclass(frozen=True)
class Draft:
    """Minutes before their seal, and what stays beside: whom the codes name, what texts say."""

    payload: dict
    users: dict[str, object]  # by code
    texts: Texts

    @property
    def version(self):
        """What tells it from another: the words themselves, as digests differ each time."""
        written = canonical(self.payload | {"remarks": ""}).decode()
        for digest, words in self.texts.by_digest.items():
            written = written.replace(digest, words)
        return sha256(written.encode())[:16]


def drawn_up(session, *, by, rounds, remarks="") -> Draft:
    """The minutes of `session` as they stand now, for `by`, from whom no file is hidden.

    `rounds`: what each round of readings is computed from (`services.inputs`), by its number.
    """
    facts = Facts(session, by, Texts())
    payload = {
        "format": FORMAT,
        "edition": facts.edition.year,
        "regulation": facts.regulation,
        "session": facts.meeting(),
        "files": facts.titles(),
        "people": facts.people(),
        "recusals": facts.recusals(),
        "official_column": facts.edition.official_column,
        "tie_break": list(facts.edition.tie_break),
        "criteria": facts.grid(),
        "algorithm": VERSION,
        "rounds": [facts.round(number, inputs) for number, inputs in rounds.items()],
        "shortlist": facts.shortlist(),
        "ballots": facts.ballots(),
        "decisions": facts.decisions(),
        "prizes": facts.prizes(),
        "remarks": facts.texts.digest(remarks.strip()),
    }
    return Draft(payload, facts.users, facts.texts)


def instant(value):
    """An instant as minutes write it: UTC, ISO 8601; nothing for none."""
    return value.astimezone(UTC).isoformat() if value else ""


class Facts:
    """What a session and its edition say, each part in the order in which minutes give it."""

    def __init__(self, session, by, texts):
        self.session, self.edition, self.by, self.texts = session, session.edition, by, texts

    # Who is who

    @cached_property
    def members(self):
        return list(self.edition.jury_members.select_related("user").order_by("pk"))

    @cached_property
    def presences(self):
        return list(self.session.presences.select_related("user").order_by("pk"))

    @cached_property
    def users(self):
        """By code: all who sit or sat in the jury, then the others who were called."""
        seated = {member.user_id for member in self.members}
        others = [row.user for row in self.presences if row.user_id not in seated]
        jurors = [member.user for member in self.members]
        return numbered("J", jurors) | numbered("P", others)

    @cached_property
    def code_of_user(self):
        return {user.pk: code for code, user in self.users.items()}

    @cached_property
    def code_of_member(self):
        return {member.pk: self.code_of_user[member.user_id] for member in self.members}

    @cached_property
    def moves(self):
        """By presence: each change of state, as (instant, state)."""
        rows = events_of(Presence).objects.filter(session=self.session).order_by("pgh_id")
        moves = defaultdict(list)
        for row in rows.exclude(pgh_label="delete"):
            found = moves[row.pgh_obj_id]
            if not found or found[-1][1] != row.state:
                found.append((row.pgh_created_at, row.state))
        return moves

    def people(self):
        called = {row.user_id: row for row in self.presences}
        roles = {member.user_id: member.role for member in self.members}
        return [
            {"code": code, "role": roles.get(user.pk, ""), **self.whereabouts(called.get(user.pk))}
            for code, user in self.users.items()
        ]

    def whereabouts(self, presence):
        if presence is None:
            return {"is_called": False, "state": "", "moves": []}
        moves = [[instant(at), state] for at, state in self.moves[presence.pk]]
        return {"is_called": True, "state": presence.state, "moves": moves}

    # The files, and whom they are hidden from

    @cached_property
    def files(self):
        """Those that are in the race, and those that this session voted on, by reference."""
        voted = BallotChoice.objects.filter(
            candidature=OuterRef("pk"), ballot__session=self.session
        )
        decided = Decision.objects.filter(candidature=OuterRef("pk"))
        is_meant = Q(status=Status.ELIGIBLE) | Exists(voted) | Exists(decided)
        rows = Candidature.objects.visible_to(self.by).filter(is_meant, edition=self.edition)
        rows = rows.select_related("decision", "laureate").with_deposits()
        return list(rows.order_by("reference"))

    @cached_property
    def reference_of(self):
        return {file.pk: file.reference for file in self.files}

    def titles(self):
        return [
            {"reference": file.reference, "title": self.texts.digest(file.last_deposit.title)}
            for file in self.files
        ]

    def recusals(self):
        """The ties of those who have a code, and where each was when their file was voted on."""
        ties = ConflictOfInterest.objects.in_force().filter(
            candidature__in=self.reference_of, user__in=self.code_of_user
        )
        rows = [
            {
                "file": self.reference_of[tie.candidature_id],
                "code": self.code_of_user[tie.user_id],
                "origin": tie.origin,
                "ballots": self.absences(tie),
            }
            for tie in ties
        ]
        return sorted(rows, key=lambda row: (row["file"], row["code"]))

    def absences(self, tie):
        """[number, where the person was when it was counted] of each ballot on the file."""
        called = {row.user_id: row.pk for row in self.presences}
        return [
            [ballot.number, state_at(self.moves[called.get(tie.user_id)], ballot.closed_at)]
            for ballot in self.counted
            if any(choice.candidature_id == tie.candidature_id for choice in ballot.choices.all())
        ]

    # The session and its ballots

    @cached_property
    def regulation(self):
        found = self.edition.regulations.first()
        return found and found.version

    def meeting(self):
        session = self.session
        return {
            "number": session.number,
            "place": self.texts.digest(session.place),
            "quorum": session.quorum,
            "starts_at": instant(session.starts_at),
            "opened_at": instant(session.opened_at),
            "closed_at": instant(session.closed_at),
        }

    @cached_property
    def counted(self):
        rows = Ballot.objects.filter(session=self.session, closed_at__isnull=False)
        return list(rows.order_by("number").prefetch_related("choices", "voters"))

    def ballots(self):
        return [self.ballot(row) for row in self.counted]

    def ballot(self, row):
        choices = sorted(row.choices.all(), key=lambda choice: choice.candidature_id)
        return {
            "number": row.number,
            "question": self.texts.digest(row.question),
            "prize": row.prize_id,
            "seats": row.seats,
            "opened_at": instant(row.opened_at),
            "closed_at": instant(row.closed_at),
            "voters": in_order(self.code_of_member[voter.pk] for voter in row.voters.all()),
            "abstentions": row.abstentions,
            "casting_by": self.code_of_member.get(row.casting_by_id, ""),
            "choices": [
                {
                    "file": self.reference_of[choice.candidature_id],
                    "votes": choice.votes,
                    "has_casting_vote": choice.has_casting_vote,
                    "is_chosen": choice.is_chosen,
                }
                for choice in choices
            ],
        }

    # The computation

    def grid(self):
        return [
            {
                "key": str(criterion.pk),
                "label": self.texts.digest(criterion.label),
                "weight": criterion.weight,
            }
            for criterion in self.edition.criteria.all()
        ]

    def round(self, number, inputs):
        """What a round is computed from, and what comes out."""
        given, _, places = inputs
        made = {
            "round": number,
            "places": places,
            "readings": [self.reading(row, number) for row in given],
            "votes": self.votes_after(number),
        }
        return made | computed(
            made, self.grid(), self.edition.official_column, self.edition.tie_break
        )

    def reading(self, row, number):
        return {
            "file": self.reference_of[row.file],
            "juror": self.code_of_member[row.juror],
            "round": self.last_rounds[row.file, row.juror] if number > FIRST else FIRST,
            "scores": {str(key): level for key, level in row.scores.items()},
        }

    @cached_property
    def last_rounds(self):
        """By file and juror, the round of the reading that counts at the end."""
        rows = Evaluation.objects.counting(self.edition)
        fields = ["assignment__candidature", "assignment__jury_member", "assignment__round"]
        return {(file, juror): number for file, juror, number in rows.values_list(*fields)}

    def votes_after(self, number):
        """The ballots of all sessions that may separate the files of a round, the first first.

        What was voted before the second round was voted on other figures.
        """
        rows = Ballot.objects.filter(session__edition=self.edition, closed_at__isnull=False)
        if self.edition.has_second_round:
            is_later = Q(closed_at__gte=self.edition.second_closes_at)
            rows = rows.filter(is_later if number > FIRST else ~is_later)
        rows = rows.order_by("closed_at", "pk").prefetch_related("choices__candidature")
        return [
            {
                "votes": {row.candidature.reference: row.votes for row in ballot.choices.all()},
                "casting": [
                    row.candidature.reference
                    for row in ballot.choices.all()
                    if row.has_casting_vote
                ],
            }
            for ballot in rows
        ]

    # What was decided

    def shortlist(self):
        return [file.reference for file in self.files if file.shortlisted_at]

    def decisions(self):
        rows = [(file.reference, file.decision, laureate_of(file)) for file in self.decided]
        return [
            {
                "file": reference,
                "outcome": decision.outcome,
                "prize": laureate and laureate.prize_id,
                "place": laureate and laureate.place,
            }
            for reference, decision, laureate in rows
        ]

    @cached_property
    def decided(self):
        return [file for file in self.files if file.is_decided]

    def prizes(self):
        """With how many of each went to nobody."""
        return [
            {
                "key": prize.pk,
                "name": self.texts.digest(prize.name),
                "quantity": prize.quantity,
                "left": prize.quantity - prize.given,
            }
            for prize in self.edition.prizes.annotate(given=Count("laureates")).order_by(
                "position", "pk"
            )
        ]


def numbered(letter, users):
    return {f"{letter}{number}": user for number, user in enumerate(users, start=1)}


def in_order(codes):
    """J2 before J10."""
    return sorted(codes, key=lambda code: (code[0], int(code[1:])))


def state_at(moves, at):
    """The state of a person at an instant; absent where nothing was noted before."""
    return next((state for moved_at, state in reversed(moves) if moved_at <= at), "absent")


def laureate_of(file):
    return getattr(file, "laureate", None)
