"""Columns as they arrived turned into clean text, numbers, truth values and instants."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo_app.imports.problems import Problems

TRUE = {"1", "true", "t", "yes", "y", "是", "有", "有效", "单行"}
FALSE = {"0", "false", "f", "no", "n", "否", "无", "无效", ""}
SPANS = {
    r"\d{4}-\d{1,2}-\d{1,2}|\d{8}": pd.DateOffset(days=1),
    r"\d{4}-\d{1,2}": pd.DateOffset(months=1),
    r"\d{4}": pd.DateOffset(years=1),
}
THOUSANDS = r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){2,}(?:\.\d*)?|,\d{3}\.\d*)"
UNCLEAR = r"[+-]?[1-9]\d{0,2},\d{3}"
NULL_MARK = 1e38
FIRST_INEXACT = 2.0**53
CHINESE = {
    r"\s*([年月日号时点分秒])\s*": r"\1",
    r"[年月](?=\d)": "-",
    r"[年月]$": "",
    r"[日号]": " ",
    r"[时点](?=\d)|分(?=\d)": ":",
    r"[时点]整?$": ":00",
    r"[分秒]$": "",
}
NOTHING = {"", "na", "n/a", "nan", "null", "none", "-", "\\n"}


def text(column: pd.Series) -> pd.Series:
    """Trimmed text; whole numbers without ``.0``; what is missing is ''."""
    return column.astype(object).where(column.notna(), "").map(_one_text)


def _one_text(value: Any) -> str:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = str(value).replace("\x00", "").strip()
    # Half of a surrogate pair is in no encoding; the database would refuse it.
    return word if word.isascii() else word.encode("utf-8", "replace").decode()


def without_null_marks(table: pd.DataFrame) -> pd.DataFrame:
    """A table in which numbers of 1e38 and beyond are missing: so shapefiles mark what is not known."""
    table = table.copy(deep=False)
    for name, column in table.items():
        mark = _floats_from(column, NULL_MARK)
        if mark.any():
            table[name] = column.mask(mark)
    return table


def rounded(column: pd.Series) -> np.ndarray:
    """A mask of numbers so long that their last digits are lost."""
    return _floats_from(column, FIRST_INEXACT)


def _floats_from(column: pd.Series, least: float) -> np.ndarray:
    """A mask of the floats that are at least ``least``, whatever their sign."""
    if pd.api.types.is_float_dtype(column.dtype):
        return (column.abs() >= least).to_numpy(dtype=bool)
    if column.dtype != object:
        return np.zeros(len(column), dtype=bool)
    return np.array([isinstance(value, float) and abs(value) >= least for value in column], dtype=bool)


def optional_text(column: pd.Series) -> pd.Series:
    """Trimmed text; what is missing or empty is None."""
    cleaned = text(column)
    return cleaned.where(cleaned != "", None)


def number(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    """Floats; NaN where nothing is given. Notes what is no number in ``problems``."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        found = column.astype(float)
    else:
        words = text(column)
        found = pd.to_numeric(_with_point(words), errors="coerce")
        unclear = words.str.fullmatch(UNCLEAR).to_numpy(dtype=bool) & (not problems.rows.decimal_comma)
        said = "may mean thousands or a decimal comma"
        problems.add(unclear, "number", lambda row: f"{what} {words.iloc[row]!r} {said}", "Write 1234 or 1.234.")
        bad = found.isna() & ~words.str.casefold().isin(NOTHING)
        problems.add(bad.to_numpy(), "number", lambda row: f"{what} {words.iloc[row]!r} is no number")
    infinite = ~np.isfinite(found.to_numpy(dtype=float)) & found.notna().to_numpy()
    problems.add(infinite, "number", f"{what} is infinite")
    return found


def _with_point(words: pd.Series) -> pd.Series:
    """Numbers without commas between thousands, and with a point where they have a decimal comma."""
    plain = words.where(~words.str.fullmatch(THOUSANDS), words.str.replace(",", "", regex=False))
    decimal = plain.str.contains(",", regex=False) & ~plain.str.contains(".", regex=False)
    return plain.where(~decimal, plain.str.replace(",", ".", regex=False))


def truth(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    """True, False, or None where nothing is given. Notes what is neither in ``problems``."""
    words = text(column).str.casefold()
    values = pd.Series(None, index=column.index, dtype=object)
    values[words.isin(TRUE)] = True
    values[words.isin(FALSE) & (words != "")] = False
    bad = values.isna() & ~words.isin(NOTHING)
    problems.add(bad.to_numpy(), "truth", lambda row: f"{what} {words.iloc[row]!r} is neither yes nor no")
    return values


def choice(
    column: pd.Series, allowed: dict[str, str], what: str, problems: Problems, default: str | None = None
) -> pd.Series:
    """Words mapped by ``allowed`` (compared without case); ``default`` where nothing is given, or for every unknown
    word when ``allowed`` has the key ``*``. Notes unknown words in ``problems``."""
    words = text(column).str.casefold()
    known = {key.casefold(): value for key, value in allowed.items()}
    values = words.map(known).astype(object)
    values = values.where(values.notna(), None)
    missing = words.isin(NOTHING)
    values[missing & values.isna()] = default
    bad = values.isna() & ~missing
    if "*" in allowed:
        values[bad] = allowed["*"]
    else:
        choices = ", ".join(sorted(set(allowed.values())))
        problems.add(bad.to_numpy(), "choice", lambda row: f"{what} {words.iloc[row]!r} is none of {choices}")
    return values


def instants(column: pd.Series, zone: str, what: str, problems: Problems) -> tuple[pd.Series, pd.Series]:
    """Instants in UTC, and the last second of what each says: of a day, a month or a year its end, else the instant
    itself. What has no offset of its own is local to ``zone``.

    A local time that the clock skipped moves forward; one that it showed twice is the first. Notes what is no time.
    """
    words = text(column) if not pd.api.types.is_datetime64_any_dtype(column.dtype) else None
    if words is None:
        known = _in_utc(column, zone)
        return known, known.copy()
    nothing = words.str.casefold().isin(NOTHING)
    plain = _without_chinese(words.where(~nothing, None)).str.replace("/", "-", regex=False)
    offset = plain.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", regex=True, na=False) & plain.str.contains(":", na=False)
    found = pd.Series(pd.NaT, index=column.index, dtype="datetime64[us, UTC]")
    if offset.any():
        found[offset] = pd.to_datetime(plain[offset], format="ISO8601", utc=True, errors="coerce")
    last = found.copy()
    local = ~offset & ~nothing
    if local.any():
        begins = _local(plain[local])
        found[local], last[local] = _in_utc(begins, zone), _in_utc(_ends(begins, plain[local]), zone)
    bad = found.isna() & ~nothing
    problems.add(
        bad.to_numpy(),
        "time",
        lambda row: f"{what} {words.iloc[row]!r} is no time",
        "Write times as 2026-11-22 08:30:00, local to the county.",
    )
    return found, last


def _without_chinese(words: pd.Series) -> pd.Series:
    """2026年1月2日8时30分 and its shorter forms as 2026-1-2 8:30."""
    plain = words.str.normalize("NFKC")
    for pattern, instead in CHINESE.items():
        plain = plain.str.replace(pattern, instead, regex=True)
    return plain.str.strip()


def _local(plain: pd.Series) -> pd.Series:
    """Naive times from text; the usual form first, the others only for what it leaves."""
    found = pd.to_datetime(plain, format="ISO8601", errors="coerce")
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y%m%d%H%M%S", "%Y%m%d"):
        left = found.isna()
        if not left.any():
            break
        found[left] = pd.to_datetime(plain[left], format=form, errors="coerce")
    return found


def _ends(begins: pd.Series, plain: pd.Series) -> pd.Series:
    """The last second, on the county's clock, of what a text says that names no time of day."""
    last = begins.copy()
    for form, span in SPANS.items():
        whole = plain.str.fullmatch(form).fillna(False).astype(bool) & begins.notna()
        if whole.any():
            last[whole] = begins[whole] + span - pd.Timedelta(seconds=1)
    return last


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
        lambda row: f"{what} {words.iloc[row]!r} are no times of day",
        "Write departures as 08:30 14:00.",
    )
    return pd.Series(values, index=column.index, dtype=object)


def _clock(word: str) -> dt.time:
    return dt.time.fromisoformat(word if len(word) != 4 or ":" not in word else f"0{word}")


def as_json(table: pd.DataFrame) -> list[str]:
    """Each row as the text of a JSON object, without what is missing."""
    if table.empty or not len(table.columns):
        return ["{}"] * len(table)
    columns = [(str(name), _plain(table[name])) for name in table.columns]
    return [
        json.dumps(
            {name: values[row] for name, values in columns if values[row] is not None}, ensure_ascii=False, default=str
        )
        .replace("\\u0000", "")
        .encode("utf-8", "replace")
        .decode()
        for row in range(len(table))
    ]


def _plain(column: pd.Series) -> list[Any]:
    values = column.astype(object).where(column.notna(), None)
    return [value.item() if isinstance(value, np.generic) else value for value in values.tolist()]


def keys_by_content(table: pd.DataFrame, geometry: np.ndarray) -> pd.Series:
    """A key for rows that have none: a hash of all they say, and the ordinal among equals in the file."""
    contents = as_json(table)
    hashes = pd.Series(
        [
            hashlib.sha256(content.encode() + (shape.wkb if shape is not None else b"")).hexdigest()[:24]
            for content, shape in zip(contents, geometry, strict=True)
        ],
        index=table.index,
    )
    ordinals = hashes.groupby(hashes).cumcount() + 1
    return "#" + hashes + ":" + ordinals.astype(str)
