"""Grids measured, and grids proposed: whole, alike in load, near to today's."""

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_app.demo.mesa import geodanet
from grid_boundaries.balance import measure, propose
from grid_boundaries.cells import first_of
from grid_boundaries.errors import BalanceError
from grid_boundaries.faces import faces_of, hull
from grid_boundaries.land import area_m2
from grid_boundaries.schema import normalise
from tests.grid_boundaries.made_units import CELL, SOUTH, WEST, board, connected, faults, graph_of, scattered


def grids_of(units, labels, **columns):
    """Grids that units make, with codes g0, g1, …"""
    names = sorted(set(labels))
    shapes = [shapely.coverage_union_all(units.geometry.to_numpy()[np.asarray(labels) == name]) for name in names]
    codes = [f"g{name}" for name in names]
    return normalise(GeoDataFrame({"code": codes}, geometry=shapes, crs=4326)).assign(**columns)


def loads(proposal, units):
    return units["load"].groupby(proposal.of_unit.to_numpy()).sum()


def test_a_measure_is_what_one_counts_by_hand():
    units, _ = board(4, 2, [100, 200, 0, 50, 100, 0, 0, 50])
    measured = measure(grids_of(units, [0, 0, 1, 1] * 2), units, "load", band=(100, 300))
    assert measured["units"].tolist() == [4, 4]
    assert measured["load"].tolist() == [400, 100]
    assert measured["deviation"].tolist() == pytest.approx([0.6, -0.6])
    assert measured["band"].tolist() == ["over", "within"]
    assert measured["contiguous"].tolist() == [True, True]
    square = [area_m2(shape) for shape in units.geometry]
    assert measured["area_m2"].tolist() == pytest.approx([sum(square) / 2] * 2, rel=1e-4)


def test_a_grid_of_two_squares_that_meet_in_a_corner_is_not_contiguous():
    units, _ = board(2, 2)
    measured = measure(grids_of(units, [0, 1, 1, 0]), units, "load")
    assert measured["parts"].tolist() == [2, 2]
    assert not measured["contiguous"].any()


def test_a_square_is_as_compact_as_a_square_is_and_a_strip_less():
    units, _ = board(8, 1)
    measured = measure(grids_of(units, [0, 1, 1, 1, 1, 1, 1, 1]), units, "load")
    # A degree of longitude is shorter than one of latitude: a rectangle of these sides.
    high = CELL * 110_870
    wide = area_m2(units.geometry[0]) / high
    expected = [4 * np.pi * n * wide * high / (2 * (n * wide + high)) ** 2 for n in (1, 7)]
    assert measured["compactness"].tolist() == pytest.approx(expected, rel=0.01)


def test_a_point_on_a_line_counts_once_and_one_outside_counts_nowhere():
    units, _ = board(2, 1)
    places = shapely.points([(WEST + CELL, SOUTH + CELL / 2), (WEST - CELL, SOUTH)])
    points = GeoDataFrame({"load": [7.0, 5.0]}, geometry=places, crs=4326)
    grids = grids_of(units, [0, 1])
    assert measure(grids, points, "load")["load"].tolist() == [7, 0]
    assert measure(grids.iloc[::-1], points, "load")["load"].to_dict() == {0: 7, 1: 0}


def test_a_board_of_equal_squares_is_shared_out_evenly():
    units, area = board(6, 4)
    found = propose(units, 6, "load", area, seconds=0.5)
    assert loads(found, units).tolist() == [4.0] * 6
    assert found.worst == 0 and found.obstacles == () and found.moved_load == 0
    assert faults(found.grids, area) == []
    assert connected(graph_of(units), found.of_unit)
    assert found.grids["code"].tolist() == [f"new-{number:03d}" for number in range(1, 7)]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 120), st.integers(1, 8), st.integers(0, 10**6), st.booleans())
def test_whatever_the_points_grids_are_whole_and_cover_the_area(count, grids, seed, roads):
    units, area = scattered(count, seed)
    units["load"] += 1
    places = len(set(zip(units.geometry.x, units.geometry.y, strict=True)))
    lines = None
    if roads:
        rng = np.random.default_rng(seed)
        ends = rng.uniform(area.bounds[:2], area.bounds[2:], (4, 2, 2))
        lines = GeoSeries(shapely.linestrings(ends), crs=4326)
    if grids > places:
        with pytest.raises(BalanceError):
            propose(units, grids, "load", area, seconds=0.1)
        return
    found = propose(units, grids, "load", area, seconds=0.1, barriers=lines)
    assert len(found.grids) == grids
    assert faults(found.grids, area) == []
    assert shapely.get_num_geometries(found.grids.geometry.to_numpy()).tolist() == [1] * grids
    measured = measure(found.grids, units, "load")
    assert measured["load"].sum() == units["load"].sum()
    assert measured["load"].tolist() == found.grids["load"].tolist()
    xy = shapely.get_coordinates(found.grids.geometry.to_numpy())
    assert np.array_equal(xy, np.round(xy, 7))
    if found.worst > 0.05 + 1e-9:
        assert found.obstacles


def test_the_same_seed_gives_the_same_grids():
    units, area = scattered(150, 3)
    one, other = (propose(units, 7, "load", area, seed=5, seconds=0.5) for _ in range(2))
    assert [shape.wkb for shape in one.grids.geometry] == [shape.wkb for shape in other.grids.geometry]
    assert one.steps == other.steps


def test_what_is_given_stays_as_it_is():
    units, area = board(6, 4, np.arange(24) + 1)
    keep = grids_of(units, [0, 0, 1, 1, 2, 2] * 4)
    before, kept = units.copy(), keep.copy()
    propose(units, 3, "load", area, keep, seconds=0.1)
    pd.testing.assert_frame_equal(units, before)
    pd.testing.assert_frame_equal(keep, kept)


def test_a_unit_that_is_too_heavy_is_told_and_the_others_are_alike():
    heavy = np.ones(24)
    heavy[9] = 30
    units, area = board(6, 4, heavy)
    found = propose(units, 4, "load", area, seconds=0.5)
    borne = loads(found, units)
    alone = found.of_unit[9]
    assert borne[alone] == 30
    rest = borne.drop(alone)
    assert rest.max() - rest.min() <= 1
    assert [(one.kind, one.units) for one in found.obstacles] == [("heavy_unit", (9,))]
    assert alone in found.obstacles[0].grids


def test_no_grid_lies_in_two_communities_and_the_greater_has_more_grids():
    units, area = board(9, 4)
    units["community"] = ["a" if at % 9 < 3 else "b" for at in range(36)]
    found = propose(units, 6, "load", area, seconds=0.5)
    of = units["community"].groupby(found.of_unit.to_numpy()).unique()
    assert sorted(len(names) for names in of) == [1] * 6
    assert sorted(name for names in of for name in names) == ["a"] * 2 + ["b"] * 4
    assert found.grids.set_index("code")["community"].to_dict() == {code: names[0] for code, names in of.items()}
    assert faults(found.grids, area) == []


def test_a_community_that_cannot_have_its_share_is_told():
    units, area = board(5, 2)
    units["community"] = ["a" if at % 5 < 2 else "b" for at in range(10)]
    found = propose(units, 2, "load", area)
    assert [(one.kind, len(one.grids)) for one in found.obstacles] == [("share", 1), ("share", 1)]


def test_grids_that_are_alike_stay_to_the_bit():
    units, area = board(6, 4)
    keep = grids_of(units, [0, 0, 1, 1, 2, 2] * 4, leader=["Li", "Wang", "Zhao"])
    found = propose(units, 3, "load", area, keep, seconds=0.3)
    assert found.moved_load == 0 and found.retired == ()
    after = found.grids.set_index("code").loc[["g0", "g1", "g2"]]
    assert all(new.equals_exact(old) for new, old in zip(after.geometry, shapely.normalize(keep.geometry), strict=True))
    assert after["leader"].tolist() == ["Li", "Wang", "Zhao"]


def test_grids_of_points_that_are_alike_stay_to_the_bit():
    units, area = scattered(200, 8)
    today = propose(units, 6, "load", area, seconds=1).grids
    found = propose(units, 6, "load", area, today, seconds=0.5)
    assert found.moved_load == 0
    assert [shape.wkb for shape in found.grids.geometry] == [shape.wkb for shape in today.geometry]


def test_little_moves_and_the_codes_stay():
    units, area = scattered(300, 4)
    today = propose(units, 10, "load", area, seconds=1).grids
    changed = units.assign(load=units["load"] * np.random.default_rng(1).uniform(0.6, 1.6, len(units)))
    assert measure(today, changed, "load")["deviation"].abs().max() > 0.08
    found = propose(changed, 10, "load", area, today, seconds=1)
    assert found.worst <= 0.05
    assert set(found.grids["code"]) == set(today["code"])
    assert 0 < found.moved_load < 0.12 * changed["load"].sum()
    before = today["code"].to_numpy()[[int(np.argmax(today.contains(place))) for place in changed.geometry]]
    assert changed["load"][before != found.of_unit.to_numpy()].sum() == pytest.approx(found.moved_load)
    assert faults(found.grids, area) == []


@pytest.mark.parametrize(("count", "kept"), [(5, 3), (2, 2), (1, 1)])
def test_another_number_of_grids_keeps_as_many_codes_as_can_be(count, kept):
    units, area = board(12, 5)
    keep = grids_of(units, [0] * 4 + [1] * 4 + [2] * 4 and [at // 4 for at in range(12)] * 5)
    found = propose(units, count, "load", area, keep, seconds=1)
    assert found.worst <= 0.05
    assert len(set(found.grids["code"]) & set(keep["code"])) >= min(kept, count) - (count > 3)
    assert set(found.retired) == set(keep["code"]) - set(found.grids["code"])
    assert faults(found.grids, area) == []


def test_a_dedicated_grid_stays_and_counts_in_no_mean():
    units, area = board(8, 4)
    labels = [0] * 4 + [1] * 4 + [0] * 3 + [2, 2] + [1] * 3 + ([0] * 4 + [1] * 4) * 2
    keep = grids_of(units, labels, kind=["basic", "basic", "dedicated"])
    found = propose(units, 4, "load", area, keep, seconds=1)
    after = found.grids.set_index("code")
    assert after["kind"].tolist().count("dedicated") == 1
    assert after.loc["g2"].geometry.equals(keep.geometry[2])
    assert found.deviation.index.tolist() == [code for code in found.grids["code"] if code != "g2"]
    assert found.worst <= 0.05
    assert sorted(loads(found, units)) == [2, 10, 10, 10]


def test_lines_of_grids_follow_a_road_where_they_may():
    units, area = board(12, 6)
    road = GeoSeries([shapely.LineString([(WEST, SOUTH + 2 * CELL), (WEST + 12 * CELL, SOUTH + 2 * CELL)])], crs=4326)

    def along(found):
        lines = shapely.intersection(found.grids.geometry.boundary.to_numpy(), road.iloc[0])
        return shapely.length(lines).sum() / 2

    free = propose(units, 6, "load", area, seconds=0.7)
    bound = propose(units, 6, "load", area, seconds=0.7, barriers=road)
    assert along(bound) > along(free)
    assert along(bound) >= 9 * CELL
    assert bound.worst <= 0.05


def test_land_apart_has_its_own_grids_and_what_is_too_light_joins_the_nearest():
    units, _ = board(9, 2)
    column = np.arange(18) % 9
    some = units[(column != 4) & (column != 7)].reset_index(drop=True)
    area = shapely.union_all(some.geometry.to_numpy())
    found = propose(some, 2, "load", area)
    # Four columns, two, and one: the single column goes to the two.
    assert sorted(loads(found, some)) == [6, 8]
    assert [one.kind for one in found.obstacles] == ["exclave", "share", "share"]
    assert faults(found.grids, area) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda units: units.to_crs(3857), "EPSG:4326"),
        (lambda units: units.assign(load=-1.0), "below zero"),
        (lambda units: units.assign(load=["many"] * len(units)), "a number in each row"),
        (lambda units: units.assign(load=0.0), "only zeros"),
        (lambda units: units.drop(columns="load"), "no column load"),
        (lambda units: units.iloc[:0], "nothing to balance"),
        (lambda units: units.set_geometry(units.geometry.translate(1)), "outside the parent, first 0, 1, 2, 3, 4"),
        (lambda units: units.set_geometry(units.geometry.boundary), "polygons"),
        (lambda units: units.iloc[:3], "cannot make 4"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_reason(change, says):
    units, area = board(3, 2)
    with pytest.raises(BalanceError, match=says):
        propose(change(units), 4, "load", area)


def test_more_communities_than_grids_are_refused():
    units, area = board(3, 1)
    units["community"] = list("abc")
    with pytest.raises(BalanceError, match="3 communities"):
        propose(units, 2, "load", area)


def test_crimes_of_mesa_are_shared_out_by_blocks_between_its_real_streets():
    streets, crimes = (
        pyogrio.read_dataframe(geodanet() / f"{name}.shp").geometry.to_crs(4326) for name in ("streets", "crimes")
    )
    area = hull(streets)
    blocks = GeoDataFrame(geometry=faces_of(area, streets).shapes, crs=4326)
    blocks["load"] = np.bincount(first_of(blocks.geometry.to_numpy(), crimes.to_numpy()), minlength=len(blocks)) * 1.0
    found = propose(blocks, 5, "load", area, tolerance=0.1, seconds=1, barriers=streets)
    assert found.worst <= 0.1 and found.obstacles == ()
    assert faults(found.grids, area) == []
    assert measure(found.grids, blocks, "load")["load"].tolist() == found.grids["load"].tolist()
