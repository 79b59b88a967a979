"""What a plan of routes sees of the pieces, and what one more route would add: only what it touches is computed anew."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from layers.patrols.coverage import covered_length, share_of, share_of_length
from layers.patrols.presence import hours_without, visits_of
from layers.patrols.sight import SIGHT_M, Pieces, Sightings, sightings


@dataclass(frozen=True, eq=False)
class Addition:
    """What one more route changes: positions of the pieces that it has in sight, for each of them the share seen and
    the longest time without a patrol in hours, by the plan and this route together, and the share seen by this route
    alone.
    """

    piece: np.ndarray
    share_seen: np.ndarray
    hours_without: np.ndarray
    own_share: np.ndarray


@dataclass(frozen=True, eq=False)
class Plan:
    """Routes over pieces: the share seen of each piece, 0..1, and its longest time without a patrol in hours, infinite
    for never; with what is needed to ask for one more route."""

    pieces: Pieces
    sight_m: float
    share_seen: np.ndarray
    hours_without: np.ndarray
    _piece: np.ndarray  # of each interval in sight, ascending
    _low: np.ndarray
    _high: np.ndarray
    _visited: np.ndarray  # piece of each visit, ascending
    _hour: np.ndarray

    @classmethod
    def of(cls, pieces: GeoSeries | Pieces, routes: GeoDataFrame, sight_m: float = SIGHT_M) -> "Plan":
        """Compute a plan. routes: lines in the pieces' CRS with `departures` (hours of the day) and `speed_mps`.

        Raises CoordinateError, FrameError and ParameterError as `sightings` and `planned_visits` do.
        """
        ready = Pieces.of(pieces)
        found = sightings(ready, routes.geometry, sight_m)
        visits = visits_of(ready, routes, found, sight_m)
        visited = ready.series.index.get_indexer(pd.Index(visits["piece"]))
        order, later = np.argsort(found.piece, kind="stable"), np.argsort(visited, kind="stable")
        return cls(
            ready,
            sight_m,
            share_of(ready, found),
            hours_without(visits, ready.series.index),
            found.piece[order],
            found.low[order],
            found.high[order],
            visited[later],
            visits["hour"].to_numpy(dtype=float)[later],
        )

    def with_route(self, route: GeoDataFrame) -> Addition:
        """Return what one more route changes; a frame of one row as in `of`. Raises as `of`."""
        found = sightings(self.pieces, route.geometry, self.sight_m)
        touched = np.unique(found.piece)
        visits = visits_of(self.pieces, route, found, self.sight_m)
        return Addition(
            touched,
            self._share(touched, found),
            self._hours(touched, visits),
            share_of(self.pieces, found)[touched],
        )

    def _share(self, touched: np.ndarray, found: Sightings) -> np.ndarray:
        rows, of_row = _members(self._piece, touched)
        group = np.concatenate([of_row, np.searchsorted(touched, found.piece)])
        low, high = np.concatenate([self._low[rows], found.low]), np.concatenate([self._high[rows], found.high])
        covered = covered_length(group, low, high, len(touched))
        return share_of_length(covered, self.pieces.length_m[touched], np.ones(len(touched), dtype=bool))

    def _hours(self, touched: np.ndarray, visits: pd.DataFrame) -> np.ndarray:
        rows, _ = _members(self._visited, touched)
        labels = self.pieces.series.index
        both = pd.DataFrame(
            {
                "piece": np.concatenate([labels.to_numpy()[self._visited[rows]], visits["piece"].to_numpy()]),
                "hour": np.concatenate([self._hour[rows], visits["hour"].to_numpy(dtype=float)]),
            }
        )
        return hours_without(both, labels[touched])


def _members(group: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of an ascending column that have one of the wanted values, and the position of that value."""
    first, after = np.searchsorted(group, wanted, side="left"), np.searchsorted(group, wanted, side="right")
    number = after - first
    of_row = np.repeat(np.arange(len(wanted)), number)
    start = np.cumsum(number) - number
    return np.repeat(first - start, number) + np.arange(number.sum()), of_row
