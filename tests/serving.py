"""A real server in this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler

THREADS = 8


class _Handler(WSGIRequestHandler):
    """Gives up on the connections that Chromium opens ahead and never uses."""

    timeout = 1


class _Server(BaseWSGIServer):
    """Answers by threads that stay, as gunicorn's do: one that begins anew opens the database of projections again,
    which takes longer than most answers."""

    def __init__(self, app: Flask) -> None:
        super().__init__("127.0.0.1", 0, app, handler=_Handler)
        self.threads = ThreadPoolExecutor(THREADS)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.threads.submit(self._answer, request, client_address)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of a server of this application, for as long as the context lasts."""
    server = _Server(app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        # The end waits for the requests that are under way: their connections go back before the database closes.
        server.threads.shutdown()
        server.server_close()
