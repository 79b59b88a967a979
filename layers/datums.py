"""Which datum the points of a file are in, and how one knows: the numbers, the county, and what the texts name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pyproj import CRS
from scipy.stats import binomtest
from shapely.geometry.base import BaseGeometry

from layers.coordinates import require_metric
from layers.degrees import parse_degrees as parse_degrees
from layers.errors import CoordinateError
from layers.known_names import KnownNames
from layers.systems import DATUMS, WITH_PREFIX, XY, believed_area, from_wgs84, in_use
from layers.systems import Candidate as Candidate
from layers.systems import candidates as candidates
from layers.systems import to_wgs84 as to_wgs84

NEAR_M = 500.0  # what a text names and is farther off under every reading is another of that name, or known in part
SPOT = 0.001  # degrees: what lies closer together, 100 m or so, and names the same is one witness
CHANCE = 0.001  # a difference that chance makes more often than this decides nothing
FEWEST = 0.01  # of the points in the county, or nothing fits unless names tell
PREFIXED = frozenset(f"EPSG:{srid}" for srid in WITH_PREFIX)

Where: TypeAlias = BaseGeometry | tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Evidence:
    """What speaks for a candidate: of `points` considered, `inside` lie in the county; `named` have a text that names
    something known within 500 m of one reading, and lie `distance_m` from it in the median, None where none is named.
    """

    system: str
    swapped: bool
    inside: int
    points: int
    named: int
    distance_m: float | None


@dataclass(frozen=True)
class Finding:
    """The system of a file's points, None where it cannot be told, and the evidence for each candidate.

    why: "prefix", the zone stands in the easting; "only_one", the numbers can be nothing else; "inside", all others lie
    outside the county; "named", it is nearest to what the texts name; "cannot_tell"; "nothing_fits", none is in the
    county. certain: nobody needs to be asked. zero: points at (0, 0), which are left out.
    """

    system: str | None
    swapped: bool
    certain: bool
    why: str
    zero: int
    evidence: tuple[Evidence, ...]


def find_datum(
    x: np.ndarray, y: np.ndarray, texts: Iterable[object] | None, where: Where, named: GeoDataFrame, metric_srid: int
) -> Finding:
    """Return the system that points are in, with its evidence.

    x, y: as they stand in the file; points at (0, 0) and without a number are left out. texts: an address or None per
    point. where: the county's outline, or a box of west, south, east and north, EPSG:4326; without it the area in which
    its metric system is used stands in, and only names or a prefix make certain. named: roads and places, columns
    `name` and `geometry`, in metres of `metric_srid`.

    A candidate with less than half as many points in the county as another is out. GCJ-02 and BD-09 lie only 500 and
    1200 m from WGS84, where the next road is as near as the right one: they are told apart by the distance to the
    road or place that a point's own text names. One is taken when it is nearest in the median, and when against each
    other one it is nearer at two thirds of the spots, and at more than chance would give once in a thousand times (sign
    test; ten spots that all agree are enough).
    Raises CoordinateError when `named` is in another system.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    zero = int(((x == 0) & (y == 0)).sum())
    usable = np.flatnonzero(in_use(x, y))
    found = candidates(x[usable], y[usable], metric_srid)
    if not found:
        return Finding(None, False, False, "nothing_fits", zero, ())
    places = [candidate.read(x[usable], y[usable]) for candidate in found]
    inside = _inside(places, where, metric_srid)
    addresses = () if texts is None else np.asarray(texts, dtype=object)[usable]
    spots, away = _distances(places, addresses, named, metric_srid)
    evidence = tuple(
        Evidence(one.system, one.swapped, int(within.sum()), len(usable), len(metres), _median(metres))
        for one, within, metres in zip(found, inside, away, strict=True)
    )
    best, certain, why = _decided(found, places[0], inside, spots, away)
    certain = certain and (where is not None or why in ("named", "prefix"))
    swapped = best.swapped if best else all(one.swapped for one in found)
    return Finding(best.system if best else None, swapped, certain, why, zero, evidence)


def _inside(places: list[XY], where: Where, metric_srid: int) -> np.ndarray:
    """Which points (columns) of each reading (rows) lie in the county."""
    area = believed_area(metric_srid) if where is None else where
    outline = area if isinstance(area, BaseGeometry) else shapely.box(*area)
    shapely.prepare(outline)
    return np.array([shapely.intersects_xy(outline, lon, lat) for lon, lat in places])


def _distances(
    places: list[XY], texts: Iterable[object], named: GeoDataFrame, metric_srid: int
) -> tuple[np.ndarray, np.ndarray]:
    """Spots (rows of numbers) of the points that name something known nearby, and under each reading (rows) the metres
    to it.
    """
    if len(named) == 0:
        return np.empty((0, 3)), np.empty((len(places), 0))
    require_metric(named, "named")
    if named.crs != CRS.from_epsg(metric_srid):
        raise CoordinateError(f"named: EPSG:{metric_srid} is needed, got {named.crs.name}")
    known = KnownNames(named)
    number = known.named_in(texts)
    at = np.flatnonzero(number >= 0)
    number = number[at]
    away = np.array([known.distance(number, *from_wgs84(lon[at], lat[at], metric_srid)) for lon, lat in places])
    near = away.min(axis=0) <= NEAR_M
    lon, lat = places[0]
    spots = np.stack([number, np.rint(lon[at] / SPOT), np.rint(lat[at] / SPOT)], axis=1)
    return spots[near], away[:, near]


def _decided(
    found: tuple[Candidate, ...], place: XY, inside: np.ndarray, spots: np.ndarray, away: np.ndarray
) -> tuple[Candidate | None, bool, str]:
    """The candidate taken, whether that is certain if the county is known, and why."""
    counts, points = inside.sum(axis=1), inside.shape[1]
    best = int(counts.argmax())
    if counts[best] < max(1, FEWEST * points):
        # A file of a whole city in one of its quarters: what the texts name there still tells.
        nearest = _nearest(list(range(len(found))), spots, away) if counts[best] else None
        return (None, False, "nothing_fits") if nearest is None else (found[nearest], True, "named")
    left = [row for row in range(len(found)) if not _is_out(row, best, found, place, inside)]
    if len(left) > 1:
        nearest = _nearest(left, spots, away)
        return (None, False, "cannot_tell") if nearest is None else (found[nearest], True, "named")
    only = found[left[0]]
    if only.system in PREFIXED:
        why = "prefix"
    else:
        why = "only_one" if len(found) == 1 else "inside"
    return only, bool(counts[best] >= points / 2), why


def _is_out(row: int, best: int, found: tuple[Candidate, ...], place: XY, inside: np.ndarray) -> bool:
    """Whether a reading has less than half as many points in the county as the best one. Zones lie hundreds of kilometres
    apart; datums so little that a few points on the county's edge could do that by chance.
    """
    if inside[row].sum() >= inside[best].sum() / 2:
        return False
    if found[row].system not in DATUMS:
        return True
    spots = np.rint(place[0] / SPOT) + 1j * np.rint(place[1] / SPOT)
    _, witnesses = np.unique(spots, return_index=True)
    return _clearly(
        inside[best][witnesses] & ~inside[row][witnesses], ~inside[best][witnesses] & inside[row][witnesses]
    )


def _nearest(rows: list[int], spots: np.ndarray, away: np.ndarray) -> int | None:
    """The reading that is nearest in the median to what the texts name and clearly nearer than each other one."""
    if len(spots) == 0:
        return None
    _, witnesses = np.unique(spots, axis=0, return_index=True)
    best = min(rows, key=lambda row: float(np.median(away[row])))
    near = away[:, witnesses]
    others = [near[row] for row in rows if row != best]
    is_clear = all(_clearly(other > near[best], near[best] > other) for other in others)
    return best if is_clear else None


def _clearly(better: np.ndarray, worse: np.ndarray) -> bool:
    """Whether one is better at two thirds of the spots that differ, and at more than chance makes of it."""
    wins, losses = int(better.sum()), int(worse.sum())
    if wins == 0 or wins < 2 * losses:
        return False
    return bool(binomtest(wins, wins + losses, 0.5, alternative="greater").pvalue <= CHANCE)


def _median(metres: np.ndarray) -> float | None:
    middle = float(np.median(metres)) if len(metres) else np.inf
    return middle if np.isfinite(middle) else None
