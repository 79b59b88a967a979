"""Which coordinate system a frame is in, asked before anything is measured or drawn; and the datums of Chinese maps."""

from typing import TypeAlias

from geopandas import GeoDataFrame, GeoSeries

from layers.datum_shift import bd09_to_gcj02 as bd09_to_gcj02
from layers.datum_shift import bd09_to_wgs84 as bd09_to_wgs84
from layers.datum_shift import gcj02_to_bd09 as gcj02_to_bd09
from layers.datum_shift import gcj02_to_wgs84 as gcj02_to_wgs84
from layers.datum_shift import wgs84_to_bd09 as wgs84_to_bd09
from layers.datum_shift import wgs84_to_gcj02 as wgs84_to_gcj02
from layers.errors import CoordinateError

Spatial: TypeAlias = GeoDataFrame | GeoSeries


def require_metric(frame: Spatial, what: str = "frame") -> None:
    """Accept a frame whose coordinates are projected metres.

    frame: any geometries, axis order easting, northing. what: its name in the error.
    Raises CoordinateError when the CRS is missing, geographic (degrees) or in another unit than the metre.
    """
    crs = frame.crs
    if crs is None:
        raise CoordinateError(f"{what}: no coordinate system; set one with set_crs")
    if not crs.is_projected:
        raise CoordinateError(f"{what}: projected metres are needed, got degrees ({crs.to_string()})")
    factors = {axis.unit_conversion_factor for axis in crs.axis_info[:2]}
    if factors != {1.0}:
        units = ", ".join(sorted({axis.unit_name for axis in crs.axis_info[:2]}))
        raise CoordinateError(f"{what}: projected metres are needed, got {units} ({crs.name})")


def require_geographic(frame: Spatial, what: str = "frame") -> None:
    """Accept a frame in EPSG:4326, axis order longitude, latitude.

    Raises CoordinateError when the CRS is missing or another one.
    """
    crs = frame.crs
    if crs is None:
        raise CoordinateError(f"{what}: no coordinate system; EPSG:4326 is needed")
    # Most frames carry exactly 4326; the slow comparison also accepts OGC:CRS84, the same datum with fixed
    # order.
    if crs.to_epsg() != 4326 and crs.to_string() != "OGC:CRS84":
        raise CoordinateError(f"{what}: EPSG:4326 is needed, got {crs.name}")


def require_same_crs(first: Spatial, second: Spatial, what: str = "frames") -> None:
    """Accept two metric frames that lie in one coordinate system, so that distances between them mean something."""
    require_metric(first, what)
    require_metric(second, what)
    if first.crs != second.crs:
        raise CoordinateError(f"{what}: coordinate systems differ ({first.crs.name}, {second.crs.name})")
