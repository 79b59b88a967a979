"""A body that comes drop by drop holds no thread of the server for ever: each block of it has its time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

BLOCK = 256 * 2**10  # bytes that have to come within PATIENCE_S: 4 kB a second, less than any line that is in use
PATIENCE_S = 60.0


def timed_bodies(application: Application) -> Application:
    """The same application, for which a body that comes too slowly ends early, as if its sender had gone."""

    def timed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        connection = environ.get("gunicorn.socket")  # no other server is in use, and tests have none
        if connection is not None:
            environ["wsgi.input"] = Timed(environ["wsgi.input"], connection)
        return application(environ, start_response)

    return timed


class Timed:
    """A stream out of a connection. What does not come in time is missing, as when a connection breaks."""

    def __init__(self, stream: Any, connection: socket.socket) -> None:
        self._stream, self._connection = stream, connection

    def read(self, size: int = -1) -> bytes:
        """All that was asked for, or less when the body ends."""
        parts: list[bytes] = []
        left = size
        while size < 0 or left > 0:
            wanted = BLOCK if size < 0 else min(left, BLOCK)
            part = self._in_time(lambda wanted=wanted: self._stream.read(wanted))  # type: ignore[misc]
            parts.append(part)
            left -= len(part)
            if len(part) < wanted:
                break
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        """A line, or the part of it that has come when the body ends."""
        return self._in_time(lambda: self._stream.readline(size))

    def _in_time(self, read: Callable[[], bytes]) -> bytes:
        # A time-out of the socket would begin anew with each drop. To end its reading side ends every waiting at once,
        # and leaves the other side open for an answer.
        watch = threading.Timer(PATIENCE_S, self._end)
        watch.daemon = True
        watch.start()
        try:
            return read()
        finally:
            watch.cancel()

    def _end(self) -> None:
        with suppress(OSError):  # it has gone by itself
            self._connection.shutdown(socket.SHUT_RD)
