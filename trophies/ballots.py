"""The count of a vote of the jury. Pure: no Django, no database.

Each voter has as many voices as there are seats, at most one for a file; who abstains does so
wholly. A file passes with the absolute majority of those who expressed themselves.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import Enum

from rallynov.numbers import counted


class Casting(Enum):
    """What a casting vote says when it names no file."""

    AGAINST = "against"


class Impossible(ValueError):
    """These figures cannot come from such a vote; the text says why, in French."""


@dataclass(frozen=True)
class Count:
    """The files that pass, best first; those between which a casting vote is still needed."""

    chosen: tuple[Hashable, ...]
    tied: tuple[Hashable, ...]
    majority: int
    expressed: int


def count(
    votes: Mapping[Hashable, int],
    *,
    voters: int,
    abstentions: int,
    seats: int,
    casting: Hashable | Casting | None = None,
) -> Count:
    """Count `votes`, the voices of each file; `casting` is the vote of the chair in a tie, if any.

    Two kinds of ties: files with the majority and equal voices across the last seat; else, if a
    seat is left, files with exactly half of the voices. A casting vote gives one of them a seat, or
    is against (`Casting.AGAINST`), which says something of a file alone only: what is still tied
    then needs another vote. Equal files keep the order of `votes`. Raises Impossible.
    """
    expressed = voters - abstentions
    check(votes, expressed=expressed, abstentions=abstentions, seats=seats)
    majority = expressed // 2 + 1
    chosen, tied = separate(votes, expressed=expressed, seats=seats)
    if casting is not None:
        chosen, tied = broken(chosen, tied, seats=seats, casting=casting)
    return Count(tuple(chosen), tuple(tied), majority, expressed)


def check(votes, *, expressed, abstentions, seats):
    """Raise Impossible unless such a vote can give these figures."""
    if seats < 1:
        raise Impossible("Un dossier au moins doit pouvoir passer.")
    if abstentions < 0 or any(voices < 0 for voices in votes.values()):
        raise Impossible("Un nombre de voix n’est jamais négatif.")
    if expressed < 0:
        raise Impossible("Il y a plus d’abstentions que de votants.")
    for file, voices in votes.items():
        if voices > expressed:
            raise Impossible(
                f"«\u202f{file}\u202f» a {counted(voices, 'voix', 'voix')} pour "
                f"{counted(expressed, 'suffrage exprimé', 'suffrages exprimés')}."
            )
    if sum(votes.values()) > expressed * seats:
        raise Impossible(
            f"Il y a {counted(sum(votes.values()), 'voix', 'voix')} en tout, et "
            f"{counted(expressed, 'suffrage exprimé', 'suffrages exprimés')} n’en "
            f"{'donne' if expressed < 2 else 'donnent'} que {expressed * seats} au plus."
        )


def separate(votes, *, expressed, seats):
    """The files that pass without a casting vote, and those that are tied."""
    passing = sorted((f for f in votes if 2 * votes[f] > expressed), key=lambda f: -votes[f])
    if len(passing) > seats:
        last = votes[passing[seats - 1]]
        level = [file for file in passing if votes[file] == last]
        above = [file for file in passing if votes[file] > last]
        if len(above) + len(level) > seats:
            return above, level
    if len(passing) >= seats:
        return passing[:seats], []
    halves = [file for file in votes if 0 < expressed == 2 * votes[file]]
    return passing, halves


def broken(chosen, tied, *, seats, casting):
    """The same once the chair has spoken."""
    if not tied:
        raise Impossible("Rien n’est à égalité\u202f: la voix prépondérante ne sert pas.")
    if casting is Casting.AGAINST:
        if len(tied) > 1:
            raise Impossible("La voix prépondérante va à l’un des dossiers à égalité.")
        return chosen, []
    if casting not in tied:
        raise Impossible("La voix prépondérante ne va qu’à un dossier à égalité.")
    chosen = [*chosen, casting]
    left = [file for file in tied if file != casting]
    return chosen, left if len(chosen) < seats else []
