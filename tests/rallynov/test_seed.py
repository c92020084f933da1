"""The first content: whole, well written, marked, and the same when it is loaded again."""

import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone

from accounts.models import User
from events.models import Event
from initiatives.models import Initiative, Theme
from news.models import NewsItem, NewsPhoto, Page
from partners.models import Organisation, Partnership
from rallynov.richtext import clean_html
from rallynov.seed import ACCOUNTS, archive, calendar, demo
from tests.factories import make_archive
from trophies.models import Edition, EditionFigure, Laureate, Prize
from trophies.route import Phase

CONTENT = ["partners", "initiatives", "events", "news", "trophies"]
TODAY = timezone.localdate()


def quiet(line):
    pass


@pytest.fixture
def archive_content(db):
    archive.load(say=quiet)


@pytest.fixture
def demo_content(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    demo.load(TODAY, say=quiet)


def content_models():
    return [model for label in CONTENT for model in apps.get_app_config(label).get_models()]


def everything():
    """Every value of every row of the content, and of the accounts."""
    tables = [*content_models(), User, EmailAddress, Initiative.conditions.through]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in tables}


def texts():
    """`(where, text)` for each text that a person may read."""
    for model in content_models():
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not isinstance(field, models.SlugField | models.URLField)
            and not field.choices
            and field.editable
        ]
        for row in model.objects.all():
            yield from ((f"{model.__name__} {row.pk} {f}", getattr(row, f)) for f in fields)


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


def test_loading_again_changes_nothing(demo_content):
    before = everything()
    demo.load(TODAY, say=quiet)
    after = everything()
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert after == before


def test_loading_again_restores_a_text(demo_content):
    Initiative.objects.filter(slug="vadapad").update(summary="Autre chose.")
    demo.load(TODAY, say=quiet)
    assert Initiative.objects.get(slug="vadapad").summary != "Autre chose."


def test_demo_fills_every_corner(demo_content):
    now = timezone.now()
    assert 75 <= Initiative.objects.published().count() <= 90
    assert set(Initiative.objects.values_list("department", flat=True)) == {
        "25", "39", "70", "90", None,
    }  # fmt: skip
    assert all(theme.count >= 3 for theme in Theme.objects.with_counts())
    for events in [Event.objects.upcoming(), Event.objects.past()]:
        assert set(events.published().values_list("kind", flat=True)) == set(Event.Kind.values)
    states = {item.publication_state for item in NewsItem.objects.all()}
    assert states == set(NewsItem.State)
    assert NewsItem.objects.published().filter(is_pinned=True).count() == 1
    phases = {edition.phase for edition in Edition.objects.all()}
    assert phases == {Phase.OPEN, Phase.PUBLISHED}
    assert Edition.objects.open().get().regulations.count() == 1
    assert Laureate.objects.published().count() == 7
    assert not Initiative.objects.filter(published_at__gt=now).exists()


def test_fiction_is_marked(demo_content):
    letter = {"initiatives": 4, "events": 10, "editions": 1, "news": 0, "organisations": 30 - 1}
    real = {
        "initiatives": Initiative.objects.filter(is_example=False).count(),
        "events": Event.objects.filter(is_example=False).count(),
        "editions": Edition.objects.filter(is_example=False).count(),
        "news": NewsItem.objects.filter(is_example=False).count(),
        "organisations": Organisation.objects.filter(is_example=False).count(),
    }
    assert real == letter
    names = Organisation.objects.filter(is_example=True).values_list("name", flat=True)
    assert [name for name in names if not name.endswith("(exemple)")] == []


def test_pictures_are_drawn_and_described(demo_content):
    photos = list(NewsPhoto.objects.all())
    assert len(photos) == 3
    for photo in photos:
        assert photo.image.storage.exists(photo.image.name)
        assert photo.image.name == f"photos/{photo.uuid}.webp"
        assert (photo.width, photo.height) == (1440, 810)
        assert photo.credit == "Dessin : Rally’nov"


def test_every_row_is_valid(demo_content):
    for model in content_models():
        for row in model.objects.all():
            row.full_clean()


def test_rich_text_is_what_the_editor_keeps(demo_content):
    rich = [(where, text) for where, text in texts() if text and text.startswith("<")]
    assert len(rich) > 40
    changed = [
        where for where, text in rich if clean_html(text).replace(' rel="noopener"', "") != text
    ]
    assert changed == []


def test_typography_is_french(demo_content):
    wrong = []
    for where, text in texts():
        plain = re.sub(r"<[^>]+>|https?://\S+|&\w+;", " ", str(text or ""))
        for pattern in [
            r"\w'\w",
            r"[ \u00a0][;:!?](?=\s|$)",
            r"«[^\u202f]",
            r"[^\u202f]»",
            r"\.\.\.",
        ]:
            wrong += [(where, found) for found in re.findall(rf".{{0,20}}{pattern}", plain)]
    assert wrong == []


def test_links_lead_somewhere(client, demo_content):
    links = {link for _, text in texts() for link in re.findall(r'href="(/[^"]*)"', str(text))}
    assert len(links) > 25
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_accounts_can_sign_in(demo_content):
    assert {account.role_label for account in ACCOUNTS} == {
        "administration", "équipe", "rédaction", "jury", "porteur de projet",
    }  # fmt: skip
    for account in ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert user.check_password(account.password)
        assert user.roles == list(account.roles)
        assert user.is_superuser == account.is_superuser
        assert user.is_staff == (account.role_label != "porteur de projet")
        assert len(account.password) >= 12
        address = EmailAddress.objects.get(user=user)
        assert (address.email, address.verified, address.primary) == (account.email, True, True)


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


def test_deadline_is_told_in_french():
    closes_at = calendar.current(date(2026, 11, 23)).closes_at
    assert calendar.deadline(closes_at) == "vendredi 29 janvier 2027 à 23\u00a0h\u00a059"
