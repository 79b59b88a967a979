"""Where the chosen incidents concentrate: cells or grids above chance; else the places that they come back to.

Compared is what is shown: the cells with streets or with incidents of any time, or the grids, of the scope and of the
area chosen in it.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.errors import N_
from geo_app.models import County
from geo_app.queries import frames, grid_incidents, incident_columns
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions
from layers.catalogue.hot_spots import COLUMNS, FACTS, NOTICE
from layers.grids.numbers import grid_of
from layers.incidents.choice import Incidents
from layers.incidents.hot_cells import cell_size, hot_areas, hot_cells
from layers.incidents.repeats import repeat_places

KINDS = ("incidents", "streets", "grids")
TERMS = ("area_ids", "choice", "bandwidth_m", "unit")
SMALLEST_CELL_M = 50.0  # more and smaller cells than this only hold single incidents
STREET_STEP_M = 25.0
NONE_MEANT = N_("No incidents are chosen: change the period or the filters.")
NONE_PLACED = N_("None of the chosen incidents has a place.")
NO_GRIDS = N_("There are no grids here to compare. Choose cells instead.")
CHANCE = {
    "cells": N_("No cell has more incidents than chance explains. Shown instead: the places with most incidents."),
    "grids": N_("No grid has more incidents than chance explains. Shown instead: the places with most incidents."),
}
NOTHING = N_("Nothing stands out: no more incidents anywhere than chance explains, and no place with three or more.")
_cache: Kept[GeoDataFrame] = Kept(16)
_streets: Kept[np.ndarray] = Kept(4)


def hot_spots(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """What the layer hot_spots draws, in EPSG:4326; attributes say what was compared and what is to be said about it."""
    terms = terms.of(*TERMS)
    key = _key("hot spots", session, county, KINDS, terms)
    return _cache.get(key, lambda: _hot_spots(session, county, terms))


def hot_grids(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """Every grid of `frames.grids` with ``incidents``, ``around``, ``z``, adjusted ``p``, ``hot`` and ``simulated``."""
    terms = terms.of(*TERMS)
    key = _key("hot grids", session, county, ("incidents", "grids"), terms)
    return _cache.get(key, lambda: _compared_grids(session, county, terms, _placed(session, county, terms)))


def _hot_spots(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    meant = incident_columns.chosen(session, county, terms)
    placed = meant.take(meant.placed)
    compared = (_compared_grids if terms.unit == "grids" else _compared_cells)(session, county, terms, placed)
    hot = compared[compared["hot"].to_numpy(dtype=bool)]
    # The middle of a village is no place that incidents come back to; a market that callers name is.
    found = hot if len(hot) else _places(placed.take(placed.named), county)
    shown = found[[*COLUMNS, "geometry"]].reset_index(drop=True)
    shown.attrs[NOTICE] = None if len(hot) else _notice(meant, compared, found, terms)
    shown.attrs[FACTS] = {
        **compared.attrs,
        "compared": len(compared),
        "hot": len(hot),
        "incidents": len(placed),
        "hot_incidents": int(hot["incidents"].sum()),
        "unplaced": len(meant) - len(placed),
    }
    shown.attrs.update(incident_columns.said(meant, terms))
    return shown


def _compared_cells(session: Session, county: County, terms: Terms, placed: Incidents) -> GeoDataFrame:
    # Where incidents ever were, not where the chosen ones are: else every cell has one and none stands out.
    every = incident_columns.of_area(session, county, terms)
    area = np.concatenate([_street_points(session, county, terms), every.xy[every.exact]])
    proposed = cell_size(placed.xy[placed.exact], area)
    cell_m = proposed if terms.bandwidth_m is None else max(terms.bandwidth_m, SMALLEST_CELL_M)
    # A cell is judged with the eight around it, which reach a cell's side further.
    known = placed.take(placed.within(cell_m))
    found = hot_cells(known.xy, area, cell_m)
    made_up = np.bincount(found.of_incident[known.simulated], minlength=len(found.count)) > 0
    ids = [f"{column}/{row}" for column, row in zip(found.column.tolist(), found.row.tolist(), strict=True)]
    values = {"id": ids, "incidents": found.count, "around": found.around, "z": found.z, "p": found.p, "hot": found.hot}
    table = _table(values, "cell").assign(simulated=made_up)
    compared = GeoDataFrame(table, geometry=found.polygons(), crs=county.metric_srid).to_crs(4326)
    compared.attrs.update(cell_m=cell_m, proposed_m=proposed, rough=len(placed) - len(known))
    return compared


def _compared_grids(session: Session, county: County, terms: Terms, placed: Incidents) -> GeoDataFrame:
    grids = frames.grids(session, county, terms)
    shapes = grids.geometry.to_crs(county.metric_srid)
    placed = grid_incidents.on_grids(session, county, terms, grids, placed)
    position, rough = grid_of(placed, grids["stable_id"].to_numpy(), shapes)
    inside = position >= 0
    count = np.bincount(position[inside], minlength=len(grids))
    found = hot_areas(count, shapes)
    made_up = np.bincount(position[inside & placed.simulated], minlength=len(grids)) > 0
    compared = grids.assign(
        kind="grid", incidents=count, around=found.around, z=found.z, p=found.p, hot=found.hot, simulated=made_up,
        first=None, last=None,
    )  # fmt: skip
    compared.attrs["rough"] = rough
    return compared


def _places(placed: Incidents, county: County) -> GeoDataFrame:
    found = repeat_places(placed.xy, placed.begin)
    ids = [f"{x:.1f}/{y:.1f}" for x, y in found.xy.tolist()]
    values = {"id": ids, "incidents": found.count, "first": iso_minutes(found.first), "last": iso_minutes(found.last)}
    # Which of them were made up is no longer known: the whole list says so when any was.
    table = _table(values, "place").assign(simulated=bool(placed.simulated.any()))
    return GeoDataFrame(table, geometry=shapely.points(found.xy), crs=county.metric_srid).to_crs(4326)


def _table(values: dict[str, object], kind: str) -> pd.DataFrame:
    """These columns, the kind, and nothing in the others of the layer."""
    table = pd.DataFrame(values).assign(kind=kind)
    return table.assign(**{name: None for name in COLUMNS if name not in table.columns})


def _notice(meant: Incidents, compared: GeoDataFrame, places: GeoDataFrame, terms: Terms) -> str:
    if not len(meant):
        return NONE_MEANT
    if not meant.placed.any():
        return NONE_PLACED
    if terms.unit == "grids" and not len(compared):
        return NO_GRIDS
    return CHANCE[terms.unit] if len(places) else NOTHING


def _placed(session: Session, county: County, terms: Terms) -> Incidents:
    meant = incident_columns.chosen(session, county, terms)
    return meant.take(meant.placed)


def _street_points(session: Session, county: County, terms: Terms) -> np.ndarray:
    """Places along the streets of the area, near each other, in metres: where incidents could be."""

    def read() -> np.ndarray:
        lines = frames.streets(session, county, terms).geometry.to_crs(county.metric_srid).to_numpy()
        return shapely.get_coordinates(shapely.segmentize(lines, STREET_STEP_M))

    terms = terms.of("area_ids")
    return _streets.get(_key("street points", session, county, ("streets",), terms), read)


def iso_minutes(seconds: np.ndarray) -> list[str | None]:
    """Seconds of the county's clock as ISO text to the minute, None for NaN."""
    times = [None if np.isnan(at) else datetime.fromtimestamp(at, UTC) for at in seconds.tolist()]
    return [None if at is None else at.replace(tzinfo=None).isoformat(timespec="minutes") for at in times]


def _key(what: str, session: Session, county: County, kinds: tuple[str, ...], terms: Terms) -> tuple[Hashable, ...]:
    url = str(session.get_bind().engine.url)
    return what, url, scope_key(session), county.id, versions(session, county.id, kinds), terms
