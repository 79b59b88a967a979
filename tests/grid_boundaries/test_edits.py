"""Each edit does what it says, or is refused with the reason and the place."""

import numpy as np
import pytest
import shapely

from grid_boundaries.codes import Numbering
from grid_boundaries.coverage import check
from grid_boundaries.edits import carve, drag_vertex, fill, merge, move_boundary, split, transfer
from grid_boundaries.errors import EditError, SchemaError
from tests.grid_boundaries.made_grids import (
    CELL,
    NUMBERING,
    SOUTH,
    WEST,
    area,
    at,
    board,
    code,
    frame,
    path,
    require_told,
    require_whole,
    shape_of,
    square,
)


def refused(reason, what, *args, **more):
    """The error of an edit that is refused; the frame stays as it was."""
    before = args[0].copy(deep=True)
    with pytest.raises(EditError) as caught:
        what(*args, **more)
    assert caught.value.reason == reason, f"{caught.value.reason}: {caught.value}"
    assert args[0].equals(before)
    return caught.value


def in_cells(shape):
    return shapely.transform(shape, lambda xy: (xy - [WEST, SOUTH]) / CELL)


def has_vertex(shape, place):
    return bool((shapely.get_coordinates(shape) == np.array(place)).all(axis=1).any())


# splitting


def test_a_line_across_divides_a_grid_and_its_neighbours_get_the_new_vertices():
    grids = board()
    edit = split(grids, code(5), path((0.9, 1.4), (2.1, 1.6)), numbering=NUMBERING)
    require_whole(grids, edit)
    assert edit.retired == (code(5),)
    assert edit.created == (code(11), code(10)) or edit.created == (code(10), code(11))
    assert edit.changed == (code(4), code(6))
    assert edit.came_from == {code(10): (code(5),), code(11): (code(5),)}
    one, two = (shape_of(edit.grids, new) for new in edit.created)
    ends = shapely.get_coordinates(shapely.line_merge(shapely.intersection(one, two)))
    assert len(ends) == 2
    for end, beside in zip(sorted(ends.tolist()), (code(4), code(6)), strict=True):
        assert has_vertex(shape_of(edit.grids, beside), end)


def test_new_codes_run_from_the_north_and_names_follow_the_rule():
    edit = split(board(), code(5), path((0.9, 1.5), (2.1, 1.5)), numbering=NUMBERING)
    new = edit.grids.set_index("code").loc[[code(10), code(11)]]
    assert new["name"].tolist() == ["第10网格", "第11网格"]
    edit = split(board(2, 2), code(1), path((-1, 0.1), (2, 0.1)), numbering=NUMBERING)
    north, south = (shape_of(edit.grids, code(number)) for number in (5, 6))
    assert north.centroid.y > south.centroid.y


def test_in_one_band_of_the_community_codes_run_from_the_west():
    # The parts of the grid are low; the bands are those of the community, not of the parts.
    edit = split(board(), code(5), path((0.9, 1.9), (2.1, 1.2)), numbering=NUMBERING)
    west, east = (shape_of(edit.grids, code(number)) for number in (10, 11))
    assert west.centroid.x < east.centroid.x


def test_codes_that_were_ever_given_are_not_given_again():
    rule = Numbering(taken=frozenset({code(10), code(12)}))
    edit = split(board(), code(5), path((0.9, 1.5), (2.1, 1.5)), numbering=rule)
    assert set(edit.created) == {code(11), code(13)}


def test_when_numbers_run_out_a_split_is_refused():
    rule = Numbering(taken=frozenset(code(number) for number in range(10, 1000)))
    refused("no_code", split, board(), code(5), path((0.9, 1.5), (2.1, 1.5)), numbering=rule)


def test_other_columns_are_carried_to_the_new_grids():
    grids = board(community="340523001001", people=np.arange(9))
    edit = split(grids, code(5), path((0.9, 1.5), (2.1, 1.5)), numbering=NUMBERING)
    new = edit.grids.set_index("code").loc[list(edit.created)]
    assert new["community"].tolist() == ["340523001001"] * 2
    assert new["people"].tolist() == [4, 4]
    assert new["leader"].tolist() == ["王", "王"]


def test_a_line_from_corner_to_corner_puts_no_vertex_anywhere():
    grids = board()
    edit = split(grids, code(5), path((1, 1), (2, 2)), numbering=NUMBERING)
    require_whole(grids, edit)
    assert edit.changed == ()


@pytest.mark.parametrize("short", [-0.006, 0.006])
def test_an_end_within_a_metre_of_the_boundary_is_carried_there(short):
    grids = board()
    edit = split(grids, code(5), path((1 + short, 1.5), (2 - short, 1.5)), numbering=NUMBERING)
    require_whole(grids, edit)
    areas = [shape_of(edit.grids, new).area for new in edit.created]
    assert areas[0] == pytest.approx(areas[1], rel=1e-3)


def test_a_line_that_passes_a_corner_within_ten_centimetres_is_led_through_it():
    grids = board()
    edit = split(grids, code(5), path((0.5, 0.5 + 5e-5), (2.5, 2.5 + 5e-5)), numbering=NUMBERING)
    require_whole(grids, edit)
    assert edit.changed == ()


def test_a_line_that_bends_far_outside_and_ends_there_divides_all_the_same():
    grids = board()
    require_whole(grids, split(grids, code(5), path((-5, 1.2), (1.5, 1.6), (9, 1.1)), numbering=NUMBERING))


def test_a_line_that_runs_along_the_boundary_and_then_across_divides():
    grids = board()
    edit = split(grids, code(5), path((1, 1), (1, 1.5), (2, 1.5), (2, 2)), numbering=NUMBERING)
    require_whole(grids, edit)
    assert edit.changed == (code(4), code(6))


def test_a_line_through_a_grid_inside_divides_the_grid_around_it():
    ring = area((0, 0), (3, 0), (3, 3), (0, 3)).difference(square(1, 1))
    grids = frame([ring, square(1, 1)])
    edit = split(grids, code(1), path((-1, 1.5), (4, 1.5)), numbering=NUMBERING)
    require_whole(grids, edit)
    assert edit.changed == (code(2),)
    error = refused("does_not_cross", split, grids, code(1), path((-1, 1.5), (1.5, 1.5)), numbering=NUMBERING)
    assert error.where.intersects(shape_of(grids, code(1)))


def test_an_exclave_goes_with_the_nearer_part():
    shapes = [shapely.MultiPolygon([square(0, 0, 2), square(5, 0)]), square(2, 0, 3)]
    grids = frame(shapes)
    edit = split(grids, code(1), path((1, -1), (1, 2)), numbering=NUMBERING)
    require_whole(grids, edit, kinds=["exclave"])
    west, east = (shape_of(edit.grids, new) for new in sorted(edit.created))
    assert (len(west.geoms), len(east.geoms)) == (1, 2)


def test_a_line_that_does_not_cross_is_refused():
    error = refused("does_not_cross", split, board(), code(5), path((0.1, 0.1), (0.9, 2.9)), numbering=NUMBERING)
    assert error.codes == (code(5),)
    assert error.where.equals(shapely.LineString(path((0.1, 0.1), (0.9, 2.9))))
    refused("does_not_cross", split, board(), code(5), path((0.5, 0.5), (0.5, 0.5)), numbering=NUMBERING)
    refused("does_not_cross", split, board(), code(5), [(np.nan, 31), (118, 31)], numbering=NUMBERING)


def test_a_line_that_only_touches_a_corner_does_not_cross():
    refused("does_not_cross", split, board(), code(5), path((0.5, 1.5), (1.5, 0.5)), numbering=NUMBERING)


def test_a_line_that_crosses_twice_is_refused_with_the_crossings():
    line = path((0.5, 1.2), (2.5, 1.4), (2.5, 1.6), (0.5, 1.8))
    error = refused("crosses_twice", split, board(), code(5), line, numbering=NUMBERING)
    assert len(error.where.geoms) == 4
    touching = path((0.5, 1.2), (1.5, 2), (2.5, 1.2))
    refused("crosses_twice", split, board(), code(5), touching, numbering=NUMBERING)


@pytest.mark.parametrize("beside", [0, 0.004])
def test_a_line_along_the_boundary_is_refused(beside):
    line = path((1 + beside, 1), (1 + beside, 2))
    error = refused("along_boundary", split, board(), code(5), line, numbering=NUMBERING)
    assert error.where.distance(shapely.Point(at(1, 1.5))) < 1e-5


def test_a_line_that_ends_inside_is_refused_with_its_end():
    error = refused("ends_inside", split, board(), code(5), path((0.5, 1.5), (1.6, 1.5)), numbering=NUMBERING)
    assert error.where.equals(shapely.Point(at(1.6, 1.5)))


def test_a_line_that_crosses_itself_is_refused_with_the_place():
    line = path((0.5, 1.5), (1.8, 1.5), (1.8, 1.8), (1.4, 1.8), (1.4, 0.5))
    error = refused("crosses_itself", split, board(), code(5), line, numbering=NUMBERING)
    assert error.where.distance(shapely.Point(at(1.4, 1.5))) < 1e-9


def test_an_unknown_code_is_refused():
    assert refused("unknown_code", split, board(), "7", path((0, 0), (1, 1)), numbering=NUMBERING).codes == ("7",)


# merging


def test_grids_that_share_a_line_are_merged_and_keep_every_vertex_of_their_outline():
    grids = board()
    edit = merge(grids, [code(1), code(2), code(5)], numbering=NUMBERING)
    require_whole(grids, edit)
    assert edit.retired == (code(1), code(2), code(5))
    assert edit.created == (code(10),)
    assert edit.changed == ()
    assert edit.came_from == {code(10): (code(1), code(2), code(5))}
    for place in ((1, 0), (2, 0), (2, 1), (1, 1)):
        assert has_vertex(shape_of(edit.grids, code(10)), at(*place))


def test_all_grids_are_merged_to_one():
    grids = board()
    edit = merge(grids, grids["code"].tolist(), numbering=NUMBERING)
    require_whole(grids, edit)
    assert len(edit.grids) == 1


def test_grids_around_another_leave_a_hole_for_it():
    grids = board()
    edit = merge(grids, [code(number) for number in (1, 2, 3, 4, 6, 7, 8, 9)], numbering=NUMBERING)
    require_whole(grids, edit)
    assert len(shape_of(edit.grids, code(10)).geoms[0].interiors) == 1


def test_the_largest_gives_a_merged_grid_its_other_columns():
    grids = frame([square(0, 0), square(1, 0, 2)], people=[5, 7])
    edit = merge(grids, [code(1), code(2)], numbering=NUMBERING)
    assert edit.grids["people"].tolist() == [7]


@pytest.mark.parametrize(("codes", "apart"), [((1, 3), 3), ((1, 5), 5), ((1, 2, 9), 9)])
def test_grids_that_share_no_line_are_not_merged(codes, apart):
    grids = board()
    error = refused("not_touching", merge, grids, [code(number) for number in codes], numbering=NUMBERING)
    assert error.codes == (code(apart),)
    assert error.where.equals(shape_of(grids, code(apart)))


def test_grids_of_different_communities_exchange_no_land():
    grids = board(2, 1, community=["a", "b"])
    assert refused("other_community", merge, grids, [code(1), code(2)], numbering=NUMBERING).where is not None
    refused("other_community", move_boundary, grids, code(1), code(2), path((1.2, 0), (1.2, 1)))
    refused("other_community", transfer, grids, code(1), code(2), area((0.5, 0), (2, 0), (2, 2)))
    refused("other_community", carve, grids, area((0.5, 0.2), (1.5, 0.2), (1, 0.8)), numbering=NUMBERING)
    both = board(2, 2, community=["a", "b", "a", "b"])
    refused("other_community", drag_vertex, both, at(1, 1), at(1.1, 1.1))


def test_one_grid_alone_is_not_merged():
    refused("too_few", merge, board(), [code(1), code(1)], numbering=NUMBERING)


# moving a shared boundary


def test_a_new_line_between_two_grids_moves_land_and_nothing_else():
    grids = board()
    edit = move_boundary(grids, code(4), code(5), path((1, 1), (1.3, 1.5), (1, 2)))
    require_whole(grids, edit)
    assert edit.changed == (code(4), code(5))
    assert edit.retired == edit.created == ()
    assert in_cells(shape_of(edit.grids, code(4))).area == pytest.approx(1.15, rel=1e-4)


def test_a_line_that_ends_elsewhere_on_the_outline_gives_third_grids_the_vertex():
    grids = board()
    edit = move_boundary(grids, code(4), code(5), path((1.2, 1.005), (1.2, 2.3)))
    require_whole(grids, edit)
    assert edit.changed == (code(2), code(4), code(5), code(8))
    assert has_vertex(shape_of(edit.grids, code(4)), at(1, 1))  # where three lines met is still a vertex of all


def test_each_grid_keeps_the_side_where_it_has_more_land_whatever_way_the_line_was_drawn():
    grids = board()
    line = path((1.2, 1), (1.2, 2))
    drawn = move_boundary(grids, code(4), code(5), line)
    back = move_boundary(grids, code(5), code(4), line[::-1])
    for number in (4, 5):
        assert shape_of(drawn.grids, code(number)).equals(shape_of(back.grids, code(number)))


def test_a_ring_around_a_grid_inside_another_is_its_new_boundary():
    ring = area((0, 0), (3, 0), (3, 3), (0, 3)).difference(square(1, 1))
    grids = frame([ring, square(1, 1)])
    line = path((0.8, 0.8), (2.2, 0.9), (2, 2.2), (0.8, 2), (0.8, 0.8))
    edit = move_boundary(grids, code(1), code(2), line)
    require_whole(grids, edit)
    assert shape_of(edit.grids, code(2)).equals(shapely.Polygon(line))


def test_exclaves_stay_with_their_grid():
    grids = frame([shapely.MultiPolygon([square(0, 0), square(3, 0)]), square(1, 0), square(2, 0)])
    edit = move_boundary(grids, code(1), code(2), path((1.2, -1), (1.2, 2)))
    require_whole(grids, edit, kinds=["exclave"])
    assert len(shape_of(edit.grids, code(1)).geoms) == 2


def test_a_new_line_that_leaves_nothing_to_one_is_refused():
    error = refused("takes_all", move_boundary, board(), code(4), code(5), path((0, 1), (0, 2)))
    assert error.codes == (code(4), code(5))
    refused("takes_all", move_boundary, board(), code(4), code(5), path((0.003, 0.9), (0.003, 2.1)))


def test_a_new_line_between_grids_that_share_none_is_refused():
    refused("not_touching", move_boundary, board(), code(1), code(5), path((1, 0), (1, 2)))
    refused("too_few", move_boundary, board(), code(1), code(1), path((1, 0), (1, 2)))


def test_a_new_line_that_does_not_go_through_is_refused():
    refused("ends_inside", move_boundary, board(), code(4), code(5), path((1, 1), (1.2, 1.5)))
    refused("crosses_twice", move_boundary, board(), code(4), code(5), path((0.8, 1), (0.8, 2.1), (1.2, 2.1), (1.2, 1)))
    refused("does_not_cross", move_boundary, board(), code(4), code(5), path((0, 0.5), (2, 0.5)))
    refused(
        "crosses_itself", move_boundary, board(), code(4), code(5), path((1, 1), (1.2, 1.8), (0.8, 1.8), (1.2, 1.2))
    )


# handing land over


def test_land_in_a_lasso_goes_to_the_neighbour():
    grids = board()
    edit = transfer(grids, code(4), code(5), area((0.6, 1.2), (1.5, 1.2), (1.5, 1.7), (0.6, 1.7)))
    require_whole(grids, edit)
    assert edit.changed == (code(4), code(5))
    assert in_cells(shape_of(edit.grids, code(5))).area == pytest.approx(1.2, rel=1e-4)


def test_only_land_of_the_giver_is_handed_over():
    grids = board()
    edit = transfer(grids, code(5), code(2), area((1.5, 0.5), (2.5, 0.5), (2.5, 1.5), (1.5, 1.3)))
    require_whole(grids, edit)
    assert edit.changed == (code(2), code(5), code(6))  # the last got a vertex


def test_an_exclave_is_handed_over_whole():
    grids = frame([shapely.MultiPolygon([square(0, 0), square(3, 0)]), square(1, 0, 2)])
    edit = transfer(grids, code(1), code(2), area((2.5, -1), (5, -1), (5, 2), (2.5, 2)))
    require_whole(grids, edit)
    assert edit.changed == (code(1), code(2))
    assert len(shape_of(edit.grids, code(1)).geoms) == 1


def test_a_lasso_that_takes_all_is_refused():
    error = refused("takes_all", transfer, board(), code(4), code(5), square(-1, -1, 5, 5))
    assert error.codes == (code(4),)
    assert error.where.contains(shape_of(board(), code(4)))
    refused("takes_all", transfer, board(), code(4), code(5), square(0, 1))


def test_land_that_would_lie_apart_is_not_handed_over():
    error = refused("not_touching", transfer, board(), code(4), code(5), square(-0.5, 1.2, 1, 0.5))
    assert error.where.centroid.distance(shapely.Point(at(0.25, 1.45))) < 1e-6
    refused("not_touching", transfer, board(), code(1), code(5), square(0.5, 0.5, 0.5, 0.5))  # one corner


def test_a_lasso_that_would_leave_a_grid_in_parts_is_refused_with_the_smaller():
    error = refused("leaves_parts", transfer, board(), code(4), code(5), square(-0.5, 1.2, 2, 0.5))
    assert error.codes == (code(4),)
    assert error.where.centroid.distance(shapely.Point(at(0.5, 1.1))) < 1e-6


def test_a_lasso_beside_the_grid_or_crossing_itself_is_refused():
    refused("does_not_cross", transfer, board(), code(4), code(5), square(1.5, 1.5, 0.3, 0.3))
    bow = path((0.5, 1.2), (1.5, 1.7), (1.5, 1.2), (0.5, 1.7))
    error = refused("crosses_itself", transfer, board(), code(4), code(5), bow)
    assert error.where.distance(shapely.Point(at(1, 1.45))) < 1e-9
    refused("does_not_cross", transfer, board(), code(4), code(5), path((1, 1), (2, 2)))


# carving out


def test_a_grid_is_carved_out_of_several():
    grids = board()
    edit = carve(grids, square(0.5, 0.5), numbering=NUMBERING, name="河东小区")
    require_whole(grids, edit)
    assert edit.created == (code(10),)
    assert edit.changed == tuple(code(number) for number in (1, 2, 4, 5))
    assert edit.came_from == {code(10): edit.changed}
    new = edit.grids.set_index("code").loc[code(10)]
    assert (new["name"], new["kind"], new["leader"]) == ("河东小区", "dedicated", None)
    assert in_cells(new["geometry"]).area == pytest.approx(1, rel=1e-4)


def test_a_grid_is_carved_out_of_the_middle_of_one():
    grids = board()
    edit = carve(grids, square(1.2, 1.2, 0.5, 0.5), code(77), numbering=NUMBERING, kind="basic")
    require_whole(grids, edit)
    assert edit.created == (code(77),)
    assert edit.changed == (code(5),)
    assert len(shape_of(edit.grids, code(5)).geoms[0].interiors) == 1


def test_grids_that_are_taken_whole_are_retired():
    grids = board()
    edit = carve(grids, square(0, 0, 2.5, 1), numbering=NUMBERING)
    require_whole(grids, edit)
    assert edit.retired == (code(1), code(2))
    assert edit.changed == (code(3), code(6))
    assert edit.came_from == {code(10): (code(1), code(2), code(3))}


def test_carving_what_is_no_new_grid_is_refused():
    refused("does_not_cross", carve, board(), square(5, 5), numbering=NUMBERING)
    assert refused("takes_all", carve, board(), square(1, 1), numbering=NUMBERING).codes == (code(5),)
    assert refused("leaves_parts", carve, board(), square(0.5, 1.2, 2, 0.5), numbering=NUMBERING).codes == (code(5),)
    refused("code_taken", carve, board(), square(0.5, 0.5), code(3), numbering=NUMBERING)
    rule = Numbering(taken=frozenset({code(77)}))
    refused("code_taken", carve, board(), square(0.5, 0.5), code(77), numbering=rule)
    refused("no_code", carve, board(), square(0.5, 0.5), "77", numbering=NUMBERING)


def test_an_area_that_is_nothing_once_its_corners_go_onto_a_vertex_is_refused():
    tiny = path((0.9995, 1), (1.0005, 1), (1, 1.0006))
    assert refused("too_close", carve, board(), tiny, numbering=NUMBERING).where is not None


def test_a_new_grid_in_two_parts_is_refused():
    grids = frame([square(0, 0), square(2, 0)])
    error = refused("leaves_parts", carve, grids, square(0.5, 0.2, 2, 0.5), numbering=NUMBERING)
    assert len(error.where.geoms) == 2


# filling a gap


@pytest.mark.parametrize("gap", [at(1.5, 1.5), shapely.Point(at(1.1, 1.9)), square(1.2, 1.2, 0.2, 0.2)])
def test_a_gap_between_grids_is_given_to_one_of_them(gap):
    grids = board().drop(index=4)
    edit = fill(grids, gap, code(2))
    assert check(edit.grids) == []
    require_told(grids, edit)
    assert edit.changed == (code(2),)
    assert in_cells(shape_of(edit.grids, code(2))).area == pytest.approx(2, rel=1e-4)


def test_a_slit_of_one_step_of_the_lattice_is_filled():
    step = 1e-7 / CELL
    grids = board()
    narrower = grids.geometry.to_numpy().copy()
    narrower[4] = shapely.MultiPolygon([square(1, 1, 1 - step)])
    narrower[5] = shapely.MultiPolygon([square(2, 1)])
    grids = grids.set_geometry(narrower, crs=4326)
    gap = next(fault for fault in check(grids) if fault.kind == "gap")
    edit = fill(grids, gap.where, code(5))
    assert check(edit.grids) == []
    assert edit.changed == (code(2), code(5), code(8))  # the others had no vertex where the slit begins and ends


def test_land_that_no_grid_encloses_is_given_as_far_as_it_was_drawn():
    grids = board().drop(index=3)  # at the western edge
    edit = fill(grids, square(-0.5, 1.5, 2, 1), code(7))
    require_told(grids, edit)
    assert edit.changed == (code(5), code(7))  # one got a vertex where the drawing ends
    drawn = square(0, 1.5, 1, 0.5)
    assert in_cells(shape_of(edit.grids, code(7)).intersection(drawn)).area == pytest.approx(0.5, rel=1e-4)


def test_what_is_no_gap_or_does_not_touch_is_refused():
    grids = board().drop(index=4)
    assert refused("not_touching", fill, grids, at(1.5, 1.5), code(1)).where.area > 0
    refused("no_gap", fill, grids, at(0.5, 0.5), code(1))
    assert refused("no_gap", fill, grids, at(9, 9), code(1)).where.equals(shapely.Point(at(9, 9)))


def test_a_gap_wider_than_what_is_looked_at_first_is_found():
    shapes = [square(0, 0, 40), square(0, 40, 40), square(0, 1, 1, 39), square(39, 1, 1, 39)]
    edit = fill(frame(shapes), at(20, 20), code(3))
    assert shape_of(edit.grids, code(3)).contains(shapely.Point(at(38, 39)))


# dragging a vertex


def test_all_grids_that_share_a_vertex_follow():
    grids = board()
    edit = drag_vertex(grids, at(1, 1), at(1.3, 1.2))
    require_whole(grids, edit)
    assert edit.changed == tuple(code(number) for number in (1, 2, 4, 5))
    for number in (1, 2, 4, 5):
        assert has_vertex(shape_of(edit.grids, code(number)), at(1.3, 1.2))


def test_a_vertex_is_found_within_a_metre_of_the_place():
    edit = drag_vertex(board(), at(1.004, 1.003), at(1.3, 1.2))
    assert has_vertex(shape_of(edit.grids, code(1)), at(1.3, 1.2))


def test_a_new_vertex_of_a_line_is_made_and_dragged():
    grids = board()
    edit = drag_vertex(grids, at(1, 1.5), at(1.2, 1.5), insert=True)
    require_whole(grids, edit)
    assert edit.changed == (code(4), code(5))


def test_a_vertex_dragged_onto_another_within_a_step_is_merged_with_it():
    grids = drag_vertex(board(), at(1, 1.5), at(1.2, 1.5), insert=True).grids
    near = np.array(at(1, 1)) + 1e-7
    edit = drag_vertex(grids, at(1.2, 1.5), near)
    require_whole(grids, edit)
    assert shape_of(edit.grids, code(4)).normalize() == shape_of(board(), code(4)).normalize()


def test_the_outline_stays_where_it_is():
    error = refused("outline", drag_vertex, board(), at(0, 1), at(0, 1.2))
    assert error.where.equals(shapely.Point(at(0, 1)))
    refused("outline", drag_vertex, board(), at(0, 0.5), at(-0.2, 0.5), insert=True)


def test_a_vertex_that_would_turn_a_line_over_another_is_not_dragged():
    for goal in ((2.5, 2.5), (0.5, -0.5), (1, 2.2)):
        error = refused("crosses_itself", drag_vertex, board(), at(1, 1), at(*goal))
        assert set(error.codes) == {code(1), code(2), code(4), code(5)}
        assert error.where.intersects(shapely.Point(at(1, 1)))


def test_a_grid_that_would_be_left_without_land_is_refused():
    shapes = [area((1, 1), (2, 1), (1, 2)), area((2, 1), (2, 2), (1, 2))]
    ring = area((0, 0), (3, 0), (3, 3), (0, 3)).difference(square(1, 1))
    refused("takes_all", drag_vertex, frame([*shapes, ring]), at(1, 1), at(2, 1))


def test_where_there_is_no_vertex_nothing_is_dragged():
    assert refused("no_vertex", drag_vertex, board(), at(1.5, 1.5), at(1, 1)).where.equals(shapely.Point(at(1.5, 1.5)))
    refused("no_vertex", drag_vertex, board(), at(1.5, 1.5), at(1, 1), insert=True)


# drafts that are wrong


def test_an_edit_beside_a_fault_or_apart_from_it_still_works():
    shapes = list(board().geometry)
    shapes[8] = square(1.9, 2, 1.1)  # grid 9 lies over grid 8 and its corners are not those of its neighbours
    grids = frame(shapes)
    faults = len(check(grids))
    for edit in (
        split(grids, code(5), path((0.9, 1.5), (2.1, 1.5)), numbering=NUMBERING),
        merge(grids, [code(4), code(5)], numbering=NUMBERING),
        drag_vertex(grids, at(1, 1), at(1.2, 1.2)),
        carve(grids, square(0.5, 0.5), numbering=NUMBERING),
        move_boundary(grids, code(4), code(5), path((1, 1), (1.3, 1.5), (1, 2))),
    ):
        assert len(check(edit.grids)) == faults
        require_told(grids, edit)


def test_a_neighbour_whose_outline_crosses_itself_gets_the_vertex_too():
    shapes = list(board().geometry)
    shapes[5] = area((2, 1), (3, 2), (3, 1), (2, 2))
    grids = frame(shapes)
    edit = split(grids, code(5), path((0.9, 1.5), (2.1, 1.5)), numbering=NUMBERING)
    require_told(grids, edit)
    assert edit.changed == (code(4), code(6))
    assert has_vertex(shape_of(edit.grids, code(6)), at(2, 1.5))
    refused("breaks_coverage", merge, grids, [code(5), code(6)], numbering=NUMBERING)


def test_a_vertex_that_is_there_twice_in_a_row_is_no_hindrance():
    shapes = list(board().geometry)
    shapes[4] = area((1, 1), (1, 1), (2, 1), (2, 2), (2, 2), (1, 2))
    grids = frame(shapes)
    require_whole(grids, split(grids, code(5), path((0.9, 1.5), (2.1, 1.5)), numbering=NUMBERING))
    require_whole(grids, merge(grids, [code(5), code(6)], numbering=NUMBERING))
    require_whole(grids, drag_vertex(grids, at(1, 1), at(1.2, 1.2)))


def test_merging_grids_that_lie_over_each_other_is_refused():
    grids = frame([square(0, 0, 1.1), square(1, 0)])
    assert refused("not_touching", merge, grids, [code(1), code(2)], numbering=NUMBERING).where is not None


def test_a_code_that_is_there_twice_is_refused():
    grids = board().assign(code=[code(1)] * 2 + [code(number) for number in range(3, 10)])
    refused("duplicate_code", split, grids, code(1), path((0.5, -1), (0.5, 2)), numbering=NUMBERING)


def test_another_coordinate_system_is_refused():
    with pytest.raises(SchemaError):
        merge(board().to_crs(4548), [code(1), code(2)], numbering=NUMBERING)
