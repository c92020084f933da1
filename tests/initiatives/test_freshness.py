"""Whether a sheet is still true: who is asked, when, and what each answer does."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from initiatives.freshness.models import FreshnessQuestion
from initiatives.freshness.services import ask_whether_true
from initiatives.models import Initiative
from rallynov.periodic import EVERY_MINUTE
from tests.factories import (
    ago,
    make_edition,
    make_initiative,
    make_sheet_holder,
    make_user,
)

pytestmark = pytest.mark.django_db


def day_ago(days):
    return timezone.localdate() - timedelta(days=days)


def ask(sheet, **changes):
    make_sheet_holder(sheet, **changes)
    ask_whether_true()
    return FreshnessQuestion.objects.get(initiative=sheet)


# Asking -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "is_asked"),
    [
        ({"verified_on": 180, "published_at": 900}, True),
        ({"verified_on": 179, "published_at": 900}, False),
        ({"published_at": 181}, True),
        ({"published_at": 170}, False),
        ({"verified_on": 400, "published_at": 900, "ended_on": 300}, False),
        ({"verified_on": 400, "published_at": None}, False),
    ],
)
def test_holder_is_asked_after_180_days(sheet, is_asked):
    published = sheet.pop("published_at")
    dates = {name: day_ago(days) for name, days in sheet.items()}
    instant = published and ago(days=published)
    make_sheet_holder(make_initiative(published_at=instant, **dates))
    ask_whether_true()
    assert Email.objects.count() == FreshnessQuestion.objects.count() == is_asked


def test_mail_says_what_it_is_about_and_where_to_answer(settings):
    holder = make_sheet_holder(
        make_initiative(title="Le café des aidants", verified_on=day_ago(200))
    )
    ask_whether_true()
    mail = Email.objects.get()
    assert mail.to == [holder.user.email]
    assert "Le café des aidants" in mail.subject
    question = FreshnessQuestion.objects.get()
    assert f"{settings.SITE_URL}{question.get_absolute_url()}" in mail.message


def test_each_holder_is_asked_once_in_180_days():
    sheet = make_initiative(verified_on=day_ago(400))
    for email in ["a@rallynov.example", "b@rallynov.example"]:
        make_sheet_holder(sheet, user=make_user(email=email))
    assert ask_whether_true in EVERY_MINUTE
    ask_whether_true()
    ask_whether_true()
    assert Email.objects.count() == 2
    FreshnessQuestion.objects.update(asked_at=ago(days=181))
    ask_whether_true()
    assert Email.objects.count() == 4


def test_nothing_is_asked_of_a_sheet_that_awaits_results():
    make_edition(year=2031, results_published_at=None)
    make_sheet_holder(
        make_initiative(published_at=ago(days=300), verified_on=day_ago(300), embargo_year=2031)
    )
    ask_whether_true()
    assert not FreshnessQuestion.objects.exists()


# Answering --------------------------------------------------------------------------------------


def test_opening_the_page_answers_nothing(client):
    question = ask(make_initiative(verified_on=day_ago(200)))
    for method in [client.get, client.head, client.options]:
        assert method(question.get_absolute_url()).status_code == 200
    question.refresh_from_db()
    assert question.answer == ""
    assert Initiative.objects.get().verified_on == day_ago(200)


def test_page_has_a_button_for_each_answer(client):
    question = ask(make_initiative(verified_on=day_ago(200)))
    page = client.get(question.get_absolute_url())
    for value in FreshnessQuestion.Answer.values:
        assert f'value="{value}"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("given", "verified", "ended"),
    [("current", 0, None), ("to_correct", 200, None), ("ended", 0, 0)],
)
def test_answer_is_written_on_the_sheet(client, given, verified, ended):
    question = ask(make_initiative(verified_on=day_ago(200)))
    response = client.post(question.get_absolute_url(), {"reponse": given}, follow=True)
    assert "Merci, c’est noté" in response.content.decode()
    question.refresh_from_db()
    assert question.answer == given
    sheet = Initiative.objects.get()
    assert sheet.verified_on == day_ago(verified)
    assert sheet.ended_on == (None if ended is None else day_ago(ended))


def test_last_answer_counts(client):
    question = ask(make_initiative(verified_on=day_ago(200)))
    for given, ended in [
        ("ended", True),
        ("to_correct", False),
        ("ended", True),
        ("current", False),
    ]:
        client.post(question.get_absolute_url(), {"reponse": given})
        assert bool(Initiative.objects.get().ended_on) is ended


def test_day_when_it_ended_stays(client):
    sheet = make_initiative(verified_on=day_ago(200))
    question = ask(sheet)
    Initiative.objects.update(ended_on=day_ago(30))
    client.post(question.get_absolute_url(), {"reponse": "ended"})
    assert Initiative.objects.get().ended_on == day_ago(30)


def test_wrong_answer_is_told(client):
    question = ask(make_initiative(verified_on=day_ago(200)))
    for data in [{}, {"reponse": "autre"}]:
        page = client.post(question.get_absolute_url(), data).content.decode()
        assert "Choisissez une des trois réponses." in page
    question.refresh_from_db()
    assert question.answer == ""


def test_only_who_still_holds_a_public_sheet_answers(client):
    sheet = make_initiative(verified_on=day_ago(200))
    question = ask(sheet)
    address = question.get_absolute_url()
    Initiative.objects.update(published_at=None)
    assert client.get(address).status_code == 404
    Initiative.objects.update(published_at=ago(days=500))
    sheet.sheet_holders.all().delete()
    for method in [client.get, client.post]:
        assert method(address).status_code == 404


def test_other_sites_cannot_answer_for_a_person():
    question = ask(make_initiative(verified_on=day_ago(200)))
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(question.get_absolute_url(), {"reponse": "ended"}).status_code == 403


# The staff's list, and the public's -------------------------------------------------------------


def staff_list(client, settings, part):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(roles=["team"]))
    return client.get(f"/admin/initiatives/initiative/?fraicheur={part}").content.decode()


def test_staff_finds_what_nobody_read_for_240_days(client, settings):
    make_initiative(title="Huit mois", verified_on=day_ago(240))
    make_initiative(title="Sept mois", verified_on=day_ago(239))
    make_initiative(title="Finie", verified_on=day_ago(500), ended_on=day_ago(400))
    page = staff_list(client, settings, "a-relire")
    assert "Huit mois" in page
    assert "Sept mois" not in page
    assert "Finie" not in page
    assert "Finie" in staff_list(client, settings, "arretees")
    home = client.get("/admin/").content.decode()
    assert "fiche à relire" in home


def test_ended_initiative_stays_and_says_so(client):
    sheet = make_initiative(title="Le potager", started_year=2014, ended_on="2026-03-12")
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "Cette initiative s’est arrêtée" in page
    assert "en mars 2026" in page
    assert "de 2014 à 2026" in page
    assert "Présentez-le aux trophées" not in page
    listed = client.get("/initiatives/").content.decode()
    assert "Le potager" in listed
    assert "arrêtée" in listed
