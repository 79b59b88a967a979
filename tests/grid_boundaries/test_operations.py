"""Operations are plain JSON; what is none is refused before anything is done."""

import json

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.errors import EditError, OperationError
from grid_boundaries.operations import run
from tests.grid_boundaries.made_grids import (
    NUMBERING,
    at,
    board,
    code,
    path,
    require_told,
    require_whole,
    shape_of,
    square,
)

RING = path((0.5, 1.2), (1.5, 1.2), (1.5, 1.7), (0.5, 1.7))
WHOLE = {
    "split": {"op": "split", "code": code(5), "line": path((0.9, 1.5), (2.1, 1.5))},
    "merge": {"op": "merge", "codes": [code(4), code(5)]},
    "move": {"op": "move", "codes": [code(4), code(5)], "line": path((1, 1), (1.2, 1.5), (1, 2))},
    "transfer": {"op": "transfer", "from": code(4), "to": code(5), "area": RING},
    "carve": {"op": "carve", "area": RING},
    "drag": {"op": "drag", "at": at(1, 1), "to": at(1.2, 1.2)},
    "insert": {"op": "drag", "at": at(1, 1.5), "to": at(1.2, 1.5), "insert": True},
}


@pytest.mark.parametrize("name", WHOLE)
def test_an_operation_comes_as_json_and_does_the_edit(name):
    grids = board()
    edit = run(grids, json.loads(json.dumps(WHOLE[name])), NUMBERING)
    require_whole(grids, edit)
    assert edit.changed or edit.created


@pytest.mark.parametrize("name", WHOLE)
def test_the_same_operation_on_the_same_grids_gives_the_same_grids(name):
    one, two = (run(board(), WHOLE[name], NUMBERING) for _ in range(2))
    assert one.grids["code"].tolist() == two.grids["code"].tolist()
    assert shapely.equals_identical(one.grids.geometry.to_numpy(), two.grids.geometry.to_numpy()).all()


def test_a_gap_is_filled_by_a_place_in_it_or_a_ring_around_it():
    holed = board().drop(index=4)
    ring = shapely.get_coordinates(square(0.9, 0.9, 1.2, 1.2)).tolist()
    for gap in (at(1.5, 1.5), ring):
        edit = run(holed, {"op": "fill", "gap": gap, "code": code(2)}, NUMBERING)
        assert edit.changed == (code(2),)


def test_name_and_kind_of_a_grid_are_described():
    grids = board()
    edit = run(grids, {"op": "describe", "code": code(2), "name": " 河东 ", "kind": "dedicated"}, NUMBERING)
    assert edit.changed == (code(2),)
    assert edit.grids.loc[1, ["name", "kind"]].tolist() == ["河东", "dedicated"]
    assert grids.loc[1, "kind"] == "basic"
    again = run(edit.grids, {"op": "describe", "code": code(2), "name": "河东"}, NUMBERING)
    assert again.changed == ()


def features(grids):
    shapes = [shapely.geometry.mapping(shape) for shape in grids.geometry]
    return [
        {"code": of, "name": name, "kind": kind, "geometry": shape}
        for of, name, kind, shape in zip(grids["code"], grids["name"], grids["kind"], shapes, strict=True)
    ]


def test_a_whole_drawing_is_put_in_the_place_of_the_grids():
    grids = board(community="340523001001", people=np.arange(9))
    drawn = features(grids)
    drawn[4] |= {"code": code(55), "geometry": shapely.geometry.mapping(square(1.2, 1, 0.8))}
    drawn[3]["geometry"] = shapely.geometry.mapping(square(0, 1, 1.2))
    drawn[8]["name"] = "河东"
    edit = run(grids, {"op": "replace", "features": drawn[:7] + drawn[8:]}, NUMBERING)
    require_told(grids, edit_without(edit, code(9)))
    assert edit.retired == (code(5), code(8))
    assert edit.created == (code(55),)
    assert edit.changed == (code(4), code(9))
    assert edit.came_from == {code(55): (code(5),)}
    row = edit.grids.set_index("code").loc[code(55)]
    assert (row["people"], row["community"]) == (4, "340523001001")
    assert pd.isna(row["leader"])
    assert edit.grids.set_index("code").loc[code(4), "leader"] == "王"
    assert list(edit.grids.columns) == list(grids.columns)


def edit_without(edit, described):
    """An edit whose changed ones are only those with another line."""
    return type(edit)(
        edit.grids,
        edit.retired,
        edit.created,
        tuple(one for one in edit.changed if one != described),
        edit.came_from,
    )


def test_a_drawing_that_is_the_same_but_begins_elsewhere_changes_nothing():
    drawn = features(board())
    ring = drawn[0]["geometry"]["coordinates"][0][0]
    turned = [*ring[2:-1], *ring[:3]]
    drawn[0]["geometry"] = {"type": "Polygon", "coordinates": [turned[::-1]]}
    edit = run(board(), {"op": "replace", "features": drawn}, NUMBERING)
    assert edit.changed == edit.created == edit.retired == ()


def test_a_new_grid_on_land_of_nobody_came_from_none():
    drawn = features(board())
    drawn.append({"code": code(77), "geometry": shapely.geometry.mapping(square(7, 7))})
    edit = run(board(), {"op": "replace", "features": drawn}, NUMBERING)
    assert edit.came_from == {code(77): ()}
    assert edit.grids["name"].tolist()[-1] == code(77)


BOX = shapely.geometry.mapping(square(0, 0))
DEEP = BOX
for _ in range(3000):
    DEEP = {"type": "GeometryCollection", "geometries": [DEEP]}
MALFORMED = {
    "no mapping": [],
    "no word": {},
    "an unknown word": {"op": "erase"},
    "a word that is a list": {"op": ["split"]},
    "nothing to split": {"op": "split", "line": [[1, 2], [3, 4]]},
    "null": {"op": "split", "code": None, "line": [[1, 2], [3, 4]]},
    "a number for a code": {"op": "split", "code": 5, "line": [[1, 2], [3, 4]]},
    "one place": {"op": "split", "code": "5", "line": [[1, 2]]},
    "three numbers": {"op": "split", "code": "5", "line": [[1, 2, 3], [3, 4, 5]]},
    "text for a number": {"op": "split", "code": "5", "line": [["1", 2], [3, 4]]},
    "true for a number": {"op": "split", "code": "5", "line": [[True, 2], [3, 4]]},
    "no number": {"op": "split", "code": "5", "line": [[float("nan"), 2], [3, 4]]},
    "no end": {"op": "drag", "at": [float("inf"), 2], "to": [1, 2]},
    "latitude first": {"op": "drag", "at": [31, 118], "to": [31, 118]},
    "too many places": {"op": "carve", "area": [[1, 2]] * 20_000},
    "another word": {"op": "merge", "codes": ["1", "2"], "sql": "x"},
    "one code to move": {"op": "move", "codes": ["1"], "line": [[1, 2], [3, 4]]},
    "a text for codes": {"op": "merge", "codes": "12"},
    "another kind": {"op": "describe", "code": code(1), "kind": "micro"},
    "a blank name": {"op": "describe", "code": code(1), "name": " "},
    "a word for yes": {"op": "drag", "at": [1, 2], "to": [1, 2], "insert": "yes"},
    "no features": {"op": "replace", "features": []},
    "a feature without geometry": {"op": "replace", "features": [{"code": "1"}]},
    "a line as a grid": {
        "op": "replace",
        "features": [{"code": "1", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}],
    },
    "an empty geometry": {"op": "replace", "features": [{"code": "1", "geometry": {}}]},
    "infinite": {
        "op": "replace",
        "features": [
            {"code": "1", "geometry": {"type": "Polygon", "coordinates": [[[1, float("inf")], [2, 3], [3, 3], [1, 1]]]}}
        ],
    },
    "too deep": {"op": "replace", "features": [{"code": "1", "geometry": DEEP}]},
    "no code": {"op": "replace", "features": [{"geometry": BOX}]},
    "a code twice": {"op": "replace", "features": [{"code": "1", "geometry": BOX}] * 2},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_operation_is_refused_as_malformed(name):
    with pytest.raises(OperationError) as caught:
        run(board(), MALFORMED[name], NUMBERING)
    assert caught.value.reason == "malformed"
    assert str(caught.value)


words = st.sampled_from(
    ["op", "code", "codes", "line", "area", "gap", "at", "to", "from", "features", "kind", "insert"]
)
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.sampled_from([*WHOLE, code(1)]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.just("geometry"), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(words, values, max_size=5), st.sampled_from([*WHOLE, "fill", "describe", "replace"]))
@settings(deadline=None, max_examples=200)
def test_whatever_is_sent_is_done_or_refused(operation, op):
    grids = board(2, 2)
    try:
        edit = run(grids, {"op": "drag" if op == "insert" else op, **operation}, NUMBERING)
    except EditError as error:
        assert error.reason
    else:
        assert len(edit.grids)


def test_a_refused_operation_says_why_and_where():
    with pytest.raises(EditError) as caught:
        run(board(), {"op": "split", "code": code(5), "line": path((0.9, 1.5), (1.5, 1.5))}, NUMBERING)
    assert (caught.value.reason, caught.value.codes) == ("ends_inside", (code(5),))
    assert caught.value.where.equals(shapely.Point(at(1.5, 1.5)))
    assert shape_of(board(), code(5)).contains(caught.value.where)
