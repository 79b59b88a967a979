"""How much of each street piece is seen from patrol paths."""

import numpy as np
from geopandas import GeoSeries

from layers.patrols.sight import SIGHT_M, Pieces, Sightings, sightings

SEEN_FROM = 0.9  # a piece counts as seen from this share of its length
ROUNDING = 1e-9


def share_seen(pieces: GeoSeries | Pieces, paths: GeoSeries, sight_m: float = SIGHT_M) -> np.ndarray:
    """Return for each piece the share of its length, 0..1, within `sight_m` of any of the paths.

    pieces: lines in projected metres, or `Pieces` when many questions are asked of the same ones. paths:
    lines in the same CRS. A piece without length is seen (1) or not (0). No paths: zeros.
    Raises CoordinateError on degrees or on two systems, FrameError on what is no line, ParameterError on a
    bad distance.
    """
    ready = Pieces.of(pieces)
    return share_of(ready, sightings(ready, paths, sight_m))


def is_seen(share: np.ndarray) -> np.ndarray:
    """Return whether each share, 0..1, is enough for a piece to count as seen."""
    return np.asarray(share) >= SEEN_FROM - ROUNDING


def share_of(pieces: Pieces, found: Sightings) -> np.ndarray:
    """Return for each piece the share of its length that the sightings cover together."""
    covered = covered_length(found.piece, found.low, found.high, len(pieces.length_m))
    touched = np.bincount(found.piece, minlength=len(pieces.length_m)) > 0
    return share_of_length(covered, pieces.length_m, touched)


def share_of_length(covered: np.ndarray, length_m: np.ndarray, touched: np.ndarray) -> np.ndarray:
    """Return covered ÷ length in 0..1; what has no length is covered when it was touched."""
    flat = length_m <= 0
    share = np.where(flat, touched.astype(float), covered / np.where(flat, 1.0, length_m))
    return np.clip(share, 0.0, 1.0)


def covered_length(group: np.ndarray, low: np.ndarray, high: np.ndarray, n: int) -> np.ndarray:
    """Return the length of the union of intervals [low, high] in each of n groups, low >= 0, in their own unit."""
    if not len(group):
        return np.zeros(n)
    # Each group gets a stretch of one long line of its own: one sort and one running maximum serve all.
    stretch = high.max() + 1.0
    order = np.argsort(group * stretch + low, kind="stable")
    begin, finish = (group * stretch + low)[order], (group * stretch + high)[order]
    before = np.concatenate([[-np.inf], np.maximum.accumulate(finish)[:-1]])
    new = np.maximum(0.0, finish - np.maximum(begin, before))
    return np.bincount(group[order], weights=new, minlength=n)
