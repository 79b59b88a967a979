"""A density surface as a picture in Web Mercator: reprojected, in classes, with cells of few cases marked."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor, log10

import numpy as np
from pyproj import CRS, Transformer
from scipy import ndimage

from layers.base import Raster
from layers.errors import CoordinateError, ParameterError
from layers.incidents.density import FEW, Surface
from layers.png import png

MERCATOR, DEGREES = 3857, 4326
MAX_PIXELS = 1024  # along the longer side
PIXELS_A_CELL = 8
CONTROL = 16  # pixels between the places that are transformed exactly
FEW_CASES = 128  # added to the class of a pixel that rests on fewer than five cases
# Where the classes of a scale begin, as shares of its round end, and the round ends themselves.
SHARES = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
ENDS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0)


def round_breaks(highest: float) -> tuple[float, ...]:
    """Return where the classes of a scale begin: six round numbers, the last one open above.

    highest: what the scale must reach, above 0. Narrower classes below, since most of a map lies there.
    Raises ParameterError when it is not above 0.
    """
    if not (highest > 0 and np.isfinite(highest)):
        raise ParameterError(f"a scale needs a highest value above 0, got {highest}")
    power = floor(log10(highest))
    end = next(end for end in ENDS if end * 10.0**power >= highest * (1 - 1e-9))
    return tuple(float(f"{share * end * 10.0**power:.3g}") for share in SHARES)


def density_raster(surface: Surface, breaks: Sequence[float], styles: Sequence[str]) -> Raster:
    """Return the picture of a surface: red 0 below the first break, k in class k, 128 + k resting on few cases.

    breaks: ascending, where each class begins, in the unit of the surface; styles: their names. A pixel's value
    is interpolated bilinearly between the centres of the cells, so that at a centre it is the cell's own.
    Raises CoordinateError when the surface has no coordinate system, ParameterError for unfit breaks.
    """
    if len(breaks) != len(styles) or not breaks or any(high <= low for low, high in pairwise(breaks)):
        raise ParameterError(f"{len(styles)} styles need as many ascending breaks, got {list(breaks)}")
    west, south, east, north = _mercator_bounds(surface)
    longer = max(east - west, north - south)
    cells = max(surface.values.shape)
    pixel = longer / min(MAX_PIXELS, PIXELS_A_CELL * cells)
    columns, rows = (max(1, ceil(side / pixel - 1e-6)) for side in (east - west, north - south))
    box = (west, north - rows * pixel, west + columns * pixel, north)
    places = _places(surface, box, rows, columns)
    values = ndimage.map_coordinates(surface.values, places, order=1, mode="constant", cval=0.0)
    classes = np.zeros((rows, columns), dtype=np.uint8)
    for least in breaks:
        classes += values >= least
    shown = classes > 0
    near = ndimage.map_coordinates(
        surface.cases.astype(np.float32), [axis[shown] for axis in places], order=1, mode="nearest"
    )
    # A hair less, since a centre is hit only up to rounding.
    classes[shown] += (FEW_CASES * (near < FEW - 1e-3)).astype(np.uint8)
    pixels = np.zeros((rows, columns, 4), dtype=np.uint8)
    pixels[..., 0], pixels[..., 3] = classes, 255
    return Raster(png(pixels), _degrees(box), tuple(styles))


def _mercator_bounds(surface: Surface) -> tuple[float, float, float, float]:
    """West, south, east, north in EPSG:3857 of everything that the surface covers."""
    if surface.crs is None:
        raise CoordinateError("density: the surface has no coordinate system, so it has no place on a map")
    edges = _transformer(surface.crs, MERCATOR).transform_bounds(*surface.bounds, densify_pts=21)
    if not np.isfinite(edges).all():
        raise CoordinateError(f"density: {surface.bounds} lies outside of Web Mercator")
    return edges


def _places(surface: Surface, box: tuple[float, ...], rows: int, columns: int) -> np.ndarray:
    """Row and column of the surface, with fractions, for the centre of every pixel of the box.

    Transformed exactly at every sixteenth pixel and bilinear between: over a kilometre that is centimetres off.
    """
    west, south, east, north = box
    down, across = (np.linspace(0, 1, ceil(n / CONTROL) + 1) for n in (rows, columns))
    x, y = np.meshgrid(west + across * (east - west), north - down * (north - south))
    easting, northing = _transformer(MERCATOR, surface.crs).transform(x, y)
    control = (
        (surface.bounds[3] - northing) / surface.cell_m - 0.5,
        (easting - surface.bounds[0]) / surface.cell_m - 0.5,
    )
    along_rows = _between((np.arange(rows) + 0.5) / rows, len(down))
    along_columns = _between((np.arange(columns) + 0.5) / columns, len(across))
    return np.stack([along_rows @ axis @ along_columns.T for axis in control])


@lru_cache(16)
def _transformer(source: CRS | int, target: CRS | int) -> Transformer:
    """Kept, since finding the way between two systems takes longer than a surface."""
    return Transformer.from_crs(source, target, always_xy=True)


def _between(shares: np.ndarray, points: int) -> np.ndarray:
    """Weights of equally spaced points for linear interpolation at shares 0..1 of the way; a row a share."""
    place = shares * (points - 1)
    return np.clip(1 - np.abs(place[:, None] - np.arange(points)), 0, None)


def _degrees(box: tuple[float, ...]) -> tuple[float, float, float, float]:
    transformer = _transformer(MERCATOR, DEGREES)
    west, south = transformer.transform(box[0], box[1])
    east, north = transformer.transform(box[2], box[3])
    return float(west), float(south), float(east), float(north)
