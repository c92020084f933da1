"""The example: whole, well written, marked, and the same when it is loaded again."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import models, transaction
from django.test import override_settings
from django.utils import timezone
from pghistory.models import Event as HistoryRow

from accounts.models import User
from events.models import Event
from initiatives.directory import BY_NAME
from initiatives.models import Initiative, Theme
from news.models import NewsItem, NewsPhoto
from partners.models import Organisation
from rallynov.richtext import clean_html
from rallynov.seed import ACCOUNTS, demo
from tests.initiatives.asking import ask
from trophies.models import Edition, Laureate
from trophies.route import Phase

TODAY = timezone.localdate()
CONTENT = ["partners", "initiatives", "events", "news", "trophies"]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The example, loaded once for the module: each test is then a savepoint within."""
    hashers = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with django_db_blocker.unblock(), override_settings(**hashers), transaction.atomic():
        demo.load(TODAY, say=quiet)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo_content(loaded, db):
    pass


def quiet(line):
    pass


def content_models():
    models = [model for label in CONTENT for model in apps.get_app_config(label).get_models()]
    return [model for model in models if not issubclass(model, HistoryRow)]


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
    themes = ask("").options(BY_NAME["theme"])
    assert len(themes) == Theme.objects.count()
    assert all(theme.count >= 3 for theme in themes)
    for events in [Event.objects.upcoming(), Event.objects.past()]:
        assert set(events.published().values_list("kind", flat=True)) == set(Event.Kind.values)
    states = {item.publication_state for item in NewsItem.objects.all()}
    assert states == set(NewsItem.State)
    assert NewsItem.objects.published().filter(is_pinned=True).count() == 1
    phases = {edition.phase for edition in Edition.objects.all()}
    assert phases == {Phase.OPEN, Phase.READING, Phase.PUBLISHED}
    [call] = [edition for edition in Edition.objects.published() if edition.is_open]
    assert call.regulations.count() == 1
    assert Laureate.objects.published().count() == 7
    assert not Initiative.objects.filter(published_at__gt=now).exists()


def test_fiction_is_marked(demo_content):
    letter = {"initiatives": 4, "events": 10, "editions": 1, "news": 0, "organisations": 29}
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
        assert photo.credit == "Dessin : Rally’nov"


def test_every_row_is_valid(demo_content):
    for model in content_models():
        for row in model.objects.all():
            row.full_clean()


def kept(text):
    return unescape(clean_html(text)).replace(' rel="noopener"', "")


def test_rich_text_is_what_the_editor_keeps(demo_content):
    rich = [(where, text) for where, text in texts() if text and text.startswith("<")]
    assert len(rich) > 40
    changed = [where for where, text in rich if kept(text) != unescape(text)]
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
