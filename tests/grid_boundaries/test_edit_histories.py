"""Random edits one after another on random partitions: whatever is drawn, the coverage stays whole."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grid_boundaries.coverage import check
from grid_boundaries.errors import EditError
from grid_boundaries.operations import run
from grid_boundaries.schema import snap
from tests.grid_boundaries.made_grids import NUMBERING, SOUTH, WEST, at, partition, require_whole

KNOWN = {
    "does_not_cross",
    "crosses_twice",
    "along_boundary",
    "ends_inside",
    "crosses_itself",
    "not_touching",
    "takes_all",
    "leaves_parts",
    "too_close",
    "outline",
    "too_few",
    "breaks_coverage",
    "no_vertex",
}
share = st.floats(0, 1, allow_nan=False)
places = st.tuples(st.floats(-0.3, 3.3), st.floats(-0.3, 3.3))


def vertex(grids, number, of):
    corners = shapely.get_coordinates(grids.geometry.iloc[number % len(grids)])
    return corners[int(of * (len(corners) - 1))]


def neighbours(grids, number):
    """A grid and those that share a line with it."""
    row = number % len(grids)
    common = shapely.intersection(grids.geometry.iloc[row], grids.geometry.to_numpy())
    return row, [other for other in np.flatnonzero(shapely.length(common) > 0) if other != row]


def through(grids, row, a, b, bend):
    """A line from vertex to vertex of a grid, or past them, with a bend."""
    start, end = vertex(grids, row, a), vertex(grids, row, b)
    middle = (start + end) / 2 + bend * 3e-4 * np.array([end - start])[0][::-1] / max(np.hypot(*(end - start)), 1e-9)
    return [start.tolist(), middle.tolist(), end.tolist()]


def around(middle, size, turn):
    turns = turn + np.array([0.1, 1.4, 2.9, 4.6])
    return (np.array(middle) + size * np.column_stack([np.cos(turns), np.sin(turns)])).tolist()


@st.composite
def asked(draw, grids, scale=1):
    """An operation on grids: some that will do, some that will not."""
    codes = grids["code"].tolist()
    number = draw(st.integers(0, len(codes) - 1))
    row, beside = neighbours(grids, number)
    other = beside[draw(st.integers(0, 99)) % len(beside)] if beside else row
    op = draw(st.sampled_from(["split", "across", "merge", "move", "transfer", "carve", "drag", "insert"]))
    if op == "split":
        line = through(grids, row, draw(share), draw(share), draw(st.floats(-1, 1)))
        return {"op": "split", "code": codes[row], "line": line}
    if op == "across":
        return {
            "op": "split",
            "code": codes[row],
            "line": [
                at(scale * place[0], scale * place[1]) for place in draw(st.lists(places, min_size=2, max_size=4))
            ],
        }
    if op == "merge":
        return {"op": "merge", "codes": list({codes[row], codes[other], codes[(beside or [row])[0]]})}
    if op == "move":
        shared = shapely.intersection(grids.geometry.iloc[row], grids.geometry.iloc[other])
        ends = shapely.get_coordinates(shapely.line_merge(shared)) if shared.length else np.array([at(0, 0), at(1, 1)])
        bend = ends.mean(axis=0) + scale * 2e-4 * np.array([draw(st.floats(-1, 1)), draw(st.floats(-1, 1))])
        return {
            "op": "move",
            "codes": [codes[row], codes[other]],
            "line": [ends[0].tolist(), bend.tolist(), ends[-1].tolist()],
        }
    if op in ("transfer", "carve"):
        ring = around(vertex(grids, row, draw(share)), scale * draw(st.floats(5e-5, 8e-4)), draw(st.floats(0, 6)))
        if op == "carve":
            return {"op": "carve", "area": ring}
        return {"op": "transfer", "from": codes[row], "to": codes[other], "area": ring}
    to = [
        *(
            np.array(vertex(grids, row, draw(share)))
            + scale * 3e-4 * np.array([draw(st.floats(-1, 1)), draw(st.floats(-1, 1))])
        )
    ]
    from_ = vertex(grids, row, draw(share))
    if op == "insert":
        return {"op": "drag", "at": from_.tolist(), "to": [float(one) for one in to], "insert": True}
    near = from_ + scale * draw(st.floats(0, 2e-4)) * np.array([1.0, 0.3])
    return {"op": "drag", "at": from_.tolist(), "to": near.tolist()}


def smaller(grids, scale):
    """The same partition with cells of a few hundred steps of the lattice, or fewer."""
    corner = np.array([WEST, SOUTH])
    shapes = shapely.transform(grids.geometry.to_numpy(), lambda xy: corner + scale * (xy - corner))
    return grids.set_geometry(snap(shapes), crs=4326)


@pytest.mark.parametrize("scale", [1, 0.03, 0.005])
@given(seed=st.integers(0, 200), count=st.integers(3, 12), data=st.data())
@settings(deadline=None, max_examples=15)
def test_after_each_of_many_random_edits_the_grids_cover_what_they_covered_before(scale, seed, count, data):
    first = grids = smaller(partition(seed, count), scale)
    assume([fault for fault in check(grids) if not fault.is_near] == [])
    for _ in range(8):
        operation = data.draw(asked(grids, scale))
        try:
            edit = run(grids, operation, NUMBERING)
        except EditError as error:
            assert error.reason in KNOWN
            assert error.where is not None or error.reason == "too_few"
            continue
        require_whole(grids, edit)
        grids = edit.grids
    was, now = (shapely.coverage_union_all(one.geometry.to_numpy()) for one in (first, grids))
    assert shapely.hausdorff_distance(was.boundary, now.boundary) < 3e-7
