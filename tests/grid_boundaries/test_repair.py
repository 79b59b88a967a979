"""Partitions spoiled a little and mended again; what is mended is compared with what was there before."""

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grid_boundaries.coverage import Repair, area_m2, check, repair
from grid_boundaries.errors import SchemaError
from grid_boundaries.schema import normalise, snap

METRE = np.array([1 / 95_400, 1 / 110_870])  # degrees at 31 degrees north, nearly
ORIGIN = np.array([118.0, 31.0])


def metres(*places):
    return shapely.Polygon(np.array(places) * METRE + ORIGIN)


def rectangle(west, south, east, north):
    return metres((west, south), (east, south), (east, north), (west, north))


def frame(shapes, first=0):
    codes = [f"340523001001{i + first:03d}" for i in range(len(shapes))]
    return GeoDataFrame({"code": codes}, geometry=list(shapes), crs=4326)


def crooked(side: int, corners: int, seed: int) -> np.ndarray:
    """A valid coverage of side × side cells of some 100 m, the lines between them bent."""
    chance = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(side + 1), np.arange(side + 1), indexing="ij"), axis=-1) * 100.0
    grid += chance.uniform(-20, 20, grid.shape)

    def line(start, end):
        along = np.linspace(0, 1, corners + 2)[:, None]
        places = start * (1 - along) + end * along
        places[1:-1] += chance.uniform(-4, 4, (corners, 2))
        return places

    across = {(x, y): line(grid[x, y], grid[x + 1, y]) for x in range(side) for y in range(side + 1)}
    up = {(x, y): line(grid[x, y], grid[x, y + 1]) for x in range(side + 1) for y in range(side)}
    rings = [
        [across[x, y][:-1], up[x + 1, y][:-1], across[x, y + 1][::-1][:-1], up[x, y][::-1]]
        for x in range(side)
        for y in range(side)
    ]
    return snap(np.array([metres(*np.concatenate(ring)) for ring in rings]))


def spoiled(shapes: np.ndarray, off_m: float, seed: int) -> np.ndarray:
    """Each as somebody else drew it: every corner off by itself, half of the shapes with fewer corners."""
    chance = np.random.default_rng(seed)
    made = []
    for shape in shapes:
        places = shapely.get_coordinates(shape)[:-1] / METRE
        drawn = shapely.Polygon(places + chance.uniform(-off_m, off_m, places.shape))
        drawn = shapely.simplify(drawn, off_m) if chance.random() < 0.5 else drawn
        made.append(shapely.transform(drawn, lambda xy: xy * METRE))
    return np.array(made)


def wrong(grids, parent=None):
    return [(fault.kind, fault.grids) for fault in check(grids, parent) if not fault.is_near]


def widest(before: shapely.Geometry, after: shapely.Geometry) -> float:
    """How wide the land is that one has and the other has not, in metres, by bisection of an erosion that leaves it."""
    land = shapely.transform(shapely.symmetric_difference(before, after), lambda xy: xy / METRE)
    low, high = 0.0, 50.0
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (low, middle) if shapely.buffer(land, -middle / 2).is_empty else (middle, high)
    return high


def on_lattice(grids: GeoDataFrame) -> bool:
    places = shapely.get_coordinates(grids.geometry.to_numpy())
    return bool((places == np.round(places, 7)).all())


seeds = st.integers(0, 10**6)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 4), st.integers(0, 6), seeds, st.sampled_from([0.005, 0.03, 0.1, 0.3]), st.booleans())
@example(side=3, corners=4, seed=182, off_m=0.03, has_parent=True)  # a needle that bends over the parent's outline
def test_a_partition_that_was_drawn_apart_is_one_again_and_no_land_wider_than_the_tolerance_moves(
    side, corners, seed, off_m, has_parent
):
    shapes = crooked(side, corners, seed)
    parent = shapely.coverage_union_all(shapes) if has_parent else None
    drawn = frame(spoiled(shapes, off_m, seed))
    mended = repair(drawn, parent, 2.0)
    assert wrong(mended.grids, parent) == []
    assert on_lattice(mended.grids) and shapely.coverage_is_valid(mended.grids.geometry.to_numpy())
    assert max((move.metres for move in mended.moves), default=0.0) <= 2.0
    for before, after in zip(drawn.geometry, mended.grids.geometry, strict=True):
        assert widest(before, after) <= 2.02


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 4), st.integers(0, 6), seeds)
def test_what_is_right_is_returned_as_it_is(side, corners, seed):
    grids = normalise(frame(crooked(side, corners, seed)))
    parent = shapely.coverage_union_all(grids.geometry.to_numpy())
    for mended in (repair(grids), repair(grids, parent)):
        assert mended.moves == () and mended.grids.equals(grids)


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 3), st.integers(0, 4), seeds, st.sampled_from([0.03, 0.2]), st.booleans())
@example(side=3, corners=4, seed=1, off_m=0.03, has_parent=True)
def test_what_was_mended_is_not_mended_again(side, corners, seed, off_m, has_parent):
    shapes = crooked(side, corners, seed)
    parent = shapely.coverage_union_all(shapes) if has_parent else None
    once = repair(frame(spoiled(shapes, off_m, seed)), parent, 2.0).grids
    assert repair(once, parent, 2.0).moves == ()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 6), seeds, st.floats(0, 360), st.floats(1, 3), st.randoms(use_true_random=False))
def test_turned_shifted_and_scaled_grids_in_another_order_are_mended_in_the_same_way(
    corners, seed, angle, factor, chance
):
    shapes = crooked(3, corners, seed)
    drawn, parent = frame(spoiled(shapes, 0.2, seed)), shapely.coverage_union_all(shapes)

    def moved(shape):
        turned = shapely.affinity.rotate(in_plane(shape), angle, origin=(0, 0))
        return shapely.transform(turned, lambda xy: xy * factor * METRE + ORIGIN + (0.013, 0.007))

    order = list(range(len(drawn)))
    chance.shuffle(order)
    other, outline = drawn.set_geometry([moved(shape) for shape in drawn.geometry], crs=4326), snap(moved(parent))
    one, two = repair(drawn, parent, 2.0), repair(other.iloc[order], outline, 2.0 * factor)
    assert wrong(one.grids, parent) == wrong(two.grids, outline) == []
    for before, after in zip(one.grids.geometry, two.grids.geometry.loc[drawn.index], strict=True):
        assert area_m2(after) == pytest.approx(factor**2 * area_m2(before), rel=5e-3)


def in_plane(shapes):
    return shapely.transform(shapes, lambda xy: (xy - ORIGIN) / METRE)


def test_of_two_lines_that_should_be_one_the_finer_is_kept_whole():
    fine = [(100, 0), (100.3, 20), (99.8, 40), (100.2, 60), (99.9, 80), (100, 100)]
    west, east = metres((0, 0), *fine, (0, 100)), metres((100, 0), (200, 0), (200, 100), (100, 100))
    for shapes in ((west, east), (east, west)):
        mended = repair(frame(shapes)).grids
        kept, other = mended.geometry if shapes[0] is west else mended.geometry[::-1]
        assert kept.equals(snap(west)) and len(kept.geoms[0].exterior.coords) == 9
        assert set(other.geoms[0].exterior.coords) >= set(
            snap(shapely.LineString(np.array(fine) * METRE + ORIGIN)).coords
        )


def test_a_corner_that_a_neighbour_lacks_is_entered_and_one_beside_the_line_draws_the_line_to_it():
    whole, north, south = rectangle(0, 0, 100, 200), rectangle(100, 100, 200, 200), rectangle(100, 0, 200, 100)
    mended = repair(frame([whole, north, south]))
    assert [(move.grid, move.kind) for move in mended.moves if move.kind != "lattice"] == [(0, "vertex")]
    assert wrong(mended.grids) == []
    off = np.array(((100.4, 100), (200, 100), (200, 200), (100, 200)))
    shapes = [whole, metres(*off), metres((100, 0), (200, 0), (200, 100), (100.4, 100))]
    assert ("unmatched_edge" in {kind for kind, _ in wrong(normalise(frame(shapes)))}) or wrong(
        normalise(frame(shapes))
    )
    mended = repair(frame([*shapes, rectangle(0, 200, 200, 300)]))
    assert wrong(mended.grids) == []
    assert max(move.metres for move in mended.moves) <= 0.41


def test_what_is_wider_than_the_tolerance_stays_and_is_still_told():
    shapes = [rectangle(0, 0, 103, 100), rectangle(100, 0, 200, 100), rectangle(200.4, 0, 300, 100)]
    mended = repair(frame(shapes), snap(rectangle(0, 0, 300, 100)), 1.0)
    assert wrong(mended.grids) == [("overlap", (0, 1))]
    assert {(move.grid, move.kind) for move in mended.moves} >= {(1, "gap")} or {
        (move.grid, move.kind) for move in mended.moves
    } >= {(2, "gap")}
    assert wrong(repair(frame(shapes), snap(rectangle(0, 0, 300, 100)), 3.5).grids) == []


def test_a_gap_along_several_grids_is_cut_so_that_each_takes_what_lies_before_it():
    west = [rectangle(0, 100 * n, 100, 100 * n + 100) for n in range(3)]
    east = [rectangle(100.5, 100 * n - 50, 200, 100 * n + 50) for n in range(4)]
    ends = [rectangle(0, 300, 100, 350), rectangle(0, -50, 100, 0)]
    grids = frame([*west, *east, *ends])
    parent = snap(rectangle(0, -50, 200, 350))
    mended = repair(grids, parent)
    assert wrong(mended.grids, parent) == []
    for before, after in zip(grids.geometry, mended.grids.geometry, strict=True):
        bounds = in_plane(after).bounds
        given_bounds = in_plane(before).bounds
        assert np.abs(np.array(bounds) - given_bounds).max() < 0.52


def test_the_outline_is_fitted_to_the_parent_within_the_tolerance():
    shapes = crooked(3, 3, 5)
    parent = shapely.coverage_union_all(shapes)
    drawn = frame(spoiled(shapes, 0.2, 5))
    whole = shapely.union_all(repair(drawn, parent, 2.0).grids.geometry.to_numpy())
    assert widest(whole, parent) < 0.02
    short = repair(drawn.drop(index=0), parent, 2.0)
    assert {kind for kind, _ in wrong(short.grids, parent)} == {"uncovered"}


def test_a_narrow_part_apart_from_its_grid_goes_to_the_grid_beside_it_and_an_island_stays():
    strip, island = rectangle(200, 20, 200.5, 80), rectangle(500, 0, 500.5, 60)
    west = shapely.MultiPolygon([rectangle(0, 0, 100, 100), strip, island])
    east = metres((200.5, 20), (300, 20), (300, 80), (200.5, 80))
    mended = repair(frame([west, rectangle(100, 0, 200, 100), east]))
    assert [move.kind for move in mended.moves if move.area_m2 < 0] == ["sliver"]
    assert len(mended.grids.geometry[0].geoms) == 2 and mended.grids.geometry[0].intersects(island)
    given_land = snap(np.array([west, east, rectangle(100, 0, 200, 100)]))
    assert sum(map(area_m2, mended.grids.geometry)) == pytest.approx(sum(map(area_m2, given_land)), rel=1e-9)


def test_a_line_that_crosses_itself_by_little_is_mended_and_one_that_makes_two_grids_of_one_is_left():
    loop = metres((0, 0), (100, 0), (100, 100), (50.2, 100.4), (49.8, 99.7), (50.3, 99.6), (50, 100.5), (0, 100))
    bow = metres((200, 0), (300, 100), (300, 0), (200, 100))
    assert not loop.is_valid and not bow.is_valid
    mended = repair(frame([loop, bow]))
    assert mended.grids.geometry.is_valid.tolist() == [True, False]
    assert snap(bow).equals_exact(mended.grids.geometry[1])
    assert "geometry" in {move.kind for move in mended.moves}


def test_an_area_that_is_missing_or_empty_is_left_and_labels_and_columns_are_kept():
    grids = frame([rectangle(0, 0, 100, 100), None, shapely.Polygon(), rectangle(100.2, 0, 200, 100)])
    grids = grids.assign(leader=list("abcd")).set_axis(list("wxyz"), axis=0)
    before = grids.copy(deep=True)
    mended = repair(grids, snap(rectangle(0, 0, 200, 100)))
    assert isinstance(mended, Repair) and mended.grids.index.tolist() == list("wxyz")
    assert mended.grids["leader"].tolist() == list("abcd") and grids.equals(before)
    assert {move.grid for move in mended.moves if move.area_m2} <= {"w", "z"}
    assert {kind for kind, _ in wrong(mended.grids)} == {"invalid_geometry"}


def test_nothing_at_all_is_mended_to_nothing():
    empty = frame([])
    assert repair(empty).moves == () and len(repair(empty, rectangle(0, 0, 1, 1)).grids) == 0


@pytest.mark.parametrize("tolerance", [0, -1, float("inf"), float("nan")])
def test_a_tolerance_that_is_no_length_is_refused(tolerance):
    with pytest.raises(ValueError, match="tolerance"):
        repair(frame([rectangle(0, 0, 1, 1)]), tolerance_m=tolerance)


def test_another_system_is_refused():
    with pytest.raises(SchemaError):
        repair(frame([rectangle(0, 0, 1, 1)]).to_crs(4548))
    with pytest.raises(SchemaError):
        repair(GeoDataFrame(pd.DataFrame({"name": ["a"]}), geometry=[rectangle(0, 0, 1, 1)], crs=4326))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 5), seeds)
def test_no_more_land_moves_than_the_cleaning_of_geos_moves(corners, seed):
    drawn = frame(spoiled(crooked(3, corners, seed), 0.2, seed))
    plane = in_plane(drawn.geometry.to_numpy())
    theirs = shapely.coverage_clean(plane, gap_width=2.0)
    ours = shapely.transform(repair(drawn, tolerance_m=2.0).grids.geometry.to_numpy(), lambda xy: (xy - ORIGIN) / METRE)
    moved = [shapely.area(shapely.symmetric_difference(plane, clean)).sum() for clean in (ours, theirs)]
    assert moved[0] <= 2 * moved[1] + 1
