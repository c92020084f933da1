"""A real server, as `make run` starts it, and a real browser."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from rallynov import embedded
from tests.conftest import ROOT
from tests.tools import require

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PRODUCTION_VARIABLES = [
    "DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL",
    "CONTACT_EMAIL", "MEDIA_ROOT", "RALLYNOV_CLUSTER",
]  # fmt: skip


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(address, process, seconds=300):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/sante/pret/", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the server is not ready: exit code {process.poll()}")


def new_folder():
    return Path(tempfile.mkdtemp(prefix="rallynov-e2e-"))


def cluster_of(folder):
    """Where its cluster stands: root's is elsewhere, for PostgreSQL does not run as root."""
    return embedded.Cluster(folder, "example").base


def remove(folder):
    for left in (folder, cluster_of(folder)):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def started(folder, **variables):
    """The portal of a folder, in example mode: its address, its environment."""
    require(CHROMIUM, "Chromium")
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if k not in PRODUCTION_VARIABLES}
    environment = kept | {"RALLYNOV_VAR": str(folder), "PORT": str(port)} | variables
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(address, process)
        yield address, environment
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@cache
def prepared():
    """The folder of a portal made ready once, and stopped: each site is a copy of it."""
    folder = new_folder()
    atexit.register(remove, folder)
    with started(folder):
        return folder


@contextmanager
def running_site(**variables):
    """A portal in example mode, on an embedded cluster of its own: its address, its environment."""
    folder = new_folder()
    try:
        for made, copy in ((prepared(), folder), (cluster_of(prepared()), cluster_of(folder))):
            # Its modes and owners too, as `shutil.copytree` does not.
            subprocess.run(["cp", "-a", f"{made}/.", copy], check=True)
        with started(folder, **variables) as site:
            yield site
    finally:
        remove(folder)


@pytest.fixture(scope="session")
def example_site():
    with running_site() as (address, environment):
        yield SimpleNamespace(address=address, folder=Path(environment["RALLYNOV_VAR"]))


@pytest.fixture(scope="session")
def site(example_site):
    return example_site.address


@pytest.fixture(scope="session")
def chromium():
    require(CHROMIUM, "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, site):
    """Open an address in a fresh browser; its console must have stayed silent at the end."""
    contexts, messages = [], []

    def open_page(address, *, watched=True, **options):
        context = chromium.new_context(base_url=site, locale="fr-FR", **options)
        contexts.append(context)
        page = context.new_page()
        if watched:
            page.on("console", lambda m: messages.append((page.url, m.type, m.text)))
            page.on("pageerror", lambda error: messages.append((page.url, "error", str(error))))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [m for m in messages if m[1] in ("error", "warning")] == []


@pytest.fixture
def signed_in(open_page):
    """Open an address as one of the example accounts."""
    from rallynov.seed import ACCOUNTS

    def signed_in(role_label, address, **options):
        account = next(a for a in ACCOUNTS if a.role_label == role_label)
        page = open_page(f"/compte/connexion/?next={address}", **options)
        page.fill("input[name=login]", account.email)
        page.fill("input[name=password]", account.password)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url(lambda url: urlsplit(url).path == urlsplit(address).path)
        return page

    return signed_in
