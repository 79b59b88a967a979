"""The database of a command: opened, closed, and its failures said in one sentence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from geo_app.cli._steps import clear_errors

if TYPE_CHECKING:
    from geo_app.database.engine import Database

UNDEFINED_TABLE = "42P01"


@contextmanager
def opened() -> Iterator[Database]:
    """The database of the environment's settings."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from geo_app.program import open_database, settings_of

    with clear_errors():
        database = open_database(settings_of(os.environ))
        try:
            yield database
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) != UNDEFINED_TABLE:
                raise
            raise click.ClickException("The database has no tables yet.\n  → geo-app migrate") from error
        except OperationalError as error:
            said = str(error.orig).strip().splitlines()[0]
            raise click.ClickException(
                f"The database does not answer: {said}\n  → geo-app doctor says what is wrong"
            ) from error
        finally:
            database.close()
