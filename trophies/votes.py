"""What the counted ballots of a session gave, as pages tell it: in figures, and without names."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch

from rallynov.numbers import counted
from trophies.models import Ballot, BallotChoice

GONE = "Dossier qui n’est plus jugé"


@dataclass(frozen=True)
class Line:
    """A file in a ballot, and what it had."""

    key: int
    title: str
    choice: BallotChoice

    @property
    def votes_text(self):
        return f"{self.choice.votes} voix"


@dataclass(frozen=True)
class Result:
    ballot: Ballot
    lines: list[Line]  # most voices first

    @property
    def expressed(self):
        return self.ballot.number_of_voters - self.ballot.abstentions

    @property
    def majority(self):
        return self.expressed // 2 + 1

    @property
    def chosen(self):
        return [line for line in self.lines if line.choice.is_chosen]

    @property
    def was_against(self):
        """Whether the casting vote went to no file."""
        casting = self.ballot.casting_by is not None
        return casting and not any(line.choice.has_casting_vote for line in self.lines)

    @property
    def figures(self):
        """« 5 votants », « 1 abstention », « 4 suffrages exprimés », « majorité : 3 voix »"""
        return [
            counted(self.ballot.number_of_voters, "votant"),
            counted(self.ballot.abstentions, "abstention"),
            counted(self.expressed, "suffrage exprimé", "suffrages exprimés"),
            f"majorité\u202f: {self.majority} voix",
        ]


def results_of(session, titles):
    """The `Result` of each counted ballot, the last one first; `titles`: by key of a file."""
    choices = BallotChoice.objects.order_by("-votes", "-is_chosen", "pk")
    rows = session.ballots.filter(closed_at__isnull=False)
    rows = rows.select_related("prize", "casting_by__user").order_by("-number")
    rows = rows.annotate(number_of_voters=Count("voters"))
    return [
        Result(ballot, [line_of(choice, titles) for choice in ballot.choices.all()])
        for ballot in rows.prefetch_related(Prefetch("choices", choices))
    ]


def line_of(choice, titles):
    key = choice.candidature_id
    return Line(key, titles.get(key, GONE), choice)
