"""The numbers of each grid: its streets and who sees them, its incidents, whether it is hot.

Streets and patrols are those of the whole county, so that a grid's numbers do not depend on who asks; cameras and
incidents are what the scope sees. Each part is kept by what it hangs on: a period that moves counts incidents anew and
nothing else.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
from geopandas import GeoDataFrame
from scipy.sparse import csr_array
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames, grid_incidents, hot_spots, incident_columns, network
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions
from layers.cameras.coverage import Seen, seen_by
from layers.cameras.sight import fields_of
from layers.features import drawable
from layers.grids.numbers import grid_of, numbers, street_lengths

KINDS = ("grids", "streets", "routes", "cameras", "incidents")
TOTAL = "total"  # attributes of the frame
MADE_UP = "made_up"
GRID_TERMS = ("area_ids", "box")
SEEN_TERMS = ("sight_m", "routes")
TERMS = (*GRID_TERMS, *SEEN_TERMS, "choice")
_cache: Kept[GeoDataFrame] = Kept()
_lengths: Kept[csr_array] = Kept(8)
_seen: Kept[tuple[Seen, bool]] = Kept(8)


def grid_numbers(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The grids of `frames.grids` with length_m (metres), seen_patrol, seen_camera, seen_neither (0..1 of the length, NaN
    without streets), incidents, rank (1: most), hot.

    Attributes: ``total`` of all together and how many incidents are known too roughly for their grid (``rough``),
    ``made_up`` whether routes, cameras or incidents among what was counted were made up, and those of
    `incident_columns.said`.
    """
    terms = terms.of(*TERMS)
    key = (*_who(session, county), versions(session, county.id, KINDS), terms)
    return _cache.get(key, lambda: _numbers(session, county, terms))


def _numbers(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    grids = frames.grids(session, county, terms.of(*GRID_TERMS))
    seen, made_up = _seen_by_anybody(session, county, terms.of(*SEEN_TERMS))
    meant = incident_columns.chosen(session, county, terms)
    meant = grid_incidents.on_grids(session, county, terms, grids, meant)
    of_incident, rough = grid_of(meant, grids["id"].to_numpy(), grids.geometry.to_crs(county.metric_srid))
    found = numbers(grids["code"].to_numpy(), _street_lengths(session, county, terms, grids), seen, of_incident)
    hot = hot_spots.hot_grids(session, county, terms).set_index("stable_id")["hot"]
    shown = grids.assign(**{name: found[name].to_numpy() for name in found}, hot=hot.reindex(grids["id"]).to_numpy())
    shown.attrs[TOTAL] = found.attrs["total"] | {"rough": rough}
    shown.attrs[MADE_UP] = made_up or bool(meant.simulated[of_incident >= 0].any())
    shown.attrs.update(incident_columns.said(meant, terms))
    return shown


def _street_lengths(session: Session, county: County, terms: Terms, grids: GeoDataFrame) -> csr_array:
    """Metres of each piece of the county in each grid."""

    def measure() -> csr_array:
        pieces = network.streets(session, county, terms.day).pieces
        return street_lengths(pieces, grids.geometry.to_crs(county.metric_srid))

    key = (*_who(session, county), versions(session, county.id, ("grids", "streets")), terms.of(*GRID_TERMS))
    return _lengths.get(key, measure)


def _seen_by_anybody(session: Session, county: County, terms: Terms) -> tuple[Seen, bool]:
    """What patrols and cameras see of each piece of the county, and whether any of them was made up."""

    def look() -> tuple[Seen, bool]:
        pieces = network.streets(session, county, terms.day).pieces
        paths = frames.whole_county(session, county, terms, "paths")
        cameras = frames.cameras(session, county, Terms(terms.day))
        cameras = cameras[drawable(cameras)]
        fields = fields_of(cameras)
        made_up = bool(paths["simulated"].any() or cameras["simulated"][fields.notna()].any())
        srid = county.metric_srid
        return seen_by(pieces, paths.geometry.to_crs(srid), fields.to_crs(srid), terms.sight_m), made_up

    key = (*_who(session, county), versions(session, county.id, ("streets", "routes", "cameras")), terms)
    return _seen.get(key, look)


def _who(session: Session, county: County) -> tuple[Hashable, ...]:
    return (str(session.get_bind().engine.url), scope_key(session), county.id)


def total(frame: GeoDataFrame) -> dict[str, Any]:
    """The numbers of all grids of `grid_numbers` together, and how many wait for a leader."""
    leader = frame["leader"].fillna("").str.strip()
    return {
        "grids": len(frame),
        "without_leader": int((leader == "").sum()),
        **{name: None if isinstance(v, float) and np.isnan(v) else v for name, v in frame.attrs[TOTAL].items()},
    }
