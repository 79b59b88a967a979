"""A density of incidents of which some are known to a radius only: each is spread over what its radius leaves open.

A place known to a radius r is taken to lie anywhere in the circle, evenly. That is a variance of r² ÷ 4 along each axis;
so is a normal distribution with 86 % inside. The density of such a place under a kernel is the kernel convolved with
the circle, and variances of a convolution add up. The quartic kernel has h² ÷ 8, the Gaussian h², so the kernel of the
same family with the right variance has the bandwidth √(h² + 2 r²) (quartic) or √(h² + r² ÷ 4) (Gaussian). Its mass is
that of one incident, as before.

A convolution for each radius would be slow: bandwidths lie on a ladder whose squares grow by half from rung to rung, and
an incident is shared between the two rungs around it so that its mass and its variance stay what they are. Wide kernels
are computed on wide cells and interpolated.
"""

from dataclasses import replace
from math import exp, sqrt

import numpy as np
from numpy.typing import ArrayLike
from pyproj import CRS

from layers.errors import ParameterError
from layers.incidents.density import CASES_WITHIN, SQUARE_KILOMETRE, Bounds, Kernel, Surface, density_surface

WIDENING = {"quartic": 2.0, "gaussian": 0.25}  # of the squared bandwidth, by the squared radius
RUNG = 1.5  # from one squared bandwidth to the next
FINE = 12  # cells within the bandwidth of a rung, unless the surface itself has fewer


def widened(bandwidth_m: float, radius_m: ArrayLike, kernel: Kernel = "quartic") -> np.ndarray:
    """Return the bandwidth in metres under which a place known to a radius (metres) counts."""
    found: np.ndarray = np.sqrt(bandwidth_m**2 + WIDENING[kernel] * np.asarray(radius_m, dtype=float) ** 2)
    return found


def spread_surface(
    xy: ArrayLike,
    radius_m: ArrayLike,
    weights: ArrayLike | None,
    bandwidth_m: float,
    cell_m: float,
    bounds: Bounds,
    *,
    kernel: Kernel = "quartic",
    crs: CRS | None = None,
) -> Surface:
    """Return the density of incidents in incidents per square kilometre, each spread over its radius.

    radius_m: one number a case in metres, 0 for an exact place. All else as of `density_surface`, whose surface it is
    where no radius is above 0. Of cases with a radius the surface's `cases` has the number that is to be expected.
    The ladder makes one case at most 4.2 % of its own peak too high; the cells err as those of `density_surface`.
    Raises ParameterError for a radius that is negative or none, and as `density_surface` does.
    """
    points = np.asarray(xy, dtype=float).reshape(-1, 2)
    radius = np.asarray(radius_m, dtype=float)
    if radius.shape == (len(points),) and not radius.any():
        return density_surface(points, weights, bandwidth_m, cell_m, bounds, kernel=kernel, crs=crs)
    placed = np.isfinite(points).all(axis=1)
    if radius.shape != placed.shape or not (np.isfinite(radius[placed]) & (radius[placed] >= 0)).all():
        raise ParameterError("every case needs a radius of 0 or more metres")
    weight = np.ones(len(points)) if weights is None else np.asarray(weights, dtype=float)
    if weight.shape != placed.shape:
        raise ParameterError(f"{len(points)} places need as many weights, got {weight.shape}")
    points, weight = points[placed], weight[placed]
    lower, upper_share = _rungs(widened(bandwidth_m, radius[placed], kernel), bandwidth_m)
    share = np.where(lower == 0, 1 - upper_share, 0.0)
    base = density_surface(points, weight * share, bandwidth_m, cell_m, bounds, kernel=kernel, crs=crs)
    values, expected = base.values.copy(), np.zeros_like(base.values)
    for rung in range(1, int(lower.max()) + 2):
        part = np.where(lower == rung, 1 - upper_share, np.where(lower == rung - 1, upper_share, 0.0))
        on = part > 0
        if not on.any():
            continue
        wide_m = bandwidth_m * sqrt(RUNG**rung)
        cases = _wide(base, points[on], part[on], wide_m)
        values += cases if weights is None else _wide(base, points[on], weight[on] * part[on], wide_m)
        expected += _inside(base, wide_m) * cases
    return replace(base, values=values, share=share, expected=expected)


def _rungs(bandwidth: np.ndarray, narrowest: float) -> tuple[np.ndarray, np.ndarray]:
    """The rung at or below each bandwidth, and the share of the rung above that keeps the variance."""
    squared = (bandwidth / narrowest) ** 2
    # A hair less than a rung is that rung: it would have a share of almost 1 of the next one.
    lower = np.floor(np.log(squared) / np.log(RUNG) + 1e-9).astype(np.intp)
    low = RUNG**lower
    return lower, np.clip((squared - low) / (low * (RUNG - 1)), 0.0, 1.0)


def _wide(base: Surface, points: np.ndarray, weight: np.ndarray, bandwidth_m: float) -> np.ndarray:
    """The density under a wider kernel on the cells of the base."""
    times = max(1, int(bandwidth_m / (FINE * base.cell_m)))
    cell = times * base.cell_m
    west, south, east, north = base.bounds
    # A cell more on each side: every centre of the base then lies between centres.
    box = (west - cell, south - cell, east + cell, north + cell) if times > 1 else base.bounds
    found = density_surface(points, weight, bandwidth_m, cell, box, kernel=base.kernel)
    if times == 1:
        return found.values
    shapes = zip(base.values.shape, found.values.shape, strict=True)
    rows, columns = (_between(count, times, of) for count, of in shapes)
    upsampled: np.ndarray = rows @ found.values @ columns.T
    return upsampled


def _between(count: int, times: int, of: int) -> np.ndarray:
    """Weights of wide cells for linear interpolation at the centres of narrow ones; the first wide one lies outside."""
    place = (np.arange(count) + 0.5) / times + 0.5
    return np.clip(1 - np.abs(place[:, None] - np.arange(of)), 0, None)


def _inside(base: Surface, bandwidth_m: float) -> float:
    """What makes of the density of one case in a wider kernel its part within reach of a cell: exact at its centre.

    Reach is within what the surface counts cases. A part is never more than 1, as the density alone times the area of
    reach would be of a kernel hardly wider than that.
    """
    reach = base.bandwidth_m * CASES_WITHIN[base.kernel]
    ratio = (reach / bandwidth_m) ** 2
    if base.kernel == "quartic":
        part, peak = 1 - max(0.0, 1 - ratio) ** 3, 3 / (np.pi * bandwidth_m**2)
    else:
        part, peak = 1 - exp(-ratio / 2), 1 / (2 * np.pi * bandwidth_m**2)
    return part / peak / SQUARE_KILOMETRE
