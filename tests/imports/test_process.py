"""A file is read in a process of its own: what it hits or does to itself is its own affair, and the server lives."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
import pytest
from shapely.errors import GEOSException
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from geo_app.imports import process
from geo_app.imports.kinds.base import County
from geo_app.imports.problems import FileRejected
from geo_app.imports.process import LIMITS, Limits
from geo_app.imports.reading import READERS, Plan
from tests.imports.conftest import Desk

SPOT = "118.351,31.742"
POINT = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[118.351,31.742]}}'
SEVERAL_PORTIONS = 45_000  # rows


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the readers of this test have their folders."""
    forkserver.ensure_running()  # its own socket stays where paths are short
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def readers(folder: Path) -> list[int]:
    """The processes that work in a folder below this one."""
    found = []
    for running in Path("/proc").glob("[0-9]*"):
        try:
            if running.joinpath("cwd").readlink().is_relative_to(folder):
                found.append(int(running.name))
        except OSError:  # gone meanwhile
            continue
    return found


def calls(desk: Desk, count: int) -> Path:
    """A file of calls that all say something else."""
    return desk.text("calls.csv", "number,longitude,latitude\n" + "".join(f"{n},{SPOT}\n" for n in range(count)))


def rejected(desk: Desk, folder: Path, path: Path, **options) -> str:
    """Why a file is refused, after a look at what is left of it."""
    before = desk.everything()
    with pytest.raises(FileRejected) as caught:
        desk.take("incidents", path, **options)
    assert caught.value.problems[0].code == "limit" and caught.value.remedy
    assert readers(folder) == [] and list(folder.iterdir()) == []
    assert desk.everything() == before
    good = desk.text("good.csv", f"number,longitude,latitude\n1,{SPOT}\n")
    assert desk.take("incidents", good).stored == 1
    return caught.value.problems[0].said()


def test_D11_a_reader_that_hits_its_limit_of_memory_ends_with_a_reason(desk, folder: Path) -> None:
    path = desk.text("a.geojson", f'{{"type":"FeatureCollection","features":[{",".join([POINT] * 100_000)}]}}')
    assert "memory" in rejected(desk, folder, path, limits=Limits(memory=30 * 2**20))


def geos_has_none(plan: Plan, end: Connection) -> None:
    raise GEOSException("std::bad_alloc")


def c_has_none(plan: Plan, end: Connection) -> None:
    raise SystemError("error return without exception set")


def is_broken(plan: Plan, end: Connection) -> None:
    raise SystemError("bad argument to internal function")


@pytest.mark.parametrize(("work", "said"), [(geos_has_none, "memory"), (c_has_none, "memory"), (is_broken, "broke")])
def test_D11_whatever_says_that_memory_ran_out_is_understood(
    desk, folder: Path, monkeypatch: pytest.MonkeyPatch, work: Callable[[Plan, Connection], None], said: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(process, "_send_portions", work)
        with pytest.raises(FileRejected) as caught:
            desk.take("incidents", calls(desk, 1))
    assert said in caught.value.problems[0].said()


def test_D11_a_reader_that_hits_its_limit_of_processor_time_ends_with_a_reason(desk, folder: Path) -> None:
    path = desk.text("a.csv", "longitude,latitude\n" + f"{SPOT}\n" * 400_000)
    assert "longer" in rejected(desk, folder, path, limits=Limits(seconds=1))


def test_D11_a_reader_that_hits_its_limit_of_file_size_ends_with_a_reason(desk, folder: Path) -> None:
    path = desk.folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("calls.csv", calls(desk, 100_000).read_bytes())
    assert "File too large" in rejected(desk, folder, path, limits=Limits(file_size=2**20))


def test_D11_a_reader_that_may_open_no_file_ends_with_a_reason(desk, folder: Path) -> None:
    assert "Too many open files" in rejected(desk, folder, calls(desk, 1), limits=Limits(open_files=3))


@pytest.mark.parametrize(("by", "said"), [(signal.SIGKILL, "memory"), (signal.SIGSEGV, "broke")])
def test_D11_a_reader_that_dies_in_the_middle_ends_with_a_reason(desk, folder: Path, by: int, said: str) -> None:
    killed = []

    def kill(rows: int) -> None:
        if rows and not killed:
            killed.extend(readers(folder))
            for number in killed:
                os.kill(number, by)

    assert said in rejected(desk, folder, calls(desk, SEVERAL_PORTIONS), progress=kill)
    assert len(killed) == 1


def test_D11_the_sample_of_a_file_is_read_within_the_limits_too(desk, folder: Path) -> None:
    path = desk.text("a.geojson", f'{{"type":"FeatureCollection","features":[{",".join([POINT] * 100_000)}]}}')
    assert "memory" in rejected(desk, folder, path, crs="auto", limits=Limits(memory=20 * 2**20))


class Enough(Exception):
    """Somebody does not want to wait any longer."""


def test_H02_an_import_that_is_ended_at_any_step_stores_nothing_and_can_be_done_again(desk, folder: Path) -> None:
    path, before = calls(desk, SEVERAL_PORTIONS), desk.everything()
    for most in (1, 20_001, SEVERAL_PORTIONS):

        def stop(rows: int, most: int = most) -> None:
            if rows >= most:
                raise Enough

        with pytest.raises(Enough):
            desk.take("incidents", path, progress=stop)
        assert readers(folder) == [] and list(folder.iterdir()) == []
        assert desk.everything() == before
    assert desk.take("incidents", path).stored == SEVERAL_PORTIONS


def test_H01_a_connection_that_ends_during_the_copy_leaves_no_row_and_a_retry_succeeds(
    desk, folder: Path, database_url: str
) -> None:
    ended: list[tuple[bool]] = []

    def end_it(rows: int) -> None:
        if rows and not ended:
            url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(url) as other:
                importing = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"  # one of a county
                here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                ended.extend(other.execute(f"SELECT pg_terminate_backend(pid) FROM ({importing} AND {here}) i"))

    path, before = calls(desk, SEVERAL_PORTIONS), desk.everything()
    with pytest.raises((OperationalError, psycopg.OperationalError)):
        desk.take("incidents", path, progress=end_it)
    assert ended == [(True,)]
    assert readers(folder) == [] and list(folder.iterdir()) == []
    assert desk.everything() == before
    assert desk.take("incidents", path).stored == SEVERAL_PORTIONS


DIES = """
import os, signal, sys
from pathlib import Path
from geo_app.database.engine import Database
from geo_app.queries.scopes import of_county
from geo_app.services.imports import import_file

def die(rows):
    if rows:
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(sys.argv[1], sys.argv[2])
with database.owner_session() as owner:
    scope = of_county(owner, sys.argv[3])
import_file(database, scope, sys.argv[3], "incidents", Path(sys.argv[4]), progress=die)
"""


def test_H02_an_importer_that_is_killed_leaves_no_row_and_no_reader(desk, folder: Path) -> None:
    path, before = calls(desk, SEVERAL_PORTIONS), desk.everything()
    command = [sys.executable, "-c", DIES, desk.database.url, desk.database.owner_url, desk.code, str(path)]
    short = Path(tempfile.mkdtemp(prefix="geo-", dir="/tmp"))  # a socket lies there, whose path has to be short
    environment = os.environ | {"TMPDIR": str(short), "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert until(lambda: readers(short) == [])
    assert until(lambda: desk.everything() == before)
    assert desk.take("incidents", path).stored == SEVERAL_PORTIONS
    shutil.rmtree(short, ignore_errors=True)


def until(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while not (now := is_so()) and time.monotonic() < end:
        time.sleep(0.1)
    return now


def tell_what_is_loaded(plan: Plan, end: Connection) -> None:
    end.send_bytes(json.dumps(sorted(sys.modules)).encode())


def test_a_reader_begins_with_all_readers_and_the_dictionaries_of_pinyin_loaded(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "none.csv", "grids", County(1, "340523", "和县", 4548, "Asia/Shanghai"))
    with process._child(tell_what_is_loaded, plan, LIMITS) as messages:
        loaded = set(json.loads(next(messages)))
    assert {"pypinyin", *(f"geo_app.imports.readers.{name}" for name in READERS.values())} <= loaded


FORKED = """
import os, sys
from pathlib import Path
from geo_app.imports.kinds.base import County
from geo_app.imports.process import read_sample
from geo_app.imports.reading import Plan

if __name__ == "__main__":
    plan = Plan(Path(sys.argv[1]), "incidents", County(1, "340523", "和县", 4548, "Asia/Shanghai"))
    assert read_sample(plan).rows == 3
    child = os.fork()
    if not child:
        os._exit(0 if read_sample(plan).rows == 3 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert read_sample(plan).rows == 3
"""


def test_a_process_that_was_forked_from_one_that_has_read_files_reads_them_too(desk: Desk) -> None:
    # So the server's processes come from the one that has loaded the demonstration.
    script = desk.text("forked.py", FORKED)
    done = subprocess.run(
        [sys.executable, str(script), str(calls(desk, 3))], capture_output=True, text=True, timeout=300, cwd=Path.cwd(),
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
