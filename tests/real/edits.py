"""Random edits one after another on real polygons: what is done, what is refused and why, and whether all stays whole.

``./run python -m tests.real.edits`` prints the table; test_edits.py holds to it.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.codes import Numbering
from grid_boundaries.coverage import check
from grid_boundaries.errors import EditError
from grid_boundaries.operations import run
from grid_boundaries.schema import normalise
from tests.conftest import SHARED_DATA

FILES = ("lancashire/wards_epsg27700.gpkg", "vancouver/neighbourhoods.geojson")
EDITS = 200
ROUNDING = 3e-7  # degrees; a new vertex of the outline is rounded to the lattice, and that of a new one again
CODES = Numbering(pattern=r"\d{6}", digits=4)
AFTER = ("split", "merge", "move", "transfer", "carve", "drag")


@dataclass
class Tried:
    """What became of random edits: first and last grids, how often each op was done or refused for which reason, ms."""

    first: GeoDataFrame
    last: GeoDataFrame
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    def done(self, op: str) -> int:
        return self.outcomes[op, "done"]

    def land_changed(self, wider: float) -> shapely.Geometry:
        """Land that all grids together gained or lost, where it is wider than so many degrees."""
        was, now = (shapely.union_all(one.geometry.to_numpy()) for one in (self.first, self.last))
        return shapely.buffer(shapely.symmetric_difference(was, now), -wider / 2)


def published(file: str) -> GeoDataFrame:
    """The polygons of a file as grids, as they were published, on the lattice."""
    given = gpd.read_file(SHARED_DATA / file).to_crs(4326)
    given["code"] = [f"01{number:04d}" for number in range(1, len(given) + 1)]
    return normalise(given[["code", "geometry"]])


def tried(grids: GeoDataFrame, edits: int = EDITS, seed: int = 1) -> Tried:
    """Edits at random grids, drawn as a person would: near where they would do something, some of them wrong."""
    rng = np.random.default_rng(seed)
    kept = Tried(grids, grids)
    given: set[str] = set(grids["code"])
    for _ in range(edits):
        operation = drawn(kept.last, rng)
        start = time.perf_counter()
        try:
            edit = run(kept.last, operation, Numbering(CODES.pattern, CODES.digits, frozenset(given)))
        except EditError as error:
            kept.outcomes[operation["op"], error.reason] += 1
        else:
            kept.outcomes[operation["op"], "done"] += 1
            kept.last = edit.grids
            given |= set(edit.created)
        kept.milliseconds.append(1000 * (time.perf_counter() - start))
    return kept


def drawn(grids: GeoDataFrame, rng: np.random.Generator) -> dict[str, Any]:
    codes, shapes = grids["code"].to_numpy(), grids.geometry.to_numpy()
    row = int(rng.integers(len(grids)))
    shape = shapes[row]
    near = np.flatnonzero(shapely.intersects(shapes, shape))
    beside = near[(shapely.length(shapely.intersection(shapes[near], shape)) > 0) & (near != row)]
    other = int(rng.choice(beside)) if len(beside) else row
    corners = shapely.get_coordinates(shape)
    size = np.sqrt(shape.area)
    op = str(rng.choice(AFTER))
    if op == "split":
        ends = corners[rng.integers(len(corners), size=2)]
        if rng.random() < 0.5:
            middle = shapely.get_coordinates(shape.centroid)[0]
            ends = middle + np.outer([-2, 2], size * rng.standard_normal(2))
        return {"op": op, "code": codes[row], "line": ends.tolist()}
    if op == "merge":
        return {"op": op, "codes": [codes[row], codes[other]]}
    if op == "move":
        shared = shapely.line_merge(shapely.intersection(shape, shapes[other]))
        parts = [part for part in shapely.get_parts(shared) if part.geom_type == "LineString"]
        line = shapely.get_coordinates(max(parts, key=shapely.length)) if parts else corners[:2]
        bend = line.mean(axis=0) + 0.2 * shapely.LineString(line).length * rng.uniform(-1, 1, 2)
        return {
            "op": op,
            "codes": [codes[row], codes[other]],
            "line": [line[0].tolist(), bend.tolist(), line[-1].tolist()],
        }
    if op in ("transfer", "carve"):
        turns = np.sort(rng.uniform(0, 2 * np.pi, 7))
        spokes = size * rng.uniform(0.1, 0.6, (7, 1)) * np.column_stack([np.cos(turns), np.sin(turns)])
        area = (corners[rng.integers(len(corners))] + spokes).tolist()
        return {"op": op, "area": area} | ({"from": codes[row], "to": codes[other]} if op == "transfer" else {})
    at = corners[rng.integers(len(corners))]
    to = at + 0.02 * size * rng.uniform(-1, 1, 2)
    return {"op": op, "at": at.tolist(), "to": to.tolist(), "insert": bool(rng.random() < 0.5)}


def table(file: str) -> list[str]:
    kept = tried(published(file))
    lines = [
        f"{file}: {len(kept.first)} grids, {len(check(kept.first, pattern=CODES.pattern))} faults as published; after {EDITS} edits"
    ]
    lines.append(
        f"  {len(kept.last)} grids, {len(check(kept.last, pattern=CODES.pattern))} faults, "
        f"{'no' if shapely.is_empty(kept.land_changed(ROUNDING)) else 'some'} land wider than 3 cm gained or lost, "
        f"median {np.median(kept.milliseconds):.0f} ms, slowest {max(kept.milliseconds):.0f} ms"
    )
    for op in AFTER:
        refused = [f"{why} {n}" for (what, why), n in kept.outcomes.most_common() if what == op and why != "done"]
        lines.append(f"  {op}: {kept.done(op)} done; refused: {', '.join(refused) or 'none'}")
    return lines


if __name__ == "__main__":
    for file in FILES:
        print("\n".join(table(file)))
