"""From places that somebody clicked to a path along the streets of a county, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from geopandas import GeoSeries

from geo_app.errors import N_
from geo_app.models import County
from geo_app.queries.network import Streets
from layers.roads.routing import Spot, Way, length_of, snap, way_through

LonLat = tuple[float, float]
NOTED_M = 200.0  # a place this far from every street is not meant to be on one
USED_M = 1000.0  # beyond this it is left out
DIGITS = 7  # of degrees, a centimetre: what is shown, stored and measured is the same line


@dataclass(frozen=True)
class Remark:
    """``code`` is stable, ``message`` a message id with ``params``; ``point`` the position of the place it is about."""

    code: str
    message: str
    point: int | None = None
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapped:
    """Where a place came to lie on the streets, in degrees; ``used`` is False when it was too far from all of them."""

    lon: float
    lat: float
    distance_m: float
    used: bool


@dataclass(frozen=True, eq=False)
class Leg:
    """The way from the place ``after`` to the next that is used, in degrees (k, 2)."""

    after: int
    lonlat: np.ndarray


@dataclass(frozen=True, eq=False)
class DrawnPath:
    """``line``: EPSG:4326, None when there is none, in several parts where streets do not join; ``metric``: the same in
    the county's metres, which is what counts. ``legs`` are those that streets lead along."""

    line: shapely.Geometry | None
    metric: shapely.Geometry | None
    snapped: tuple[Snapped, ...]
    warnings: tuple[Remark, ...]
    legs: tuple[Leg, ...] = ()

    @property
    def length_m(self) -> float:
        """Metres."""
        return float(self.metric.length) if self.metric is not None else 0.0

    @property
    def obstacle(self) -> Remark | None:
        """What keeps it from being one route through all places that were given."""
        for remark in self.warnings:
            left_out = remark.point is not None and not self.snapped[remark.point].used
            if remark.code in ("no_streets", "not_connected") or left_out:
                return remark
        return None


def drawn_path(streets: Streets, county: County, points: Sequence[LonLat]) -> DrawnPath:
    """The shortest path along the streets through points (longitude, latitude) in their order."""
    if not len(streets.ids):
        return DrawnPath(None, None, (), (Remark("no_streets", N_("This county has no streets yet.")),))
    metric = to_metres(county, points)
    usable = np.isfinite(metric).all(axis=1)
    spots = snap(streets.network, np.where(usable[:, None], metric, streets.network.nodes[0]))
    used = usable & np.array([spot.distance_m <= USED_M for spot in spots], dtype=bool)
    taken = np.flatnonzero(used)
    way = way_through(streets.network, [spots[place] for place in taken])
    warnings = [*_about_places(spots, usable), *_about_legs(spots, way, taken)]
    line = None if way.line is None else _rounded(county, way.line)
    again = None if line is None else GeoSeries([line], crs=4326).to_crs(county.metric_srid).iloc[0]
    return DrawnPath(line, again, _snapped(county, spots, used), tuple(warnings), _legs(county, way, taken))


def to_metres(county: County, points: Sequence[LonLat]) -> np.ndarray:
    """Easting and northing (n, 2) of points in degrees; not finite for what the county's system cannot say."""
    given = GeoSeries(shapely.points(np.array(points, dtype=float).reshape(-1, 2)), crs=4326)
    return np.array(shapely.get_coordinates(given.to_crs(county.metric_srid).to_numpy()))


def to_degrees(county: County, places: np.ndarray) -> list[LonLat]:
    """Longitude and latitude, rounded to what is stored, of places (n, 2) in metres."""
    given = GeoSeries(shapely.points(places), crs=county.metric_srid).to_crs(4326)
    return [(round(point.x, DIGITS), round(point.y, DIGITS)) for point in given]


def _rounded(county: County, line: shapely.Geometry) -> shapely.Geometry:
    degrees = GeoSeries([line], crs=county.metric_srid).to_crs(4326).iloc[0]
    return shapely.transform(degrees, lambda xy: xy.round(DIGITS))


def _legs(county: County, way: Way, taken: np.ndarray) -> tuple[Leg, ...]:
    runs = [(int(taken[place]), run) for place, run in enumerate(way.legs) if run is not None and length_of(run) > 0]
    lines = GeoSeries([shapely.LineString(run) for _, run in runs], crs=county.metric_srid).to_crs(4326)
    return tuple(
        Leg(after, shapely.get_coordinates(line).round(DIGITS)) for (after, _), line in zip(runs, lines, strict=True)
    )


def _snapped(county: County, spots: Sequence[Spot], used: np.ndarray) -> tuple[Snapped, ...]:
    places = to_degrees(county, np.array([(spot.x, spot.y) for spot in spots]).reshape(-1, 2))
    return tuple(
        Snapped(lon, lat, round(spot.distance_m, 1), bool(is_used))
        for (lon, lat), spot, is_used in zip(places, spots, used, strict=True)
    )


def _about_places(spots: Sequence[Spot], usable: np.ndarray) -> list[Remark]:
    said = []
    for place, spot in enumerate(spots):
        away = {"number": str(place + 1), "metres": f"{spot.distance_m:.0f}"}
        if not usable[place] or spot.distance_m > USED_M:
            message = N_("Point %(number)s is more than 1 km from every street and is left out.")
            said.append(Remark("off_network", message, place, away))
        elif spot.distance_m > NOTED_M:
            message = N_("Point %(number)s is %(metres)s m from the nearest street and was moved there.")
            said.append(Remark("off_network", message, place, away))
    return said


def _about_legs(spots: Sequence[Spot], way: Way, taken: np.ndarray) -> list[Remark]:
    said = []
    for leg, run in enumerate(way.legs):
        begin, finish = int(taken[leg]), int(taken[leg + 1])
        numbers = {"from_number": str(begin + 1), "to_number": str(finish + 1)}
        if run is None:
            message = N_("No street leads from point %(from_number)s to point %(to_number)s.")
            said.append(Remark("not_connected", message, finish, numbers))
        elif (spots[begin].x, spots[begin].y) == (spots[finish].x, spots[finish].y):
            message = N_("Points %(from_number)s and %(to_number)s are the same place.")
            said.append(Remark("same_place", message, finish, numbers))
    return said
