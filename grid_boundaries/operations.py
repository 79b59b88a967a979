"""Edits as plain data: what an editor sends, what a draft keeps, and what is done again after an undo.

An operation is a mapping as JSON has it, places as [longitude, latitude]:
{"op": "split", "code", "line"}, {"op": "merge", "codes"}, {"op": "move", "codes": [a, b], "line"},
{"op": "transfer", "from", "to", "area"}, {"op": "carve", "area", "code"?, "name"?, "kind"?},
{"op": "fill", "gap", "code"}, {"op": "drag", "at", "to", "insert"?}, {"op": "describe", "code", "name"?, "kind"?},
{"op": "replace", "features": [{"code", "name"?, "kind"?, "geometry"}]}, {"op": "repair", "tolerance_m"},
{"op": "regroup", "codes", "to", "name"?, "under"?}, {"op": "rehang", "areas", "to", "name"?, "under"?},
{"op": "rename", "area", "name"}; of the last two no grid knows (`arrangement`).
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from geopandas import GeoDataFrame

from grid_boundaries import edits
from grid_boundaries.codes import Numbering
from grid_boundaries.edits import Edit
from grid_boundaries.errors import OperationError
from grid_boundaries.redrawing import describe, features_of, mend, replace
from grid_boundaries.regrouping import regroup
from grid_boundaries.schema import KINDS

MOST_POINTS = 10_000
FARTHEST_M = 50.0  # what is wider than a street is no slip of the pen


def run(grids: GeoDataFrame, operation: Any, numbering: Numbering) -> Edit:
    """Return what an operation makes of grids, EPSG:4326 on the lattice.

    Raises OperationError when it is no operation, EditError when it is refused (`edits`).
    """
    if not isinstance(operation, Mapping):
        raise OperationError("an operation is a mapping with a word `op`")
    words = dict(operation)
    op = words.pop("op", None)
    if not isinstance(op, str) or op not in _OPERATIONS:
        raise OperationError(f"`op` is one of {', '.join(_OPERATIONS)}")
    form = _OPERATIONS[op]
    problems = [f"{op} needs {word}" for word in form.needed if words.get(word) is None]
    problems += [f"{op} knows nothing of {word}" for word in words if word not in form.needed | form.optional]
    if problems:
        raise OperationError("; ".join(problems))
    readers = form.needed | form.optional
    given = {word: readers[word](value, word) for word, value in words.items() if value is not None}
    return form.do(grids, given, numbering)


def _text(value: Any, word: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise OperationError(f"{word} is a text")
    return value.strip()


def _texts(value: Any, word: str) -> list[str]:
    if not isinstance(value, list | tuple) or not value:
        raise OperationError(f"{word} is a list of texts")
    return [_text(one, word) for one in value]


def _kind(value: Any, word: str) -> str:
    if value not in KINDS:
        raise OperationError(f"{word} is {' or '.join(KINDS)}")
    return str(value)


def _yes(value: Any, word: str) -> bool:
    if not isinstance(value, bool):
        raise OperationError(f"{word} is true or false")
    return value


def _place(value: Any, word: str) -> tuple[float, float]:
    if (
        not isinstance(value, list | tuple)
        or len(value) != 2
        or not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
        or not (-180 <= value[0] <= 180 and -90 <= value[1] <= 90)  # which no NaN is
    ):
        raise OperationError(f"{word} is made of [longitude, latitude] in degrees")
    return float(value[0]), float(value[1])


def _places(value: Any, word: str) -> list[tuple[float, float]]:
    if not isinstance(value, list | tuple) or not 2 <= len(value) <= MOST_POINTS:
        raise OperationError(f"{word} is a list of 2 to {MOST_POINTS} places")
    return [_place(one, word) for one in value]


def _metres(value: Any, word: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= FARTHEST_M:
        raise OperationError(f"{word} is a length up to {FARTHEST_M:.0f} m")
    return float(value)


def _gap(value: Any, word: str) -> Any:
    """A place in a gap, or a ring around it."""
    numbers = isinstance(value, list | tuple) and value and isinstance(value[0], int | float)
    return _place(value, word) if numbers else _places(value, word)


def _move(grids: GeoDataFrame, given: dict[str, Any], numbering: Numbering) -> Edit:
    if len(given["codes"]) != 2:
        raise OperationError("move needs two codes")
    one, other = given["codes"]
    return edits.move_boundary(grids, one, other, given["line"])


def _as_it_is(grids: GeoDataFrame) -> Edit:
    return Edit(grids.reset_index(drop=True))


class _Form(NamedTuple):
    """The words of an operation, each with what reads its value, and what is done with them."""

    needed: dict[str, Callable[[Any, str], Any]]
    optional: dict[str, Callable[[Any, str], Any]]
    do: Callable[[GeoDataFrame, dict[str, Any], Numbering], Edit]


_OPERATIONS = {
    "split": _Form(
        {"code": _text, "line": _places}, {}, lambda grids, o, rule: edits.split(grids, **o, numbering=rule)
    ),
    "merge": _Form({"codes": _texts}, {}, lambda grids, o, rule: edits.merge(grids, **o, numbering=rule)),
    "move": _Form({"codes": _texts, "line": _places}, {}, _move),
    "transfer": _Form(
        {"from": _text, "to": _text, "area": _places},
        {},
        lambda grids, o, _: edits.transfer(grids, o["from"], o["to"], o["area"]),
    ),
    "carve": _Form(
        {"area": _places},
        {"code": _text, "name": _text, "kind": _kind},
        lambda grids, o, rule: edits.carve(grids, **o, numbering=rule),
    ),
    "fill": _Form({"gap": _gap, "code": _text}, {}, lambda grids, o, _: edits.fill(grids, **o)),
    "drag": _Form({"at": _place, "to": _place}, {"insert": _yes}, lambda grids, o, _: edits.drag_vertex(grids, **o)),
    "describe": _Form({"code": _text}, {"name": _text, "kind": _kind}, lambda grids, o, _: describe(grids, **o)),
    "repair": _Form({"tolerance_m": _metres}, {}, lambda grids, o, _: mend(grids, **o)),
    "regroup": _Form(
        {"codes": _texts, "to": _text},
        {"name": _text, "under": _text},
        lambda grids, o, rule: regroup(grids, o["codes"], o["to"], name=o.get("name"), numbering=rule),
    ),
    "rehang": _Form(
        {"areas": _texts, "to": _text}, {"name": _text, "under": _text}, lambda grids, *_: _as_it_is(grids)
    ),
    "rename": _Form({"area": _text, "name": _text}, {}, lambda grids, *_: _as_it_is(grids)),
    "replace": _Form({"features": features_of}, {}, lambda grids, o, _: replace(grids, **o)),
}
