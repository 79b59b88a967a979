"""Maps for paper: a round scale, everything asked for on the page, nothing written over anything else."""

from __future__ import annotations

import re

import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_app.papers.lettering import SMALLEST_MM, Label, placed, width_of
from geo_app.papers.sheet import LONGEST_BAR_MM, MARGIN_MM, SCALES, Part, draw
from geo_app.papers.strokes import Style, outline

EAST, NORTH = 628_000.0, 3_514_000.0
LINE = Style(stroke="#18222f", width=0.3)
NUMBERS = r"(-?[\d.]+) (-?[\d.]+)"
side = st.floats(20, 90_000)
page_mm = st.floats(60, 250)


def box(width: float, height: float) -> shapely.Polygon:
    return shapely.box(EAST, NORTH, EAST + width, NORTH + height)


def part(*shapes: shapely.Geometry, style: Style = LINE, labels: list[str | None] | None = None) -> Part:
    return Part(GeoSeries(list(shapes), crs=4548), style, labels)


def lines_of(svg: str) -> list[list[tuple[float, float]]]:
    """The lines of the first path."""
    found = re.search(r'<path d="([^"]+)"', svg)
    assert found
    return [[(float(x), float(y)) for x, y in re.findall(NUMBERS, line)] for line in found[1].split("M")[1:]]


def points_of(svg: str) -> list[tuple[float, float]]:
    return [point for line in lines_of(svg) for point in line]


@settings(deadline=None)
@given(side, side, page_mm, page_mm)
def test_what_is_asked_for_is_on_the_page_at_the_largest_round_scale(
    width: float, height: float, across: float, down: float
) -> None:
    sheet = draw([part(box(width, height))], box(width, height), across, down)
    points = points_of(sheet.svg)
    assert sheet.scale in SCALES
    assert all(0 < x < across and 0 < y < down for x, y in points)
    drawn = max(x for x, _ in points) - min(x for x, _ in points)
    assert drawn * sheet.scale / 1000 == pytest.approx(width, abs=0.05 * sheet.scale / 1000)
    for larger in [scale for scale in SCALES if scale < sheet.scale][-1:]:
        room = (across - 2 * MARGIN_MM) * larger / 1000, (down - 2 * MARGIN_MM) * larger / 1000
        assert width > room[0] or height > room[1]


@settings(deadline=None)
@given(side, side)
def test_the_scale_bar_is_as_long_as_it_says(width: float, height: float) -> None:
    sheet = draw([part(box(width, height))], box(width, height), 178, 128)
    said = re.search(r">([\d.]+) (km|m)</text>", sheet.svg)
    halves = re.findall(r'<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="1"', sheet.svg)
    assert said and len(halves) == 2
    metres = float(said[1]) * (1000 if said[2] == "km" else 1)
    length = sum(map(float, halves))
    assert length <= LONGEST_BAR_MM + 0.01
    assert length * sheet.scale / 1000 == pytest.approx(metres, rel=0.01)
    assert f"{metres:g}".strip("0.") in {"1", "2", "5"} or f"{metres:.0e}"[0] in "125"


def test_north_is_up_and_east_is_to_the_right() -> None:
    sheet = draw([part(shapely.Point(EAST + 900, NORTH + 900).buffer(20))], box(1000, 1000), 100, 100)
    assert all(x > 50 and y < 50 for x, y in points_of(sheet.svg))


def test_a_line_between_two_neighbours_is_drawn_once() -> None:
    left, right = box(100, 100), shapely.box(EAST + 100, NORTH, EAST + 200, NORTH + 100)
    lines = lines_of(draw([part(left, right)], box(200, 100), 178, 128).svg)
    length = sum(shapely.LineString(line).length for line in lines)
    xs = [x for line in lines for x, _ in line]
    assert length == pytest.approx(3.5 * (max(xs) - min(xs)), rel=0.01)  # six sides around, one between


def test_only_what_lies_on_the_page_is_in_the_file() -> None:
    far = shapely.box(EAST + 50_000, NORTH, EAST + 51_000, NORTH + 1000)
    inside = draw([part(box(500, 500))], box(1000, 1000), 100, 100).svg
    assert draw([part(box(500, 500), far)], box(1000, 1000), 100, 100).svg == inside


def test_hatching_stays_inside_its_shape() -> None:
    style = Style(stroke="#9a5b13", width=0.0, hatch=2.0)
    inner = shapely.box(EAST + 300, NORTH + 300, EAST + 700, NORTH + 700)
    points = points_of(draw([part(inner, style=style)], box(1000, 1000), 106, 106).svg)
    assert len(points) > 20 and all(33 - 0.1 <= x <= 73.1 and 32.9 <= y <= 73.1 for x, y in points)


def test_degrees_and_an_extent_without_a_size_are_refused() -> None:
    degrees = shapely.box(118, 31, 119, 32)
    with pytest.raises(ValueError, match="degrees"):
        draw([Part(GeoSeries([degrees], crs=4326), LINE)], degrees, 100, 100)
    with pytest.raises(ValueError, match="width and a height"):
        draw([part(box(10, 10))], shapely.Point(EAST, NORTH), 100, 100)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 160), st.floats(0, 110), st.floats(2, 60), st.floats(2, 40)), max_size=30))
def test_no_label_stands_above_another_and_those_without_room_are_told(
    boxes: list[tuple[float, float, float, float]],
) -> None:
    page = shapely.box(0, 0, 178, 128)
    labels = [Label(f"{n:03d}", shapely.box(x, y, x + w, y + h)) for n, (x, y, w, h) in enumerate(boxes)]
    written, left_out = placed(labels, page)
    assert sorted([*(one.text for one in written), *left_out]) == [label.text for label in labels]
    halves = [(width_of(one.text) * one.size / 2, one.size / 2) for one in written]
    taken = [
        shapely.box(one.x - x, one.y - y, one.x + x, one.y + y) for one, (x, y) in zip(written, halves, strict=True)
    ]
    assert not any(a.intersects(b) for n, a in enumerate(taken) for b in taken[:n])
    assert all(one.size >= SMALLEST_MM for one in written)
    assert placed(labels, page) == (written, left_out)


def test_E01_what_a_label_says_is_text() -> None:
    sheet = draw([part(box(900, 900), labels=["<script>&"])], box(1000, 1000), 100, 100)
    assert "&lt;script&gt;&amp;" in sheet.svg and "<script" not in sheet.svg


def test_rings_are_closed_and_points_draw_nothing() -> None:
    assert outline(shapely.box(0, 0, 1, 1)).endswith("Z")
    assert outline(shapely.Point(1, 1)) == outline(shapely.Polygon()) == ""
