"""Turned, shifted and scaled drawings give the same answers: who touches whom, who changed, or why it is refused."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.errors import EditError
from grid_boundaries.operations import run
from grid_boundaries.schema import snap
from tests.grid_boundaries.made_grids import CELL, NUMBERING, SOUTH, WEST, board, code, frame, path, require_whole

BEND = path((0.9, 1.4), (1.5, 1.7), (2.1, 1.3))
LASSO = path((1.37, 1.23), (2.4, 1.31), (2.2, 1.72), (1.45, 1.77))
OPERATIONS = {
    "split": {"op": "split", "code": code(5), "line": BEND},
    "split from corner to corner": {"op": "split", "code": code(5), "line": path((1, 1), (2, 2))},
    "merge": {"op": "merge", "codes": [code(4), code(5), code(8)]},
    "move": {"op": "move", "codes": [code(4), code(5)], "line": path((1, 1), (1.3, 1.5), (1, 2))},
    "move elsewhere": {"op": "move", "codes": [code(4), code(5)], "line": path((1.3, 0.6), (1.3, 2.4))},
    "transfer": {"op": "transfer", "from": code(5), "to": code(6), "area": LASSO},
    "carve": {"op": "carve", "area": LASSO},
    "carve within": {"op": "carve", "area": path((1.2, 1.2), (1.7, 1.3), (1.5, 1.7))},
    "drag": {"op": "drag", "at": path((1, 1))[0], "to": path((1.3, 1.2))[0]},
    "insert": {"op": "drag", "at": path((1, 1.5))[0], "to": path((1.3, 1.6))[0], "insert": True},
    "does not cross": {"op": "split", "code": code(5), "line": path((0.2, 0.3), (2.8, 0.4))},
    "crosses twice": {"op": "split", "code": code(5), "line": path((0.5, 1.2), (2.5, 1.4), (2.5, 1.6), (0.5, 1.8))},
    "along": {"op": "split", "code": code(5), "line": path((1, 1), (2, 1))},
    "ends inside": {"op": "split", "code": code(5), "line": path((0.5, 1.5), (1.6, 1.5))},
    "crosses itself": {
        "op": "split",
        "code": code(5),
        "line": path((0.5, 1.5), (1.8, 1.5), (1.8, 1.8), (1.4, 1.8), (1.4, 0.5)),
    },
    "a corner": {"op": "merge", "codes": [code(1), code(5)]},
    "takes all": {
        "op": "transfer",
        "from": code(5),
        "to": code(6),
        "area": path((0.5, 0.5), (2.5, 0.5), (2.5, 2.5), (0.5, 2.5)),
    },
    "apart": {"op": "transfer", "from": code(4), "to": code(5), "area": path((-0.5, 1.2), (0.5, 1.2), (0.5, 1.7))},
    "parts": {
        "op": "transfer",
        "from": code(4),
        "to": code(5),
        "area": path((-0.5, 1.2), (1.5, 1.2), (1.5, 1.7), (-0.5, 1.7)),
    },
    "over": {"op": "drag", "at": path((1, 1))[0], "to": path((2.5, 2.5))[0]},
    "outline": {"op": "drag", "at": path((0, 1))[0], "to": path((0, 1.2))[0]},
}


def turned(xy, turn, scale, east, north):
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return (np.asarray(xy) - [WEST + 1.5 * CELL, SOUTH + 1.5 * CELL]) @ spin * scale + [east, north]


def turned_operation(operation, *how):
    where = {
        word: operation[word] for word in ("line", "area", "at", "to") if isinstance(operation.get(word), list | tuple)
    }
    return operation | {word: turned(places, *how).tolist() for word, places in where.items()}


def answer(grids, operation):
    """Reason, or what became of each grid by the grids it touches along a line: without places, codes of new ones
    without their order."""
    try:
        edit = run(grids, operation, NUMBERING)
    except EditError as error:
        return error.reason, frozenset(error.codes)
    require_whole(grids, edit)
    shapes = edit.grids.geometry.to_numpy()
    names = [edit.came_from.get(one, one) for one in edit.grids["code"]]
    common = shapely.length(shapely.intersection(shapes[:, None], shapes[None]))
    beside = sorted(tuple(sorted(map(str, (names[a], names[b])))) for a, b in np.argwhere(np.triu(common > 0, 1)))
    corners = sorted(shapely.get_num_coordinates(shapes).tolist())
    return edit.retired, frozenset(edit.changed), len(edit.created), tuple(beside), tuple(corners)


@pytest.mark.parametrize("name", OPERATIONS)
@given(
    turn=st.floats(0, 6.28),
    scale=st.floats(0.3, 50),
    east=st.floats(-170, 170),
    north=st.floats(-80, 80),
)
@settings(deadline=None, max_examples=8)
def test_the_answer_is_the_same_wherever_and_however_large_it_is_drawn(name, turn, scale, east, north):
    how = (turn, scale, east, north)
    grids = board()
    moved = grids.set_geometry(
        snap(shapely.transform(grids.geometry.to_numpy(), lambda xy: turned(xy, *how))), crs=4326
    )
    assert answer(moved, turned_operation(OPERATIONS[name], *how)) == answer(grids, OPERATIONS[name])


@given(st.lists(st.integers(0, 8), min_size=9, max_size=9, unique=True))
@settings(deadline=None, max_examples=10)
def test_the_order_of_the_rows_does_not_matter(order):
    grids = board()
    for operation in OPERATIONS.values():
        assert answer(grids.iloc[order], operation) == answer(grids, operation)


def test_vertices_on_the_outline_of_the_frame_are_as_they_were():
    grids = frame(board().geometry)
    edit = run(grids, OPERATIONS["carve within"], NUMBERING)
    was, now = (shapely.coverage_union_all(one.geometry.to_numpy()) for one in (grids, edit.grids))
    assert was.normalize() == now.normalize()
