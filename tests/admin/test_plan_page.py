"""The team's page on who reads what, and a juror who leaves."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from tests.factories import end_readings, make_eligible, make_jury_member, make_theme, make_user
from tests.html import Html
from tests.trophies.test_plan import (
    begin,
    file_of,
    make_edition,
    member_of,
    open_jury,
    pairs,
    readers,
    tie,
)
from trophies import services
from trophies.models import Assignment, ConflictOfInterest, Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return make_edition(files=6, jurors=4, each=2)


def plan(edition):
    return f"/admin/trophies/edition/{edition.pk}/jury/plan/"


def departure(member):
    return f"/admin/trophies/edition/{member.edition_id}/jury/jures/{member.pk}/depart/"


def main(client, address, **posted):
    """What the page says, and what it answers to a POST."""
    if posted:
        response = client.post(address, posted, follow=True)
        return Html(response.content.decode()).text("main")
    return Html(client.get(address).content.decode()).text("main")


# The plan ---------------------------------------------------------------------------------------


def test_plan_is_made_then_drawn_again_then_mended(client, team, edition):
    page = main(client, plan(edition))
    assert "2 lecteurs par candidature" in page
    assert "Le plan reste à établir" in page
    assert "6 candidatures n’ont aucun lecteur." in page
    assert "4 jurés n’ont rien à lire." in page
    assert "Établir le plan" in page
    page = Html(client.post(plan(edition), follow=True).content.decode()).text("main")
    assert "Le plan est établi." in page
    assert "Le plan est à jour." in page
    assert "Tirer un autre plan" in page
    assert set(readers(edition).values()) == {2}
    tie(Assignment.objects.first().jury_member, Assignment.objects.first().candidature)
    open_jury(edition)
    page = main(client, plan(edition))
    assert "il manque 1 lecture." in page
    assert "Une candidature a moins de lecteurs que prévu." in page
    assert "Compléter le plan" in page
    page = Html(client.post(plan(edition), follow=True).content.decode()).text("main")
    assert "Le plan est complété." in page
    assert "Le plan est à jour." in page
    messages = LogEntry.objects.values_list("change_message", flat=True)
    assert set(messages) == {"Le plan est établi.", "Le plan est complété."}


def test_impossible_plan_says_who_is_in_the_way(client, team):
    edition = make_edition(files=2, jurors=2, each=2)
    tie(member_of(edition), file_of(edition))
    page = Html(client.post(plan(edition), follow=True).content.decode()).text("main")
    assert "Pas assez de jurés libres pour : « Dossier 0 »." in page
    assert not Assignment.objects.exists()


def test_everyone_reads_everything(client, team):
    edition = make_edition(files=3, jurors=3, each=None)
    page = main(client, plan(edition))
    assert "Chacun lit tout" in page
    assert "Le plan est à jour." in page
    assert "Établir le plan" in page
    member = member_of(edition)
    edition.jury_members.filter(pk=member.pk).update(ceiling=3)
    make_eligible(edition=edition)
    page = main(client, plan(edition))
    assert "il manque 3 lectures" in page
    page = Html(client.post(plan(edition), follow=True).content.decode()).text("main")
    assert "Chacun lit tout, et le plafond de ces jurés est plus bas : Juré 0." in page


def test_plan_of_closed_readings_is_only_read(client, team, edition):
    edition = open_jury(edition)
    end_readings(edition)
    page = client.get(plan(edition)).content.decode()
    assert "le plan ne change plus" in page
    assert "Compléter le plan" not in page
    client.post(plan(edition))
    assert not Assignment.objects.exists()


def test_weak_points_are_told(client, team):
    edition = make_edition(files=4, jurors=3, each=2, is_open=True)
    member, other, last = edition.jury_members.order_by("pk")
    theme = make_theme(name="Eau", slug="eau")
    known = make_eligible(edition=edition, title="Dossier connu", themes=[theme])
    last.themes.add(theme)
    edition.jury_members.filter(pk=member.pk).update(ceiling=3, declared_at=None)
    services.make_plan(edition, by=team)
    page = main(client, plan(edition))
    assert known.assignments.filter(jury_member=last).exists()
    assert "4 candidatures n’ont aucun lecteur qui connaisse leur thème." in page
    assert "Un juré est à son plafond, ou à une lecture près. Juré 0" in page
    assert "Un juré n’a pas encore déclaré ses liens sur toutes les candidatures" in page
    assert "avec un seul lecteur" in page
    edition.jury_members.filter(pk=other.pk).update(ceiling=1)
    assert "Un juré a plus de lectures que son plafond. Juré 1" in main(client, plan(edition))


def test_files_without_common_readers_are_told(client, team):
    """Two pairs of jurors who share nothing: the ties keep each to its own files."""
    edition = make_edition(files=5, jurors=4, each=2)
    for rank, member in enumerate(edition.jury_members.order_by("pk")):
        for place in range(5):
            if (rank < 2) != (place < 2):
                tie(member, file_of(edition, place))
    services.make_plan(edition, by=team)
    page = main(client, plan(edition))
    told = "2 candidatures n’ont aucun lecteur en commun avec les autres"
    assert told in page
    assert "Dossier 0, Dossier 1" in page


def test_departures_count_what_is_not_signed(client, team):
    edition = open_jury(make_edition(files=2, jurors=2, each=2))
    services.make_plan(edition, by=team)
    begin(Assignment.objects.get(jury_member=member_of(edition), candidature=file_of(edition)))
    page = main(client, plan(edition))
    assert "Juré 0 : 1 avec un seul lecteur" in page
    assert "Juré 1 : 2 avec un seul lecteur" in page


# A juror leaves ---------------------------------------------------------------------------------


def test_juror_leaves_and_comes_back(client, team, edition):
    services.make_plan(edition, by=team)
    edition = open_jury(edition)
    member = member_of(edition)
    begin(member.assignments.first())
    page = main(client, departure(member))
    assert "Lectures signées : 1 ." in page
    assert "Pas commencées : 2 ." in page
    page = main(client, departure(member), gesture="leave")
    assert "Juré 0 ne siège plus dans ce jury." in page
    assert "Le plan est à jour." in page
    assert "1 lecture signée, qui compte" in page
    assert set(readers(edition).values()) == {2}
    assert "a quitté ce jury" in main(client, departure(member))
    page = main(client, departure(member), gesture="return")
    assert "Juré 0 siège de nouveau dans ce jury." in page
    member.refresh_from_db()
    assert member.left_at is None


def test_departure_that_nobody_makes_up_for_says_so(client, team):
    edition = make_edition(files=2, jurors=2, each=2)
    services.make_plan(edition, by=team)
    page = main(client, departure(member_of(edition)), gesture="leave")
    assert "Le plan reste à revoir." in page
    assert "il manque 2 lectures" in page


@pytest.mark.parametrize("gesture", ["", "other"])
def test_unknown_gesture_does_nothing(client, team, edition, gesture):
    member = member_of(edition)
    client.post(departure(member), {"gesture": gesture})
    member.refresh_from_db()
    assert member.left_at is None


# Who may see it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.EDITOR, Role.JURY])
def test_others_see_nothing_and_change_nothing(client, sign_in, edition, role):
    sign_in(role)
    member = member_of(edition)
    for address in (plan(edition), departure(member)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"gesture": "leave"}).status_code == 403
    member.refresh_from_db()
    assert member.left_at is None
    assert not Assignment.objects.exists()


def test_juror_of_another_edition_is_not_found(client, team, edition):
    member = make_jury_member()
    address = f"/admin/trophies/edition/{edition.pk}/jury/jures/{member.pk}/depart/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"gesture": "leave"}).status_code == 404
    assert client.get(address.replace(str(member.pk), "999999")).status_code == 404


@pytest.mark.parametrize("is_superuser", [False, True])
def test_hidden_file_leaves_no_trace(client, sign_in, is_superuser):
    """What a person in conflict reads is what they would read if the file did not exist."""
    user = sign_in(Role.TEAM, is_superuser=is_superuser)
    edition = open_jury(make_edition(files=5, jurors=3, each=2))
    hidden = file_of(edition, 2)
    hidden.title = "Dossier secret"
    hidden.save()
    services.make_plan(edition, by=user)
    Assignment.objects.filter(candidature=hidden).delete()
    shown = client.get(plan(edition)).content.decode()
    assert "Dossier secret" in shown
    assert "il manque 2 lectures" in Html(shown).text("main")
    ConflictOfInterest.objects.create(user=user, candidature=hidden, reason="Une cousine.")
    page = client.get(plan(edition)).content.decode()
    assert "secret" not in page
    assert "il manque" not in Html(page).text("main")
    Assignment.objects.create(jury_member=member_of(edition), candidature=hidden, position=1)
    with_reader = client.get(plan(edition)).content.decode()
    assert without_token(with_reader) == without_token(page)
    member = member_of(edition)
    before = client.get(departure(member)).content.decode()
    Assignment.objects.filter(candidature=hidden).delete()
    assert without_token(client.get(departure(member)).content.decode()) == without_token(before)
    answer = client.post(plan(edition), follow=True).content.decode()
    assert "secret" not in answer
    assert readers(edition)[hidden.pk] == 2


def test_refusal_about_a_hidden_file_names_nothing(client, team):
    edition = make_edition(files=2, jurors=2, each=2)
    tie(member_of(edition), file_of(edition))
    ConflictOfInterest.objects.create(
        user=team, candidature=file_of(edition), reason="Une cousine."
    )
    page = client.post(plan(edition), follow=True).content.decode()
    assert "Ce plan n’est pas possible" in page
    assert "Dossier 0" not in page
    services.make_plan(make_edition(files=1, jurors=2, each=2), by=team)


def without_token(page):
    """The page without what is drawn anew for each answer."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_plan_makes_as_many_queries_for_three_rows(client, team):
    counts = []
    edition = make_edition(files=1, jurors=1, each=1, is_open=True)
    for extra in (0, 2):
        for _ in range(extra):
            make_eligible(edition=edition)
            member = make_jury_member(edition=edition, user=make_user(roles=[Role.JURY]))
            member.themes.add(make_theme())
        services.make_plan(edition, by=team)
        begin(Assignment.objects.filter(evaluation=None).first())
        for address in (plan(edition), departure(member_of(edition))):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert counts[0] <= 14


def test_plan_of_another_edition_is_not_touched(client, team, edition):
    other = make_edition(files=2, jurors=2, each=1)
    services.make_plan(other, by=team)
    before = pairs(other)
    client.post(plan(edition))
    assert pairs(other) == before
    assert Edition.objects.get(pk=other.pk).plan_seed
