"""The page of the admin and the published method: who reads them, and what they say."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audience.dashboard import year_rows
from audience.figures import Figures, by_day, by_month, figures
from audience.models import DayCount, PageCount, YearCount
from tests.factories import make_archive, make_figure, make_user
from tests.html import Html

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NARROW = "\u202f"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def dashboard(client, **person):
    client.force_login(make_user(**person))
    return client.get(reverse("admin:audience_daycount_changelist"))


def make_archived_audience(**changes):
    edition = make_archive(year=2014, **changes)
    for key, value in [("visiteurs", 3000), ("pages-consultees", 13000)]:
        make_figure(edition=edition, key=key, value=value, source="Lettre de janvier 2015")


def make_day(day, pages=40, visits=11):
    DayCount.objects.create(day=day, pages=pages, visits=visits)
    PageCount.objects.create(day=day, path="/agenda/", pages=pages)


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ({"roles": [Role.TEAM]}, 200),
        ({"roles": [Role.EDITOR]}, 200),
        ({"is_superuser": True}, 200),
        ({"roles": [Role.JURY]}, 403),
        ({}, 403),
    ],
)
def test_staff_alone_read_the_dashboard(client, person, status):
    assert dashboard(client, **person).status_code == status


def test_nobody_writes_what_is_counted(client):
    assert dashboard(client, is_superuser=True).status_code == 200
    index = client.get(reverse("admin:index")).content.decode()
    assert reverse("admin:audience_daycount_changelist") in index
    assert client.get("/admin/audience/daycount/add/").status_code == 404


def test_dashboard_without_a_count_says_so_beside_the_archive(client):
    make_archived_audience()
    text = Html(dashboard(client, roles=[Role.TEAM]).content.decode()).text("main")
    assert "Rien n’est compté pour l’instant" in text
    assert "13 000" in text


def test_dashboard_draws_and_tells_the_same(client):
    make_archived_audience()
    make_day(TODAY)
    html = Html(dashboard(client, roles=[Role.TEAM]).content.decode())
    assert len(html.all("svg")) >= 3
    bars = [rect for rect in html.all("rect") if "bars__bar" in rect.get("class", "")]
    assert len(bars) == 2 + 2 + 4  # a day, a month, a year and the archive
    cells = html.text("td")
    for figure in ["40", "11", "13 000", "3 000 visiteurs"]:
        assert figure in cells
    assert "/agenda/" in html.text("table")
    assert "ne se comparent pas" in html.text("main")


def test_dashboard_asks_the_same_for_more_days(client):
    client.force_login(make_user(is_superuser=True))
    counts = []
    for days in (1, 40):
        for ago in range(days):
            day = TODAY - timedelta(days=ago + 100 * (days > 1))
            make_day(day)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:audience_daycount_changelist"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_method_is_published_with_the_figures(client):
    make_archived_audience()
    YearCount.objects.create(year=2020, since=date(2020, 3, 4), pages=5200, visits=1300)
    html = Html(client.get(reverse("audience:method")).content.decode())
    assert "5 200" in html.text("td")
    assert "13 000" in html.text("td")
    assert "4 mars 2020" in html.text("th")
    assert "ne se comparent pas" in html.text("main")
    assert "25 mois" in html.text("main")


def test_archive_of_an_edition_that_is_a_draft_stays_hidden(client):
    make_archived_audience(published_at=None)
    assert f"13{NARROW}000" not in client.get(reverse("audience:method")).content.decode()


def test_figures_of_a_year(db):
    make_day(date(TODAY.year, 1, 1), pages=10, visits=4)
    make_day(date(TODAY.year - 1, 12, 31), pages=7, visits=2)
    assert figures(TODAY.year) == Figures(10, 4, date(TODAY.year, 1, 1))
    assert figures(1999) == Figures()


def test_days_and_months_have_no_gap():
    make_day(TODAY)
    make_day(TODAY - timedelta(days=95))
    days, months = by_day(), by_month()
    assert [day for day, _ in days] == [TODAY - timedelta(days=n) for n in reversed(range(30))]
    assert len(months) in (4, 5)
    assert all(month.day == 1 for month, _ in months)
    assert sum(counted.pages for _, counted in months) == 80


def test_archive_stands_beside_what_was_counted_of_the_same_year():
    archive = {"year": 2014, "pages": 13000, "visitors": None, "source": "Lettre"}
    rows = year_rows({2014: Figures(9, 3, date(2014, 1, 1))}, [archive])
    assert [(row.short, row.is_apart) for row in rows] == [("2014", True), ("2014", False)]
