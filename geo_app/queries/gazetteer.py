"""The gazetteer of a county, made of its addresses, places, buildings, streets and areas; kept while none of them changes.

What somebody chose by hand for a text is kept beside it: it changes with every choice, and making a gazetteer takes long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pyproj import Transformer
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries.kept import Kept
from geo_app.queries.placing import BY_HAND, Place
from geo_app.queries.terms import today
from geo_app.queries.visible import versions
from layers.incidents.gazetteer import Gazetteer, build

KINDS = ("addresses", "places", "buildings", "streets", "areas", "grids")
OF_ALIAS = f"alias+{BY_HAND}"
_kept: Kept[Gazetteer] = Kept(4)
_by_hand: Kept[dict[str, Place]] = Kept(8)

IN_FORCE = "t.county_id = :county AND t.valid @> CAST(:day AS date) AND upper_inf(t.recorded)"
# An alias names its address by key or text; without either it has a point of its own.
ENTRIES = f"""
SELECT 'address' AS kind, '' AS name, full_text AS address, town, community, road, number, estate, building,
  ST_X(geom) AS lon, ST_Y(geom) AS lat FROM address t WHERE {IN_FORCE}
UNION ALL SELECT 'place', name, address, NULL, NULL, NULL, NULL, NULL, NULL, ST_X(geom), ST_Y(geom)
  FROM place t WHERE {IN_FORCE}
UNION ALL SELECT 'building', name, address, NULL, NULL, NULL, NULL, NULL, NULL,
  ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom))
  FROM building t WHERE {IN_FORCE} AND (name <> '' OR address <> '')
UNION ALL SELECT 'alias', t.alias, '', NULL, NULL, NULL, NULL, NULL, NULL,
  ST_X(coalesce(t.geom, a.geom)), ST_Y(coalesce(t.geom, a.geom))
  FROM address_alias t LEFT JOIN LATERAL (
    SELECT a.geom FROM address a WHERE a.county_id = :county AND a.valid @> CAST(:day AS date) AND upper_inf(a.recorded)
      AND a.geom IS NOT NULL AND (a.source_key = t.address_key OR t.address_key IS NULL AND a.full_text = t.address_text)
    ORDER BY a.id LIMIT 1) a ON t.geom IS NULL
  WHERE {IN_FORCE} AND t.source <> '{BY_HAND}'
"""
ROADS = f"SELECT name, ST_AsBinary(geom) AS geometry FROM street t WHERE {IN_FORCE} AND name <> ''"
AREAS = f"""
SELECT t.level AS kind, CASE WHEN t.parent_id IS NULL THEN c.name ELSE t.name END AS name,
  coalesce(CASE WHEN up.parent_id IS NULL THEN c.name ELSE up.name END, '') AS parent, ST_AsBinary(t.geom) AS geometry
  FROM geo_areas_on(:county, CAST(:day AS date)) t JOIN county c ON c.id = t.county_id
  LEFT JOIN geo_areas_on(:county, CAST(:day AS date)) up ON up.id = t.parent_id
  WHERE t.tree = 'admin' AND NOT t.retired
UNION ALL SELECT 'grid', t.name, coalesce(a.name, ''), ST_AsBinary(t.geom)
  FROM grid t LEFT JOIN geo_areas_on(:county, CAST(:day AS date)) a ON a.id = t.admin_area_id
  WHERE {IN_FORCE}
"""
ALIASES = f"SELECT source_key, level, radius_m, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM address_alias t WHERE {IN_FORCE} AND t.source = '{BY_HAND}'"


@dataclass(frozen=True, eq=False)
class Known:
    """What addresses of a county are asked of: the gazetteer, in metres of ``srid``; and by its text made alike, the
    place that somebody chose for it."""

    gazetteer: Gazetteer
    by_hand: Mapping[str, Place]
    srid: int


def seen(session: Session, county: County) -> Known:
    """What the session's scope sees of the county."""
    areas = session.scalars(text("SELECT id FROM area WHERE county_id = :county"), {"county": county.id}).all()
    return _known(session, county, areas)


def whole(session: Session, county: County) -> Known:
    """The whole county's, for whoever sees a part of it: to place incidents with, never to list."""
    found = session.execute(text("SELECT geo_county_areas(:county)"), {"county": county.id}).scalar_one()
    with _seeing(session, found):
        return _known(session, county, found)


def _known(session: Session, county: County, areas: Sequence[int]) -> Known:
    day = today(county, datetime.now(UTC))
    # Those who see the same areas share it, however large their scope is elsewhere.
    whose = (str(session.get_bind().engine.url), county.id, county.metric_srid, tuple(sorted(areas)), day)
    values = {"county": county.id, "day": day}
    key = (*whose, versions(session, county.id, KINDS), _imported_aliases(session, values))
    hands = (*whose, versions(session, county.id, ("aliases",)))
    return Known(
        _kept.get(key, lambda: _made(session, county, values)),
        _by_hand.get(hands, lambda: _chosen(session, values)),
        county.metric_srid,
    )


@contextmanager
def _seeing(session: Session, areas: Sequence[int]) -> Iterator[None]:
    """Widens the scope of the transaction to these areas, for reading alone, and takes it back."""
    setting = text("SELECT set_config('geo.scope', :areas, true)")
    own = session.execute(text("SELECT coalesce(current_setting('geo.scope', true), '')")).scalar_one()
    session.execute(setting, {"areas": "{" + ",".join(map(str, areas)) + "}"})
    try:
        with session.no_autoflush:  # nothing is written in a scope that is not its own
            yield
    finally:
        session.execute(setting, {"areas": own})


def _imported_aliases(session: Session, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What changes with the aliases that come in files."""
    found = session.execute(
        text(
            "SELECT count(*), max(id), max(lower(recorded)) FROM address_alias t"
            f" WHERE {IN_FORCE} AND t.source <> '{BY_HAND}'"
        ),
        values,
    ).one()
    return tuple(found)


def _made(session: Session, county: County, values: Mapping[str, Any]) -> Gazetteer:
    found = session.execute(text(ENTRIES), values)
    entries = pd.DataFrame.from_records([tuple(row) for row in found], columns=list(found.keys()))
    lon, lat = (entries.pop(name).astype(float).to_numpy() for name in ("lon", "lat"))
    entries["x"], entries["y"] = Transformer.from_crs(4326, county.metric_srid, always_xy=True).transform(lon, lat)
    # What has no place comes back as infinite.
    entries[["x", "y"]] = entries[["x", "y"]].where(np.isfinite(entries[["x", "y"]]))
    return build(entries, _frame(session, county, ROADS, values), _frame(session, county, AREAS, values))


def _frame(session: Session, county: County, wanted: str, values: Mapping[str, Any]) -> GeoDataFrame | None:
    found = session.execute(text(wanted), values)
    table = pd.DataFrame.from_records([tuple(row) for row in found], columns=list(found.keys()))
    if table.empty:
        return None
    shapes = shapely.from_wkb([None if shape is None else bytes(shape) for shape in table.pop("geometry")])
    return GeoDataFrame(table, geometry=shapes, crs=4326).to_crs(county.metric_srid)


def _chosen(session: Session, values: Mapping[str, Any]) -> dict[str, Place]:
    return {
        row.source_key: Place(row.lon, row.lat, row.level, OF_ALIAS, radius_m=row.radius_m)
        for row in session.execute(text(ALIASES), values)
    }
