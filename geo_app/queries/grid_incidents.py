"""In which grid of a day each incident lies.

A row carries the grid that was in force where it lay when it was stored. Where grids changed since, or another day is
asked for, the lines of that day decide.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import incident_columns
from geo_app.queries.kept import Kept
from geo_app.queries.placing import VAGUE
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions
from layers.grids.numbers import grid_at
from layers.incidents.choice import Incidents
from layers.incidents.placed import LEVELS

_VAGUE = [LEVELS.index(level) for level in VAGUE if level in LEVELS]
_CHANGED = text(
    "SELECT EXISTS (SELECT FROM grid WHERE county_id = :county AND NOT (lower_inf(valid) AND upper_inf(valid)))"
)
_ids: Kept[pd.Series] = Kept(8)


def on_grids(session: Session, county: County, terms: Terms, grids: GeoDataFrame, meant: Incidents) -> Incidents:
    """The same incidents with the stable id of the one of ``grids`` (`frames.grids` of the terms) in which each lies.

    What is known no better than to a community stays in no grid. A place on a line is in the grid that comes first.
    """
    if not session.execute(_CHANGED, {"county": county.id}).scalar_one():
        return meant
    kinds = ("grids", *incident_columns.KINDS)
    key = (*_who(session, county), versions(session, county.id, kinds), terms.of("area_ids", "box"))
    of_id = _ids.get(key, lambda: _lie(session, county, grids))
    return replace(meant, grid=of_id.reindex(meant.id).to_numpy())


def _lie(session: Session, county: County, grids: GeoDataFrame) -> pd.Series:
    """The stable id of the grid of each incident of the county that the scope sees, by the incident's id; −1 for none."""
    every = incident_columns.incidents(session, county)
    found = np.full(len(every), -1, dtype=np.int64)
    sure = every.placed & ~np.isin(every.level, _VAGUE)
    found[sure] = grid_at(every.lonlat[sure], grids["stable_id"].to_numpy(), grids.geometry)
    return pd.Series(found, index=every.id)


def _who(session: Session, county: County) -> tuple[Hashable, ...]:
    return (str(session.get_bind().engine.url), scope_key(session), county.id)
