"""The difference of the grids of two days as an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any

import shapely
from flask_babel import gettext
from geopandas import GeoDataFrame
from pydantic import BaseModel, Field

from geo_app.queries.grid_comparison import KEY, Compared
from grid_boundaries.coverage import area_m2
from layers.catalogue.grids import NOT_YET

DIGITS = 1  # of square metres
_Row = dict[Hashable, Any]
_Piece = tuple[Hashable, float, shapely.Geometry]


class GridNamed(BaseModel):
    """A grid as it is called."""

    id: int
    code: str
    name: str


class Share(GridNamed):
    """Land that came from this grid, called as on the earlier day, or went to it, called as on the later one; ``id`` 0
    and no name: from or to nobody."""

    area_m2: float


class ChangeAnswer(BaseModel):
    """A change that made it so; without an id it was an import. What was said of it is null where the reader does not see the
    change."""

    id: int | None
    kind: str | None
    reason_code: str | None
    reason: str
    day: date


class GridChanged(GridNamed):
    """A grid that changed. ``before``: what it was called where that is another; areas on the ellipsoid."""

    before: GridNamed | None = None
    area_before_m2: float | None
    area_after_m2: float | None
    came_from: list[Share]
    went_to: list[Share]
    changes: list[ChangeAnswer]
    bounds: tuple[float, float, float, float] = Field(description="West, south, east, north, EPSG:4326.")


class TotalsAnswer(BaseModel):
    """How many grids there were and are, and the land that changed hands; re-digitising is not counted in it."""

    grids_before: int
    grids_after: int
    area_m2: float
    redrawn_m2: float


class CompareAnswer(BaseModel):
    """What changed. ``redrawn``: the same line drawn better, no change. ``pieces``: the land, EPSG:4326, seven decimals,
    with the properties before, after (ids), area_m2 and redrawn; ``outlines``: of the grids named, with id and day
    (before, after)."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    first_day: date | None
    notice: str | None
    totals: TotalsAnswer
    created: list[GridChanged]
    retired: list[GridChanged]
    moved: list[GridChanged]
    renamed: list[GridChanged]
    redrawn: list[GridChanged]
    pieces: dict[str, Any]
    outlines: dict[str, Any]


def described(found: Compared, first: date, last: date) -> CompareAnswer:
    """What changed, in the words of the answer."""
    said = _Words(found)
    difference = found.difference
    pieces = difference.pieces
    named = {*difference.created, *difference.retired, *difference.moved, *difference.renamed, *difference.redrawn}
    return CompareAnswer(
        first=first,
        last=last,
        first_day=found.first_day,
        notice=None if found.first_day is None else gettext(NOT_YET, first_day=found.first_day),
        totals=TotalsAnswer(
            grids_before=len(found.before),
            grids_after=len(found.after),
            area_m2=_rounded(pieces.loc[~pieces["redrawn"], "area_m2"].sum()),
            redrawn_m2=_rounded(pieces.loc[pieces["redrawn"], "area_m2"].sum()),
        ),
        **{
            name: [said.changed(key) for key in getattr(difference, name)]
            for name in ("created", "retired", "moved", "renamed", "redrawn")
        },
        pieces=_features(pieces, ("before", "after", "area_m2", "redrawn")),
        outlines=_outlines(found, named),
    )


class _Words:
    """Grids by their stable ids, as the answer names them. By tables: all grids of a county may have changed."""

    def __init__(self, found: Compared) -> None:
        self.before, self.after = (
            {row[KEY]: row for row in frame[[KEY, "code", "name", "geometry"]].to_dict("records")}
            for frame in (found.before, found.after)
        )
        pieces = found.difference.pieces
        self.came, self.went = defaultdict[Hashable, list[_Piece]](list), defaultdict[Hashable, list[_Piece]](list)
        for giver, taker, area, shape in zip(
            pieces["before"], pieces["after"], pieces["area_m2"], pieces.geometry, strict=True
        ):
            self.came[taker].append((giver, area, shape))
            self.went[giver].append((taker, area, shape))
        self.changes = defaultdict[Hashable, list[ChangeAnswer]](list)
        for row in found.changes.itertuples():
            self.changes[row.stable_id].append(
                ChangeAnswer(
                    id=row.change, kind=row.kind, reason_code=row.reason_code, reason=row.reason or "", day=row.day
                )
            )

    def changed(self, key: Hashable) -> GridChanged:
        old, new = self.before.get(key), self.after.get(key)
        was, now = self.named(old), self.named(new or old)
        came, went = self.came[key], self.went[key]
        moved = [shape for _, _, shape in came + went] if old and new else []
        west, south, east, north = shapely.total_bounds(moved or [(new or old or {})["geometry"]]).tolist()
        return GridChanged(
            **now.model_dump(),
            before=was if old and new and was != now else None,
            area_before_m2=_rounded(area_m2(old["geometry"])) if old else None,
            area_after_m2=_rounded(area_m2(new["geometry"])) if new else None,
            came_from=[self.share(giver, self.before, area) for giver, area, _ in came],
            went_to=[self.share(taker, self.after, area) for taker, area, _ in went],
            changes=self.changes[key],
            bounds=(west, south, east, north),
        )

    def share(self, key: Hashable, of_day: Mapping[Hashable, _Row], area: float) -> Share:
        return Share(**self.named(of_day.get(key)).model_dump(), area_m2=_rounded(area))

    @staticmethod
    def named(row: _Row | None) -> GridNamed:
        """The grid, or nobody."""
        return GridNamed(id=row[KEY], code=row["code"], name=row["name"]) if row else GridNamed(id=0, code="", name="")


def _outlines(found: Compared, named: Iterable[Hashable]) -> dict[str, Any]:
    """The lines of both days of the grids that changed in any way."""
    parts = []
    for day, frame in (("before", found.before), ("after", found.after)):
        shown = frame[frame[KEY].isin(named)].assign(day=day)
        parts += _features(shown, ("id", "code", "name", "day"))["features"]
    return {"type": "FeatureCollection", "features": parts}


def _features(frame: GeoDataFrame, columns: tuple[str, ...]) -> dict[str, Any]:
    rows = zip(*(frame[name].tolist() for name in columns), strict=True)
    shapes = [shapely.geometry.mapping(shape) for shape in frame.geometry]
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": dict(zip(columns, row, strict=True)), "geometry": shape}
            for row, shape in zip(rows, shapes, strict=True)
        ],
    }


def _rounded(area: float) -> float:
    return round(float(area), DIGITS)
