"""The server as a process: it answers, and it leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from geo_app.config import Settings
from geo_app.server import ServeError, check_port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environ(settings: Settings, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "GEO_STATE": str(settings.state),
        "GEO_PORT": str(port),
    }


def _wait_for(url: str, process: subprocess.Popen[str], seconds: float = 60) -> int:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {url}")


def _children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(status.parent.name))
    return found


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_the_server_answers_and_leaves_no_process_behind(settings: Settings) -> None:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "geo_app", "serve"], env=_environ(settings, port), stderr=subprocess.PIPE, text=True
    )
    try:
        assert _wait_for(f"http://127.0.0.1:{port}/healthz", process) == 200
        children = _children(process.pid)
        assert len(children) >= 3  # two for requests, one for jobs
    finally:
        process.send_signal(signal.SIGTERM)
        _, messages = process.communicate(timeout=30)
    assert not [pid for pid in children if _runs(pid)]
    assert "Traceback" not in messages
    assert not (settings.state / "postgres").exists()  # DATABASE_URL replaces the private cluster


def _arguments(pid: int) -> list[bytes]:
    """The words a process was started with; none if it has ended since it was listed."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return []


def _job_workers(pid: int) -> list[int]:
    return [child for child in _children(pid) if b"work" in _arguments(child)]


def _eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_a_worker_of_jobs_that_dies_is_replaced_and_none_outlives_a_killed_server(settings: Settings) -> None:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "geo_app", "serve"], env=_environ(settings, port), stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert _wait_for(f"http://127.0.0.1:{port}/healthz", process) == 200
        (first,) = _job_workers(process.pid)
        os.kill(first, signal.SIGKILL)
        assert _eventually(lambda: bool(set(_job_workers(process.pid)) - {first}))
        (second,) = set(_job_workers(process.pid)) - {first}
    finally:
        process.kill()
        process.wait()
    assert _eventually(lambda: not _runs(second))


def test_a_port_that_is_taken_is_said_in_a_sentence_with_a_way_on(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "geo_app", "serve"],
            env=_environ(settings, port),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert f"port {port}" in done.stderr and f"GEO_PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ServeError, match=r"192\.0\.2\.1"):
        check_port("192.0.2.1", 8000)
