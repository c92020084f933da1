"""Who holds a sheet, in the admin: the team sees it, and takes it back; nobody else does."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from post_office.models import Email

from accounts.roles import Role
from initiatives.models import SheetHolder, SheetInvitation
from tests.admin.forms import page_values
from tests.factories import make_initiative, make_sheet_holder, make_user
from tests.initiatives.contributing import text_of

pytestmark = pytest.mark.django_db
HEADING = "Personnes qui tiennent la fiche, et qu’un retrait prévient"


@pytest.fixture
def held():
    camille = make_user(email="camille@exemple.invalid", name="Camille Essai")
    return make_sheet_holder(make_initiative(title="Le jardin"), user=camille)


def page_of(held):
    return reverse("admin:initiatives_initiative_change", args=[held.initiative_id])


def take_back(client, held):
    page = page_of(held)
    sent = page_values(client.get(page)) | {"sheet_holders-0-DELETE": "on"}
    return client.post(page, sent)


def test_team_reads_who_holds_it(client, team, held):
    page = text_of(client.get(page_of(held)))
    assert HEADING in page
    assert "camille@exemple.invalid" in page


def test_a_sheet_that_nobody_holds_says_nothing(client, team):
    sheet = make_initiative()
    page = client.get(reverse("admin:initiatives_initiative_change", args=[sheet.pk]))
    assert HEADING not in text_of(page)


def test_team_takes_it_back(client, team, held):
    SheetInvitation.objects.create(
        initiative=held.initiative, email="ami@exemple.invalid", by=held.user
    )
    assert take_back(client, held).status_code == 302
    assert not SheetHolder.objects.exists()
    assert not SheetInvitation.objects.exists()
    mail = Email.objects.get()
    assert mail.to == ["camille@exemple.invalid"]
    assert mail.subject == "Vous ne tenez plus la fiche de «\u202fLe jardin\u202f»"


def test_saving_the_sheet_takes_nothing_back(client, team, held):
    page = page_of(held)
    assert client.post(page, page_values(client.get(page))).status_code == 302
    assert SheetHolder.objects.get() == held
    assert not Email.objects.exists()


def test_history_keeps_no_name(client, team, held):
    take_back(client, held)
    told = LogEntry.objects.get().change_message
    assert "personne qui tient la fiche" in told
    assert "Camille" not in told
    assert "camille" not in told


def test_what_awaits_results_is_told_to_nobody(client, team, held):
    held.initiative.embargo_year = 2031
    held.initiative.save()
    take_back(client, held)
    assert not SheetHolder.objects.exists()
    assert not Email.objects.exists()


def test_editors_neither_see_nor_take_back(client, sign_in, held):
    sign_in(Role.EDITOR)
    assert HEADING not in text_of(client.get(page_of(held)))
    assert take_back(client, held).status_code == 302
    assert SheetHolder.objects.get() == held


def test_holder_is_neither_changed_nor_added_by_hand(client, team, held):
    other = make_user()
    page = page_of(held)
    forged = {
        "sheet_holders-TOTAL_FORMS": "2",
        "sheet_holders-0-user": other.pk,
        "sheet_holders-1-initiative": held.initiative_id,
        "sheet_holders-1-user": other.pk,
    }
    client.post(page, page_values(client.get(page)) | forged)
    assert SheetHolder.objects.get().user == held.user
