"""Two people seal the same minutes, or decide meanwhile: one seal, and nothing in between.

On several connections, each gesture in a transaction of its own: moves then have their own instant.
"""

import pytest

from places import loader
from places.models import Commune, Department, Epci
from tests.threads import in_parallel
from tests.trophies.deliberation import make_deliberated, seal
from trophies import services
from trophies.models import Decision, Minutes
from trophies.verification import first_difference
from trophies.workflow import NotAllowed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("places")]


@pytest.fixture
def places(transactional_db):
    """Tests in several connections commit, then empty every table: what migrations load too."""
    loader.load(Department, Epci, Commune)


@pytest.fixture
def world():
    return make_deliberated()


def refusals(results):
    return [str(result) for result in results if isinstance(result, NotAllowed)]


def test_two_seals_at_once_make_one(world):
    results = in_parallel(lambda: seal(world), lambda: seal(world), behind=world.edition)
    assert refusals(results) == ["Ce procès-verbal est déjà scellé."]
    minutes = Minutes.objects.get()
    assert first_difference(minutes) == ""
    # Who had a tie was out when their file was voted on, and is told so.
    assert minutes.payload["recusals"][0]["ballots"] == [[1, "out"]]


def test_decision_comes_before_the_seal_or_not_at_all(world):
    file = world.files[5]
    results = in_parallel(
        lambda: seal(world),
        lambda: services.decide(file, outcome="reserve"),
        behind=world.edition,
    )
    minutes = Minutes.objects.get()
    then = {row["file"]: row["outcome"] for row in minutes.payload["decisions"]}
    assert then["2044-006"] == Decision.objects.get(candidature=file).outcome
    assert len(refusals(results)) == (then["2044-006"] == "not_selected")
    assert first_difference(minutes) == ""
