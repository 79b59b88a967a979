"""Columns of times: instants with the last second of what each says, and times of day."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_app.imports.problems import N_, Problems
from geo_app.imports.texts import as_column, quoted, says_nothing, text, trimmed
from geo_app.imports.time_columns import Times, read
from geo_app.imports.time_forms import DAY_FIRST, MONTH_FIRST, Order, Orders

SIGN_OR_DASH = N_("%(what)s %(value)s may be a range, or a time with its offset from UTC")


def instants(column: pd.Series, zone: str, what: str, problems: Problems) -> tuple[pd.Series, pd.Series]:
    """Instants in UTC, and the last second of what each says: of a day, a month or a year its end, of a range the end
    of that, else the instant itself. What has no offset of its own is local to ``zone``.

    A local time that the clock skipped moves forward; one that it showed twice is the first. Notes what is no time.
    """
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        known = _in_utc(column, zone)
        return known, known.copy()
    words = trimmed(column)
    times = read(words, ~says_nothing(words), _order(words, what, problems))
    begins = _from_either(times.begins, times.in_utc, zone)
    same = np.array_equal(times.begins, times.last, equal_nan=True)
    last = begins.copy() if same else _from_either(times.last, times.in_utc, zone)
    _refuse_offsets(times, begins)
    bad = list(times.reasons)
    begins.iloc[bad] = last.iloc[bad] = pd.NaT
    for reason in dict.fromkeys(times.reasons.values()):
        problems.add(
            np.array([row for row in bad if times.reasons[row] == reason], dtype=int),
            "time",
            reason,
            N_("Write times as 2026-11-22 08:30:00, local to the county."),
            what=what,
            value=quoted(as_column(words, column)),
        )
    begins.index = last.index = column.index
    return begins, last


def _order(words: pa.Array, what: str, problems: Problems) -> Orders:
    """Which of day and month stands first in 1/2/2026, if the column shows it, here or in the file before."""

    @cache
    def order() -> Order | None:
        seen = problems.day_orders.setdefault(what, set())
        for first, pattern in (("day", DAY_FIRST), ("month", MONTH_FIRST)):
            if pc.any(pc.match_substring_regex(words, pattern)).as_py():
                seen.add(first)
        return cast(Order, next(iter(seen))) if len(seen) == 1 else None

    return order


def _refuse_offsets(times: Times, begins: pd.Series) -> None:
    """22:00-06:00 is a range, except where the clocks of the place may be six hours behind UTC: there nobody knows."""
    if times.dashed.any():
        ahead = times.begins - begins.dt.tz_localize(None).to_numpy()
        until = times.last - times.last.astype("datetime64[D]")
        for row in np.flatnonzero(times.dashed & (ahead == -until)).tolist():
            times.reasons[row] = SIGN_OR_DASH


def _from_either(times: np.ndarray, in_utc: np.ndarray, zone: str) -> pd.Series:
    """Instants from times that are local to ``zone``, or in UTC where the mask says so."""
    found = _in_utc(pd.Series(times), "UTC" if in_utc.all() and len(in_utc) else zone)
    if in_utc.any() and not in_utc.all():
        found[in_utc] = pd.Series(times[in_utc], index=np.flatnonzero(in_utc)).dt.tz_localize("UTC")
    return found


def _in_utc(times: pd.Series, zone: str) -> pd.Series:
    if times.dt.tz is None:
        first = np.ones(len(times), dtype=bool)
        times = times.dt.tz_localize(ZoneInfo(zone), ambiguous=first, nonexistent="shift_forward")
    return times.dt.tz_convert("UTC").astype("datetime64[us, UTC]")


def clock_times(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    """Lists of times of day, as PostgreSQL writes an array, from text such as ``08:30 14:00``."""
    words = text(column)
    values: list[str | None] = []
    bad = []
    for row, word in enumerate(words):
        parts = word.replace(",", " ").replace("，", " ").replace("、", " ").replace(";", " ").split()
        try:
            values.append("{" + ",".join(sorted(_clock(part).isoformat() for part in parts)) + "}")
        except ValueError:
            values.append(None)
            bad.append(row)
    problems.add(
        np.array(bad, dtype=int),
        "time",
        N_("%(what)s %(value)s are no times of day"),
        N_("Write departures as 08:30 14:00."),
        what=what,
        value=quoted(words),
    )
    return pd.Series(values, index=column.index, dtype=object)


def _clock(word: str) -> dt.time:
    return dt.time.fromisoformat(word if len(word) != 4 or ":" not in word else f"0{word}")
