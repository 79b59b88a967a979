"""Lines and points in a metric system, small and made here; hypothesis strategies for them."""

import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import strategies as st

METRIC = 4548  # 3-degree Gauss-Krüger, 117° E, in metres
EAST, NORTH = 628000.0, 3514000.0


def lines(*runs: list[tuple[float, float]]) -> GeoSeries:
    """Lines from runs of (east, north) metres, counted from a place in Anhui."""
    return GeoSeries([shapely.LineString([(EAST + x, NORTH + y) for x, y in run]) for run in runs], crs=METRIC)


def points(*places: tuple[float, float]) -> GeoSeries:
    return GeoSeries([shapely.Point(EAST + x, NORTH + y) for x, y in places], crs=METRIC)


def routes(*runs: list[tuple[float, float]], departures: list[list[float]], speed: float = 1.0) -> GeoDataFrame:
    columns = {"departures": departures, "speed_mps": [speed] * len(runs)}
    return GeoDataFrame(columns, geometry=lines(*runs).to_numpy(), crs=METRIC)


place = st.tuples(
    st.floats(-400, 400, allow_nan=False).map(lambda x: round(x, 3)),
    st.floats(-400, 400, allow_nan=False).map(lambda y: round(y, 3)),
)
run = st.lists(place, min_size=2, max_size=6)
runs = st.lists(run, min_size=1, max_size=6)
