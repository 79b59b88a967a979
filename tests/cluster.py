"""The tests' own PostGIS server: in memory where that abounds, since each test that writes has a database of its own, of
some 300 files, which take five times as long on a disk."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy.engine import URL, make_url

from geo_app.database.cluster import Cluster, ClusterError

ROOT = Path(__file__).parent.parent
ON_DISK = ROOT / "var" / "test-postgres"
MEMORY = Path("/dev/shm")
PLENTY = 6 * 2**30  # bytes: for the databases of a run, beside what the tests themselves take
CHOSEN = "GEO_TEST_CLUSTER"
_users = pytest.StashKey[IO[str]]()


@pytest.fixture(scope="session")
def server_url() -> URL:
    """A superuser's URL of a real PostGIS server: the one of GEO_TEST_DATABASE_URL, or a private cluster."""
    given = os.environ.get("GEO_TEST_DATABASE_URL")
    if given:
        return make_url(given)
    cluster = own_cluster()
    cluster.ensure()
    return make_url(cluster.url("postgres", "postgres"))


def own_cluster() -> Cluster:
    """The tests' private cluster, in the folder that GEO_TEST_CLUSTER names."""
    return Cluster(Path(os.environ.get(CHOSEN) or ON_DISK), durable=False)


def pytest_configure(config: pytest.Config) -> None:
    """Chooses the folder once for all workers of a run. Benchmarks are taken on the disk, as a service runs."""
    if CHOSEN in os.environ or not config.getoption("benchmark_disable", False):
        return
    name = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]
    folder = MEMORY / f"geo-app-test-{os.geteuid()}-{name}"
    ON_DISK.parent.mkdir(exist_ok=True)
    users = (ON_DISK.parent / "test-cluster.users").open("w")
    fcntl.flock(users, fcntl.LOCK_SH)
    if folder.exists() or _memory() >= PLENTY:
        os.environ[CHOSEN] = str(folder)
        config.stash[_users] = users


def pytest_unconfigure(config: pytest.Config) -> None:
    """Gives the memory back, unless another run still works there."""
    users = config.stash.get(_users, None)
    if users is None:
        return
    with users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cluster = own_cluster()
            cluster.stop()
        except (BlockingIOError, ClusterError):
            return
        shutil.rmtree(cluster.folder, ignore_errors=True)
        cluster.folder.with_name(cluster.folder.name + ".lock").unlink(missing_ok=True)
    del os.environ[CHOSEN]


def _memory() -> int:
    """Bytes that files in memory may take without pushing programs out."""
    try:
        told = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        return min(int(told["MemAvailable"].split()[0]) * 1024, shutil.disk_usage(MEMORY).free)
    except (OSError, KeyError):
        return 0
