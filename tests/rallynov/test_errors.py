"""What a person sees when something fails, with the status that says so to machines."""

import os
import subprocess
import sys

import pytest
from django.urls import reverse

from tests.conftest import ROOT
from tests.factories import make_user
from tests.html import Html

WITHOUT_DATABASE = """
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
django.setup()
from django.test import Client
response = Client(raise_request_exception=False).get("/")
print(response.status_code, response.get("Retry-After"), response.content.decode())
"""


def test_database_away_is_said_to_pass():
    environment = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "DJANGO_SETTINGS_MODULE": "rallynov.settings",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WITHOUT_DATABASE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    status, retry_after, html = done.stdout.split(maxsplit=2)
    assert (status, retry_after) == ("503", "30")
    assert len(Html(html).all("h1")) == 1


@pytest.mark.django_db
def test_body_that_is_too_large_is_refused(client):
    response = client.post(
        reverse("account_login"),
        data="login=" + "a" * 3_000_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 413


def test_host_that_is_unknown_is_refused(client):
    assert client.get("/robots.txt", headers={"host": "www.other.example"}).status_code == 400


@pytest.mark.django_db
def test_form_without_its_token_is_refused_in_french():
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a"})
    assert response.status_code == 403
    assert Html(response.content.decode()).first("html")["lang"] == "fr"


@pytest.mark.django_db
def test_too_many_sign_ins_are_slowed_down(client):
    user = make_user()
    statuses = [
        client.post(reverse("account_login"), {"login": user.email, "password": "x"}).status_code
        for _ in range(31)
    ]
    assert statuses[0] == 200
    assert statuses[-1] == 429
