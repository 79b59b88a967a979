"""How dense the chosen incidents are, as one surface over the county or the area chosen.

The box and the proposed bandwidth come from all incidents there, of all times and categories: the picture keeps its
place and its meaning while a period moves. Kept in the process by all that a surface depends on, the scope above all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pyproj import CRS
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import incident_columns
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions
from layers.base import DATES
from layers.catalogue.density import COLUMNS
from layers.incidents.bandwidth import cell_size, proposed_bandwidth
from layers.incidents.choice import Choice, Incidents
from layers.incidents.density import Surface
from layers.incidents.spread import spread_surface

KINDS = incident_columns.KINDS
TERMS = ("area_ids", "choice", "bandwidth_m")
DAYS_A_MONTH = 30.4375
_cache: Kept[GeoDataFrame] = Kept(8)


def density(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """What the layer density draws: one row with the Surface of the chosen incidents; none in an area without any.

    Its geometry is the box of all placed incidents of the area in EPSG:4326, missing when none has a place.
    """
    url = str(session.get_bind().engine.url)
    asked = tuple(getattr(terms, name) for name in TERMS)
    key = (url, scope_key(session), county.id, county.metric_srid, versions(session, county.id, KINDS), asked)
    return _cache.get(key, lambda: _density(session, county, terms))


def _density(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    everything = incident_columns.of_area(session, county, terms)
    chosen = everything.take(everything.chosen(terms.choice))
    placed = chosen.take(chosen.placed)
    # Middles of villages and of roads, each with many incidents, say nothing of how these are scattered.
    spread = everything.exact if everything.exact.any() else everything.placed
    surface, box, proposal = None, None, proposed_bandwidth(everything.xy[spread])
    if everything.placed.any():
        bandwidth = terms.bandwidth_m or proposal.metres
        surface = _surface(everything.xy[everything.placed], placed, bandwidth)
        months = _months(everything, chosen, terms)
        surface = surface if months is None else surface.per_month(months)
        box = shapely.box(*np.nanmin(everything.lonlat, axis=0), *np.nanmax(everything.lonlat, axis=0))
    row = (surface, proposal, len(placed), len(chosen) - len(placed), int(placed.simulated.sum()))
    rows = min(len(everything), 1)
    columns = {name: [value] * rows for name, value in zip(COLUMNS, row, strict=True)}
    found = GeoDataFrame(columns, geometry=[box] * rows, crs=4326)
    found.attrs.update(incident_columns.said(chosen, terms))
    found.attrs[DATES] = _period(everything, terms)  # by whose months the values are divided
    return found


def _surface(everywhere: np.ndarray, placed: Incidents, bandwidth_m: float) -> Surface:
    # Not by the radii of rough places: what they leave open beyond the county's edge is not where its incidents are.
    west, south = (everywhere.min(axis=0) - bandwidth_m).tolist()
    east, north = (everywhere.max(axis=0) + bandwidth_m).tolist()
    bounds = (west, south, east, north)
    cell_m = cell_size(bounds, bandwidth_m)
    crs = CRS.from_user_input(placed.crs)
    return spread_surface(placed.xy, placed.radius_m, None, bandwidth_m, cell_m, bounds, crs=crs)


def _months(everything: Incidents, chosen: Incidents, terms: Terms) -> float | None:
    """The length of the period in months; None where most of what is chosen has no time.

    Without a period it lasts from the first to the last of all incidents, whatever the other filters leave of them.
    """
    if not len(chosen) or np.isnan(chosen.day).mean() > 0.5:
        return None
    period = _period(everything, terms)
    return None if period is None else ((period[1] - period[0]).days + 1) / DAYS_A_MONTH


def _period(everything: Incidents, terms: Terms) -> tuple[date, date] | None:
    """The period without its days after the last of all incidents: of a month that still runs they are not known yet."""
    found: tuple[date, date] | None = incident_columns.period(everything, terms)
    known = incident_columns.period(everything, replace(terms, choice=Choice()))
    if found is None or known is None or known[1] < found[0]:
        return found
    return found[0], min(found[1], known[1])
