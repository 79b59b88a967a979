"""When planned patrols pass each street piece, and how long it stays without one."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from layers.errors import FrameError, ParameterError
from layers.patrols.coverage import covered_length, is_seen, share_of_length
from layers.patrols.sight import SIGHT_M, Pieces, Sightings, sightings

DAY_HOURS = 24.0
SECONDS = 3600.0


def planned_visits(pieces: GeoSeries | Pieces, routes: GeoDataFrame, sight_m: float = SIGHT_M) -> pd.DataFrame:
    """Return when each piece is visited by a plan that repeats daily.

    pieces: lines in projected metres. routes: lines in the same CRS with `departures` (sequence of hours of
    the day as numbers, 8.5 is half past eight) and `speed_mps` (metres a second). sight_m: metres.
    A visit is one pass of a route from which at least nine tenths of the piece are in sight; a route that
    comes back later visits again. Its time is when the patrol is half-way through the pass.
    Returns columns piece (label of the piece) and hour (since midnight of the day of departure, so it may
    pass 24). Raises CoordinateError, FrameError and ParameterError as `sightings` does, and on missing
    columns or bad speeds.
    """
    ready = Pieces.of(pieces)
    return visits_of(ready, routes, sightings(ready, routes.geometry, sight_m), sight_m)


def visits_of(pieces: Pieces, routes: GeoDataFrame, found: Sightings, sight_m: float) -> pd.DataFrame:
    """Return the visits that sightings from the routes amount to; columns as in `planned_visits`."""
    speed, departures = _plan(routes)
    if not len(found.piece):
        return pd.DataFrame({"piece": pieces.series.index[:0], "hour": np.zeros(0)})
    piece, route, middle = _passes(pieces, found, sight_m)
    times = departures[route]
    number = np.array([len(hours) for hours in times], dtype=int)
    hour = np.concatenate([np.zeros(0), *times]) + np.repeat(middle / speed[route] / SECONDS, number)
    return pd.DataFrame({"piece": pieces.series.index[np.repeat(piece, number)], "hour": hour})


def _passes(pieces: Pieces, found: Sightings, sight_m: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Piece and path of each pass from which enough of the piece is seen, and its middle along the path in metres."""
    order = np.lexsort((found.path_low, found.piece, found.path))
    piece, path = found.piece[order], found.path[order]
    appears, vanishes = found.path_low[order], found.path_high[order]
    pair = np.concatenate([[0], np.cumsum((piece[1:] != piece[:-1]) | (path[1:] != path[:-1]))])
    # One long line for all pairs, with room between them: the gap before a pair is always wide enough for a new pass.
    away = 2 * sight_m  # out of sight for longer than it takes to cross the sight circle
    offset = pair * (vanishes.max() + away + 1.0)
    until = np.maximum.accumulate(vanishes + offset)
    new = np.concatenate([[True], (appears + offset)[1:] - until[:-1] > away])
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(new)) - 1
    covered = covered_length(np.cumsum(new) - 1, found.low[order], found.high[order], len(first))
    share = share_of_length(covered, pieces.length_m[piece[first]], np.ones(len(first), dtype=bool))
    enough = is_seen(share)
    middle = (appears[first] + (until - offset)[last]) / 2
    return piece[first][enough], path[first][enough], middle[enough]


def revisit_interval(hours: Sequence[float] | np.ndarray, start: float, end: float) -> float:
    """Return the longest time without a visit between start and end, both counted, in the unit of `hours`.

    Visits outside the window count for nothing. Raises ParameterError when the window has no length.
    """
    if not end > start:
        raise ParameterError(f"the window must end after it starts, got {start} to {end}")
    times = np.asarray(hours, dtype=float)
    inside = np.sort(times[(times >= start) & (times <= end)])
    return float(np.diff(np.concatenate([[start], inside, [end]])).max())


def hours_without(visits: pd.DataFrame, pieces: pd.Index) -> np.ndarray:
    """Return for each piece the longest time without a visit, in hours, of a plan that repeats every day.

    visits: columns piece and hour, as `planned_visits` gives. pieces: the labels wanted, in the order wanted.
    Infinite for a piece that is never visited. The same as `revisit_interval` over two days, for all pieces.
    """
    place = pieces.get_indexer(pd.Index(visits["piece"]))
    known = place >= 0
    place, hour = place[known], visits["hour"].to_numpy(dtype=float)[known] % DAY_HOURS
    order = np.lexsort((hour, place))
    place, hour = place[order], hour[order]
    longest = np.full(len(pieces), np.inf)
    if not len(place):
        return longest
    first = np.flatnonzero(np.diff(place, prepend=-1))
    last = np.append(first[1:], len(place)) - 1
    following = np.append(hour[1:], 0.0)
    following[last] = hour[first] + DAY_HOURS  # the first visit of the next day
    longest[place[first]] = np.maximum.reduceat(following - hour, first)
    return longest


def _plan(routes: GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    missing = [name for name in ("departures", "speed_mps") if name not in routes.columns]
    if missing:
        raise FrameError(f"routes lack the columns {', '.join(missing)}")
    speed = routes["speed_mps"].to_numpy(dtype=float)
    if not (speed > 0).all():
        raise ParameterError("speed_mps must be positive for every route")
    departures = np.empty(len(routes), dtype=object)
    departures[:] = [np.atleast_1d(np.asarray(hours, dtype=float)) for hours in routes["departures"].tolist()]
    return speed, departures
