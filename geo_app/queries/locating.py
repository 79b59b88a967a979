"""In which areas and which grid rows lie: the deepest area of each tree that covers a row's point."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import Base

# The point that stands for a geometry.
STANDS_FOR = {
    "POINT": "{a}.geom",
    "LINESTRING": "ST_LineInterpolatePoint({a}.geom, 0.5)",
    "MULTIPOLYGON": "ST_PointOnSurface({a}.geom)",
    "GEOMETRY": "ST_PointOnSurface({a}.geom)",
}
# A grid's people are counted where the grid lies.
OF_GRID = (
    "coalesce({a}.geom, (SELECT ST_PointOnSurface(g.geom) FROM grid g WHERE g.county_id = :county"
    " AND g.code = {a}.grid_code AND upper_inf(g.recorded) AND g.valid @> CAST(:today AS date)))"
)


def stands_for(table: str, alias: str) -> str:
    """SQL for the point that stands for a row of a table when its area is looked up."""
    if table == "population":
        return OF_GRID.format(a=alias)
    column: Any = Base.metadata.tables[table].c.geom.type
    return STANDS_FOR[column.geometry_type].format(a=alias)


def locate(session: Session, county_id: int, today: date, points: str, name: str) -> None:
    """Makes the temporary table ``name`` (row, admin, police, grid): where each row of ``points`` lies.

    ``points`` is SQL with the columns row and geom (NULL of what lies nowhere), parameters :county and :today. admin and police are the deepest
    areas that cover the point, grid the stable id of the grid in force; NULL where there is none.
    """
    values = {"county": county_id, "today": today}
    session.execute(text(f"DROP TABLE IF EXISTS {name}, {name}_point"))
    session.execute(text(f"CREATE TEMP TABLE {name}_point ON COMMIT DROP AS {points}"), values)
    session.execute(text(f"DELETE FROM {name}_point WHERE geom IS NULL"))
    session.execute(text(f"CREATE INDEX ON {name}_point USING spgist (geom)"))
    session.execute(text(f"ANALYZE {name}_point (row)"))
    # Outlines outside, points inside the loop: PostGIS prepares a polygon once and asks it for all its points.
    session.execute(
        text(
            f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {_OUTLINES},"
            " covering AS (SELECT p.row, o.tree, o.rank FROM outline o"
            f"  JOIN {name}_point p ON o.geom && p.geom AND ST_Covers(o.geom, p.geom))"
            f" SELECT row, {_first('admin')}, {_first('police')}, {_first('grid')} FROM covering GROUP BY row"
        ),
        values,
    )
    session.execute(text(f"ANALYZE {name} (row)"))


# The highest rank is the deepest area, of several the one with the smallest id: numbers are compared at a tenth of what
# sorting costs, and the lower 48 bits give the id back.
_OUTLINES = (
    "WITH RECURSIVE below(id, tree, depth) AS ("
    " SELECT id, tree, 0 FROM area WHERE county_id = :county AND parent_id IS NULL"
    " UNION ALL SELECT area.id, area.tree, depth + 1 FROM area JOIN below ON area.parent_id = below.id),"
    " outline AS MATERIALIZED ("
    " SELECT b.tree, (b.depth::bigint << 48) - b.id AS rank, r.geom FROM below b"
    "  JOIN geo_areas_on(:county, CAST(:today AS date)) r ON r.id = b.id WHERE b.depth > 0 AND NOT r.retired"
    " UNION ALL SELECT 'grid', -g.stable_id, g.geom FROM grid g"
    "  WHERE g.county_id = :county AND upper_inf(g.recorded) AND g.valid @> CAST(:today AS date))"
)


def _first(tree: str) -> str:
    return f"-max(rank) FILTER (WHERE tree = '{tree}') & {2**48 - 1} AS {tree}"


def locate_again(session: Session, county_id: int, today: date, roots: dict[str, int], tables: tuple[str, ...]) -> None:
    """Writes into the rows of a county where they lie now; rows that lie there already are not touched.

    ``roots``: the id of the root of each tree, for rows that no deeper area covers.
    """
    values = {"county": county_id, "today": today, **roots}
    for table in tables:
        points = f"SELECT t.id AS row, {stands_for(table, 't')} AS geom FROM {table} t WHERE t.county_id = :county"
        locate(session, county_id, today, points, "located_again")
        now = {"admin_area_id": "coalesce(l.admin, CAST(:admin AS bigint))",
               "police_area_id": "coalesce(l.police, CAST(:police AS bigint))"}  # fmt: skip
        if table == "incident":
            now["grid_stable_id"] = "l.grid"
        if table == "grid":  # one that has ended, or is still to come, lies in the communities of its own days
            days = {"admin": "@> CAST(:today AS date)", "police": "&& daterange(CAST(:today AS date), NULL)"}
            now = {
                column: f"CASE WHEN t.valid {held} AND upper_inf(t.recorded) OR t.{column} = :{root} THEN {value}"
                f" ELSE t.{column} END"
                for (column, value), (root, held) in zip(now.items(), days.items(), strict=True)
            }
        session.execute(
            text(
                f"UPDATE {table} t SET {', '.join(f'{column} = {value}' for column, value in now.items())}"
                " FROM located_again_point p LEFT JOIN located_again l USING (row) WHERE p.row = t.id"
                f" AND ({', '.join(now.values())}) IS DISTINCT FROM ({', '.join('t.' + column for column in now)})"
            ),
            values,
        )
    move_callers(session, county_id)


def move_callers(session: Session, county_id: int) -> None:
    """Writes where each incident lies into the row of who called."""
    session.execute(
        text(
            "UPDATE incident_caller c SET admin_area_id = t.admin_area_id, police_area_id = t.police_area_id"
            " FROM incident t WHERE t.id = c.incident_id AND c.county_id = :county"
            " AND (c.admin_area_id, c.police_area_id) IS DISTINCT FROM (t.admin_area_id, t.police_area_id)"
        ),
        {"county": county_id},
    )
