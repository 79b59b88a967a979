"""Frames of what a county has, as of a day: EPSG:4326 (longitude, latitude), one row a feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
import shapely
from geoalchemy2 import Geometry
from geopandas import GeoDataFrame
from sqlalchemy import ColumnElement, Executable, and_, column, func, or_, select, text
from sqlalchemy.orm import Session

from geo_app.database.engine import BINARY
from geo_app.models import Camera, County, Grid, Incident, PatrolRoute, Place, Street, StreetPiece, Team
from geo_app.queries import grid_workers, incident_columns
from geo_app.queries.terms import Terms
from geo_app.queries.visible import CAMERA_CODE


def streets(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The pieces of the streets in force; ``length_m`` in the county's metric system."""
    chosen = (
        select(
            StreetPiece.id,
            Street.name,
            Street.road_class,
            StreetPiece.length_m,
            func.ST_AsBinary(StreetPiece.geom).label("geometry"),
        )
        .join(Street, Street.id == StreetPiece.street_id)
        .where(StreetPiece.county_id == county.id, *_in_force(StreetPiece, terms), *_within(StreetPiece, terms))
        .order_by(StreetPiece.street_id, StreetPiece.ordinal)
    )
    return _frame(session, chosen)


def grids(session: Session, county: County, terms: Terms, *more: Any) -> GeoDataFrame:
    """The grids in force with who leads them and who works in them that day; ``id`` and ``stable_id`` are the same and
    stay when only the line or the name changes.

    ``more``: columns of ``Grid`` and labelled expressions of them, which stand before the geometry.
    """
    people = grid_workers.of_grids(terms.day)
    chosen = (
        select(
            Grid.stable_id.label("id"),
            Grid.stable_id,
            Grid.code,
            Grid.name,
            Grid.kind,
            people.c.leader,
            people.c.leader_telephone,
            people.c.workers,
            Grid.simulated,
            *more,
            func.ST_AsBinary(Grid.geom).label("geometry"),
        )
        .outerjoin(people, grid_workers.people_of(people))
        .where(Grid.county_id == county.id, *_in_force(Grid, terms), *_within(Grid, terms))
    )
    # Sorted here: the database would carry every outline through its sort.
    return _frame(session, chosen).sort_values(["code", "id"], ignore_index=True)


def incidents(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The incidents that the terms choose, with times in the county's time zone; those without a place are there, with
    an empty geometry, unless a box is asked for.
    """
    meant = incident_columns.chosen(session, county, terms)
    found = incident_rows(session, county, meant.take(meant.inside(terms.box)).id if terms.box else meant.id)
    found.attrs.update(incident_columns.said(meant, terms))
    return found


def incident_rows(session: Session, county: County, ids: np.ndarray) -> GeoDataFrame:
    """The incidents with these ids, as far as the session's scope sees them, in the order of their ids."""
    chosen = (
        select(
            Incident.id,
            Incident.number,
            Incident.category,
            Incident.occurred_from,
            Incident.occurred_to,
            Incident.arrived_address.label("address"),
            Incident.match_level,
            Incident.match_score,
            Incident.match_how,
            Incident.radius_m,
            Incident.simulated,
            func.ST_AsBinary(Incident.geom).label("geometry"),
        )
        .where(Incident.county_id == county.id, Incident.id == func.any(ids.tolist()))
        .order_by(Incident.id)
    )
    frame = _frame(session, chosen)
    for name in ("occurred_from", "occurred_to"):
        times = pd.to_datetime(frame[name], utc=True)
        frame[name] = times.dt.tz_convert(county.time_zone)
    return frame


def patrol_routes(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """Planned routes with ``departures`` as text ("08:30 14:00"), ``length_m`` in the county's metric system."""
    chosen = (
        select(
            PatrolRoute.id,
            PatrolRoute.stable_id,
            PatrolRoute.name,
            PatrolRoute.mode,
            func.coalesce(Team.name, "").label("team"),
            PatrolRoute.departures,
            PatrolRoute.simulated,
            func.ST_AsBinary(PatrolRoute.geom).label("geometry"),
        )
        .outerjoin(Team, Team.id == PatrolRoute.team_id)
        .where(PatrolRoute.county_id == county.id, *_in_force(PatrolRoute, terms), *_within(PatrolRoute, terms))
        .order_by(PatrolRoute.id)
    )
    if terms.routes is not None:
        chosen = chosen.where(PatrolRoute.stable_id == func.any([*terms.routes]))
    frame = _frame(session, chosen)
    frame["departures"] = [
        " ".join(departure.strftime("%H:%M") for departure in sorted(departures)) for departures in frame["departures"]
    ]
    frame.insert(5, "length_m", frame.to_crs(county.metric_srid).length)
    return frame


def cameras(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """Cameras in force; bearing in degrees clockwise from north, range in metres, both may be missing."""
    chosen = (
        select(
            Camera.id,
            CAMERA_CODE.label("code"),
            Camera.name,
            Camera.kind,
            Camera.bearing,
            Camera.field_of_view,
            Camera.range_m,
            Camera.estimated,
            Camera.simulated,
            func.ST_AsBinary(Camera.geom).label("geometry"),
        )
        .where(Camera.county_id == county.id, *_in_force(Camera, terms), *_within(Camera, terms))
        .order_by(Camera.id)
    )
    return _frame(session, chosen)


def waters(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """Rivers, canals and lakes of the county that meet the box, also for who sees but a part of it: id, name, kind,
    simulated, geometry (middle lines and outlines)."""
    box = None if terms.box is None else func.ST_MakeEnvelope(*terms.box, 4326)
    found = func.geo_waters(county.id, terms.day, terms.known_at, box).table_valued(
        "id", "name", "kind", "simulated", column("geom", Geometry)
    )
    chosen = select(
        found.c.id, found.c.name, found.c.kind, found.c.simulated, func.ST_AsBinary(found.c.geom).label("geometry")
    )
    return _frame(session, chosen)


def key_places(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """Schools and other places that ask for a patrol: id, name, kind, simulated, geometry (points)."""
    chosen = (
        select(Place.id, Place.name, Place.kind, Place.simulated, func.ST_AsBinary(Place.geom).label("geometry"))
        .where(Place.county_id == county.id, Place.is_key, *_in_force(Place, terms), *_within(Place, terms))
        .order_by(Place.id)
    )
    return _frame(session, chosen)


# Shapes alone, of the whole county, for whoever sees an area of it.
_WHOLE = {
    "paths": "stable_id, mode, departures, simulated, ST_AsBinary(geom) AS geometry FROM geo_patrol_paths(:county, :day)",
    "street_lines": "id, ST_AsBinary(geom) AS geometry FROM geo_street_lines(:county, :day)",
    "key_place_points": "ST_AsBinary(geom) AS geometry FROM geo_key_place_points(:county, :day)",
}


def whole_county(session: Session, county: County, terms: Terms, what: str) -> GeoDataFrame:
    """What pieces of streets are judged by, whoever asks and whatever the box: to compute with, never to list.

    what: paths (stable_id, mode, departures as times, simulated), street_lines (id), key_place_points. Of the paths
    those that count under the terms: nobody can leave out a route that he does not see, so it always counts.
    """
    found = _frame(session, text(f"SELECT {_WHOLE[what]}"), {"county": county.id, "day": terms.day})
    if what == "paths" and terms.routes is not None:
        seen = session.scalars(select(PatrolRoute.stable_id).where(PatrolRoute.county_id == county.id)).all()
        left_out = set(seen) - terms.routes
        found = found[~found["stable_id"].isin(left_out)].reset_index(drop=True)
    return found


def _in_force(model: Any, terms: Terms) -> Sequence[ColumnElement[bool]]:
    """The version of the day, as it is known now or was at the instant asked for."""
    return (model.valid.contains(terms.day), known(model, terms))


def known(model: Any, terms: Terms) -> ColumnElement[bool]:
    """Whether a version is known now, or was at the instant asked for."""
    if terms.known_at is None:
        return cast(ColumnElement[bool], func.upper_inf(model.recorded))
    return cast(ColumnElement[bool], model.recorded.contains(terms.known_at))


def _within(model: Any, terms: Terms) -> Sequence[ColumnElement[bool]]:
    """Inside the box and the area of the terms."""
    clauses: list[ColumnElement[bool]] = []
    if terms.area_ids is not None:
        areas = [*terms.area_ids]
        clauses.append(or_(model.admin_area_id == func.any(areas), model.police_area_id == func.any(areas)))
    if terms.box is not None:
        box = func.ST_MakeEnvelope(*terms.box, 4326)
        # The operator as well: under row security only it may use the spatial index.
        clauses.append(and_(model.geom.op("&&")(box), func.ST_Intersects(model.geom, box)))
    return clauses


def _frame(session: Session, chosen: Executable, values: Mapping[str, Any] | None = None) -> GeoDataFrame:
    # By the connection, since the session would make each row anew; in binary, since geometries are most of the bytes.
    found = session.connection().execute(chosen.execution_options(**{BINARY: True}), values)
    columns = list(found.keys())
    data = pd.DataFrame.from_records([tuple(row) for row in found], columns=columns)
    shapes = shapely.from_wkb([None if shape is None else bytes(shape) for shape in data.pop("geometry")])
    return GeoDataFrame(data, geometry=shapes, crs=4326)
