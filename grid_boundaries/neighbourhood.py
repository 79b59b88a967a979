"""Where an edit takes place: the grids around, what it made of them, and whether that still covers.

An edit looks only at the grids whose boxes meet those of the grids it works on.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from geopandas.array import from_shapely

from grid_boundaries.errors import EditError, SchemaError
from grid_boundaries.noding import STEP
from grid_boundaries.schema import CRS

# Square degrees: the smallest triangle on the lattice has 5e-15.
NO_LAND = 1e-15


@dataclass(frozen=True, eq=False)
class Edit:
    """What an edit made.

    grids: the new frame with a RangeIndex. retired, created, changed: codes; changed ones kept their code,
    and may have got no more than a vertex. came_from: for each created code those of the grids whose land it has. Codes are
    in their own order, created ones in that of the pieces.
    """

    grids: GeoDataFrame
    retired: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    came_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Ground:
    """A frame of grids made ready: codes, shapes and their boxes (west, south, east, north) by position."""

    grids: GeoDataFrame
    codes: np.ndarray
    shapes: np.ndarray
    boxes: np.ndarray

    @classmethod
    def of(cls, grids: GeoDataFrame) -> "Ground":
        """Raises SchemaError when the frame is not in EPSG:4326 or has no codes."""
        if grids.crs is None or grids.crs.to_epsg() != CRS or "code" not in grids.columns:
            raise SchemaError(["grids as schema.normalise makes them are needed"])
        shapes = grids.geometry.to_numpy()
        return cls(grids, grids["code"].to_numpy(dtype=object), shapes, shapely.bounds(shapes))

    def row(self, code: str) -> int:
        """Return the position of a grid. Raises EditError unknown_code, or duplicate_code when it is there twice."""
        found = np.flatnonzero(self.codes == code)
        if not len(found):
            raise EditError("unknown_code", f"there is no grid {code}", [code])
        if len(found) > 1:
            raise EditError("duplicate_code", f"the code {code} is there more than once", [code])
        return int(found[0])

    def near(self, box: Sequence[float] | np.ndarray, margin: float = STEP) -> np.ndarray:
        """Positions of the grids whose boxes meet a box."""
        west, south, east, north = box
        boxes = self.boxes
        meets = (boxes[:, 0] <= east + margin) & (boxes[:, 2] >= west - margin)
        return np.flatnonzero(meets & (boxes[:, 1] <= north + margin) & (boxes[:, 3] >= south - margin))

    def one_community(self, rows: Iterable[int]) -> None:
        """Raises EditError where grids of different communities would exchange land."""
        rows = list(rows)
        if "community" not in self.grids.columns:
            return
        communities = self.grids["community"].iloc[rows]
        if communities.nunique(dropna=True) > 1:
            codes = [str(code) for code in self.codes[rows]]
            text = f"the grids {', '.join(codes)} lie in different communities"
            raise EditError("other_community", text, codes, shapely.union_all(self.shapes[rows]))

    def community_of(self, row: int, prefix: str) -> np.ndarray:
        """Positions of the grids that are numbered together with one: of its community, or of its prefix."""
        if "community" in self.grids.columns and pd.notna(self.grids["community"].iloc[row]):
            return np.flatnonzero((self.grids["community"] == self.grids["community"].iloc[row]).to_numpy())
        return np.flatnonzero([str(code).startswith(prefix) for code in self.codes])


@dataclass(frozen=True, eq=False)
class Made:
    """A new grid: the row of which it keeps the other columns, its own values, its land, the rows it came from."""

    like: int
    values: Mapping[str, object]
    shape: shapely.Geometry
    parents: tuple[int, ...]


def edited(
    ground: Ground,
    shapes: Mapping[int, shapely.Geometry],
    retired: Collection[int] = (),
    made: Sequence[Made] = (),
) -> Edit:
    """Return the edit: new shapes by position, positions that are retired, grids that are new."""
    geometry = ground.shapes.copy()
    changed = []
    for row, shape in sorted(shapes.items()):
        if row not in retired and not _same(shape, ground.shapes[row]):
            geometry[row] = shape
            changed.append(row)
    name = ground.grids.geometry.name
    grids = ground.grids.copy(deep=False)
    grids[name] = from_shapely(geometry, crs=CRS)
    if retired:
        grids = grids.iloc[np.setdiff1d(np.arange(len(grids)), list(retired))]
    if made:
        rows = ground.grids.iloc[[one.like for one in made]].copy()
        for column in {column for one in made for column in one.values}:
            rows[column] = [one.values[column] for one in made]
        rows[name] = from_shapely(np.array([one.shape for one in made], dtype=object), crs=CRS)
        grids = pd.concat([grids, rows])

    def codes(rows: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(str(ground.codes[row]) for row in rows))

    return Edit(
        grids.reset_index(drop=True),
        codes(retired),
        tuple(str(one.values["code"]) for one in made),
        codes(changed),
        {str(one.values["code"]): codes(one.parents) for one in made},
    )


def require_coverage(
    ground: Ground,
    near: np.ndarray,
    noded: Mapping[int, shapely.Geometry],
    after: Mapping[int, shapely.Geometry],
    retired: Collection[int] = (),
    made: Sequence[shapely.Geometry] = (),
    *,
    gained: float = 0.0,
) -> None:
    """Refuse an edit that would break what was whole. Faults that were there before are no reason.

    near: positions looked at. noded: the shapes that got a vertex, before land changed hands; after: all that are
    other than before. gained: square degrees of land that the grids get.
    Raises EditError: too_close where the lattice is too coarse for what was drawn, breaks_coverage where land would
    be lost or given twice.
    """
    kept = [int(row) for row in near if row not in retired]
    new = np.array([*(after.get(row, ground.shapes[row]) for row in kept), *made], dtype=object)
    touched = np.array([row in after for row in kept] + [True] * len(made), dtype=bool)
    codes = [str(ground.codes[row]) for row in kept if row in after] + [str(ground.codes[row]) for row in retired]
    was_valid = np.append(shapely.is_valid(ground.shapes[kept]), np.ones(len(made), dtype=bool))
    bad = ~shapely.is_valid(new) & touched & was_valid
    if bad.any():
        raise EditError(
            "too_close", "what was drawn comes too close to a line", codes, shapely.union_all(_edges(new[bad]))
        )
    had = sum(noded.get(int(row), ground.shapes[row]).area for row in near if row in after or row in retired)
    has = sum(shape.area for shape in new[touched])
    if not same_land(had + gained, has):
        where = shapely.union_all(_edges(new[touched]))
        raise EditError("breaks_coverage", "land would be lost or given twice", codes, where)
    wrong = _wrong_edges(new)
    if wrong.length > 0:
        before = _wrong_edges(ground.shapes[near])
        wrong = shapely.difference(wrong, shapely.buffer(before, 2 * STEP))
        if wrong.length > 0:
            raise EditError("too_close", "what was drawn comes too close to a line", codes, wrong)


def same_land(one: float, other: float) -> bool:
    """Return whether two areas in square degrees are the same but for the noise of their sums."""
    return abs(one - other) <= NO_LAND + 1e-14 * one


def _same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Whether they have the same vertices, wherever their rings begin."""
    return one is other or bool(shapely.equals_identical(shapely.normalize(one), shapely.normalize(other)))


def _wrong_edges(shapes: np.ndarray) -> shapely.Geometry:
    return shapely.union_all(shapely.coverage_invalid_edges(shapes[shapely.is_valid(shapes)]))


def _edges(shapes: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.boundary(shapes))
