"""What separates files whose official means are equal. Pure: no Django, no database.

The rules and their order are fixed before the jury reads. Neither the time of a deposit nor the
order in which the files came counts for anything: what no rule separates stays equal.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from statistics import fmean

from trophies.ranking import DECIMALS, Reading, complete

CRITERION, PREFERENCES, VOTE, CASTING = "criterion", "preferences", "vote", "casting"


@dataclass(frozen=True)
class Vote:
    """A ballot that was counted: the votes of each of its files, and whom a casting vote chose."""

    votes: Mapping[Hashable, int]
    casting: frozenset[Hashable] = frozenset()


@dataclass(frozen=True)
class Group:
    """A file, or several that are still equal, and the rules that set it apart from its equals.

    `rules` are in the order in which they did; empty when nothing separated it from anything.
    """

    files: frozenset[Hashable]
    rules: tuple[str, ...] = ()


class TieBreaker:
    """Separates equal files by the first of `rules` that tells some of them apart.

    The list is then taken again from its start for those that are still equal:

    - `criterion`: the mean of the levels given on the criterion of greatest weight, the first of
      `weights` when several weigh the same. A file without a level on it is not comparable: the
      rule then separates none of these files.
    - `preferences`: duels. Of two files, the one that more jurors placed higher wins, among those
      who read both, by their own weighted means; as many on each side, or nobody, and neither wins.
      A file counts its duels won less its duels lost against its equals (Copeland).
    - `vote`: the number of votes, in the last ballot in which all these files were.
    - `casting`: in that ballot, who had the casting vote comes before who had not.

    `votes` are in the order in which the ballots were counted. Where the list comes to `vote` or to
    `casting` and no ballot was held, it stops: the jury has the word, and the files stay equal.

    The readings that count are those of `ranking.rank`; means are the same when they are at nine
    decimals. Raises KeyError for a rule that does not exist.
    """

    def __init__(
        self,
        readings: Iterable[Reading],
        weights: Mapping[Hashable, float],
        rules: Sequence[str],
        votes: Sequence[Vote] = (),
    ):
        self.rules = rules
        self.votes = votes
        self.marks, levels = defaultdict(dict), defaultdict(list)
        heaviest = max(weights, key=weights.get, default=None)
        for reading, mean in complete(readings, weights):
            self.marks[reading.file][reading.juror] = mean
            if reading.scores[heaviest] is not None:
                levels[reading.file].append(reading.scores[heaviest])
        self.levels = {file: fmean(given) for file, given in levels.items()}

    def separate(self, files: Iterable[Hashable]) -> list[Group]:
        """The groups that the rules make of these equal files, the best first."""
        return self.groups(frozenset(files), ())

    def groups(self, files, told):
        if len(files) > 1:
            for rule in self.rules:
                parts = RULES[rule](self, files)
                if not parts:
                    break
                if len(parts) > 1:
                    told = tuple(dict.fromkeys([*told, rule]))
                    return [group for part in parts for group in self.groups(part, told)]
        return [Group(files, told)]

    # Each of these cuts a set of files into sets, the best first; None while the jury has the word.

    def by_criterion(self, files):
        if not files <= self.levels.keys():
            return [files]
        return parts_of(files, lambda file: round(self.levels[file], DECIMALS))

    def by_preferences(self, files):
        placed = defaultdict(list)
        for file in files:
            for juror, mark in self.marks[file].items():
                placed[juror].append((file, mark))
        # By (file, other): how many jurors placed it higher, less those who placed it lower.
        duels = Counter()
        for marks in placed.values():
            for (file, mark), (other, against) in permutations(marks, 2):
                duels[file, other] += sign(round(mark - against, DECIMALS))
        won = Counter()
        for (file, _), margin in duels.items():
            won[file] += sign(margin)
        return parts_of(files, won.__getitem__)

    def by_vote(self, files):
        vote = self.vote_on(files)
        return vote and parts_of(files, vote.votes.get)

    def by_casting(self, files):
        vote = self.vote_on(files)
        return vote and parts_of(files, vote.casting.__contains__)

    def vote_on(self, files):
        """The last ballot in which all these files were, or None."""
        held = (vote for vote in reversed(self.votes) if files <= vote.votes.keys())
        return next(held, None)


RULES = {
    CRITERION: TieBreaker.by_criterion,
    PREFERENCES: TieBreaker.by_preferences,
    VOTE: TieBreaker.by_vote,
    CASTING: TieBreaker.by_casting,
}


def parts_of(files: frozenset, key: Callable) -> list[frozenset]:
    """The files of equal `key` together, the highest first."""
    parts = defaultdict(set)
    for file in files:
        parts[key(file)].add(file)
    return [frozenset(parts[value]) for value in sorted(parts, reverse=True)]


def sign(value):
    return (value > 0) - (value < 0)
