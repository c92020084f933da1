"""What a prize writes in the directory and in the news, and what it leaves inside."""

import pytest

from initiatives.models import Initiative, Support
from news.models import NewsItem
from tests.factories import (
    ahead,
    end_readings,
    make_eligible,
    make_initiative,
    make_organisation,
    make_prize,
    make_reading_edition,
    make_theme,
    publish_results,
)
from tests.results import work
from trophies import services
from trophies.models import Candidature
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

ANSWERS = ["need", "response", "people", "effects", "risks", "spread", "viability"]


@pytest.fixture
def deliberating():
    edition = make_reading_edition(year=2041)
    end_readings(edition)
    return edition


@pytest.fixture
def prize(deliberating):
    return make_prize(edition=deliberating, quantity=1, name="Grand prix")


def now_of(row):
    return type(row).objects.get(pk=row.pk)


def reward(candidature, prize, **options):
    return services.decide(candidature, outcome="laureate", prize=prize, **options)


def test_sheet_is_made_from_the_deposit(deliberating, prize):
    themes = [make_theme(), make_theme()]
    file = make_eligible(edition=deliberating, themes=themes, need="Déposé.", started_year=2019)
    Candidature.objects.filter(pk=file.pk).update(need="Tapé depuis.", title="Tapé depuis")
    reward(now_of(file), prize)
    sheet = Initiative.objects.get()
    assert (sheet.title, sheet.need, sheet.started_year) == (file.title, "Déposé.", 2019)
    assert (sheet.commune, sheet.embargo_year) == (file.commune, 2041)
    assert list(sheet.themes.order_by("pk")) == themes
    assert sheet.supports.get().role == Support.Role.HOLDER
    assert sheet.supports.get().organisation.name == file.organisation_name
    assert not Initiative.objects.published().exists()


def test_sheet_without_consent_shows_nothing_of_the_answers(deliberating, prize, client):
    file = make_eligible(edition=deliberating, publishable=[], started_year=2019)
    reward(file, prize)
    publish_results(deliberating)
    work()
    sheet = Initiative.objects.published().get()
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert file.title in page
    assert [name for name in ANSWERS if getattr(file, name) in page] == []
    assert sheet.started_year is None


@pytest.mark.parametrize("name", ["risks", "spread", "viability"])
def test_answers_that_consent_does_not_open_stay_inside(deliberating, prize, client, name):
    file = make_eligible(edition=deliberating)
    reward(file, prize)
    publish_results(deliberating)
    page = client.get(Initiative.objects.get().get_absolute_url()).content.decode()
    assert file.need in page
    assert getattr(file, name) not in page


def test_sheet_that_existed_is_filled_at_the_instant_and_once(deliberating, prize):
    sheet = make_initiative(summary="Avant", need="Avant", themes=[make_theme()])
    file = make_eligible(edition=deliberating, initiative=sheet, need="Déposé.")
    reward(file, prize)
    work()
    sheet.refresh_from_db()
    assert (sheet.summary, sheet.need) == ("Avant", "Avant")
    publish_results(deliberating)
    work()
    sheet.refresh_from_db()
    assert (sheet.summary, sheet.need) == (file.summary, "Déposé.")
    assert sheet.themes.count() == 1
    Initiative.objects.update(need="Relu par l’équipe.")
    work()
    sheet.refresh_from_db()
    assert sheet.need == "Relu par l’équipe."


def test_sheet_that_existed_keeps_its_words_without_consent(deliberating, prize):
    sheet = make_initiative(summary="Avant", need="Avant", started_year=2001)
    file = make_eligible(edition=deliberating, initiative=sheet, publishable=[], started_year=2019)
    reward(file, prize)
    publish_results(deliberating)
    work()
    sheet.refresh_from_db()
    assert (sheet.need, sheet.started_year) == ("Avant", 2001)
    # The sentence goes with the prize, as its holder was told.
    assert sheet.summary == file.summary
    assert [name for name in ANSWERS[:4] if getattr(sheet, name) == getattr(file, name)] == []


def test_organisation_of_the_directory_is_found_again(deliberating, prize):
    known = make_organisation(name="L’Épicerie d’Été")
    file = make_eligible(edition=deliberating, organisation_name="l'epicerie d'ete")
    assert file.organisation == known
    reward(file, prize)
    assert Initiative.objects.get().supports.get().organisation == known


# The news item ----------------------------------------------------------------------------------


def test_announcement_names_each_laureate(deliberating, prize):
    file = make_eligible(edition=deliberating, title="<b>Gras</b> & doux")
    with pytest.raises(NotAllowed, match="pas encore de lauréat"):
        services.announce(deliberating)
    reward(file, prize, citation="Parce que.")
    item = services.announce(deliberating)
    assert "&lt;b&gt;Gras&lt;/b&gt; &amp; doux" in item.body
    assert Initiative.objects.get().get_absolute_url() in item.body
    assert "Grand prix" in item.body
    assert services.announce(deliberating) == item
    assert not NewsItem.objects.published().exists()


def test_moved_instant_is_carried_to_the_dates_that_are_shown(deliberating, prize):
    reward(make_eligible(edition=deliberating), prize)
    item = services.announce(deliberating)
    publish_results(deliberating, ahead(days=3))
    services.carry_results_instant(deliberating)
    assert now_of(item).published_at == deliberating.results_published_at
    assert Initiative.objects.get().published_at == deliberating.results_published_at


def test_sheet_that_is_a_draft_is_not_awarded(deliberating, prize):
    draft = make_initiative(title="La scierie", published_at=None)
    file = make_eligible(edition=deliberating, initiative=draft)
    with pytest.raises(NotAllowed, match="La scierie.* est un brouillon"):
        reward(file, prize)
    assert not prize.laureates.exists()
