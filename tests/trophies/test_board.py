"""The board of a deliberation: places, equals, intervals, words, the second round."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_prize,
    make_reading_edition,
    make_user,
    publish_results,
)
from trophies import services
from trophies.board import board_of
from trophies.board_words import (
    interval_text,
    place_text,
    readers_text,
    signed_text,
    unread_text,
)
from trophies.models import (
    Assignment,
    Ballot,
    Candidature,
    ConflictOfInterest,
    Edition,
    JurySession,
)
from trophies.ranking import SURE
from trophies.workflow import NotAllowed

N = "\u202f"  # narrow no-break space


# Words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "is_equal", "text"),
    [
        (1, False, "1ᵉʳ"),
        (2, True, "2ᵉ ex æquo"),
        (1, True, "1ᵉʳ ex æquo"),
        (11, False, "11ᵉ"),
        (None, False, ""),
    ],
)
def test_place_is_an_ordinal(place, is_equal, text):
    assert place_text(place, is_equal) == text


@pytest.mark.parametrize(
    ("severities", "readers", "shift", "text"),
    [
        ([], 5, None, "lu par cinq jurés"),
        ([], 1, None, "lu par un juré"),
        ([], 12, None, "lu par 12 jurés"),
        ([0.3, -0.3, 0, 0, 0], 5, 0, "lu par cinq jurés"),
        ([-0.04, -0.04], 2, 0.04, "lu par deux jurés"),
        (
            [-0.12, -0.12],
            2,
            0.12,
            f"lu par deux jurés plus sévères que la moyenne{N}: +{N}0,12",
        ),
        (
            [0.05, 0.05, 0.14],
            3,
            -0.08,
            f"lu par trois jurés plus généreux que la moyenne{N}: −{N}0,08",
        ),
        (
            [-0.3, 0.02, -0.01, -0.2],
            4,
            0.1225,
            f"lu par quatre jurés, dont deux plus sévères que la moyenne{N}: +{N}0,12",
        ),
        (
            [-0.5, 0.1, 0.0],
            3,
            0.1333,
            f"lu par trois jurés, dont un plus sévère et un plus généreux que la moyenne{N}: "
            f"+{N}0,13",
        ),
        ([0.2], 1, -0.2, f"lu par un juré plus généreux que la moyenne{N}: −{N}0,20"),
    ],
)
def test_sentence_counts_the_readers_that_are_noticeably_apart(severities, readers, shift, text):
    assert readers_text(severities, readers, shift) == text


@pytest.mark.parametrize("seed", range(40))
def test_noticeable_shift_always_names_a_reader(seed):
    generator = random.Random(seed)
    severities = [generator.uniform(-0.3, 0.3) for _ in range(generator.randint(1, 12))]
    shift = -sum(severities) / len(severities)
    is_told = "que la moyenne" in readers_text(severities, len(severities), shift)
    assert is_told == (round(abs(shift), 2) >= 0.05)


def test_figures_have_a_true_minus_and_a_comma():
    assert (signed_text(0.5), signed_text(-1.234)) == (f"+{N}0,50", f"−{N}1,23")
    assert interval_text(-0.06, 3.905) == "−0,06 à 3,90"
    assert interval_text(-0.001, 0) == "0,00 à 0,00"
    assert interval_text(None, None) == ""


@pytest.mark.parametrize(
    ("signed", "text"),
    [
        (0, "aucune lecture signée"),
        (1, "une lecture signée, mais incomplète"),
        (2, "deux lectures signées, mais incomplètes"),
    ],
)
def test_file_without_a_mean_says_why(signed, text):
    assert unread_text(signed) == text


# The board --------------------------------------------------------------------------------------


@pytest.fixture
def edition(db):
    edition = make_reading_edition(year=2051)
    for weight in (60, 40):
        make_criterion(edition=edition, weight=weight, allows_not_applicable=True)
    make_prize(edition=edition, quantity=2)
    return edition


@pytest.fixture
def team(db):
    return make_user(roles=[Role.TEAM])


def read(edition, table, *, is_over=True):
    """Files by their title, from {title: (levels of each juror, or None)}; the jury has ended."""
    files = {title: make_eligible(edition=edition, title=title) for title in table}
    members = [make_jury_member(edition=edition) for _ in next(iter(table.values()))]
    for title, row in table.items():
        for member, levels in zip(members, row, strict=True):
            if levels is not None:
                make_evaluation(member.assignments.get(candidature=files[title]), levels)
    if is_over:
        end_readings(edition)
    return files


def places(rows):
    return [(row.place_text, row.title) for row in rows]


THREE = {
    "Pain": [(2, 2), (3, 3), (2, 2)],
    "Étable": [(4, 4), (3, 3), (4, 4)],
    "Vélo": [(1, 1), (1, 1), (2, 2)],
}


def test_best_file_comes_first_with_its_figures(edition, team):
    files = read(edition, THREE)
    board = board_of(edition, by=team)
    assert places(board.rows) == [("1ᵉʳ", "Étable"), ("2ᵉ", "Pain"), ("3ᵉ", "Vélo")]
    assert (board.places, board.others, board.has_equals) == (2, [], False)
    first = board.rows[0]
    assert first.candidature == files["Étable"]
    assert first.raw == pytest.approx(11 / 3)
    assert (first.readers, first.sentence) == (3, "lu par trois jurés")
    rank = board.ranking.files[0]
    assert first.low == pytest.approx(rank.calibrated_mean - SURE * rank.standard_error)
    assert first.high == pytest.approx(rank.calibrated_mean + SURE * rank.standard_error)
    assert (first.rank_low, first.rank_high) == (rank.rank_low, rank.rank_high)
    assert {row.candidature.pk for row in board.rows if row.is_undecided} == set(
        board.ranking.undecided
    )
    assert board.calibration_applies
    assert board.reason == ""


def test_board_is_of_the_same_ranking_as_the_service(edition, team):
    read(edition, THREE)
    assert board_of(edition, by=team).ranking == services.ranking(edition, by=team)
    readings, weights, places = services.inputs(edition, by=team)
    assert (len(readings), list(weights.values()), places) == (9, [60, 40], 2)


def test_nothing_is_told_while_the_jury_reads(edition, team):
    read(edition, THREE, is_over=False)
    for function in (board_of, services.inputs, services.ranking):
        with pytest.raises(NotAllowed, match="lectures closes"):
            function(edition, by=team)


def test_calibration_that_does_not_apply_leaves_its_fields_empty(edition, team):
    read(edition, {"Pain": [(2, 2)], "Vélo": [(3, 3)]})
    board = board_of(edition, by=team)
    assert not board.calibration_applies
    assert "qu’une lecture" in board.reason
    row = board.rows[0]
    assert (row.title, row.raw, row.sentence) == ("Vélo", 3, "lu par un juré")
    figures = (row.calibrated, row.low, row.high, row.rank_low, row.rank_high)
    assert figures == (None,) * 5


def test_severe_readers_are_told(edition, team):
    """Two severe jurors alone read « Pain »; the others are as generous."""
    read(
        edition,
        {
            "Pain": [(1, 1), (1, 1), None, None],
            **{
                f"Dossier {level}": [(level,) * 2] * 2 + [(level + 2,) * 2] * 2
                for level in (0, 1, 2)
            },
        },
    )
    row = next(row for row in board_of(edition, by=team).rows if row.title == "Pain")
    assert row.sentence == f"lu par deux jurés plus sévères que la moyenne{N}: +{N}1,00"
    assert row.calibrated - row.raw == pytest.approx(1, abs=0.005)


def test_file_without_a_complete_reading_comes_last_without_figures(edition, team):
    read(edition, {"Zèbre": [(None, None)], "Âne": [None], "Pain": [(0, 0)]})
    board = board_of(edition, by=team)
    assert [(row.title, row.place, row.sentence) for row in board.rows] == [
        ("Pain", 1, "lu par un juré"),
        ("Âne", None, "aucune lecture signée"),
        ("Zèbre", None, "une lecture signée, mais incomplète"),
    ]
    last = board.rows[-1]
    assert (last.raw, last.calibrated, last.readers, last.place_text) == (None, None, 0, "")


def test_title_is_the_one_that_was_deposited(edition, team):
    files = read(edition, {"Le four commun": [(2, 2)]})
    Candidature.objects.filter(pk=files["Le four commun"].pk).update(title="Autre chose")
    assert board_of(edition, by=team).rows[0].title == "Le four commun"


def test_anonymous_edition_names_nobody_before_its_results(db, team):
    edition = make_reading_edition(is_anonymous=True)
    make_criterion(edition=edition)
    make_eligible(edition=edition, title="Le car de Répit 70", organisation_name="Répit 70")
    end_readings(edition)
    assert board_of(edition, by=team).rows[0].title == "Le car de [structure]"
    publish_results(edition)
    assert board_of(edition, by=team).rows[0].title == "Le car de Répit 70"


# Equals -----------------------------------------------------------------------------------------

EQUALS = {
    "Zèbre": [(2, 2), (2, 2)],
    "école": [(2, 2), (2, 2)],
    "Eau": [(2, 2), (2, 2)],
    "Pain": [(4, 4), (4, 4)],
    "Vélo": [(1, 1), (1, 1)],
}


def test_equal_files_share_a_place_in_alphabetical_order(edition, team):
    read(edition, EQUALS)
    board = board_of(edition, by=team)
    assert places(board.rows) == [
        ("1ᵉʳ", "Pain"),
        ("2ᵉ ex æquo", "Eau"),
        ("2ᵉ ex æquo", "école"),
        ("2ᵉ ex æquo", "Zèbre"),
        ("5ᵉ", "Vélo"),
    ]
    assert board.has_equals
    assert {row.separated_by for row in board.rows} == {""}


def test_fixed_list_separates_equal_files_and_says_how(edition, team):
    """« Pain » has more on the heaviest criterion; more jurors placed « Eau » before « Vélo »."""
    read(
        edition,
        {
            "Étable": [(2, 4)] * 3,
            "Pain": [(4, 1)] * 3,
            "Vélo": [(2, 2), (2, 2), (2, 2)],
            "Eau": [(3, 3), (3, 3), (0, 0)],
        },
    )
    rows = board_of(edition, by=team).rows
    assert [row.raw for row in rows] == pytest.approx([2.8, 2.8, 2, 2])
    criterion = "la moyenne sur le critère qui pèse le plus"
    preferences = "le nombre de jurés qui l’ont placé devant"
    assert [(row.place_text, row.title, row.separated_by) for row in rows] == [
        ("1ᵉʳ", "Pain", criterion),
        ("2ᵉ", "Étable", criterion),
        ("3ᵉ", "Eau", preferences),
        ("4ᵉ", "Vélo", preferences),
    ]


def vote(edition, votes, *, casting=None, number=1, is_closed=True):
    """A ballot between files, from {file: votes}; counted unless it is still open."""
    session, _ = JurySession.objects.get_or_create(
        edition=edition,
        number=1,
        defaults={"starts_at": ago(minutes=4), "opened_at": ago(minutes=4), "quorum": 1},
    )
    ballot = Ballot.objects.create(session=session, number=number, question="Qui\u202f?")
    for file, number_of_votes in votes.items():
        ballot.choices.create(
            candidature=file, votes=number_of_votes, has_casting_vote=file == casting
        )
    if is_closed:
        ballot.closed_at = timezone.now()
        ballot.save()
    return ballot


def test_counted_ballot_separates_equal_files(edition, team):
    files = read(edition, EQUALS)
    votes = {files["Eau"]: 1, files["école"]: 3, files["Zèbre"]: 3}
    vote(edition, votes, casting=files["Zèbre"], is_closed=False)
    assert board_of(edition, by=team).has_equals
    vote(edition, votes, casting=files["Zèbre"], number=2)
    by_casting = "un vote du jury, puis la voix prépondérante de la présidence"
    rows = board_of(edition, by=team).rows
    assert [(row.place_text, row.title, row.separated_by) for row in rows] == [
        ("1ᵉʳ", "Pain", ""),
        ("2ᵉ", "Zèbre", by_casting),
        ("3ᵉ", "école", by_casting),
        ("4ᵉ", "Eau", "un vote du jury"),
        ("5ᵉ", "Vélo", ""),
    ]


def test_ballot_changes_nothing_where_the_list_holds_no_vote(db, team):
    edition = make_reading_edition(tie_break=["criterion", "preferences"])
    for weight in (60, 40):
        make_criterion(edition=edition, weight=weight)
    files = read(edition, EQUALS)
    vote(edition, {files["Eau"]: 1, files["école"]: 2, files["Zèbre"]: 3})
    assert [row.place for row in board_of(edition, by=team).rows] == [1, 2, 2, 2, 5]


def test_ballot_moves_no_file_of_another_mean(edition, team):
    files = read(edition, EQUALS)
    vote(edition, {files["Vélo"]: 9, files["Pain"]: 1})
    assert places(board_of(edition, by=team).rows)[0] == ("1ᵉʳ", "Pain")


def test_who_is_kept_from_the_sessions_sees_nothing_of_their_votes(edition, team):
    files = read(edition, EQUALS)
    vote(edition, {files["Eau"]: 1, files["école"]: 2, files["Zèbre"]: 3})
    ConflictOfInterest.objects.create(user=team, candidature=files["Pain"], reason="Un ami.")
    board = board_of(edition, by=team)
    assert places(board.rows)[0] == ("1ᵉʳ ex æquo", "Eau")
    assert [row.place for row in board.rows] == [1, 1, 1, 4]


# The second round -------------------------------------------------------------------------------


def second_round(edition, files, table=None, *, closes_at=None):
    """Files of the shortlist, from {title: (levels of each juror, or None)}, signed meanwhile."""
    now = timezone.now()
    shortlist = [files[title].pk for title in table]
    Candidature.objects.filter(pk__in=shortlist).update(shortlisted_at=now)
    edition.second_opened_at, edition.second_closes_at = ago(minutes=4), ahead(days=1)
    edition.save()
    members = list(edition.jury_members.order_by("pk"))
    for title, row in table.items():
        for member, levels in zip(members, row, strict=True):
            reading = Assignment.objects.create(
                jury_member=member, candidature=files[title], round=2, position=1
            )
            if levels is not None:
                make_evaluation(reading, levels)
    edition.second_closes_at = closes_at or timezone.now()
    edition.save()


def test_second_round_ranks_its_shortlist_by_each_jurors_last_reading(edition, team):
    """The second juror signed nothing anew: what they signed of « Vélo » first still counts."""
    files = read(edition, THREE | {"Eau": [(0, 0)] * 3, "Rien": [None] * 3})
    second_round(
        edition,
        files,
        {"Pain": [(1, 1), None, (1, 1)], "Vélo": [(4, 4), None, (4, 4)]},
    )
    board = board_of(edition, by=team)
    assert places(board.rows) == [("1ᵉʳ", "Vélo"), ("2ᵉ", "Pain")]
    assert [row.raw for row in board.rows] == pytest.approx([3, 5 / 3])
    assert [row.file for row in board.ranking.files] == [files["Vélo"].pk, files["Pain"].pk]
    assert board.ranking == services.ranking(edition, by=team)
    others = [(row.place_text, row.title, row.raw, row.rank_low) for row in board.others]
    assert others == [
        ("", "Étable", pytest.approx(11 / 3), None),
        ("", "Eau", 0, None),
        ("", "Rien", None, None),
    ]
    assert [row.sentence for row in board.others][1:] == [
        "lu par trois jurés",
        "aucune lecture signée",
    ]


def test_nothing_is_told_during_the_second_round(edition, team):
    files = read(edition, THREE)
    second_round(edition, files, {"Pain": [(1, 1), None, None]}, closes_at=ahead(hours=1))
    with pytest.raises(NotAllowed):
        board_of(edition, by=team)


def test_vote_of_before_the_second_round_separates_no_more(edition, team):
    files = read(edition, EQUALS)
    ballot = vote(edition, {files["Eau"]: 1, files["Zèbre"]: 3, files["école"]: 2})
    same = [(3, 3), (3, 3)]
    second_round(edition, files, {"Eau": same, "Zèbre": same})
    assert ballot.closed_at < edition.second_closes_at
    assert [row.place for row in board_of(edition, by=team).rows] == [1, 1]
    vote(edition, {files["Eau"]: 4, files["Zèbre"]: 3}, number=2)
    assert places(board_of(edition, by=team).rows) == [("1ᵉʳ", "Eau"), ("2ᵉ", "Zèbre")]


# Always -----------------------------------------------------------------------------------------


def queries_of(files, rounds, team):
    """How many queries the board of an edition of so many files makes, all of them equal."""
    edition = make_reading_edition()
    make_criterion(edition=edition)
    same = {f"Dossier {place}": [[2], [2]] for place in range(files)}
    rows = read(edition, same | {"Laissé de côté": [[1], [1]]})
    if rounds == 2:
        second_round(edition, rows, same)
    vote(edition, {rows[title]: 1 for title in same})
    with CaptureQueriesContext(connection) as queries:
        board_of(Edition.objects.get(pk=edition.pk), by=team)
    return len(queries)


@pytest.mark.django_db
@pytest.mark.parametrize("rounds", [1, 2])
def test_number_of_queries_is_constant_and_small(team, rounds):
    assert queries_of(1, rounds, team) == queries_of(3, rounds, team) <= 14
