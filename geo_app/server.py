"""Serves the application: gunicorn in this process, and the worker of background jobs beside it."""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from gunicorn.app.base import BaseApplication

from geo_app import create_app
from geo_app.config import Settings
from geo_app.failure import Failure
from geo_app.logs import set_up_logging

REST_S = 2.0  # before a worker that died is started again
PATIENCE_S = 25.0  # for the job at hand, a little longer than the worker's own
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class ServeError(Failure):
    """The server cannot start here; ``remedy`` says what to do."""


class Server(BaseApplication):
    """Gunicorn with our settings; each worker makes its own application, after the fork."""

    def __init__(self, settings: Settings, ready: Callable[[], None]) -> None:
        self.settings = settings
        self.ready = ready
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", f"{_bracketed(self.settings.host)}:{self.settings.port}")
        self.cfg.set("workers", self.settings.workers)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)
        self.cfg.set("timeout", 2 * self.settings.statement_timeout_s)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("when_ready", lambda _: self.ready())
        self.cfg.set("control_socket_disable", True)
        # Which proxies may speak for a browser is GEO_TRUSTED_PROXIES' business; gunicorn would trust any local one.
        self.cfg.set("forwarded_allow_ips", "")

    def load(self) -> Flask:
        set_up_logging(self.settings.log_level)
        return create_app(self.settings)


def serve(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serves until it is told to stop. ``settings`` are complete; ``ready`` is called when the port is open.

    Raises ServeError when the port is taken or the address is not this machine's.
    """
    check_port(settings.host, settings.port)
    # Before the fork: the processes share what takes seconds to import.
    for module in ("geo_app.api", "geo_app.pages", "geo_app.security.install"):
        importlib.import_module(module)
    with _job_worker(settings):
        Server(settings, ready).run()


def check_port(host: str, port: int) -> None:
    """Raises ServeError when nothing can listen at this address and port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServeError(
                f"Nothing can listen on {host}, port {port}: {error.strerror}.",
                f"Stop the program that uses it, or choose another: GEO_PORT={port + 1} ./run demo",
            ) from error


@contextmanager
def _job_worker(settings: Settings) -> Iterator[None]:
    """The worker in a process of its own, behind the others: long work never holds up a page.

    One that dies is started again; it ends with the server, however the server ends.
    """
    environ = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "GEO_SECRET_KEY": settings.secret_key,
        "GEO_STATE": str(settings.state),
    }
    stopping = threading.Event()
    workers: list[subprocess.Popen[bytes]] = []

    def keep_one() -> None:
        while not stopping.is_set():
            worker = subprocess.Popen([sys.executable, "-m", "geo_app", "work"], env=environ, preexec_fn=_step_back)
            workers[:] = [worker]
            worker.wait()
            stopping.wait(REST_S)

    watch = threading.Thread(target=keep_one, daemon=True)
    watch.start()
    try:
        yield
    finally:
        stopping.set()
        for worker in workers:
            worker.terminate()
        watch.join(PATIENCE_S)
        for worker in workers:
            worker.kill()


def _step_back() -> None:
    os.nice(10)
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
