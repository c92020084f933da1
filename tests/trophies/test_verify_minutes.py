"""Minutes that were tampered with, in the database itself, are caught, and the place is named."""

from datetime import timedelta
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.factories import make_prize
from tests.trophies.deliberation import make_deliberated, seal
from trophies import services
from trophies.journal import events_of
from trophies.models import (
    Ballot,
    BallotChoice,
    Criterion,
    Decision,
    Edition,
    Evaluation,
    JurySession,
    Laureate,
    Minutes,
    MinutesText,
    Presence,
    Prize,
    Score,
)
from trophies.seals import seal_of
from trophies.verification import BROKEN, first_difference

pytestmark = pytest.mark.django_db

NARROW = "\u202f"
PV = f"PV 2044-1{NARROW}: "


@pytest.fixture
def world():
    world = make_deliberated()
    world.minutes = seal(world)
    return world


def change(rows, **values):
    assert rows.update(**values)


def remove(rows):
    """By SQL: neither Django nor what depends on the rows is asked."""
    keys = list(rows.values_list("pk", flat=True))
    assert keys
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{rows.model._meta.db_table}" WHERE {key(rows)} = ANY(%s)', [keys]
        )


def key(rows):
    return rows.model._meta.pk.column


def rewrite(world, edit, *, is_sealed_again=False):
    """Edit the payload of the minutes; who knows how sets the seal again."""
    minutes = Minutes.objects.get()
    edit(minutes.payload)
    if is_sealed_again:
        minutes.seal = seal_of(minutes.payload, minutes.previous_seal, minutes.journal)
    minutes.save()


def edit_journal(edit):
    minutes = Minutes.objects.get()
    edit(minutes.journal)
    minutes.save()


def score_of(world, *, juror, file, criterion):
    return Score.objects.filter(
        evaluation__assignment__jury_member=world.members[juror],
        evaluation__assignment__candidature=world.files[file],
        criterion=world.criteria[criterion],
    )


# By what was done: how, and what is said of it ---------------------------------------------------


def a_score(world):
    change(score_of(world, juror=2, file=3, criterion=1), level=1)


def a_score_gone(world):
    remove(score_of(world, juror=2, file=3, criterion=1))


def a_signature(world):
    rows = Evaluation.objects.filter(assignment__candidature=world.files[0])
    change(rows.filter(assignment__jury_member=world.members[1]), signed_at=None)


def a_weight(world):
    change(Criterion.objects.filter(pk=world.criteria[1].pk), weight=20)


def a_column(world):
    change(Edition.objects.filter(pk=world.edition.pk), official_column="calibrated")


def a_rule(world):
    change(Edition.objects.filter(pk=world.edition.pk), tie_break=["vote"])


def a_quorum(world):
    change(JurySession.objects, quorum=2)


def a_presence(world):
    change(Presence.objects.filter(user=world.users[1]), state="absent")


def a_presence_gone(world):
    remove(Presence.objects.filter(user=world.users[1]))


def a_presence_more(world):
    session = JurySession.objects.get()
    Presence.objects.create(session=session, user=world.files[0].holders.get(), state="present")


def some_votes(world):
    change(BallotChoice.objects.filter(candidature=world.files[1]), votes=2)


def a_chosen_file(world):
    change(BallotChoice.objects.filter(candidature=world.files[3]), is_chosen=True)


def a_voter(world):
    Ballot.objects.get(number=1).voters.add(world.members[3])


def a_casting_vote(world):
    change(Ballot.objects.filter(number=2), casting_by=world.members[1])


def some_abstentions(world):
    change(Ballot.objects.filter(number=2), abstentions=1)


def a_ballot_gone(world):
    remove(BallotChoice.objects.filter(ballot__number=1))
    remove(Ballot.voters.through.objects.filter(ballot__number=1))
    remove(Ballot.objects.filter(number=1))


def a_decision(world):
    change(Decision.objects.filter(candidature=world.files[1]), outcome="finalist")


def a_decision_gone(world):
    remove(Decision.objects.filter(candidature=world.files[1]))


def a_prize(world):
    change(Laureate.objects, prize=world.prizes[1])


def a_laureate_more(world):
    laureate = Laureate.objects.get()
    laureate.pk, laureate.candidature, laureate.prize = None, None, world.prizes[1]
    laureate.save()


def a_prize_gone(world):
    remove(Prize.objects.filter(pk=world.prizes[1].pk))


def a_prize_more(world):
    make_prize(edition=world.edition)


def a_text(world):
    change(MinutesText.objects.filter(text="Les semeuses"), text="Les semeurs")


def a_level_in_the_payload(world):
    def edit(payload):
        reading = payload["rounds"][0]["readings"][0]
        reading["scores"][str(world.criteria[0].pk)] = 0

    rewrite(world, edit)


def the_remarks_in_the_payload(world):
    rewrite(world, lambda payload: payload.update(remarks="0" * 64))


def what_is_no_minutes(world):
    rewrite(world, lambda payload: payload.pop("session"))


def a_mean_sealed_again(world):
    def edit(payload):
        payload["rounds"][0]["ranking"][0]["calibrated"] = "3.750001"

    rewrite(world, edit, is_sealed_again=True)


def a_place_sealed_again(world):
    def edit(payload):
        third, fourth = payload["rounds"][0]["ranking"][2:4]
        third["place"], fourth["place"] = 4, 3

    rewrite(world, edit, is_sealed_again=True)


def a_ballot_sealed_again(world):
    """In the database and in the minutes alike."""
    change(BallotChoice.objects.filter(candidature=world.files[0]), is_chosen=False)
    change(BallotChoice.objects.filter(candidature=world.files[1]), is_chosen=True)

    def edit(payload):
        first, second = payload["ballots"][0]["choices"]
        first["is_chosen"], second["is_chosen"] = False, True

    rewrite(world, edit, is_sealed_again=True)


def a_vote_without_quorum_sealed_again(world):
    ballot = Ballot.objects.get(number=1)
    ballot.voters.remove(world.members[2])
    change(BallotChoice.objects.filter(candidature=world.files[1]), votes=0)

    def edit(payload):
        payload["ballots"][0]["voters"].remove("J3")
        payload["ballots"][0]["choices"][1]["votes"] = 0

    rewrite(world, edit, is_sealed_again=True)


def another_version_sealed_again(world):
    rewrite(world, lambda payload: payload.update(algorithm=7), is_sealed_again=True)


def a_line(world):
    change(events_of(Score).objects.filter(pk=first_line("ScoreEvent")), level=0)


def the_time_of_a_line(world):
    row = events_of(Score).objects.get(pk=first_line("ScoreEvent"))
    row.pgh_created_at -= timedelta(days=1)
    row.save()


def a_line_gone(world):
    remove(events_of(Decision).objects.filter(pk=first_line("DecisionEvent")))


def first_line(kind):
    keys = [key for key, _ in Minutes.objects.get().journal]
    return min(int(key.split()[1]) for key in keys if key.startswith(f"{kind} "))


def a_line_left_out(world):
    edit_journal(lambda journal: journal.pop(4))


def lines_in_another_order(world):
    edit_journal(lambda journal: journal.insert(4, journal.pop(5)))


def the_digest_of_a_line(world):
    edit_journal(lambda journal: journal[4].__setitem__(1, "0" * 64))


def the_previous_seal(world):
    change(Minutes.objects, previous_seal="0" * 64)


def the_seal(world):
    change(Minutes.objects, seal="0" * 64)


TAMPERED = {
    a_score: "la note de J3 sur le critère 2 du dossier 2044-004 est 1 dans la base, 3 au "
    "procès-verbal",
    a_score_gone: "la note de J3 sur le critère 2 du dossier 2044-004 est absente dans la base, 3",
    a_signature: "la lecture du dossier 2044-001 par J2 n’est plus dans la base, ou plus signée",
    a_weight: "le poids du critère 2 est 20 dans la base, 10 au procès-verbal",
    a_column: "la colonne qui donne l’ordre officiel",
    a_rule: "la liste de départage",
    a_quorum: "le quorum est 2 dans la base, 3 au procès-verbal",
    a_presence: "la présence de J2 est «\u202fabsent\u202f» dans la base, «\u202fdans la salle",
    a_presence_gone: "la présence de J2 est sans trace dans la base",
    a_presence_more: "une personne est appelée à la séance dans la base",
    some_votes: "le nombre de voix du dossier 2044-002 au scrutin 1 est 2 dans la base, 1",
    a_chosen_file: "ce que le scrutin 2 a décidé du dossier 2044-004 a changé",
    a_voter: "au scrutin 1, J4 est votante dans la base, absente au procès-verbal",
    a_casting_vote: "au scrutin 2, la voix prépondérante est à J2 dans la base, à J1",
    some_abstentions: "au scrutin 2, le nombre d’abstentions est 1 dans la base, 0",
    a_ballot_gone: "le scrutin 1 n’est plus dans la base",
    a_decision: "la décision sur le dossier 2044-002 est «\u202ffinaliste\u202f» dans la base, "
    "«\u202fsur liste de réserve\u202f» au procès-verbal",
    a_decision_gone: "la décision sur le dossier 2044-002 est «\u202fà prendre\u202f» dans la base",
    a_prize: "le prix du dossier 2044-001 n’est pas le même",
    a_prize_gone: " est absent dans la base, 2 au procès-verbal",
    a_prize_more: "est dans la base, et pas au procès-verbal",
    a_laureate_more: "le nombre d’exemplaires non attribués du prix",
    a_text: "le texte «\u202fLes semeurs\u202f» n’est pas celui qui a été scellé",
    a_level_in_the_payload: f"{BROKEN}\u202f; la note de J1 sur le critère 1 du dossier 2044-001 "
    "est 4 dans la base, 0 au procès-verbal",
    the_remarks_in_the_payload: BROKEN,
    what_is_no_minutes: BROKEN,
    a_mean_sealed_again: "la moyenne sans la sévérité des lecteurs du dossier 2044-001, après "
    "calcul, est 3,750000, 3,750001 au procès-verbal",
    a_place_sealed_again: "la place du dossier 2044-003, après calcul, est 3, 4 au procès-verbal",
    a_ballot_sealed_again: "le scrutin 1, recompté, retient 2044-001\u202f; le procès-verbal, "
    "2044-002",
    a_vote_without_quorum_sealed_again: "le scrutin 1 a 2 votants, pour un quorum de 3",
    another_version_sealed_again: "le classement vient de la version 7 du calcul",
    a_line: " (ScoreEvent ",
    the_time_of_a_line: " (ScoreEvent ",
    a_line_gone: " n’est plus dans la base",
    a_line_left_out: BROKEN,
    lines_in_another_order: f"{BROKEN}\u202f; la ligne 5 du journal",
    the_digest_of_a_line: f"{BROKEN}\u202f; la ligne 5 du journal",
    the_previous_seal: f"{BROKEN}\u202f; le sceau précédent",
    the_seal: BROKEN,
}


def tampered(world, tamper):
    """What is said of it; then all is as before."""
    with transaction.atomic():
        with pgtrigger.ignore():
            tamper(world)
        said = first_difference(Minutes.objects.get())
        transaction.set_rollback(True)
    return said


def test_tampering_is_caught_and_named(world):
    said = {tamper.__name__: tampered(world, tamper) for tamper in TAMPERED}
    missed = {
        tamper.__name__: said[tamper.__name__]
        for tamper, expected in TAMPERED.items()
        if not said[tamper.__name__].startswith(PV) or expected not in said[tamper.__name__]
    }
    assert missed == {}
    assert first_difference(Minutes.objects.get()) == ""


def test_erased_minutes_are_still_checked(world):
    services.erase_people(world.minutes)
    services.erase_texts(world.minutes)
    for tamper in [a_level_in_the_payload, a_mean_sealed_again, a_decision, a_line, the_seal]:
        assert tampered(world, tamper).startswith(PV), tamper
    # What a purge takes away of a person who was erased is no difference.
    assert tampered(world, a_score_gone) == ""
    assert tampered(world, a_presence_gone) == ""


# The command ------------------------------------------------------------------------------------


def verify(*arguments):
    out = StringIO()
    try:
        call_command("verify_minutes", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue().strip()
    return 0, out.getvalue().strip()


def test_command_says_that_all_is_intact(world):
    lines = len(world.minutes.journal)
    expected = f"PV 2044-1{NARROW}: intact, {lines} lignes de journal, 6 dossiers"
    assert verify() == verify("2044") == verify("2044", "1") == (0, expected)


def test_command_names_the_first_difference_and_fails(world):
    with pgtrigger.ignore():
        a_score(world)
    code, said = verify("2044", "1")
    assert code == 1
    assert said == PV + TAMPERED[a_score]


def test_command_says_that_there_is_nothing_to_check(world):
    with pytest.raises(CommandError, match="Aucun procès-verbal"):
        verify("2043")
    with pytest.raises(CommandError, match="Aucun procès-verbal"):
        verify("2044", "2")
