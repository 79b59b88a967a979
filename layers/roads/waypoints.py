"""A line along streets as the few places through which the shortest way gives it again, so that it can be edited."""

from itertools import pairwise

import numpy as np
import shapely
from shapely.ops import substring

from layers.errors import NoPathError
from layers.roads.network import Network
from layers.roads.routing import Spot, leg, snap, way_through

TOLERANCE_M = 20.0
STEP_M = 50.0


def waypoints(network: Network, line: shapely.LineString, tolerance_m: float = TOLERANCE_M) -> np.ndarray:
    """Return places (k, 2), easting and northing in metres, from the begin of the line to its end.

    line: in the network's metres. Between two places the shortest way along the streets stays within `tolerance_m` of
    the line and is as long; where no way does, the places are at most STEP_M apart. Ask `gives_again` how well the
    whole was met. Raises NoPathError when the network has no streets.
    """
    along = _stops(line)
    places = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    spots = snap(network, places)
    kept = [0]
    while kept[-1] < len(spots) - 1:
        kept.append(_furthest(network, line, along, spots, kept[-1], tolerance_m))
    return places[kept]


def gives_again(
    network: Network, places: np.ndarray, line: shapely.LineString, tolerance_m: float = TOLERANCE_M
) -> bool:
    """Return whether the shortest way through the places stays within `tolerance_m` of the line, and the line of it.

    places: (k, 2) metres. Raises NoPathError when the network has no streets.
    """
    way = way_through(network, snap(network, places))
    found = way.line
    if found is None or way.broken:
        return False
    return bool(
        shapely.hausdorff_distance(found, line) <= tolerance_m
        and abs(found.length - line.length) <= tolerance_m + 0.02 * line.length
    )


def _stops(line: shapely.LineString) -> np.ndarray:
    """Metres along the line to its vertices, and to places between those that are far apart."""
    steps = np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T)
    ends = np.concatenate([[0.0], np.cumsum(steps)])
    cuts = [np.linspace(low, high, int(np.ceil((high - low) / STEP_M)) + 1) for low, high in pairwise(ends)]
    return np.unique(np.concatenate([ends[:1], *cuts]))


def _furthest(
    network: Network, line: shapely.LineString, along: np.ndarray, spots: list[Spot], begin: int, tolerance_m: float
) -> int:
    """The furthest stop to which the shortest way follows the line; at least the next."""

    def follows(stop: int) -> bool:
        """Whether the shortest way to a stop is the line's own."""
        section = substring(line, along[begin], along[stop])
        try:
            run = leg(network, spots[begin], spots[stop])
        except NoPathError:
            return False
        found = shapely.LineString(run)
        as_long = abs(found.length - section.length) <= tolerance_m
        return bool(as_long and shapely.hausdorff_distance(found, section) <= tolerance_m)

    reached, stride = begin + 1, 1
    while reached + stride < len(spots) and follows(reached + stride):
        reached += stride
        stride *= 2
    # Between what was reached and what was too far, by halves.
    too_far = min(reached + stride, len(spots))
    while too_far - reached > 1:
        middle = (reached + too_far) // 2
        reached, too_far = (middle, too_far) if follows(middle) else (reached, middle)
    return reached
