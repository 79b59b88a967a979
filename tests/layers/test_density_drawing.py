"""The picture of a density: where it lies, what its colours mean, and what its legend says."""

import struct
import zlib
from dataclasses import replace
from itertools import pairwise
from math import atan, degrees, exp, log, pi, radians, tan

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from layers.base import Raster, drawing_json
from layers.catalogue.density import LAYER
from layers.errors import CoordinateError, FrameError, ParameterError
from layers.incidents.density import Surface, density_surface
from layers.incidents.density_raster import density_raster, round_breaks
from layers.png import png
from tests.layers.frames import density as frame

STYLES = ("a", "b", "c")


def decoded(raster: Raster) -> np.ndarray:
    """The red of each pixel of an RGBA PNG whose rows have no filter; its other channels are checked here."""
    data, chunks = raster.png[8:], {}
    while data:
        (size,) = struct.unpack(">I", data[:4])
        name, content = data[4:8], data[8 : 8 + size]
        assert struct.unpack(">I", data[8 + size : 12 + size]) == (zlib.crc32(name + content),)
        chunks[name] = content
        data = data[12 + size :]
    columns, rows, *kind = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert kind == [8, 6, 0, 0, 0]
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(rows, 1 + 4 * columns)
    assert not lines[:, 0].any()
    pixels = lines[:, 1:].reshape(rows, columns, 4)
    assert not pixels[..., 1:3].any() and (pixels[..., 3] == 255).all()
    return pixels[..., 0]


def merc(lat: float) -> float:
    return log(tan(pi / 4 + radians(lat) / 2))


def pixel(raster: Raster, shape: tuple[int, int], lon: float, lat: float) -> tuple[float, float]:
    """Row and column, with fractions, by the formula of Web Mercator."""
    west, south, east, north = raster.bounds
    row = (merc(north) - merc(lat)) / (merc(north) - merc(south)) * shape[0]
    return row, (lon - west) / (east - west) * shape[1]


def one_case(lon: float, lat: float, srid: int, *, times: int = 1, bandwidth: float = 150, cell: float = 15) -> Surface:
    x, y = Transformer.from_crs(4326, srid, always_xy=True).transform(lon, lat)
    box = (x - 3000, y - 2000, x + 5000, y + 4000)
    return density_surface([(x, y)] * times, None, bandwidth, cell, box, crs=CRS(srid))


@pytest.mark.parametrize(
    ("lon", "lat", "srid"), [(118.351, 31.742, 4548), (-111.83, 33.41, 26912), (24.9, 66.2, 32635), (121.5, 31.2, 4549)]
)
def test_a_case_lies_at_its_pixel(lon, lat, srid):
    surface = one_case(lon, lat, srid)
    raster = density_raster(surface, (10.0, 20.0, 35.0), STYLES)
    red = decoded(raster)
    rows, columns = np.nonzero(red % 128 == 3)
    assert len(rows) > 80
    row, column = pixel(raster, red.shape, lon, lat)
    metres = 8000 / red.shape[1]  # of a pixel, nearly
    assert abs(rows.mean() + 0.5 - row) * metres < surface.cell_m / 4
    assert abs(columns.mean() + 0.5 - column) * metres < surface.cell_m / 4


def test_every_pixel_is_where_its_class_says_to_less_than_half_a_cell():
    surface = one_case(118.351, 31.742, 4548, bandwidth=1200, cell=100)
    least = surface.values.max() / 2
    raster = density_raster(surface, (least,), ("half",))
    red = decoded(raster)
    west, south, east, north = raster.bounds
    rows, columns = red.shape
    lon = west + (np.arange(columns) + 0.5) / columns * (east - west)
    y = merc(north) - (np.arange(rows) + 0.5) / rows * (merc(north) - merc(south))
    lat = np.array([degrees(2 * atan(exp(v)) - pi / 2) for v in y])
    x, y = Transformer.from_crs(4326, 4548, always_xy=True).transform(*np.meshgrid(lon, lat))
    away = np.hypot(*(np.stack([x, y], axis=-1) - surface.points[0]).T).T
    # Half of the peak: (1 − d² ÷ h²)² = ½.
    radius = 1200 * (1 - 0.5**0.5) ** 0.5
    assert (red[away < radius - 40] > 0).all()
    assert (red[away > radius + 40] == 0).all()


def test_the_class_of_a_pixel_is_that_of_its_value():
    surface = one_case(118.351, 31.742, 4548, times=9)
    breaks = (50.0, 150.0, 300.0)
    raster = density_raster(surface, breaks, STYLES)
    red = decoded(raster)
    back = Transformer.from_crs(4548, 4326, always_xy=True)
    east, north = surface.centres()
    for row in range(100, 200, 7):
        for column in range(150, 250, 7):
            place = pixel(raster, red.shape, *back.transform(east[column], north[row]))
            value = surface.values[row, column]
            if any(abs(value - limit) < 25 for limit in breaks):
                continue  # the pixel's own centre lies a little beside the cell's
            assert red[int(place[0]), int(place[1])] == sum(value >= limit for limit in breaks)


def test_few_cases_are_marked_and_five_are_not():
    for times, marked in ((4, True), (5, False)):
        red = decoded(density_raster(one_case(118.351, 31.742, 4548, times=times), (10.0, 20.0, 30.0), STYLES))
        assert set(np.unique(red[red > 0]) > 128) == {marked}
        assert set(np.unique(red) % 128) == {0, 1, 2, 3}


def test_a_picture_has_at_most_1024_pixels_and_square_ones():
    raster = density_raster(one_case(118.351, 31.742, 4548), (10.0,), ("a",))
    rows, columns = decoded(raster).shape
    assert max(rows, columns) == 1024
    west, south, east, north = raster.bounds
    assert radians(east - west) / columns == pytest.approx((merc(north) - merc(south)) / rows)


def test_without_a_coordinate_system_or_with_unfit_breaks_there_is_no_picture():
    surface = one_case(118.351, 31.742, 4548)
    with pytest.raises(CoordinateError, match="no coordinate system"):
        density_raster(replace(surface, crs=None), (1.0,), ("a",))
    for breaks, styles in (((), ()), ((1.0,), ("a", "b")), ((2.0, 1.0), ("a", "b"))):
        with pytest.raises(ParameterError, match="ascending breaks"):
            density_raster(surface, breaks, styles)
    with pytest.raises(ParameterError, match="4 bytes"):
        png(np.zeros((2, 2, 3), dtype=np.uint8))


@given(st.floats(1e-6, 1e9))
def test_a_scale_has_six_round_ascending_classes_and_uses_at_least_five_of_them(highest):
    breaks = round_breaks(highest)
    assert len(breaks) == 6
    assert all(low < high for low, high in pairwise(breaks))
    assert sum(least <= highest for least in breaks) >= 5
    assert all(float(f"{least:.3g}") == least for least in breaks)
    with pytest.raises(ParameterError, match="above 0"):
        round_breaks(-highest)


def test_the_scale_of_a_round_number():
    assert round_breaks(1000) == (50, 100, 200, 400, 600, 800)
    assert round_breaks(0.9) == (0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
    assert round_breaks(1340) == (75, 150, 300, 600, 900, 1200)


def test_the_legend_says_unit_classes_cases_and_formula():
    content = drawing_json(LAYER.drawing(frame()))
    legend = content["legend"]
    assert legend["scale"] == "incidents per km²"
    assert (legend["n"], legend["unit"], legend["unplaced"]) == (15, "incidents", 0)
    labels = [entry["label"] for entry in legend["entries"]]
    assert len(labels) == 7
    assert labels[-2].startswith("≥ ") and labels[-1] == "fewer than five cases, uncertain"
    assert "3 ÷ (π h²) × (1 − d² ÷ h²)²" in legend["note"] and "h = 150 m" in legend["note"]
    assert legend["entries"][-1]["style"]["hatch"]
    assert content["raster"]["styles"] == [f"class-{k}" for k in range(1, 7)]
    assert set(content["raster"]["styles"]) | {"few"} == set(content["styles"])
    assert content["features"]["features"] == [] and content["bounds"] == content["features"]["bbox"]
    assert content["notice"] is None


def test_facts_say_what_was_used_and_why():
    facts = drawing_json(LAYER.drawing(frame()))["facts"]
    assert (facts["bandwidth_m"], facts["cell_m"], facts["months"]) == (150, 15, None)
    assert facts["proposed_m"] % 50 == 0
    assert facts["reason"].startswith("Rule of thumb for 5 incidents: 0.9 × ")
    assert facts["unit"] == "incidents per km²"
    assert facts["max"] > 0


def changed(**values) -> GeoDataFrame:
    made = frame()
    for name, value in values.items():
        made[name] = [value]
    return made


def test_nothing_placed_is_said_aloud_and_the_unplaced_are_counted():
    empty = LAYER.drawing(frame(0))
    assert (empty.raster, empty.legend.n, empty.bounds, empty.facts) == (None, 0, None, {})
    assert empty.notice == "No incident with a place is chosen, so there is no density to show."
    unplaced = LAYER.drawing(changed(geometry=None, surface=None, n=0, unplaced=7))
    assert (unplaced.raster, unplaced.legend.unplaced) == (None, 7)
    assert unplaced.notice
    nobody = changed(surface=density_surface(np.empty((0, 2)), None, 150, 15, (0, 0, 900, 900), crs=CRS(4548)), n=0)
    assert LAYER.drawing(nobody).raster is None


def test_cells_that_are_too_wide_are_said_aloud():
    rough = density_surface([(0, 0)], None, 20, 50, (-900, -900, 900, 900), crs=CRS(4548))
    content = drawing_json(LAYER.drawing(changed(surface=rough)))
    assert content["notice"].endswith("the mean of cells 50 m wide.")


def test_with_months_the_unit_is_per_month():
    monthly = changed(surface=frame()["surface"].iloc[0].per_month(6))
    assert LAYER.drawing(monthly).legend.scale == "incidents per km² and month"
    assert LAYER.drawing(changed(simulated=3)).from_simulated
    with pytest.raises(FrameError, match="one surface"):
        LAYER.drawing(GeoDataFrame({name: frame()[name].tolist() * 2 for name in frame().columns}, crs=4326))
