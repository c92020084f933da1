"""The chain through its services, from a draft to a letter."""

import pytest
from post_office.models import Email

from initiatives.models import Initiative
from news.models import NewsItem
from tests.factories import (
    ahead,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_prize,
    make_reading_edition,
    publish_results,
)
from tests.results import means, read_letters
from trophies import services
from trophies.models import Decision, Laureate


@pytest.fixture
def edition(db):
    edition = make_reading_edition(year=2041)
    make_criterion(edition=edition, weight=20)
    make_criterion(edition=edition, weight=10, allows_not_applicable=True)
    return edition


def test_an_edition_is_played_from_draft_to_letter(edition):
    chosen, other = make_eligible(edition=edition), make_eligible(edition=edition)
    member = make_jury_member(edition=edition)
    assert member.assignments.count() == 2
    make_evaluation(member.assignments.get(candidature=chosen), [4, None])
    make_evaluation(
        member.assignments.get(candidature=other), [1, 4], comment_for_candidate="Bravo quand même."
    )
    end_readings(edition)
    edition.refresh_from_db()
    assert means(edition) == {chosen.pk: 4, other.pk: 2}
    prize = make_prize(edition=edition, quantity=1)
    services.decide(chosen, outcome=Decision.Outcome.LAUREATE, prize=prize, citation="Pour rien.")
    letter = services.decide(other, outcome=Decision.Outcome.NOT_SELECTED).letter
    assert "Bravo quand même." in letter
    read_letters(edition)
    services.announce(edition)
    services.send_letters()
    Email.objects.all().delete()
    assert not Initiative.objects.published().exists()
    assert not NewsItem.objects.published().filter(embargo_year=2041).exists()
    assert not Laureate.objects.published().exists()

    publish_results(edition)
    sheet = Initiative.objects.published().with_laureates().get()
    assert sheet.laureate_years == [2041]
    assert NewsItem.objects.published().get(embargo_year=2041)
    services.send_letters()
    services.send_letters()
    assert Email.objects.count() == 2
    publish_results(edition, ahead(seconds=2))
    assert not Initiative.objects.published().exists()
