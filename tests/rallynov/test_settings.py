"""Production refuses to start without its secrets, and says which."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PRODUCTION = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "www.rallynov.example",
    "SITE_URL": "https://www.rallynov.example",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "DEFAULT_FROM_EMAIL": "a@rallynov.example",
    "CONTACT_EMAIL": "b@rallynov.example",
}


def start(variables, code="from rallynov import settings"):
    inherited = {k: v for k, v in os.environ.items() if k not in PRODUCTION}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=inherited | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DATABASE_URL"])
def test_missing_secret_is_named(name):
    done = start({k: v for k, v in PRODUCTION.items() if k != name})
    assert done.returncode != 0
    assert f"{name} manque" in done.stderr


def test_complete_production_starts_without_example_mode():
    code = (
        "from rallynov import settings as s;"
        "print(s.EXAMPLE_MODE, s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECOND_FACTOR_REQUIRED)"
    )
    done = start(PRODUCTION, code)
    assert done.stdout.split() == ["False", "False", "True", "True"], done.stderr


def test_example_mode_listens_to_this_machine_alone():
    code = "from rallynov import settings as s; print(s.EXAMPLE_MODE, *s.ALLOWED_HOSTS)"
    done = start({"ALLOWED_HOSTS": "www.rallynov.example"}, code)
    assert done.stdout.split() == ["True", "127.0.0.1", "localhost", "[::1]"], done.stderr
