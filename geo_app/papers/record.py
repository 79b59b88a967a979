"""The record of a change of grids: form, map before and after, grids, effects, signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo_app.errors import N_
from geo_app.papers.grid_maps import GRIDS, STREETS, of_grids
from geo_app.papers.paper import Printing, page, pdf
from geo_app.papers.record_areas import area_rows
from geo_app.papers.record_words import CHAIN, DECISIONS, KINDS, REASONS, STATUSES, WORDS
from geo_app.papers.sheet import Part, Sheet, draw
from geo_app.papers.strokes import Style
from geo_app.queries.grid_change_areas import ChangedArea
from grid_boundaries.coverage import area_m2
from grid_boundaries.held_land import land_between, renumbered

MAP_MM = (131.0, 136.0)  # each of the two on a lying A4 page
SAME_LINE_M = 0.05  # vertices that entered a line move it by less
AROUND = 0.12  # of what changed is shown beside it

RETIRED = Style(stroke="#9a5b13", width=0.5, fill="#fbeedb", hatch=2.2)
CREATED = Style(stroke="#1a4fa8", width=0.6, fill="#dce9fb")
CHANGED = Style(stroke="#475569", width=0.45, fill="#fdf6d8", hatch=4.4)
FORMER = Style(stroke="#9a5b13", width=0.3, dash=(1.2, 0.9))


class NothingDiffers(ValueError):
    """A change without a record: what was done was undone in it again, or is told by another one."""


@dataclass(frozen=True)
class Review:
    """What somebody decided about a change: decision is "approve" or "send_back"; ``at`` with the county's time zone."""

    by: str
    decision: str
    comment: str = ""
    at: datetime | None = None
    level: str = ""  # of the chain, as text of the reader's language


@dataclass(frozen=True)
class RecordOfChange:
    """A change as its form says it. The three days are kept apart; None for what has not happened.

    number: of the change in its register. came_from: code of a new grid -> codes of those that it came from. chain: who
    signs, in this order, as message ids or as texts. areas: those that are other afterwards. subject: "grids", or "police" for its
    areas.
    """

    county: str
    number: str
    title: str
    reason_code: str
    reason: str = ""
    status: str = "draft"
    author: str = ""
    drafted_on: date | None = None
    surveyed_on: date | None = None
    approved_on: date | None = None
    effective_on: date | None = None
    document_number: str = ""
    reviews: tuple[Review, ...] = ()
    came_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chain: tuple[str, ...] = CHAIN
    areas: tuple[ChangedArea, ...] = ()
    subject: str = "grids"


@dataclass(frozen=True)
class Impact:
    """What a change does, as rows of cells in the order of the headings; numbers are set to the right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class _Row:
    """A grid of the table. ``others``: from which it came, or what came of it."""

    what: str
    code: str
    name: str
    kind: str
    community: str
    before_m2: float | None
    after_m2: float | None
    others: str


def record(
    change: RecordOfChange,
    before: GeoDataFrame,
    after: GeoDataFrame,
    printing: Printing,
    *,
    metric_srid: int,
    impact: Impact | None = None,
    streets: GeoSeries | None = None,
    source: str = "",
) -> bytes:
    """The record of a change as a PDF of A4 pages.

    before, after: grids in EPSG:4326 with code, name, kind, and community where it is known, those that changed and
    their neighbours; what differs between the two is what changed. metric_srid: EPSG code of the maps. streets: lines
    in EPSG:4326. source: where the lines are from. Maps are in it where grids differ. Raises NothingDiffers when neither
    grids nor areas do.
    """
    code_before = renumbered(before, after, change.came_from)
    touched = _touched(before, after, code_before)
    has_grids = any(touched.values())
    if not has_grids and not change.areas:
        raise NothingDiffers("a record needs a change: before and after are the same")
    said, words = printing.translate, WORDS[change.subject]
    # Zones are areas too: their table says the same of what is only new, ended or redrawn.
    zones = {*code_before.values(), *_all(touched), *touched["vertices"]} if change.subject == "police" else set()
    areas = [one for one in change.areas if one.code not in zones or one.name_before or one.parent_before]
    legend = zip(words.legend, (RETIRED, CREATED, CHANGED, GRIDS, FORMER, STREETS), strict=True)
    values = {
        "change": change,
        "title": said(words.title),
        "subjects": said(words.subjects),
        "reason": said(REASONS.get(change.reason_code, change.reason_code)),
        "status": said(STATUSES.get(change.status, change.status)),
        "decisions": {key: said(text) for key, text in DECISIONS.items()},
        "kinds": {key: said(text) for key, text in KINDS.items()},
        "chain": [said(level) for level in change.chain],
        "rows": _rows(change, before, after, touched, code_before),
        "counts": {what: len(codes) for what, codes in touched.items()},
        "impact": impact,
        "areas": area_rows(areas, said),
        "maps": _maps(before, after, touched, code_before, metric_srid, streets, said(N_("N"))) if has_grids else (),
        "legend_entries": [
            (said(text), style) for text, style in legend if streets is not None or style is not STREETS
        ],
        "metric_srid": metric_srid,
        "source": source,
    }
    return pdf(page("papers/record.html", printing, values))


def _touched(before: GeoDataFrame, after: GeoDataFrame, code_before: Mapping[str, str]) -> dict[str, list[str]]:
    """The codes of what is retired, created, changed, renumbered (the new ones) and otherwise described, each in order; and of
    neighbours on whose lines a vertex was set, which is no change of theirs."""
    old, new = (dict(zip(frame["code"], frame.geometry, strict=True)) for frame in (before, after))
    found = {
        "retired": sorted(old.keys() - new.keys() - set(code_before.values())),
        "created": sorted(new.keys() - old.keys() - code_before.keys()),
        "renumbered": sorted(code_before),
    }
    lines = [code for code in sorted(old.keys() & new.keys()) if not _same(old[code], new[code])]
    found["changed"] = [code for code in lines if land_between(old[code], new[code]) is not None]
    names = [
        dict(zip(frame["code"], zip(frame["name"], frame["kind"], strict=True), strict=True))
        for frame in (before, after)
    ]
    found["described"] = sorted(
        code for code in old.keys() & new.keys() if code not in found["changed"] and names[0][code] != names[1][code]
    )
    found["vertices"] = [code for code in lines if code not in (*found["changed"], *found["described"])]
    return found


def _same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    return bool(shapely.equals_exact(one, other, 0.0, normalize=True))


def _rows(
    change: RecordOfChange,
    before: GeoDataFrame,
    after: GeoDataFrame,
    touched: Mapping[str, Sequence[str]],
    code_before: Mapping[str, str],
) -> list[_Row]:
    old, new = before.set_index("code"), after.set_index("code")
    concerned = {*_all(touched), *code_before.values()}
    areas = [{code: area_m2(frame.geometry[code]) for code in set(frame.index) & concerned} for frame in (old, new)]
    became: dict[str, list[str]] = {}
    for child, parents in sorted(change.came_from.items()):
        for parent in parents:
            became.setdefault(parent, []).append(child)
    rows = []
    for what, codes in touched.items():
        for code in codes if what != "vertices" else ():
            of = old.loc[code] if what == "retired" else new.loc[code]
            kind = str(of["kind"]) if change.subject == "grids" else ""
            is_new = what in ("created", "renumbered")
            others = change.came_from.get(code, ()) if is_new else became.get(code, ())
            rows.append(
                _Row(what, code, str(of["name"]), kind, str(of.get("community") or ""),
                     areas[0].get(code_before.get(code, code)), areas[1].get(code), "、".join(others))
            )  # fmt: skip
    return rows


def _all(touched: Mapping[str, Sequence[str]]) -> set[str]:
    """The codes of what is other; where lines only got vertices, of those."""
    other = {code for what, codes in touched.items() if what != "vertices" for code in codes}
    return other or set(touched["vertices"])


def _maps(
    before: GeoDataFrame,
    after: GeoDataFrame,
    touched: Mapping[str, Sequence[str]],
    code_before: Mapping[str, str],
    srid: int,
    streets: GeoSeries | None,
    north: str,
) -> tuple[Sheet, Sheet]:
    """Before and after, of the same extent at the same scale."""
    old, new = before.to_crs(srid), after.to_crs(srid)
    concerned = {*_all(touched), *code_before.values()}
    shown = [frame.geometry[frame["code"].isin(concerned)] for frame in (old, new)]
    west, south, east, top = shapely.total_bounds(np.concatenate([part.to_numpy() for part in shown]))
    extent = shapely.box(west, south, east, top).buffer(AROUND * max(east - west, top - south), join_style="mitre")
    old_lines, new_lines = (shapely.union_all(shapely.boundary(part.to_numpy())) for part in shown)
    gone = shapely.difference(old_lines, shapely.buffer(new_lines, SAME_LINE_M))
    lines = GeoSeries([gone], crs=srid)
    roads = None if streets is None else streets.to_crs(srid)
    kept = dict.fromkeys((*touched["changed"], *touched["described"], *code_before, *code_before.values()), CHANGED)
    first = of_grids(old, kept | dict.fromkeys(touched["retired"], RETIRED), roads)
    then = [*of_grids(new, kept | dict.fromkeys(touched["created"], CREATED), roads), Part(lines, FORMER)]
    return draw(first, extent, *MAP_MM, north=north), draw(then, extent, *MAP_MM, north=north)
