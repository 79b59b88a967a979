"""Grids through time: the coverage of any day, which grid came from which, what changed between two days.

Two frames tell the history. `versions`, EPSG:4326, one row a version: id, stable_id (of the grid, whatever its line and
its name become), code, valid_from (first day), valid_to (first day on which it no longer holds), recorded_from and
recorded_to (when this was known; instants with a time zone), geometry; name and reason_code (of the change that made
the version) may be there. `links`: parent_id, child_id (ids of versions), change_id, reason_code. An open end is None
or NaT.
"""

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.coverage import area_m2
from grid_boundaries.errors import GridError
from grid_boundaries.held_land import land_between

RE_DIGITISING = "re_digitising"
# Changes after which a grid is the same grid, however it is drawn and called.
SAME_GRID = frozenset({RE_DIGITISING, "code_correction"})


class UnknownGridError(GridError):
    """No grid has this code on this day."""

    code = "grid_unknown"


def as_of(versions: GeoDataFrame, day: date, known_at: datetime | None = None) -> GeoDataFrame:
    """Return the versions in force on a day, by code: as they are known now, or were at an instant with a time zone.

    Nothing before the first version. The columns are those of `versions`, the index starts at 0.
    """
    begin, end = _days(versions["valid_from"]), _days(versions["valid_to"])
    wanted = np.datetime64(day, "D")
    holds = (np.isnat(begin) | (begin <= wanted)) & (np.isnat(end) | (wanted < end)) & _known(versions, known_at)
    return versions[holds].sort_values("code").reset_index(drop=True)


def parents(versions: GeoDataFrame, links: pd.DataFrame, code: str, day: date) -> GeoDataFrame:
    """Return the grids that the grid with this code on this day came from, each as it was last; none for a first one.

    Raises UnknownGridError when no grid has the code on that day.
    """
    return _last(versions, _up(versions, links).get(_stable_id(versions, code, day), set()))


def children(versions: GeoDataFrame, links: pd.DataFrame, code: str, day: date) -> GeoDataFrame:
    """Return the grids that came from the grid with this code on this day, each as it was first. Raises as `parents`."""
    return _first(versions, _down(versions, links).get(_stable_id(versions, code, day), set()))


def ancestors(versions: GeoDataFrame, links: pd.DataFrame, code: str, day: date) -> GeoDataFrame:
    """Return parents, their parents and so on, each grid once and as it was last. Raises as `parents`."""
    return _last(versions, _reached(_up(versions, links), _stable_id(versions, code, day)))


def descendants(versions: GeoDataFrame, links: pd.DataFrame, code: str, day: date) -> GeoDataFrame:
    """Return children, their children and so on, each grid once and as it was first. Raises as `parents`."""
    return _first(versions, _reached(_down(versions, links), _stable_id(versions, code, day)))


def between(versions: GeoDataFrame, links: pd.DataFrame, first: date, second: date) -> GeoDataFrame:
    """Return what is different on a second day, as it is known now, a row for each grid and kind of difference.

    Columns: kind (created, retired, moved: holds other land, renamed: other name or code), code (on the second day, of
    the retired on the first), former_code (None for the created), re_digitised: nothing of it is a change in the world,
    only drawn or numbered anew; area_m2 of what was created, retired, gained or lost, and that as geometry (the whole
    grid for a new name). A grid that only got vertices did not move.
    """
    who = identities(versions, links)
    then, now = (_by_identity(as_of(versions, day), who) for day in (first, second))
    only_drawn = drawn_anew(versions, links, who, first, second)
    rows: list[tuple[str, str, str | None, bool, shapely.Geometry]] = []
    for one in now.index.difference(then.index):
        rows.append(("created", now.at[one, "code"], None, one in only_drawn, now.at[one, "geometry"]))
    for one in then.index.difference(now.index):
        code = then.at[one, "code"]
        rows.append(("retired", code, code, one in only_drawn, then.at[one, "geometry"]))
    named = [column for column in ("name", "code") if column in versions]
    for one in then.index.intersection(now.index):
        code, former = now.at[one, "code"], then.at[one, "code"]
        shape = _moved(then.at[one, "geometry"], now.at[one, "geometry"])
        if shape is not None:
            rows.append(("moved", code, former, one in only_drawn, shape))
        if any(_text(then.at[one, column]) != _text(now.at[one, column]) for column in named):
            rows.append(("renamed", code, former, one in only_drawn, now.at[one, "geometry"]))
    found = pd.DataFrame(rows, columns=["kind", "code", "former_code", "re_digitised", "geometry"])
    found = found.assign(area_m2=[area_m2(shape) for shape in found["geometry"]])
    found = found.sort_values(["code", "kind"]).reset_index(drop=True)
    return GeoDataFrame(found, geometry="geometry", crs=versions.crs)


def identities(versions: GeoDataFrame, links: pd.DataFrame) -> Mapping[int, int]:
    """Return for each stable id the one under which its grid began.

    It is another one where drawing or numbering anew, which is no change of the grid, gave its only successor a new one.
    """
    up, down = _up(versions, links), _down(versions, links)
    real = {child for _, child, reason in _edges(versions, links) if reason not in SAME_GRID}

    def begin(one: int) -> int:
        seen = {one}
        while len(up.get(one, ())) == 1 and one not in real:
            (before,) = up[one]
            if before in seen or len(down[before]) > 1:
                break
            one = before
            seen.add(one)
        return one

    return {one: begin(one) for one in np.unique(versions["stable_id"]).tolist()}


def drawn_anew(
    versions: GeoDataFrame, links: pd.DataFrame, who: Mapping[int, int], first: date, second: date
) -> set[int]:
    """Return the identities of the grids that changed between two days, and only by being drawn or numbered anew.

    who: as `identities` gives them.
    """
    low, high = sorted([np.datetime64(first, "D"), np.datetime64(second, "D")])
    known = versions[_known(versions, None)]
    begin = _days(known["valid_from"])
    came = known[(low < begin) & (begin <= high)]  # an open beginning compares as false
    reasons: dict[int, set[object]] = {}
    if "reason_code" in came:
        for stable_id, reason in zip(came["stable_id"], came["reason_code"], strict=True):
            reasons.setdefault(who[int(stable_id)], set()).add(reason)
    new = set(came["stable_id"])
    for parent, child, reason in _edges(versions, links):
        if child in new:
            reasons.setdefault(who[child], set()).add(reason)
            reasons.setdefault(who[parent], set()).add(reason)
    return {one for one, why in reasons.items() if why <= SAME_GRID}


def _moved(first: shapely.Geometry, second: shapely.Geometry) -> shapely.Geometry | None:
    return None if shapely.equals_identical(first, second) else land_between(first, second)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _by_identity(grids: GeoDataFrame, who: Mapping[int, int]) -> GeoDataFrame:
    return grids.set_index(pd.Index([who[int(one)] for one in grids["stable_id"]], dtype=np.int64))


def _stable_id(versions: GeoDataFrame, code: str, day: date) -> int:
    found = as_of(versions, day)
    found = found[found["code"] == code]
    if not len(found):
        raise UnknownGridError(f"no grid has the code {code} on {day}")
    return int(found["stable_id"].iloc[0])


def _edges(versions: GeoDataFrame, links: pd.DataFrame) -> list[tuple[int, int, object]]:
    """Parent, child (stable ids) and reason of each link; what has no parent or no child, or itself, is none."""
    grid = dict(zip(versions["id"].tolist(), versions["stable_id"].tolist(), strict=True))
    ends = [[grid.get(one) for one in links[f"{end}_id"].tolist()] for end in ("parent", "child")]
    rows = zip(*ends, links["reason_code"].tolist(), strict=True)
    return [(a, b, reason) for a, b, reason in rows if a is not None and b is not None and a != b]


def _up(versions: GeoDataFrame, links: pd.DataFrame) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for parent, child, _ in _edges(versions, links):
        found.setdefault(child, set()).add(parent)
    return found


def _down(versions: GeoDataFrame, links: pd.DataFrame) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for parent, child, _ in _edges(versions, links):
        found.setdefault(parent, set()).add(child)
    return found


def _reached(ways: Mapping[int, set[int]], start: int) -> set[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        new = ways.get(waiting.pop(), set()) - found - {start}
        found |= new
        waiting += new
    return found


def _last(versions: GeoDataFrame, stable_ids: set[int]) -> GeoDataFrame:
    return _one_each(versions, stable_ids, "last")


def _first(versions: GeoDataFrame, stable_ids: set[int]) -> GeoDataFrame:
    return _one_each(versions, stable_ids, "first")


def _one_each(versions: GeoDataFrame, stable_ids: set[int], keep: str) -> GeoDataFrame:
    """The first or the last version of each, as known now, by code."""
    known = versions[_known(versions, None) & versions["stable_id"].isin(stable_ids).to_numpy()]
    # An open beginning is the earliest of all.
    order = np.argsort(_days(known["valid_from"]).astype(np.int64), kind="stable")
    one = known.iloc[order].drop_duplicates("stable_id", keep=keep)
    return one.sort_values(["code", "stable_id"]).reset_index(drop=True)


def _known(versions: GeoDataFrame, at: datetime | None) -> np.ndarray:
    """Which rows are known now, or were at an instant."""
    begin, end = (pd.to_datetime(versions[f"recorded_{side}"], utc=True) for side in ("from", "to"))
    if at is None:
        return end.isna().to_numpy()
    instant = pd.Timestamp(at)
    return ((begin.isna() | (begin <= instant)) & (end.isna() | (instant < end))).to_numpy()


def _days(values: pd.Series) -> np.ndarray:
    return np.array(pd.to_datetime(values), dtype="datetime64[D]")
