"""Partitions of real land as they were published: what `coverage.check` finds in each, and what `coverage.repair` did.

``./run python -m tests.real.partitions`` prints the tables; test_partitions.py holds to them. 示范县 is made, inside a real
outline. The second table is of the same partitions after each polygon was drawn again by itself, every corner a
little off: there the truth is known.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely

from geo_app.demo.county.file_forms import degrees
from geo_app.demo.county.model import make_county
from grid_boundaries.coverage import Fault, Repair, area_m2, check, repair
from grid_boundaries.land import metres_per_degree
from grid_boundaries.schema import snap
from tests.conftest import SHARED_DATA

OFF_M = 0.1  # each way of each corner, in the second table
REDRAWN_TOLERANCE_M = 2.0


@dataclass(frozen=True)
class Partition:
    """Polygons of land that should be a partition (code and geometry, EPSG:4326, as published), the rule of its codes,
    what it should cover, and the tolerance with which it is mended. exclaves: codes that are published in parts."""

    name: str
    grids: gpd.GeoDataFrame
    pattern: str
    tolerance_m: float
    parent: shapely.Geometry | None = None
    communities: gpd.GeoDataFrame | None = None
    exclaves: tuple[str, ...] = ()

    def faults(self) -> list[Fault]:
        on_lattice = self.grids.set_geometry(snap(self.grids.geometry))
        return check(
            on_lattice, self.parent, communities=self.communities, exclaves=self.exclaves, pattern=self.pattern
        )

    def mended(self) -> tuple[Partition, Repair]:
        done = repair(self.grids, self.parent, self.tolerance_m)
        return replace(self, grids=done.grids), done

    def knowing_its_exclaves(self) -> Partition:
        labels = {label for fault in self.faults() if fault.kind == "exclave" for label in fault.grids}
        return replace(self, exclaves=tuple(self.grids["code"].loc[list(labels)]))

    def redrawn(self, seed: int = 1) -> Partition:
        """Each polygon as somebody else drew it, without a look at its neighbours."""
        chance = np.random.default_rng(seed)
        shapes = self.grids.geometry.to_numpy()
        scale = metres_per_degree(shapes)
        drawn = [shapely.transform(shape, lambda xy: _off(xy, chance) / scale) for shape in shapely.transform(
            shapes, lambda xy: xy * scale
        )]  # fmt: skip
        return replace(self, grids=self.grids.set_geometry(drawn, crs=4326), tolerance_m=REDRAWN_TOLERANCE_M)


def _off(places: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    corners, at = np.unique(places, axis=0, return_inverse=True)
    return (corners + chance.uniform(-OFF_M, OFF_M, corners.shape))[at.reshape(-1)]


def _file(name: str, path: str, code: str, pattern: str, tolerance_m: float) -> Partition:
    frame = gpd.read_file(SHARED_DATA / path).to_crs(4326)
    grids = gpd.GeoDataFrame({"code": frame[code].astype(str)}, geometry=shapely.force_2d(frame.geometry), crs=4326)
    return Partition(name, grids, pattern, tolerance_m)


def lancashire() -> Partition:
    return _file("Lancashire wards", "lancashire/wards_epsg27700.gpkg", "ward_code", r"^E\d{8}$", 1.0)


def vancouver() -> Partition:
    return _file("Vancouver neighbourhoods", "vancouver/neighbourhoods.geojson", "mapid", r"^[A-Z]{2,4}$", 10.0)


def chicago() -> Partition:
    return _file("Chicago police districts", "chicago/police_districts.kml", "Name", r"^\d{1,2}$", 1.0)


def shifan(scale: float = 1.0) -> Partition:
    county = make_county(1, scale)
    made = degrees(county.grids).set_crs(4326, allow_override=True)
    areas = degrees(county.communities).set_crs(4326, allow_override=True)
    codes = areas["code"].astype(str).to_numpy()
    grids = made[["code", "geometry"]].assign(community=codes[county.grids["community"].to_numpy()])
    parent = shapely.coverage_union_all(areas.geometry.to_numpy())
    communities = areas.assign(code=codes)[["code", "geometry"]]
    return Partition(f"示范县, scale {scale:g}", grids, r"^\d{9}$", 1.0, parent, communities)


def of_files() -> Iterator[Partition]:
    yield from (lancashire(), vancouver(), chicago())


def _kinds(counts: Iterable[str]) -> str:
    return ", ".join(f"{times} {kind}" for kind, times in sorted(Counter(counts).items())) or "none"


def _found(faults: list[Fault]) -> str:
    area = sum(fault.area_m2 for fault in faults if fault.kind in ("overlap", "gap", "uncovered", "outside"))
    return _kinds(fault.kind for fault in faults) + (f"; {area:,.1f} m² wrong" if area else "")


def _done(done: Repair) -> str:
    moves = [move for move in done.moves if move.kind != "lattice"]
    rounded = sum(move.kind == "lattice" for move in done.moves)
    land = sum(-move.area_m2 if move.area_m2 < 0 else move.area_m2 * (move.kind == "gap") for move in moves)
    farthest = max((move.metres for move in moves), default=0.0)
    said = _kinds(move.kind for move in moves)
    return f"{said}; {land:,.1f} m² changed hands, at most {farthest:.2f} m wide; {rounded} rounded to the lattice"


def row(partition: Partition) -> list[str]:
    """Name, polygons, corners, what is found, the tolerance, what was done, what is found afterwards."""
    mended, done = partition.mended()
    corners = shapely.get_num_coordinates(partition.grids.geometry.to_numpy()).sum()
    return [
        partition.name, str(len(partition.grids)), f"{corners:,}", _found(partition.faults()),
        f"{partition.tolerance_m:g} m", _done(done), _found(mended.faults()),
    ]  # fmt: skip


def misplaced_m2(truth: Partition, mended: Partition) -> float:
    """Land that a mended partition gives to another polygon than the published one does."""
    pairs = zip(truth.grids.geometry, mended.grids.geometry, strict=True)
    return sum(area_m2(shapely.difference(shapely.make_valid(one), shapely.make_valid(two))) for one, two in pairs)


HEADINGS = ["partition", "polygons", "corners", "found as published", "tolerance", "done", "found afterwards"]


def _table(headings: list[str], rows: Iterable[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _redrawn_rows(partitions: Iterable[Partition]) -> Iterator[list[str]]:
    for partition in partitions:
        truth = replace(partition, grids=partition.mended()[0].grids).knowing_its_exclaves()
        drawn = truth.redrawn()
        mended, _ = drawn.mended()
        before, after = misplaced_m2(truth, drawn), misplaced_m2(truth, mended)
        yield [*row(drawn), f"{before:,.0f} → {after:,.0f} m²"]


if __name__ == "__main__":
    published = [*of_files(), shifan()]
    sys.stdout.write(_table(HEADINGS, map(row, published)) + "\n")
    sys.stdout.write(_table([*HEADINGS, "misplaced"], _redrawn_rows(published[:3])))
