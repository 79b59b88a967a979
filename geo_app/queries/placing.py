"""Where an incident lies once it has a point: its areas and its grid, as finely as the point is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geoalchemy2.shape import from_shape, to_shape
from shapely import Point
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import Incident
from geo_app.queries import area_levels

BY_HAND, PINNED = "by hand", "pinned"
# What is known no better than this lies in no grid, and in no area below these: of a road or a town nobody knows which.
TOWN, STATION = ("town",), ("station",)
VAGUE: Mapping[str, tuple[tuple[str, ...] | None, tuple[str, ...]]] = {
    "road": (TOWN, STATION), "town": (TOWN, STATION), "community": (None, STATION), "group": (None, STATION),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A point (EPSG:4326) with how it was found; ``radius_m``: how far off it may be."""

    lon: float
    lat: float
    level: str
    how: str | None = None
    score: float | None = None
    radius_m: float | None = None


@dataclass(frozen=True)
class Lies:
    """The areas of a place, the county's roots where no deeper one covers it, and the grid, None without one."""

    admin: int
    police: int
    grid: int | None


def lies(session: Session, county_id: int, day: date, place: Place | None) -> Lies:
    """Where a place lies, whoever asks; the roots of the county for None. Whether the asker may write there he checks."""
    point = "POINT EMPTY" if place is None else f"POINT({place.lon!r} {place.lat!r})"  # which nothing covers
    admin, police = VAGUE.get(place.level, (None, None)) if place is not None else (None, None)
    found = session.execute(
        text(
            "WITH p AS (SELECT ST_GeomFromText(:point, 4326) AS geom),"
            " a AS (SELECT tree, id FROM p, geo_areas_at(:county, :day, p.geom)) SELECT"
            " (SELECT geo_area_above(id, CAST(:admin AS text[])) FROM a WHERE tree = 'admin') AS admin,"
            " (SELECT geo_area_above(id, CAST(:police AS text[])) FROM a WHERE tree = 'police') AS police,"
            " (SELECT geo_grid_at(:county, :day, geom) FROM p) AS grid"
        ),
        {
            "point": point, "county": county_id, "day": day,
            "admin": list(admin) if admin else None, "police": list(police) if police else None,
        },
    ).one()  # fmt: skip
    vague = place is not None and place.level in VAGUE
    return Lies(found.admin, found.police, None if vague else found.grid)


def home(session: Session, county_id: int) -> dict[str, int]:
    """By tree, the one area that stands on top of what the scope sees of it; a tree with none or several is left out."""
    return {tree: ids[0] for tree, ids in area_levels.tops(session, county_id).items() if len(ids) == 1}


def place_of(row: Incident) -> Place | None:
    """The place of an incident, None without one."""
    if row.geom is None:
        return None
    point = to_shape(row.geom)
    return Place(point.x, point.y, row.match_level, row.match_how, row.match_score, row.radius_m)


def by_hand(row: Incident) -> bool:
    """Whether somebody chose the place of this incident, for it alone."""
    return row.match_how == BY_HAND


def put(row: Incident, place: Place | None) -> None:
    """Writes a place, or that there is none, into an incident; not its areas."""
    row.geom = None if place is None else from_shape(Point(place.lon, place.lat), srid=4326)
    row.match_level = "none" if place is None else place.level
    row.match_how = None if place is None else place.how
    row.match_score = None if place is None else place.score
    row.radius_m = None if place is None else place.radius_m
