"""What an export of each kind says: the importer's own names, and beside them what a file of ours carries.

``geo_app.imports.carried`` names the latter: columns that no other file has, so that rows come back as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, bindparam, case, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from geo_app.exports.table import Shape, Type
from geo_app.models import (
    Address,
    AddressAlias,
    Area,
    Building,
    Camera,
    Device,
    Fix,
    Grid,
    GridWorker,
    Incident,
    IncidentCaller,
    IncidentCategory,
    PatrolRoute,
    Place,
    Population,
    Post,
    Shift,
    ShiftMember,
    Street,
    Team,
    TeamMember,
    Water,
)
from geo_app.queries import areas, grid_workers

Column = tuple[str, Type, Any]
AREA, PARENT, STATION = areas.version("area"), aliased(Area), aliased(Area)
DAY = bindparam("day", type_=Date)  # of which the rows are
GRID_OF = (
    select(Grid.county_id, Grid.stable_id, Grid.code)
    .where(func.upper_inf(Grid.recorded), Grid.valid.contains(DAY))
    .subquery("grid_of")
)
# Files of grids speak of full-time workers; the others have a file of their own.
PEOPLE = grid_workers.of_grids(DAY, (grid_workers.WORKER,))


@dataclass(frozen=True)
class Source:
    """Where the rows of a kind come from. ``columns``: heading, type and expression of each; ``joined`` adds the other
    tables that they need; ``order`` is a key, so that the same rows make the same file."""

    model: Any
    columns: tuple[Column, ...]
    shape: Shape | None = None
    joined: Callable[[Select[Any]], Select[Any]] = lambda chosen: chosen
    order: tuple[Any, ...] = ()
    only: tuple[ColumnElement[bool], ...] = ()


def _without(column: Any, *keys: str) -> Any:
    """A JSON object without what has columns of its own."""
    return column.op("-")(cast(list(keys), ARRAY(String)))


def _clock(times: Any) -> Any:
    """Times of day as 08:30, with seconds where there are any."""
    return func.regexp_replace(times, r"(\d\d:\d\d):00( |$)", r"\1\2", "g")


def _point(model: Any) -> tuple[Column, ...]:
    """Where a point was when it arrived."""
    return (
        ("arrived_datum", "text", model.arrived_datum),
        ("arrived_x", "number", model.arrived_x),
        ("arrived_y", "number", model.arrived_y),
    )


def _node(point: Any) -> Any:
    """A name for the place of a crossing: the same for all streets that meet there, and no position by itself."""
    return func.left(func.md5(func.ST_AsText(point, 9)), 12)


def _texts(model: Any, *names: str) -> tuple[Column, ...]:
    return tuple((name, "text", getattr(model, name)) for name in names)


def _times(model: Any, *names: str) -> tuple[Column, ...]:
    return tuple((name, "time", getattr(model, name)) for name in names)


def _numbers(model: Any, *names: str) -> tuple[Column, ...]:
    return tuple((name, "number", getattr(model, name)) for name in names)


def _truths(model: Any, *names: str) -> tuple[Column, ...]:
    return tuple((name, "truth", getattr(model, name)) for name in names)


def _key(model: Any) -> Column:
    return ("key", "text", model.source_key)


CALLERS: tuple[Column, ...] = (
    ("caller_name", "text", IncidentCaller.name),
    ("caller_telephone", "text", IncidentCaller.telephone),
    ("arrived", "json", Incident.arrived),
)

SOURCES: Mapping[str, Source] = {
    "areas": Source(
        AREA,
        (
            *_texts(AREA, "code", "name", "tree", "level"),
            # The root is the county itself, whatever its code where the file is imported.
            ("parent", "text", case((PARENT.parent_id.is_not(None), PARENT.code))),
            *_texts(AREA, "statistical_code", "police_code"),
        ),
        "MultiPolygon",
        lambda chosen: chosen.outerjoin(PARENT, PARENT.id == AREA.parent_id),
        only=(AREA.parent_id.is_not(None) | AREA.geom.is_not(None),),
    ),
    "grids": Source(
        Grid,
        (
            *_texts(Grid, "code", "name", "kind"),
            ("households", "whole", Grid.households),
            ("leader_name", "text", PEOPLE.c.leader),
            ("leader_telephone", "text", PEOPLE.c.leader_telephone),
            ("workers", "text", PEOPLE.c.workers),
        ),
        "MultiPolygon",
        lambda chosen: chosen.outerjoin(PEOPLE, grid_workers.people_of(PEOPLE)),
    ),
    "incidents": Source(
        Incident,
        (
            *_texts(Incident, "number", "source_key"),
            *_times(
                Incident, "occurred_from", "occurred_to", "reported_at", "acknowledged_at", "departed_at", "feedback_at"
            ),
            *_texts(Incident, "category", "category_intake", "category_feedback", "case_kind", "discovered_by"),
            *_truths(Incident, "valid", "preventable", "non_police"),
            *_texts(Incident, "description"),
            ("address", "text", Incident.arrived_address),
            *_texts(Incident, "match_level", "match_how"),
            *_numbers(Incident, "match_score", "radius_m"),
            *_point(Incident),
        ),
        "Point",
        lambda chosen: chosen.outerjoin(IncidentCaller, IncidentCaller.incident_id == Incident.id),
    ),
    "categories": Source(
        IncidentCategory,
        (
            *_texts(IncidentCategory, "code", "parent_code", "name"),
            *_truths(IncidentCategory, "valid", "preventable"),
        ),
        order=(IncidentCategory.code,),
    ),
    "addresses": Source(
        Address,
        (
            _key(Address),
            *_texts(
                Address,
                "full_text",
                "town",
                "community",
                "villager_group",
                "road",
                "number",
                "estate",
                "building",
                "unit",
            ),
            *_point(Address),
        ),
        "Point",
    ),
    "aliases": Source(
        AddressAlias,
        (_key(AddressAlias), *_texts(AddressAlias, "alias", "address_key", "address_text"), *_point(AddressAlias)),
        "Point",
    ),
    "places": Source(
        Place,
        (
            _key(Place),
            *_texts(Place, "name", "kind"),
            *_truths(Place, "is_key"),
            *_texts(Place, "address"),
            *((name, "text", Place.details[name].astext) for name in ("estate_access", "hours", "terms")),
            ("details", "json", _without(Place.details, "estate_access", "hours", "terms")),
            *_point(Place),
        ),
        "Point",
    ),
    "posts": Source(
        Post,
        (
            _key(Post),
            *_texts(Post, "name", "kind"),
            *_numbers(Post, "response_minutes"),
            *((name, "text", Post.details[name].astext) for name in ("hours", "team")),
            ("details", "json", _without(Post.details, "hours", "team")),
            *_point(Post),
        ),
        "Point",
    ),
    "roads": Source(
        Street,
        (
            _key(Street),
            *_texts(Street, "name", "road_class"),
            *_truths(Street, "one_way"),
            ("layer", "whole", Street.layer),
            # With them a file says where its streets meet: what crosses without a node is not cut on the way back.
            ("from_node", "text", _node(func.ST_StartPoint(Street.geom))),
            ("to_node", "text", _node(func.ST_EndPoint(Street.geom))),
        ),
        "LineString",
    ),
    "buildings": Source(
        Building,
        (
            _key(Building),
            *_texts(Building, "name", "kind"),
            *_numbers(Building, "height_m", "levels"),
            *_texts(Building, "address"),
        ),
        "MultiPolygon",
    ),
    "waters": Source(Water, (_key(Water), *_texts(Water, "name", "kind")), "Unknown"),
    "cameras": Source(
        Camera,
        (
            *_texts(Camera, "code", "name", "kind"),
            ("owner_class", "whole", Camera.owner_class),
            *_texts(Camera, "status"),
            *_numbers(Camera, "bearing", "field_of_view", "range_m", "height_m"),
            *_truths(Camera, "estimated"),
            ("catalogue", "json", Camera.catalogue),
            *_point(Camera),
        ),
        "Point",
    ),
    "routes": Source(
        PatrolRoute,
        (
            _key(PatrolRoute),
            *_texts(PatrolRoute, "name", "mode"),
            ("departures", "text", _clock(func.array_to_string(cast(PatrolRoute.departures, ARRAY(String)), " "))),
            *_truths(PatrolRoute, "mandatory"),
            ("team", "text", Team.name),
            ("shift_begins", "text", _clock(cast(PatrolRoute.shift_begins, String))),
            ("shift_ends", "text", _clock(cast(PatrolRoute.shift_ends, String))),
            ("points", "json", PatrolRoute.points),
        ),
        "LineString",
        lambda chosen: chosen.outerjoin(Team, Team.id == PatrolRoute.team_id),
    ),
    "tracks": Source(
        Fix,
        (
            ("device_code", "text", Device.code),
            *_times(Fix, "at"),
            *_numbers(Fix, "speed_mps", "heading", "accuracy_m"),
            ("simulated", "truth", Device.simulated),
        ),
        "Point",
        lambda chosen: chosen.outerjoin(Device, Device.id == Fix.device_id),
        order=(Fix.at, Fix.device_id),
    ),
    "duty": Source(
        ShiftMember,
        (
            ("team_name", "text", Team.name),
            ("person", "text", TeamMember.name),
            ("person_number", "text", TeamMember.number),
            ("person_rank", "text", TeamMember.rank),
            ("station", "text", case((STATION.parent_id.is_not(None), STATION.code))),
            *_times(Shift, "starts_at", "ends_at"),
            *_truths(ShiftMember, "simulated"),
        ),
        joined=lambda chosen: (
            chosen.join(Shift, Shift.id == ShiftMember.shift_id)
            .join(TeamMember, TeamMember.id == ShiftMember.team_member_id)
            .join(Team, Team.id == TeamMember.team_id)
            .outerjoin(STATION, STATION.id == Team.police_area_id)
        ),
        order=(Shift.starts_at, ShiftMember.id),
    ),
    "grid_people": Source(
        GridWorker,
        (
            ("grid_code", "text", GRID_OF.c.code),
            *_texts(GridWorker, "role", "name", "telephone"),
            ("since", "text", cast(func.lower(GridWorker.valid), String)),
            ("until", "text", cast(func.upper(GridWorker.valid) - 1, String)),
            *_truths(GridWorker, "simulated"),
        ),
        joined=lambda chosen: chosen.join(
            GRID_OF,
            (GRID_OF.c.stable_id == GridWorker.grid_stable_id) & (GRID_OF.c.county_id == GridWorker.county_id),
        ),
        order=(GRID_OF.c.code, GridWorker.role, GridWorker.id),
        only=(GridWorker.name != "",),
    ),
    "population": Source(
        Population,
        (
            _key(Population),
            *_texts(Population, "grid_code"),
            ("households", "whole", Population.households),
            ("people", "whole", Population.people),
            ("counted_on", "text", cast(Population.counted_on, String)),
            *_point(Population),
        ),
        "Point",
    ),
}
