"""The count of a vote: a literal table, then what holds of any vote. Without a database."""

import random

import pytest

from trophies.ballots import Casting, Impossible, count

AGAINST = Casting.AGAINST

# fmt: off
TABLE = [
    # votes, voters, abstentions, seats, casting → chosen, tied, majority
    # One file: for, against, and the half.
    ({"a": 3}, 5, 0, 1, None, "a", "", 3),
    ({"a": 2}, 5, 0, 1, None, "", "", 3),
    ({"a": 2}, 4, 0, 1, None, "", "a", 3),
    ({"a": 2}, 4, 0, 1, "a", "a", "", 3),
    ({"a": 2}, 4, 0, 1, AGAINST, "", "", 3),
    ({"a": 2}, 5, 1, 1, None, "", "a", 3),
    ({"a": 2}, 5, 2, 1, None, "a", "", 2),
    ({"a": 1}, 1, 0, 1, None, "a", "", 1),
    # Nobody expressed anything: nothing passes, nothing is tied.
    ({"a": 0}, 3, 3, 1, None, "", "", 1),
    ({"a": 0}, 0, 0, 1, None, "", "", 1),
    # Several files for one seat.
    ({"a": 1, "b": 4, "c": 0}, 5, 0, 1, None, "b", "", 3),
    ({"a": 2, "b": 2, "c": 1}, 5, 0, 1, None, "", "", 3),
    ({"a": 2, "b": 2}, 4, 0, 1, None, "", "ab", 3),
    ({"a": 2, "b": 2}, 4, 0, 1, "b", "b", "", 3),
    ({"a": 3, "b": 3}, 7, 1, 1, "a", "a", "", 4),
    # Several seats, as many voices each.
    ({"a": 5, "b": 4, "c": 1}, 5, 0, 2, None, "ab", "", 3),
    ({"a": 5, "b": 2, "c": 2}, 5, 0, 2, None, "a", "", 3),
    ({"a": 4, "b": 2, "c": 2}, 4, 0, 2, None, "a", "bc", 3),
    ({"a": 4, "b": 2, "c": 2}, 4, 0, 2, "c", "ac", "", 3),
    # More files with the majority than seats: equal across the last one, or not.
    ({"a": 3, "b": 4, "c": 3}, 5, 0, 2, None, "b", "ac", 3),
    ({"a": 3, "b": 4, "c": 3}, 5, 0, 2, "c", "bc", "", 3),
    ({"a": 4, "b": 3, "c": 3, "d": 3}, 5, 0, 3, None, "a", "bcd", 3),
    ({"a": 4, "b": 3, "c": 3, "d": 3}, 5, 0, 3, "d", "ad", "bc", 3),
    ({"a": 3, "b": 4, "c": 5}, 6, 0, 2, None, "cb", "", 4),
    # A half and no seat left.
    ({"a": 3, "b": 1}, 4, 0, 1, None, "a", "", 3),
    # Two halves, two seats: the casting vote gives one, the other needs another vote.
    ({"a": 2, "b": 2}, 4, 0, 2, None, "", "ab", 3),
    ({"a": 2, "b": 2}, 4, 0, 2, "a", "a", "b", 3),
]
# fmt: on


@pytest.mark.parametrize(
    ("votes", "voters", "abstentions", "seats", "casting", "chosen", "tied", "majority"), TABLE
)
def test_table(votes, voters, abstentions, seats, casting, chosen, tied, majority):
    found = count(votes, voters=voters, abstentions=abstentions, seats=seats, casting=casting)
    assert "".join(found.chosen) == chosen
    assert "".join(found.tied) == tied
    assert found.majority == majority
    assert found.expressed == voters - abstentions


@pytest.mark.parametrize(
    ("votes", "voters", "abstentions", "seats", "casting", "words"),
    [
        ({"a": 4}, 3, 0, 1, None, "« a » a 4 voix pour 3 suffrages exprimés."),
        ({"a": 3}, 3, 2, 1, None, "« a » a 3 voix pour 1 suffrage exprimé."),
        ({"a": 3, "b": 1}, 3, 0, 1, None, "Il y a 4 voix en tout, et 3 suffrages exprimés n’en "
         "donnent que 3 au plus."),
        ({"a": 3, "b": 3, "c": 1}, 3, 0, 2, None, "que 6 au plus"),
        ({"a": -1}, 3, 0, 1, None, "jamais négatif"),
        ({"a": 0}, 3, -1, 1, None, "jamais négatif"),
        ({"a": 0}, 3, 4, 1, None, "plus d’abstentions que de votants"),
        ({"a": 1}, 3, 0, 0, None, "Un dossier au moins"),
        ({"a": 3}, 5, 0, 1, "a", "Rien n’est à égalité"),
        ({"a": 2, "b": 2}, 4, 0, 1, "c", "qu’à un dossier à égalité"),
        ({"a": 2, "b": 2}, 4, 0, 1, AGAINST, "à l’un des dossiers à égalité"),
    ],
)  # fmt: skip
def test_impossible_counts(votes, voters, abstentions, seats, casting, words):
    with pytest.raises(Impossible) as refusal:
        count(votes, voters=voters, abstentions=abstentions, seats=seats, casting=casting)
    assert words in str(refusal.value).replace("\u202f", " ")
    assert isinstance(refusal.value, ValueError)


def votes_of(generator):
    """What jurors put in the box: a real vote, so that its figures are possible."""
    files = "abcdef"[: generator.randint(1, 6)]
    voters, seats = generator.randint(0, 9), generator.randint(1, 3)
    abstentions = generator.randint(0, voters)
    votes = dict.fromkeys(files, 0)
    for _ in range(voters - abstentions):
        for file in generator.sample(files, generator.randint(0, min(seats, len(files)))):
            votes[file] += 1
    return votes, {"voters": voters, "abstentions": abstentions, "seats": seats}


SEEDS = pytest.mark.parametrize("seed", range(100))


@SEEDS
def test_seats_are_enough_and_the_majority_is_held(seed):
    votes, figures = votes_of(random.Random(seed))
    found = count(votes, **figures)
    assert len(found.chosen) <= figures["seats"]
    assert all(votes[file] >= found.majority for file in found.chosen)
    assert not set(found.chosen) & set(found.tied)
    assert [votes[file] for file in found.chosen] == sorted(
        (votes[file] for file in found.chosen), reverse=True
    )
    best_left_out = max((votes[file] for file in votes if file not in found.chosen), default=0)
    assert all(votes[file] >= best_left_out for file in found.chosen)


@SEEDS
def test_order_of_the_files_does_not_matter(seed):
    generator = random.Random(seed)
    votes, figures = votes_of(generator)
    shuffled = dict(generator.sample(list(votes.items()), len(votes)))
    one, other = count(votes, **figures), count(shuffled, **figures)
    assert set(one.chosen) == set(other.chosen)
    assert set(one.tied) == set(other.tied)


@SEEDS
def test_one_more_voice_never_hurts(seed):
    generator = random.Random(seed)
    votes, figures = votes_of(generator)
    before, file = count(votes, **figures), generator.choice(list(votes))
    votes[file] += 1
    try:
        after = count(votes, **figures)
    except Impossible:
        return
    if file in before.chosen:
        assert file in after.chosen
    if file in before.tied:
        assert file in after.chosen


@SEEDS
def test_casting_vote_gives_the_seat_and_takes_none(seed):
    votes, figures = votes_of(random.Random(seed))
    before = count(votes, **figures)
    for file in before.tied:
        after = count(votes, **figures, casting=file)
        assert after.chosen == (*before.chosen, file)
        assert len(after.chosen) <= figures["seats"]
        # What is still tied has a seat to take.
        assert not after.tied or len(after.chosen) < figures["seats"]


def test_random_votes_meet_every_case():
    found = [
        count(votes, **figures) for votes, figures in map(votes_of, map(random.Random, range(100)))
    ]
    assert any(each.tied and each.chosen for each in found)
    assert any(len(each.tied) > 1 for each in found)
    assert any(len(each.chosen) > 1 for each in found)
