"""What the jury decides: averages, prizes, sheets and letters."""

import pytest
from post_office.models import STATUS, Email

from accounts.roles import Role
from initiatives.models import Initiative
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_criterion,
    make_deposited,
    make_eligible,
    make_evaluation,
    make_initiative,
    make_jury_member,
    make_prize,
    make_reading_edition,
    make_user,
    publish_results,
)
from tests.results import means, read_letters, work
from trophies import services
from trophies.models import AwardFollowUp, Decision, Edition, Laureate
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

Outcome = Decision.Outcome
ANSWERS = ["need", "response", "people", "effects", "risks", "spread", "viability"]


@pytest.fixture
def edition():
    return make_reading_edition(year=2041)


@pytest.fixture
def deliberating(edition):
    end_readings(edition)
    return edition


@pytest.fixture
def prize(edition):
    return make_prize(edition=edition, quantity=1, name="Grand prix", amount=2000)


def now_of(row):
    return type(row).objects.get(pk=row.pk)


def reward(candidature, prize, **options):
    return services.decide(candidature, outcome=Outcome.LAUREATE, prize=prize, **options)


def reject(candidature):
    return services.decide(now_of(candidature), outcome=Outcome.NOT_SELECTED)


# Means ------------------------------------------------------------------------------------------


@pytest.fixture
def grid(edition):
    make_criterion(edition=edition, position=1, weight=30)
    make_criterion(edition=edition, position=2, weight=10, allows_not_applicable=True)


def read(member, file, levels, **options):
    return make_evaluation(member.assignments.get(candidature=file), levels, **options)


@pytest.mark.usefixtures("grid")
def test_means_are_seen_once_the_readings_are_closed(edition):
    file = make_eligible(edition=edition)
    read(make_jury_member(edition=edition), file, [4, 2])
    with pytest.raises(NotAllowed, match="lectures closes"):
        means(edition)
    end_readings(edition)
    assert means(edition) == {file.pk: 3.5}
    publish_results(edition)
    assert means(edition) == {file.pk: 3.5}


@pytest.mark.usefixtures("grid")
def test_mean_counts_signed_readings_without_a_conflict(edition):
    file, other = make_eligible(edition=edition), make_eligible(edition=edition)
    members = [make_jury_member(edition=edition) for _ in range(3)]
    read(members[0], file, [4, None])
    read(members[1], file, [0, 0], is_signed=False)
    read(members[2], file, [1, 1])
    read(members[2], other, [2, 2])
    services.declare_conflict(members[2].assignments.get(candidature=file), reason="Ma sœur.")
    end_readings(edition)
    assert means(edition) == {file.pk: 4, other.pk: 2}


@pytest.mark.usefixtures("grid")
def test_mean_is_of_one_edition(deliberating):
    elsewhere = make_reading_edition()
    make_criterion(edition=elsewhere)
    file = make_eligible(edition=elsewhere)
    read(make_jury_member(edition=elsewhere), file, [3])
    assert means(deliberating) == {}


@pytest.mark.usefixtures("grid")
def test_signature_taken_back_counts_no_more(edition):
    file, member = make_eligible(edition=edition), make_jury_member(edition=edition)
    read(member, file, [4, 4])
    services.unsign(member.assignments.get())
    end_readings(edition)
    assert means(edition) == {}


@pytest.mark.parametrize(
    ("column", "best"), [("raw", "kindly read"), ("calibrated", "harshly read")]
)
def test_order_follows_the_official_column(column, best):
    """Two severe jurors read one file, two lenient ones the other; all read what joins them."""
    edition = make_reading_edition(official_column=column)
    make_criterion(edition=edition)
    files = {name: make_eligible(edition=edition) for name in ["harshly read", "kindly read"]}
    joined = [make_eligible(edition=edition) for _ in range(3)]
    for severity, name, level in [(-1, "harshly read", 2), (1, "kindly read", 3)] * 2:
        member = make_jury_member(edition=edition)
        read(member, files[name], [level])
        for true, file in enumerate(joined, start=1):
            read(member, file, [true + severity])
    end_readings(edition)
    ranking = services.ranking(edition, by=make_user(is_superuser=True))
    assert ranking.calibration_applies
    keys = {file.pk: name for name, file in files.items()}
    assert next(keys[row.file] for row in ranking.files if row.file in keys) == best


# Decisions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dates",
    [
        {"jury_opens_at": ahead(days=5), "jury_closes_at": ahead(days=10)},
        {"jury_opens_at": ago(days=5), "jury_closes_at": ahead(days=10)},
        {"jury_closes_at": ago(days=1), "results_published_at": ago(minutes=1)},
    ],
)
def test_jury_decides_in_deliberation_only(edition, dates):
    file = make_eligible(edition=edition)
    Edition.objects.filter(pk=edition.pk).update(**dates)
    with pytest.raises(NotAllowed, match="Le jury décide entre"):
        services.decide(now_of(file), outcome=Outcome.RESERVE)
    assert not Decision.objects.exists()


def refuse(file):
    return services.change_status(
        file, "refuse", by=make_user(roles=[Role.TEAM]), reason="Hors du territoire."
    )


def test_jury_decides_of_eligible_files_only(deliberating, prize):
    moved = refuse(make_eligible(edition=deliberating))
    with pytest.raises(NotAllowed):
        reward(moved, prize)
    with pytest.raises(NotAllowed):
        reject(make_deposited(edition=deliberating))
    assert not Laureate.objects.exists()


def test_file_that_moved_since_it_was_read_is_not_decided(deliberating, prize):
    seen = make_eligible(edition=deliberating)
    refuse(seen)
    with pytest.raises(NotAllowed):
        reward(seen, prize)


def test_laureate_needs_a_prize(deliberating):
    with pytest.raises(NotAllowed, match="Choisissez le prix"):
        reward(make_eligible(edition=deliberating), None)
    assert (Decision.objects.count(), Initiative.objects.count()) == (0, 0)


def test_prize_already_given_is_refused(deliberating, prize):
    first, second = make_eligible(edition=deliberating), make_eligible(edition=deliberating)
    reward(first, prize)
    with pytest.raises(NotAllowed, match="Grand prix.* est déjà attribué"):
        reward(second, prize)
    assert list(Laureate.objects.values_list("candidature", flat=True)) == [first.pk]
    assert Decision.objects.count() == 1
    reject(first)
    assert reward(second, prize).outcome == Outcome.LAUREATE


def test_places_of_a_prize_are_filled_in_order(deliberating):
    prize = make_prize(edition=deliberating, quantity=3)
    files = [make_eligible(edition=deliberating) for _ in range(4)]
    for file in files[:3]:
        reward(file, prize)
    reject(files[1])
    reward(files[3], prize)
    places = Laureate.objects.order_by("place").values_list("candidature", flat=True)
    assert list(places) == [files[0].pk, files[3].pk, files[2].pk]


def test_laureate_may_change_prize(deliberating, prize):
    other = make_prize(edition=deliberating, name="Prix du public", amount=500)
    file = make_eligible(edition=deliberating)
    reward(file, prize, citation="Avant")
    decision = reward(now_of(file), other, citation="Après")
    laureate = Laureate.objects.get()
    assert (laureate.prize, laureate.citation) == (other, "Après")
    assert "Prix du public" in decision.letter
    assert Initiative.objects.count() == 1


def test_prize_taken_back_takes_its_sheet_with_it(deliberating, prize):
    file = make_eligible(edition=deliberating)
    reward(file, prize)
    AwardFollowUp.objects.create(laureate=Laureate.objects.get())
    assert Initiative.objects.count() == 1
    reject(file)
    assert (Laureate.objects.count(), Initiative.objects.count()) == (0, 0)
    assert now_of(file).initiative is None
    assert Decision.objects.get().outcome == Outcome.NOT_SELECTED


def test_prize_taken_back_leaves_a_sheet_that_existed(deliberating, prize):
    sheet = make_initiative()
    file = make_eligible(edition=deliberating, initiative=sheet)
    reward(file, prize)
    reject(file)
    assert not Laureate.objects.exists()
    assert now_of(file).initiative == sheet


def test_decision_taken_again_is_one_row(deliberating):
    file = make_eligible(edition=deliberating)
    for outcome in [Outcome.FINALIST, Outcome.RESERVE, Outcome.RESERVE]:
        services.decide(now_of(file), outcome=outcome)
    assert Decision.objects.get().outcome == Outcome.RESERVE


# Letters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.LAUREATE, "Grand prix"),
        (Outcome.RESERVE, "liste de réserve"),
        (Outcome.FINALIST, "parmi les finalistes"),
        (Outcome.NOT_SELECTED, "ne l’a pas retenu"),
    ],
)
def test_letter_says_the_decision(deliberating, prize, outcome, words):
    file = make_eligible(edition=deliberating, title="Pain & roses")
    options = {"prize": prize} if outcome == Outcome.LAUREATE else {}
    letter = services.decide(file, outcome=outcome, **options).letter
    assert words in letter
    assert "Pain & roses" in letter


def test_letter_carries_what_was_written_for_the_candidate(edition):
    make_criterion(edition=edition)
    file, other = make_eligible(edition=edition), make_eligible(edition=edition)
    members = [make_jury_member(edition=edition) for _ in range(3)]
    said = {"comment_for_candidate": "Dit au candidat.", "comment_for_jury": "Dit au jury."}
    read(members[0], file, [4], **said)
    read(members[1], file, [4], comment_for_candidate="Pas signé.", is_signed=False)
    read(members[2], file, [4], comment_for_candidate="D’un proche.")
    read(members[2], other, [4], comment_for_candidate="D’un autre dossier.")
    services.declare_conflict(members[2].assignments.get(candidature=file), reason="Un proche.")
    end_readings(edition)
    letter = reject(file).letter
    assert "Dit au candidat." in letter
    for words in ["Dit au jury.", "Pas signé.", "D’un proche.", "D’un autre dossier."]:
        assert words not in letter


def test_letter_mended_by_staff_stays_until_the_decision_changes(deliberating):
    file = make_eligible(edition=deliberating)
    services.decide(file, outcome=Outcome.RESERVE)
    Decision.objects.update(letter="Mots de l’équipe.")
    assert services.decide(now_of(file), outcome=Outcome.RESERVE).letter == "Mots de l’équipe."
    assert "finalistes" in services.decide(now_of(file), outcome=Outcome.FINALIST).letter


def test_letters_leave_once_at_the_instant_and_not_before(deliberating):
    file = make_eligible(edition=deliberating, title="Pain & roses")
    file.holders.add(make_user())
    reject(file)
    read_letters(deliberating)
    Email.objects.all().delete()
    work()
    assert Email.objects.count() == 0
    publish_results(deliberating)
    work()
    work()
    mails = Email.objects.all()
    assert sorted(mail.to[0] for mail in mails) == sorted(h.email for h in file.holders.all())
    assert all("Pain & roses" in mail.subject for mail in mails)
    assert all(Decision.objects.get().letter in mail.message for mail in mails)
    publish_results(deliberating, ahead(days=1))
    publish_results(deliberating)
    work()
    assert mails.filter(status=STATUS.queued).count() == 2


def test_letter_without_a_word_is_not_sent(deliberating):
    reject(make_eligible(edition=deliberating))
    Decision.objects.update(letter="")
    Email.objects.all().delete()
    publish_results(deliberating)
    work()
    assert Email.objects.count() == 0
