"""What the screen in the room may show now, of a session and of each file.

A file of which somebody in the room is recused shows that and nothing else; as long as one does,
no rank and no figure is shown of any: what is missing in an order would tell.
"""

from dataclasses import dataclass, field
from functools import cached_property

from rallynov.numbers import counted
from trophies.board import BoardRow, board_of
from trophies.models import BallotChoice
from trophies.models.edition import OfficialColumn
from trophies.plot import Plot, plot_of, scale_of
from trophies.room import names_text, room_of
from trophies.ties import words
from trophies.votes import results_of

COLUMNS = {OfficialColumn.RAW: "moyenne brute", OfficialColumn.CALIBRATED: "moyenne corrigée"}


@dataclass(frozen=True)
class Line:
    """A file as the room sees it: with its figures, by its title alone, or as a recusal."""

    key: int
    title: str = ""
    recused: str = ""  # who has to go out, in words
    row: BoardRow | None = None  # nothing of it is shown where it is None
    plot: Plot | None = None
    is_undecided: bool = False
    is_last_place: bool = False  # the places end after this file
    won: list[str] = field(default_factory=list)  # what ballots gave it


class Screen:
    """The screen of a session that is open, `seen`: the number of the last result that was read."""

    def __init__(self, session, user, seen=0):
        self.session, self.edition, self.seen = session, session.edition, seen
        self.room = room_of(session)
        self.board = board_of(self.edition, by=user)
        rows = self.board.all_rows
        self.titles = {row.candidature.pk: row.title for row in rows}
        self.scale = scale_of(rows)
        self.is_ranked = self.room.may_rank

    @cached_property
    def ballot(self):
        """The ballot that is open, or None."""
        return self.session.ballots.filter(closed_at=None).select_related("prize").first()

    @cached_property
    def result(self):
        """The last result, until it was read."""
        if self.ballot:
            return None
        last = next(iter(results_of(self.session, self.titles)), None)
        return last if last and last.ballot.number > self.seen else None

    @cached_property
    def ballot_keys(self):
        return set(self.ballot.choices.values_list("candidature", flat=True))

    @property
    def waits_for(self):
        """Who has to go out before the vote is shown, even its question; in words, or empty."""
        voted = self.ballot_keys if self.ballot else {line.key for line in self.result.lines}
        people = [p for p in self.room.recused if voted & {file.pk for file in p.files}]
        return names_text(people)

    # The lines

    @property
    def lines(self):
        return self.show(self.board.rows if self.is_ranked else self.board.all_rows)

    @property
    def others(self):
        """The files that were left out of the shortlist; among the others while none is ranked."""
        return self.show(self.board.others) if self.is_ranked else []

    @property
    def ballot_lines(self):
        """The files of the open ballot."""
        rows = self.board.all_rows
        return self.show([row for row in rows if row.candidature.pk in self.ballot_keys])

    def show(self, rows):
        if self.is_ranked:
            return [self.ranked(row) for row in rows]
        recusals = self.room.recusals
        hidden = [row.candidature.pk for row in rows if row.candidature.pk in recusals]
        shown = [row for row in rows if row.candidature.pk not in recusals]
        # Apart and first: within the alphabet, its place would tell how its title begins.
        masked = [Line(key, recused=names_text(recusals[key])) for key in hidden]
        shown.sort(key=lambda row: (words(row.title), row.candidature.pk))
        return [
            *sorted(masked, key=lambda line: line.recused),
            *(Line(row.candidature.pk, row.title) for row in shown),
        ]

    def ranked(self, row):
        key = row.candidature.pk
        return Line(
            key,
            row.title,
            row=row,
            plot=plot_of(row, self.scale),
            is_undecided=row.is_undecided or self.is_level(row),
            is_last_place=key == self.last_key,
            won=self.won.get(key, []),
        )

    def is_level(self, row):
        """Whether the places end in the middle of files that are equal, this one among them."""
        places, rows = self.board.places, self.board.rows
        if not 0 < places < len(rows) or row.place is None:
            return False
        return row.place == rows[places - 1].place == rows[places].place

    @cached_property
    def last_key(self):
        """The file after which the places end, if others follow."""
        places, rows = self.board.places, self.board.rows
        return rows[places - 1].candidature.pk if 0 < places < len(rows) else None

    @cached_property
    def won(self):
        """What the counted ballots of the edition gave, by key of a file, in words."""
        won = {}
        chosen = BallotChoice.objects.filter(
            is_chosen=True,
            ballot__session__edition=self.edition,
            ballot__closed_at__isnull=False,
        )
        for choice in chosen.select_related("ballot__prize").order_by("pk"):
            prize = choice.ballot.prize
            won.setdefault(choice.candidature_id, []).append(prize.name if prize else "retenu")
        return won

    # The words

    @property
    def facts(self):
        read = sum(row.raw is not None for row in self.board.all_rows)
        return [
            counted(read, "dossier lu", "dossiers lus"),
            f"{counted(len(self.room.voters), 'juré')} dans la salle · {self.quorum_text}",
            f"{self.board.places} prix",
            *self.recusal_facts,
            f"ordre officiel\u202f: {self.column}",
        ]

    @property
    def quorum_text(self):
        if self.room.has_quorum:
            return "quorum atteint"
        return f"quorum non atteint, il en faut {self.session.quorum}"

    @property
    def recusal_facts(self):
        inside, outside = len(self.room.recused), len(self.room.recused_outside)
        out = "sorti de la salle" if outside < 2 else "sortis de la salle"
        texts = [
            (inside, f"{counted(inside, 'déport')} dans la salle"),
            (outside, f"{counted(outside, 'déport')}, {out}"),
        ]
        return [text for number, text in texts if number]

    @property
    def column(self):
        is_calibrated = self.board.calibration_applies
        return COLUMNS[self.edition.official_column if is_calibrated else OfficialColumn.RAW]

    @property
    def is_official_calibrated(self):
        return self.column == COLUMNS[OfficialColumn.CALIBRATED]
