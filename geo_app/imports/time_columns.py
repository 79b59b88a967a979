"""A column of times, read as a whole where its texts are written alike, and one by one where they are not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_app.imports.texts import WORDS, as_column
from geo_app.imports.time_forms import (
    DAYS,
    EXCEL_DAY_0,
    FIRST_YEAR,
    HALVES,
    NUMBER,
    SECONDS,
    Form,
    Orders,
    Unclear,
    form_of,
    said,
)

FEW = 50  # texts are sooner read one by one
FORMS = 4  # that a column is looked through for
TRIED = 20  # texts that are asked for their form
DAY, SECOND = np.timedelta64(86_400_000_000, "us"), np.timedelta64(1_000_000, "us")
HOUR = 3600 * SECOND
SOME_DAY = "2000-01-01"
# 30 February comes back as one of the first days of March, and so on.
ROLLED_OVER = np.array([301, 302, 303, 501, 701, 1001, 1201])


@dataclass(frozen=True)
class Times:
    """What the texts of a column say: datetime64[us], NaT where no time could be read, with the reasons by row.

    in_utc: a mask of what is not on the clock of the place. dashed: of ranges whose end might be an offset from UTC.
    """

    begins: np.ndarray
    last: np.ndarray
    in_utc: np.ndarray
    dashed: np.ndarray
    reasons: dict[int, str] = field(default_factory=dict)

    @classmethod
    def none(cls, count: int) -> Times:
        """Nothing, so many times."""
        times = np.full((2, count), np.datetime64("NaT", "us"))
        return cls(*times, *np.zeros((2, count), dtype=bool))

    def put(self, rows: np.ndarray, times: Times) -> None:
        """Takes what was found in ``rows``."""
        for name in ("begins", "last", "in_utc", "dashed"):
            getattr(self, name)[rows] = getattr(times, name)

    def only(self, kept: np.ndarray) -> Times:
        """Those of a mask."""
        return Times(self.begins[kept], self.last[kept], self.in_utc[kept], self.dashed[kept])


def read(words: pa.Array, wanted: np.ndarray, order: Orders) -> Times:
    """What the wanted ones (a mask) of trimmed texts say."""
    times = Times.none(len(words))
    left = np.flatnonzero(wanted)
    for _ in range(FORMS):
        some = words if len(left) == len(words) else words.take(pa.array(left))
        forms = (form_of(word, order) for word in some.slice(0, TRIED).to_pylist())
        form = next(filter(None, forms), None)
        if form is None or len(left) < FEW:
            break
        found = alike(some, form)
        good = ~np.isnat(found.begins)
        times.put(left[good], found.only(good))
        left = left[~good]
    _one_by_one(words, left, order, times)
    return times


def _one_by_one(words: pa.Array, rows: np.ndarray, order: Orders, times: Times) -> None:
    same = words.take(pa.array(rows)).dictionary_encode()
    found = Times.none(len(same.dictionary))
    for at, word in enumerate(same.dictionary.to_pylist()):
        try:
            one = said(word, order)
        except Unclear as unclear:
            found.reasons[at] = unclear.reason
        else:
            found.begins[at], found.last[at] = one.begins, one.last
            found.in_utc[at], found.dashed[at] = one.in_utc, one.dashed
    which = same.indices.to_numpy()
    times.put(rows, found.only(which))
    times.reasons.update(
        (row, found.reasons[at]) for row, at in zip(rows.tolist(), which.tolist(), strict=True) if at in found.reasons
    )


def alike(words: pa.Array, form: Form) -> Times:
    """What texts say that are written in a form; NaT for those that are not."""
    if not form.format:
        return _numbers(words)
    if form.until is None:
        times = Times.none(len(words))
        times.begins[:], times.last[:] = _points(words, form)
        times.in_utc[:] = "%z" in form.format
        return times
    return _ranges(words, form, form.until)


def _ranges(words: pa.Array, form: Form, until: Form) -> Times:
    times = Times.none(len(words))
    parts = pc.split_pattern(words, pattern=form.between, max_splits=1, reverse=True)
    two = np.flatnonzero(pc.equal(pc.list_value_length(parts), 2).to_numpy(zero_copy_only=False))
    parts = parts.take(pa.array(two))
    begins, _ = _points(pc.list_element(parts, 0), form)
    _, last = _points(pc.list_element(parts, 1), until)
    if until.period == "clock":
        last = begins.astype("datetime64[D]") + (last - np.datetime64(SOME_DAY, "us"))
        last = last + (last < begins) * DAY
        times.dashed[two] = "-" in form.between
    good = last >= begins
    times.begins[two[good]], times.last[two[good]] = begins[good], last[good]
    return times


def _points(words: pa.Array, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """First moments and last seconds."""
    format = form.format
    if form.digits is not None:
        words = pc.if_else(pc.equal(pc.utf8_length(words), form.digits), words, pa.scalar(None, WORDS))
    if form.period == "clock":
        words = pc.binary_join_element_wise(pa.scalar(SOME_DAY, WORDS), words, pa.scalar(" ", WORDS))
        format = f"%Y-%m-%d {format}"
    begins = _parsed(words, format)
    if form.half is not None:
        known = np.flatnonzero(~np.isnat(begins))
        hour = (begins[known] - begins[known].astype("datetime64[D]")) // HOUR
        meant = np.array([HALVES[form.half.lower()].get(hour, -1) for hour in range(24)])[hour]
        begins[known] = np.where(meant < 0, np.datetime64("NaT", "us"), begins[known] + (meant - hour) * HOUR)
    if form.period == "hour":  # other numbers of ten digits are seconds since 1970
        begins[begins < np.datetime64(str(FIRST_YEAR), "us")] = np.datetime64("NaT", "us")
        return begins, begins + (HOUR - SECOND)
    return begins, begins + (DAY - SECOND) if form.period == "day" else begins


def _parsed(words: pa.Array, format: str) -> np.ndarray:
    if "%f" in format or "%z" in format:
        return _by_pandas(words, format)
    found = pc.strptime(words, format=format, unit="us", error_is_null=True).to_numpy(zero_copy_only=False)
    found = found.astype("datetime64[us]")
    days = found.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    years = months.astype("datetime64[Y]")
    found[years < np.datetime64("1000", "Y")] = np.datetime64("NaT", "us")
    month_and_day = (months - years).astype(int) * 100 + (days - months).astype(int) + 101
    suspicious = np.isin(month_and_day, ROLLED_OVER)
    if suspicious.any():
        found[suspicious] = _by_pandas(words.filter(pa.array(suspicious)), format)
    return found


def _by_pandas(words: pa.Array, format: str) -> np.ndarray:
    like = pd.Series(index=pd.RangeIndex(len(words)), dtype=object)
    found = pd.to_datetime(as_column(words, like), format=format, errors="coerce", utc="%z" in format)
    return found.dt.tz_localize(None).to_numpy().astype("datetime64[us]")


def _numbers(words: pa.Array) -> Times:
    """Days of a workbook, and seconds or thousandths of them since 1970."""
    times = Times.none(len(words))
    plain = pc.match_substring_regex(words, f"^(?:{NUMBER.pattern})$")
    values = pc.if_else(plain, words, pa.scalar(None, WORDS)).cast(pa.float64()).to_numpy(zero_copy_only=False)
    days = (values >= DAYS[0]) & (values < DAYS[1])
    times.begins[days] = np.datetime64(EXCEL_DAY_0, "us") + np.round(values[days] * 86_400).astype(int) * SECOND
    times.last[days] = times.begins[days] + (values[days] % 1 == 0) * (DAY - SECOND)
    seconds = np.where(values >= SECONDS[0] * 1000, values / 1000, values)
    times.in_utc[:] = (seconds >= SECONDS[0]) & (seconds < SECONDS[1])
    epoch = np.round(seconds[times.in_utc] * 1_000_000).astype(int).astype("datetime64[us]")
    times.begins[times.in_utc] = times.last[times.in_utc] = epoch
    return times
