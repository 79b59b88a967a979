"""How much of each street piece is seen by cameras, by patrols, and by either.

Both see intervals along the straight parts of a piece; what either sees is the union of the intervals, so nothing
is counted twice and nothing that meets end to end is lost.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoSeries

from layers.coordinates import require_same_crs
from layers.errors import FrameError
from layers.patrols.coverage import covered_length, share_of, share_of_length
from layers.patrols.sight import SIGHT_M, Pieces, Segments, sightings
from layers.stretches import inside, stretches


@dataclass(frozen=True, eq=False)
class Seen:
    """For each piece the share of its length, 0..1, that patrols see, cameras see, and neither sees."""

    patrol: np.ndarray
    camera: np.ndarray
    neither: np.ndarray


@dataclass(frozen=True, eq=False)
class Intervals:
    """Pieces by position, and from where to where along each (metres) it is seen. They may overlap."""

    piece: np.ndarray
    low: np.ndarray
    high: np.ndarray


def seen_by(pieces: GeoSeries | Pieces, paths: GeoSeries, fields: GeoSeries, sight_m: float = SIGHT_M) -> Seen:
    """Return what patrols on the paths and cameras with these fields of view see of each piece.

    pieces, paths: lines in one projected CRS in metres. fields: polygons in the same CRS, one a camera, not cut by
    buildings (`cameras.sight`); empty ones see nothing. The patrol's share is that of `patrols.coverage.share_seen`.
    A piece without length is seen by patrols (1) or not (0), and by no camera.
    Raises CoordinateError on degrees or on two systems, FrameError on other geometries, ParameterError on a bad
    distance.
    """
    ready = Pieces.of(pieces)
    walked = sightings(ready, paths, sight_m)
    watched = camera_intervals(ready, fields)
    n = len(ready.length_m)
    both = [np.concatenate([getattr(walked, name), getattr(watched, name)]) for name in ("piece", "low", "high")]
    either = _share(ready, Intervals(*both), n)
    return Seen(share_of(ready, walked), _share(ready, watched, n), 1.0 - either)


def camera_intervals(pieces: Pieces, fields: GeoSeries) -> Intervals:
    """Return the intervals of the pieces that lie in a field of view. Raises as `seen_by`."""
    require_same_crs(pieces.series, fields, "pieces and fields of view")
    shapes = fields.to_numpy()
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not np.isin(shapely.get_type_id(shapes), (3, 6)).all():
        raise FrameError("fields of view: every geometry must be a polygon")
    if not len(shapes):
        return Intervals(np.zeros(0, dtype=int), np.zeros(0), np.zeros(0))
    parts = stretches(pieces.segments, Segments.of(shapely.boundary(shapes)))
    row = np.unique(inside(shapes, parts.middles(pieces.segments))[0])
    segment = parts.segment[row]
    origin = pieces.segments.along[segment]
    return Intervals(pieces.segments.line[segment], origin + parts.low[row], origin + parts.high[row])


def _share(pieces: Pieces, found: Intervals, n: int) -> np.ndarray:
    touched = np.bincount(found.piece, minlength=n) > 0
    return share_of_length(covered_length(found.piece, found.low, found.high, n), pieces.length_m, touched)
