"""Bodies that come drop by drop, and forms of very many parts."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from geo_app.config import Settings
from geo_app.security import slow_bodies
from geo_app.security.slow_bodies import timed_bodies
from tests.cli.test_serve import _environ, _free_port, _wait_for

QUICK = (
    "import geo_app.security.slow_bodies as slow; slow.PATIENCE_S = 1.0; from geo_app.cli import main; main(['serve'])"
)


FORM = "multipart/form-data; boundary=x"


def many_parts(count: int = 10_000) -> bytes:
    """A form of very many small parts."""
    part = '--x\r\nContent-Disposition: form-data; name="a{}"\r\n\r\n1\r\n'
    return ("".join(part.format(number) for number in range(count)) + "--x--\r\n").encode()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        yield ours, theirs


def read_by(connection: socket.socket, size: int) -> bytes:
    """What an application reads of a body."""
    found: list[bytes] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        found.append(environ["wsgi.input"].read(size))
        return []

    with connection.makefile("rb") as stream:
        timed_bodies(application)({"gunicorn.socket": connection, "wsgi.input": stream}, None)
    return found[0]


def test_a_body_that_comes_at_once_is_read_whole(pair) -> None:
    ours, theirs = pair
    body = bytes(range(256)) * 4096  # several blocks
    sender = threading.Thread(target=lambda: theirs.sendall(body))
    sender.start()
    assert read_by(ours, len(body)) == body
    sender.join()


def test_D09_a_body_that_drips_ends_and_an_answer_can_still_be_sent(pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_bodies, "PATIENCE_S", 0.5)
    ours, theirs = pair
    over = threading.Event()

    def drip() -> None:
        while not over.wait(0.05):
            theirs.send(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    got = read_by(ours, 1_000_000)
    ours.sendall(b"too slow")
    over.set()
    dripping.join()
    assert 0 < len(got) < 1_000
    assert theirs.recv(100) == b"too slow"


def test_D09_as_many_slow_bodies_as_the_server_has_threads_leave_it_free_for_others(settings: Settings) -> None:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", QUICK], env=_environ(settings, port), stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert _wait_for(f"http://127.0.0.1:{port}/healthz", process) == 200
        head = (
            f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 100000\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n\r\na="
        )
        slow = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(16)]
        for one in slow:
            one.sendall(head.encode())
        answers = [one.recv(65536) for one in slow]
        assert {answer[:12] for answer in answers} == {b"HTTP/1.1 400"}
        assert _wait_for(f"http://127.0.0.1:{port}/healthz", process) == 200
        for one in slow:
            one.close()
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.parametrize("path", ["/sign-in", "/language"])
def test_D09_a_form_of_ten_thousand_parts_is_refused_in_the_one_shape_of_errors(client, path: str) -> None:
    answer = client.post(path, data=many_parts(), content_type=FORM, headers={"Accept": "application/json"})
    assert answer.status_code == 413
    assert answer.get_json()["code"] == "too_large" and answer.get_json()["status"] == 413
