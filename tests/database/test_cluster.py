"""The private cluster against the machine's own PostgreSQL; some tests need root, to become others."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from geo_app.database.cluster import Cluster, ClusterError
from geo_app.database.postgresql import choose, installed

ROOT = Path(__file__).parents[2]
NOBODY = 65534

# What root may lack, from linux/prctl.h, linux/capability.h and linux/securebits.h
PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH = 24, 2
PR_SET_SECUREBITS, NO_CAP_AMBIENT_RAISE = 28, 1 << 6


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter, with a short path; servers left in it are stopped."""
    folder = Path(tempfile.mkdtemp(prefix="geo-"))
    folder.chmod(0o755)
    yield folder
    for pid_file in folder.rglob("postmaster.pid"):
        Cluster(pid_file.parents[1]).stop()
    shutil.rmtree(folder)


def ask(cluster: Cluster, *statements: LiteralString) -> object:
    with psycopg.connect(cluster.url("postgres", "postgres").replace("+psycopg", "")) as connection:
        row = [connection.execute(statement) for statement in statements][-1].fetchone()
    assert row is not None
    return row[0]


def ensure_as_nobody(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run ensure() in a process of the user nobody, who may read the interpreter wherever it lies."""
    become = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    may_read = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    program = (
        "import json, sys\n"
        "from geo_app.database.cluster import *\n"
        "cluster = Cluster(Path(sys.argv[1]), durable=False)\n"
        "try: cluster.ensure()\n"
        "except ClusterError as error: sys.exit(str(error))\n"
        "print(json.dumps(cluster.url('postgres', 'postgres')))"
    )
    return subprocess.run(
        ["setpriv", *become, *may_read, sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_a_cluster_starts_from_nothing_and_answers(place: Path) -> None:
    cluster = Cluster(place / "postgres", durable=False)
    assert not cluster.is_running()
    cluster.ensure()
    assert cluster.is_running()
    assert ask(cluster, "SELECT current_user") == "postgres"


def test_a_second_ensure_leaves_the_running_server_alone(place: Path) -> None:
    cluster = Cluster(place / "postgres", durable=False)
    cluster.ensure()
    started = ask(cluster, "SELECT pg_postmaster_start_time()")
    cluster.ensure()
    assert ask(cluster, "SELECT pg_postmaster_start_time()") == started


def test_what_was_written_is_there_after_a_stop(place: Path) -> None:
    cluster = Cluster(place / "postgres")
    cluster.ensure()
    ask(cluster, "CREATE TABLE t AS SELECT 7 AS n", "SELECT 1")
    cluster.stop()
    assert not cluster.is_running()
    cluster.ensure()
    assert ask(cluster, "SELECT n FROM t") == 7


def test_the_server_listens_on_no_network_and_compiles_no_query(place: Path) -> None:
    cluster = Cluster(place / "postgres", durable=False)
    cluster.ensure()
    assert ask(cluster, "SELECT current_setting('listen_addresses')") == ""
    assert ask(cluster, "SELECT current_setting('jit')") == "off"


def test_only_a_durable_cluster_waits_for_the_disk(place: Path) -> None:
    for durable in (True, False):
        cluster = Cluster(place / str(durable), durable=durable)
        cluster.ensure()
        assert ask(cluster, "SELECT current_setting('fsync')") == ("on" if durable else "off")


def test_nobody_else_may_enter_the_folder_of_the_socket(place: Path) -> None:
    cluster = Cluster(place / "postgres", durable=False)
    cluster.ensure()
    for folder in (place / "postgres", place / "postgres" / "data", place / "postgres" / "socket"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_chinese_trigrams_are_kept(place: Path) -> None:
    cluster = Cluster(place / "postgres", durable=False)
    cluster.ensure()
    assert ask(cluster, "CREATE EXTENSION pg_trgm", "SELECT cardinality(show_trgm('中')) > 0") is True


def test_a_path_with_spaces_commas_and_chinese_letters_works(place: Path) -> None:
    cluster = Cluster(place / "地图, it's mine" / "postgres", durable=False)
    cluster.ensure()
    assert ask(cluster, "SELECT 1") == 1
    cluster.stop()


def test_a_path_that_a_shell_would_read_is_refused(place: Path) -> None:
    with pytest.raises(ClusterError, match="Rename the folder"):
        Cluster(place / "a$(id)", durable=False).ensure()


def test_a_socket_path_of_more_than_107_bytes_falls_back(place: Path) -> None:
    cluster = Cluster(place / ("x" * 100) / "postgres", durable=False)
    cluster.ensure()
    assert ask(cluster, "SELECT 1") == 1
    socket_folder = Path(str(ask(cluster, "SELECT current_setting('unix_socket_directories')")))
    assert socket_folder.parent == Path("/tmp")
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    cluster.stop()
    assert not socket_folder.exists()


def test_two_starts_at_once_make_one_server(place: Path) -> None:
    clusters = [Cluster(place / "postgres", durable=False) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(Cluster.ensure, clusters))
    assert {ask(cluster, "SELECT 1") for cluster in clusters} == {1}


@pytest.mark.parametrize("seconds", [0.02, 0.3])
def test_a_first_start_that_is_killed_is_made_again(place: Path, seconds: float) -> None:
    folder = place / "postgres"
    program = f"from geo_app.database.cluster import *; Cluster(Path({str(folder)!r}), durable=False).ensure()"
    first = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    while first.poll() is None and not list(folder.glob("making-*")):
        time.sleep(0.005)
    time.sleep(seconds)
    first.send_signal(signal.SIGKILL)
    first.wait()
    cluster = Cluster(folder, durable=False)
    cluster.ensure()
    assert ask(cluster, "SELECT 1") == 1
    assert sorted(path.name for path in folder.iterdir()) == ["data", "server.log", "socket"]


def test_a_killed_server_is_started_again_with_its_data(place: Path) -> None:
    cluster = Cluster(place / "postgres")
    cluster.ensure()
    ask(cluster, "CREATE TABLE t AS SELECT 7 AS n", "SELECT 1")
    os.kill(int((place / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while cluster.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    cluster.ensure()
    assert ask(cluster, "SELECT n FROM t") == 7


def test_a_process_number_that_now_belongs_to_a_stranger_does_not_stop_the_start(place: Path) -> None:
    cluster = Cluster(place / "postgres", durable=False)
    cluster.ensure()
    pid_file = place / "postgres/data/postmaster.pid"
    left_by_a_crash = pid_file.read_text().split("\n")
    cluster.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *left_by_a_crash[1:]]))
    shutil.chown(pid_file, (place / "postgres").stat().st_uid)
    assert not cluster.is_running()
    cluster.ensure()
    assert ask(cluster, "SELECT 1") == 1


def test_a_folder_copied_while_its_server_runs_gets_a_server_of_its_own(place: Path) -> None:
    original = Cluster(place / "one", durable=False)
    original.ensure()
    subprocess.run(["cp", "-a", place / "one", place / "two"], check=True)
    copy = Cluster(place / "two", durable=False)
    copy.ensure()
    assert ask(copy, "SELECT current_setting('data_directory')") == str(place / "two/data")
    copy.stop()
    assert original.is_running()


def test_data_of_another_postgresql_are_refused_with_both_versions(place: Path) -> None:
    cluster = Cluster(place / "postgres", durable=False)
    cluster.ensure()
    cluster.stop()
    (place / "postgres/data/PG_VERSION").write_text("9\n")
    with pytest.raises(ClusterError, match=rf"written by PostgreSQL 9, .* has PostgreSQL .*{installed()[0].major}"):
        cluster.ensure()


def test_a_folder_that_is_no_cluster_is_named_and_left_alone(place: Path) -> None:
    data = place / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "letter.txt").write_text("keep me")
    with pytest.raises(ClusterError, match="no PostgreSQL data folder"):
        Cluster(place / "postgres").ensure()
    assert (data / "letter.txt").read_text() == "keep me"


def test_a_cluster_that_would_lose_chinese_text_is_refused(place: Path) -> None:
    folder = place / "postgres"
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    initdb = [choose().bin / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*become, *initdb, "--locale=C", "--no-sync"], cwd="/", check=True, capture_output=True)
    with pytest.raises(ClusterError, match="lose every Chinese letter"):
        Cluster(folder, durable=False).ensure()


def test_a_server_that_cannot_start_says_why_and_where_to_look(place: Path) -> None:
    cluster = Cluster(place / "postgres", durable=False)
    cluster.ensure()
    cluster.stop()
    with (place / "postgres/data/postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(ClusterError, match=r"FATAL.*server\.log"):
        cluster.ensure()


@pytest.mark.root
def test_root_runs_it_below_a_folder_that_other_users_may_not_enter(place: Path) -> None:
    (place / "closed").mkdir(mode=0o700)
    cluster = Cluster(place / "closed" / "postgres", durable=False)
    cluster.ensure()
    assert ask(cluster, "SELECT current_setting('data_directory')") == str(place / "closed/postgres/data")
    assert (place / "closed/postgres/data").stat().st_uid not in (0, NOBODY)


@pytest.mark.root
@pytest.mark.parametrize(
    ("operation", "argument", "moved"),
    [(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, False), (PR_SET_SECUREBITS, NO_CAP_AMBIENT_RAISE, True)],
    ids=["as in a container", "without any to hand on"],
)
def test_root_with_fewer_capabilities_still_gets_a_cluster(
    place: Path, operation: int, argument: int, moved: bool
) -> None:
    (place / "closed").mkdir(mode=0o700)
    folder = place / "closed" / "postgres"
    program = (
        "from geo_app.database.cluster import *; import ctypes\n"
        f"assert ctypes.CDLL(None).prctl({operation}, {argument}, 0, 0, 0) == 0\n"
        f"cluster = Cluster(Path({str(folder)!r}), durable=False); cluster.ensure(); cluster.ensure()"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
    cluster = Cluster(folder)
    try:
        assert ask(cluster, "SELECT 1") == 1
        assert folder.is_symlink() == moved
    finally:
        cluster.stop()
        shutil.rmtree(folder.resolve())


@pytest.mark.root
def test_a_plain_user_runs_it_himself(place: Path) -> None:
    (place / "home").mkdir(mode=0o700)
    os.chown(place / "home", NOBODY, NOBODY)
    made = ensure_as_nobody(place / "home" / "postgres")
    assert made.returncode == 0, made.stderr
    with psycopg.connect(json.loads(made.stdout).replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert (place / "home/postgres/data").stat().st_uid == NOBODY
    stopped = ["pg_ctl", "stop", "-D", str(place / "home/postgres/data"), "-m", "fast"]
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    subprocess.run([*become, choose().bin / stopped[0], *stopped[1:]], cwd="/", check=True, capture_output=True)


@pytest.mark.root
def test_the_cluster_of_another_user_is_not_touched(place: Path) -> None:
    Cluster(place / "postgres", durable=False).ensure()
    refused = ensure_as_nobody(place / "postgres")
    assert refused.returncode == 1
    assert "GEO_STATE" in refused.stderr


@pytest.mark.root
def test_a_socket_folder_that_a_stranger_made_first_is_refused(place: Path) -> None:
    cluster = Cluster(place / ("x" * 100) / "postgres", durable=False)
    cluster.ensure()
    socket_folder = Path(str(ask(cluster, "SELECT current_setting('unix_socket_directories')")))
    cluster.stop()
    socket_folder.mkdir()
    os.chown(socket_folder, NOBODY, NOBODY)
    try:
        with pytest.raises(ClusterError, match="belongs to another user"):
            cluster.ensure()
    finally:
        socket_folder.rmdir()


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    disk = place / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", disk], check=True)
    yield disk
    for pid_file in disk.rglob("postmaster.pid"):
        Cluster(pid_file.parents[1]).stop()
    subprocess.run(["umount", disk], check=True)


@pytest.mark.root
def test_a_full_disk_is_said_before_anything_is_made(small_disk: Path) -> None:
    fill(small_disk, leave=20 * 2**20)
    with pytest.raises(ClusterError, match=r"has \d+ MB left.*GEO_STATE"):
        Cluster(small_disk / "postgres", durable=False).ensure()
    assert list((small_disk / "postgres").iterdir()) == []


@pytest.mark.root
def test_a_disk_that_fills_up_later_is_said_at_the_start_and_room_mends_it(small_disk: Path) -> None:
    cluster = Cluster(small_disk / "postgres")
    cluster.ensure()
    cluster.stop()
    fill(small_disk, leave=0)
    with pytest.raises(ClusterError, match=r"disk of .* is full"):
        cluster.ensure()
    (small_disk / "filler").unlink()
    cluster.ensure()
    assert ask(cluster, "SELECT 1") == 1


def fill(disk: Path, *, leave: int) -> None:
    with (disk / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, shutil.disk_usage(disk).free - leave)
