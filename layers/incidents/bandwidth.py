"""How wide the kernel of a density is when nobody chose, and how wide its cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import ArrayLike

from layers.base import N_
from layers.errors import ParameterError
from layers.incidents.density import MAX_SIDE, Bounds

WITHOUT_SPREAD_M = 200.0
NARROWEST_M, WIDEST_M = 50.0, 20_000.0
# Cells within a bandwidth: as many as keep the binning's error under 1 %, and as few as still make a round spot.
FINE, ROUGH = 12, 6
SIDE = 512  # cells along the longer side of a surface, unless that would be too rough

RULE = N_(
    "Rule of thumb for %(n)d incidents: 0.9 × %(spread_m)d m × n^(−1/5), rounded. %(spread_m)d m is the smaller of the "
    "standard distance, %(standard_m)d m, and 1.2 times the median distance from the mean centre, %(median_m)d m."
)
NO_SPREAD = N_(
    "The incidents stand at one place only, so there is no spread to go by; %(proposed_m)d m is a usual start."
)


@dataclass(frozen=True)
class Proposal:
    """A bandwidth in metres; `reason` is a message id whose placeholders, %(name)s, `values` fills."""

    metres: float
    reason: str
    values: Mapping[str, float]


def proposed_bandwidth(xy: ArrayLike) -> Proposal:
    """Return a bandwidth for the quartic kernel, in steps of 50 m under 500 m and of 100 m above.

    xy: n×2 projected metres; rows with NaN are left out. Between 50 m and 20 km; 200 m where there is no spread
    to go by (no case, one, all at one place).
    Source: Silverman's rule of thumb (1986, equation 3.31) carried over to two dimensions with standard distance
    and median distance, as desktop GIS do; the median keeps a few far cases from widening the kernel.
    """
    points = np.asarray(xy, dtype=float).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    n = len(points)
    distance = np.hypot(*(points - points.mean(axis=0)).T) if n else np.zeros(1)
    standard = float(np.sqrt((distance**2).mean()))
    median = float(np.median(distance)) * sqrt(1 / log(2))
    # More than half of all cases at one place have no median distance, yet a spread.
    spread = min(standard, median) if median > 0 else standard
    if spread < 1:  # a metre: less is one place, measured twice
        return Proposal(WITHOUT_SPREAD_M, NO_SPREAD, {"n": n, "proposed_m": WITHOUT_SPREAD_M})
    metres = min(max(friendly(0.9 * spread * n**-0.2), NARROWEST_M), WIDEST_M)
    spreads = {"spread_m": round(spread), "standard_m": round(standard), "median_m": round(median)}
    return Proposal(metres, RULE, {"n": n, "proposed_m": metres, **spreads})


def friendly(metres: float) -> float:
    """The nearest multiple of 50 m under 500 m, of 100 m above."""
    step = 50 if metres < 500 else 100
    return float(step * round(metres / step))


def cell_size(bounds: Bounds, bandwidth_m: float) -> float:
    """Return the side of a cell in metres for a surface over these bounds (west, south, east, north in metres).

    A twelfth of the bandwidth, wider where that would be more than 512 cells along the longer side; a sixth, where
    it would become wider than that; and never more than 1024 cells, however narrow the bandwidth is.
    Raises ParameterError when the bandwidth or a side is not positive.
    """
    west, south, east, north = bounds
    longer = max(east - west, north - south)
    if not (bandwidth_m > 0 and np.isfinite(bandwidth_m) and longer > 0 and np.isfinite(longer)):
        raise ParameterError(f"bandwidth and bounds must be positive, got {bandwidth_m} and {bounds}")
    cell = max(bandwidth_m / FINE, longer / SIDE)
    return cell if cell <= bandwidth_m / ROUGH else max(bandwidth_m / ROUGH, longer / MAX_SIDE)
