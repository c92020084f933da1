"""What becomes of a prize: its laureates are asked after 1, 3 and 5 years, and tell."""

from datetime import timedelta

import pytest
from django.urls import reverse
from post_office.models import Email

from accounts.roles import Role
from initiatives.models import Initiative
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_archive,
    make_eligible,
    make_laureate,
    make_prize,
    make_reading_edition,
    make_user,
)
from trophies import services
from trophies.aftermath import Stage, due_at, steps_of, version_of
from trophies.models import Edition, Laureate, LaureateNews
from trophies.workflow import NotAllowed

TEXT = "Deux autres villages ont repris le four."


def make_decided(**changes):
    """A laureate of the jury, whose results wait."""
    candidature = make_eligible(edition=make_reading_edition(), **changes)
    end_readings(candidature.edition)
    prize = make_prize(edition=candidature.edition)
    services.decide(candidature, outcome="laureate", prize=prize, citation="Pour le pain.")
    return Laureate.objects.get(candidature=candidature)


def published(laureate, **delta):
    """The results came out so long ago; every date before them moves as well."""
    at = ago(**delta)
    Edition.objects.filter(pk=laureate.prize.edition_id).update(
        opens_at=at - timedelta(days=90),
        closes_at=at - timedelta(days=60),
        jury_opens_at=at - timedelta(days=50),
        jury_closes_at=at - timedelta(days=10),
        results_published_at=at,
    )
    return Laureate.objects.select_related("prize__edition").get(pk=laureate.pk)


@pytest.fixture
def laureate(db):
    return published(make_decided(title="Le four commun"), days=370)


@pytest.fixture
def news(laureate):
    services.ask_for_news()
    return laureate.later_news.get()


def holder_of(laureate):
    return laureate.candidature.holders.get()


def address(laureate, years=1):
    return reverse("candidatures:news", args=[laureate.candidature.uuid, years])


def tell(news, text=TEXT, **changes):
    given = {"seen": version_of(news), "by": holder_of(news.laureate)}
    services.tell_news(news, text=text, **given | changes)
    news.refresh_from_db()
    return news


# Asking -----------------------------------------------------------------------------------------


def test_holders_are_asked_once_after_a_year(laureate):
    holder = holder_of(laureate)
    for _ in range(3):
        services.ask_for_news()
    news = laureate.later_news.get()
    assert (news.years, news.text) == (1, "")
    assert news.asked_at is not None
    mail = Email.objects.get(subject__contains="que devenez-vous")
    assert mail.to == [holder.email]
    assert "Le four commun" in mail.subject
    assert "un an après" in mail.subject
    assert address(laureate) in mail.message


def test_each_anniversary_has_its_own_row_and_mail(laureate):
    services.ask_for_news()
    published(laureate, days=3 * 366)
    services.ask_for_news()
    published(laureate, days=5 * 366)
    services.ask_for_news()
    assert list(laureate.later_news.values_list("years", flat=True)) == [1, 3, 5]
    assert Email.objects.filter(subject__contains="que devenez-vous").count() == 3


def test_nothing_is_asked_before_the_anniversary(db):
    published(make_decided(), days=360)
    services.ask_for_news()
    assert not LaureateNews.objects.exists()


def test_nothing_is_asked_before_the_results(db):
    """By comparison: moved to the future, the instant takes everything with it."""
    laureate = make_decided()
    Edition.objects.filter(pk=laureate.prize.edition_id).update(results_published_at=ahead(days=1))
    services.ask_for_news()
    assert not LaureateNews.objects.exists()


def test_archive_waits_for_the_team_and_gets_no_mail(db):
    laureate = make_laureate(
        prize=make_prize(edition=make_archive(year=2014, results_published_at=ago(days=400)))
    )
    services.ask_for_news()
    assert laureate.later_news.get().asked_at is None
    assert laureate.later_news.get().text == ""
    assert not Email.objects.exists()
    laureate = Laureate.objects.select_related("prize__edition").get(pk=laureate.pk)
    assert [step.stage for step in steps_of(laureate)] == [
        Stage.TO_ASK, Stage.NOT_YET, Stage.NOT_YET,
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "is_asked"), [(365 + 59, True), (366 + 61, False)])
def test_old_anniversaries_flood_nobody(db, days, is_asked):
    laureate = published(make_decided(), days=days)
    services.ask_for_news()
    assert (laureate.later_news.get().asked_at is not None) is is_asked
    assert Email.objects.filter(subject__contains="que devenez-vous").exists() is is_asked


def test_without_an_active_holder_it_stays_to_be_asked(laureate):
    laureate.candidature.holders.update(is_active=False)
    services.ask_for_news()
    assert laureate.later_news.get().asked_at is None
    laureate.candidature.holders.update(is_active=True)
    services.ask_for_news()
    assert laureate.later_news.get().asked_at is not None


def test_what_the_team_wrote_first_is_not_asked(laureate):
    LaureateNews.objects.create(laureate=laureate, years=1, text=TEXT)
    services.ask_for_news()
    assert not Email.objects.filter(subject__contains="que devenez-vous").exists()


def test_pass_of_the_worker_costs_the_same_whatever_the_laureates(
    laureate, django_assert_max_num_queries
):
    services.ask_for_news()
    for _ in range(3):
        make_laureate(prize=make_prize(edition=make_archive(results_published_at=ago(days=4000))))
    services.ask_for_news()
    with django_assert_max_num_queries(8):
        services.ask_for_news()


def test_anniversary_of_a_29_february_is_a_28(laureate):
    leap = ago().replace(year=2028, month=2, day=29)
    assert (due_at(leap, 1).month, due_at(leap, 1).day) == (2, 28)


# Telling ----------------------------------------------------------------------------------------


def test_holder_tells_then_corrects_until_it_is_public(client, news):
    laureate = news.laureate
    client.force_login(holder_of(laureate))
    assert address(laureate) in client.get(laureate.candidature.get_absolute_url()).content.decode()
    for text in (TEXT, "Trois villages."):
        seen = client.get(address(laureate)).context["form"].initial["seen"]
        assert client.post(address(laureate), {"text": text, "seen": seen}).status_code == 302
    news.refresh_from_db()
    assert (news.text, news.told_by) == ("Trois villages.", holder_of(laureate))
    assert news.told_at is not None
    LaureateNews.objects.update(is_public=True)
    page = client.get(address(laureate)).content.decode()
    assert "Trois villages." in page
    assert "<textarea" not in page
    answer = client.post(address(laureate), {"text": "Autre.", "seen": version_of(news)})
    assert answer.status_code == 409
    news.refresh_from_db()
    assert news.text == "Trois villages."


def test_empty_and_long_texts_are_refused_in_words(client, news):
    client.force_login(holder_of(news.laureate))
    for text, reason in [(" ", "Écrivez quelques mots."), ("x" * 3001, "de trop")]:
        page = client.post(address(news.laureate), {"text": text, "seen": version_of(news)})
        assert reason in page.content.decode()
    news.refresh_from_db()
    assert news.text == ""


def test_text_of_another_holder_is_not_lost_in_silence(client, news):
    seen = version_of(news)
    tell(news)
    client.force_login(holder_of(news.laureate))
    answer = client.post(address(news.laureate), {"text": "Le mien.", "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert TEXT in page
    assert "Le mien." in page
    again = {"text": "Le mien.", "seen": answer.context["form"]["seen"].value()}
    assert client.post(address(news.laureate), again).status_code == 302
    news.refresh_from_db()
    assert news.text == "Le mien."


def test_same_text_twice_is_written_once(news):
    told_at = tell(news).told_at
    assert tell(news, seen="an older one").told_at == told_at
    with pytest.raises(NotAllowed):
        tell(news, "Autre.", seen="an older one")


@pytest.mark.parametrize("role", [None, Role.TEAM, Role.JURY, "superuser"])
def test_nobody_else_finds_the_page(client, news, role):
    fields = {"is_superuser": True} if role == "superuser" else {"roles": [role] if role else []}
    client.force_login(make_user(**fields))
    assert client.get(address(news.laureate)).status_code == 404
    assert client.post(address(news.laureate), {"text": "À moi."}).status_code == 404
    client.logout()
    assert client.get(address(news.laureate)).status_code == 302


def test_other_years_and_other_files_are_not_found(client, news):
    candidature = news.laureate.candidature
    client.force_login(holder_of(news.laureate))
    assert client.get(address(news.laureate, years=3)).status_code == 404
    other = make_eligible(edition=make_reading_edition(), holder=candidature.holders.get())
    assert client.get(reverse("candidatures:news", args=[other.uuid, 1])).status_code == 404
    Edition.objects.filter(pk=candidature.edition_id).update(results_published_at=ahead(days=1))
    assert client.get(address(news.laureate)).status_code == 404


# Showing ----------------------------------------------------------------------------------------


def pages_of(client, laureate):
    addresses = [
        laureate.initiative.get_absolute_url(),
        reverse("trophies:laureates", args=[laureate.prize.edition.year]),
    ]
    return [client.get(address) for address in addresses]


def test_news_show_once_the_team_made_them_public(client, laureate, news):
    tell(news)
    assert not any(TEXT in page.content.decode() for page in pages_of(client, laureate))
    LaureateNews.objects.update(is_public=True)
    pages = [page.content.decode() for page in pages_of(client, laureate)]
    assert all(TEXT in page for page in pages)
    assert all("an après" in page for page in pages)


def test_public_news_wait_for_the_results_all_the_same(client, laureate, news):
    tell(news)
    LaureateNews.objects.update(is_public=True)
    Initiative.objects.update(embargo_year=None, published_at=ago(days=2))
    Edition.objects.filter(pk=laureate.prize.edition_id).update(results_published_at=ahead(days=1))
    sheet, laureates = pages_of(client, laureate)
    assert sheet.status_code == 200
    assert TEXT not in sheet.content.decode()
    assert laureates.status_code == 404


def test_sheet_costs_the_same_whatever_its_news(
    client, laureate, news, django_assert_max_num_queries
):
    """One more query than a sheet without a laureate, and no more with three news."""
    LaureateNews.objects.update(text=TEXT, is_public=True)
    for years in (3, 5):
        LaureateNews.objects.create(laureate=laureate, years=years, text=TEXT, is_public=True)
    with django_assert_max_num_queries(1 + 9):
        loaded = Initiative.objects.for_detail().get(pk=laureate.initiative_id)
    assert len(loaded.published_laureates[0].public_news) == 3
