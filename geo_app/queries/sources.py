"""The registry that `layers.catalogue` names its frames by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import (
    density,
    frames,
    grid_versions,
    hot_spots,
    hot_streets,
    incident_points,
    patrol_state,
    repeats,
    waters,
)
from geo_app.queries.terms import Terms
from layers.large import VIEW

Read = Callable[[Session, County, Terms], GeoDataFrame]


@dataclass(frozen=True)
class Source:
    """How a frame is read, the kinds of `data_version` on which it depends, and the terms; None: all of them."""

    kinds: tuple[str, ...]
    read: Read
    hangs_on: tuple[str, ...] | None = None

    def terms(self, asked: Terms) -> Terms:
        """The terms without those that change nothing here: streets stay what they are when the period moves."""
        return asked if self.hangs_on is None else asked.of(*self.hangs_on)

    def __call__(self, session: Session, county: County, terms: Terms) -> GeoDataFrame:
        """The frame in EPSG:4326 with the columns that its layer draws; what the session's scope sees of it."""
        return self.read(session, county, terms)


@dataclass(frozen=True)
class Lines(Source):
    """A source of lines that may be many: all of them are read, and what the box needs of them is drawn."""

    def __call__(self, session: Session, county: County, terms: Terms) -> GeoDataFrame:
        """The frame of the whole county, with the box as its view: numbers of the legend stay those of the whole."""
        found = self.read(session, county, replace(terms, box=None)).copy(deep=False)
        found.attrs[VIEW] = terms.box
        return found


PLACE = ("area_ids", "box")
SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "streets": Lines(patrol_state.STREET_KINDS, patrol_state.streets, patrol_state.STREET_TERMS),
        "waters": Lines(waters.KINDS, waters.waters, waters.TERMS),
        "grids": Source(("grids",), grid_versions.drawn, PLACE),
        "incidents": Source(("incidents",), incident_points.incident_points, (*PLACE, "choice")),
        "patrol_routes": Source(("routes", "teams"), frames.patrol_routes, (*PLACE, "routes")),
        "cameras": Source(("cameras",), frames.cameras, PLACE),
        "patrol_coverage": Lines(
            patrol_state.COVERAGE_KINDS, patrol_state.patrol_coverage, patrol_state.COVERAGE_TERMS
        ),
        "patrol_gaps": Lines(patrol_state.GAP_KINDS, patrol_state.patrol_gaps, patrol_state.GAP_TERMS),
        "unseen_streets": Lines(patrol_state.COVERAGE_KINDS, patrol_state.patrol_coverage, patrol_state.COVERAGE_TERMS),
        "density": Source(density.KINDS, density.density, density.TERMS),
        "hot_spots": Source(hot_spots.KINDS, hot_spots.hot_spots, hot_spots.TERMS),
        "hot_streets": Source(hot_streets.KINDS, hot_streets.hot_streets, hot_streets.TERMS),
        "repeat_places": Source(repeats.KINDS, repeats.repeat_places, repeats.TERMS),
    }
)
