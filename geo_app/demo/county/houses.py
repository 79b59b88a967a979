"""Houses: along the lanes of hamlets one beside the other, in towns estates of slabs and old quarters, block by block."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from geo_app.demo.county import names
from geo_app.demo.county.land import Land, chance

LOT_M = 17.0  # of a house along its lane
SETBACK_M = 11.0  # of a house's middle from the lane's
HOUSE_M = (11.0, 9.0)
SLAB_M = (46.0, 12.0)
ROWS_M = 27.0  # from one row of slabs to the next
KERB_M = 11.0  # from the middle of a street to what is built
SHARES = {"estate": 0.6, "quarter": 0.28, "public": 0.07}  # of a town's blocks; the rest is green


@dataclass(frozen=True)
class Block:
    """A block of a town between its streets, and what stands on it."""

    outline: shapely.Polygon
    town: int
    use: str
    name: str


def make_houses(seed: int, land: Land, streets: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Block]]:
    """Buildings (kind, households, floors, hamlet, block, street: the row of the street it faces, along: metres from that
    street's start, left: on its left side, geometry in metres), and the blocks of the towns."""
    blocks = _blocks(seed, land, streets)
    parts = [
        _in_hamlets(seed, land, streets),
        *([_in_towns(seed, streets, blocks)] if any(block.use != "green" for block in blocks) else []),
    ]
    found = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=land.srid)
    on_street = shapely.STRtree(streets.geometry.to_numpy()).query(found.geometry.to_numpy(), predicate="intersects")[0]
    free = np.ones(len(found), dtype=bool)
    free[on_street] = False
    free &= ~shapely.intersects(found.geometry.to_numpy(), land.water)
    return found[free].reset_index(drop=True), blocks


def _in_hamlets(seed: int, land: Land, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    generator = chance(seed, "houses")
    rows = np.flatnonzero((streets["hamlet"] >= 0) & (streets.length > LOT_M))
    lines = streets.geometry.to_numpy()
    number = np.maximum((shapely.length(lines[rows]) / LOT_M).astype(int), 1)
    street = np.repeat(np.tile(rows, 2), np.tile(number, 2))
    left = np.arange(len(street)) < number.sum()
    nth = np.arange(len(street)) - np.repeat(np.cumsum(np.tile(number, 2)) - np.tile(number, 2), np.tile(number, 2))
    along = (nth + 0.5) * LOT_M + generator.normal(0, 1.0, len(street))
    built = generator.random(len(street)) < 0.9
    street, left, along = street[built], left[built], along[built]
    middle, turn = _beside(
        lines[street], along, np.where(left, 1, -1) * (SETBACK_M + generator.normal(0, 0.8, len(along)))
    )
    clear = _clear(middle, lines, land.water, SETBACK_M - 3)
    clear[clear] = ~_crowded(middle[clear], 13.5)
    street, left, along, middle, turn = street[clear], left[clear], along[clear], middle[clear], turn[clear]
    size = np.array(HOUSE_M) * generator.uniform(0.85, 1.1, (len(middle), 1))
    return gpd.GeoDataFrame(
        {
            "kind": "house",
            "households": generator.choice([1, 2, 3], len(middle), p=[0.62, 0.3, 0.08]),
            "floors": generator.choice([1, 2, 3], len(middle), p=[0.25, 0.6, 0.15]),
            "hamlet": streets["hamlet"].to_numpy()[street],
            "block": -1,
            "street": street,
            "along": along,
            "left": left,
        },
        geometry=_rectangles(middle, size, turn),
        crs=land.srid,
    )


def _beside(lines: np.ndarray, along: np.ndarray, beside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 2) beside lines, to the left where ``beside`` is positive, and the lines' direction there in radians."""
    here = shapely.get_coordinates(shapely.line_interpolate_point(lines, along))
    back = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(along - 1, 0)))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines, along + 1))
    turn = np.arctan2(*(ahead - back).T[::-1])
    return here + beside[:, None] * np.column_stack([-np.sin(turn), np.cos(turn)]), turn


def _clear(middle: np.ndarray, lines: np.ndarray, water: shapely.Geometry, least: float) -> np.ndarray:
    """A mask of the points that stand on no street and in no water."""
    points = shapely.points(middle)
    at, _ = shapely.STRtree(lines).query(points, predicate="dwithin", distance=least)
    on_street = np.zeros(len(points), dtype=bool)
    on_street[at] = True
    return ~on_street & ~shapely.dwithin(points, water, 12)


def _crowded(middle: np.ndarray, least: float) -> np.ndarray:
    """A mask of the points that stand too near to one before them that stays."""
    gone = np.zeros(len(middle), dtype=bool)
    for a, b in sorted(KDTree(middle).query_pairs(least)):
        gone[b] |= not gone[a]
    return gone


def _rectangles(middle: np.ndarray, size: np.ndarray, turn: np.ndarray) -> np.ndarray:
    along = np.column_stack([np.cos(turn), np.sin(turn)]) * size[:, :1] / 2
    across = np.column_stack([-np.sin(turn), np.cos(turn)]) * size[:, 1:] / 2
    corners = np.stack(
        [middle - along - across, middle + along - across, middle + along + across, middle - along + across]
    )
    return np.asarray(shapely.polygons(corners.swapaxes(0, 1)))


def _blocks(seed: int, land: Land, streets: gpd.GeoDataFrame) -> list[Block]:
    generator = chance(seed, "blocks")
    found: list[Block] = []
    named = iter(names.estates(chance(seed, "names of estates"), 100_000))
    for town in range(len(land.towns)):
        mine = streets.geometry[(streets["town"] == town)].to_numpy()
        for face in shapely.get_parts(shapely.polygonize(mine)):
            inner = face.buffer(-KERB_M)
            if face.area > 120_000 or inner.is_empty or inner.intersects(land.water):
                continue
            inner = max(shapely.get_parts(inner), key=lambda part: part.area)
            if inner.area < 1_200:
                continue
            use = str(generator.choice([*SHARES, "green"], p=[*SHARES.values(), 1 - sum(SHARES.values())]))
            found.append(Block(inner, town, use, next(named) if use == "estate" else ""))
    return found


def _in_towns(seed: int, streets: gpd.GeoDataFrame, blocks: list[Block]) -> gpd.GeoDataFrame:
    generator = chance(seed, "buildings of towns")
    middles, sizes, turns, kinds, of_block = [], [], [], [], []
    for number, block in enumerate(blocks):
        if block.use in ("estate", "quarter"):
            slab = block.use == "estate"
            middle, size, turn = _rows(block.outline, SLAB_M if slab else (12.0, 10.0), ROWS_M if slab else 15.0)
            kept = generator.random(len(middle)) < 0.92
            middles.append(middle[kept])
            sizes.append(size[kept])
            turns.append(turn[kept])
            kinds += ["apartments" if slab else "house"] * int(kept.sum())
            of_block += [number] * int(kept.sum())
        elif block.use == "public":
            middles.append(shapely.get_coordinates(block.outline.representative_point()))
            side = np.sqrt(block.outline.area) * 0.4
            sizes.append(np.array([[side, side * 0.5]]))
            turns.append(np.array([_direction(block.outline)]))
            kinds.append("public")
            of_block.append(number)
    middle, kind = np.vstack(middles), np.array(kinds)
    floors = np.where(kind == "apartments", generator.choice([5, 6, 11, 18], len(kind), p=[0.2, 0.6, 0.14, 0.06]), 2)
    lines = streets.geometry.to_numpy()
    nearest = shapely.STRtree(lines).nearest(shapely.points(middle))
    along = shapely.line_locate_point(lines[nearest], shapely.points(middle))
    return gpd.GeoDataFrame(
        {
            "kind": kind,
            # Three stairs with two flats a floor.
            "households": np.where(kind == "apartments", floors * 6, np.where(kind == "house", 2, 0)),
            "floors": floors,
            "hamlet": -1,
            "block": np.array(of_block, dtype=int),
            "street": nearest,
            "along": along,
            "left": _is_left(lines[nearest], along, middle),
        },
        geometry=_rectangles(middle, np.vstack(sizes), np.concatenate(turns)),
        crs=streets.crs,
    )


def _is_left(lines: np.ndarray, along: np.ndarray, middle: np.ndarray) -> np.ndarray:
    beside, _ = _beside(lines, along, np.ones(len(along)))
    here = shapely.get_coordinates(shapely.line_interpolate_point(lines, along))
    return ((beside - here) * (middle - here)).sum(axis=1) > 0


def _direction(outline: shapely.Polygon) -> float:
    """The direction of a block's longest side, in radians."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(outline))
    sides = np.diff(corners, axis=0)
    longest = sides[np.argmax(np.hypot(*sides.T))]
    return float(np.arctan2(longest[1], longest[0]))


def _rows(
    outline: shapely.Polygon, size: tuple[float, float], apart: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Middles, sizes and directions of as many buildings as stand in rows inside a block."""
    turn = _direction(outline)
    turn = (turn + np.pi / 4) % (np.pi / 2) - np.pi / 4  # the front looks south
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    local = shapely.get_coordinates(outline) @ axes.T
    low, high = local.min(axis=0), local.max(axis=0)
    along = np.arange(low[0] + size[0] / 2 + 1, high[0] - size[0] / 2, size[0] + 6)
    across = np.arange(low[1] + size[1] / 2 + 1, high[1] - size[1] / 2, apart)
    middle = np.stack(np.meshgrid(along, across), axis=-1).reshape(-1, 2) @ axes
    sizes, turns = np.tile(size, (len(middle), 1)), np.full(len(middle), turn)
    inside = shapely.contains(outline, _rectangles(middle, sizes, turns)) if len(middle) else np.zeros(0, dtype=bool)
    return middle[inside], sizes[inside], turns[inside]
