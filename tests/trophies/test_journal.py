"""The journal of an edition: each sentence, who reads it, and what it never tells."""

from datetime import timedelta

import pghistory
import pytest
from django.utils import timezone

from accounts.roles import Role
from tests.factories import (
    ahead,
    end_readings,
    make_criterion,
    make_edition,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_prize,
    make_reading_edition,
    make_user,
)
from trophies import services
from trophies.journal import GROUPS, PAGE_SIZE, Choice, page_of
from trophies.models import Candidature, ConflictOfInterest, Edition, Laureate

pytestmark = pytest.mark.django_db


def read(edition, user=None, number=1, **query):
    edition = Edition.objects.get(pk=edition.pk)
    user = user or make_user(roles=[Role.TEAM])
    return page_of(edition, user, Choice.of(edition, query), number)


def sentences(edition, user=None, **query):
    return [entry.what for entry in read(edition, user, **query).entries]


def all_entries(edition, user=None):
    user = user or make_user(roles=[Role.TEAM])
    numbers = read(edition, user).paginator.page_range
    return [entry for number in numbers for entry in read(edition, user, number).entries]


def said_by(entry):
    """All that a line says, as one text."""
    told = [f"{change.label} {change.before} {change.after}" for change in entry.changes]
    return " ".join([entry.who, entry.what, entry.reason, *told])


def everything(edition, user=None):
    return "\n".join(said_by(entry) for entry in all_entries(edition, user))


def changes(entry):
    return [(change.label, change.before, change.after) for change in entry.changes]


@pytest.fixture
def edition():
    edition = make_reading_edition(year=2051)
    make_criterion(edition=edition, label="Impact")
    return edition


@pytest.fixture
def file(edition):
    return make_eligible(edition=edition, title="Le four commun")


def make_read(file, level=3, name="Claire Exemple"):
    member = make_jury_member(edition=file.edition, user=make_user(name=name, roles=[Role.JURY]))
    make_evaluation(member.assignments.get(candidature=file), [level], comment_for_jury="Secret.")
    return member


# Sentences --------------------------------------------------------------------------------------


def test_moves_of_a_candidature_are_told_with_their_reason(edition, file):
    team = make_user(name="Dominique", roles=[Role.TEAM])
    services.change_status(file, "refuse", by=team, reason="Hors du territoire.")
    entry = read(edition, quoi="candidatures").entries[0]
    assert entry.what == (
        "«\u202fLe four commun\u202f»\u202f: recevable → non recevable (déclarer non recevable)"
    )
    assert (entry.who, entry.reason, entry.file) == ("Dominique", "Hors du territoire.", file)


def test_change_says_before_and_after_and_whose_hand(edition):
    prize = make_prize(edition=edition, name="Prix du village", amount=2000)
    person = make_user(name="Dominique")
    prize.amount, prize.description = 2500, "Long."
    with pghistory.context(user=person.pk, url="/admin/secret/"):
        prize.save()
    updated, added = read(edition, quoi="prix").entries
    assert updated.what == "Le prix «\u202fPrix du village\u202f» change"
    assert changes(updated) == [
        ("Montant en euros", "2\u202f000\u00a0€", "2\u202f500\u00a0€"),
        ("Ce qu’il récompense", "", "texte changé"),
    ]
    assert updated.who == "Dominique"
    assert (added.what, added.who) == (
        "Le prix «\u202fPrix du village\u202f» est ajouté",
        "Le site",
    )


def test_row_that_is_gone_keeps_its_name(edition):
    prize = make_prize(edition=edition, name="Prix perdu")
    prize.delete()
    assert sentences(edition, quoi="prix")[0] == "Le prix «\u202fPrix perdu\u202f» est supprimé"


def test_criterion_tells_why_its_words_changed(edition):
    criterion = edition.criteria.get()
    criterion.label, criterion.change_reason = "Effets", "Plus clair."
    criterion.save()
    entry = read(edition, quoi="grille").entries[0]
    assert changes(entry) == [("Critère", "Impact", "Effets")]
    assert entry.reason == "Plus clair."


def test_ties_and_their_rulings_are_told(edition, file):
    juror = make_user(name="Claire Exemple", roles=[Role.JURY])
    tie = ConflictOfInterest.objects.create(user=juror, candidature=file, reason="Une amie.")
    tie.ruling, tie.ruling_reason = "upheld", "C’est vrai."
    tie.ruled_by, tie.ruled_at = make_user(name="Dominique"), timezone.now()
    tie.save()
    ruled, noted = read(edition, quoi="liens").entries
    assert noted.what.endswith(
        "Claire Exemple et «\u202fLe four commun\u202f» est noté\u202f: déclaré"
    )
    assert noted.reason == "Une amie."
    assert ("Examen", "à examiner", "maintenu") in changes(ruled)
    assert ("Examiné par", "rien", "Dominique") in changes(ruled)
    assert ruled.reason == "C’est vrai."


def test_readings_given_and_taken_back_are_told_once_the_row_is_gone(edition, file):
    juror = make_user(name="Claire Exemple", roles=[Role.JURY])
    member = make_jury_member(edition=edition, user=juror)
    member.assignments.all().delete()
    assert sentences(edition, quoi="plan") == [
        "«\u202fLe four commun\u202f» n’est plus à lire par Claire Exemple",
        "«\u202fLe four commun\u202f» est donnée à lire à Claire Exemple",
    ]


def test_decision_and_prize_are_told_and_a_prize_taken_back(edition, file):
    prize = make_prize(edition=edition, name="Prix du village")
    end_readings(edition)
    services.decide(file, outcome="laureate", prize=prize, citation="Pour le pain.")
    services.decide(file, outcome="reserve")
    assert not Laureate.objects.exists()
    assert sentences(edition, quoi="laureats") == [
        "«\u202fLe four commun\u202f» n’a plus le prix «\u202fPrix du village\u202f»",
        "«\u202fLe four commun\u202f» reçoit le prix «\u202fPrix du village\u202f»",
    ]
    updated = read(edition, quoi="decisions").entries[0]
    assert ("Décision", "lauréate", "sur liste de réserve") in changes(updated)
    assert "Bonjour" not in everything(edition)


# What it never tells ----------------------------------------------------------------------------


def test_nothing_of_readings_while_they_are_open(edition, file):
    before = len(read(edition).entries)
    member = make_jury_member(edition=edition)
    given = len(read(edition).entries)
    make_evaluation(member.assignments.get(), [3])
    assert given > before
    assert len(read(edition).entries) == given
    assert "lectures" not in read_choice(edition).groups
    assert len(sentences(edition, quoi="lectures")) == given  # it is not a choice: all is shown
    end_readings(edition)
    assert len(read(edition).entries) > given
    assert "lectures" in read_choice(edition).groups


def read_choice(edition):
    return Choice.of(Edition.objects.get(pk=edition.pk), {})


def test_signed_readings_are_told_without_their_authors(edition, file):
    make_read(file, 3)
    end_readings(edition)
    entries = read(edition, quoi="lectures").entries
    assert {entry.who for entry in entries} == {"Un juré"}
    said = [entry.what for entry in entries]
    assert "«\u202fLe four commun\u202f», Impact\u202f: niveau 3" in said
    assert "Une lecture de «\u202fLe four commun\u202f» est signée" in said
    assert not any("Secret." in text or "Claire" in text for text in said)


def test_score_that_changed_tells_both_levels(edition, file):
    member = make_jury_member(edition=edition)
    reading = member.assignments.get()
    make_evaluation(reading, [2], is_signed=False)
    make_evaluation(reading, [4])
    end_readings(edition)
    assert "«\u202fLe four commun\u202f», Impact\u202f: niveau 2 → 4" in sentences(edition)


def test_drafts_are_never_told(edition, file):
    member = make_jury_member(edition=edition)
    make_evaluation(member.assignments.get(), [1], is_signed=False)
    end_readings(edition)
    assert sentences(edition, quoi="lectures") == []


def play(file, prize):
    """Every kind of event about a file, some of their rows gone since."""
    edition = file.edition
    make_read(file)
    juror = make_user(name="Claire Exemple", roles=[Role.JURY])
    other = make_jury_member(edition=edition, user=juror)
    other.assignments.filter(candidature=file).delete()
    ConflictOfInterest.objects.create(user=juror, candidature=file, reason="Une amie.")
    end_readings(edition)
    services.decide(file, outcome="laureate", prize=prize, citation="Pour le pain.")
    services.decide(file, outcome="reserve")
    edition.jury_closes_at = ahead(days=9)
    edition.save()


def meet(edition, files):
    """A session with one ballot, which is not counted."""
    session = services.call_session(edition, starts_at=ahead(days=1), place="Ici", quorum=1)
    session = services.open_session(session)
    for presence in session.presences.all():
        services.move(session, user=presence.user, state="present")
    return services.open_ballot(session, question="Lequel ?", candidatures=files, seats=1)


@pytest.mark.parametrize("is_superuser", [False, True])
def test_hidden_file_leaves_no_trace_in_words_nor_counts(edition, is_superuser):
    viewer = make_user(roles=[Role.TEAM], is_superuser=is_superuser)
    prize = make_prize(edition=edition, name="Prix du village")
    shown, hidden = (make_eligible(edition=edition, title=title) for title in ("Vu", "Caché"))
    for file in (shown, hidden):
        play(Candidature.objects.get(pk=file.pk), prize)
    ConflictOfInterest.objects.create(user=viewer, candidature=hidden, reason="Un cousin.")
    end_readings(Edition.objects.get(pk=edition.pk))
    meet(Edition.objects.get(pk=edition.pk), [shown, hidden])
    whole = all_entries(edition)
    assert {entry.group for entry in whole if entry.file == hidden} == set(GROUPS) - {
        "edition", "prix", "grille",
    }  # fmt: skip
    # A tie with one file hides all of the room: what is said of the others would tell of it.
    told = [entry for entry in whole if entry.group != "deliberation"]
    left = [said_by(entry) for entry in told if entry.file != hidden]
    assert [said_by(entry) for entry in all_entries(edition, viewer)] == left
    assert not any("Caché" in text or "Un cousin" in text for text in left)
    assert read(edition, viewer).paginator.count == len(left) < len(whole)


def test_tie_of_the_reader_is_not_told_even_dismissed(edition, file):
    viewer = make_user(roles=[Role.TEAM], name="Moi")
    ConflictOfInterest.objects.create(
        user=viewer,
        candidature=file,
        reason="Une amie.",
        ruling="dismissed",
        ruling_reason="Non.",
        ruled_by=make_user(),
        ruled_at=timezone.now(),
    )
    assert "Le four commun" in everything(edition, viewer)
    assert sentences(edition, viewer, quoi="liens") == []
    assert len(sentences(edition, quoi="liens")) == 1


def test_journal_is_of_its_edition_alone(edition, file):
    make_eligible(edition=make_edition(), title="Une autre année")
    assert "Une autre année" not in everything(edition)


def test_room_is_told_from_the_call_to_the_count(edition, file):
    make_read(file)
    end_readings(edition)
    ballot = meet(Edition.objects.get(pk=edition.pk), [file])
    services.close_ballot(ballot, votes={file.pk: 1}, abstentions=0)
    services.close_session(ballot.session)
    entries = read(edition, quoi="deliberation").entries
    told = sorted(entry.what for entry in entries)
    assert told == sorted(
        [
            "La séance 1 est prévue",
            "Claire Exemple est appelé à la séance 1",
            "La séance 1 s’ouvre",
            "Claire Exemple, à la séance 1\u202f: dans la salle",
            "Le scrutin 1 de la séance 1, «\u202fLequel ?\u202f», s’ouvre",
            "«\u202fLe four commun\u202f» est au scrutin 1 de la séance 1",
            "«\u202fLe four commun\u202f» a 1 voix au scrutin 1 de la séance 1, et passe",
            "Le scrutin 1 de la séance 1, «\u202fLequel ?\u202f», est dépouillé",
            "La séance 1 est levée",
        ]
    )
    assert {entry.file for entry in entries} == {None, file}


def test_room_is_told_when_a_ballot_is_dropped(edition, file):
    make_read(file)
    end_readings(edition)
    services.drop_ballot(meet(Edition.objects.get(pk=edition.pk), [file]))
    told = sentences(edition, quoi="deliberation")
    assert "Le scrutin 1 de la séance 1, «\u202fLequel ?\u202f», est supprimé" in told
    assert any(text.startswith("«\u202fLe four commun\u202f» n’est plus au") for text in told)


# Choosing ---------------------------------------------------------------------------------------


def test_day_and_group_are_chosen_and_nonsense_is_left_out(edition, file):
    today = timezone.localdate()
    assert len(sentences(edition, jour=today.isoformat())) > 0
    assert sentences(edition, jour=(today - timedelta(days=400)).isoformat()) == []
    assert sentences(edition, jour="demain", quoi="tout") == sentences(edition)
    assert set(GROUPS) >= set(read_choice(edition).groups)


def test_last_lines_come_first_and_pages_follow(edition):
    prize = make_prize(edition=edition)
    for amount in range(1, PAGE_SIZE + 3):
        prize.amount = amount
        prize.save()
    first, second = read(edition, quoi="prix"), read(edition, number=2, quoi="prix")
    assert len(first.entries) == PAGE_SIZE
    assert changes(first.entries[0])[0][2] == f"{PAGE_SIZE + 2}\u00a0€"
    assert second.entries[-1].what.endswith("est ajouté")
    assert first.paginator.count == PAGE_SIZE + 3


def test_page_costs_the_same_whatever_its_lines(edition, django_assert_max_num_queries):
    def add():
        decided = make_eligible(edition=Edition.objects.get(pk=edition.pk))
        make_read(decided, name="Un nom")
        ConflictOfInterest.objects.create(user=make_user(), candidature=decided, reason="Un lien.")

    viewer = make_user(roles=[Role.TEAM])
    viewer.has_perm("trophies.view_candidature")
    add()
    end_readings(edition)
    with django_assert_max_num_queries(40) as one:
        read(edition, viewer)
    Edition.objects.filter(pk=edition.pk).update(jury_closes_at=timezone.now() + timedelta(days=9))
    for _ in range(3):
        add()
    end_readings(edition)
    with django_assert_max_num_queries(len(one)):
        read(edition, viewer)
