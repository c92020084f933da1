"""What `make run` calls: prepares the database, then runs the site and the worker together."""

import hashlib
import http.client
import os
import socket
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from rallynov import embedded
from rallynov.supervisor import Children, Stopped, say, stop_on_signals, terminals

WEB_PROCESSES = 2
THREADS = 4  # each keeps a database connection
READY_WITHIN = 60  # seconds


class Command(BaseCommand):
    help = "Prépare la base, puis lance le site et le travail de fond jusqu’à Ctrl-C."

    def handle(self, **options):
        host, port = address()
        check_port(host, port)
        stop_on_signals()
        try:
            with embedded.running() if settings.EXAMPLE_MODE else nullcontext():
                prepare()
                serve(host, port)
        except embedded.EmbeddedError as error:
            sys.exit(str(error))
        except Stopped:
            say("\n  Rally’nov est arrêté.")


def address():
    """The host and port to listen on; the example mode never leaves this machine."""
    host = "127.0.0.1" if settings.EXAMPLE_MODE else os.environ.get("HOST") or "127.0.0.1"
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        sys.exit(f"PORT={port} : il faut un nombre de 1 à 65535, comme PORT=8001.")
    return host, int(port)


def check_port(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            sys.exit(f"Le port {port} est réservé à l’administrateur : PORT=8001 make run")
        except OSError as error:
            sys.exit(
                f"Le port {port} de {host} n’est pas libre ({error.strerror}).\n"
                f"Choisissez-en un autre : PORT={port % 65_535 + 1} make run"
            )


def check_database():
    try:
        connection.ensure_connection()
    except OperationalError as error:
        sys.exit(f"La base de données ne répond pas : vérifiez DATABASE_URL.\n{error}")
    if connection.pg_version < 150_000:
        sys.exit("Il faut PostgreSQL 15 ou plus récent : DATABASE_URL en désigne un plus ancien.")


def prepare():
    say("• Base de données")
    check_database()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    say("• Fichiers statiques")
    collect_static_files()
    if settings.EXAMPLE_MODE:
        say("• Contenu d’exemple")
        call_command("seed_demo", "--if-empty")


def collect_static_files():
    """Compressing all of them takes ten seconds: only if one changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    made_from = root.with_name(f"{root.name}.made-from")
    sources = hashlib.sha256(
        "\n".join(
            f"{name} {info.st_size} {info.st_mtime_ns}"
            for finder in get_finders()
            for name, storage in finder.list([])
            for info in [os.stat(storage.path(name))]
        ).encode()
    ).hexdigest()
    if root.exists() and made_from.exists() and made_from.read_text() == sources:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    made_from.write_text(sources)


def serve(host, port):
    at_start = terminals()
    with Children() as children:
        children.start("site", *granian(host, port), cwd=settings.BASE_DIR)
        children.start("worker", sys.executable, "manage.py", "worker", cwd=settings.BASE_DIR)
        wait_until_ready(children, host, port)
        say(welcome(host, port))
        # When make leads the session, the SIGHUP of a closed terminal goes to make alone.
        while terminals() == at_start:
            check(children)
            time.sleep(0.5)


def granian(host, port):
    return (
        *(sys.executable, "-m", "granian", "rallynov.wsgi:application"),
        *("--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(WEB_PROCESSES), "--blocking-threads", str(THREADS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "8"),
    )


def check(children):
    if ended := children.ended():
        name, code = ended
        sys.exit(f"\n  Le processus « {name} » s’est arrêté (code {code}) : tout s’arrête.")


def wait_until_ready(children, host, port):
    deadline = time.monotonic() + READY_WITHIN
    while (answer := is_ready(host, port)) is not True:
        check(children)
        if time.monotonic() > deadline:
            sys.exit(f"\n  Le site ne répond pas après {READY_WITHIN} s ({answer}).")
        time.sleep(0.1)


def is_ready(host, port):
    """True, or what /sante/pret/ answered instead."""
    connection = http.client.HTTPConnection(host if host != "0.0.0.0" else "127.0.0.1", port, 5)
    try:
        # ALLOWED_HOSTS may not know the address that we listen on.
        headers = {"Host": urlsplit(settings.SITE_URL).netloc}
        connection.request("GET", "/sante/pret/", headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()
    return status == 200 or status


def welcome(host, port):
    site = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    if not settings.EXAMPLE_MODE:
        return f"\n  Prêt : {site} (pour le public : {settings.SITE_URL})\n  Arrêter : Ctrl-C\n"
    from rallynov.seed import ACCOUNTS  # fiction: loaded in example mode only

    roles = max(len(account.role_label) for account in ACCOUNTS)
    emails = max(len(account.email) for account in ACCOUNTS)
    lines = [
        "",
        f"  Prêt : {site}",
        "",
        "  Comptes d’exemple",
        *(
            f"    {account.role_label:{roles}}   {account.email:{emails}}   {account.password}"
            for account in ACCOUNTS
        ),
        "",
        f"  Administration   {site}admin/",
        f"  Courriels        {site}courrier/",
        f"  Données          {embedded.data_folder()}",
        "  Arrêter          Ctrl-C",
        "",
    ]
    return "\n".join(lines)
