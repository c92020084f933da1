"""The team examines candidatures: it reads what was deposited, and moves it along."""

import pytest
from django.contrib.admin.models import LogEntry
from post_office.models import Email

from accounts.roles import Role
from tests.factories import (
    ago,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_jury_member,
    make_reading_edition,
)
from tests.html import Html
from trophies.models import ConflictOfInterest
from trophies.workflow import Status

LIST = "/admin/trophies/candidature/"


def page_of(candidature):
    return f"{LIST}{candidature.pk}/change/"


def move(candidature, name):
    return f"{LIST}{candidature.pk}/geste/{name}/"


def test_list_shows_where_each_is(client, team):
    candidature = make_deposited(title="Le four commun")
    page = client.get(LIST).content.decode()
    assert "Le four commun" in page
    assert candidature.reference in page
    assert "déposée" in page


def test_page_tells_what_was_deposited_from_what_is_typed(client, team):
    candidature = make_deposited(need="Un besoin déposé.")
    candidature.need = "Un besoin en train d’être changé."
    candidature.save()
    page = client.get(page_of(candidature)).content.decode()
    deposited, working = page.split("Texte en cours, non déposé")
    assert "Un besoin déposé." in deposited
    assert "en train d’être changé" not in deposited
    assert "en train d’être changé" in working
    assert "Seul le dépôt compte" in working


def test_page_of_a_deposit_says_nothing_of_a_text_that_has_not_changed(client, team):
    page = client.get(page_of(make_deposited())).content.decode()
    assert "Texte en cours" not in page


def test_draft_is_read_as_a_draft(client, team):
    candidature = make_candidature(need="Pas encore prêt.", response="", typed={"commune": "Dôl"})
    page = client.get(page_of(candidature)).content.decode()
    before, working = page.split("Texte en cours, non déposé")
    assert "Pas encore prêt." not in before
    assert "Rien n’est déposé" in working
    assert "Pas encore prêt." in working
    assert "10 sur 12" in working
    assert "à reprendre, écrit «\u202fDôl\u202f»" in working


def test_offers_the_moves_of_the_table(client, team):
    candidature = make_deposited()
    html = Html(client.get(page_of(candidature)).content.decode())
    moves = [a["href"] for a in html.all("a") if "/geste/" in a.get("href", "")]
    assert moves == [move(candidature, name) for name in ("accept", "refuse", "withdraw")]


def test_accepting_takes_a_link_a_page_and_a_post(client, team):
    candidature = make_deposited()
    page = client.get(move(candidature, "accept"))
    assert "Déclarer recevable" in page.content.decode()
    candidature.refresh_from_db()
    assert candidature.status == Status.SUBMITTED
    response = client.post(move(candidature, "accept"), follow=True)
    assert "c’est fait" in response.content.decode()
    candidature.refresh_from_db()
    assert candidature.status == Status.ELIGIBLE
    change = candidature.status_changes.get(name="accept")
    assert change.by == team
    assert LogEntry.objects.filter(user=team, object_id=candidature.pk).exists()
    assert Email.objects.filter(subject__contains="recevable").count() == 1


def test_refusing_asks_for_a_reason_and_keeps_it(client, team):
    candidature = make_deposited()
    page = client.post(move(candidature, "refuse"), {"reason": "  "})
    assert "Dites pourquoi" in page.content.decode()
    candidature.refresh_from_db()
    assert candidature.status == Status.SUBMITTED
    client.post(move(candidature, "refuse"), {"reason": "Le projet est hors du territoire."})
    candidature.refresh_from_db()
    assert candidature.status == Status.INELIGIBLE
    assert "hors du territoire" in client.get(page_of(candidature)).content.decode()
    assert "hors du territoire" in Email.objects.latest("pk").message


def test_refused_move_says_why_and_keeps_what_was_typed(client, team):
    candidature = make_deposited(edition=make_edition(opens_at=ago(days=30)))
    client.post(move(candidature, "withdraw"))
    page = client.post(move(candidature, "refuse"), {"reason": "Trop tard."}).content.decode()
    assert "La candidature est « retirée »" in page


@pytest.mark.parametrize("name", ["submit", "submit_for", "change", "publier"])
def test_only_the_team_s_moves_have_a_page(client, team, name):
    candidature = make_candidature(holder=team)
    assert client.post(move(candidature, name)).status_code == 404
    candidature.refresh_from_db()
    assert candidature.status == Status.DRAFT


@pytest.mark.parametrize("role", [Role.EDITOR, Role.JURY])
def test_others_do_not_enter(client, sign_in, role):
    candidature = make_deposited()
    sign_in(role)
    for address in [LIST, page_of(candidature), move(candidature, "accept")]:
        assert client.get(address).status_code in (302, 403, 404), address
        assert client.post(address).status_code in (302, 403, 404), address
    candidature.refresh_from_db()
    assert candidature.status == Status.SUBMITTED


def test_nobody_adds_or_deletes(client, team):
    candidature = make_deposited()
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get(f"{LIST}{candidature.pk}/delete/").status_code == 403


def test_conflict_hides_the_file_from_staff_as_well(client, team):
    edition = make_reading_edition()
    candidature = make_eligible(edition=edition, title="Le dossier caché")
    member = make_jury_member(edition=edition, user=team)
    addresses = [LIST, f"{LIST}?q=dossier", f"/admin/trophies/edition/{edition.pk}/jury/"]

    def traces():
        return [a for a in addresses if "Le dossier caché" in client.get(a).content.decode()]

    assert traces() == addresses
    ConflictOfInterest.objects.create(user=member.user, candidature=candidature, reason="Ami.")
    assert traces() == []
    for address in [page_of(candidature), move(candidature, "withdraw")]:
        assert "Le dossier caché" not in client.get(address, follow=True).content.decode()
    assert client.get(move(candidature, "withdraw")).status_code == 404
    conflicts = client.get("/admin/trophies/conflictofinterest/").content.decode()
    assert "Le dossier caché" not in conflicts


def test_a_conflict_is_not_deleted(client, team):
    member = make_jury_member(edition=make_reading_edition())
    candidature = make_eligible(edition=member.edition)
    conflict = ConflictOfInterest.objects.create(
        user=member.user, candidature=candidature, reason="Erreur."
    )
    page = client.post(f"/admin/trophies/conflictofinterest/{conflict.pk}/delete/", {"post": "yes"})
    assert page.status_code == 403
    assert candidature.conflicts.exists()
