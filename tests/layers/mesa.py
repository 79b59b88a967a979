"""A neighbourhood of Mesa, Arizona, from the libpysal wheel: real streets, crimes and schools, in metres."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import libpysal
import pyogrio
from geopandas import GeoDataFrame, GeoSeries

from layers.roads.network import Network
from layers.roads.pieces import cut

METRIC = 26912  # UTM zone 12 N
# Where three made-up routes turn, as shares of the neighbourhood's width and height.
ROUTES = {
    "foot": [(0.1, 0.1), (0.4, 0.15), (0.4, 0.6), (0.1, 0.5), (0.1, 0.1)],
    "vehicle": [(0.5, 0.5), (0.9, 0.5), (0.9, 0.9), (0.5, 0.9), (0.5, 0.5)],
    "second vehicle": [(0.3, 0.8), (0.6, 0.7), (0.8, 0.2), (0.5, 0.2)],
}


@dataclass(frozen=True)
class Mesa:
    streets: GeoSeries
    pieces: GeoDataFrame
    crimes: GeoSeries
    schools: GeoSeries
    network: Network
    routes: GeoDataFrame


@cache
def mesa() -> Mesa:
    folder = Path(libpysal.__file__).parent / "examples" / "geodanet"
    streets, crimes, schools = (
        pyogrio.read_dataframe(folder / f"{name}.shp").geometry.to_crs(METRIC)
        for name in ("streets", "crimes", "schools")
    )
    parts = cut(streets)
    columns = {
        "id": range(1, len(parts) + 1),
        "name": [f"street {parent}" for parent in parts["parent"]],
        "road_class": "residential",
        "length_m": parts.length,
    }
    pieces = GeoDataFrame(columns, geometry=parts.geometry, crs=METRIC)
    network = Network.from_pieces(pieces.geometry)
    west, south, east, north = pieces.total_bounds
    lines = []
    for way in ROUTES.values():
        turns = [network.nearest_node(west + x * (east - west), south + y * (north - south)) for x, y in way]
        lines.append(network.line(network.path_through(turns)))
    plan = {
        "id": [1, 2, 3],
        "name": list(ROUTES),
        "mode": ["foot", "vehicle", "vehicle"],
        "team": "",
        "length_m": [line.length for line in lines],
        "departures": [[8.5, 14.0, 20.0], [8.0 + 2 * i for i in range(8)], [9.0, 22.0]],
        "speed_mps": [1.2, 6.0, 6.0],
        "simulated": True,
    }
    return Mesa(streets, pieces, crimes, schools, network, GeoDataFrame(plan, geometry=lines, crs=METRIC))
