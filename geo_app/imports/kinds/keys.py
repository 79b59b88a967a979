"""By what a row is known again: its key in the file, or all that it says."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from geo_app.imports.columns import folded, recognise
from geo_app.imports.kinds.base import Arrival, unique_keys
from geo_app.imports.problems import N_
from geo_app.imports.values import keys_by_content, quoted, text

POSITIONS = (("wkt",), ("longitude", "latitude"), ("x", "y"))


def keys_of(arrival: Arrival, name: str = "key") -> pd.Series:
    """The file's own key of each row, noted where it is doubled; a row that has none is known by all that it says."""
    if name not in arrival.columns:
        return by_content(arrival, np.ones(len(arrival.rows), dtype=bool))
    keys = filled(arrival, text(arrival.column(name)))
    unique_keys(arrival, keys, name)
    return keys


def keys_of_parts(arrival: Arrival) -> pd.Series:
    """The same for what may come in parts. A building or a lake that was cut, at the edge of a map sheet for example, has
    one key for its parts: the later ones get a hash of their shape. The same shape again is a problem."""
    if "key" not in arrival.columns:
        return keys_of(arrival)
    keys, lines, problems = filled(arrival, text(arrival.column("key"))), arrival.rows.numbers, arrival.problems
    shapes = pd.Series([hashlib.sha256(shape.wkb).hexdigest()[:16] for shape in arrival.geometry], index=keys.index)
    nth, _ = arrival.seen.add(keys, lines)
    nth_shape, firsts = arrival.seen.add("#" + keys + "#" + shapes, lines)
    problems.add(
        nth_shape > 1,
        "key",
        N_("the same outline with the key %(value)s is already on %(unit)s %(first)s"),
        N_("Leave it here if it is the same thing, else correct its key or its outline."),
        value=quoted(keys),
        unit=arrival.rows.unit,
        first=lambda row: firsts[row],
    )
    return keys.where(nth == 1, keys + "#" + shapes)


def filled(arrival: Arrival, keys: pd.Series) -> pd.Series:
    """The same keys; in the place of each empty one, one by content."""
    empty = (keys == "").to_numpy()
    if not empty.any():
        return keys
    keys = keys.astype(object)
    keys[empty] = by_content(arrival, empty).to_numpy()
    return keys


def by_content(arrival: Arrival, which: np.ndarray) -> pd.Series:
    """Keys of the rows of a mask by all that they say, whatever somebody said that their headings and system mean: a
    file that is read anew in another way has the same rows."""
    rows = arrival.rows.only(which)
    geometry = np.full(len(rows), None, dtype=object) if rows.geometry is None else rows.geometry
    headings = [str(heading) for heading in rows.table.columns]
    meant = recognise(arrival.kind, headings).found
    table = rows.table
    used = _position(meant)
    if used:
        table = table.drop(columns=[meant[name] for name in used])  # said by the geometry
    elif _position(arrival.columns.found):
        geometry = np.full(len(rows), None, dtype=object)  # said by columns that only somebody knew
    ours = {heading: name for name, heading in meant.items()}
    names = [ours.get(heading) or folded(heading) for heading in map(str, table.columns)]
    return keys_by_content(table.set_axis(names, axis=1), geometry, arrival.seen, rows.numbers)


def _position(found: dict[str, str]) -> tuple[str, ...]:
    """Which of the columns that were found say where a row lies."""
    return next((names for names in POSITIONS if all(name in found for name in names)), ())
