"""The board of a deliberation: each file with its place, its figures and what they stand on.

Read on the screen of the room, in the minutes and on the team's page of the jury.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from trophies.board_words import interval_text, place_text, readers_text, unread_text
from trophies.dossier import told_titles
from trophies.models import BallotChoice, Candidature
from trophies.models.edition import TieBreak
from trophies.ranking import SURE, Ranking, complete, rank
from trophies.services.ranking import first_inputs_of, inputs_of, refuse_unread
from trophies.tie_break import Group, TieBreaker, Vote
from trophies.ties import words


@dataclass(frozen=True)
class BoardRow:
    """A file on the board. Means and interval are on the scale of the levels, ranks count from 1.

    The interval (`low`, `high`) and the ranks hold nine times in ten. What is unknown is None: the
    figures of a file without a complete reading, those of a calibration that does not apply.
    """

    candidature: Candidature
    title: str  # as it was deposited; without names in an anonymous edition, until its results
    place: int | None = None  # 1 + the files before; None when unread or not on the shortlist
    is_equal: bool = False  # shares its place with another file
    raw: float | None = None
    calibrated: float | None = None
    low: float | None = None
    high: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    readers: int = 0  # whose reading counts
    sentence: str = ""  # who read it, in French, without a capital
    is_undecided: bool = False
    separated_by: str = ""  # what set it apart from files of the same mean, in French

    @property
    def place_text(self):
        return place_text(self.place, self.is_equal)

    @property
    def interval_text(self):
        return interval_text(self.low, self.high)


@dataclass(frozen=True)
class Board:
    """The files, best first; those of equal means that nothing separates, in alphabetical order.

    Those without a complete reading come last. After a second round, `rows` are the shortlist, and
    `others` the files that were left out of it, as the first round ranked them.
    """

    rows: list[BoardRow]
    others: list[BoardRow]
    places: int
    ranking: Ranking

    @property
    def calibration_applies(self):
        return self.ranking.calibration_applies

    @property
    def reason(self):
        return self.ranking.reason

    @property
    def has_equals(self):
        return any(row.is_equal for row in self.rows)

    @property
    def all_rows(self):
        return [*self.rows, *self.others]


def board_of(edition, *, by):
    """The `Board` of the files that `by` may see. Raises NotAllowed while the jury reads."""
    refuse_unread(edition)
    files = files_of(edition, by)
    titles, ballots = titles_of(edition, files), ballots_of(edition, by)
    if edition.has_second_round:
        return board_of_shortlist(edition, files, titles, ballots)
    ranked = RankedRound(edition, inputs_of(edition, files), [vote for _, vote in ballots])
    return Board(rows_of(ranked, files, titles), [], ranked.places, ranked.ranking)


def board_of_shortlist(edition, files, titles, ballots):
    shortlist = {key: file for key, file in files.items() if file.shortlisted_at}
    left_out = {key: file for key, file in files.items() if not file.shortlisted_at}
    # What was voted before the second round was voted on other figures.
    later = [vote for at, vote in ballots if at >= edition.second_closes_at]
    first = RankedRound(edition, first_inputs_of(edition, files), [vote for _, vote in ballots])
    second = RankedRound(edition, inputs_of(edition, shortlist), later)
    others = rows_of(first, left_out, titles, has_places=False)
    return Board(rows_of(second, shortlist, titles), others, second.places, second.ranking)


def files_of(edition, user):
    """The files that `user` may see, by key, with what the pages of the jury tell of them."""
    files = Candidature.objects.visible_to(user).eligible().filter(edition=edition)
    files = files.select_related("decision", "laureate__prize__edition").for_list()
    return {file.pk: file for file in files}


def titles_of(edition, files):
    """The titles of the last deposits."""
    payloads = {key: file.last_deposit.payload for key, file in files.items()}
    if edition.is_anonymous and not edition.has_published_results:
        return told_titles(payloads)
    return {key: payload["title"] for key, payload in payloads.items()}


def ballots_of(edition, user):
    """The ballots that were counted, the first one first: (instant, `Vote`).

    None for whoever a tie keeps away from the sessions: what was voted there stays there.
    """
    if edition.hides_from(user):
        return []
    choices = BallotChoice.objects.filter(
        ballot__session__edition=edition, ballot__closed_at__isnull=False
    )
    choices = choices.select_related("ballot").order_by("ballot__closed_at", "ballot", "pk")
    ballots = defaultdict(list)
    for choice in choices:
        ballots[choice.ballot].append(choice)
    return [(ballot.closed_at, vote_of(rows)) for ballot, rows in ballots.items()]


def vote_of(choices):
    return Vote(
        {choice.candidature_id: choice.votes for choice in choices},
        frozenset(choice.candidature_id for choice in choices if choice.has_casting_vote),
    )


class RankedRound:
    """The readings of a round, ranked, its equal files separated."""

    def __init__(self, edition, inputs, votes):
        self.readings, self.weights, self.places = inputs
        self.rules, self.votes = edition.tie_break, votes
        self.ranking = rank(
            self.readings, self.weights, places=self.places, official=edition.official_column
        )
        self.ranks = {row.file: row for row in self.ranking.files}
        self.signed = Counter(reading.file for reading in self.readings)
        self.jurors = defaultdict(list)
        for reading, _ in complete(self.readings, self.weights):
            self.jurors[reading.file].append(reading.juror)

    @cached_property
    def groups(self):
        """The files that nothing tells apart together, the best first."""
        breaker = TieBreaker(self.readings, self.weights, self.rules, self.votes)
        return [group for equals in self.ranking.groups for group in breaker.separate(equals)]

    def figures(self, key):
        """The fields of a `BoardRow` that the readings of a file give."""
        row, jurors = self.ranks[key], self.jurors[key]
        severities = [self.ranking.severities[j] for j in jurors if j in self.ranking.severities]
        figures = {"raw": row.raw_mean, "readers": len(jurors)}
        if row.calibrated_mean is None:
            return figures | {"sentence": readers_text([], len(jurors), None)}
        margin = SURE * row.standard_error
        shift = row.calibrated_mean - row.raw_mean
        return figures | {
            "calibrated": row.calibrated_mean,
            "low": row.calibrated_mean - margin,
            "high": row.calibrated_mean + margin,
            "sentence": readers_text(severities, len(jurors), shift),
        }

    def standing(self, key, place, group):
        """The fields that say where a file stands among the others."""
        row = self.ranks[key]
        return {
            "place": place,
            "is_equal": len(group.files) > 1,
            "rank_low": row.rank_low,
            "rank_high": row.rank_high,
            "is_undecided": key in self.ranking.undecided,
            "separated_by": separated_text(group),
        }


def rows_of(ranked, files, titles, *, has_places=True):
    """The rows of `files`, the best first, those that have no mean last."""

    def in_order(keys):
        return sorted(keys & files.keys(), key=lambda key: (words(titles[key]), titles[key], key))

    rows, before = [], 0
    for group in ranked.groups:
        for key in in_order(group.files):
            standing = ranked.standing(key, before + 1, group) if has_places else {}
            rows.append(BoardRow(files[key], titles[key], **ranked.figures(key), **standing))
        before += len(group.files)
    for key in in_order(files.keys() - ranked.ranks.keys()):
        rows.append(BoardRow(files[key], titles[key], sentence=unread_text(ranked.signed[key])))
    return rows


def separated_text(group: Group):
    """« la moyenne sur le critère qui pèse le plus, puis un vote du jury »"""
    return ", puis ".join(str(TieBreak(rule).label) for rule in group.rules)
