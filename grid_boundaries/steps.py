"""What edits did, as plain JSON: kept with a draft, laid over the grids that it began from, undone by leaving it out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.edits import Edit
from grid_boundaries.schema import CRS

SAID = ("name", "kind", "community", "leader")
Step = Mapping[str, Any]


def step_of(edit: Edit) -> dict[str, Any]:
    """Return what an edit did: codes ``retired``, ``created``, ``changed``, ``came_from`` (created code -> parents), and
    ``set``: what each created or changed grid is now, its geometry as WKB in hexadecimal."""
    touched = [*edit.created, *edit.changed]
    rows = edit.grids.set_index("code").loc[touched]
    said = [name for name in SAID if name in rows.columns]
    values = rows[said].astype(object).where(rows[said].notna(), None).to_dict("index")
    shapes = shapely.to_wkb(rows.geometry.to_numpy(), hex=True, byte_order=1)
    return {
        "retired": list(edit.retired),
        "created": list(edit.created),
        "changed": list(edit.changed),
        "came_from": {code: list(parents) for code, parents in edit.came_from.items()},
        "set": {code: {**values[code], "wkb": wkb} for code, wkb in zip(touched, shapes, strict=True)},
    }


def touched(steps: Iterable[Step]) -> set[str]:
    """Return the codes of all grids that steps retired, created or changed."""
    return {code for step in steps for name in ("retired", "created", "changed") for code in step[name]}


def described(steps: Iterable[Step]) -> set[str]:
    """Return the codes of the grids whose name or kind steps set, by themselves or with a whole drawing."""
    asked = [step["asked"] for step in steps]
    whole = {one["code"] for what in asked if what["op"] == "replace" for one in what["features"]}
    return whole | {what["code"] for what in asked if what["op"] == "describe"}


def outcome(steps: Sequence[Step]) -> dict[str, Any]:
    """Return what steps did together: ``retired`` and ``changed`` are grids that were there before, ``created`` those that
    are there now and were not; ``came_from`` leads from these to grids that were there before; ``set`` as in `step_of`."""
    made: dict[str, tuple[str, ...]] = {}
    latest: dict[str, Any] = {}
    retired: list[str] = []
    for step in steps:
        for code in step["created"]:
            parents = step["came_from"].get(code, ())
            before = dict.fromkeys(old for parent in parents for old in made.get(parent, (parent,)))
            made[code] = tuple(before)
        latest.update(step["set"])
        for code in step["retired"]:
            latest.pop(code, None)
            if code not in made:
                retired.append(code)
    there = [code for code in made if code in latest]
    return {
        "retired": list(dict.fromkeys(retired)),
        "created": there,
        "changed": [code for code in latest if code not in made],
        "came_from": {code: list(made[code]) for code in there},
        "set": latest,
    }


def applied(grids: GeoDataFrame, steps: Sequence[Step]) -> GeoDataFrame:
    """Return the grids as steps left them, by code, with a fresh index: code, SAID as far as grids have them, geometry.

    grids: EPSG:4326 with unique codes; stays as it is. A grid that a step changed is there even if the grids given have
    it no longer: what was drawn on older grids stays visible until it is drawn anew.
    """
    columns = ["code", *(name for name in SAID if name in grids.columns)]
    done = outcome(steps)
    rows = [{"code": code, **row} for code, row in done["set"].items()]
    kept = grids[~grids["code"].isin({*done["retired"], *done["set"]})][[*columns, "geometry"]]
    if not rows:
        return kept.reset_index(drop=True)
    told = pd.DataFrame(rows, dtype=object)
    fresh = GeoDataFrame(told.reindex(columns=columns), geometry=shapely.from_wkb(told["wkb"].tolist()), crs=CRS)
    whole = pd.concat([kept.astype(dict.fromkeys(columns, object)), fresh])
    return whole.sort_values("code", ignore_index=True)
