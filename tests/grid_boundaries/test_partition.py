"""Grids along streets: they cover the area, each is in one piece, and they weigh about the same."""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grid_boundaries.coverage import WGS84, area_m2, check
from grid_boundaries.errors import PartitionError
from grid_boundaries.faces import faces_of, hull
from grid_boundaries.partition import partition
from grid_boundaries.schema import snap

CELL = 0.001
WEST, SOUTH = 118.0, 31.0
AREA = shapely.box(WEST, SOUTH, WEST + 6 * CELL, SOUTH + 4 * CELL)
PATTERN = r"\d+"


def at(x, y):
    return (WEST + CELL * x, SOUTH + CELL * y)


def lines(*ways):
    return GeoSeries([shapely.LineString([at(*place) for place in way]) for way in ways], crs=4326)


def town(width=6, height=4):
    """Streets that cut the area into squares."""
    across = [((0, y), (width, y)) for y in range(1, height)]
    along = [((x, 0), (x, height)) for x in range(1, width)]
    return lines(*across, *along)


def faults(grids, area, pattern=PATTERN):
    return check(grids.assign(code=[str(row) for row in range(len(grids))]), area, pattern=pattern)


def pieces(grids):
    return shapely.get_num_geometries(grids.geometry.to_numpy()).tolist()


def test_a_town_of_squares_falls_into_grids_of_the_same_street_length():
    grids = partition(AREA, town(), 6)
    assert faults(grids, AREA) == []
    assert pieces(grids) == [1] * 6
    assert grids["street_m"].max() / grids["street_m"].mean() < 1.2
    lon, lat = np.array([line.coords for line in town()]).transpose(2, 0, 1)
    assert grids["street_m"].sum() == pytest.approx(WGS84.inv(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])[2].sum())


@st.composite
def towns(draw):
    """Random streets over an area with a random outline, on odd coordinates."""
    places = st.tuples(st.floats(-0.5, 6.5), st.floats(-0.5, 4.5))
    ways = draw(st.lists(st.tuples(places, places), min_size=0, max_size=9))
    corner = draw(st.tuples(st.floats(4.0, 6.0), st.floats(2.5, 4.0)))
    area = shapely.Polygon([at(0, 0), at(6, 0.3), at(*corner), at(0.4, 4)])
    hole = draw(st.booleans())
    if hole:
        area = shapely.difference(area, shapely.Polygon([at(1.2, 1.1), at(2.3, 1.3), at(1.9, 2.2)]))
    return area, lines(*ways), draw(st.integers(1, 6))


@settings(max_examples=60, deadline=None)
@given(towns())
def test_whatever_the_streets_the_grids_are_the_area_in_connected_pieces_without_overlap(given_town):
    area, streets, count = given_town
    assume(all(line.length > 0 for line in streets))
    faces = len(faces_of(area, streets).shapes)
    if count > faces:
        with pytest.raises(PartitionError):
            partition(area, streets, count)
        return
    grids = partition(area, streets, count)
    assert len(grids) == count
    assert faults(grids, area) == []
    assert pieces(grids) == [1] * count
    union = shapely.union_all(grids.geometry.to_numpy())
    assert shapely.hausdorff_distance(union, snap(area), densify=0.05) < 1.5e-7
    shapes = shapely.get_coordinates(grids.geometry.to_numpy())
    assert np.array_equal(shapes, np.round(shapes, 7))
    again = partition(area, streets, count)
    assert [shape.wkb for shape in again.geometry] == [shape.wkb for shape in grids.geometry]


def test_the_order_of_the_streets_means_nothing():
    streets = town()
    turned = streets.iloc[::-1].reset_index(drop=True).reverse()
    first, second = (partition(AREA, way, 5) for way in (streets, turned))
    assert [shape.wkb for shape in first.geometry] == [shape.wkb for shape in second.geometry]


def test_dead_ends_cut_nothing_but_weigh_in_the_face_where_they_lie():
    streets = lines(((3, 0), (3, 4)), ((3, 2), (5, 2)), ((0.5, 0.5), (1, 1)))
    faces = faces_of(AREA, streets)
    assert len(faces.shapes) == 2
    half = WGS84.inv(*at(3, 0), *at(3, 4))[2] / 2
    dead_end, loose = WGS84.inv(*at(3, 2), *at(5, 2))[2], WGS84.inv(*at(0.5, 0.5), *at(1, 1))[2]
    west = np.argmin([shape.centroid.x for shape in faces.shapes])
    assert faces.street_m[west] == pytest.approx(half + loose)
    assert faces.street_m[1 - west] == pytest.approx(half + dead_end)


def test_a_street_that_ends_on_another_puts_its_vertex_into_the_faces_on_both_sides():
    streets = lines(((0, 1.7), (6, 2.3)), ((2.123456789, 4), (2.123456789, 1.9123456789)))
    grids = partition(AREA, streets, 2)
    assert faults(grids, AREA) == []
    south, north = sorted(grids.geometry, key=lambda shape: shape.centroid.y)
    shared = {tuple(p) for p in shapely.get_coordinates(south)} & {tuple(p) for p in shapely.get_coordinates(north)}
    assert len(shared) >= 3


def test_streets_in_the_middle_of_nowhere_are_joined_to_the_outline_so_that_no_grid_runs_around():
    ring = lines(((2, 1), (4, 1), (4, 3), (2, 3), (2, 1)), ((3, 1), (3, 3)), ((2, 2), (4, 2)))
    grids = partition(AREA, ring, 4)
    assert faults(grids, AREA) == []
    assert shapely.get_num_interior_rings(shapely.get_parts(grids.geometry.to_numpy())).sum() == 0


def test_slits_between_two_carriageways_are_no_grids():
    streets = lines(((0, 2), (6, 2)), ((0, 2.1), (6, 2.1)), ((3, 0), (3, 4)))
    assert len(faces_of(AREA, streets).shapes) == 4


def test_an_exclave_too_small_for_a_grid_belongs_to_the_nearest():
    exclave = shapely.box(*at(7, 3), *at(7.5, 3.5))
    area = shapely.union_all([AREA, exclave])
    grids = partition(area, town(), 4)
    assert faults(grids, area) == []
    assert sorted(pieces(grids)) == [1, 1, 1, 2]
    owner = grids.geometry[[shape.intersects(exclave) for shape in grids.geometry]].iloc[0]
    assert owner.intersects(shapely.Point(at(6, 3.5)))


def test_two_parts_with_streets_each_have_their_own_grids():
    other = shapely.box(*at(10, 0), *at(16, 4))
    streets = GeoSeries([*town(), *town().translate(10 * CELL)], crs=4326)
    grids = partition(shapely.MultiPolygon([AREA, other]), streets, 6)
    assert pieces(grids) == [1] * 6
    assert sum(shape.centroid.x < at(8, 0)[0] for shape in grids.geometry) == 3


def test_one_grid_is_the_area_and_without_streets_there_is_no_second():
    none = GeoSeries([], crs=4326)
    for streets in (none, town()):
        (whole,) = partition(AREA, streets, 1).geometry
        assert area_m2(shapely.symmetric_difference(whole, AREA)) == pytest.approx(0, abs=1e-3)
    with pytest.raises(PartitionError, match="1 faces"):
        partition(AREA, none, 2)
    far = lines(((20, 20), (30, 30)))
    assert len(partition(AREA, far, 1)) == 1


def test_without_an_area_it_is_what_the_streets_enclose_and_the_plots_along_them():
    streets = town().iloc[:]
    land = hull(streets)
    grids = partition(None, streets, 6)
    assert faults(grids, land) == []
    plane = GeoSeries([land, *streets], crs=4326).to_crs(32650)
    assert plane.iloc[0].contains(plane.iloc[1:].buffer(70).union_all())
    assert not plane.iloc[0].contains(plane.iloc[1:].buffer(150, cap_style="flat").union_all())
    assert len(partition(None, streets.iloc[:1], 1)) == 1


@pytest.mark.parametrize("count", [0, -1, 10_000])
def test_a_number_of_grids_that_cannot_be_is_refused(count):
    with pytest.raises(PartitionError):
        partition(AREA, town(), count)


def test_what_is_no_area_or_no_street_is_refused():
    bow = shapely.Polygon([at(0, 0), at(1, 1), at(1, 0), at(0, 1)])
    for area in (bow, shapely.Point(at(0, 0)), shapely.Polygon(), "area"):
        with pytest.raises(PartitionError):
            partition(area, town(), 1)
    for streets in (
        town().to_crs(4548),
        GeoSeries([shapely.Point(at(1, 1))], crs=4326),
        town().set_crs(None, allow_override=True),
    ):
        with pytest.raises(PartitionError):
            partition(AREA, streets, 1)
    with pytest.raises(PartitionError):
        partition(None, GeoSeries([], crs=4326), 1)


def test_what_was_given_stays_as_it_is():
    streets = town()
    before = streets.copy(deep=True)
    partition(AREA, streets, 3)
    assert streets.equals(before)


def test_a_damaged_partition_is_told_by_overlap_gap_and_what_is_uncovered():
    grids = partition(AREA, town(), 6)
    cover = grids.geometry.to_numpy()
    nibble = shapely.Point(at(2.9, 2.1)).buffer(CELL / 20)
    damaged = {
        "overlap": [*cover, shapely.MultiPolygon([nibble])],
        "gap": [shapely.difference(shape, nibble) for shape in cover],
        "uncovered": [shape for row, shape in enumerate(cover) if row != 0],
    }
    for kind, shapes in damaged.items():
        frame = GeoDataFrame({"code": [str(row) for row in range(len(shapes))]}, geometry=shapes, crs=4326)
        assert kind in {fault.kind for fault in check(frame, AREA, pattern=PATTERN)}, kind


def test_mesas_streets_make_twelve_grids_of_a_like_length():
    import pyogrio

    from geo_app.demo.mesa import geodanet

    streets = pyogrio.read_dataframe(geodanet() / "streets.shp").geometry.to_crs(4326)
    assert len(shapely.get_parts(shapely.polygonize(streets.to_numpy()))) == 74
    grids = partition(None, streets, 12)
    assert faults(grids, hull(streets)) == []
    assert pieces(grids) == [1] * 12
    assert grids["street_m"].max() / grids["street_m"].mean() <= 1.25
    plane = grids.to_crs(26949).geometry
    assert (4 * np.pi * plane.area / plane.length**2 > 0.6).all()
