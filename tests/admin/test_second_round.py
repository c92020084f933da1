"""The second round as the team opens and ends it, as jurors read it; and what it never tells."""

import re

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from tests.access.crawl import crawl, differences
from tests.factories import ago, ahead, make_evaluation, make_page, make_user
from tests.html import Html
from tests.trophies.test_second_round import (
    close_by_date,
    files_of,
    fresh,
    make_read_edition,
    open_round,
    second,
    sign_second,
)
from trophies import services
from trophies.models import Assignment, ConflictOfInterest, Evaluation, Score

pytestmark = pytest.mark.django_db
LIST = "/admin/trophies/assignment/"
MEAN = re.compile(r"\d,\d\d|moyenne \d")


@pytest.fixture(autouse=True)
def _contact():
    make_page(key="contact")


def address(edition, rest=""):
    return f"/admin/trophies/edition/{edition.pk}/jury/second-tour/{rest}"


def words(source):
    text = Html(source).text("main").replace("\u202f", " ")
    return re.sub(r"\s+([.,])", r"\1", text)


def show(client, where, status=200):
    page = client.get(where, follow=True)
    assert page.status_code == status
    return words(page.content.decode())


def typed(at):
    local = timezone.localtime(at)
    return {"closes_at_0": f"{local:%d/%m/%Y}", "closes_at_1": f"{local:%H:%M}"}


# The team ---------------------------------------------------------------------------------------


def test_team_chooses_a_shortlist_and_opens_the_round(client, team):
    edition = make_read_edition()
    page = client.get(address(edition)).content.decode()
    assert page.count(" checked>") == 4  # nothing tells them apart: twice the fewest
    assert "Peut-être pas, avec 4 candidatures" in words(page)
    data = {"files": [file.pk for file in files_of(edition)], **typed(ahead(days=4))}
    text = words(client.post(address(edition), data, follow=True).content.decode())
    assert fresh(edition).is_in_second_round
    assert "0 lecture signée sur 6" in text
    assert "La courte liste du second tour" in text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"files": []}, "Cochez les candidatures"),
        ({"files": ["x"]}, "plus recevable"),
        ({"closes_at_0": "demain"}, "Jusqu’à quand"),
        ({"closes_at_0": "01/01/2020"}, "est passée"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_ticked_stays(client, team, changes, told):
    edition = make_read_edition()
    files = [str(file.pk) for file in files_of(edition)]
    data = {"files": files, **typed(ahead(days=4))} | changes
    page = client.post(address(edition), data).content.decode()
    assert "Le second tour n’est pas ouvert" in words(page)
    assert told in words(page)
    assert page.count(" checked>") == len([key for key in data["files"] if key.isdecimal()])
    assert not fresh(edition).has_second_round


def test_page_says_why_when_no_round_can_be_opened(client, team):
    edition = make_read_edition()
    services.decide(files_of(edition)[0], outcome="reserve")
    assert "Le jury a déjà décidé" in show(client, address(edition))


def test_team_extends_then_closes_and_is_told_how_many_are_unsigned(client, team):
    edition = open_round(make_read_edition(), team)
    sign_second(edition, jury_member=edition.jury_members.first())
    text = words(client.post(address(edition), typed(ahead(days=7)), follow=True).content.decode())
    assert "La fin du second tour est repoussée." in text
    assert "La fin n’a pas changé" in words(
        client.post(address(edition), typed(ahead(days=2))).content.decode()
    )
    assert "4 lectures à signer sur 6" in show(client, address(edition, "clore/"))
    client.post(address(edition, "clore/"))
    assert fresh(edition).is_deliberating
    assert "Le second tour est clos" in show(client, address(edition))
    assert "n’est plus ouvert" in words(
        client.post(address(edition, "clore/"), follow=True).content.decode()
    )


def test_team_cancels_a_round_that_nobody_began(client, team):
    edition = open_round(make_read_edition(), team)
    assert "Annuler le second tour" in show(client, address(edition))
    client.post(address(edition, "annuler/"))
    assert not fresh(edition).has_second_round
    edition = open_round(edition, team)
    make_evaluation(second(edition).first(), [3], is_signed=False)
    assert "Annuler le second tour" not in show(client, address(edition))
    assert "Un juré a commencé" in words(
        client.post(address(edition, "annuler/"), follow=True).content.decode()
    )
    assert fresh(edition).is_in_second_round


def test_page_is_for_who_may_decide_and_has_no_tie(client, sign_in):
    edition = make_read_edition()
    for rest in ("", "clore/", "annuler/"):
        sign_in(Role.JURY)
        assert client.get(address(edition, rest)).status_code == 403
        tied = sign_in(Role.TEAM)
        ConflictOfInterest.objects.create(
            user=tied, candidature=files_of(edition)[0], reason="Un ami."
        )
        assert client.get(address(edition, rest)).status_code == 403
        assert client.post(address(edition, rest), typed(ahead(days=4))).status_code == 403
    jury = client.get(f"/admin/trophies/edition/{edition.pk}/jury/")
    assert b"second-tour" not in jury.content


def test_jury_page_tells_of_the_round_and_shows_no_mean(client, team):
    edition = make_read_edition()
    where = f"/admin/trophies/edition/{edition.pk}/jury/"
    assert MEAN.search(show(client, where))
    edition = open_round(edition, team)
    sign_second(edition, level=3, jury_member=edition.jury_members.first())
    text = show(client, where)
    assert "2 lectures signées sur 6, au second tour" in text
    assert "La courte liste du second tour" in text
    assert not MEAN.search(text)
    for member in edition.jury_members.all():
        assert not MEAN.search(show(client, f"{where}jures/{member.pk}/"))
    plan = show(client, f"{where}plan/")
    assert "Les lectures sont closes : le plan ne change plus." in plan


def test_page_makes_as_many_queries_with_few_files_and_many(client, team):
    counts = []
    for files in (3, 6):
        edition = make_read_edition(files=files)
        for ready in (lambda e: e, lambda e: open_round(e, team, files_of(e, 2)), close_by_date):
            edition = ready(edition)
            with CaptureQueriesContext(connection) as queries:
                client.get(address(edition))
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


# Jurors -----------------------------------------------------------------------------------------


@pytest.fixture
def juror(client, team):
    """A juror, signed in, in front of the second round: (edition, user)."""
    edition = open_round(make_read_edition(), team)
    user = edition.jury_members.order_by("pk").first().user
    client.force_login(user)
    return edition, user


def own(user, number):
    return Assignment.objects.visible_to(user).filter(round=number).order_by("position")


def test_list_shows_the_second_round_first(client, juror):
    edition, user = juror
    page = client.get(LIST).content.decode()
    text = words(page)
    assert text.index("second tour") < text.index("premier tour")
    assert "chacun les lit tous" in text
    assert "0 sur 2 signée" in text
    assert "Le premier tour est clos" in text
    assert page.count("stop--signed") == 4
    assert page.count("stop--new") == 2


def test_next_and_previous_stay_within_a_round(client, juror):
    edition, user = juror
    first, last = own(user, 2)
    page = client.get(first.get_absolute_url()).content.decode()
    assert last.get_absolute_url() in page
    routes = [*own(user, 1), *own(user, 2)]
    linked = {row.round for row in routes if f'"{row.get_absolute_url()}"' in page}
    assert linked == {1, 2}  # 1: « La relire d’abord »
    assert page.count(f'class="button" href="{first.get_absolute_url()}"') == 0
    assert "0 sur 2 signée" in words(page).replace("\n", " ") or "0 sur 2" in page


def test_reading_is_saved_signed_and_taken_back(client, juror):
    edition, user = juror
    reading = own(user, 2).first()
    where = reading.get_absolute_url()
    criterion = edition.criteria.get()
    data = {
        f"criterion_{criterion.pk}": "4", "comment_for_jury": "Mieux", "comment_for_candidate": "",
        "version": "",
    }  # fmt: skip
    saved = client.post(where, data | {"action": "save"}, headers={"accept": "application/json"})
    assert saved.json()["missing"] == []
    client.post(where, data | {"action": "sign", "version": saved.json()["version"]})
    assert Assignment.objects.get(pk=reading.pk).is_signed
    client.post(where, {"action": "unsign"})
    assert not Assignment.objects.get(pk=reading.pk).is_signed
    close_by_date(edition)
    text = words(client.post(where, data | {"action": "sign"}).content.decode())
    assert "Les lectures sont closes" in text
    assert "Le second tour est clos" in show(client, LIST)


def test_first_reading_is_a_start_only_when_asked_for(client, juror):
    edition, user = juror
    reading = own(user, 2).first()
    where = reading.get_absolute_url()
    page = client.get(where).content.decode()
    assert "Reprendre ma première lecture" in words(page)
    assert "Premier tour" not in words(page)
    assert not Evaluation.objects.filter(assignment=reading).exists()
    text = words(client.post(where, {"action": "take_first"}, follow=True).content.decode())
    assert "Premier tour" in text
    assert "Signer cette lecture" in text
    assert "Reprendre ma première lecture" not in text
    again = client.post(where, {"action": "take_first"})
    assert again.status_code == 409
    assert "déjà commencée" in words(again.content.decode())


def test_first_round_stays_to_be_read_and_closed(client, juror):
    edition, user = juror
    former = own(user, 1).first()
    text = show(client, former.get_absolute_url())
    assert "Le premier tour est clos" in text
    refused = client.post(former.get_absolute_url(), {"action": "unsign"})
    assert refused.status_code == 409
    assert "Les lectures sont closes" in words(refused.content.decode())


def test_tie_found_in_the_second_round_hides_both_readings(client, juror):
    edition, user = juror
    reading = own(user, 2).first()
    client.post(f"{reading.get_absolute_url()}lien/", {"reason": "Un ami."})
    for row in Assignment.objects.filter(
        jury_member__user=user, candidature=reading.candidature_id
    ):
        assert client.get(row.get_absolute_url()).status_code == 404


def test_juror_declares_ties_on_what_came_since_before_the_round_opens_to_them(client, juror):
    edition, user = juror
    edition.jury_members.filter(user=user).update(declared_at=ago(days=200))
    text = show(client, LIST)
    assert "Déclarer mes liens" in text
    where = f"{LIST}liens/{edition.year}/"
    assert client.get(where).status_code == 200
    close_by_date(edition)
    assert client.get(where).status_code == 404


# What nobody learns -----------------------------------------------------------------------------


@pytest.fixture
def tied(team):
    """A round read by three jurors, of whom one has a tie with a file of the shortlist."""
    edition = make_read_edition()
    hidden = files_of(edition)[0]
    user = edition.jury_members.order_by("pk").first().user
    staff = make_user(roles=[Role.TEAM])
    for person in (user, staff):
        ConflictOfInterest.objects.create(user=person, candidature=hidden, reason="Un ami.")
    edition = open_round(edition, team, files_of(edition, 3))
    sign_second(edition)
    return edition, hidden, user, staff


def starts(edition):
    jury = f"/admin/trophies/edition/{edition.pk}/jury/"
    readings = Assignment.objects.filter(jury_member__edition=edition)
    members = edition.jury_members.values_list("pk", flat=True)
    return [
        "/admin/",
        LIST,
        f"{LIST}livret/{edition.year}/",
        jury,
        f"{jury}plan/",
        f"{jury}second-tour/",
        *(f"{jury}{file.pk}/" for file in edition.candidatures.all()),
        *(f"{jury}jures/{pk}/" for pk in members),
        f"/admin/trophies/edition/{edition.pk}/journal/",
        "/admin/post_office/email/",
        *(row.get_absolute_url() for row in readings),
    ]


def told(edition, people, change):
    """What each of these people can tell from a change, by place in the list."""
    where, within = starts(edition), (LIST, f"/admin/trophies/edition/{edition.pk}/")

    def visit(person):
        reset_queries()  # a test logs so many, and no more
        return crawl(person, where, within=within)

    visit(make_user(is_superuser=True))  # what a process keeps is kept from now on
    before = [visit(person) for person in people]
    change()
    after = [visit(person) for person in people]
    found = [differences(*pair) for pair in zip(before, after, strict=True)]
    return {place: rows for place, rows in enumerate(found) if rows}


def test_tied_people_find_no_trace_of_a_shortlisted_file(team, tied):
    edition, hidden, user, staff = tied

    def change():
        readings = second(edition, candidature=hidden)
        evaluations = Evaluation.objects.filter(assignment__in=readings)
        Score.objects.filter(evaluation__in=evaluations).update(level=0)
        evaluations.update(signed_at=None)

    assert set(told(edition, [user, staff, team], change)) == {2}


def test_tied_people_do_not_know_whether_the_file_was_shortlisted(team, tied):
    edition, hidden, user, staff = tied

    def change():
        readings = second(edition, candidature=hidden)
        Score.objects.filter(evaluation__assignment__in=readings).delete()
        Evaluation.objects.filter(assignment__in=readings).delete()
        readings.delete()
        edition.candidatures.filter(pk=hidden.pk).update(shortlisted_at=None)

    assert set(told(edition, [user, staff, team], change)) == {2}


def test_scores_tell_nobody_anything_while_the_round_is_read(team, tied):
    edition, hidden, user, staff = tied
    president = edition.jury_members.order_by("pk")[1]
    other = edition.jury_members.order_by("pk")[2]
    edition.jury_members.filter(pk=president.pk).update(role="president")
    people = [user, staff, team, make_user(is_superuser=True), president.user]

    def change():
        evaluations = Evaluation.objects.filter(assignment__jury_member=other)
        Score.objects.filter(evaluation__in=evaluations).update(level=0)
        evaluations.update(comment_for_jury="Autre.", comment_for_candidate="Autre.")

    assert told(edition, people, change) == {}
    close_by_date(edition)
    assert set(told(fresh(edition), people, lambda: raise_scores(other))) >= {2, 3}


def raise_scores(member):
    scores = Score.objects.filter(evaluation__assignment__jury_member=member)
    scores.update(level=4)


def test_holders_see_nothing_of_a_second_round(client, team):
    edition = make_read_edition()
    file = files_of(edition)[0]
    holder = file.holders.get()
    where = [f"/mes-candidatures/{file.uuid}/", "/mes-candidatures/"]
    before = crawl(holder, where)
    open_round(edition, team)
    assert differences(before, crawl(holder, where)) == []
