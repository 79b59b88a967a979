"""The field that a camera looks at, as a sector on the ellipsoid."""

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pyproj import Geod

WGS84 = Geod(ellps="WGS84")
STEP_DEGREES = 5.0


def fields_of(cameras: GeoDataFrame) -> GeoSeries:
    """Return the field of each camera in EPSG:4326, missing where its bearing, angle or range is not known.

    cameras: EPSG:4326 points that are not empty, columns bearing, field_of_view (degrees) and range_m.
    """
    numbers = cameras[["bearing", "field_of_view", "range_m"]].apply(pd.to_numeric, errors="coerce")
    known = numbers.notna().all(axis=1).to_numpy() & (numbers["range_m"].to_numpy(dtype=float) > 0)
    found = np.full(len(cameras), None, dtype=object)
    lonlat = shapely.get_coordinates(cameras.geometry.to_numpy()[known])
    found[known] = field_of_view(lonlat, *numbers[known].to_numpy(float).T)
    return GeoSeries(found, index=cameras.index, crs=cameras.crs)


def field_of_view(lonlat: np.ndarray, bearing: np.ndarray, angle: np.ndarray, range_m: np.ndarray) -> np.ndarray:
    """Return a sector polygon a camera, free of obstacles, in degrees longitude, latitude.

    lonlat: (n, 2) EPSG:4326. bearing: degrees clockwise from north, the middle of the field. angle: full
    opening in degrees, 0 < angle <= 360; a full circle has no corner at the camera. range_m: metres along the
    geodesic.
    """
    return np.array(
        [_sector(*row) for row in zip(lonlat, bearing, np.clip(angle, 1.0, 360.0), range_m, strict=True)],
        dtype=object,
    )


def _sector(place: np.ndarray, bearing: float, angle: float, range_m: float) -> shapely.Polygon:
    steps = max(2, int(np.ceil(angle / STEP_DEGREES)) + 1)
    directions = np.linspace(bearing - angle / 2, bearing + angle / 2, steps)
    lon, lat, _ = WGS84.fwd(np.full(steps, place[0]), np.full(steps, place[1]), directions, np.full(steps, range_m))
    arc = np.column_stack([lon, lat])
    ring = arc if angle >= 360 else np.vstack([place, arc])
    return shapely.Polygon(ring)
