"""Communities and towns after grids were drawn anew: which are new, which are called or hang otherwise, which are gone.

The outline of a community is the union of its grids, that of a town the union of its communities; so neither is drawn
here. Steps (`grid_boundaries.steps`) with these operations speak of them:
{"op": "regroup", "codes": grids, "to": community, "name"?: of a new one, "under"?: its town},
{"op": "rehang", "areas": communities, "to": town, "name"?: of a new one, "under"?: the county},
{"op": "rename", "area", "name"}.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.codes import is_of_town
from grid_boundaries.errors import EditError
from grid_boundaries.land import is_hair, polygons
from grid_boundaries.steps import Step, outcome

OPERATIONS = ("regroup", "rehang", "rename")  # that speak of areas
ABOVE = {"community": "town"}  # the level above, where its areas are founded and ended here too
REGROUPED = ("community", "station")  # the levels in which what is drawn may lie and go from one to another
Shape = Any  # a geometry, or None
Land = dict[str, list[Shape]]  # by the code of an area, what lies in it; without outline None


def aspects(asked: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what an operation makes other of the areas that it names: their "name" or their "parent"; "new" of one that it
    founds, None of one that has only to be there. Nothing where the operation does not speak of areas."""
    if asked["op"] not in OPERATIONS:
        return {}
    if asked["op"] == "rename":
        return {asked["area"]: "name"}
    found: dict[str, str | None] = {asked["to"]: "new" if "name" in asked else None}
    if "under" in asked:
        found[asked["under"]] = None
    return found | dict.fromkeys(asked.get("areas", ()), "parent")


@dataclass(frozen=True, eq=False)
class AreaState:
    """An area that is other than before.

    parent: code of the area above, None where none is known; of one that is gone (``is_retired``), that of the area of its
    kind that took most of its land. outline: its new one in EPSG:4326, None where it keeps that which it has.
    """

    code: str
    name: str
    level: str
    parent: str | None
    outline: shapely.MultiPolygon | None = None
    is_new: bool = False
    is_retired: bool = False


@dataclass
class _Tree:
    """Areas by code while steps are followed."""

    name: dict[str, str]
    level: dict[str, str]
    parent: dict[str, str | None]
    taken: Collection[str] = ()
    new: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, areas: GeoDataFrame, taken: Collection[str] = ()) -> "_Tree":
        """The areas as `arranged` gets them."""
        codes = areas["code"].tolist()
        parents = [None if pd.isna(code) else str(code) for code in areas["parent"]]
        return cls(
            dict(zip(codes, areas["name"], strict=True)), dict(zip(codes, areas["level"], strict=True)),
            dict(zip(codes, parents, strict=True)), taken,
        )  # fmt: skip

    def follow(self, asked: Mapping[str, Any], level: str, sources: Collection[str]) -> None:
        """What one operation does to the areas. level: of the areas that have grids; sources: those that give some."""
        if asked["op"] in OPERATIONS and level not in REGROUPED:
            named = asked["area"] if asked["op"] == "rename" else asked["to"]
            raise EditError("wrong_level", f"what is drawn lies in no area that {named} could change", [named])
        if asked["op"] == "rename":
            self._require(asked["area"])
            if self.level[asked["area"]] not in (level, ABOVE.get(level)):
                raise EditError("wrong_level", f"{asked['area']} is not renamed here", [asked["area"]])
            self.name[asked["area"]] = asked["name"]
        elif asked["op"] == "regroup":
            self._aim(asked, level, [above for code in sources if (above := self.parent.get(code))])
        elif asked["op"] == "rehang":
            for code in asked["areas"]:
                self._require(code, level)
            if level not in ABOVE:
                raise EditError("wrong_level", f"nothing lies between a {level} and the uppermost area", [asked["to"]])
            left = [above for code in asked["areas"] if (above := self.parent[code])]
            self._aim(asked, ABOVE[level], [self.parent[code] or code for code in left])
            self.parent |= dict.fromkeys(asked["areas"], asked["to"])

    def _aim(self, asked: Mapping[str, Any], level: str, beside: Sequence[str]) -> None:
        """The area that takes others or grids over: one that is there, or a new one below what those hang on that give."""
        code = asked["to"]
        if "name" not in asked:
            self._require(code, level)
            return
        if code in self.taken or code in self.level:
            raise EditError("area_taken", f"the code {code} was given to an area before", [code])
        under = asked.get("under") or max(beside, key=beside.count, default=None)
        if under is None:
            raise EditError("above_scope", f"nothing is known under which {code} could lie", [code])
        self._require(under)
        # The first community of a county lies beside none: under a town, or under the county itself.
        if self.level[under] not in ({self.level.get(one) for one in beside} or {ABOVE.get(level), "county"}):
            raise EditError("wrong_level", f"{under} has no areas of this kind below it", [under])
        if (level, self.level[under]) == ("community", "town") and not is_of_town(code, under):
            raise EditError("other_town", f"{code} does not begin with the code of its town {under}", [code, under])
        self.name[code], self.level[code], self.parent[code] = asked["name"], level, under
        self.new.append(code)

    def _require(self, code: str, level: str | None = None) -> None:
        if code not in self.level:
            raise EditError("unknown_area", f"there is no area {code}", [code])
        if level is not None and self.level[code] != level:
            raise EditError("wrong_level", f"the area {code} is no {level}", [code])


def arranged(
    areas: GeoDataFrame,
    before: GeoDataFrame,
    after: GeoDataFrame,
    steps: Sequence[Step],
    *,
    taken: Collection[str] = (),
    level: str = "community",
) -> list[AreaState]:
    """Return the areas that are other than before, those above first.

    areas: one tree with code, name, level, parent (code, None of the root) and outlines in EPSG:4326 (None for none).
    before, after: all grids with their ``community``, without the steps and with them. taken: codes that areas had at any
    time. level: of the areas that have grids. A community without grids, or a town without communities, that had some
    before is retired. Raises EditError unknown_area, wrong_level, area_taken, above_scope, other_town.
    """
    was, tree = _Tree.of(areas), _Tree.of(areas, taken)
    lies_in = dict(zip(before["code"], before["community"], strict=True))
    for step in steps:
        tree.follow(step["asked"], level, [home for code in step["retired"] if (home := lies_in.get(code)) is not None])
        lies_in |= {code: row.get("community") for code, row in step["set"].items()}
    outlines: dict[str, Shape] = dict(zip(areas["code"], areas.geometry, strict=True))
    below = _states(was, tree, level, *_grids_by_community(before, after, steps))
    now = outlines | {one.code: one.outline for one in below if one.outline is not None}
    now |= {one.code: None for one in below if one.is_retired}
    gone = {one.code for one in below if one.is_retired}
    above = ABOVE.get(level, "")
    lands = _below(was, level, outlines), _below(tree, level, now, besides=gone)
    moved = {one.code for one in below} | {code for code in tree.parent if tree.parent[code] != was.parent.get(code)}
    concerned = {str(side.parent[code]) for side in (was, tree) for code in moved if side.parent.get(code)}
    then, after_all = ({code: land.get(code, []) for code in concerned} for land in lands)
    return [*_states(was, tree, above, then, after_all), *below]


def drawn_areas(before: GeoDataFrame, after: GeoDataFrame, steps: Sequence[Step], level: str) -> list[AreaState]:
    """Return the areas that are other than before where areas themselves are drawn, as those of the police are.

    before, after: all of them, EPSG:4326, with what they lie in as ``community``. level: of all of them.
    """
    done, rows = outcome(steps), after.set_index("code")
    land = {code: rows.geometry[code] for code in [*done["created"], *done["changed"]]}
    found = [
        AreaState(code, rows["name"][code], level, rows["community"][code], _union([shape]), code in done["created"])
        for code, shape in land.items()
    ]
    ended = before.set_index("code").loc[done["retired"]]
    heirs = [_heir(shape, land, besides=code) for code, shape in zip(ended.index, ended.geometry, strict=True)]
    return found + [
        AreaState(code, name, level, heir, is_retired=True)
        for code, name, heir in zip(ended.index, ended["name"], heirs, strict=True)
    ]


def _states(was: _Tree, tree: _Tree, level: str, then: Land, now: Land) -> list[AreaState]:
    """The areas of a level that are other than before. then, now: what lies in those that may have other land."""
    whole = {code: _union(shapes) for code, shapes in now.items()}
    found = []
    for code in (code for code in tree.level if tree.level[code] == level):
        if code in now and not now[code] and (code in tree.new or then.get(code)):
            there = {one: whole[one] for one, shapes in now.items() if shapes}
            heir = None if code in tree.new else _heir(_union(then[code]), there, besides=code)
            if heir is not None:
                found.append(AreaState(code, tree.name[code], level, heir, is_retired=True))
            continue
        if code in tree.new and code not in now:
            continue
        drawn = whole.get(code)
        if drawn is not None and code not in tree.new and _same_land(_union(then.get(code, [])), drawn):
            drawn = None
        state = AreaState(code, tree.name[code], level, tree.parent[code], drawn, code in tree.new)
        if state.is_new or drawn is not None or state.name != was.name[code] or state.parent != was.parent[code]:
            found.append(state)
    return found


def _grids_by_community(before: GeoDataFrame, after: GeoDataFrame, steps: Sequence[Step]) -> tuple[Land, Land]:
    """Of each community of which grids were touched, its grids before and after."""
    done = outcome(steps)
    sides = ((before, [*done["retired"], *done["changed"]]), (after, [*done["created"], *done["changed"]]))
    concerned = {code for side, codes in sides for code in side.loc[side["code"].isin(codes), "community"].dropna()}

    def of(side: GeoDataFrame) -> Land:
        home, shapes = side["community"].to_numpy(dtype=object), side.geometry.to_numpy()
        return {code: list(shapes[np.flatnonzero(home == code)]) for code in sorted(concerned)}

    return of(before), of(after)


def _below(tree: _Tree, level: str, outlines: Mapping[str, Shape], besides: Collection[str] = ()) -> Land:
    """By area, the outlines of those of a level that hang below it."""
    found: Land = {}
    for code in (code for code in tree.level if tree.level[code] == level and code not in besides):
        if (parent := tree.parent[code]) is not None and (code in outlines or code not in tree.new):
            found.setdefault(parent, []).append(outlines.get(code))
    return found


def _heir(land: Shape, others: Mapping[str, Shape], besides: str) -> str | None:
    """The area that has most of a land now, the one with the first code where nothing tells."""

    def share(code: str) -> float:
        return 0.0 if land is None or others[code] is None else float(shapely.intersection(land, others[code]).area)

    return max(sorted(code for code in others if code != besides), key=share, default=None)


def _union(shapes: Sequence[Shape]) -> shapely.MultiPolygon | None:
    """Their land together; None without one, or where one of them has no outline."""
    if not shapes or any(shape is None for shape in shapes):
        return None
    return shapely.MultiPolygon(list(polygons(shapely.union_all(shapes))))


def _same_land(one: Shape, other: shapely.Geometry) -> bool:
    """Whether two outlines differ by no more than the rounding of a vertex."""
    return one is not None and all(is_hair(part) for part in polygons(shapely.symmetric_difference(one, other)))
