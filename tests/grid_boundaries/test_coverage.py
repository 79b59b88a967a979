import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from grid_boundaries.coverage import area_m2, check
from grid_boundaries.errors import SchemaError
from grid_boundaries.schema import normalise

CELL = 0.001
AREA = shapely.box(118.0, 31.0, 118.003, 31.003)


def cell(x, y, width=1.0, height=1.0):
    return shapely.box(118 + CELL * x, 31 + CELL * y, 118 + CELL * (x + width), 31 + CELL * (y + height))


def grids(*shapes, codes=None):
    codes = codes or [f"340523001001{i:03d}" for i in range(len(shapes))]
    return normalise(GeoDataFrame({"code": codes}, geometry=list(shapes), crs=4326))


def board():
    return [cell(x, y) for x in range(3) for y in range(3)]


def found(faults):
    return [(fault.kind, fault.grids) for fault in faults]


def test_nine_squares_cover_their_area_without_a_fault():
    assert check(grids(*board()), AREA) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 30_000)), min_size=3, max_size=12, unique=True))
def test_an_area_cut_into_triangles_is_covered_and_misses_each_one_that_is_taken_away(places):
    corners = np.array([*places, (0, 0), (0, 30_000), (30_000, 0), (30_000, 30_000)])
    lattice = shapely.MultiPoint(np.round(corners * 1e-7 + (118, 31), 7))
    parts = shapely.get_parts(shapely.delaunay_triangles(lattice))
    # One that is a hair on the lattice is missed by nobody.
    triangles = [part for part in parts if area_m2(part) > 1 and 2 * part.area > 1e-7 * part.length]
    cover = shapely.union_all(triangles)
    faults = [fault for fault in check(grids(*triangles), cover) if not fault.is_near]
    assert [fault.kind for fault in faults if fault.kind != "unmatched_edge"] == []
    kinds = {fault.kind for fault in check(grids(*triangles[1:]), cover)}
    assert kinds & {"uncovered", "gap"}


def test_an_overlap_is_found_with_both_grids_and_its_area():
    faults = check(grids(cell(0, 0, 1.1), cell(1, 0)), None)
    assert found(faults) == [("overlap", (0, 1))]
    assert faults[0].area_m2 == pytest.approx(0.1 * area_m2(cell(1, 0)), rel=1e-6)
    assert faults[0].where.equals(shapely.MultiPolygon([cell(1, 0, 0.1)]))


def test_a_grid_inside_another_and_two_that_are_the_same_overlap():
    assert found(check(grids(cell(0, 0, 3, 3), cell(1, 1)))) == [("overlap", (0, 1))]
    assert found(check(grids(cell(0, 0), cell(0, 0)))) == [("overlap", (0, 1))]


def test_a_hole_between_grids_is_a_gap_with_its_neighbours_and_its_area():
    holed = [shape for shape in board() if not shape.equals(cell(1, 1))]
    for parent in (None, AREA):
        faults = check(grids(*holed), parent)
        assert [fault.kind for fault in faults] == ["gap"]
        assert len(faults[0].grids) == 8
        assert faults[0].area_m2 == pytest.approx(area_m2(cell(1, 1)))


def test_a_grid_that_stands_alone_in_a_hole_is_no_part_of_the_gap():
    ring = [shape for shape in board() if not shape.equals(cell(1, 1))]
    faults = check(grids(*ring, cell(1.25, 1.25, 0.5, 0.5)), AREA)
    assert [fault.kind for fault in faults] == ["gap"]
    assert faults[0].area_m2 == pytest.approx(0.75 * area_m2(cell(1, 1)), rel=1e-6)


def test_G04_a_grid_missing_at_the_edge_is_seen_only_against_the_parent():
    without_corner = board()[1:]
    assert check(grids(*without_corner)) == []
    faults = check(grids(*without_corner), AREA)
    assert found(faults) == [("uncovered", ())]
    assert faults[0].where.equals(shapely.MultiPolygon([cell(0, 0)]))


def test_a_grid_that_reaches_beyond_the_parent_is_named():
    shapes = board()
    corners = np.array([(2, 2), (3, 2), (4, 2.5), (3, 3), (2, 3)])
    shapes[8] = shapely.Polygon(corners * CELL + (118, 31))
    faults = check(grids(*shapes), AREA)
    assert found(faults) == [("outside", (8,))]
    assert faults[0].area_m2 == pytest.approx(0.5 * area_m2(cell(3, 2)), rel=1e-6)


def test_a_vertex_that_the_lattice_puts_a_hair_beside_a_straight_side_leaves_nothing_uncovered():
    slant = shapely.Polygon([(118, 31), (118.003, 31.0000001), (118.003, 31.001), (118, 31.001)])
    between = (118.0015, 31.0000001)
    west = shapely.Polygon([(118, 31), between, (118.0015, 31.001), (118, 31.001)])
    east = shapely.Polygon([between, (118.003, 31.0000001), (118.003, 31.001), (118.0015, 31.001)])
    whole = shapely.union_all([west, east])
    assert area_m2(shapely.difference(slant, whole)) > 0.1
    assert check(grids(west, east), slant) == []
    assert "outside" in [fault.kind for fault in check(grids(west, cell(1.5, -0.001, 1.5, 1.001)), slant)]


def test_a_hole_that_is_the_parents_own_is_no_gap():
    lake = shapely.difference(AREA, cell(1, 1))
    holed = [shape for shape in board() if not shape.equals(cell(1, 1))]
    assert check(grids(*holed), lake) == []


def test_a_slit_of_one_lattice_step_is_an_overlap_or_a_gap():
    step = 1e-7 / CELL
    ring = [shape for shape in board() if not shape.equals(cell(1, 1))]
    assert "gap" in [fault.kind for fault in check(grids(*ring, cell(1, 1, 1 - step)), AREA)]
    assert "overlap" in [fault.kind for fault in check(grids(*ring, cell(1, 1, 1 + step)), AREA)]


def test_neighbours_that_share_a_line_but_not_its_vertices_are_told():
    faults = check(grids(cell(0, 0, 1, 2), cell(1, 0), cell(1, 1)))
    assert {fault.kind for fault in faults} == {"unmatched_edge"}
    assert (0,) in [fault.grids for fault in faults]


def test_an_invalid_outline_is_reported_with_its_reason_and_the_rest_is_checked():
    bow = shapely.Polygon([(118, 31), (118.001, 31.001), (118.001, 31), (118, 31.001)])
    faults = check(grids(bow, *board()[1:]), AREA)
    assert found(faults) == [("invalid_geometry", (0,)), ("uncovered", ())]
    assert "Self-intersection" in faults[0].detail


def test_codes_that_are_malformed_or_given_twice_are_reported():
    codes = ["340523001001001", "340523001001001", "7"]
    faults = check(grids(cell(0, 0), cell(1, 0), cell(2, 0), codes=codes))
    assert found(faults) == [("malformed_code", (2,)), ("duplicate_code", (0, 1))]
    assert check(grids(cell(0, 0), codes=["7"]), pattern=r"^\d$") == []


def test_no_grids_leave_the_whole_parent_uncovered():
    assert check(grids()) == []
    assert found(check(grids(), AREA)) == [("uncovered", ())]


def test_a_part_of_a_grid_apart_from_its_main_part_is_told_unless_it_is_meant():
    both = shapely.MultiPolygon([cell(0, 0), cell(2, 0)])
    faults = check(grids(both, cell(1, 0)), cell(0, 0, 3))
    assert found(faults) == [("exclave", (0,))]
    assert faults[0].area_m2 == pytest.approx(area_m2(cell(2, 0)))
    assert check(grids(both, cell(1, 0)), cell(0, 0, 3), exclaves=["340523001001000"]) == []


def test_the_frame_is_not_changed_and_another_system_is_refused():
    given_grids = grids(*board())
    before = given_grids.copy(deep=True)
    check(given_grids, AREA)
    assert given_grids.equals(before)
    with pytest.raises(SchemaError):
        check(given_grids.to_crs(4548))
    with pytest.raises(SchemaError):
        check(given_grids.drop(columns="code"))


def test_areas_are_measured_on_the_ellipsoid_whatever_way_the_rings_run():
    holed = shapely.Polygon(AREA.exterior.coords, [cell(1, 1).exterior.coords])
    lon, lat = np.array(cell(1, 1).exterior.coords).T
    hole = abs(Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)[0])
    assert area_m2(holed) == pytest.approx(area_m2(AREA) - hole)
    assert area_m2(shapely.reverse(holed)) == pytest.approx(area_m2(holed))
