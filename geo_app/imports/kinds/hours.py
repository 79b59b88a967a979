"""Hours of a day and terms of a year, as people write them into a cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from geo_app.imports.problems import N_, Problems
from geo_app.imports.values import NOTHING, quoted, text

DAY = 24 * 60  # minutes
ALL_DAY = {"24小时", "24h", "全天", "全天候", "24/7"}
BETWEEN = re.compile(r"[\s,;，；、]+")  # one stretch and the next
DASH = re.compile(r"\s*[-–—~～至到]+\s*")  # the two ends of a stretch
CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?::00)?")
SLASH = re.compile(r"\s*[/／至到~～]\s*")


def stretches(word: str) -> list[tuple[int, int]]:
    """Stretches of a day in minutes after midnight, in their order: ``08:30-11:30 22:00-06:00``.

    A stretch that ends where it begins or earlier reaches into the next day: its end is greater than 1440. Raises
    ValueError for what is none, and for stretches that overlap.
    """
    if word.casefold() in ALL_DAY:
        return [(0, DAY)]
    found = sorted(_stretch(part) for part in BETWEEN.split(DASH.sub("-", word)) if part)
    again = found[0][0] + DAY if found else 0  # the first one, on the next day
    if not found or any(
        end > begin for (_, end), begin in zip(found, [*(b for b, _ in found[1:]), again], strict=True)
    ):
        raise ValueError(word)
    return found


def _stretch(word: str) -> tuple[int, int]:
    begin, end = (_minutes(part) for part in word.split("-"))
    if begin == DAY:
        raise ValueError(word)
    return begin, end if end > begin else end + DAY


def _minutes(word: str) -> int:
    match = CLOCK.fullmatch(word)
    if match is None:
        raise ValueError(word)
    minutes = int(match[1]) * 60 + int(match[2])
    if int(match[2]) > 59 or minutes > DAY:
        raise ValueError(word)
    return minutes


def hours(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    """Manning hours as ``08:30-11:30 13:30-17:00``; None where nothing is given. Notes what is none in ``problems``."""
    return _checked(
        column,
        lambda word: " ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in stretches(word)),
        N_("%(what)s %(value)s are no hours of a day"),
        N_("Write hours as 08:30-11:30 13:30-17:00, without overlap; 22:00-06:00 reaches into the next day."),
        what,
        problems,
    )


def _clock(minutes: int) -> str:
    """24:00 is the end of a day, what lies beyond it a time of the next one."""
    shown = minutes if minutes <= DAY else minutes - DAY
    return f"{shown // 60:02d}:{shown % 60:02d}"


def terms(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    """A school's terms as ``2026-02-16/2026-07-03 2026-09-01/2027-01-15``; None where nothing is given.

    Notes what is none in ``problems``: both days belong to a term, and terms do not overlap.
    """
    return _checked(
        column,
        _terms,
        N_("%(what)s %(value)s are no terms"),
        N_("Write terms as 2026-02-16/2026-07-03 2026-09-01/2027-01-15, first day and last day of each."),
        what,
        problems,
    )


def _terms(word: str) -> str:
    found = []
    for part in BETWEEN.split(SLASH.sub("/", word)):
        first, last = (dt.date.fromisoformat(day) for day in part.split("/"))
        found.append((first, last))
    found.sort()
    days = [day for term in found for day in term]
    if days != sorted(set(days)):
        raise ValueError(word)
    return " ".join(f"{first}/{last}" for first, last in found)


def _checked(
    column: pd.Series, read: Callable[[str], str], reason: str, remedy: str, what: str, problems: Problems
) -> pd.Series:
    words = text(column)
    values: list[str | None] = []
    bad = []
    for row, word in enumerate(words):
        try:
            values.append(None if word.casefold() in NOTHING else read(word))
        except ValueError:
            values.append(None)
            bad.append(row)
    problems.add(np.array(bad, dtype=int), "time", reason, remedy, what=what, value=quoted(words))
    return pd.Series(values, index=column.index, dtype=object)
