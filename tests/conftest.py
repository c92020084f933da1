import os
import sys
from pathlib import Path

import pytest
from django.template.base import Template

from tests.smtp import Inbox

ROOT = Path(__file__).resolve().parent.parent
OUR_TEMPLATES = str(ROOT / "templates")


class UnknownVariable(str):
    """Fails the test when one of our own templates names a variable that does not exist.

    Templates of Django and of the libraries rely on unknown variables being silent.
    """

    def __contains__(self, item):
        return item == "%s"

    def __mod__(self, variable):
        origin = template_being_rendered()
        if origin and origin.startswith(OUR_TEMPLATES):
            pytest.fail(f"{origin}: unknown variable {{{{ {variable} }}}}")
        return ""


def template_being_rendered():
    frame = sys._getframe()
    while frame := frame.f_back:
        template = frame.f_locals.get("self")
        if isinstance(template, Template) and frame.f_code.co_name == "_render":
            return template.origin.name
    return None


@pytest.fixture(autouse=True, scope="session")
def _unknown_variables_fail():
    from django.template import engines

    engines["django"].engine.string_if_invalid = UnknownVariable()


@pytest.fixture(autouse=True)
def _quick_settings(settings):
    """No manifest of static files, hence no collectstatic; a password hasher that takes no time."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def inbox(settings):
    """The mail server of the test; without it, nobody answers."""
    inbox = Inbox()
    inbox.open()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", inbox.port
    yield inbox
    inbox.close()


def pytest_collection_modifyitems(items):
    """Browser tests share one server, so one worker runs them all."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_report_header(config):
    where = os.environ["DATABASE_URL"].rpartition("@")[2]
    return f"PostgreSQL: {where}"
