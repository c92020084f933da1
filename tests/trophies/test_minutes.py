"""The minutes of a session: what they hold, whom they do not name, who seals them and when."""

import json

import pytest
from django.db import models
from django.db.utils import InternalError

from accounts.models import User
from accounts.roles import Role
from tests.factories import ago, ahead, make_user
from tests.trophies.deliberation import (
    COMMENTS,
    NAMES,
    PLACE,
    QUESTIONS,
    REMARKS,
    TIE,
    TITLES,
    make_deliberated,
    seal,
)
from trophies import services
from trophies.journal import SOURCES
from trophies.minutes_words import content_of, minuted
from trophies.models import (
    Assignment,
    Candidature,
    ConflictOfInterest,
    Decision,
    Edition,
    Evaluation,
    JurySession,
    Minutes,
    MinutesText,
    Score,
)
from trophies.seals import COLUMNS, digest_of, journal_of, seal_of
from trophies.verification import first_difference
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_deliberated()


@pytest.fixture
def minutes(world):
    return kept(seal(world))


def kept(minutes):
    return Minutes.objects.get(pk=minutes.pk)


def session_of(world):
    return JurySession.objects.get(pk=world.session.pk)


def another_session(world):
    call = {"starts_at": ahead(days=1), "place": "", "quorum": 2}
    return services.open_session(services.call_session(world.edition, **call))


# What they hold ---------------------------------------------------------------------------------


def test_payload_names_nobody_and_quotes_nothing(world, minutes):
    held = json.dumps([minutes.payload, minutes.journal], ensure_ascii=False)
    addresses = User.objects.values_list("email", flat=True)
    prizes = [prize.name for prize in world.prizes]
    labels = [criterion.label for criterion in world.criteria]
    written = [*COMMENTS.values(), *TITLES, *QUESTIONS, *prizes, *labels, PLACE, REMARKS, TIE]
    names = [*NAMES, "Gaëlle", "Zerrouki", "Ancel", "Laurent", "Roy"]
    # Something that could leak is there.
    assert "Farid Zerrouki" in [seat.name for seat in minutes.seats.all()]
    assert [text for text in [*names, *addresses, *written] if text in held] == []


def test_texts_and_names_stand_beside(world, minutes):
    texts = {row.digest: row for row in minutes.texts.all()}
    remarks = texts[minutes.payload["remarks"]]
    assert remarks.text == REMARKS
    assert digest_of(remarks.salt, REMARKS) == remarks.digest
    assert [(seat.code, seat.name) for seat in minutes.seats.all()] == [
        *[(f"J{number}", name) for number, name in enumerate(NAMES, start=1)],
        ("P1", "Gaëlle Secrétaire"),
    ]


def test_payload_tells_the_session(world, minutes):
    payload = minutes.payload
    session = session_of(world)
    assert payload["session"]["number"] == 1
    assert payload["session"]["quorum"] == 3
    assert payload["session"]["closed_at"] == session.closed_at.isoformat()
    states = {row["code"]: (row["role"], row["state"]) for row in payload["people"]}
    assert states["J1"] == ("president", "present")
    assert states["P1"] == ("", "present")
    moves = [state for _, state in payload["people"][3]["moves"]]
    assert moves == ["absent", "present", "out", "present"]


def test_payload_tells_ties_and_votes(minutes):
    payload = minutes.payload
    [recusal] = payload["recusals"]
    assert (recusal["file"], recusal["code"], recusal["origin"]) == ("2044-002", "J4", "declared")
    assert [number for number, _ in recusal["ballots"]] == [1]
    first, second = payload["ballots"]
    assert first["voters"] == ["J1", "J2", "J3"]
    assert first["casting_by"] == ""
    assert second["voters"] == ["J1", "J2", "J3", "J4"]
    assert second["casting_by"] == "J1"
    assert second["choices"][0] == {
        "file": "2044-003",
        "votes": 2,
        "has_casting_vote": True,
        "is_chosen": True,
    }


def test_payload_tells_the_computation(world, minutes):
    [made] = minutes.payload["rounds"]
    assert minutes.payload["algorithm"] == 1
    assert len(made["readings"]) == 23
    best = made["ranking"][0]
    assert (best["file"], best["place"], best["raw"]) == ("2044-001", 1, "3.750000")
    third, fourth = made["ranking"][2:4]
    assert third["raw"] == fourth["raw"] == "2.750000"
    assert third["rules"] == ["casting"]
    ranking = services.ranking(world.edition, by=world.secretary)
    assert [row["calibrated"] for row in made["ranking"]] == [
        f"{row.calibrated_mean:.6f}" for row in ranking.files
    ]


def test_payload_tells_the_decisions_and_what_went_to_nobody(world, minutes):
    outcomes = [row["outcome"] for row in minutes.payload["decisions"]]
    assert outcomes == ["laureate", "reserve", "finalist", *["not_selected"] * 3]
    assert minutes.payload["decisions"][0]["prize"] == world.prizes[0].pk
    assert [row["left"] for row in minutes.payload["prizes"]] == [0, 2]


def test_minutes_are_told_in_words(minutes):
    content = content_of(minuted(minutes))
    told = json.dumps(content, ensure_ascii=False)
    for words in [*NAMES, *TITLES, *QUESTIONS, PLACE, REMARKS, "voix prépondérante", "3,344643"]:
        assert words in told, words
    # A juror's levels stand under a code, and nowhere does a code stand beside a name.
    assert [row[1] for row in content["rounds"][0]["readings"][:2]] == ["J1", "J2"]
    others = content | {"rounds": []}
    assert "J1" not in json.dumps(others)


def read_again(world, file, level):
    """Each juror signs a second reading of a file, all its levels the same."""
    for member in world.members:
        reading = Assignment.objects.create(
            jury_member=member, candidature=file, round=2, position=1
        )
        evaluation = Evaluation.objects.create(assignment=reading, signed_at=ago(minutes=1))
        for criterion in world.criteria:
            Score.objects.create(evaluation=evaluation, criterion=criterion, level=level)


def test_both_rounds_are_told_and_computed_again(world):
    shortlist = [world.files[0], world.files[2]]
    for file, level in zip(shortlist, (2, 3), strict=True):
        Candidature.objects.filter(pk=file.pk).update(shortlisted_at=ago(minutes=4))
        read_again(world, file, level)
    Edition.objects.filter(pk=world.edition.pk).update(
        jury_closes_at=ago(minutes=9), second_opened_at=ago(minutes=4),
        second_closes_at=ago(seconds=30),
    )  # fmt: skip
    minutes = kept(seal(world))
    first, second = minutes.payload["rounds"]
    assert minutes.payload["shortlist"] == ["2044-001", "2044-003"]
    assert [row["file"] for row in second["ranking"]] == ["2044-003", "2044-001"]
    assert [row["file"] for row in first["ranking"]][0] == "2044-001"
    assert {row["round"] for row in first["readings"]} == {1}
    assert {row["round"] for row in second["readings"]} == {2}
    assert (len(first["readings"]), len(second["readings"])) == (23, 8)
    assert first_difference(minutes) == ""
    assert [row["title"] for row in content_of(minuted(minutes))["rounds"]] == [
        "Le premier tour",
        "Le second tour",
    ]


# The chain --------------------------------------------------------------------------------------


def test_seal_is_what_anyone_computes(world, minutes):
    assert minutes.seal == seal_of(minutes.payload, "", minutes.journal)
    assert minutes.journal == journal_of(world.edition)
    assert first_difference(minutes) == ""


def test_next_minutes_follow_the_former(world, minutes):
    session = another_session(world)
    services.close_session(session)
    later = services.seal_minutes(session, by=world.secretary)
    assert later.previous_seal == minutes.seal
    assert dict(minutes.journal).items() < dict(later.journal).items()
    assert [first_difference(row) for row in Minutes.objects.all()] == ["", ""]


# Names of moves of the workflow, and of what triggers note.
NAMED = ["name", "pgh_label"]


def test_every_source_of_the_journal_has_its_columns_and_none_is_personal():
    kinds = {source.model.__name__: source.model for source in SOURCES}
    assert COLUMNS.keys() == kinds.keys()
    for kind, columns in COLUMNS.items():
        fields = {field.attname: field for field in kinds[kind]._meta.concrete_fields}
        for column in columns:
            field = fields[column]
            assert field.related_model is not User, (kind, column)
            is_text = isinstance(field, models.CharField | models.TextField)
            assert not is_text or field.choices or column in NAMED, (kind, column)


def test_journal_is_whole_whoever_seals(world):
    """What is gone is there, and what a tie would hide."""
    lines = {key.split()[0] for key, _ in journal_of(world.edition)}
    assert lines == set(COLUMNS)
    world.members[0].assignments.first().evaluation.scores.first().delete()
    assert len(journal_of(world.edition)) == len(dict(journal_of(world.edition)))


# Who seals, and when ----------------------------------------------------------------------------


def test_session_that_is_open_is_not_sealed(world):
    world.session = another_session(world)
    with pytest.raises(NotAllowed, match="n’est pas levée"):
        seal(world)


def test_minutes_are_sealed_once(world, minutes):
    with pytest.raises(NotAllowed, match="déjà scellé"):
        seal(world)
    with pytest.raises(InternalError, match="minutes_are_sealed"):
        Minutes.objects.filter(pk=minutes.pk).update(seal="")


def test_earlier_session_is_sealed_first(world):
    later = another_session(world)
    services.close_session(later)
    with pytest.raises(NotAllowed, match="séance 1"):
        services.seal_minutes(later, by=world.secretary)


def test_whoever_has_a_tie_does_not_seal(world):
    ConflictOfInterest.objects.create(
        user=world.secretary, candidature=world.files[5], reason="Un cousin."
    )
    with pytest.raises(NotAllowed):
        seal(world)
    assert not Minutes.objects.visible_to(world.secretary).exists()
    seal(world, by=make_user(roles=[Role.TEAM]))
    assert not Minutes.objects.visible_to(world.secretary).exists()


def test_nothing_is_sealed_during_the_second_round(world):
    Edition.objects.filter(pk=world.edition.pk).update(
        second_opened_at=world.session.closed_at, second_closes_at=ahead(days=1)
    )
    with pytest.raises(NotAllowed, match="second tour"):
        seal(world)


def test_what_changed_since_it_was_read_is_not_sealed(world):
    draft = services.draft_minutes(session_of(world), by=world.secretary)
    services.decide(world.files[5], outcome="reserve")
    with pytest.raises(NotAllowed, match="a changé depuis"):
        seal(world, seen=draft.version)
    draft = services.draft_minutes(session_of(world), by=world.secretary)
    assert seal(world, seen=draft.version).seal


# After the seal ---------------------------------------------------------------------------------


def test_sealed_decision_waits_for_another_session(world, minutes):
    file = Candidature.objects.get(pk=world.files[5].pk)
    with pytest.raises(NotAllowed, match="ouvrez une autre séance"):
        services.decide(file, outcome="reserve")
    session = another_session(world)
    services.decide(file, outcome="reserve")
    assert Decision.objects.get(candidature=file).outcome == "reserve"
    # The first minutes say what was decided then: no difference.
    assert first_difference(minutes) == ""
    services.close_session(session)
    with pytest.raises(NotAllowed, match="ouvrez une autre séance"):
        services.decide(file, outcome="finalist")


def test_letter_may_still_be_written(world, minutes):
    decision = Decision.objects.get(candidature=world.files[5])
    services.write_letter(
        decision, letter="Autre texte.", version=services.version_of_letter(decision)
    )
    assert first_difference(minutes) == ""


def test_people_and_texts_are_erased_and_the_seal_holds(world, minutes):
    services.erase_people(minutes)
    services.erase_texts(minutes)
    minutes = kept(minutes)
    assert {seat.name for seat in minutes.seats.all()} == {""}
    assert not MinutesText.objects.exclude(text="", salt="").exists()
    assert first_difference(minutes) == ""
    told = json.dumps(content_of(minuted(minutes)), ensure_ascii=False)
    assert [words for words in [*NAMES, *TITLES, PLACE, REMARKS] if words in told] == []
    assert "texte effacé" in told
    assert "J4" in told
