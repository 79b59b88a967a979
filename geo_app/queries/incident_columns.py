"""The incidents of a county as arrays, kept in the process: a period that moves is a mask, not a query.

A column comes as one value, its numbers packed by PostgreSQL: 150,000 rows take a fifth of a second instead of two.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from pyproj import Transformer
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions
from layers.base import DATES, PLACED
from layers.incidents.choice import EPOCH, Incidents
from layers.incidents.placed import LEVELS, NONE, placings, radii

KINDS = ("incidents",)  # placing them anew in areas or grids changes their rows too
_cache: Kept[Incidents] = Kept(8)

ROWS = """
SELECT id, category, occurred_from, occurred_to, valid, simulated, admin_area_id, police_area_id,
  coalesce(grid_stable_id, -1) AS grid, match_level, radius_m, geom
FROM incident WHERE county_id = :county AND case_kind = 'incident' ORDER BY id
"""
# What a piece of street is judged by: of the whole county, so without ids and areas.
WHOLE = """
SELECT 0::bigint AS id, category, occurred_from, occurred_to, valid, simulated, 0::bigint AS admin_area_id,
  0::bigint AS police_area_id, -1::bigint AS grid, match_level, radius_m, geom
FROM geo_incident_points(:county)
"""
# A point of which nothing is said, or something that is no level, was given: the first of the levels.
PACKED = """
WITH row AS MATERIALIZED ({rows}),
  name AS (SELECT category, row_number() OVER (ORDER BY category) - 1 AS place FROM (SELECT DISTINCT category FROM row) AS d)
SELECT string_agg(int8send(id), '') AS id,
  string_agg(float8send(coalesce(ST_X(geom), 'NaN')), '') AS x,
  string_agg(float8send(coalesce(ST_Y(geom), 'NaN')), '') AS y,
  string_agg(float8send(coalesce(extract(epoch FROM occurred_from AT TIME ZONE :zone)::float8, 'NaN')), '') AS begin,
  string_agg(float8send(coalesce(extract(epoch FROM occurred_to AT TIME ZONE :zone)::float8, 'NaN')), '') AS end,
  string_agg(int4send(place::int), '') AS category,
  string_agg(boolsend(valid), '') AS valid,
  string_agg(boolsend(simulated), '') AS simulated,
  string_agg(int8send(admin_area_id), '') AS admin_area,
  string_agg(int8send(police_area_id), '') AS police_area,
  string_agg(int8send(grid), '') AS grid,
  string_agg(int2send((CASE WHEN geom IS NULL THEN :none ELSE coalesce(array_position(CAST(:levels AS text[]), match_level), 1) - 1 END)::int2), '')
    AS level,
  string_agg(float8send(coalesce(radius_m, 'NaN')), '') AS radius_m,
  coalesce((SELECT array_agg(category ORDER BY place) FROM name), '{{}}') AS categories
FROM row JOIN name USING (category)
"""
TYPES = {
    "id": ">i8", "x": ">f8", "y": ">f8", "begin": ">f8", "end": ">f8", "category": ">i4", "valid": "?", "simulated": "?",
    "admin_area": ">i8", "police_area": ">i8", "grid": ">i8", "level": ">i2", "radius_m": ">f8",
}  # fmt: skip


def incidents(session: Session, county: County) -> Incidents:
    """All incidents that the session's scope sees, valid or not, placed or not."""
    key = ("seen", scope_key(session), *_known(session, county))
    return _cache.get(key, lambda: _read(session, county, ROWS))


def of_whole_county(session: Session, county: County) -> Incidents:
    """The incidents of the whole county, whoever asks: to judge streets with, never to list."""
    # Whoever sees no area of the county gets nothing, so the scope belongs to the key here too.
    key = ("whole", scope_key(session), *_known(session, county))
    return _cache.get(key, lambda: _read(session, county, WHOLE))


def of_area(session: Session, county: County, terms: Terms) -> Incidents:
    """What the scope sees in the area of the terms, of all times and categories."""
    found = incidents(session, county)
    if terms.area_ids is None:
        return found
    ids = np.array(sorted(terms.area_ids), dtype=np.int64)
    return found.take(np.isin(found.admin_area, ids) | np.isin(found.police_area, ids))


def chosen(session: Session, county: County, terms: Terms) -> Incidents:
    """What the scope sees of what the terms choose: area, period, hours, categories, validity; placed or not."""
    found = of_area(session, county, terms)
    return found.take(found.chosen(terms.choice))


def period(found: Incidents, terms: Terms) -> tuple[date, date] | None:
    """The first and the last day that a number stands for: what was asked, else what there is; None without times."""
    days = found.day[~np.isnan(found.day)]
    first = terms.choice.since or (EPOCH + timedelta(int(days.min())) if len(days) else None)
    last = terms.choice.until or (EPOCH + timedelta(int(days.max())) if len(days) else None)
    return None if first is None or last is None or last < first else (first, last)


def said(meant: Incidents, terms: Terms) -> dict[str, Any]:
    """The attributes of a frame that rests on these incidents: the days that they stand for, and how they were placed."""
    return {DATES: period(meant, terms), PLACED: placings(meant.level)}


def _known(session: Session, county: County) -> tuple[Any, ...]:
    url = str(session.get_bind().engine.url)
    return url, county.id, county.metric_srid, county.time_zone, versions(session, county.id, KINDS)


def _read(session: Session, county: County, rows: str) -> Incidents:
    levels = {"levels": list(LEVELS[:NONE]), "none": NONE}
    values = {"county": county.id, "zone": county.time_zone, **levels}
    found = session.execute(text(PACKED.format(rows=rows)), values).one()._mapping
    columns = {
        name: np.frombuffer(found[name] or b"", dtype=kind).astype(np.dtype(kind).newbyteorder("="))
        for name, kind in TYPES.items()
    }
    lonlat = np.column_stack([columns.pop("x"), columns.pop("y")])
    xy = np.full(lonlat.shape, np.nan)
    placed = ~np.isnan(lonlat[:, 0])
    to_metres = Transformer.from_crs(4326, county.metric_srid, always_xy=True)
    xy[placed] = np.column_stack(to_metres.transform(*lonlat[placed].T))
    columns["radius_m"] = radii(columns["level"], columns["radius_m"])
    return Incidents(**columns, xy=xy, lonlat=lonlat, categories=tuple(found["categories"]), crs=county.metric_srid)
