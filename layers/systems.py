"""Coordinate systems by name: which ones numbers can be in, and the way from each to WGS84."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError

from layers.datum_shift import bd09_to_wgs84, gcj02_to_wgs84, in_china_box
from layers.errors import CoordinateError

WGS84, GCJ02, BD09 = "WGS84", "GCJ-02", "BD-09"
DATUMS = (WGS84, GCJ02, BD09)  # in degrees
ZONES = range(25, 46)  # the 3° zones of CGCS2000
WITH_PREFIX = range(4513, 4534)  # their EPSG codes with the zone's number before the easting
WITHOUT_PREFIX = range(4534, 4555)

AROUND = 3.0  # degrees around the area of a system in which its numbers are still believed
SAMPLE = 1000  # points that tell what the numbers can be

Box = tuple[float, float, float, float]
XY = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Candidate:
    """A system that numbers can be in: "WGS84", "GCJ-02", "BD-09" or "EPSG:n".

    swapped: x is the latitude or northing, as surveyors in China write it.
    """

    system: str
    swapped: bool = False

    def read(self, x: np.ndarray, y: np.ndarray) -> XY:
        """Return longitude and latitude in WGS84 of numbers as they stand in a file."""
        return to_wgs84(y, x, self.system) if self.swapped else to_wgs84(x, y, self.system)


def candidates(x: np.ndarray, y: np.ndarray, metric_srid: int) -> tuple[Candidate, ...]:
    """Return the systems that numbers can be in, by the magnitude of most of them; none for no numbers.

    x, y: as they stand in the file; NaN and (0, 0) say nothing. metric_srid: EPSG code of the county's metric system.
    Degrees are WGS84, and in China GCJ-02 or BD-09 as well. Metres with a zone in the easting are in that zone; others
    are in the county's system or, where that is a 3° zone, in one of its neighbours. Axes are swapped only where
    the numbers come near the system's area in no other way. Degrees that come near it in neither way are WGS84 still.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    usable = np.flatnonzero(in_use(x, y))
    sample = usable[:: max(len(usable) // SAMPLE, 1)]
    x, y = x[sample], y[sample]
    if not len(x):
        return ()
    if np.median(np.maximum(np.abs(x), np.abs(y))) <= 180:
        return _near(dict.fromkeys(DATUMS, metric_srid), x, y) or _anywhere(x, y)
    for easting, swapped in ((x, False), (y, True)):
        zone = np.median(easting) // 1_000_000
        if zone in ZONES:
            return (Candidate(f"EPSG:{WITH_PREFIX[ZONES.index(int(zone))]}", swapped),)
    return _near({f"EPSG:{srid}": srid for srid in _without_prefix(metric_srid)}, x, y)


def in_use(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return which points have numbers other than (0, 0)."""
    return np.isfinite(x) & np.isfinite(y) & ~((np.asarray(x) == 0) & (np.asarray(y) == 0))


def to_wgs84(x: np.ndarray, y: np.ndarray, system: str) -> XY:
    """Return longitude and latitude in WGS84, degrees; NaN where a point has none.

    x, y: easting and northing, or longitude and latitude, in this order whatever the system's own definition says.
    system: "WGS84", "GCJ-02", "BD-09", "EPSG:n" or "ESRI:n"; CGCS2000 (EPSG:4490) is taken as WGS84.
    Raises CoordinateError when there is no such system.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if system == GCJ02:
        return gcj02_to_wgs84(x, y)
    if system == BD09:
        return bd09_to_wgs84(x, y)
    if system in (WGS84, "EPSG:4326", "EPSG:4490"):
        return x.copy(), y.copy()
    lon, lat = _transformer(system).transform(x, y)
    placed = np.isfinite(lon) & np.isfinite(lat)
    return np.where(placed, lon, np.nan), np.where(placed, lat, np.nan)


def from_wgs84(lon: np.ndarray, lat: np.ndarray, srid: int) -> XY:
    """Return easting and northing in the system of an EPSG code; infinite or NaN where a point has none."""
    return _transformer(f"EPSG:{srid}").transform(lon, lat, direction=TransformDirection.INVERSE)


def believed_area(srid: int) -> Box:
    """Return west, south, east, north in degrees of the area where a system is used, and what lies around it."""
    area = CRS.from_epsg(srid).area_of_use
    if area is None or area.west > area.east:  # unknown, or over the date line
        return -180.0, -90.0, 180.0, 90.0
    return area.west - AROUND, area.south - AROUND, area.east + AROUND, area.north + AROUND


def _near(areas: dict[str, int], x: np.ndarray, y: np.ndarray) -> tuple[Candidate, ...]:
    """The systems whose reading lies for the most part in the area of their EPSG code, in the order of the axes given
    or else in the other.
    """
    found = []
    for system, srid in areas.items():
        west, south, east, north = believed_area(srid)
        for candidate in (Candidate(system), Candidate(system, swapped=True)):
            lon, lat = candidate.read(x, y)
            near = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
            if system in (GCJ02, BD09):
                near &= in_china_box(lon, lat)
            if near.mean() >= 0.5:
                found.append(candidate)
                break
    return tuple(found)


def _anywhere(x: np.ndarray, y: np.ndarray) -> tuple[Candidate, ...]:
    for candidate, lat in ((Candidate(WGS84), y), (Candidate(WGS84, swapped=True), x)):
        if np.median(np.abs(lat)) <= 90:
            return (candidate,)
    return ()


def _without_prefix(srid: int) -> tuple[int, ...]:
    if srid in WITH_PREFIX:
        srid = WITHOUT_PREFIX[WITH_PREFIX.index(srid)]
    if srid not in WITHOUT_PREFIX:
        return (srid,)
    return tuple(code for code in (srid, srid - 1, srid + 1) if code in WITHOUT_PREFIX)


@lru_cache(maxsize=64)
def _transformer(system: str) -> Transformer:
    if not re.fullmatch(r"(EPSG|ESRI):\d+", system):
        raise CoordinateError(f"{system!r} is no coordinate system; WGS84, GCJ-02, BD-09, EPSG:n or ESRI:n is needed")
    try:
        return Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    except CRSError as error:
        raise CoordinateError(f"{system} is no coordinate system that is known here") from error
