"""Finds what has a name: streets, places, grids, patrol routes, cameras and areas that the session's scope sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from geo_app.models import Camera, County, Grid, PatrolRoute, Place, Street, Team
from geo_app.queries import areas
from geo_app.queries.terms import Box
from geo_app.queries.visible import CAMERA_CODE

MOST = 12
AREA = areas.version("area")
# Of two things that match equally well the larger comes first.
KINDS = ("area", "grid", "street", "place", "patrol_route", "camera")
KINDS_OF_DATA = ("areas", "grids", "streets", "places", "routes", "teams", "cameras")


@dataclass(frozen=True)
class Found:
    """A thing with a name. ``detail`` tells it from others of its name: a code, or a coded value as it is stored."""

    kind: str
    name: str
    detail: str
    bounds: Box | None


def search(session: Session, county: County, day: date, words: str) -> list[Found]:
    """At most MOST things in force whose name, or code, contains ``words`` in any case of letters.

    A name that is the words comes first, then names that begin with them, then the rest. Streets are one a name.
    """
    found = union_all(*(_of_kind(kind, county, day, words) for kind in KINDS)).subquery()
    box = found.c.box
    rows = session.execute(
        select(
            found.c.kind, found.c.name, found.c.detail,
            func.ST_XMin(box), func.ST_YMin(box), func.ST_XMax(box), func.ST_YMax(box),
        )
        .order_by(found.c.rank, found.c.place, func.length(found.c.name), found.c.name, found.c.detail)
        .limit(MOST)
    )  # fmt: skip
    return [
        Found(row[0], row[1], row[2] or "", None if row[3] is None else cast(Box, tuple(map(float, row[3:]))))
        for row in rows
    ]


def _of_kind(kind: str, county: County, day: date, words: str) -> Select[Any]:
    """kind, name, detail, box, rank, place of the matches of one kind."""
    if kind == "street":
        return (
            _matches(kind, Street, words, (Street.name,), func.min(Street.road_class), func.ST_Extent(Street.geom))
            .where(*_in_force(Street, county, day))
            .group_by(Street.name)
        )
    if kind == "patrol_route":
        team = func.min(Team.name)
        return (
            _matches(kind, PatrolRoute, words, (PatrolRoute.name,), team, func.ST_Extent(PatrolRoute.geom))
            .outerjoin(Team, Team.id == PatrolRoute.team_id)
            .where(*_in_force(PatrolRoute, county, day))
            .group_by(PatrolRoute.id)
        )
    model, known_by, detail = {
        "area": (AREA, (AREA.name, AREA.code), AREA.level),
        "grid": (Grid, (Grid.name, Grid.code), Grid.code),
        "place": (Place, (Place.name,), Place.address),
        "camera": (Camera, (Camera.name, Camera.code), CAMERA_CODE),
    }[kind]
    box = func.Box2D(cast(Any, model).geom)
    return _matches(kind, model, words, known_by, detail, box).where(*_in_force(model, county, day))


def _matches(
    kind: str, model: Any, words: str, known_by: tuple[Any, ...], detail: Any, box: ColumnElement[Any]
) -> Select[Any]:
    rank = case(
        (or_(*(func.lower(column) == func.lower(words) for column in known_by)), 0),
        (or_(*(column.istartswith(words, autoescape=True) for column in known_by)), 1),
        else_=2,
    )
    return select(
        literal(kind).label("kind"),
        model.name.label("name"),
        detail.label("detail"),
        box.label("box"),
        rank.label("rank"),
        literal(KINDS.index(kind)).label("place"),
    ).where(or_(*(column.icontains(words, autoescape=True) for column in known_by)))


def _in_force(model: Any, county: County, day: date) -> tuple[ColumnElement[bool], ...]:
    return (model.county_id == county.id, model.valid.contains(day), func.upper_inf(model.recorded))
