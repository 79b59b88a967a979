"""Grids that go over to another community: their land stays, their codes become ones of that community."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from grid_boundaries.codes import NUMBERED, Numbering
from grid_boundaries.errors import CodeError, EditError
from grid_boundaries.neighbourhood import Edit, Ground, Made, edited


def regroup(
    grids: GeoDataFrame, codes: Sequence[str], to: str, *, numbering: Numbering, name: str | None = None
) -> Edit:
    """Return the edit that puts grids into the community ``to`` (its code), one that is there or a new one called ``name``.

    Each of the grids is retired, and one with the same land and the next free code of the community created; those that
    lie in it already stay. Names that number grids are numbered anew, others are kept. EPSG:4326; needs the column
    ``community``. Raises EditError unknown_code, nothing_moves, no_code.
    """
    ground = Ground.of(grids)
    if "community" not in grids.columns:
        raise EditError("nothing_moves", "these grids know of no communities", codes)
    own = grids["community"].to_numpy(dtype=object)
    rows = [row for code in dict.fromkeys(codes) if own[row := ground.row(code)] != to]
    if not rows:
        raise EditError("nothing_moves", f"all of these grids lie in {to} already", [to])
    there = np.flatnonzero(own == to)
    prefix = numbering.prefix(str(ground.codes[there[0]])) if len(there) else _prefix(ground, own, rows, to, numbering)
    try:
        like, present = str(ground.codes[rows[0]]), {str(code) for code in ground.codes}
        new = numbering.give(ground.shapes[rows], like, ground.shapes[[*there, *rows]], present, prefix)
    except CodeError as error:
        raise EditError("no_code", str(error), [to]) from error
    before = _named_like(grids, there, name)
    made = [
        Made(row, {"code": code, "community": to, "name": _name(grids, row, code, before, numbering)}, ground.shapes[row], (row,))
        for row, code in zip(rows, new, strict=True)
    ]  # fmt: skip
    return edited(ground, {}, rows, made)


def _prefix(ground: Ground, own: np.ndarray, rows: Sequence[int], to: str, numbering: Numbering) -> str:
    """What codes begin with in a new community: with its own code, but without the noughts in its place in which those of
    the communities that give are counted (zones 340523001001 and 340523001002 of a station 340523001000)."""
    given, home = numbering.prefix(str(ground.codes[rows[0]])), str(own[rows[0]] or "")
    rest = home.removeprefix(given) if given and home.startswith(given) else ""
    is_counted = rest and not rest.strip("0") and len(to) == len(home) and to.endswith(rest)
    return to[: len(given)] if is_counted else to


def _named_like(grids: GeoDataFrame, there: np.ndarray, name: str | None) -> str | None:
    """What stands before the number in names of grids of a community; None for a new one without a name."""
    for said in grids["name"].iloc[there] if "name" in grids.columns else ():
        if (numbered := NUMBERED.fullmatch(str(said))) is not None:
            return numbered[1]
    return name


def _name(grids: GeoDataFrame, row: int, code: str, before: str | None, numbering: Numbering) -> str:
    own = grids["name"].iloc[row] if "name" in grids.columns else None
    numbered = None if pd.isna(own) else NUMBERED.fullmatch(str(own))
    if not pd.isna(own) and numbered is None:
        is_counted = str(own) == numbering.named(str(grids["code"].iloc[row]))  # zones of the police: 第02警务区
        return numbering.named(code) if is_counted else str(own)
    if numbered is None or before is None:
        return numbering.named(code)
    return numbering.named(code, f"{before if numbered[1] else ''}第{numbered[2]}网格")
