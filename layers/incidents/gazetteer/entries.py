"""The rows of a gazetteer, read once: what each is called and where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pandas import DataFrame

from layers.errors import CoordinateError, FrameError
from layers.incidents.address import Address, normalise, parse

KINDS = frozenset({"address", "place", "building", "alias"})
_WINNING = ("town", "community", "road", "number", "estate", "building")
_WHOLE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: x, y in metres; the address taken apart, with the columns that win over it."""

    kind: str
    name: str
    text: str
    x: float
    y: float
    address: Address
    town: str
    community: str
    road: str
    number: str
    estate: str
    building: str


def read(frame: DataFrame) -> Iterator[Entry]:
    """Yield the rows that have a place.

    frame: as `build` takes it. Raises FrameError when a column is missing or a kind unknown, CoordinateError on degrees.
    """
    missing = {"kind", "name", "address", "x", "y"} - set(frame.columns)
    if missing:
        raise FrameError(f"entries lack the columns {', '.join(sorted(missing))}")
    unknown = set(frame["kind"].unique()) - KINDS
    if unknown:
        raise FrameError(f"entries have unknown kinds: {', '.join(sorted(map(str, unknown)))}")
    x, y = frame["x"].to_numpy(dtype=float), frame["y"].to_numpy(dtype=float)
    placed = np.isfinite(x) & np.isfinite(y)
    if placed.any() and np.abs(x[placed]).max() <= 180 and np.abs(y[placed]).max() <= 90:
        raise CoordinateError("entries: projected metres are needed, got degrees")
    texts = {name: _texts(frame, name) for name in ("kind", "name", "address", *_WINNING)}
    for at in np.flatnonzero(placed).tolist():
        address = parse(texts["address"][at])
        own = {name: texts[name][at] or getattr(address, name) for name in _WINNING}
        yield Entry(
            texts["kind"][at],
            normalise(texts["name"][at]),
            texts["address"][at],
            float(x[at]),
            float(y[at]),
            address,
            **own,
        )


def _texts(frame: DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        return [""] * len(frame)
    column = frame[name]
    return column.where(column.notna(), "").astype(str).to_list()


def whole(number: str) -> int | None:
    """Return the whole number that a house number begins with; None for none, for a block and what cannot be."""
    found = _WHOLE.match(number)
    if found is None or len(found[0]) > 6:
        return None
    return int(found[0])


def block(number: str) -> tuple[int, int] | None:
    """Return first and last number of a western block, 1000 and 1099 of "10XX"; None where the number is whole."""
    known = number.rstrip("X")
    if number == "X":  # the block before 1XX
        return 1, 99
    if known == number or not known.isdigit():
        return None
    size = 10 ** (len(number) - len(known))
    return int(known) * size, int(known) * size + size - 1
