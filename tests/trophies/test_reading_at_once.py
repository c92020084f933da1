"""Two tabs of one juror in the same second: real threads, and transactions that meet."""

import pytest

from places import loader
from places.models import Commune, Department, Epci
from tests.factories import (
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_reading_edition,
)
from tests.threads import in_parallel
from trophies import services
from trophies.models import Evaluation
from trophies.models.edition import OthersShown
from trophies.services.readings import Outdated, version_of
from trophies.workflow import NotAllowed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("places")]


@pytest.fixture
def places(transactional_db):
    """Tests in several connections commit, then empty every table: what migrations load too."""
    loader.load(Department, Epci, Commune)


@pytest.fixture
def reading():
    edition = make_reading_edition(others_shown=OthersShown.SIGNED)
    make_criterion(edition=edition)
    make_eligible(edition=edition)
    return make_jury_member(edition=edition).assignments.get()


def save(reading, words, version):
    return services.save_evaluation(
        reading, levels={}, comment_for_jury=words, comment_for_candidate="", version=version
    )


@pytest.mark.parametrize("begun", [True, False])
def test_two_tabs_at_once_keep_one_and_tell_the_other(reading, begun):
    kept = make_evaluation(reading, [2], is_signed=False) if begun else None
    version = version_of(kept)
    calls = [lambda words=words: save(reading, words, version) for words in ("Un", "Deux")]
    told = in_parallel(*calls, behind=reading)
    assert sorted(type(each) is Outdated for each in told) == [False, True]
    [written] = [each for each in told if isinstance(each, Evaluation)]
    assert Evaluation.objects.get().comment_for_jury == written.comment_for_jury


def test_seeing_the_others_and_taking_back_at_once_is_one_or_the_other(reading):
    make_evaluation(reading, [2])
    calls = [lambda: services.show_others(reading), lambda: services.unsign(reading)]
    told = in_parallel(*calls, behind=reading)
    assert sum(isinstance(each, NotAllowed) for each in told) == 1
    evaluation = Evaluation.objects.get()
    assert (evaluation.signed_at is None) == (evaluation.others_seen_at is None)
