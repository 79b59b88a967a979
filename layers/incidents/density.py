"""Incidents per square kilometre: a kernel density surface on square cells."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil, floor
from typing import Literal, TypeAlias

import numpy as np
from geopandas import GeoSeries
from numpy.typing import ArrayLike
from pyproj import CRS
from scipy import fft, ndimage

from layers.coordinates import require_metric
from layers.errors import ParameterError

Kernel: TypeAlias = Literal["quartic", "gaussian"]
Bounds: TypeAlias = tuple[float, float, float, float]

FEW = 5  # cases; what rests on fewer is uncertain and is drawn so
SQUARE_KILOMETRE = 1e6  # square metres
MAX_SIDE = 1024  # cells along a side
MAX_REACH = 64  # cells within a bandwidth
# How many bandwidths a kernel reaches, and within how many a case counts as one on which a cell rests.
REACH = {"quartic": 1.0, "gaussian": 4.0}
CASES_WITHIN = {"quartic": 1.0, "gaussian": 2.0}


@dataclass(frozen=True, eq=False)
class Surface:
    """Density on square cells. `values[row, column]` holds for the centre of its cell; row 0 is the northernmost,
    column 0 the westernmost.

    values: incidents per square kilometre, also per month where `months` is given. bounds: west, south, east,
    north in metres of `crs`, the outer edges of the cells. points: the n×2 places (metres) of the cases used. share:
    which part of each is counted at its place; expected: what of the others is to be expected near each cell (both of
    `spread_surface`; None: every case is where its point is).
    """

    values: np.ndarray
    cell_m: float
    bounds: Bounds
    bandwidth_m: float
    kernel: Kernel = "quartic"
    months: float | None = None
    crs: CRS | None = None
    points: np.ndarray = field(default_factory=lambda: np.empty((0, 2)), repr=False)
    share: np.ndarray | None = field(default=None, repr=False)
    expected: np.ndarray | None = field(default=None, repr=False)

    @cached_property
    def cases(self) -> np.ndarray:
        """The number of cases within one bandwidth of each cell's centre (Gaussian: two): exactly, or as is to be
        expected of cases that are known to a radius.
        """
        found = _within(self, self.bandwidth_m * CASES_WITHIN[self.kernel])
        return found if self.expected is None else found + self.expected

    @property
    def few(self) -> np.ndarray:
        """Which cells rest on one case or more, but on fewer than five."""
        return (self.cases > 0) & (self.cases < FEW)

    @property
    def coarse(self) -> bool:
        """Whether the cells are too wide for the bandwidth, so that a cell shows its own mean."""
        return self.cell_m > self.bandwidth_m / 6 * (1 + 1e-9)

    def centres(self) -> tuple[np.ndarray, np.ndarray]:
        """Eastings of the columns and northings of the rows, in metres."""
        rows, columns = self.values.shape
        west, _, _, north = self.bounds
        return west + (np.arange(columns) + 0.5) * self.cell_m, north - (np.arange(rows) + 0.5) * self.cell_m

    def per_month(self, months: float) -> "Surface":
        """The same per month. Raises ParameterError unless the number of months is positive."""
        if not months > 0:
            raise ParameterError(f"months must be positive, got {months}")
        return replace(self, values=self.values / months, months=months)


def density_surface(
    xy: ArrayLike,
    weights: ArrayLike | None,
    bandwidth_m: float,
    cell_m: float,
    bounds: Bounds,
    *,
    kernel: Kernel = "quartic",
    crs: CRS | None = None,
) -> Surface:
    """Return the density of incidents in incidents per square kilometre.

    xy: n×2 eastings and northings in projected metres; rows with NaN (unplaced) are left out. weights: one
    number a case, none below 0; None: 1 each. bandwidth_m: radius of the quartic kernel, standard deviation of
    the Gaussian one. cell_m: side of a cell. bounds: west, south, east, north in metres; cases outside count
    where their kernel reaches in. crs: of the places, if it is known.

    Cases are spread bilinearly over the four nearest centres and convolved with the kernel by FFT; for one case
    that is off the exact sum by at most 0.8 × (cell ÷ bandwidth)² of its peak. The kernel's cells sum up to 1, so a cell
    wider than the kernel shows its own mean.

    Raises ParameterError for a size that is not positive, for more than 1024 cells along a side or more than 64
    within the bandwidth, and for bad weights; CoordinateError when crs is in degrees.
    Source: Silverman, Density Estimation (1986), 4.2 (quartic: equation 4.5); Wand, Fast computation of
    multivariate kernel estimators (1994), for the binning.
    """
    if crs is not None:
        require_metric(GeoSeries([], crs=crs), "incidents")
    points, weight = _cases(xy, weights)
    rows, columns = _shape(bandwidth_m, cell_m, bounds, kernel)
    west, _, _, north = bounds
    reach = ceil(REACH[kernel] * bandwidth_m / cell_m) + 1
    # Wide enough for every case that reaches in; the wrap-around of the FFT then stays in this margin.
    size = tuple(fft.next_fast_len(side + 2 * reach, real=True) for side in (rows, columns))
    x = (points[:, 0] - west) / cell_m - 0.5 + reach
    y = (north - points[:, 1]) / cell_m - 0.5 + reach
    binned = _binned(x, y, weight, size)
    spectrum = fft.rfft2(binned) * fft.rfft2(_kernel_cells(kernel, bandwidth_m / cell_m, reach, size))
    smooth = fft.irfft2(spectrum, s=size)[reach : reach + rows, reach : reach + columns]
    # The FFT leaves noise around zero, 16 digits below the highest value.
    smooth = np.where(smooth > 1e-12 * max(smooth.max(), 0), smooth, 0.0)
    edges = (west, north - rows * cell_m, west + columns * cell_m, north)
    values = smooth * (SQUARE_KILOMETRE / cell_m**2)
    return Surface(values, float(cell_m), edges, float(bandwidth_m), kernel, crs=crs, points=points)


def _cases(xy: ArrayLike, weights: ArrayLike | None) -> tuple[np.ndarray, np.ndarray]:
    points = np.asarray(xy, dtype=float).reshape(-1, 2)
    weight = np.ones(len(points)) if weights is None else np.asarray(weights, dtype=float)
    if weight.shape != (len(points),):
        raise ParameterError(f"{len(points)} places need as many weights, got {weight.shape}")
    placed = np.isfinite(points).all(axis=1)
    points, weight = points[placed], weight[placed]
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise ParameterError("weights must be numbers of 0 or more")
    return points, weight


def _shape(bandwidth_m: float, cell_m: float, bounds: Bounds, kernel: Kernel) -> tuple[int, int]:
    if kernel not in REACH:
        raise ParameterError(f"kernel must be one of {', '.join(REACH)}, got {kernel}")
    for name, size in (("bandwidth_m", bandwidth_m), ("cell_m", cell_m)):
        if not (np.isfinite(size) and size > 0):
            raise ParameterError(f"{name} must be positive, got {size}")
    west, south, east, north = bounds
    if not (np.isfinite(bounds).all() and west < east and south < north):
        raise ParameterError(f"bounds must be west, south, east, north in metres, got {bounds}")
    # A hair less, or a width of exactly 512 cells becomes 513.
    rows, columns = (max(1, ceil(side / cell_m - 1e-6)) for side in (north - south, east - west))
    if max(rows, columns) > MAX_SIDE or bandwidth_m / cell_m > MAX_REACH:
        raise ParameterError(
            f"{rows} × {columns} cells, {bandwidth_m / cell_m:.0f} within the bandwidth: "
            f"more than {MAX_SIDE} or {MAX_REACH}; a wider cell is needed"
        )
    return rows, columns


def _binned(x: np.ndarray, y: np.ndarray, weight: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """Weights on the four nearest lattice points; x, y in cells from the lattice's first point."""
    rows, columns = size
    inside = (x >= 0) & (x < columns - 1) & (y >= 0) & (y < rows - 1)
    if not inside.all():
        x, y, weight = x[inside], y[inside], weight[inside]
    column, row = x.astype(np.intp), y.astype(np.intp)
    right, down = x - column, y - row
    place = row * columns + column
    last = right * down * weight
    right, down = right * weight, down * weight
    shares = ((0, weight - right - down + last), (1, right - last), (columns, down - last), (columns + 1, last))
    cells = np.zeros(rows * columns)
    for step, share in shares:
        cells[step:] += np.bincount(place, share, len(cells))[: len(cells) - step]
    return cells.reshape(rows, columns)


def _kernel_cells(kernel: Kernel, bandwidth: float, reach: int, size: tuple[int, ...]) -> np.ndarray:
    """The kernel on a lattice, its centre at [0, 0] and wrapped around, summing up to 1; bandwidth in cells."""
    steps = np.arange(-reach, reach + 1)
    squared = (steps[:, None] ** 2 + steps**2) / bandwidth**2
    shape = np.clip(1 - squared, 0, None) ** 2 if kernel == "quartic" else np.exp(-squared / 2)
    # Spreading a case over four centres flattens it by up to 1/8 of the Laplacian, by none at a centre: half of
    # that is taken back.
    shape = np.clip(shape - ndimage.laplace(shape, mode="nearest") / 16, 0, None)
    cells = np.zeros(size)
    cells[np.ix_(steps % size[0], steps % size[1])] = shape / shape.sum()
    return cells


def _within(surface: Surface, radius_m: float) -> np.ndarray:
    """Cases within the radius of each centre: of each row a case covers one run of cells, and runs add up."""
    rows, columns = surface.values.shape
    west, _, _, north = surface.bounds
    x = (surface.points[:, 0] - west) / surface.cell_m - 0.5
    y = (north - surface.points[:, 1]) / surface.cell_m - 0.5
    radius = radius_m / surface.cell_m
    first = np.ceil(y - radius).astype(np.intp)
    # Whole numbers where every case counts whole.
    steps = np.zeros(rows * (columns + 1), dtype=np.intp if surface.share is None else float)
    for k in range(floor(2 * radius) + 1):
        row = first + k
        squared = radius**2 - (row - y) ** 2
        hit = (squared >= 0) & (row >= 0) & (row < rows)
        half, begin = np.sqrt(squared[hit]), row[hit] * (columns + 1)
        start = np.clip(np.ceil(x[hit] - half), 0, columns).astype(np.intp)
        stop = np.clip(np.floor(x[hit] + half) + 1, 0, columns).astype(np.intp)
        share = None if surface.share is None else surface.share[hit]
        steps += np.bincount(begin + start, share, len(steps)) - np.bincount(begin + stop, share, len(steps))
    return np.cumsum(steps.reshape(rows, columns + 1), axis=1)[:, :columns]
