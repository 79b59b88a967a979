"""Steps of a longer command: what is being done, how long it took, and one clear sentence when it fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click


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
    """Turns the errors that carry a remedy into one message and an exit status of 1, without a trace."""
    try:
        yield
    except Exception as error:
        remedy = getattr(error, "remedy", None)
        if remedy is None:
            raise
        message = getattr(error, "message", None) or str(error)
        raise click.ClickException(f"{message}\n  → {remedy}" if remedy else str(message)) from error
