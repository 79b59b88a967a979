"""From the coordinates of a file to longitude and latitude, and whether they can be right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Transformer

from geo_app.imports.problems import FileRejected, Problems

WGS84 = CRS.from_epsg(4326)
DIGITS = 9  # a tenth of a millimetre: the same file gives the same coordinates with another release of PROJ
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Whereabouts:
    """Where a county lies: a box in degrees (west, south, east, north), how far from it is too far, and why we know."""

    box: Box
    tolerance: float
    known_by: str

    def far(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """A mask of the points that cannot belong to the county; coordinates in degrees."""
        west, south, east, north = self.box
        t = self.tolerance
        with np.errstate(invalid="ignore"):
            return ~((x >= west - t) & (x <= east + t) & (y >= south - t) & (y <= north + t))


def whereabouts(metric_srid: int, extent: Box | None) -> Whereabouts | None:
    """Where a county lies: around its outline or earlier data (``extent``), or in its metric system's area of use."""
    if extent is not None:
        size = max(extent[2] - extent[0], extent[3] - extent[1])
        return Whereabouts(extent, max(1.0, size), "the county's outline or earlier data")
    use = CRS.from_epsg(metric_srid).area_of_use
    if use is None:
        return None
    return Whereabouts((use.west, use.south, use.east, use.north), 1.0, f"the area that EPSG:{metric_srid} is made for")


def choose_crs(file: str, named: CRS | None, given: CRS | None) -> tuple[CRS, list[str]]:
    """The system of a file: the one given wins over the one that the file names. Raises FileRejected without any."""
    if given is not None:
        if named is not None and not named.equals(given, ignore_axis_order=True):
            return given, [f"The file itself names {named.name}; read as {given.name} because --crs says so."]
        return given, []
    if named is None:
        raise FileRejected.whole(
            file,
            "crs_missing",
            "The file does not say which coordinate system its coordinates are in.",
            "Add it with --crs, for example --crs EPSG:4326 for longitude and latitude (WGS84), or --crs EPSG:4548 for"
            " metres in the Gauss–Krüger zone of 117°E; for a shapefile the .prj file says it.",
        )
    return named, []


def to_geographic(
    geometry: np.ndarray, crs: CRS, where: Whereabouts | None, problems: Problems, metric_srid: int
) -> np.ndarray:
    """Geometries in EPSG:4326 (longitude, latitude), rounded to 9 digits; None stays None.

    ``geometry`` is in ``crs`` with x, y order. Notes rows that lie far outside in ``problems``.
    Raises FileRejected when most of the file cannot be right, with what it looks like instead.
    """
    geometry = shapely.force_2d(geometry)
    middle = _middles(geometry)
    _check_plausible(middle, crs, problems.file, metric_srid)
    transformer = Transformer.from_crs(crs, WGS84, always_xy=True)

    def transform(points: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1])) if len(points) else points

    _check_place(middle, transform, where, problems, crs)
    identical = crs.to_epsg() == 4326
    return shapely.transform(geometry, lambda points: np.round(points if identical else transform(points), DIGITS))


def _middles(geometry: np.ndarray) -> np.ndarray:
    """A point of each geometry that stands for it, (n, 2); NaN where there is none."""
    bounds = shapely.bounds(geometry)
    return np.column_stack([(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2])


def _check_plausible(middle: np.ndarray, crs: CRS, file: str, metric_srid: int) -> None:
    known = middle[np.isfinite(middle).all(axis=1)]
    if not len(known):
        return
    x, y = np.median(known, axis=0)
    sample = f"({x:.6g}, {y:.6g})"
    if crs.is_geographic and (abs(x) > 180 or abs(y) > 180):
        raise FileRejected.whole(
            file,
            "crs_wrong",
            f"Coordinates such as {sample} are no degrees, but the coordinate system is {crs.name}.",
            f"They look like metres: name their system with --crs, perhaps --crs EPSG:{_prefixed(x) or metric_srid}.",
        )
    if crs.is_geographic and abs(y) > 90:
        raise _swapped(file, sample)
    if crs.is_projected and abs(x) <= 180 and abs(y) <= 90:
        raise FileRejected.whole(
            file,
            "crs_wrong",
            f"Coordinates such as {sample} look like degrees, but the coordinate system {crs.name} has metres.",
            "Give --crs EPSG:4326 if they are longitude and latitude in WGS84.",
        )
    false_easting = next((p.value for p in _parameters(crs) if p.name == "False easting"), 0.0)
    prefixed = _prefixed(x)
    if crs.is_projected and prefixed and false_easting < 10_000_000:
        raise FileRejected.whole(
            file,
            "crs_wrong",
            f"The eastings begin with the number of their zone, {int(x // 1_000_000)}, which {crs.name} does not expect.",
            f"Give --crs EPSG:{prefixed}.",
        )


def _prefixed(easting: float) -> int | None:
    """The CGCS2000 3° Gauss–Krüger zone whose number an easting of 25 to 45 million carries."""
    zone = int(easting // 1_000_000)
    return 4513 + zone - 25 if 25 <= zone <= 45 else None


def _parameters(crs: CRS) -> list:
    return list(crs.coordinate_operation.params) if crs.coordinate_operation else []


def _swapped(file: str, sample: str) -> FileRejected:
    return FileRejected.whole(
        file,
        "axes_swapped",
        f"Longitude and latitude are swapped: {sample} has the latitude first.",
        "Write the longitude first, or swap the two headings.",
    )


def _check_place(middle: np.ndarray, transform, where: Whereabouts | None, problems: Problems, crs: CRS) -> None:  # type: ignore[no-untyped-def]
    present = np.flatnonzero(~np.isnan(middle).any(axis=1))
    if not len(present):
        return
    degrees = transform(middle[present])
    with np.errstate(invalid="ignore"):
        off_globe = ~((np.abs(degrees[:, 0]) <= 180) & (np.abs(degrees[:, 1]) <= 90))
    far = off_globe if where is None else off_globe | where.far(degrees[:, 0], degrees[:, 1])
    if not far.any():
        return
    known_by = where.known_by if where else "the globe"
    if far.sum() * 2 > len(present):
        first = int(np.flatnonzero(far)[0])
        sample = f"({middle[present[first], 0]:.7g}, {middle[present[first], 1]:.7g})"
        turned = transform(middle[present][:, ::-1])
        if where is not None and where.far(turned[:, 0], turned[:, 1]).sum() * 10 < len(present):
            raise _swapped(problems.file, sample)
        raise FileRejected.whole(
            problems.file,
            "far_away",
            f"{int(far.sum())} of {len(present)} rows lie far outside the county (known by {known_by}): {sample} in"
            f" {crs.name} is {_degrees(degrees[first])}.",
            "The coordinate system is probably wrong: name the right one with --crs, or choose the right county.",
        )
    problems.add(
        present[far],
        "far_away",
        lambda row: f"the position {_degrees(transform(middle[[row]])[0])} lies far outside the county",
        f"The county is known by {known_by}. Correct these positions, or leave them empty where the kind allows it.",
    )


def _degrees(point: np.ndarray) -> str:
    if not np.isfinite(point).all():
        return "nowhere on the globe"
    return f"{point[0]:.5f}° longitude, {point[1]:.5f}° latitude"


def round_lattice(geometry: np.ndarray) -> np.ndarray:
    """Areas and grids as multipolygons on the one lattice of 1e-7 degrees, so that neighbours share vertices exactly."""
    rounded = shapely.transform(geometry, lambda points: np.round(points, 7))
    return np.array(
        [shapely.multipolygons([shape]) if shape.geom_type == "Polygon" else shape for shape in rounded], dtype=object
    )
