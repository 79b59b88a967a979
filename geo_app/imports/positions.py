"""From the coordinates of a file to longitude and latitude, and whether they can be right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS

from geo_app.imports.angles import swapped_axes
from geo_app.imports.problems import N_, FileRejected, Problems, Said
from geo_app.imports.systems import System, of_crs

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
        return Whereabouts(extent, max(1.0, size), N_("the county's outline or earlier data"))
    use = CRS.from_epsg(metric_srid).area_of_use
    if use is None:
        return None
    return Whereabouts(
        (use.west, use.south, use.east, use.north), 1.0, N_("the area that its metric system is made for")
    )


def choose_system(file: str, named: CRS | None, given: System | None) -> tuple[System, list[Said]]:
    """The system of a file: the one given wins over the one that the file names. Raises FileRejected without any."""
    if given is not None:
        if named is not None and not (given.crs and named.equals(given.crs, ignore_axis_order=True)):
            told = N_("The file itself names %(named)s; read as %(given)s because somebody said so.")
            return given, [Said(told, {"named": str(named.name), "given": given.label})]
        return given, []
    if named is None:
        raise FileRejected.whole(
            file,
            "crs_missing",
            N_("The file does not say which coordinate system its coordinates are in."),
            N_(
                "Name it (--crs): EPSG:4326 for longitude and latitude (WGS84), EPSG:4548 for metres in the Gauss–Krüger"
                " zone of 117°E, auto to have it found out; for a shapefile the .prj file says it."
            ),
        )
    return of_crs(named), []


@dataclass(frozen=True)
class Locator:
    """From a file's coordinates to longitude and latitude, for every portion of it.

    where: where the county lies; None takes any place on the globe. swapped: the first coordinate is the northing.
    """

    system: System
    where: Whereabouts | None
    metric_srid: int
    swapped: bool = False

    def check(self, geometry: np.ndarray, file: str) -> None:
        """Raises FileRejected when most of the first portion cannot be right, with what it looks like instead."""
        middle = _middles(self._turned(geometry))
        middle = middle[np.isfinite(middle).all(axis=1)]
        if not len(middle):
            return
        self._check_plausible(middle, file)
        degrees = self.system.to_wgs84(middle)
        far = self._far(degrees)
        if far.sum() * 2 <= len(middle):
            return
        first = int(np.flatnonzero(far)[0])
        sample = f"({middle[first, 0]:.7g}, {middle[first, 1]:.7g})"
        turned = self.system.to_wgs84(middle[:, ::-1])
        if self.where is not None and self.where.far(turned[:, 0], turned[:, 1]).sum() * 10 < len(middle):
            raise swapped_axes(file, sample)
        raise FileRejected.whole(
            file,
            "far_away",
            N_(
                "%(far)s of %(all)s rows lie far outside the county (known by %(known_by)s): %(sample)s in %(system)s is"
                " %(place)s."
            ),
            N_("The coordinate system is probably wrong: name the right one (--crs), or choose the right county."),
            far=int(far.sum()),
            all=len(middle),
            known_by=self.where.known_by if self.where else N_("the globe"),
            sample=sample,
            system=self.system.label,
            place=_degrees(degrees[first]),
        )

    def to_geographic(self, geometry: np.ndarray, problems: Problems) -> np.ndarray:
        """Geometries in EPSG:4326 (longitude, latitude), rounded to 9 digits; None stays None.

        ``geometry`` has x, y order. Notes rows that lie far outside in ``problems``.
        """
        located = _moved(geometry, self._located)
        middle = _middles(located)
        present = np.flatnonzero(~np.isnan(middle).any(axis=1))
        problems.add(
            present[self._far(middle[present])],
            "far_away",
            N_("the position %(place)s lies far outside the county"),
            N_("Correct the position, or leave it empty where the kind allows it."),
            place=lambda row: _degrees(middle[row]),
        )
        return located

    def _turned(self, geometry: np.ndarray) -> np.ndarray:
        flat = shapely.force_2d(geometry)
        return shapely.transform(flat, lambda points: points[:, ::-1]) if self.swapped else flat

    def _located(self, points: np.ndarray) -> np.ndarray:
        return np.round(self.system.to_wgs84(points[:, ::-1] if self.swapped else points), DIGITS)

    def _far(self, degrees: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            off_globe = ~((np.abs(degrees[:, 0]) <= 180) & (np.abs(degrees[:, 1]) <= 90))
        return off_globe if self.where is None else off_globe | self.where.far(degrees[:, 0], degrees[:, 1])

    def _check_plausible(self, middle: np.ndarray, file: str) -> None:
        x, y = np.median(middle, axis=0)
        crs, sample = self.system.crs, f"({x:.6g}, {y:.6g})"
        if self.system.in_degrees and (abs(x) > 180 or abs(y) > 180):
            raise FileRejected.whole(
                file,
                "crs_wrong",
                N_("Coordinates such as %(sample)s are no degrees, but the coordinate system is %(system)s."),
                N_("They look like metres: name their system (--crs), perhaps EPSG:%(likely)s."),
                sample=sample,
                system=self.system.label,
                likely=_prefixed(x) or self.metric_srid,
            )
        if self.system.in_degrees and abs(y) > 90:
            raise swapped_axes(file, sample)
        if crs is not None and crs.is_projected and abs(x) <= 180 and abs(y) <= 90:
            raise FileRejected.whole(
                file,
                "crs_wrong",
                N_(
                    "Coordinates such as %(sample)s look like degrees, but the coordinate system %(system)s has metres."
                ),
                N_("Name EPSG:4326 (--crs) if they are longitude and latitude in WGS84."),
                sample=sample,
                system=self.system.label,
            )
        prefixed = _prefixed(x)
        if crs is not None and crs.is_projected and prefixed and _false_easting(crs) < 10_000_000:
            raise FileRejected.whole(
                file,
                "crs_wrong",
                N_("The eastings begin with the number of their zone, %(zone)s, which %(system)s does not expect."),
                N_("Name EPSG:%(likely)s (--crs)."),
                zone=int(x // 1_000_000),
                system=self.system.label,
                likely=prefixed,
            )


def _middles(geometry: np.ndarray) -> np.ndarray:
    """A point of each geometry that stands for it, (n, 2); NaN where there is none."""
    bounds = shapely.bounds(geometry)
    return np.column_stack([(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2])


def _prefixed(easting: float) -> int | None:
    """The CGCS2000 3° Gauss–Krüger zone whose number an easting of 25 to 45 million carries."""
    zone = int(easting // 1_000_000)
    return 4513 + zone - 25 if 25 <= zone <= 45 else None


def _false_easting(crs: CRS) -> float:
    parameters = crs.coordinate_operation.params if crs.coordinate_operation else []
    return float(next((p.value for p in parameters if p.name == "False easting"), 0.0))


def _degrees(point: np.ndarray) -> str:
    if not np.isfinite(point).all():
        return "–"
    return f"({point[0]:.5f}°, {point[1]:.5f}°)"


def round_lattice(geometry: np.ndarray) -> np.ndarray:
    """Areas and grids as multipolygons on the one lattice of 1e-7 degrees, so that neighbours share vertices exactly."""
    rounded = shapely.transform(geometry, lambda points: np.round(points, 7))
    return np.array(
        [shapely.multipolygons([shape]) if shape.geom_type == "Polygon" else shape for shape in rounded], dtype=object
    )


def _moved(geometry: np.ndarray, move: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Flat geometries with other coordinates. Points are made anew, which is faster than to change copies of them."""
    known = ~shapely.is_missing(geometry)
    if (known & ((shapely.get_type_id(geometry) != shapely.GeometryType.POINT) | shapely.is_empty(geometry))).any():
        return shapely.transform(shapely.force_2d(geometry), move)
    moved = np.full(len(geometry), None, dtype=object)
    moved[known] = shapely.points(move(shapely.get_coordinates(geometry)))
    return moved
