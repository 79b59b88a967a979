"""Days and instants of a question: one that no calendar has is answered with a sentence that names it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

from geo_app.errors import N_, BadInput

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
LONGEST_SAID = 40  # characters of what was given


class BadDay(BadInput):
    """A day or an instant that is none."""

    code = "bad_day"
    status = 422
    title = N_("There is no such day")
    message = N_("%(given)s is no day of the calendar.")
    remedy = N_("Write the day as 2026-01-31.")


def read_day(value: Any) -> date:
    """A day written 2026-01-31, or a day. Raises BadDay for anything else, 30 February included."""
    if type(value) is date:
        return value
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise BadDay(given=_said(value))


def read_instant(value: Any) -> datetime:
    """An instant written 2026-01-31T08:00:00Z or with an offset. Raises BadDay for anything else: without an offset
    it would mean another instant in every county."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    if isinstance(value, str) and INSTANT.fullmatch(value):
        try:
            found = datetime.fromisoformat(value)
            found.astimezone(UTC)
        except (ValueError, OverflowError):  # so close to the ends of the calendar that universal time has no such day
            pass
        else:
            return found
    raise BadDay(
        N_("%(given)s is no instant."),
        N_("Write it in universal time, as 2026-01-31T08:00:00Z."),
        given=_said(value),
    )


def _said(value: Any) -> str:
    return str(value)[:LONGEST_SAID]


# No ValueError: pydantic would take it for its own, and the answer would only name the parameter.
AsOf = Annotated[date, BeforeValidator(read_day)]
Instant = Annotated[datetime, BeforeValidator(read_instant)]
