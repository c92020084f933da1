"""The register says all that is kept of people, for as long as the purge keeps it."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse

from accounts.models import User
from rallynov.privacy.person import NOT_BY_ADDRESS, OWNED
from rallynov.privacy.purge import STEPS
from rallynov.privacy.register import BY_KEY, NOT_PERSONAL, REGISTER
from rallynov.privacy.register_words import WORDS
from tests.html import Html

# Tables of the machine, which know nobody: types, migrations, queues of words, locks.
OF_THE_MACHINE = {
    *("contenttypes.ContentType", "auth.Permission", "auth.Group", "auth.Group_permissions"),
    "post_office.EmailTemplate",  # never used: our mails are composed by `accounts.mails`
}
OF_THE_HISTORY = {"pgh_label"}
HOLDS_WORDS = (models.CharField, models.TextField, models.JSONField, models.FileField, ArrayField)
SAYS_NOTHING = (SearchVectorField, models.SlugField, models.UUIDField)


def tables():
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def may_name_people(field):
    if isinstance(field, SAYS_NOTHING) or field.choices:
        return False
    return isinstance(field, HOLDS_WORDS) or field.related_model is User


def named(label):
    held = {name for part in REGISTER for name in part.holds.get(label, ())}
    return held | set(NOT_PERSONAL.get(label, ())) | OF_THE_HISTORY


def test_register_names_every_column_that_may_name_people():
    forgotten = [
        f"{model._meta.label}.{field.name}"
        for model in tables()
        if model._meta.label not in OF_THE_MACHINE
        for field in model._meta.concrete_fields
        if may_name_people(field) and field.name not in named(model._meta.label)
    ]
    assert forgotten == []


def test_register_names_columns_that_are_there():
    for part in REGISTER:
        for label, columns in part.holds.items():
            for name in columns:
                apps.get_model(label)._meta.get_field(name)


def test_export_looks_into_every_model_of_the_register():
    held = {label for part in REGISTER for label in part.holds}
    assert held == set(OWNED) | NOT_BY_ADDRESS
    assert not set(OWNED) & NOT_BY_ADDRESS


def test_each_part_has_its_words_and_each_step_its_part():
    assert list(BY_KEY) == list(WORDS)
    for part in REGISTER:
        assert set(part.words) == {"title", "whose", "what", "why", "basis", "term", "erasure"}
    assert {step.key for step in STEPS} - set(BY_KEY) == {"files"}


def test_every_duration_of_the_settings_is_said():
    said = " ".join(words["term"] for words in WORDS.values())
    assert [name for name in settings.RETENTION if f"{{{name}}}" not in said] == []


@pytest.mark.django_db
def test_page_says_the_durations_of_the_settings(client, settings):
    settings.RETENTION = settings.RETENTION | {"drafts": 7, "accounting": 144}
    page = Html(client.get(reverse("privacy-register")).content.decode())
    assert "7 mois après la clôture" in page.text("body")
    assert "12 ans" in page.text("body")
    assert len(page.all("section")) == len(REGISTER)


@pytest.mark.django_db
def test_page_is_public_and_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/donnees-personnelles/registre/")
    assert response.status_code == 200
    assert not response.cookies
