"""How people and programs write times: what one text says, and the form of a column that is written all alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal

from geo_app.imports.problems import N_

Period = Literal["year", "month", "day", "hour", "moment", "clock"]  # what a text names; a clock is a time of no day
Order = Literal["day", "month"]  # which one stands first in 1/2/2026
Orders = Callable[[], Order | None]  # asked only where it matters: what the column as a whole tells

NO_TIME = N_("%(what)s %(value)s is no time")
DAY_OR_MONTH = N_("%(what)s %(value)s may begin with the day or the month, and no other row tells which")
TWO_DIGITS = N_("%(what)s %(value)s has a year of two digits")
BACKWARDS = N_("it ends before it begins")

# Two numbers before a year, of which one can only be a day.
DAY_FIRST = r"^(?:1[3-9]|2\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.]\d{4}"
MONTH_FIRST = r"^(?:0?[1-9]|1[0-2])[-/.](?:1[3-9]|2\d|3[01])[-/.]\d{4}"

EXCEL_DAY_0 = datetime(1899, 12, 30)
DAYS = (32_874, 73_051)  # of a workbook: 1990 to 2100
# Since 1970: 2001 to 2033. Beyond begin the numbers that are a day and its hour, 1990010100: none is both.
SECONDS = (1_000_000_000, 1_990_000_000)
NUMBER = re.compile(r"\d{5}(?:\.\d+)?|\d{10}(?:\.\d+)?|\d{13}")

# Groups of one name less its underscores are one field.
DAY = (
    r"(?:(?P<Y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})"
    r"|(?P<Y_>\d{4})年(?P<m_>\d{1,2})月(?P<d_>\d{1,2})[日号]?"
    r"|(?P<Y__>\d{4})(?P<m__>\d\d)(?P<d__>\d\d)"
    r"|(?P<a>\d{1,2})(?P<sep_>[-/.])(?P<b>\d{1,2})(?P=sep_)(?P<Y___>\d{4}))"
)
CLOCK = (
    r"(?P<half>上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上)?\s?"
    r"(?:(?P<H>\d{1,2}):(?P<M>\d{1,2})(?::(?P<S>\d{1,2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"|(?P<H_>\d{1,2})[时点](?:(?P<M_>\d{1,2})(?:分(?:(?P<S_>\d{1,2})秒?)?)?|整|(?P<thirty>半))?"
    r"|(?P<H__>\d\d)(?:(?P<M__>\d\d)(?P<S__>\d\d)?)?)"
    r"(?:\s?(?P<half_>[AaPp][Mm]))?(?:\s?(?P<zone>Z|[+-]\d\d(?::?\d\d)?))?"
)
BETWEEN = r"(?:T|\s+|(?<=[日号])|(?=[上早清凌中下傍晚]))"  # a day and its clock
POINT = re.compile(f"{DAY}(?:{BETWEEN}{CLOCK})?")
MONTH = re.compile(r"(?P<Y>\d{4})(?:[-/.](?P<m>\d{1,2})|年(?:(?P<m_>\d{1,2})月?)?)?")
COMPACT = re.compile(r"(?P<Y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)?")
HOUR = re.compile(r"(?P<Y>199\d|20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<H>[01]\d|2[0-3])")
FIRST_YEAR = 1990  # of a day and its hour in ten digits
CLOCK_ALONE = re.compile(CLOCK)
LATER_DAY = re.compile(rf"(?:(?P<next>次日|翌日|第二天)|(?:(?P<m>\d{{1,2}})月)?(?P<d>\d{{1,2}})[日号])(?:{CLOCK})?")
SHORT_YEAR = re.compile(r"(?:\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d\d)(?!\d)")
SURELY = re.compile(r"\s*(?:至|到|~|〜|—+|–|\bto\b)\s*")  # between the ends of a range
PERHAPS = re.compile(r"\s*-\s*")
AROUND = re.compile(r"\s*([年月日号时点分秒])\s*")

# The hour of a day for the hour that is said with a half of it. Twelve in the evening may be of either day.
MORNING = {hour: hour for hour in range(12)} | {12: 0}
NOON = {11: 11, 12: 12, 1: 13, 2: 14, 13: 13, 14: 14}
AFTERNOON = {hour: hour % 12 + 12 for hour in range(1, 24) if hour != 12} | {12: 12}
EVENING = {hour: hour % 12 + 12 for hour in (*range(5, 12), *range(17, 24))}
HALVES = {
    **dict.fromkeys(("上午", "早上", "早晨", "清晨", "凌晨", "am"), MORNING), "中午": NOON,
    **dict.fromkeys(("下午", "pm"), AFTERNOON), **dict.fromkeys(("傍晚", "晚上"), EVENING),
}  # fmt: skip


class Unclear(ValueError):
    """A text that says no time, or more than one; ``reason`` is a message id."""

    def __init__(self, reason: str = NO_TIME) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Said:
    """What a text says: its first moment and its last second, on the clock of the place or in UTC.

    dashed: a range whose end might be an offset from UTC.
    """

    begins: datetime
    last: datetime
    in_utc: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Form:
    """The form of a text, for all that are written like it: what ``strptime`` is told (nothing for a number).

    half: its word for the half of the day. digits: how many there are where nothing stands between them.
    until, between: the form of a range's end, and what stands before it.
    """

    format: str
    period: Period
    half: str | None = None
    digits: int | None = None
    until: Form | None = None
    between: str = ""


def said(word: str, order: Orders) -> Said:
    """What one text says. Raises Unclear."""
    word = AROUND.sub(r"\1", unicodedata.normalize("NFKC", word)).strip()
    if _is_number(word):
        return _of_number(float(word))
    point = _point(word)
    if point is not None:
        return _of_point(point, order)
    for begin, between, end in _splits(word):
        left = _point(begin)
        if left is not None:
            return _of_range(left, "-" in between, end, order)
    raise Unclear(TWO_DIGITS if SHORT_YEAR.match(word) else NO_TIME)


def form_of(word: str, order: Orders) -> Form | None:
    """The form of a text; None for one that has to be read by itself."""
    if _is_number(word):
        return Form("", "moment")
    point = _point(word)
    if point is not None:
        return _form(point, order)
    for begin, between, end in _splits(word):
        left, right = _point(begin), _point(end) or CLOCK_ALONE.fullmatch(end)
        first = _form(left, order) if left is not None else None
        until = _form(right, order) if right is not None else None
        if first is not None and until is not None:
            inherits = until.period == "clock" and (first.period != "moment" or (first.half and not until.half))
            together = replace(first, until=until, between=between)
            return None if inherits or "%z" in first.format + until.format else together
    return None


def _is_number(word: str) -> bool:
    return NUMBER.fullmatch(word) is not None and HOUR.fullmatch(word) is None


def _point(word: str) -> re.Match[str] | None:
    """A text as one time. 2026-01-02 22:00-06:00 is none: so people write a range; programs write an offset from UTC
    behind a T or behind seconds."""
    found = HOUR.fullmatch(word) or COMPACT.fullmatch(word) or POINT.fullmatch(word) or MONTH.fullmatch(word)
    if found is None:
        return None
    fields = _fields(found)
    west = fields.get("zone", "").startswith("-")
    is_range = west and (("S" not in fields and "T" not in word) or _offset(fields["zone"]) < timedelta(hours=-12))
    return None if is_range else found


def _splits(word: str) -> Iterator[tuple[str, str, str]]:
    """Where a text may be two: the words before, between and after."""
    surely = list(SURELY.finditer(word))
    if len(surely) > 1:
        return
    for found in surely or PERHAPS.finditer(word):
        begin, end = word[: found.start()], word[found.end() :]
        if surely or _point(end) is not None or CLOCK_ALONE.fullmatch(end):
            yield begin, found[0], end


def _fields(match: re.Match[str]) -> dict[str, str]:
    return {name.rstrip("_"): value for name, value in match.groupdict().items() if value is not None}


def _period(match: re.Match[str]) -> Period:
    fields = _fields(match)
    if match.re is HOUR:
        return "hour"
    if "Y" not in fields:
        return "clock"
    if "H" in fields:
        return "moment"
    return "day" if "d" in fields or "a" in fields else "month" if "m" in fields else "year"


def _form(match: re.Match[str], order: Orders) -> Form | None:
    """The form of what matched, unless single texts of it must be looked at: months, half past, 1/2/2026 by itself."""
    fields, word = _fields(match), match.string
    period = _period(match)
    first = order() if "a" in fields else None
    if period in ("year", "month") or "thirty" in fields or ("a" in fields and first is None):
        return None
    names = {"a": "d", "b": "m"} if first == "day" else {"a": "m", "b": "d"}
    format, at = "", 0
    for begin, end, name in sorted((*match.span(group), group.rstrip("_")) for group in match.re.groupindex):
        if begin >= 0 and name not in ("half", "sep", "next"):
            format += word[at:begin] + "%" + ("z" if name == "zone" else names.get(name, name))
            at = end
    return Form(format + word[at:], period, fields.get("half"), len(word) if word.isdigit() else None)


def _of_number(value: float) -> Said:
    """Days of a workbook, or seconds or thousandths of them since 1970."""
    if DAYS[0] <= value < DAYS[1]:
        begins = EXCEL_DAY_0 + timedelta(seconds=round(value * 86_400))
        return Said(begins, _last(begins, "day") if value.is_integer() else begins)
    seconds = value / 1000 if value >= SECONDS[0] * 1000 else value
    if not SECONDS[0] <= seconds < SECONDS[1]:
        raise Unclear
    begins = datetime(1970, 1, 1) + timedelta(microseconds=round(seconds * 1_000_000))
    return Said(begins, begins, in_utc=True)


def _of_point(match: re.Match[str], order: Orders) -> Said:
    fields = _fields(match)
    begins = _date(fields, order) + _since_midnight(fields)
    if "zone" not in fields:
        return Said(begins, _last(begins, _period(match)))
    begins -= _offset(fields["zone"])
    return Said(begins, begins, in_utc=True)


def _of_range(left: re.Match[str], dashed: bool, end: str, order: Orders) -> Said:
    first = _of_point(left, order)
    right = _point(end)
    if right is not None:
        second = _of_point(right, order)
        if second.in_utc != first.in_utc:
            raise Unclear
        return _in_order(replace(first, last=second.last))
    match = CLOCK_ALONE.fullmatch(end) or LATER_DAY.fullmatch(end)
    fields = _fields(match) if match is not None else {}
    if first.in_utc or "zone" in fields or not fields:
        raise Unclear
    if "H" in fields and ("H" not in _fields(left) or ("half" in _fields(left) and "half" not in fields)):
        raise Unclear
    midnight = datetime.combine(first.begins.date(), time())
    if "d" in fields:
        midnight = _day(midnight.year, int(fields.get("m", midnight.month)), int(fields["d"]))
    last = midnight + timedelta(days="next" in fields) + _since_midnight(fields)
    if match is not None and match.re is CLOCK_ALONE:
        return replace(first, last=last + timedelta(days=last < first.begins), dashed=dashed)
    return _in_order(replace(first, last=last if "H" in fields else _last(last, "day")))


def _in_order(range_: Said) -> Said:
    if range_.last < range_.begins:
        raise Unclear(BACKWARDS)
    return range_


def _date(fields: dict[str, str], order: Orders) -> datetime:
    year = int(fields["Y"])
    if "a" not in fields:
        return _day(year, int(fields.get("m", 1)), int(fields.get("d", 1)))
    a, b = int(fields["a"]), int(fields["b"])
    if a > 12 or b > 12 or a == b:
        return _day(year, min(a, b), max(a, b))
    first = order()
    if first is None:
        raise Unclear(DAY_OR_MONTH)
    return _day(year, b, a) if first == "day" else _day(year, a, b)


def _day(year: int, month: int, day: int) -> datetime:
    if not 1000 <= year < 9999:
        raise Unclear
    try:
        return datetime(year, month, day)
    except ValueError:
        raise Unclear from None


def _since_midnight(fields: dict[str, str]) -> timedelta:
    hour, minute, second = (int(fields.get(name, 0)) for name in "HMS")
    fraction = int(fields.get("f", "0").ljust(6, "0")[:6])
    if "thirty" in fields:
        minute = 30
    if "half" in fields:
        hour = HALVES[fields["half"].lower()].get(hour, 99)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and minute + second + fraction):
        raise Unclear
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)


def _offset(zone: str) -> timedelta:
    digits = zone[1:].replace(":", "") or "00"
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -offset if zone[0] == "-" else offset


def _last(begins: datetime, period: Period) -> datetime:
    """The last second of an hour, a day, a month or a year; of a moment the moment."""
    if period == "year":
        return datetime(begins.year, 12, 31, 23, 59, 59)
    if period == "month":
        return (begins + timedelta(days=31)).replace(day=1) - timedelta(seconds=1)
    return begins + timedelta(seconds={"hour": 3_599, "day": 86_399}.get(period, 0))
