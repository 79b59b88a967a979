"""The registry that `layers.catalogue` names its frames by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames, patrol_state
from geo_app.queries.terms import Terms

Read = Callable[[Session, County, Terms], GeoDataFrame]


@dataclass(frozen=True)
class Source:
    """How a frame is read, and the kinds of `data_version` on which it depends."""

    kinds: tuple[str, ...]
    read: Read

    def __call__(self, session: Session, county: County, terms: Terms) -> GeoDataFrame:
        """The frame in EPSG:4326 with the columns that its layer draws; what the session's scope sees of it."""
        return self.read(session, county, terms)


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "streets": Source(("streets",), frames.streets),
        "grids": Source(("grids",), frames.grids),
        "incidents": Source(("incidents",), frames.incidents),
        "patrol_routes": Source(("routes", "teams"), frames.patrol_routes),
        "cameras": Source(("cameras",), frames.cameras),
        "patrol_coverage": Source(patrol_state.COVERAGE_KINDS, patrol_state.patrol_coverage),
        "patrol_gaps": Source(patrol_state.GAP_KINDS, patrol_state.patrol_gaps),
        "unseen_streets": Source(patrol_state.COVERAGE_KINDS, patrol_state.patrol_coverage),
    }
)
