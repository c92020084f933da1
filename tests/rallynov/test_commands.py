"""`manage.py start`, for real: on a terminal of its own, ended in every way a person can."""

import http.client
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from rallynov import embedded
from tests.rallynov.test_embedded import pytestmark  # noqa: F401  (skips without the wheel)

LEADER = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
PRODUCTION = {
    "SECRET_KEY": "only-for-tests-" + "x" * 40,
    "ALLOWED_HOSTS": "portail.rallynov.example",
    "SITE_URL": "https://portail.rallynov.example",
    "DEFAULT_FROM_EMAIL": "test@rallynov.example",
    "CONTACT_EMAIL": "equipe@rallynov.example",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}


class Terminal:
    """A command on a pseudo-terminal that it leads, as in a window opened for it."""

    def __init__(self, *command, env):
        self.master, slave = os.openpty()
        self.output = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", LEADER, *command],
            cwd=embedded.CHECKOUT,
            env=env,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def read(self):
        """Take what was written; False at the end."""
        if select.select([self.master], [], [], 0.1)[0]:
            try:
                self.output += os.read(self.master, 65_536).decode(errors="replace")
            except OSError:  # the other side is closed
                return False
        return True

    def wait_for(self, text, seconds=300):
        deadline = time.monotonic() + seconds
        while text not in self.output:
            assert self.read(), f"ended before « {text} »:\n{self.output}"
            assert time.monotonic() < deadline, f"no « {text} »:\n{self.output}"

    def wait(self, seconds=20):
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            if self.master is not None:
                self.read()
            time.sleep(0.05)
        return self.process.poll()

    def close(self):
        if self.master is not None:
            os.close(self.master)
            self.master = None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def cluster(tmp_path):
    cluster = embedded.Cluster((tmp_path / "var é").resolve(), "test")
    yield cluster
    cluster.stop()
    for folder in (cluster.base, cluster.socket_dir):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def env(tmp_path, cluster):
    """The environment of a newcomer: the example mode, with its own folders and port."""
    kept = ("PATH", "HOME", "LANG", "POSTGRES_BIN")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "DATABASE_URL": "",
        "RALLYNOV_VAR": str(tmp_path / "var é"),
        "RALLYNOV_CLUSTER": "test",
        "PORT": str(free_port()),
    }


@contextmanager
def started(env):
    terminal = Terminal("manage.py", "start", env=env)
    try:
        terminal.wait_for("Prêt")
        yield terminal
    finally:
        if terminal.process.poll() is None:
            terminal.process.kill()
            terminal.process.wait()
        terminal.close()


def processes(env):
    """The processes of this run, known by their environment: {pid: command line}."""
    marker = f"RALLYNOV_VAR={env['RALLYNOV_VAR']}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if marker in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().decode()
        except OSError:
            continue
    return found


def left_after(env, seconds):
    deadline = time.monotonic() + seconds
    while (left := processes(env)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def get(env, path, host="127.0.0.1"):
    connection = http.client.HTTPConnection("127.0.0.1", int(env["PORT"]), timeout=10)
    try:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def kill_the_site(terminal, env):
    (site, *_) = (pid for pid, command in processes(env).items() if "granian" in command)
    os.kill(site, signal.SIGKILL)


WAYS_TO_END = {
    "Ctrl-C": (lambda terminal, env: os.write(terminal.master, b"\x03"), 0),
    "SIGTERM": (lambda terminal, env: terminal.process.terminate(), 0),
    "a closed terminal": (lambda terminal, env: terminal.close(), 0),
    "a child that dies": (kill_the_site, 1),
    "SIGKILL": (lambda terminal, env: terminal.process.kill(), -signal.SIGKILL),
}


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_start_serves_and_leaves_no_process_however_it_ends(env, cluster):
    for way, (end, code) in WAYS_TO_END.items():
        with started(env) as terminal:
            terminal.wait_for("Ctrl-C", 5)
            for told in (f"http://127.0.0.1:{env['PORT']}/", "Comptes d’exemple", "/courrier/"):
                assert told in terminal.output
            assert get(env, "/sante/pret/")[0] == 200
            assert len(processes(env)) >= 5  # the command, three of the site, the worker
            assert cluster.is_alive()
            end(terminal, env)
            assert terminal.wait() == code, f"{way}:\n{terminal.output}"
        assert left_after(env, 15) == {}, way
        assert not cluster.is_alive(), way


def test_start_with_a_database_url_loads_no_fiction(env, cluster):
    with cluster.running():
        url = f"postgresql://rallynov:{cluster.secret('password')}@/{cluster.socket_dir}/rallynov"
        production = env | PRODUCTION | {"DATABASE_URL": url}
        with started(production) as terminal:
            terminal.wait_for("Ctrl-C", 5)
            assert "Comptes d’exemple" not in terminal.output
            host = PRODUCTION["ALLOWED_HOSTS"]
            assert get(env, "/sante/pret/", host)[0] == 200
            assert get(env, "/courrier/", host)[0] == 404
            assert count(cluster, "accounts_user") == 0
            assert count(cluster, "initiatives_initiative") == 0
            terminal.process.terminate()
            assert terminal.wait() == 0
        assert cluster.is_alive()


def count(cluster, table):
    with psycopg2.connect(
        host=str(cluster.socket_dir),
        dbname="rallynov",
        user="rallynov",
        password=cluster.secret("password"),
    ) as connection:
        cursor = connection.cursor()
        cursor.execute(f"SELECT count(*) FROM {table}")
        number = cursor.fetchone()[0]
    connection.close()
    return number


def run(env, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=embedded.CHECKOUT,
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


def test_start_says_that_the_port_is_busy_before_it_starts_anything(env, cluster):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", int(env["PORT"])))
        busy.listen()
        result = run(env, "start")
    assert result.returncode == 1
    assert f"PORT={int(env['PORT']) + 1} make run" in result.stderr
    assert not cluster.data.exists()


def test_start_with_a_database_url_says_which_secret_is_missing(env):
    result = run(env | {"DATABASE_URL": "postgresql:///nowhere"}, "start")
    assert result.returncode == 1
    assert "SECRET_KEY manque" in result.stderr
    assert "Traceback" not in result.stderr


def test_start_says_that_the_database_does_not_answer(env):
    nowhere = {"DATABASE_URL": "postgresql://a@127.0.0.1:1/a"}
    result = run(env | PRODUCTION | nowhere, "start")
    assert result.returncode == 1
    assert "vérifiez DATABASE_URL" in result.stderr
    assert "Traceback" not in result.stderr


def test_another_command_holds_the_database_meanwhile(env, cluster):
    code = "from django.db import connection as c; c.ensure_connection(); print(c.pg_version)"
    result = run(env, "shell", "-v0", "-c", code)
    assert int(result.stdout) >= 150_000, result.stderr
    assert not cluster.is_alive()
