"""A private PostGIS server under the state folder, so that nobody has to set up a database first.

It listens on a local socket in a folder that only its owner may enter; that folder is its authentication.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from geo_app.database.postgresql import Account, ClusterError, PostgreSQL, account_for, choose

SUPERUSER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes: the kernel's limit for the address of a socket
ROOM_FOR_A_CLUSTER = 300 * 2**20  # bytes: an empty cluster, its first WAL and the demonstration
ROOT_FALLBACK = Path("/var/lib/geo-app")
START_TIMEOUT_S = 60

ALWAYS = {"listen_addresses": "", "jit": "off", "unix_socket_permissions": "0700", "timezone": "UTC"}
# A cluster for tests forgets everything at a power cut, and is twice as fast for it.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """The server whose files lie in ``folder``; ``durable=False`` is for tests."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.durable = durable

    def ensure(self) -> None:
        """Make the cluster if it is absent, start it if it is not running; return when it answers.

        Safe to call at any time and from several processes. Raises ClusterError with a remedy.
        """
        self._check_name()
        with self._locked() as lock:
            account = self._settle()
            if not self._data.exists():
                self._initialise(choose(), account, lock)
            server = choose(self._major())
            if not self._runs(server, account):
                self._start(server, account)
            self._check_it_answers()

    def stop(self) -> None:
        """Stop the server if it runs; its files stay."""
        if not self.is_running():
            return
        with self._locked():
            account = self._settle()
            stopped = account.run([choose(self._major()).bin / "pg_ctl", "stop", "-D", self._data, "-m", "fast", "-w"])
            if stopped.returncode != 0:
                raise self._failure("The database does not stop", stopped.stderr)
            if self._socket_folder.parent != self._home:
                self._socket_folder.rmdir()

    def is_running(self) -> bool:
        """Whether the server of this folder runs now."""
        return self._data.exists() and self._runs(choose(self._major()), self._settle())

    def url(self, database: str, role: str) -> str:
        """SQLAlchemy address of a database here for a role; no password, the folder is the lock."""
        socket_folder = quote(str(self._socket_folder), safe="")
        return f"postgresql+psycopg://{quote(role)}@/{quote(database)}?host={socket_folder}"

    # -- where things lie

    def _check_name(self) -> None:
        """pg_ctl hands the path to a shell between double quotes."""
        if set('"$`\\\n') & set(str(self._home)):
            raise ClusterError(
                f"PostgreSQL cannot start in a folder with a quote, $, ` or \\ in its name: {self._home}.",
                "Rename the folder, or name another one in GEO_STATE.",
            )

    @property
    def _home(self) -> Path:
        """Where the files really are: ``folder`` is a link when the server's user could not reach it."""
        return self.folder.resolve()

    @property
    def _data(self) -> Path:
        return self._home / "data"

    @property
    def _log(self) -> Path:
        return self._home / "server.log"

    @property
    def _socket_folder(self) -> Path:
        """Beside the data, or in /tmp when that path is too long or has a comma, which separates addresses.

        XDG_RUNTIME_DIR would be tidier, but not every process has it, and it goes at the end of a session.
        """
        beside = self._home / "socket"
        if len(os.fsencode(beside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and "," not in str(beside):
            return beside
        name = hashlib.sha256(os.fsencode(self._home)).hexdigest()[:16]
        return Path("/tmp") / f"geo-app-{name}"

    def _settle(self) -> Account:
        """The user who runs the server, in a folder that he can reach: below /var/lib if need be."""
        account = account_for(self._home)
        if account is None:
            name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
            ROOT_FALLBACK.mkdir(mode=0o755, parents=True, exist_ok=True)
            self.folder.rmdir()
            self.folder.symlink_to(ROOT_FALLBACK / name)
            account = account_for(self._home)
        if account is None:
            raise ClusterError(
                f"The user who runs PostgreSQL can enter neither {self.folder} nor {self._home}.",
                "Start as a user who is not root, or name another folder in GEO_STATE.",
            )
        return account

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """One process at a time makes, starts or stops the cluster."""
        path = self.folder.with_name(self.folder.name + ".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ClusterError(
                f"{path} cannot be written: {error.strerror}.",
                "Start as the user who owns it, or name another folder in GEO_STATE.",
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield lock
        finally:
            os.close(lock)

    # -- making it

    def _initialise(self, server: PostgreSQL, account: Account, lock: int) -> None:
        """Run initdb beside the final place and rename, so that a data folder is either whole or absent.

        initdb holds the lock too: if this process is killed, the next start waits for initdb to end and then
        clears what it left.
        """
        for rubbish in self._home.glob("making-*"):
            shutil.rmtree(rubbish)
        free = shutil.disk_usage(self._home).free
        if free < ROOM_FOR_A_CLUSTER:
            raise ClusterError(
                f"The disk of {self._home} has {free // 2**20} MB left; a database needs"
                f" {ROOM_FOR_A_CLUSTER // 2**20}.",
                "Make room or name a folder on another disk in GEO_STATE.",
            )
        making = Path(tempfile.mkdtemp(prefix="making-", dir=self._home))
        if os.geteuid() == 0:
            os.chown(making, account.uid, account.gid)
        options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        if not self.durable:
            options.append("--no-sync")
        made = account.run([server.bin / "initdb", "-D", making, *options], keep_open=[lock])
        if made.returncode != 0:
            shutil.rmtree(making, ignore_errors=True)
            raise self._failure("The database cannot be made", made.stderr)
        making.rename(self._data)

    def _major(self) -> int:
        try:
            return int((self._data / "PG_VERSION").read_text())
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"{self._data} is no PostgreSQL data folder.", "Move it away; the next start makes a new one."
            ) from error

    # -- running it

    def _runs(self, server: PostgreSQL, account: Account) -> bool:
        """Ask pg_ctl, which believes the number in postmaster.pid, and that process for its folder."""
        status = account.run([server.bin / "pg_ctl", "status", "-D", self._data])
        return status.returncode == 0 and not self._pid_is_a_strangers()

    def _pid_is_a_strangers(self) -> bool:
        """After a reboot, or in a copied folder, the number may be of another process."""
        try:
            number = (self._data / "postmaster.pid").read_text().split("\n", 1)[0].strip()
            return (Path("/proc") / number / "cwd").resolve(strict=True) != self._data
        except FileNotFoundError:
            return False
        except OSError:  # we may not look at that process, so it is not ours
            return True

    def _start(self, server: PostgreSQL, account: Account) -> None:
        self._make_socket_folder(account)
        if self._pid_is_a_strangers():
            (self._data / "postmaster.pid").unlink()
        settings = ALWAYS | ({} if self.durable else NOT_DURABLE)
        settings["unix_socket_directories"] = str(self._socket_folder)
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        log_end = self._log.stat().st_size if self._log.exists() else 0
        wait = ["-w", "-t", str(START_TIMEOUT_S)]
        started = account.run([server.bin / "pg_ctl", "start", "-D", self._data, "-l", self._log, "-o", options, *wait])
        if started.returncode != 0:
            written = self._log.read_bytes()[log_end:].decode(errors="replace") if self._log.exists() else ""
            raise self._failure("The database does not start", written or started.stderr)

    def _make_socket_folder(self, account: Account) -> None:
        """Only the server's user may enter it. Refuse one that a stranger has made first in /tmp."""
        folder = self._socket_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0 and folder.lstat().st_uid == 0:
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
        if folder.is_symlink() or folder.stat().st_uid != account.uid:
            raise ClusterError(
                f"{folder} belongs to another user, so the database's socket cannot lie there.",
                "Remove it, or name a state folder with a shorter path in GEO_STATE.",
            )
        folder.chmod(0o700)
        for left_by_a_crash in folder.iterdir():
            left_by_a_crash.unlink()

    def _check_it_answers(self) -> None:
        """Raises ClusterError if the server refuses us, or cannot tell Chinese letters from punctuation."""
        try:
            with psycopg.connect(host=str(self._socket_folder), user=SUPERUSER, dbname="postgres") as connection:
                row = connection.execute(
                    "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = 'template1'"
                ).fetchone()
        except psycopg.OperationalError as error:
            raise ClusterError(
                f"The database in {self.folder} does not answer: {error}.", f"Read {self._log}."
            ) from error
        if row is None or row[0] != "UTF8" or row[1] in ("C", "POSIX"):
            raise ClusterError(
                f"The database in {self.folder} has the locale {row}: search would lose every Chinese letter.",
                "Move the folder away; the next start makes one with the locale C.UTF-8.",
            )

    def _failure(self, what: str, output: str) -> ClusterError:
        """Make one sentence of what PostgreSQL wrote; on a full disk it may not have been able to write."""
        if "No space left on device" in output or shutil.disk_usage(self._home).free < 2**20:
            return ClusterError(
                f"{what}: the disk of {self._home} is full.",
                "Make room, or name a folder on another disk in GEO_STATE.",
            )
        lines = output.strip().splitlines() or ["no reason was given"]
        telling = [line for line in lines if "FATAL" in line or "error:" in line]
        return ClusterError(f"{what}: {(telling or lines)[-1]}.", f"Look into {self._log}, correct it, start again.")
