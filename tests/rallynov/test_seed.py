"""The first content: the edition of 2014, the fixed pages, the commands, the example's dates."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from events.models import Event
from initiatives.models import Initiative
from news.models import Page
from partners.models import Organisation, Partnership
from rallynov.seed import archive, calendar
from tests.factories import make_archive
from trophies.models import Edition, EditionFigure, Laureate, Prize
from trophies.route import Phase


def quiet(line):
    pass


@pytest.fixture
def archive_content(db):
    archive.load(say=quiet)


def test_archive_is_the_edition_of_2014(archive_content):
    edition = Edition.objects.get()
    assert (edition.year, edition.ordinal, edition.phase) == (2014, 2, Phase.PUBLISHED)
    assert edition.stages == []
    assert edition.ceremony.commune.name == "Besançon"
    prize = Prize.objects.get()
    assert (prize.amount, prize.quantity, prize.funder) == (2000, 4, None)
    titles = [str(laureate.initiative) for laureate in Laureate.objects.published()]
    assert titles == ["Drive fermier 39", "Schrader", "Le Mas", "Vadapad"]
    values = dict(EditionFigure.objects.values_list("key", "value"))
    assert values == {
        "candidatures": 14, "initiatives": 80, "visiteurs": 3000, "pages-consultees": 13000,
    }  # fmt: skip


def test_archive_knows_no_more_than_the_letter(archive_content):
    dates = dict(Event.objects.values_list("slug", "date_precision"))
    assert len(dates) == 10
    assert set(dates.values()) == {"month", "year"}
    attendances = Event.objects.exclude(attendance=None).values_list("attendance", flat=True)
    assert sorted(attendances) == [60, 70]
    unknown = Initiative.objects.filter(commune=None).values_list("slug", "department")
    assert dict(unknown) == {"drive-fermier-39": "39", "schrader": "25", "vadapad": None}
    assert not Organisation.objects.exclude(website="", siren="").exists()
    assert not Laureate.objects.exclude(citation="").exists()


def test_archive_names_the_partners(archive_content):
    kinds = Partnership.objects.values_list("kind", flat=True)
    assert {kind: list(kinds).count(kind) for kind in kinds} == {
        "pilot": 3,
        "funder": 1,
        "ally": 13,
    }
    february = Event.objects.get(slug="reunion-des-partenaires-fevrier-2014")
    assert len(february.participants) == 16
    workshop = Event.objects.get(slug="atelier-entreprises-mai-2014")
    assert len(workshop.participants) == 5


def test_command_refuses_a_real_database(db, settings):
    settings.EXAMPLE_MODE = False
    with pytest.raises(CommandError, match="seed_archive"):
        call_command("seed_demo")
    assert not User.objects.exists()
    assert not Edition.objects.exists()


def test_command_leaves_a_site_in_use_alone(db, settings, capsys):
    settings.EXAMPLE_MODE = True
    make_archive(year=2014)
    call_command("seed_demo", "--if-empty")
    assert not Initiative.objects.exists()
    assert capsys.readouterr().out == ""


def test_archive_command_tells_its_progress(db, capsys):
    call_command("seed_archive")
    assert "• partenaires de 2014" in capsys.readouterr().out
    assert Edition.objects.get().year == 2014


def test_fixed_pages_are_there(db):
    assert set(Page.objects.values_list("key", flat=True)) == set(Page.Key.values)
    for page in Page.objects.all():
        assert page.title
        assert page.summary
        assert page.body.startswith("<")


def test_legal_pages_leave_blanks_rather_than_invent(db):
    for key in ["mentions-legales", "accessibilite", "donnees-personnelles", "contact"]:
        assert "À compléter par l’éditeur" in Page.objects.get(pk=key).body
    assert "non conforme" in Page.objects.get(pk="accessibilite").body


DAYS = [
    date(2026, 11, 23),
    date(2027, 1, 1),
    date(2027, 2, 28),
    date(2028, 2, 29),
    date(2027, 8, 31),
    date(2027, 9, 1),
    date(2027, 10, 31),
    date(2026, 12, 31),
]


@pytest.mark.parametrize("today", DAYS)
def test_call_is_open_whatever_the_day(today):
    now = calendar.current(today)
    assert now.year == today.year + (today.month >= 9)
    assert timedelta(days=45) <= today - now.opens_at.date() <= timedelta(days=60)
    assert timedelta(days=60) <= now.closes_at.date() - today <= timedelta(days=74)
    assert (now.closes_at.strftime("%H:%M"), now.closes_at.weekday()) == ("23:59", 4)
    assert list(now.instants().values()) == sorted(now.instants().values())
    past = calendar.past(today)
    assert past.year == now.year - 2
    assert past.closes_at.weekday() == 4
    assert past.results_published_at.date() < today
