"""What may be done to grids that cover an area: split, merge, move a line, hand land over, carve out, fill a gap.

Each takes a frame in EPSG:4326 on the lattice (`schema.normalise`) and returns an `Edit`: a new frame and what became
of the grids. Drawings are arrays or geometries in EPSG:4326, longitude first. What would break the coverage, or does
not say what to do, is refused: EditError with a reason and a place. Grids of different communities (column
`community`) exchange no land.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.codes import Numbering, malformed
from grid_boundaries.cutting import Cut, carried, cut, joined, multi, require_two, touch
from grid_boundaries.dragging import drag_vertex as drag_vertex
from grid_boundaries.drawing import lasso, stroke
from grid_boundaries.errors import CodeError, EditError
from grid_boundaries.filling import fill as fill
from grid_boundaries.neighbourhood import Edit as Edit
from grid_boundaries.neighbourhood import Ground, Made, edited, require_coverage
from grid_boundaries.noding import segments


def split(grids: GeoDataFrame, code: str, line: Any, *, numbering: Numbering) -> Edit:
    """Return the edit that divides a grid in two along a line; both get new codes, the old one is retired.

    line: (n, 2) or a LineString; its ends may lie outside, or up to a metre inside, and are carried to the boundary.
    Exclaves go with the nearer part. Raises EditError: does_not_cross, crosses_twice, along_boundary, ends_inside,
    crosses_itself, too_close, no_code.
    """
    ground = Ground.of(grids)
    row = ground.row(code)
    land = ground.shapes[row]
    made = cut(ground, np.array([land], dtype=object), carried(stroke(line), land, [code]))
    divided, one, two = require_two(made, [code])
    sides: tuple[list[shapely.Polygon], list[shapely.Polygon]] = ([one], [two])
    for part in np.delete(made.parts, divided):
        nearest = min((shapely.distance(part, side[0]), -side[0].area, number) for number, side in enumerate(sides))
        sides[nearest[2]].append(part)
    new = _numbered(ground, row, [multi(side) for side in sides], (row,), numbering, goes_on=True)
    after = {other: shape for other, shape in made.noded.items() if other != row}
    require_coverage(ground, made.near, made.noded, after, [row], [one.shape for one in new])
    return edited(ground, after, [row], new)


def merge(grids: GeoDataFrame, codes: Sequence[str], *, numbering: Numbering) -> Edit:
    """Return the edit that makes one grid of several; it gets a new code, theirs are retired.

    Columns other than code and name are those of the largest. Raises EditError: too_few, not_touching,
    other_community, breaks_coverage, no_code.
    """
    ground = Ground.of(grids)
    rows = [ground.row(code) for code in dict.fromkeys(codes)]
    if len(rows) < 2:
        raise EditError("too_few", "at least two grids are needed", codes)
    ground.one_community(rows)
    _require_touching(ground, rows)
    shapes = ground.shapes[rows]
    largest = rows[int(np.argmax(shapely.area(shapes)))]
    new = _numbered(ground, largest, [joined(shapes, codes)], tuple(sorted(rows)), numbering, goes_on=True)
    near = ground.near(shapely.total_bounds(shapes))
    require_coverage(ground, near, {}, {}, rows, [new[0].shape])
    return edited(ground, {}, rows, new)


def move_boundary(grids: GeoDataFrame, code_a: str, code_b: str, line: Any) -> Edit:
    """Return the edit that gives two neighbours a new line between them; both keep their codes.

    line: (n, 2) or a LineString from outline to outline of the two together, or a closed ring inside; an end that
    stops up to a metre short is carried on. Each grid keeps the side where it has more land now.
    Raises EditError: not_touching, other_community, does_not_cross, crosses_twice, ends_inside, crosses_itself,
    takes_all, too_close.
    """
    ground = Ground.of(grids)
    rows = [ground.row(code_a), ground.row(code_b)]
    codes = [code_a, code_b]
    if code_a == code_b:
        raise EditError("too_few", "two different grids are needed", codes)
    ground.one_community(rows)
    _require_touching(ground, rows)
    both = joined(ground.shapes[rows], codes)
    drawn = stroke(line)
    if (drawn[0] != drawn[-1]).any():
        drawn = carried(drawn, both, codes)
    made = cut(ground, np.array([both], dtype=object), drawn)
    try:
        divided, one, two = require_two(made, codes)
    except EditError as error:
        if error.reason != "along_boundary":
            raise
        raise EditError("takes_all", "one of the grids would be left without land", codes, error.where) from error
    a, b = (made.noded.get(row, ground.shapes[row]) for row in rows)
    if _common(one, b) + _common(two, a) > _common(one, a) + _common(two, b):
        one, two = two, one
    after = dict(made.noded)
    for row, shape, side in ((rows[0], a, one), (rows[1], b, two)):
        after[row] = multi([side, *_apart(shape, made.parts[divided])])
    require_coverage(ground, made.near, made.noded, after)
    return edited(ground, after)


def transfer(grids: GeoDataFrame, from_code: str, to_code: str, area: Any) -> Edit:
    """Return the edit that hands the land of one grid inside an area over to its neighbour; both keep their codes.

    area: a ring (n, 2) or a polygon without holes. Raises EditError: does_not_cross (nothing of the grid lies in the
    area), takes_all, not_touching (it would be an exclave), leaves_parts (the rest would fall apart),
    other_community, crosses_itself, too_close.
    """
    ground = Ground.of(grids)
    giver, taker = ground.row(from_code), ground.row(to_code)
    if giver == taker:
        raise EditError("too_few", "two different grids are needed", [from_code])
    ground.one_community([giver, taker])
    made = cut(ground, ground.shapes[[giver]], lasso(area))
    given, kept = _sides(made, [from_code])
    if not kept[0]:
        raise EditError("takes_all", "the area takes all of the grid", [from_code], made_area(made))
    target = made.noded.get(taker, ground.shapes[taker])
    apart = [face for face in given[0] if not touch(face, target)]
    if apart:
        raise EditError(
            "not_touching", "what is handed over does not touch the other grid", [from_code, to_code], multi(apart)
        )
    after = {**made.noded, giver: multi(kept[0]), taker: joined([target, *given[0]], [from_code, to_code])}
    near = np.union1d(made.near, ground.near(shapely.bounds(ground.shapes[taker])))
    require_coverage(ground, near, made.noded, after)
    return edited(ground, after)


def carve(
    grids: GeoDataFrame,
    area: Any,
    code: str | None = None,
    *,
    numbering: Numbering,
    kind: str = "dedicated",
    name: str | None = None,
) -> Edit:
    """Return the edit that cuts a new grid out of one or several; those that it takes whole are retired.

    area: a ring (n, 2) or a polygon without holes. code: None for the next of the community.
    Raises EditError: does_not_cross (no grid lies in the area), takes_all (it is one whole grid), leaves_parts (a grid,
    or the new one, would fall apart), other_community, code_taken, no_code, crosses_itself, too_close.
    """
    ground = Ground.of(grids)
    ring = lasso(area)
    near = ground.near(shapely.bounds(shapely.Polygon(ring)))
    rows = near[shapely.intersects(ground.shapes[near], shapely.Polygon(ring))]
    if not len(rows):
        raise EditError("does_not_cross", "no grid lies in the area", where=shapely.Polygon(ring))
    made = cut(ground, ground.shapes[rows], ring)
    codes = [str(one) for one in ground.codes[rows]]
    given, kept = _sides(made, codes)
    takes = [number for number, faces in given.items() if faces]
    whole = [int(rows[number]) for number in takes if not kept[number]]
    donors = [int(rows[number]) for number in takes]
    if donors == whole and len(whole) == 1:
        raise EditError("takes_all", "the area takes all of the grid", [codes[takes[0]]], made_area(made))
    ground.one_community(donors)
    faces = [face for number in takes for face in given[number]]
    shape = joined(faces, codes)
    if len(shape.geoms) > 1:
        raise EditError("leaves_parts", "the new grid would fall apart", codes, shape)
    like = donors[int(np.argmax([sum(face.area for face in given[number]) for number in takes]))]
    new = _numbered(ground, like, [shape], tuple(donors), numbering, code)[0]
    values = {**new.values, "kind": kind, "name": name or new.values["name"]}
    values |= {"leader": None} if "leader" in grids.columns else {}
    after = made.noded | {int(rows[number]): multi(kept[number]) for number in takes if kept[number]}
    after = {row: one for row, one in after.items() if row not in whole}
    require_coverage(ground, made.near, made.noded, after, whole, [shape])
    return edited(ground, after, whole, [Made(like, values, shape, tuple(donors))])


def _numbered(
    ground: Ground,
    like: int,
    shapes: list[shapely.MultiPolygon],
    parents: tuple[int, ...],
    numbering: Numbering,
    code: str | None = None,
    goes_on: bool = False,
) -> list[Made]:
    """New grids with codes of the community and the other columns of one of their parents; goes_on: of those that take its
    place the largest keeps its name, where it is of the level above (a police station)."""
    parent = str(ground.codes[like])
    prefix = numbering.prefix(parent)
    present = {str(one) for one in ground.codes}
    try:
        if code is None:
            community = ground.shapes[ground.community_of(like, prefix)]
            codes = numbering.give(np.array(shapes, dtype=object), parent, community, present)
        elif malformed([code], numbering.pattern).any():
            raise CodeError(f"the code {code} does not follow the pattern {numbering.pattern}")
        else:
            codes = [code]
    except CodeError as error:
        raise EditError("no_code", str(error), [parent]) from error
    if code is not None and (code in present or code in numbering.taken):
        raise EditError("code_taken", f"the code {code} was given before", [code])
    before = str(ground.grids["name"].iloc[like]) if "name" in ground.grids.columns else ""
    names = [numbering.named(new, before) for new in codes]
    if goes_on and numbering.is_above(parent):
        names[int(np.argmax(shapely.area(shapes)))] = before
    return [
        Made(like, {"code": new, "name": name}, shape, parents)
        for new, name, shape in zip(codes, names, shapes, strict=True)
    ]


def _require_touching(ground: Ground, rows: list[int]) -> None:
    """Each of the grids is reached from the first over shared segments."""
    lines, of = segments(ground.shapes[rows])
    _, line = np.unique(lines, axis=0, return_inverse=True)
    line = line.reshape(-1)
    reached, before = np.arange(len(rows)) == 0, 0
    while reached.sum() > before:
        before = int(reached.sum())
        reached[of[np.isin(line, line[reached[of]])]] = True
    if not reached.all():
        apart = [row for row, there in zip(rows, reached, strict=True) if not there]
        codes = [str(ground.codes[row]) for row in apart]
        text = f"{', '.join(codes)} and the others share no boundary"
        raise EditError("not_touching", text, codes, shapely.union_all(ground.shapes[apart]))


def _sides(
    made: Cut, codes: Sequence[str]
) -> tuple[dict[int, list[shapely.Polygon]], dict[int, list[shapely.Polygon]]]:
    """Pieces inside the drawn ring and outside it, by the number of the land."""
    ring = made_area(made)
    if not ring.is_valid:
        raise EditError("too_close", "what was drawn comes too close to a line", codes, made.touched)
    shapely.prepare(ring)
    inside: dict[int, list[shapely.Polygon]] = {int(number): [] for number in made.of}
    outside: dict[int, list[shapely.Polygon]] = {int(number): [] for number in made.of}
    for number, faces in zip(made.of, made.faces, strict=True):
        within = shapely.contains(ring, shapely.point_on_surface(faces))
        inside[int(number)] += list(faces[within])
        outside[int(number)] += list(faces[~within])
        if (~within).sum() > 1:
            rest = sorted(faces[~within], key=lambda face: face.area)[:-1]
            raise EditError("leaves_parts", "the rest of the grid would fall apart", [codes[number]], multi(rest))
    if not any(inside.values()):
        raise EditError("does_not_cross", "no land of the grid lies in the area", codes, ring)
    return inside, outside


def made_area(made: Cut) -> shapely.Polygon:
    """The drawn ring as it was led through the vertices nearby."""
    return shapely.Polygon(made.line)


def _common(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(shapely.intersection(one, other).area)


def _apart(shape: shapely.Geometry, land: shapely.Polygon) -> list[shapely.Polygon]:
    """The parts of a grid that do not lie in the land that was divided."""
    parts = shapely.get_parts(shape)
    return list(parts[~shapely.contains(land, shapely.point_on_surface(parts))])
