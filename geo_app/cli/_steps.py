"""Steps of a longer command: what is being done, how long it took, and one clear sentence when it fails."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

DISK_FULL = "53100"  # of PostgreSQL


@contextmanager
def step(title: str) -> Iterator[None]:
    """Says what is being done and, afterwards, how long it took; on stderr, so that results stay alone on stdout."""
    click.echo(f"- {title} … ", err=True, nl=False)
    sys.stderr.flush()
    began = time.perf_counter()
    try:
        yield
    except BaseException:
        click.echo("failed", err=True)
        raise
    click.echo(f"{time.perf_counter() - began:.1f} s", err=True)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turns a full disk, and the errors that carry a remedy, into one message and an exit status of 1, without a trace."""
    try:
        yield
    except Exception as error:
        if _is_full(error):
            raise click.ClickException(
                "The disk is full.\n  → Make room and start again: what is done is not done again."
            ) from error
        remedy = getattr(error, "remedy", None)
        if remedy is None:
            raise
        message = getattr(error, "message", None) or str(error)
        raise click.ClickException(f"{message}\n  → {remedy}" if remedy else str(message)) from error


def _is_full(error: BaseException) -> bool:
    """Whether a program or the database found no space left on its disk."""
    cause = getattr(error, "orig", error)
    return getattr(cause, "errno", None) == errno.ENOSPC or getattr(cause, "sqlstate", None) == DISK_FULL
