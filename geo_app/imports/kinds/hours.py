"""Hours of a day and terms of a year, as people write them into a cell."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable

import numpy as np
import pandas as pd

from geo_app.imports.problems import N_, Problems
from geo_app.imports.time_forms import HALVES
from geo_app.imports.values import NOTHING, quoted, text

DAY = 24 * 60  # minutes
ALL_DAY = {"24小时", "24h", "全天", "全天候", "全日", "全天24小时", "24小时值守", "24/7"}
HALF = "|".join(HALVES)
MINUTES = r":\d{2}(?::00)?|[时点](?:\d{1,2}分?|整|半)?"
ENDS = r"\s*[-–—―~〜至到]+\s*"  # between the two ends of a stretch or a term
# 8-17时: the hour that begins may leave its unit to the one that ends.
STRETCH = re.compile(
    rf"(?P<half>{HALF})?\s*(?P<begin>\d{{1,2}}(?:{MINUTES})?){ENDS}"
    rf"(?P<next>次日|翌日|第二天)?\s*(?P<half_>{HALF})?\s*(?P<end>\d{{1,2}}(?:{MINUTES}))",
    re.IGNORECASE,
)
CLOCK = re.compile(r"(\d{1,2})(?:[:时点](?:(\d{1,2})(?::00)?分?|整|(半))?)?")
BETWEEN = re.compile(r"[\s,;、和及]+")  # one stretch or term and the next
BY_ITSELF = re.compile(rf"\s*(?={HALF})")  # a word for the half of a day begins a stretch without more
TERM = re.compile(
    r"(?:第[一二]学期|[上下]学期|[春秋]季?学期)?:?\s*"
    r"(?P<y>\d{4})(?:(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})|年(?P<m_>\d{1,2})月(?P<d_>\d{1,2})[日号]?)"
    rf"(?:{ENDS}|\s*/\s*)"
    r"(?:(?P<z>\d{4})(?:(?P<t>[-/.])(?P<n>\d{1,2})(?P=t)(?P<e>\d{1,2})|年(?P<n_>\d{1,2})月(?P<e_>\d{1,2})[日号]?)"
    r"|(?P<next>次年|翌年|第二年)?(?P<n__>\d{1,2})(?:[-/.](?P<e__>\d{1,2})|月(?P<e___>\d{1,2})[日号]?))"
)


def stretches(word: str) -> list[tuple[int, int]]:
    """Stretches of a day in minutes after midnight, in their order: ``08:30-11:30 22:00-06:00``, ``上午8点至11点半``.

    A stretch that ends where it begins or earlier reaches into the next day: its end is greater than 1440. Raises
    ValueError for what is none, and for stretches that overlap.
    """
    word = unicodedata.normalize("NFKC", word).strip()
    if "".join(word.split()).casefold() in ALL_DAY:
        return [(0, DAY)]
    found = sorted(_stretch(match) for match in _one_after_another(word, STRETCH))
    again = found[0][0] + DAY if found else 0  # the first one, on the next day
    if not found or any(
        end > begin for (_, end), begin in zip(found, [*(b for b, _ in found[1:]), again], strict=True)
    ):
        raise ValueError(word)
    return found


def _one_after_another(word: str, what: re.Pattern[str]) -> list[re.Match[str]]:
    """All of a word as matches of a pattern with something between them. Raises ValueError where it is more than that."""
    found, at = [], 0
    while at < len(word):
        match = what.match(word, at)
        if match is None:
            raise ValueError(word)
        found.append(match)
        between = BETWEEN.match(word, match.end()) or BY_ITSELF.match(word, match.end())
        if between is None and match.end() < len(word):
            raise ValueError(word)
        at = between.end() if between else len(word)
    return found


def _stretch(match: re.Match[str]) -> tuple[int, int]:
    said, half, half_of_end = match["end"], match["half"], match["half_"]
    begin = _minutes(match["begin"], half)
    if half and not half_of_end and not match["next"]:
        # 下午2:00-6:00 and 上午8:00-12:00 end in the same day by one reading only.
        ends = {end for end in (_minutes(said, None), _minutes(said, half, 0)) if end > begin}
        if len(ends) != 1:
            raise ValueError(match[0])
        (end,) = ends
    else:
        end = _minutes(said, half_of_end)
    if begin >= DAY or (match["begin"].isdigit() and ":" in said):
        raise ValueError(match[0])
    return begin, end + DAY if match["next"] or end <= begin else end


def _minutes(word: str, half: str | None, impossible: int | None = None) -> int:
    """Minutes after midnight. Raises ValueError for no time, or gives ``impossible`` for one that its half has not."""
    match = CLOCK.fullmatch(word)
    hour, minute = (int(match[1]), 30 if match[3] else int(match[2] or 0)) if match else (99, 0)
    if half is not None:
        hour = HALVES[half.casefold()].get(hour, 99)
        if hour == 99 and impossible is not None:
            return impossible
    minutes = hour * 60 + minute
    if minute > 59 or minutes > DAY:
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
    matches = _one_after_another(unicodedata.normalize("NFKC", word).strip(), TERM)
    found = sorted(_term(match) for match in matches)
    days = [day for term in found for day in term]
    if not days or days != sorted(set(days)):
        raise ValueError(word)
    return " ".join(f"{first}/{last}" for first, last in found)


def _term(match: re.Match[str]) -> tuple[dt.date, dt.date]:
    """First day and last day. An end without its year is the next such day: 2026.9.1-1.15 ends in 2027."""
    said = {name.rstrip("_"): int(value) for name, value in match.groupdict().items() if value and value.isdecimal()}
    first = dt.date(said["y"], said["m"], said["d"])
    year = said.get("z", first.year + ("z" not in said and match["next"] is not None))
    last = dt.date(year, said["n"], said["e"])
    if "z" not in said and last <= first:
        last = dt.date(year + 1, said["n"], said["e"])
    return first, last


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
