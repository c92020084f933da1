"""What raw SQL cannot break: the rules of the chain that the database itself holds."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import (
    ago,
    make_candidature,
    make_criterion,
    make_deposited,
    make_edition,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_laureate,
    make_prize,
    make_reading_edition,
    make_user,
)
from trophies import services
from trophies.models import AwardFollowUp, JuryMember

pytestmark = pytest.mark.django_db


def sql(statement, **values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def passes(statement, **values):
    """Whether the database takes it; undone at once."""
    with transaction.atomic():
        sql(statement, **values)
        transaction.set_rollback(True)
    return True


def refuses(rule, statement, **values):
    """Whether the database refuses it, by the rule of that name (or those words)."""
    with pytest.raises(DatabaseError, match=rule):
        sql(statement, **values)
    return True


def columns(row, **changes):
    """An UPDATE of one row, and its values."""
    sets = ", ".join(f"{name} = %({name})s" for name in changes)
    return f"UPDATE {row._meta.db_table} SET {sets} WHERE id = %(id)s", changes | {"id": row.pk}


def accepts_row(row, **changes):
    statement, values = columns(row, **changes)
    return passes(statement, **values)


def refuses_row(rule, row, **changes):
    statement, values = columns(row, **changes)
    return refuses(rule, statement, **values)


# Status and dates -------------------------------------------------------------------------------

DAY = "2027-03-01 12:00+01"
SUBMITTED = {"submitted_at": DAY, "reference": "2027-014"}
BLANK = {
    "submitted_at": None,
    "screened_at": None,
    "withdrawn_at": None,
    "reference": "",
    "reason": "",
}
RIGHT = [
    {"status": "draft"},
    {"status": "submitted"} | SUBMITTED,
    {"status": "eligible", "screened_at": DAY} | SUBMITTED,
    {"status": "ineligible", "screened_at": DAY, "reason": "Loin."} | SUBMITTED,
    {"status": "withdrawn", "withdrawn_at": DAY} | SUBMITTED,
    {"status": "withdrawn", "withdrawn_at": DAY, "screened_at": DAY} | SUBMITTED,
]
WRONG = [
    ("deposited", {"status": "draft", "submitted_at": DAY}),
    ("deposited", {"status": "draft", "reference": "2027-014"}),
    ("deposited", {"status": "draft"} | SUBMITTED),
    ("screened", {"status": "draft", "screened_at": DAY}),
    ("dated", {"status": "draft", "withdrawn_at": DAY}),
    ("deposited", {"status": "submitted"}),
    ("deposited", {"status": "submitted"} | SUBMITTED | {"submitted_at": None}),
    ("deposited", {"status": "submitted"} | SUBMITTED | {"reference": ""}),
    ("screened", {"status": "submitted", "screened_at": DAY} | SUBMITTED),
    ("dated", {"status": "submitted", "withdrawn_at": DAY} | SUBMITTED),
    ("deposited", {"status": "eligible", "screened_at": DAY}),
    ("screened", {"status": "eligible"} | SUBMITTED),
    ("dated", {"status": "eligible", "screened_at": DAY, "withdrawn_at": DAY} | SUBMITTED),
    ("deposited", {"status": "ineligible", "screened_at": DAY, "reason": "Loin."}),
    ("screened", {"status": "ineligible", "reason": "Loin."} | SUBMITTED),
    ("reason", {"status": "ineligible", "screened_at": DAY} | SUBMITTED),
    ("dated", {"reason": "Loin.", "withdrawn_at": DAY} | RIGHT[3]),
    ("dated", {"status": "withdrawn"} | SUBMITTED),
    ("deposited", {"status": "withdrawn", "withdrawn_at": DAY}),
    ("known|screened", {"status": "lost"} | SUBMITTED),
    ("known|screened", {"status": ""} | SUBMITTED),
]


@pytest.mark.parametrize("fields", RIGHT)
def test_status_and_dates_that_agree_pass(fields):
    assert accepts_row(make_candidature(), **BLANK | fields)


@pytest.mark.parametrize(("rule", "fields"), WRONG)
def test_status_and_dates_agree(rule, fields):
    assert refuses_row(rf"candidature_\w*{rule}", make_candidature(), **BLANK | fields)


def test_reference_is_given_once():
    first, second = make_deposited(), make_deposited()
    assert accepts_row(second, reference="2099-001")
    assert refuses_row("candidature_reference_is_unique", second, reference=first.reference)


def test_deposit_number_is_given_once():
    deposit = make_deposited().last_deposit
    statement = (
        "INSERT INTO trophies_deposit"
        " (candidature_id, number, payload, by_id, received_at, sha256, origin, reason)"
        " SELECT candidature_id, %(number)s, payload, by_id, received_at, sha256, origin, reason"
        " FROM trophies_deposit WHERE id = %(id)s"
    )
    assert passes(statement, id=deposit.pk, number=2)
    assert refuses("deposit_number_is_unique", statement, id=deposit.pk, number=1)


# The jury ---------------------------------------------------------------------------------------


@pytest.fixture
def edition():
    return make_reading_edition()


@pytest.fixture
def other_edition():
    return make_reading_edition()


@pytest.fixture
def file(edition):
    return make_eligible(edition=edition)


@pytest.fixture
def member(edition, file):
    """A juror who reads the file."""
    return make_jury_member(edition=edition)


@pytest.fixture
def criterion(edition):
    return make_criterion(edition=edition)


@pytest.fixture
def neighbour(criterion):
    return make_criterion(edition=criterion.edition, position=1)


@pytest.fixture
def score(criterion, member):
    """The one level given, whatever the criteria."""
    comments = {"comment_for_jury": "", "comment_for_candidate": ""}
    reading = member.assignments.get()
    return services.save_evaluation(reading, levels={criterion: 2}, **comments).scores.get()


@pytest.mark.parametrize("level", range(5))
def test_level_of_the_grid_passes(score, level):
    assert accepts_row(score, level=level)


@pytest.mark.parametrize("level", [-1, 5, 32767])
def test_level_stays_in_the_grid(score, level):
    assert refuses_row("score_is_within_levels|score_level_check", score, level=level)


def test_level_is_empty_only_where_the_criterion_allows_it(edition, member):
    make_criterion(edition=edition, position=1)
    make_criterion(edition=edition, position=2, allows_not_applicable=True)
    strict, loose = make_evaluation(member.assignments.get(), [2, 2]).scores.all()
    assert accepts_row(loose, level=None)
    assert refuses_row("Ce niveau n’est pas de cette grille", strict, level=None)


def test_score_is_of_its_own_grid(other_edition, neighbour, score):
    assert accepts_row(score, criterion_id=neighbour.pk)
    stranger = make_criterion(edition=other_edition)
    assert refuses_row("Ce niveau n’est pas", score, criterion_id=stranger.pk)


def test_criterion_is_scored_once(neighbour, score):
    statement = (
        "INSERT INTO trophies_score (evaluation_id, criterion_id, level)"
        " VALUES (%(evaluation)s, %(criterion)s, 1)"
    )
    assert passes(statement, evaluation=score.evaluation_id, criterion=neighbour.pk)
    assert refuses(
        "score_is_unique",
        statement,
        evaluation=score.evaluation_id,
        criterion=score.criterion_id,
    )


def test_reading_has_one_evaluation(edition, member, score):
    statement = (
        "INSERT INTO trophies_evaluation"
        " (assignment_id, comment_for_jury, comment_for_candidate, updated_at)"
        " VALUES (%(assignment)s, '', '', now())"
    )
    first, second = member.assignments.get(), other_reading(edition, member)
    assert passes(statement, assignment=second.pk)
    assert refuses("trophies_evaluation_assignment_id", statement, assignment=first.pk)


def other_reading(edition, member):
    return member.assignments.get(candidature=make_eligible(edition=edition))


ASSIGN = (
    "INSERT INTO trophies_assignment (uuid, jury_member_id, candidature_id, round, position)"
    " VALUES (gen_random_uuid(), %(member)s, %(file)s, %(round)s, 1)"
)
DECLARE = (
    "INSERT INTO trophies_conflictofinterest (user_id, candidature_id, origin, signs, reason,"
    " declared_at, ruling, ruling_reason)"
    " VALUES (%(user)s, %(file)s, 'declared', '{}', 'Un lien', now(), 'pending', '')"
)


def test_juror_reads_a_file_once_a_round(member, file):
    assert passes(ASSIGN, member=member.pk, file=file.pk, round=2)
    assert refuses("assignment_is_unique", ASSIGN, member=member.pk, file=file.pk, round=1)


def test_reading_is_within_an_edition(member, other_edition):
    new_file = make_deposited(edition=member.edition)
    stranger = make_eligible(edition=other_edition)
    assert passes(ASSIGN, member=member.pk, file=new_file.pk, round=1)
    rule = "Ce juré et cette candidature"
    assert refuses(rule, ASSIGN, member=member.pk, file=stranger.pk, round=1)
    assert refuses_row(rule, member.assignments.get(), candidature_id=stranger.pk)


def test_conflict_is_declared_once(member, file):
    sql(DECLARE, user=member.user_id, file=file.pk)
    assert refuses("conflict_is_unique", DECLARE, user=member.user_id, file=file.pk)


def test_conflict_says_what_it_is(member, file):
    sql(DECLARE, user=member.user_id, file=file.pk)
    conflict, rule = file.conflicts.get(), "conflict_says_what_it_is"
    assert refuses_row(rule, conflict, reason="")
    assert refuses_row(rule, conflict, reason="", origin="detected")
    assert accepts_row(conflict, reason="", origin="detected", signs=["commune"])
    assert refuses_row(rule, conflict, reason="", signs=["commune"])


def test_ruling_on_a_conflict_has_a_reason(member, file):
    sql(DECLARE, user=member.user_id, file=file.pk)
    conflict, rule = file.conflicts.get(), "conflict_ruling_has_reason"
    ruled = {"ruling": "upheld", "ruled_by_id": member.user_id, "ruled_at": ago(hours=1)}
    assert accepts_row(conflict, ruling_reason="Même association.", **ruled)
    assert refuses_row(rule, conflict, **ruled)
    for name in ["ruled_by_id", "ruled_at"]:
        assert refuses_row(rule, conflict, ruling_reason="Oui.", **ruled | {name: None})
    assert refuses_row(rule, conflict, ruled_at=ago(hours=1))


def test_jury_has_one_president(edition, other_edition, member):
    JuryMember.objects.create(edition=edition, user=make_user(), role="president")
    assert accepts_row(member, role="deputy")
    assert refuses_row("jury_has_one_president", member, role="president")
    elsewhere = make_jury_member(edition=other_edition)
    assert accepts_row(elsewhere, role="president")


def test_person_sits_once_in_a_jury(edition, member):
    second = make_jury_member(edition=edition)
    assert refuses_row("jury_member_is_unique", second, user_id=member.user_id)


@pytest.mark.parametrize("levels", ["{a,b,c,d}", "{a,b,c,d,e,f}", "{}"])
def test_criterion_has_five_levels(criterion, levels):
    assert accepts_row(criterion, levels="{a,b,c,d,e}")
    assert refuses_row("criterion_has_its_levels", criterion, levels=levels)


# Prizes -----------------------------------------------------------------------------------------


@pytest.fixture
def prize(edition):
    return make_prize(edition=edition, quantity=2)


@pytest.fixture
def laureate(prize, file):
    return make_laureate(prize=prize, candidature=file, place=1)


def test_place_is_taken_once(prize, laureate):
    second = make_laureate(prize=prize, place=2)
    assert accepts_row(second, citation="Bravo")
    assert refuses_row("laureate_place_is_unique", second, place=1)


@pytest.mark.parametrize("place", [0, -1, 3])
def test_place_is_one_of_the_prize(laureate, place):
    rule = "laureate_place_is_positive|laureate_place_check|en autant d’exemplaires"
    assert accepts_row(laureate, place=2)
    assert refuses_row(rule, laureate, place=place)


def test_prize_keeps_the_places_that_are_taken(prize, laureate):
    assert accepts_row(prize, quantity=1)
    make_laureate(prize=prize, place=2)
    assert accepts_row(prize, quantity=5)
    assert refuses_row("Ce prix a déjà plus de lauréats", prize, quantity=1)


def test_prize_is_of_the_edition_of_the_file(other_edition, prize, laureate):
    neighbour = make_eligible(edition=prize.edition)
    stranger = make_eligible(edition=other_edition)
    assert accepts_row(laureate, candidature_id=neighbour.pk)
    rule = "n’est pas de l’édition"
    assert refuses_row(rule, laureate, candidature_id=stranger.pk)
    assert refuses_row(rule, laureate, prize_id=make_prize(edition=other_edition).pk)


def test_file_has_one_prize(prize, laureate, file):
    second = make_laureate(prize=make_prize(edition=prize.edition))
    assert refuses_row("laureate_candidature_id", second, candidature_id=file.pk)


def test_decision_is_one_of_the_four(file):
    statement = (
        "INSERT INTO trophies_decision (candidature_id, outcome, letter, decided_at)"
        " VALUES (%(file)s, %(outcome)s, '', now())"
    )
    for outcome in ["laureate", "reserve", "finalist", "not_selected"]:
        assert passes(statement, file=file.pk, outcome=outcome)
    assert refuses("decision_outcome_is_known", statement, file=file.pk, outcome="perhaps")
    sql(statement, file=file.pk, outcome="reserve")
    assert refuses("decision_candidature_id", statement, file=file.pk, outcome="laureate")


@pytest.mark.parametrize(
    "changes",
    [
        {"paid_on": "2027-06-01", "paid_amount": None},
        {"paid_on": None, "paid_amount": 2000},
        {"paid_on": "2027-06-01", "paid_amount": 0},
        {"paid_on": "2027-06-01", "paid_amount": -5},
    ],
)
def test_payment_has_a_date_and_an_amount(laureate, changes):
    follow_up = AwardFollowUp.objects.create(laureate=laureate)
    assert accepts_row(follow_up, paid_on="2027-06-01", paid_amount=2000)
    assert accepts_row(follow_up, paid_on=None, paid_amount=None)
    assert refuses_row("follow_up_payment_is_whole", follow_up, **changes)


# What a row stands on does not move under it ----------------------------------------------------

KEPT = "Cannot update rows"


def test_candidature_stays_in_its_edition_once_it_is_read(file, member, other_edition):
    assert accepts_row(file, title="Autre")
    assert refuses_row(KEPT, file, edition_id=other_edition.pk)


def test_juror_stays_in_their_edition_once_they_read(member, other_edition):
    assert refuses_row(KEPT, member, edition_id=other_edition.pk)


def test_criterion_stays_in_its_edition(criterion, other_edition):
    assert refuses_row(KEPT, criterion, edition_id=other_edition.pk)


LOCKED = "la grille ne change plus"
GRID = (
    "INSERT INTO trophies_criterion (edition_id, label, help, weight, levels,"
    " allows_not_applicable, position, change_reason)"
    " VALUES (%(edition)s, 'Autre', '', 20, '{a,b,c,d,e}', false, 9, '')"
)


def test_grid_is_locked_by_the_first_score(edition, criterion, neighbour, member):
    changes = {"weight": 30}, {"allows_not_applicable": True}
    assert all(accepts_row(criterion, **change) for change in changes)
    assert passes(GRID, edition=edition.pk)
    levels = {"levels": {criterion: 2}, "comment_for_jury": "", "comment_for_candidate": ""}
    services.save_evaluation(member.assignments.get(), **levels)
    assert all(refuses_row(LOCKED, row, **c) for c in changes for row in (criterion, neighbour))
    assert refuses(LOCKED, GRID, edition=edition.pk)
    assert refuses(LOCKED, "DELETE FROM trophies_criterion WHERE id = %(pk)s", pk=neighbour.pk)
    assert accepts_row(criterion, label="Mieux dit", change_reason="Le mot prêtait à confusion.")
    assert passes(GRID, edition=make_edition().pk)


def test_official_column_is_locked_once_the_jury_reads(edition):
    assert refuses_row("ne change plus", edition, official_column="calibrated")
    assert accepts_row(make_edition(), official_column="calibrated")
    assert accepts_row(edition, summary="Autre", official_column="raw")


def test_prize_stays_in_its_edition_once_it_is_given(prize, laureate, other_edition):
    assert refuses_row(KEPT, prize, edition_id=other_edition.pk)


def test_evaluation_stays_with_its_reading(edition, score, other_edition):
    elsewhere = make_jury_member(edition=other_edition)
    reading = other_reading(other_edition, elsewhere)
    assert refuses_row(KEPT, score.evaluation, assignment_id=reading.pk)
