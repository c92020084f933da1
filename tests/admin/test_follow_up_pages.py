"""The team follows the prizes of an edition, makes news public, reads the journal."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.admin.forms import page_values
from tests.factories import (
    ago,
    end_readings,
    make_archive,
    make_eligible,
    make_initiative,
    make_laureate,
    make_prize,
    make_reading_edition,
    make_user,
)
from tests.html import Html
from trophies import services
from trophies.models import AwardFollowUp, ConflictOfInterest, LaureateNews

TEXT = "Deux autres villages ont repris le four."


@pytest.fixture
def edition(db):
    return make_archive(year=2041, results_published_at=ago(days=400))


@pytest.fixture
def laureate(edition):
    prize = make_prize(edition=edition, name="Prix du village", amount=2500)
    return make_laureate(prize=prize, initiative=make_initiative(title="Le four commun"))


@pytest.fixture
def news(laureate):
    return LaureateNews.objects.create(laureate=laureate, years=1, asked_at=ago(days=30))


def page(client, edition, name):
    answer = client.get(reverse(f"admin:trophies_edition_{name}", args=[edition.pk]))
    assert answer.status_code == 200
    return Html(answer.content.decode()).text("main")


def change(laureate):
    return reverse("admin:trophies_laureate_change", args=[laureate.pk])


# The overview -----------------------------------------------------------------------------------


def test_overview_says_what_was_given_and_what_is_left(client, team, edition, laureate):
    other = make_laureate(prize=make_prize(edition=edition, amount=1000))
    AwardFollowUp.objects.create(
        laureate=other, paid_on="2041-04-02", paid_amount=1000, came_to_ceremony=True
    )
    text = page(client, edition, "follow_up")
    for said in [
        "Prix attribués 3 500 €",
        "Versé 1 000 €",
        "Reste à verser, ou à noter 2 500 €",
        "1 000 € le 2 avril 2041",
        "présent",
        "présence à noter",
        "à signer",
    ]:
        assert said in text, said


def test_overview_says_where_each_news_is(client, team, edition, laureate, news):
    assert "demandée" in page(client, edition, "follow_up")
    news.text, news.told_at = TEXT, ago(days=2)
    news.save()
    text = page(client, edition, "follow_up")
    assert "à relire" in text
    assert "trois ans après pas encore à partir du" in text
    LaureateNews.objects.update(is_public=True)
    assert "un an après parue" in page(client, edition, "follow_up")
    LaureateNews.objects.all().delete()
    assert "un an après à demander" in page(client, edition, "follow_up")


def test_archive_without_amounts_is_followed_too(client, team, edition):
    make_laureate(prize=make_prize(edition=edition, amount=None))
    assert "Prix attribués 0 €" in page(client, edition, "follow_up")
    assert "Aucun lauréat" in page(client, make_archive(), "follow_up")


def test_prize_of_a_hidden_file_is_in_no_row_and_no_sum(client, team):
    edition = make_reading_edition()
    files = [make_eligible(edition=edition, title=title) for title in ("Vu", "Caché")]
    end_readings(edition)
    for file in files:
        services.decide(file, outcome="laureate", prize=make_prize(edition=edition))
    assert "4 000 €" in page(client, edition, "follow_up")
    ConflictOfInterest.objects.create(user=team, candidature=files[1], reason="Un ami.")
    text = page(client, edition, "follow_up")
    assert "4 000" not in text
    assert "2 000 €" in text
    assert "Caché" not in text


@pytest.mark.parametrize("name", ["follow_up", "journal", "exports"])
def test_pages_are_the_team_s(client, edition, sign_in, name):
    address = reverse(f"admin:trophies_edition_{name}", args=[edition.pk])
    for role in (Role.EDITOR, Role.JURY):
        sign_in(role)
        assert client.get(address).status_code == 403
    sign_in(Role.TEAM)
    assert client.get(address).status_code == 200
    assert client.get(address.replace(str(edition.pk), "999999")).status_code == 404
    tools = client.get(f"/admin/trophies/edition/{edition.pk}/change/").content.decode()
    assert address in tools


@pytest.mark.parametrize("name", ["follow_up", "exports"])
def test_pages_cost_the_same_whatever_the_laureates(
    client, team, edition, laureate, news, name, django_assert_max_num_queries
):
    page(client, edition, name)
    with django_assert_max_num_queries(30) as one:
        page(client, edition, name)
    for _ in range(3):
        more = make_laureate(prize=make_prize(edition=edition))
        LaureateNews.objects.create(laureate=more, years=1, text=TEXT)
        AwardFollowUp.objects.create(laureate=more)
    with django_assert_max_num_queries(len(one)):
        page(client, edition, name)


def test_list_costs_the_same_whatever_the_laureates(
    client, team, laureate, news, django_assert_max_num_queries
):
    client.get("/admin/trophies/laureate/")
    with django_assert_max_num_queries(30) as one:
        client.get("/admin/trophies/laureate/")
    for _ in range(3):
        more = make_laureate(prize=make_prize(edition=laureate.prize.edition))
        LaureateNews.objects.create(laureate=more, years=1, text=TEXT)
    with django_assert_max_num_queries(len(one)):
        client.get("/admin/trophies/laureate/")


# The laureate -----------------------------------------------------------------------------------


def later_news(values, place=0, **changes):
    return values | {f"later_news-{place}-{name}": value for name, value in changes.items()}


def test_team_reads_then_makes_public(client, team, laureate, news):
    teller = make_user(name="Claire Exemple")
    LaureateNews.objects.update(text=TEXT, told_at=ago(days=1), told_by=teller)
    shown = client.get(change(laureate))
    assert "par Claire Exemple" in shown.content.decode()
    values = later_news(page_values(shown), text=f"{TEXT} Bravo.", is_public="on")
    assert client.post(change(laureate), values).status_code == 302
    news.refresh_from_db()
    assert (news.text, news.is_public, news.told_by) == (f"{TEXT} Bravo.", True, teller)
    assert TEXT in client.get(laureate.initiative.get_absolute_url()).content.decode()


def test_what_is_made_public_is_what_was_read(client, team, laureate, news):
    LaureateNews.objects.update(text=TEXT, told_at=ago(days=1))
    values = later_news(page_values(client.get(change(laureate))), is_public="on")
    LaureateNews.objects.update(text="Tout autre chose.")
    answer = client.post(change(laureate), values)
    assert "Les porteurs ont changé ce texte" in answer.content.decode()
    news.refresh_from_db()
    assert (news.text, news.is_public) == ("Tout autre chose.", False)


def test_nothing_is_public_without_a_text(client, team, laureate, news):
    values = later_news(page_values(client.get(change(laureate))), is_public="on")
    page = client.post(change(laureate), values).content.decode()
    assert "Écrivez la nouvelle avant de la faire paraître." in page


def test_team_writes_what_it_was_told_for_an_archive(client, team, laureate):
    values = page_values(client.get(change(laureate)))
    values = later_news(values, years=3, text=TEXT) | {"later_news-TOTAL_FORMS": 1}
    values["later_news-0-laureate"] = laureate.pk
    assert client.post(change(laureate), values).status_code == 302
    news = laureate.later_news.get()
    assert (news.years, news.told_by, news.is_public) == (3, team, False)
    assert news.told_at is not None


def test_ceremony_and_payment_are_noted(client, team, laureate):
    values = page_values(client.get(change(laureate))) | {
        "follow_up-TOTAL_FORMS": 1,
        "follow_up-0-laureate": laureate.pk,
        "follow_up-0-came_to_ceremony": "true",
    }
    assert client.post(change(laureate), values).status_code == 302
    assert laureate.follow_up.came_to_ceremony is True
    assert "présent" in client.get("/admin/trophies/laureate/").content.decode()


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        ("a-demander", {"asked_at": None}),
        ("attendues", {}),
        ("a-relire", {"text": TEXT}),
        ("ceremonie", {}),
    ],
)
def test_list_finds_what_waits(client, team, laureate, news, value, changes):
    LaureateNews.objects.update(**changes)
    other = make_laureate(initiative=make_initiative(title="Une autre lauréate"))
    AwardFollowUp.objects.create(laureate=other, came_to_ceremony=False)
    found = client.get(f"/admin/trophies/laureate/?suivi={value}").context["cl"].result_list
    assert list(found) == [laureate]


# The journal ------------------------------------------------------------------------------------


def test_journal_page_tells_and_chooses(client, team, edition, laureate):
    text = page(client, edition, "journal")
    assert "Le prix « Prix du village » est ajouté" in text
    assert "Le four commun" in text
    address = reverse("admin:trophies_edition_journal", args=[edition.pk])
    chosen = Html(client.get(f"{address}?quoi=laureats").content.decode()).text("main")
    assert "est ajouté" not in chosen
    assert "reçoit le prix" in chosen
    empty = client.get(f"{address}?quoi=laureats&jour=2001-01-01").content.decode()
    assert "Rien n’est écrit de ce que vous cherchez" in empty
    assert client.post(address, {}).status_code in (200, 405)


def test_journal_page_names_the_person_who_wrote(client, team, edition, laureate):
    """By the context that the request left; their address is not shown."""
    team.name = "Dominique Exemple"
    team.save()
    values = page_values(client.get(change(laureate))) | {"citation": "Pour le pain."}
    assert client.post(change(laureate), values).status_code == 302
    text = page(client, edition, "journal")
    assert "Dominique Exemple Le prix « Prix du village » de «" in text
    assert "texte changé" in text
    assert "/admin/trophies/laureate" not in text
