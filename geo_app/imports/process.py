"""A file is read and judged in a process of its own, with limits of memory, time, file size and open files.

What comes back is text for the database and messages, never objects: whatever a hostile file makes of its reader, here
it is only a row or a sentence.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import Any

from shapely.errors import GEOSException

from geo_app.imports.packing import Packed, packed, unpacked
from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.reading import Plan, portions
from geo_app.imports.sample import Sample, sample

# A server that has loaded the libraries once and makes a process out of itself in a hundredth of a second. It is a
# process apart: what is forked from it inherits no connection and no thread of ours.
_processes = multiprocessing.get_context("forkserver")
PRELOADED = ["geo_app.imports.process", "geo_app.imports.preload"]
_processes.set_forkserver_preload(PRELOADED)


def _forget_server() -> None:
    """A process that is forked while the server runs would take it for a child of its own, and fail: it starts anew."""
    server: Any = forkserver._forkserver
    if server._forkserver_pid is not None:
        os.close(server._forkserver_alive_fd)
        server.__init__()
        _processes.set_forkserver_preload(PRELOADED)


os.register_at_fork(after_in_child=_forget_server)


@dataclass(frozen=True)
class Limits:
    """What a reader may use: memory in bytes above what its libraries take, processor seconds, bytes a file that it
    writes, open files."""

    memory: int = 2 * 2**30
    seconds: int = 3_600
    file_size: int = 4 * 2**30
    open_files: int = 128


LIMITS = Limits()


@contextmanager
def read_portions(
    plan: Plan, limits: Limits = LIMITS, wanted: Callable[[], None] = lambda: None
) -> Iterator[Iterator[Packed]]:
    """The portions of a file, packed for the database. ``wanted`` is called while waiting; what it raises ends all.

    Raises FileRejected, also when the reader hits a limit; the process and its folder are gone afterwards.
    """
    with _child(_send_portions, plan, limits) as messages:
        yield (unpacked(header, next(messages)) for header in _checked(plan, messages, wanted))


def read_sample(plan: Plan, limits: Limits = LIMITS) -> Sample:
    """The headings, first rows and positions of a file. Raises FileRejected."""
    with _child(_send_sample, plan, limits) as messages:
        return Sample(**json.loads(next(_checked(plan, messages, lambda: None))))


class _Messages:
    """What a child says, one message after another."""

    def __init__(self, file: str, process: Any, end: Connection) -> None:
        self.file, self.process, self.end = file, process, end
        self.wanted: Callable[[], None] = lambda: None

    def __iter__(self) -> _Messages:
        return self

    def __next__(self) -> bytes:
        while not self.end.poll(1):
            self.wanted()
        try:
            return self.end.recv_bytes()
        except OSError as error:  # it ended in the middle of a message
            raise self._died() from error
        except EOFError:
            raise self._died() from None

    def _died(self) -> FileRejected:
        self.process.join()
        return _died(self.file, self.process.exitcode)


@contextmanager
def _child(work: Callable[..., None], plan: Plan, limits: Limits) -> Iterator[_Messages]:
    with tempfile.TemporaryDirectory(prefix="geo-import-") as folder:
        ours, theirs = _processes.Pipe(duplex=False)
        process = _processes.Process(target=_work, args=(work, plan, limits, folder, theirs), daemon=True)
        process.start()
        theirs.close()
        try:
            yield _Messages(plan.path.name, process, ours)
        finally:
            process.kill()
            process.join()
            ours.close()


def _checked(plan: Plan, messages: _Messages, wanted: Callable[[], None]) -> Iterator[bytes]:
    """Messages until the last one. Raises FileRejected when the child says so, or ends without a word."""
    messages.wanted = wanted
    while True:
        message = next(messages)
        said = json.loads(message)
        if "end" in said:
            return
        if "rejected" in said:
            raise FileRejected.of_json(plan.path.name, said["rejected"])
        yield message


def _died(file: str, exit_code: int | None) -> FileRejected:
    if exit_code == -signal.SIGXCPU:
        reason = N_("Reading it took longer than a file may take.")
    elif exit_code in (-signal.SIGKILL, OUT_OF_MEMORY):
        reason = N_("Reading it took more memory than a file may take.")
    else:
        reason = N_("It broke the program that reads it.")
    return FileRejected.whole(
        file, "limit", reason, N_("Split it, or save it in another format; if it came from outside, ask who made it.")
    )


OUT_OF_MEMORY = 77
# As GEOS says it, and what is left of it where a function in C got none and said nothing.
NO_MEMORY = ("bad_alloc", "without exception set")


def _work(work: Callable[..., None], plan: Plan, limits: Limits, folder: str, end: Connection) -> None:
    """What the child does from its first breath."""
    tempfile.tempdir = folder
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked for it ends it
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file too large is an OSError
    _limit(limits)
    try:
        work(plan, end)
        end.send_bytes(b'{"end": true}')
    except FileRejected as rejected:
        end.send_bytes(json.dumps({"rejected": rejected.as_json()}).encode())
    except (MemoryError, SystemError, GEOSException) as error:
        if isinstance(error, MemoryError) or any(said in str(error) for said in NO_MEMORY):
            os._exit(OUT_OF_MEMORY)
        raise
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more
    except OSError as error:
        refusal = FileRejected.whole(
            plan.path.name,
            "limit",
            N_("It cannot be read: %(error)s."),
            N_("Split it, or save it in another format."),
            error=error.strerror or type(error).__name__,
        )
        end.send_bytes(json.dumps({"rejected": refusal.as_json()}).encode())
    end.close()


def _limit(limits: Limits) -> None:
    with open("/proc/self/statm", encoding="ascii") as statm:
        taken = int(statm.read().split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, taken + limits.memory),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # At the hard limit the kernel sends SIGKILL, which could as well mean that memory ran out.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 5))


def _send_portions(plan: Plan, end: Connection) -> None:
    for portion in portions(plan):
        header, payload = packed(portion)
        end.send_bytes(header)
        end.send_bytes(payload)


def _send_sample(plan: Plan, end: Connection) -> None:
    end.send_bytes(json.dumps(asdict(sample(plan)), ensure_ascii=False).encode())
