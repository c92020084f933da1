"""How minutes are sealed: digests of texts, of the journal's lines, and the chain that they make.

A digest of a line is taken over named columns of its row, none of which says who a person is or
what somebody wrote: those may be erased one day, and the seal still holds.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from trophies.journal import SOURCES, Everything
from trophies.models.candidature import canonical

OF_EVENTS = ["pgh_label", "pgh_obj_id", "pgh_created_at"]
# By the name of the row's model. Neither texts, nor names, nor keys of users; a juror is a seat.
COLUMNS = {
    "StatusChange": ["candidature_id", "name", "source", "target", "at"],
    "EditionEvent": [
        *OF_EVENTS, "year", "opens_at", "closes_at", "jury_opens_at", "jury_closes_at",
        "results_published_at", "readings_per_file", "is_anonymous", "others_shown",
        "official_column", "tie_break", "second_opened_at", "second_closes_at",
    ],
    "PrizeEvent": [*OF_EVENTS, "edition_id", "amount", "quantity", "position"],
    "CriterionEvent": [*OF_EVENTS, "edition_id", "weight", "allows_not_applicable", "position"],
    "ConflictOfInterestEvent": [
        *OF_EVENTS, "candidature_id", "origin", "signs", "declared_at", "ruling", "ruled_at",
    ],
    "AssignmentEvent": [*OF_EVENTS, "candidature_id", "jury_member_id", "round", "position"],
    "EvaluationEvent": [
        *OF_EVENTS, "assignment_id", "confidence", "signed_at", "others_seen_at",
    ],
    "ScoreEvent": [*OF_EVENTS, "evaluation_id", "criterion_id", "level"],
    "DecisionEvent": [
        *OF_EVENTS, "candidature_id", "outcome", "decided_at", "letter_read_at",
        "letter_queued_at",
    ],
    "LaureateEvent": [*OF_EVENTS, "prize_id", "initiative_id", "candidature_id", "place"],
    "JurySessionEvent": [
        *OF_EVENTS, "edition_id", "number", "starts_at", "quorum", "opened_at", "closed_at",
    ],
    "PresenceEvent": [*OF_EVENTS, "session_id", "state"],
    "BallotEvent": [
        *OF_EVENTS, "session_id", "number", "prize_id", "seats", "opened_at", "closed_at",
        "abstentions", "casting_by_id",
    ],
    "BallotChoiceEvent": [
        *OF_EVENTS, "ballot_id", "candidature_id", "votes", "has_casting_vote", "is_chosen",
    ],
}  # fmt: skip


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def seal_of(payload, previous_seal, journal) -> str:
    return sha256(canonical(payload) + previous_seal.encode() + canonical(journal))


# Texts ------------------------------------------------------------------------------------------


def digest_of(salt, text):
    return sha256((salt + text).encode())


@dataclass
class Texts:
    """The texts of minutes: each is named by a digest that nobody can guess without its salt."""

    salts: dict[str, str] = field(default_factory=dict)  # by text

    def digest(self, text):
        """The name of `text`, kept from now on; of no text, none."""
        if not text:
            return ""
        return digest_of(self.salts.setdefault(text, secrets.token_hex(16)), text)

    @property
    def by_digest(self):
        return {digest_of(salt, text): text for text, salt in self.salts.items()}


# The journal ------------------------------------------------------------------------------------


def journal_of(edition):
    """[key, digest] of each line of the journal, whole and in order: that of time, then of keys."""
    lines = [line for source in SOURCES for line in lines_of(source, Everything(edition))]
    return [[f"{kind} {key}", digest] for _, kind, key, digest in sorted(lines)]


def lines_of(source, scope):
    """(instant, kind, key, digest) of each line of a source."""
    kind = source.model.__name__
    rows = source.rows(source.model.objects.order_by(), scope)
    for at, key, *values in rows.values_list(source.at, "pk", *COLUMNS[kind]):
        yield at, kind, key, sha256(canonical([kind, key, *map(plain, values)]))


def plain(value):
    """`value` as JSON writes it, one way only."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, Decimal) else value
