"""Holding a sheet: claiming it, correcting it, inviting, handing over, leaving."""

import re

import pytest
from django.core.cache import cache
from post_office.models import Email

from initiatives.contributing import holding, services, values
from initiatives.contributing.refusals import NotPossible
from initiatives.models import Contribution, Initiative, SheetInvitation
from tests.factories import (
    make_commune,
    make_edition,
    make_initiative,
    make_sheet_holder,
    make_theme,
    make_user,
)
from tests.initiatives.contributing import text_of, typed_in

pytestmark = pytest.mark.django_db
CLAIM = {"name": "Ana Exemple", "message": "J’en suis la présidente."}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def holder(client):
    """Somebody who holds the sheet « Le jardin », signed in."""
    sheet = make_initiative(
        title="Le jardin", slug="jardin", summary="Un potager.", need="Rien à manger."
    )
    holder = make_sheet_holder(sheet, user=make_user(email="ana@rallynov.example", name="Ana"))
    client.force_login(holder.user)
    return holder


def claim_url(sheet):
    return f"{sheet.get_absolute_url()}revendiquer/"


# Claiming -----------------------------------------------------------------------------------------


def test_claim_needs_an_account(client):
    response = client.get(claim_url(make_initiative(slug="jardin")))
    assert response.status_code == 302
    assert response.url == "/compte/code/demander/?next=/initiatives/jardin/revendiquer/"


def test_claim_waits_for_the_team(client):
    sheet, user = make_initiative(), make_user(name="")
    client.force_login(user)
    for _ in range(2):
        response = client.post(claim_url(sheet), CLAIM, follow=True)
    assert "Votre demande est arrivée" in text_of(response)
    claim = Contribution.objects.get()
    assert (claim.kind, claim.initiative, claim.by, claim.email) == (
        "claim", sheet, user, user.email,
    )  # fmt: skip
    assert not sheet.sheet_holders.exists()
    user.refresh_from_db()
    assert user.name == CLAIM["name"]
    assert sheet.title in text_of(client.get("/mes-initiatives/"))


def test_claim_loses_nothing_on_an_error(client):
    client.force_login(make_user())
    response = client.post(claim_url(make_initiative()), CLAIM | {"name": ""})
    assert "Écrivez votre nom" in text_of(response)
    assert typed_in(response, "message") == CLAIM["message"]


def test_claims_without_end_are_refused(client):
    client.force_login(make_user())
    for _ in range(services.MOST_CLAIMS):
        client.post(claim_url(make_initiative()), CLAIM)
    assert client.post(claim_url(make_initiative()), CLAIM).status_code == 409


def test_holder_is_led_to_the_sheet(client, holder):
    assert client.get(claim_url(holder.initiative)).url == "/mes-initiatives/jardin/"


# Seeing only one's own ----------------------------------------------------------------------------


PAGES = ["", "personnes/", "personnes/quitter/"]


@pytest.mark.parametrize("page", PAGES)
def test_sheet_of_somebody_else_is_not_there(client, holder, page):
    make_initiative(slug="autre")
    assert client.get(f"/mes-initiatives/jardin/{page}").status_code == 200
    for slug in ["autre", "aucune"]:
        assert client.get(f"/mes-initiatives/{slug}/{page}").status_code == 404
        assert client.post(f"/mes-initiatives/{slug}/{page}").status_code == 404


@pytest.mark.parametrize("hidden", [{"published_at": None}, {"embargo_year": 2031}])
def test_sheet_that_is_not_public_is_not_there(client, holder, hidden):
    make_edition(year=2031)
    Initiative.objects.filter(pk=holder.initiative.pk).update(**hidden)
    for page in PAGES:
        assert client.get(f"/mes-initiatives/jardin/{page}").status_code == 404
    page = text_of(client.get("/mes-initiatives/"))
    assert "Rien à manger" not in page
    assert ("Le jardin" in page) is ("embargo_year" not in hidden)


def test_pages_need_an_account(client):
    make_initiative(slug="jardin")
    for page in ["", "jardin/", "jardin/personnes/"]:
        response = client.get(f"/mes-initiatives/{page}")
        assert response.url.startswith("/compte/code/demander/?next=/mes-initiatives/")


# Correcting ---------------------------------------------------------------------------------------


def form_of(client, **changes):
    """The form as it stands, with `changes`."""
    page = client.get("/mes-initiatives/jardin/").context
    form = page["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    sent["themes"] = [theme.pk for theme in sent["themes"]]
    return sent | {"before": page["before"]} | changes


def correct(client, **changes):
    return client.post("/mes-initiatives/jardin/", form_of(client, **changes), follow=True)


def test_form_says_what_the_sheet_says(client, holder):
    response = client.get("/mes-initiatives/jardin/")
    assert typed_in(response, "title") == "Le jardin"
    assert typed_in(response, "need") == "Rien à manger."


def test_correction_keeps_what_changed_alone_and_publishes_nothing(client, holder):
    response = correct(client, summary="Un potager partagé.", commune="Vesoul")
    assert "attendent d’être relues" in text_of(response)
    kept = Contribution.objects.get()
    assert kept.before == {"summary": "Un potager.", "commune": ""}
    vesoul = make_commune(name="Vesoul").pk
    assert kept.values == {"summary": "Un potager partagé.", "commune": vesoul}
    assert (kept.by, kept.email) == (holder.user, "ana@rallynov.example")
    holder.initiative.refresh_from_db()
    assert holder.initiative.summary == "Un potager."


def test_second_correction_stands_in_place_of_the_first(client, holder):
    correct(client, summary="Un potager partagé.")
    assert typed_in(client.get("/mes-initiatives/jardin/"), "summary") == "Un potager partagé."
    correct(client, need="Plus rien.")
    kept = Contribution.objects.get()
    assert kept.values == {"summary": "Un potager partagé.", "need": "Plus rien."}


def test_correction_of_nothing_is_told(client, holder):
    response = correct(client)
    assert response.status_code == 409
    assert "Rien n’a changé" in text_of(response)
    correct(client, message="La photo date.")
    assert Contribution.objects.get().values == {}


def test_what_the_team_wrote_meanwhile_is_not_undone(client, holder):
    sent = form_of(client, summary="Un potager partagé.")
    Initiative.objects.update(need="Des légumes.")
    client.post("/mes-initiatives/jardin/", sent)
    assert Contribution.objects.get().values == {"summary": "Un potager partagé."}


def test_forged_state_is_not_believed(client, holder):
    correct(client, before="forged", summary="Un potager partagé.")
    assert Contribution.objects.get().before == {"summary": "Un potager."}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": ""}, "Écrivez le nom"),
        ({"started_year": "hier"}, "quatre chiffres"),
        ({"started_year": "1200"}, "trop ancienne"),
        ({"commune": "Zzz"}, "Nous ne trouvons pas"),
        ({"themes": ["999999"]}, "Choisissez des thèmes"),
    ],
)
def test_nothing_is_lost_on_an_error(client, holder, changes, fault):
    response = correct(client, need="Un long texte.", **changes)
    assert fault in text_of(response)
    assert typed_in(response, "need") == "Un long texte."
    assert not Contribution.objects.exists()


def test_themes_keep_their_order_unless_others_are_chosen(holder):
    first, second, third = make_theme(position=9), make_theme(position=1), make_theme()
    sheet = make_initiative(themes=[first, second])
    told = values.said(sheet)
    same = told | {"themes": [second.slug, first.slug]}
    assert values.changes(told, same) == ({}, {})
    values.write(sheet, {"themes": [third.slug, first.slug]})
    assert [link.theme for link in sheet.theme_links.all()] == [first, third]


# Several people -----------------------------------------------------------------------------------


def invite(client, email="bea@rallynov.example", **changes):
    return client.post("/mes-initiatives/jardin/personnes/", {"email": email} | changes)


def link_of_mail():
    return re.search(r"(/mes-initiatives/invitations/[-\w]+/)", Email.objects.latest("pk").message)[
        1
    ]


def test_invited_person_holds_the_sheet_too(client, holder):
    invite(client, "Bea@rallynov.example")
    assert Email.objects.get().to == ["bea@rallynov.example"]
    bea = make_user(email="bea@rallynov.example")
    client.force_login(bea)
    address = link_of_mail()
    assert address in client.get("/mes-initiatives/").content.decode()
    assert client.get(address).status_code == 200  # opening it accepts nothing
    assert holder.initiative.sheet_holders.count() == 1
    response = client.post(address, follow=True)
    assert "Vous tenez maintenant" in text_of(response)
    people = set(holder.initiative.sheet_holders.values_list("user", flat=True))
    assert people == {holder.user.pk, bea.pk}
    assert Email.objects.latest("pk").to == ["ana@rallynov.example"]
    assert client.post(address).status_code == 302  # twice changes nothing
    assert Email.objects.count() == 2


def test_invitation_is_for_its_address_alone(client, holder):
    invite(client)
    address = link_of_mail()
    for user in [holder.user, make_user()]:
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    client.logout()
    assert client.get(address).url.startswith("/compte/code/demander/")


def test_hand_over_takes_the_former_holder_away(client, holder):
    invite(client, is_handover="on")
    bea = make_user(email="bea@rallynov.example")
    assert holder.initiative.sheet_holders.get().user == holder.user
    client.force_login(bea)
    client.post(link_of_mail())
    assert holder.initiative.sheet_holders.get().user == bea
    told = Email.objects.latest("pk")
    assert told.to == ["ana@rallynov.example"]
    assert "a accepté de tenir, à votre place" in told.message
    client.force_login(holder.user)
    assert client.get("/mes-initiatives/jardin/").status_code == 404


def test_invitation_that_waits_is_not_sent_again(client, holder):
    invite(client)
    response = invite(client)
    assert response.status_code == 409
    assert "Cette personne est déjà invitée" in text_of(response)
    assert Email.objects.count() == 1
    invite(client, is_handover="on")  # something else is asked
    assert Email.objects.count() == 2
    assert SheetInvitation.objects.get().is_handover


def test_who_left_is_invited_again(client, holder):
    invite(client)
    bea = make_user(email="bea@rallynov.example")
    client.force_login(bea)
    former = link_of_mail()
    client.post(former)
    holding.leave(initiative=holder.initiative, by=bea)
    client.force_login(holder.user)
    invite(client)
    client.force_login(bea)
    assert link_of_mail() != former
    client.post(link_of_mail())
    assert holder.initiative.sheet_holders.filter(user=bea).exists()


def test_invitation_is_cancelled(client, holder):
    invite(client)
    address = link_of_mail()
    invitation = SheetInvitation.objects.get()
    assert (
        client.get(f"/mes-initiatives/jardin/personnes/{invitation.uuid}/annuler/").status_code
        == 405
    )
    client.post(f"/mes-initiatives/jardin/personnes/{invitation.uuid}/annuler/")
    client.force_login(make_user(email="bea@rallynov.example"))
    assert client.get(address).status_code == 404


def test_who_leaves_takes_their_invitations_along(client, holder):
    make_sheet_holder(holder.initiative)
    invite(client)
    response = client.post("/mes-initiatives/jardin/personnes/quitter/", follow=True)
    assert "Vous ne tenez plus" in text_of(response)
    assert holder.user.held_sheets.count() == 0
    assert holder.initiative.sheet_holders.count() == 1
    assert not SheetInvitation.objects.exists()


def test_last_holder_may_leave(client, holder):
    assert "seul à la tenir" in text_of(client.get("/mes-initiatives/jardin/personnes/quitter/"))
    client.post("/mes-initiatives/jardin/personnes/quitter/")
    assert not holder.initiative.sheet_holders.exists()


def test_invitations_are_few(client, holder):
    for number in range(holding.MOST_INVITED):
        invite(client, f"n{number}@rallynov.example")
    assert invite(client).status_code == 409
    assert invite(client, "ana@rallynov.example").status_code == 409
    assert Email.objects.count() == holding.MOST_INVITED


def test_invitations_are_few_each_day(client, holder, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"sheet_invitation": "1/d/user"}
    invite(client)
    response = invite(client, "autre@rallynov.example")
    assert response.status_code == 429
    assert typed_in(response, "email") == "autre@rallynov.example"


def test_who_holds_it_no_more_sends_nothing(holder):
    holder.delete()
    asked = {"initiative": holder.initiative, "by": holder.user}
    with pytest.raises(NotPossible):
        services.correct(before={}, after={"title": "x"}, message="", **asked)
    with pytest.raises(NotPossible):
        holding.invite(email="a@rallynov.example", **asked)
