"""Results come out at an instant, by comparison alone: one second before, nothing anywhere."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from post_office.models import Email

from initiatives.models import Initiative, Theme
from news.models import NewsItem
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_initiative,
    make_laureate,
    make_news_item,
    make_photo,
    make_prize,
)
from tests.initiatives.asking import ask
from tests.results import ANSWER, CITATION, NEWS, SHEET, World, changed, pages, work
from trophies import services
from trophies.models import Candidature, Decision, Edition, Laureate

SECRET = "Le grand prix secret"


@pytest.fixture
def laureate(db):
    edition = make_archive(year=2031, results_published_at=ago(seconds=1))
    return make_laureate(
        prize=make_prize(edition=edition, quantity=1),
        initiative=make_initiative(title="Les semeuses", slug="les-semeuses"),
        citation=SECRET,
    )


def move_results(laureate, instant):
    edition = laureate.prize.edition
    edition.results_published_at = instant
    edition.save()


def test_laureates_page_opens_at_the_instant(client, laureate):
    address = reverse("trophies:laureates", args=[2031])
    assert SECRET in client.get(address).content.decode()
    move_results(laureate, ahead(seconds=1))
    assert client.get(address).status_code == 404


def test_badge_is_on_the_sheet_from_the_instant(laureate):
    def years():
        return Initiative.objects.with_laureates().get(slug="les-semeuses").laureate_years

    assert years() == [2031]
    move_results(laureate, ahead(minutes=1))
    assert years() == []


def test_no_public_page_leaks_an_embargoed_laureate(client, laureate):
    addresses = [
        reverse("home"),
        reverse("initiatives:list"),
        reverse("initiatives:detail", args=["les-semeuses"]),
        reverse("initiatives:feed"),
        reverse("trophies:list"),
        reverse("trophies:edition", args=[2031]),
        reverse("sitemap"),
    ]
    marks = [SECRET, "/trophees/2031/laureats/", "Lauréate 2031", "lauréate 2031"]

    def leaks():
        pages = {address: client.get(address).content.decode() for address in addresses}
        return {a for a, text in pages.items() if any(mark in text for mark in marks)}

    assert leaks()  # something could leak
    move_results(laureate, ahead(minutes=1))
    assert leaks() == set()


def test_laureate_of_a_draft_edition_is_not_published(laureate):
    assert Laureate.objects.published().count() == 1
    edition = laureate.prize.edition
    edition.published_at = None
    edition.save()
    assert Laureate.objects.published().count() == 0


# A whole edition, played up to its decisions ----------------------------------------------------


@pytest.fixture
def world(db):
    return World()


def test_decisions_change_no_public_page_before_the_instant(client, world):
    """Not a byte: a count, an order or a date would tell as well as a name."""
    prize = make_prize(edition=world.edition, quantity=2, name="Prix de la lune")
    make_news_item(title="Une visite")
    addresses = [*world.shared_addresses(), *world.other_addresses()]
    before = pages(client, addresses)
    for file in world.files:
        services.decide(file, outcome="laureate", prize=prize, citation=CITATION)
    sheet = Initiative.objects.get(title=SHEET)
    sheet.conditions.add(world.condition)
    make_photo(sheet)
    make_photo(services.announce(world.edition))
    work()
    after = pages(client, addresses)
    assert changed(before, after) == set()
    world.move(ago(seconds=1))
    assert changed(before, pages(client, addresses)) >= set(world.shared_addresses())


def test_results_come_out_everywhere_at_the_instant_and_go_back(client, world):
    world.decide()
    marks = [SHEET, "semeuses-de-lune", NEWS, CITATION, "Lauréat 2033", "/2033/laureats/", ANSWER]

    def found():
        texts = pages(client, [*world.shared_addresses(), *world.other_addresses()]).values()
        return {mark for mark in marks for text in texts if mark in text}

    def opened():
        return [a for a in world.own_addresses() if client.get(a).status_code == 200]

    assert (found(), opened()) == (set(), [])
    world.move(ago(seconds=1))
    work()
    assert (found(), opened()) == (set(marks), world.own_addresses())
    assert Decision.objects.published().count() == 2
    world.move(ahead(minutes=1))
    assert (found() - {ANSWER}, opened()) == (set(), [])
    assert Decision.objects.published().count() == 0


def public_rows():
    """How many rows the results have made public, of each kind."""
    return [
        Initiative.objects.published().filter(embargo_year=2033).count(),
        NewsItem.objects.published().filter(embargo_year=2033).count(),
        Laureate.objects.published().count(),
        Decision.objects.published().count(),
        ask(f"theme={Theme.objects.get(name='Lunaisons').slug}").count,
    ]


def test_results_wait_for_the_database_s_own_second(world):
    world.decide()
    # The database's clock goes on within a transaction, so this is one second before, then after.
    for query in public_queries():
        world.move(Now() + timedelta(seconds=1))
        assert query() == 0
    world.move(Now())
    assert public_rows() == [1, 1, 2, 2, 1]


def public_queries():
    return [lambda number=number: public_rows()[number] for number in range(5)]


def test_results_without_an_instant_stay_inside(world):
    world.move(None)
    world.edition.refresh_from_db()
    world.files = [Candidature.objects.get(pk=file.pk) for file in world.files]
    world.decide()
    assert world.sheet.published_at <= ahead()
    assert public_rows() == [0, 0, 0, 0, 0]
    world.move(ago(seconds=1))
    assert public_rows() == [1, 1, 2, 2, 1]


def test_results_of_a_draft_edition_stay_inside(world):
    world.decide()
    world.move(ago(seconds=1))
    assert public_rows() == [1, 1, 2, 2, 1]
    Edition.objects.filter(pk=world.edition.pk).update(published_at=None)
    Email.objects.all().delete()
    work()
    assert public_rows() == [0, 0, 0, 0, 0]
    assert Email.objects.count() == 0


def test_draft_of_an_announcement_stays_a_draft_after_the_instant(world):
    world.decide()
    NewsItem.objects.filter(pk=world.news.pk).update(published_at=None)
    Initiative.objects.filter(pk=world.sheet.pk).update(published_at=None)
    world.move(ago(seconds=1))
    assert public_rows() == [0, 0, 2, 2, 0]


# Its holders ------------------------------------------------------------------------------------


def test_holder_s_pages_do_not_change_before_the_instant(client, world):
    file = world.files[0]
    client.force_login(file.holders.get())
    withdraw = reverse("candidatures:withdraw", args=[file.uuid])
    addresses = [reverse("candidatures:list"), file.get_absolute_url(), withdraw]
    before = pages(client, addresses)
    assert SHEET in before[file.get_absolute_url()]
    world.decide()
    assert changed(before, pages(client, addresses)) == set()


def test_holder_reads_the_decision_from_the_instant(client, world):
    world.decide()
    file = world.files[0]
    client.force_login(file.holders.get())
    letter = "Toutes nos félicitations"
    assert letter not in client.get(file.get_absolute_url()).content.decode()
    world.move(ago(seconds=1))
    assert letter in client.get(file.get_absolute_url()).content.decode()
    world.move(ahead(minutes=1))
    assert letter not in client.get(file.get_absolute_url()).content.decode()
