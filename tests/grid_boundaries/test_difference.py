"""What changed between two days: identity by key, land by geometry, areas against an independent sum."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from grid_boundaries.difference import difference
from grid_boundaries.errors import SchemaError
from grid_boundaries.schema import normalise, snap

WEST, SOUTH, STEP = 118.3510001, 31.7420003, 0.004
GEOD = Geod(ellps="WGS84")


def squares(rows: int, columns: int) -> GeoDataFrame:
    """Grids side by side, by code 000, 001, … row by row from the south."""
    shapes = [
        shapely.box(WEST + c * STEP, SOUTH + r * STEP, WEST + (c + 1) * STEP, SOUTH + (r + 1) * STEP)
        for r in range(rows)
        for c in range(columns)
    ]
    codes = [f"{number:03d}" for number in range(len(shapes))]
    return normalise(GeoDataFrame({"code": codes}, geometry=shapes, crs=4326))


def given_over(grids: GeoDataFrame, taker: str, giver: str, area: shapely.Geometry) -> GeoDataFrame:
    """A part of one grid goes to another."""
    made = grids.copy()
    rows = made.set_index("code").index
    place = shapely.intersection(made.geometry[rows.get_loc(giver)], area)
    made.loc[rows.get_loc(taker), "geometry"] = shapely.union(made.geometry[rows.get_loc(taker)], place)
    made.loc[rows.get_loc(giver), "geometry"] = shapely.difference(made.geometry[rows.get_loc(giver)], place)
    return normalise(made)


def geodesic(shape: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0])


def as_table(pieces: GeoDataFrame) -> list[tuple[str | None, str | None]]:
    return list(zip(pieces["before"], pieces["after"], strict=True))


def test_the_same_grids_differ_in_nothing() -> None:
    grids = squares(3, 3)
    found = difference(grids, grids.sample(frac=1, random_state=1))
    assert (found.created, found.retired, found.moved, found.renamed, found.redrawn) == ((), (), (), (), ())
    assert len(found.pieces) == 0 and list(found.pieces.columns) == [
        "before",
        "after",
        "area_m2",
        "redrawn",
        "geometry",
    ]


def test_no_frame_that_was_given_is_changed() -> None:
    before = squares(2, 2)
    after = given_over(before, "000", "001", shapely.box(WEST, SOUTH, WEST + 1.5 * STEP, SOUTH + STEP))
    copies = before.copy(), after.copy()
    difference(before, after)
    assert before.equals(copies[0]) and after.equals(copies[1])


def test_land_that_changed_hands_has_its_two_grids_and_its_area() -> None:
    before = squares(2, 2)
    half = shapely.box(WEST, SOUTH, WEST + 1.5 * STEP, SOUTH + STEP)
    found = difference(before, given_over(before, "000", "001", half))
    assert (found.created, found.retired, found.moved) == ((), (), ("000", "001"))
    assert as_table(found.pieces) == [("001", "000")]
    expected = geodesic(shapely.intersection(half, before.geometry[1]))
    assert found.pieces["area_m2"][0] == pytest.approx(expected, rel=1e-6)


def test_a_split_makes_two_of_one_and_a_merge_one_of_two() -> None:
    whole = squares(1, 2)
    east = shapely.box(WEST + 0.4 * STEP, 0, WEST + STEP, 90)
    halves = [shapely.intersection(whole.geometry[0], east), shapely.difference(whole.geometry[0], east)]
    parts = normalise(GeoDataFrame({"code": ["001", "010", "011"]}, geometry=[whole.geometry[1], *halves], crs=4326))
    split = difference(whole, parts)
    assert (set(split.created), split.retired, split.moved) == ({"010", "011"}, ("000",), ())
    assert set(as_table(split.pieces)) == {("000", "010"), ("000", "011")}
    merge = difference(parts, whole)
    assert (merge.created, set(merge.retired), merge.moved) == (("000",), {"010", "011"}, ())
    assert merge.pieces["area_m2"].sum() == pytest.approx(geodesic(whole.geometry[0].geoms[0]), rel=1e-6)


def test_a_grid_that_only_gained_a_vertex_on_its_line_did_not_move() -> None:
    before = squares(1, 2)
    after = before.copy()
    after["geometry"] = snap(GeoSeries(shapely.segmentize(before.geometry.to_numpy(), STEP / 3.3), crs=4326))
    found = difference(before, after)
    assert found.moved == () and len(found.pieces) == 0


def test_what_the_rounding_of_a_new_vertex_takes_along_is_no_land() -> None:
    slope = [(WEST, SOUTH), (WEST + STEP, SOUTH + 0.37 * STEP)]
    corners = [(WEST + STEP, SOUTH - STEP), (WEST, SOUTH - STEP)]
    before = normalise(GeoDataFrame({"code": ["1"]}, geometry=[shapely.Polygon([*slope, *corners])], crs=4326))
    middle = snap(shapely.line_interpolate_point(shapely.LineString(slope), 0.4, normalized=True))
    after = normalise(
        GeoDataFrame(
            {"code": ["1"]}, geometry=[shapely.Polygon([slope[0], middle.coords[0], slope[1], *corners])], crs=4326
        )
    )
    assert not before.geometry[0].equals(after.geometry[0])
    assert difference(before, after).moved == ()


def test_land_of_nobody_is_told_apart() -> None:
    before = squares(1, 3)
    gone = difference(before, before.iloc[:2])
    assert (gone.retired, as_table(gone.pieces)) == (("002",), [("002", None)])
    come = difference(before.iloc[:2], before)
    assert (come.created, as_table(come.pieces)) == (("002",), [(None, "002")])
    first = difference(before.iloc[:0], before)
    assert len(first.created) == 3 and set(as_table(first.pieces)) == {(None, "000"), (None, "001"), (None, "002")}


def test_another_code_name_or_kind_of_the_same_grid_is_a_new_name() -> None:
    before = squares(1, 3).assign(id=[1, 2, 3])
    after = before.assign(code=["000", "900", "002"], name=["000", "001", "东村"])
    found = difference(before, after, key="id")
    assert (found.renamed, found.moved, found.created) == ((2, 3), (), ())
    assert difference(before, before.assign(kind=["dedicated", "basic", "basic"]), key="id").renamed == (1,)


def test_lines_that_were_only_drawn_better_are_no_change() -> None:
    before = squares(2, 2)
    one = given_over(before, "000", "001", shapely.box(WEST, SOUTH, WEST + 1.1 * STEP, SOUTH + STEP))
    both = given_over(one, "002", "003", shapely.box(WEST, SOUTH + STEP, WEST + 1.5 * STEP, SOUTH + 2 * STEP))
    found = difference(before, both, redrawn={"000", "001"})
    assert (found.moved, found.redrawn) == (("002", "003"), ("000", "001"))
    assert found.pieces["redrawn"].tolist() == [False, True]  # the larger one first


def test_a_grid_that_moved_and_was_drawn_better_moved() -> None:
    before = squares(1, 3)
    one = given_over(before, "000", "001", shapely.box(WEST, SOUTH, WEST + 1.1 * STEP, SOUTH + STEP))
    both = given_over(one, "001", "002", shapely.box(WEST, SOUTH, WEST + 2.2 * STEP, SOUTH + STEP))
    found = difference(before, both, redrawn={"000"})
    assert (found.moved, found.redrawn) == (("001", "002"), ("000",))
    assert dict(zip(as_table(found.pieces), found.pieces["redrawn"], strict=True)) == {
        ("001", "000"): True,
        ("002", "001"): False,
    }


@pytest.mark.parametrize("wrong", ["system", "column", "doubled", "missing"])
def test_frames_that_are_no_grids_are_refused(wrong: str) -> None:
    grids = squares(1, 2)
    given_frame = {
        "system": grids.to_crs(4548),
        "column": grids.drop(columns="code"),
        "doubled": grids.assign(code="1"),
        "missing": grids.assign(code=pd.Series([None, "1"])),
    }[wrong]
    with pytest.raises(SchemaError):
        difference(given_frame, grids)
    with pytest.raises(SchemaError):
        difference(grids, given_frame)


@st.composite
def histories(draw: st.DrawFn) -> tuple[GeoDataFrame, GeoDataFrame]:
    """Cells of a lattice, and which grid owns each on two days: land that moves cell by cell."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    owners = st.lists(st.integers(0, 4), min_size=rows * columns, max_size=rows * columns)
    cells = squares(rows, columns)
    frames = []
    for owner in (draw(owners), draw(owners)):
        of_cell = pd.Series(owner)
        shapes = {n: shapely.union_all(cells.geometry[(of_cell == n).to_numpy()]) for n in sorted(set(owner))}
        frames.append(
            normalise(
                GeoDataFrame({"code": [str(n) for n in shapes]}, geometry=list(shapes.values()), crs=4326)
            ).assign(cells=[of_cell.index[of_cell == n].tolist() for n in shapes])
        )
    return frames[0], frames[1]


@settings(max_examples=60, deadline=None)
@given(histories())
def test_the_pieces_are_the_cells_that_changed_their_owner(history: tuple[GeoDataFrame, GeoDataFrame]) -> None:
    before, after = history
    owner = [{cell: code for code, cells in zip(f["code"], f["cells"], strict=True) for cell in cells} for f in history]
    expected: dict[tuple[str, str], int] = {}
    for cell in owner[0]:
        if owner[0][cell] != owner[1][cell]:
            pair = owner[0][cell], owner[1][cell]
            expected[pair] = expected.get(pair, 0) + 1
    found = difference(before, after)
    cell_m2 = geodesic(shapely.box(WEST, SOUTH, WEST + STEP, SOUTH + STEP))
    shares = dict(zip(as_table(found.pieces), found.pieces["area_m2"] / cell_m2, strict=True))
    assert shares == {pair: pytest.approx(count, rel=1e-3) for pair, count in expected.items()}
    kept = set(before["code"]) & set(after["code"])
    assert set(found.moved) == kept & {code for pair in expected for code in pair}
    assert np.all(np.diff(found.pieces["area_m2"]) <= 0)
