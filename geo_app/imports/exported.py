"""Rows of a file that this program exported come back as they were: known by the same key, with what once arrived."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo_app.imports.carried import CARRIED, Form, is_exported
from geo_app.imports.kinds.base import Arrival, Made
from geo_app.imports.problems import N_, FileRejected, Problems
from geo_app.imports.rows import Rows
from geo_app.imports.values import optional_text, quoted, text

MERGED = frozenset({"details", "catalogue"})  # with what the other columns say
NEVER_EMPTY = frozenset({"source_key", "match_level"})


def datum_said(file: str, rows: Rows) -> str | None:
    """The system that an exported file says its coordinates are in; None for another file. Raises FileRejected for
    one that names several."""
    if not is_exported(map(str, rows.table.columns)):
        return None
    names = set(text(rows.table["datum"])) - {""}
    if len(names) > 1:
        raise FileRejected.whole(
            file,
            "crs_wrong",
            N_("The column datum names several systems: %(names)s."),
            N_("Put the rows of each system into a file of their own."),
            names=", ".join(sorted(names))[:200],
        )
    return names.pop() if names else None


def as_exported(arrival: Arrival, made: Made) -> Made:
    """What a kind made of a portion, with what an exported file carries in its place. Columns that the file lacks are
    absent, so that stored rows keep what they have. Other files stay as they are."""
    rows = made.problems.rows
    forms = CARRIED.get(arrival.kind)
    if forms is None or not is_exported(map(str, rows.table.columns)):
        return made
    table, problems = made.table, made.problems
    by_hand = _by_hand(rows.table, forms)
    for name, form in forms.items():
        if name in rows.table:
            said = FORMS[form](rows.table[name], name, problems)
            if name in MERGED:
                said = _merged(said, table[name])
            elif name in table:
                kept = by_hand | said.isna() if name in NEVER_EMPTY else by_hand
                said = said.where(~kept, table[name])
            table[name] = said
        elif name not in (*MERGED, "number", "source_key"):
            table = table.drop(columns=name, errors="ignore")
    made.table = table
    if arrival.kind == "incidents":
        _key_incidents(arrival, made)
    return made


def _by_hand(table: pd.DataFrame, forms: Mapping[str, Form]) -> pd.Series:
    """A mask of the rows that somebody added to the file: they carry nothing, and say no more than any file."""
    by_hand = pd.Series(True, index=table.index)
    for name in forms:
        if name in table and name != "number":
            by_hand &= text(table[name]) == ""
    return by_hand


def exported_key(key: Any) -> Any:
    """What an exported row's key counts as among the keys of a file, where it may be another row's number."""
    return "key " + key


def _key_incidents(arrival: Arrival, made: Made) -> None:
    """An incident that says no key is known by its number, as in any other file."""
    table, rows = made.table, made.problems.rows
    if "number" in table:
        added = table["number"].notna()
        if "source_key" in rows.table:
            added &= optional_text(rows.table["source_key"]).isna()
        table["source_key"] = table["number"].where(added, table["source_key"])
    ordinals, firsts = arrival.seen.add(exported_key(table["source_key"]), rows.numbers)
    made.problems.add(
        ordinals > 1,
        "key",
        N_("%(what)s %(value)s is already on %(unit)s %(first)s"),
        N_("Give each row a %(what)s of its own."),
        what="number",
        value=lambda row: repr(table["source_key"].iloc[row]),
        unit=arrival.rows.unit,
        first=lambda row: firsts[row],
    )


def _text(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    return optional_text(column)


def _number(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    """Floats to the last bit, which reading a column at once may round."""
    return _each(column, float, problems, "number", N_("%(what)s %(value)s is no number"), what).astype(float)


def _time(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    reason = N_("%(what)s %(value)s are no times of day")
    return _each(column, lambda word: dt.time.fromisoformat(word).isoformat(), problems, "time", reason, what)


def _object(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    reason = N_("%(what)s is no JSON object")
    return _each(column, lambda word: _json(word, dict), problems, "json", reason, what).fillna("{}")


def _list(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    return _each(column, lambda word: _json(word, list), problems, "json", N_("%(what)s is no JSON list"), what)


FORMS: dict[str, Callable[[pd.Series, str, Problems], pd.Series]] = {
    "text": _text, "number": _number, "time": _time, "object": _object, "list": _list,
}  # fmt: skip


def _each(
    column: pd.Series, read: Callable[[str], Any], problems: Problems, code: str, reason: str, what: str
) -> pd.Series:
    """What ``read`` makes of each cell, None of an empty one; notes those of which it makes nothing."""
    words = text(column)
    values: list[Any] = []
    bad = []
    for row, word in enumerate(words):
        try:
            values.append(read(word) if word else None)
        except (ValueError, RecursionError):
            values.append(None)
            bad.append(row)
    problems.add(
        np.array(bad, dtype=int),
        code,
        reason,
        N_("Correct it as it stands in other rows, or leave it empty."),
        what=what,
        value=quoted(words),
    )
    return pd.Series(values, index=column.index, dtype=object)


def _json(word: str, kind: type) -> str:
    value = json.loads(word, parse_constant=_refuse)
    if not isinstance(value, kind):
        raise ValueError(word)
    return _as_text(value)


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _as_text(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=False).replace("\\u0000", "")
    return said.encode("utf-8", "replace").decode()


def _merged(carried: pd.Series, said: pd.Series) -> pd.Series:
    """Objects as text: what an export carried, and over it what the row's other columns say."""
    pairs = zip(carried, said, strict=True)
    merged = [_as_text(json.loads(old) | json.loads(more)) for old, more in pairs]
    return pd.Series(merged, index=said.index, dtype=object)
