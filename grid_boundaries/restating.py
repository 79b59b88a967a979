"""Counts of old periods on today's grids: the same things, counted in the grids that there are now."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from scipy.sparse import coo_array, csr_array

from grid_boundaries.coverage import area_m2
from grid_boundaries.held_land import land, land_between
from grid_boundaries.impact import Units, members
from grid_boundaries.lineage import as_of, drawn_anew, identities

# How a number came to be, the surest first.
HOW = ("unchanged", "points", "addresses", "area", "nowhere")
UNCHANGED, POINTS, ADDRESSES, AREA, NOWHERE = range(len(HOW))
OUT = -1  # where a today's grid would stand: in none of them
WEIGHT = "weight"


def restate(
    counts: pd.DataFrame,
    versions: GeoDataFrame,
    links: pd.DataFrame,
    today: date,
    *,
    points: GeoDataFrame | None = None,
    addresses: GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Return counts of old grids as counts of the grids of `today`; the sum of each day and column stays the same.

    counts: code, day (one on which the codes meant the grids that were counted, such as the last of the period), and
    the counts, one column each. versions, links: see `lineage`. points: what was counted, as far as its places are
    known, EPSG:4326, with its `day` as in counts. addresses: where things of the kind are wherever they are, EPSG:4326.
    Both may have a `weight`, one each by default.

    Returns day, code (None: of a land where no grid is today, or counted for a code that no grid had), the counts, and
    `how` each came about, the least sure part of it deciding: unchanged (the grid holds the same land, or was only
    drawn or numbered anew), points (counted again where they lie; what has no place goes where the others went),
    addresses (in proportion to these), area (in proportion to the land).
    """
    who = identities(versions, links)
    measures = [name for name in counts.columns if name not in ("code", "day")]
    now = as_of(versions, today)
    parts = []
    for day, of_day in counts.groupby("day", sort=True):
        then = as_of(versions, day)
        of_period = None if points is None else points[(points["day"] == day).to_numpy()]
        same = _unchanged(then, now, who, drawn_anew(versions, links, who, day, today))
        moves = _moves(then, now, same, (of_period, addresses))
        parts.append(_carried(of_day, measures, then, now, moves).assign(day=day))
    columns = ["day", "code", *measures, "how"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _moves(
    then: GeoDataFrame, now: GeoDataFrame, same: Mapping[int, int], places: Sequence[GeoDataFrame | None]
) -> pd.DataFrame:
    """From which old grid (position) to which new one what share goes: old, new, share, how (position in HOW)."""
    rest = then.iloc[[one for one in range(len(then)) if one not in same]]
    by_area = _by_area(rest, now)
    chosen = {one: (AREA, weights) for one, weights in by_area.items()}
    for how, frame in ((ADDRESSES, places[1]), (POINTS, places[0])):  # the surer one overrides
        if frame is not None and len(frame) and len(rest):
            chosen |= {one: (how, weights) for one, weights in _by_places(then, rest, now, frame).items()}
    rows = [(one, other, 1.0, UNCHANGED) for one, other in same.items()]
    for one, (how, weights) in chosen.items():
        total = sum(weights.values())
        # A new grid on the land of the old one that got nothing of it is told so.
        for other in dict.fromkeys([*weights, *by_area.get(one, ())]):
            rows.append((one, other, weights.get(other, 0.0) / total, how))
    return pd.DataFrame(rows, columns=["old", "new", "share", "how"])


def _carried(
    counts: pd.DataFrame, measures: Sequence[str], then: GeoDataFrame, now: GeoDataFrame, moves: pd.DataFrame
) -> pd.DataFrame:
    """The counts of a day by today's code."""
    old = pd.Index(then["code"]).get_indexer(counts["code"])
    given = counts[[*measures]].astype(float).assign(old=old)
    rows = given[old >= 0].merge(moves, on="old", how="left")
    strange = given[old < 0].assign(new=OUT, share=1.0, how=NOWHERE)
    rows = rows.fillna({"new": OUT, "share": 1.0, "how": NOWHERE})  # an old grid without land
    rows = pd.concat([part for part in (rows, strange) if len(part)]) if len(given) else rows
    values = rows[[*measures]].mul(rows["share"], axis=0)
    rows = values.assign(new=rows["new"].astype(int), how=rows["how"].astype(int))
    rows.loc[rows["new"] == OUT, "how"] = NOWHERE
    found = rows.groupby("new").agg({**dict.fromkeys(measures, "sum"), "how": "max"}).reset_index()
    # What goes nowhere is a row only where there is something of it.
    found = found[(found["new"] != OUT) | (found[[*measures]] != 0).any(axis=1)]
    codes = np.array([*now["code"], None], dtype=object)
    code = pd.Series(codes[found["new"]], index=found.index, dtype=object)  # None stays None
    return found.assign(code=code, how=[HOW[how] for how in found["how"]]).sort_values("code")


def _unchanged(then: GeoDataFrame, now: GeoDataFrame, who: Mapping[int, int], only_drawn: set[int]) -> dict[int, int]:
    """Positions of old grids whose land is today's grid's, and of that."""
    place = {who[int(one)]: position for position, one in enumerate(now["stable_id"])}
    found = {}
    old, new = then.geometry.to_numpy(), now.geometry.to_numpy()
    for position, stable_id in enumerate(then["stable_id"]):
        identity = who[int(stable_id)]
        other = place.get(identity)
        if other is not None and (
            identity in only_drawn
            or shapely.equals_identical(old[position], new[other])
            or land_between(old[position], new[other]) is None
        ):
            found[position] = other
    return found


def _by_area(rest: GeoDataFrame, now: GeoDataFrame) -> dict[int, dict[int, float]]:
    """Square metres that each old grid has in common with each new one, and with none of them."""
    old, new = rest.geometry.to_numpy(), now.geometry.to_numpy()
    first, second = shapely.STRtree(new).query(old, predicate="intersects") if len(new) else np.zeros((2, 0), dtype=int)
    found: dict[int, dict[int, float]] = {}
    for number, position in enumerate(rest.index.tolist()):
        near = second[first == number]
        pieces = {int(other): land(shapely.intersection(old[number], new[other])) for other in near}
        pieces[OUT] = land(shapely.difference(old[number], shapely.union_all(new[near])))
        areas = {other: area_m2(piece) for other, piece in pieces.items() if piece is not None}
        if areas:
            found[position] = areas
    return found


def _by_places(
    then: GeoDataFrame, rest: GeoDataFrame, now: GeoDataFrame, places: GeoDataFrame
) -> dict[int, dict[int, float]]:
    """Weight of the places that each old grid has in common with each new one, and with none; without the old grids
    that have no place."""
    weight = places[WEIGHT].to_numpy(dtype=float) if WEIGHT in places else np.ones(len(places))
    units = Units(places.geometry.to_numpy(), {})
    was = members(then, units, rest["code"].tolist())
    inside = members(now, units)
    nowhere = 1.0 - np.asarray(inside.sum(axis=1)).reshape(-1)
    rows = np.flatnonzero(nowhere > 0)
    out = coo_array((nowhere[rows], (rows, np.zeros(len(rows), dtype=int))), shape=(len(places), 1)).tocsr()
    common, lost = (csr_array((was.T * weight) @ matrix).tocoo() for matrix in (inside, out))
    found: dict[int, dict[int, float]] = {}
    for one, other, value in zip(common.row.tolist(), common.col.tolist(), common.data.tolist(), strict=True):
        if value > 0:
            found.setdefault(one, {})[other] = value
    for one, value in zip(lost.row.tolist(), lost.data.tolist(), strict=True):
        if value > 0:
            found.setdefault(one, {})[OUT] = value
    return found
