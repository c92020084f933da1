"""The first page of the admin: what waits, for whom, and what it never tells."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.roles import Role
from initiatives.models import Initiative
from rallynov import outbox
from rallynov.staff_plots import days, weeks
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_authorisation,
    make_candidature,
    make_contribution,
    make_criterion,
    make_deposited,
    make_edition,
    make_eligible,
    make_evaluation,
    make_event,
    make_initiative,
    make_jury_member,
    make_news_item,
    make_photo,
    make_prize,
    make_reading_edition,
    make_user,
    publish_results,
)
from trophies import services
from trophies.models import ConflictOfInterest, JuryMember, JurySession

NOTHING = "Rien ne vous attend"


def home(client):
    return client.get("/admin/").context["home"]


def lines(client):
    """Words → (count, address) of what waits."""
    return {line.text: (line.count, line.url) for line in home(client).lines}


def rows_at(client, address):
    """How many rows the list of that address holds."""
    return client.get(address).context["cl"].result_count


def tie(user, file):
    return ConflictOfInterest.objects.create(user=user, candidature=file, reason="Un ami.")


def closed_edition(**changes):
    dates = {"opens_at": ago(days=40), "closes_at": ago(days=2), "jury_opens_at": ahead(days=5)}
    return make_edition(**dates | changes)


# The lists ----------------------------------------------------------------------------------------


def test_nothing_waiting_is_said(client, team):
    page = client.get("/admin/").content.decode()
    assert NOTHING in page
    assert home(client).lines == []


def fill():
    """One row at least of every kind that the lists hold."""
    closed = closed_edition()
    make_deposited(edition=closed)
    make_candidature(edition=closed)  # complete, and left behind
    tie(make_user(), make_eligible(edition=closed))
    make_contribution()
    make_news_item(published_at=ahead(days=2))
    photo = make_photo(make_event(starts_at=ago(days=3)), shows_people=True)
    make_authorisation(photo, expires_on=timezone.localdate() + timedelta(days=20))
    mail = outbox.queue(to="a@rallynov.example", subject="S", text="T")
    Email.objects.filter(pk=mail.pk).update(status=STATUS.failed)
    told = make_reading_edition()
    file = make_eligible(edition=told)
    end_readings(told)
    services.decide(file, outcome="not_selected")
    publish_results(told)
    services.propose_sheet(file, names=[], by=file.holders.get())


def test_every_line_leads_to_a_list_of_as_many_rows(client, sign_in):
    sign_in(is_superuser=True)
    fill()
    Email.objects.exclude(status=STATUS.failed).delete()
    found = lines(client)
    lists = {text: pair for text, pair in found.items() if "/jury/" not in pair[1]}
    assert set(lists) == {
        "dossier complet n’a pas été déposé à temps",
        "candidature à examiner",
        "lien d’intérêts à examiner",
        "contribution à lire",
        "fiche proposée par un porteur",
        "courriel n’est pas parti",
        "événement à clore",
        "photographie à faire autoriser de nouveau",
        "actualité programmée",
    }
    for text, (count, address) in lists.items():
        assert rows_at(client, address) == count, text
    assert NOTHING not in client.get("/admin/").content.decode()


def test_counts_are_in_words_that_agree(client, team):
    closed = closed_edition()
    for _ in range(3):
        make_deposited(edition=closed)
    count, address = lines(client)["candidatures à examiner"]
    assert (count, rows_at(client, address)) == (3, 3)


def test_open_call_has_nothing_to_screen(client, team):
    make_deposited(edition=make_edition())
    assert lines(client) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"attendance": 0},
        {"published_at": None},
        {"starts_at": ahead(days=1)},
        {"date_precision": "month"},
    ],
)
def test_event_that_needs_no_closing(client, team, changes):
    make_event(**{"starts_at": ago(days=3)} | changes)
    assert lines(client) == {}


def test_draft_that_nobody_asked_for_is_no_proposal(client, team):
    draft = make_initiative(published_at=None)
    make_candidature(edition=make_edition(), initiative=draft)
    assert lines(client) == {}
    assert Initiative.objects.proposed().count() == 0


def test_old_failures_of_mail_are_told_no_more(client, team):
    mail = outbox.queue(to="a@rallynov.example", subject="S", text="T")
    Email.objects.filter(pk=mail.pk).update(status=STATUS.failed)
    assert "courriel n’est pas parti" in lines(client)
    Email.objects.filter(pk=mail.pk).update(created=ago(days=20))
    assert lines(client) == {}


# Who reads what ----------------------------------------------------------------------------------


def test_editors_find_what_is_theirs(client, sign_in):
    fill()
    sign_in(Role.EDITOR)
    assert set(lines(client)) == {
        "événement à clore",
        "photographie à faire autoriser de nouveau",
        "actualité programmée",
    }
    assert home(client).plots == []
    page = client.get("/admin/?origine=porteur").content.decode()
    assert "porteur" not in re.sub(r"<title>.*?</title>", "", page)


def test_filter_on_the_origin_says_nothing_to_editors(client, sign_in):
    fill()
    make_initiative()
    sign_in(Role.EDITOR)
    address = "/admin/initiatives/initiative/"
    page = client.get(f"{address}?origine=porteur")
    assert page.status_code == 302 or page.context["cl"].result_count == rows_at(client, address)


def test_juror_finds_readings_and_their_route(client, sign_in):
    user = sign_in(Role.JURY)
    edition = make_reading_edition()
    make_criterion(edition=edition)
    make_reading_edition()
    for _ in range(2):
        make_eligible(edition=edition)
    seat = make_jury_member(edition=edition, user=user)
    assert (
        lines(client) == {"lectures à signer": (2, "/admin/trophies/assignment/")}
        or lines(client)["lectures à signer"][0] == 2
    )
    assert [route.edition for route in home(client).routes] == [edition]
    make_evaluation(seat.assignments.first(), [3])
    assert lines(client)["lecture à signer"][0] == 1
    JuryMember.objects.filter(pk=seat.pk).update(declared_at=None)
    assert lines(client)["dossiers attendent que vous disiez vos liens"][0] == 2
    assert client.get(home(client).lines[0].url).status_code == 200


def test_person_without_a_seat_has_no_route(client, sign_in):
    make_reading_edition()
    sign_in(Role.JURY)
    assert home(client).routes == []
    assert NOTHING in client.get("/admin/").content.decode()


# The jury ----------------------------------------------------------------------------------------


@pytest.fixture
def read(db):
    """An edition that its jury has read for ten days: two files, a juror who signed one of them."""
    edition = make_reading_edition()
    make_criterion(edition=edition)
    files = [make_eligible(edition=edition) for _ in range(2)]
    seat = make_jury_member(edition=edition)
    return edition, files, seat


def test_late_juror_is_told_as_on_the_page_of_the_jury(client, team, read):
    edition, files, seat = read
    count, url = lines(client)["juré en retard"]
    page = client.get(url).context["progress"]
    assert count == len(page.late) == 1
    for reading in seat.assignments.all():
        make_evaluation(reading, [3])
    assert lines(client) == {}
    (plot,) = [plot for plot in home(client).plots if plot.name.startswith("lectures")]
    assert plot.told == "2 signées sur 2, tout est lu."
    assert (plot.sums, plot.rows[-1].values) == ([2], (2,))


def test_undeclared_juror_is_told(client, team, read):
    _, _, seat = read
    JuryMember.objects.filter(pk=seat.pk).update(declared_at=None)
    assert lines(client)["juré n’a pas déclaré tous ses liens"][0] == 1


def test_minutes_to_seal(client, team, read):
    edition, _, _ = read
    end_readings(edition)
    JurySession.objects.create(
        edition=edition,
        number=1,
        starts_at=ago(days=1),
        quorum=1,
        opened_at=ago(days=1),
        closed_at=ago(hours=20),
    )
    count, url = lines(client)["procès-verbal à sceller"]
    assert (count, client.get(url).status_code) == (1, 200)


def test_letters_and_decisions_wait(client, team, read):
    edition, files, _ = read
    end_readings(edition)
    services.decide(files[0], outcome="not_selected")
    found = lines(client)
    assert found["lettre à relire"][0] == found["candidature sans décision du jury"][0] == 1
    for text in ["lettre à relire", "candidature sans décision du jury"]:
        assert client.get(found[text][1]).status_code == 200


def test_results_without_a_laureate_are_urgent_and_leave_with_one(client, team, read):
    edition, files, _ = read
    text = "édition sans lauréat, à la veille de ses résultats"
    end_readings(edition)
    assert text not in lines(client)  # they are far
    edition.results_published_at = ahead(days=2)
    edition.save()
    assert lines(client)[text][0] == 1
    prize = make_prize(edition=edition)
    file = type(files[0]).objects.get(pk=files[0].pk)
    services.decide(file, outcome="laureate", prize=prize)
    assert text not in lines(client)


def test_results_without_a_date_wait_for_one(client, team, read):
    edition, _, _ = read
    end_readings(edition)
    edition.results_published_at = None
    edition.save()
    assert lines(client)["date de résultats à fixer"][0] == 1


# What a tie hides --------------------------------------------------------------------------------


def told(client):
    """All that the page says, but the token of its form."""
    page = client.get("/admin/").content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


@pytest.mark.parametrize("changes", [{"roles": [Role.TEAM]}, {"is_superuser": True}])
def test_hidden_file_tells_nothing_from_its_deposit_to_its_letter(client, db, changes):
    user, other = make_user(**changes), make_user(**changes)
    edition = closed_edition()
    tie(user, make_candidature(edition=edition, title="Le moulin"))
    hidden = make_deposited(edition=edition)
    tie(user, hidden)

    def seen():
        client.force_login(other)
        by_other = told(client)
        client.force_login(user)
        return told(client), by_other

    before = seen()
    assert "candidature à examiner" in before[1]
    assert "candidature à examiner" not in before[0]
    services.change_status(hidden, "accept", by=other)
    after = seen()
    assert after[1] != before[1]
    assert after[0] == before[0]


@pytest.mark.parametrize("changes", [{"roles": [Role.TEAM]}, {"is_superuser": True}])
def test_reading_and_decision_of_a_hidden_file_tell_nothing(client, read, changes):
    edition, files, seat = read
    user = make_user(**changes)
    client.force_login(user)
    tie(user, files[0])
    before = told(client)
    make_evaluation(seat.assignments.get(candidature=files[0]), [3])
    assert told(client) == before
    end_readings(edition)
    edition.results_published_at = ahead(days=1)
    edition.save()
    before = told(client)
    services.decide(
        files[0], outcome="laureate", prize=make_prize(edition=edition), citation="Bravo."
    )
    services.announce(edition)
    assert told(client) == before
    client.force_login(make_user(**changes))
    assert told(client) != before


def test_mail_about_a_hidden_file_is_not_counted(client, team):
    file = make_candidature()
    mail = outbox.queue(to="a@rallynov.example", subject="S", text="T", about=file.uuid)
    Email.objects.filter(pk=mail.pk).update(status=STATUS.failed)
    assert "courriel n’est pas parti" in lines(client)
    tie(team, file)
    assert lines(client) == {}


# How much it costs -------------------------------------------------------------------------------


def test_home_makes_fifteen_queries_at_most_whatever_there_is(client, sign_in):
    user = sign_in(is_superuser=True)
    counts = []
    for _ in range(2):
        fill()
        edition = make_reading_edition()
        make_criterion(edition=edition)
        seat = make_jury_member(edition=edition, user=user)
        file = make_eligible(edition=edition)
        make_evaluation(seat.assignments.get(candidature=file), [3])
        make_eligible(edition=edition)
        make_jury_member(edition=edition)
        for row in [make_news_item(), make_initiative(), file, make_event()]:
            LogEntry.objects.create(
                user=user,
                content_type=ContentType.objects.get_for_model(row),
                object_id=row.pk,
                object_repr=str(row),
                action_flag=CHANGE,
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


# Plots -------------------------------------------------------------------------------------------


def test_call_is_drawn_week_by_week_of_what_one_sees(client, team):
    edition = make_edition()
    hidden = make_deposited(edition=edition)
    make_candidature(edition=edition)
    (plot,) = home(client).plots
    assert plot.told == "1 candidature déposée, sur 2 commencées."
    assert plot.sums == [2, 1]
    tie(team, hidden)
    (plot,) = home(client).plots
    assert plot.sums == [1, 0]


def test_weeks_have_no_hole_and_days_no_end_missing():
    rows = weeks(ago(days=30), ahead(days=0), [ago(days=1), ago(days=25)])
    assert len(rows) in (5, 6)
    assert sum(row.values[0] for row in rows) == 2
    assert [row.values for row in days(ago(days=2), ahead(days=0), [ago(days=1)])] == [
        (0,), (1,), (0,),
    ]  # fmt: skip
