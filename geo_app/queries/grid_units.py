"""What is counted in grids, as points with numbers: homes, addresses, incidents, cameras, key places.

Kept in the process while nothing of it changes: a boundary that is dragged asks many times a second.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import grid_homes, incident_columns
from geo_app.queries.kept import Kept
from geo_app.queries.packed_points import POINT, points
from geo_app.queries.visible import scope_key, versions
from grid_boundaries.impact import Units
from layers.incidents.choice import Choice, Incidents

KINDS = (*grid_homes.KINDS, "incidents", "cameras", "places")
YEAR_DAYS = 365
_kept: Kept[GridUnits] = Kept(4)


@dataclass(frozen=True, eq=False)
class GridUnits:
    """``units``: all things at once, with households, people, addresses, incidents, cameras and places as columns;
    households and people are missing where nobody knows them. ``is_address`` marks addresses; ``category`` is that of
    each incident, a position in ``categories``, −1 for what is none. ``households_from``: see `grid_homes`.
    """

    units: Units
    is_address: np.ndarray
    category: np.ndarray
    categories: tuple[str, ...]
    households_from: str | None

    def within(self, box: tuple[float, float, float, float]) -> GridUnits:
        """Those in a box: west, south, east, north in degrees."""
        chosen = np.sort(self.units.tree.query(shapely.box(*box), predicate="intersects"))
        of, radius = self.units, self.units.radius_m
        columns = {name: column[chosen] for name, column in of.columns.items()}
        return GridUnits(
            Units(of.points[chosen], columns, None if radius is None else radius[chosen]),
            self.is_address[chosen],
            self.category[chosen],
            self.categories,
            self.households_from,
        )


def units(session: Session, county: County, day: date) -> GridUnits:
    """What the session's scope sees on a day; incidents are the valid and placed ones of the 365 days up to it."""
    return _kept.get(key(session, county, KINDS, day), lambda: _read(session, county, day))


def key(session: Session, county: County, kinds: tuple[str, ...], day: date) -> tuple[Hashable, ...]:
    """Everything that these kinds of things on a day hang on."""
    who = (str(session.get_bind().engine.url), scope_key(session), county.id, county.metric_srid, county.time_zone)
    return (*who, versions(session, county.id, kinds), day)


def _read(session: Session, county: County, day: date) -> GridUnits:
    addresses = points(session, county, day, "address")[POINT]
    homes = grid_homes.homes(session, county, day, addresses)
    incidents = _of_the_year(session, county, day)
    parts = {
        "homes": homes.points,
        "addresses": addresses,
        "incidents": shapely.points(incidents.lonlat),
        "cameras": points(session, county, day, "camera")[POINT],
        "places": points(session, county, day, "place", where="is_key")[POINT],
    }
    end = np.cumsum([len(part) for part in parts.values()])
    stretch = {
        name: slice(last - len(part), last) for (name, part), last in zip(parts.items(), end.tolist(), strict=True)
    }

    def column(name: str, values: Any, otherwise: float = 0.0) -> np.ndarray:
        found = np.full(int(end[-1]), otherwise)
        found[stretch[name]] = values
        return found

    columns = {name: column(name, 1.0) for name in parts if name != "homes"}
    for name in grid_homes.COUNTED:
        known = getattr(homes, name)
        if not np.isnan(known).all():
            columns[name] = column("homes", known)
    rough = np.where(incidents.exact, 0.0, np.nan_to_num(incidents.radius_m, nan=np.inf))
    return GridUnits(
        Units(np.concatenate(list(parts.values())), columns, column("incidents", rough)),
        columns["addresses"] > 0,
        column("incidents", incidents.category, -1).astype(int),
        incidents.categories,
        homes.known_from,
    )


def _of_the_year(session: Session, county: County, day: date) -> Incidents:
    found = incident_columns.incidents(session, county)
    year = Choice(since=day - min(timedelta(days=YEAR_DAYS - 1), day - date.min), until=day)
    return found.take(found.chosen(year) & found.placed)
