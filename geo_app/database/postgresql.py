"""The machine's own PostgreSQL: where its programs are, and as which operating system user they run."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo_app.failure import Failure

PROGRAMS = Path("/usr/lib/postgresql")
EXTENSIONS = Path("/usr/share/postgresql")
INSTALL = "Type: sudo apt-get update && sudo apt-get install -y postgresql-postgis"

# PostgreSQL refuses to run as root. As root we become this user, whom the server's package makes.
SERVER_USER = "postgres"


class ClusterError(Failure):
    """The private database cannot be had; ``message`` says why and ``remedy`` what to do."""


@dataclass(frozen=True)
class PostgreSQL:
    """One installed major version; ``bin`` holds initdb, pg_ctl and postgres."""

    major: int
    bin: Path

    @property
    def has_postgis(self) -> bool:
        return (EXTENSIONS / str(self.major) / "extension" / "postgis.control").exists()


def installed() -> list[PostgreSQL]:
    """Every installed PostgreSQL server, highest version first."""
    found = [
        PostgreSQL(int(folder.name), folder / "bin")
        for folder in PROGRAMS.glob("*")
        if folder.name.isdigit() and (folder / "bin" / "initdb").exists()
    ]
    return sorted(found, key=lambda server: server.major, reverse=True)


def choose(wanted: int | None = None) -> PostgreSQL:
    """The server for a new cluster, or the one of major version ``wanted`` that an existing cluster needs.

    Raises ClusterError when there is no PostgreSQL, none with PostGIS, or not the wanted version.
    """
    servers = installed()
    if not servers:
        raise ClusterError("PostgreSQL is not installed.", INSTALL)
    fitting = [server for server in servers if server.has_postgis and wanted in (None, server.major)]
    if fitting:
        return fitting[0]
    have = ", ".join(str(server.major) for server in servers)
    if wanted is None:
        raise ClusterError(f"PostgreSQL {have} is installed, but PostGIS for it is not.", INSTALL)
    raise ClusterError(
        f"The data were written by PostgreSQL {wanted}, and this machine has PostgreSQL {have}.",
        f"Install postgresql-{wanted}-postgis-3, or move the folder away to begin with an empty database.",
    )


@dataclass(frozen=True)
class Account:
    """The user whom the server runs as, and the words that put a command into his hands."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def run(self, command: Sequence[str | Path], *, keep_open: Sequence[int] = ()) -> subprocess.CompletedProcess[str]:
        """Run a command as this user, from ``/`` because he may not be allowed into the caller's folder.

        ``keep_open`` are file descriptors that the command holds for as long as it lives.
        """
        return subprocess.run(
            [*self.prefix, *map(str, command)],
            cwd="/",
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=tuple(keep_open),
        )


def account_for(folder: Path) -> Account | None:
    """The user who can run a server in ``folder``; makes the folder (0700) if it is absent.

    Whoever is not root runs it himself. Root hands it to the user postgres. Where postgres may not enter a
    parent of the folder (a checkout below a 0700 home), he gets the one capability to pass through: the
    reading one where the machine grants it, else the one that containers commonly grant. Returns None if
    neither helps.
    """
    if os.geteuid() != 0:
        _own_folder(folder, os.geteuid(), os.getegid())
        return Account(os.geteuid(), os.getegid())
    try:
        user = pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise ClusterError(f"There is no user {SERVER_USER}, and PostgreSQL does not run as root.", INSTALL) from None
    _own_folder(folder, user.pw_uid, user.pw_gid)
    become = ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups")
    for capability in ("", "dac_read_search", "dac_override"):
        extra = (f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}") if capability else ()
        account = Account(user.pw_uid, user.pw_gid, (*become, *extra))
        if account.run(["test", "-d", folder / "."]).returncode == 0:
            return account
    return None


def _own_folder(folder: Path, uid: int, gid: int) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid not in (uid, os.geteuid()):
            raise ClusterError(
                f"The folder {folder} belongs to another user, whose database it may be.",
                "Start as that user, or name another folder in GEO_STATE.",
            )
        if os.geteuid() == 0:
            os.chown(folder, uid, gid)
        folder.chmod(0o700)
    except OSError as error:
        raise ClusterError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            "Make room or name another folder in GEO_STATE.",
        ) from error
