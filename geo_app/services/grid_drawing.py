"""A drawing that was made elsewhere comes into a draft: the grids of a file take the place of those on their land."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from flask_babel import gettext
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.errors import N_, AppError
from geo_app.imports.problems import FileRejected
from geo_app.imports.process import read_portions
from geo_app.imports.said import in_language
from geo_app.queries import drawn_grids, grid_heads
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_refusals import EditRefused, codes_text
from geo_app.services.imports import Wishes, plan_of
from grid_boundaries.errors import EditError

MOSTLY = 0.5  # of its land: a grid that lies so far under the drawing is one of those that it redraws


class DrawingUnusable(AppError):
    """The file holds no grids, or some that cannot be used."""

    code = "drawing_unusable"
    status = 422
    title = N_("This drawing cannot be used")


def operation_of(session: Session, draft: Draft, path: Path) -> dict[str, Any]:
    """The operation that puts the grids of a file into the draft (`grid_drafts.run`).

    Grids of the draft whose codes the file lacks, and more than half of which its grids lie on, are retired; the others
    stay. Raises DrawingUnusable, and EditRefused for codes of grids that are gone.
    """
    rows = _rows(session, draft, path)
    grids = draft.grids
    given = {row["code"] for row in rows}
    require_free(
        given.difference(grids["code"]), grid_heads.numbering(session, draft.county, draft.change.subject).taken
    )
    shapes = shapely.from_geojson([row["geometry"] for row in rows])
    drawn = shapely.union_all(shapely.make_valid(shapes))
    own = grids.geometry.to_numpy()
    covered = shapely.area(shapely.intersection(own, drawn)) > MOSTLY * shapely.area(own)
    gone = [code for code, under in zip(grids["code"], covered, strict=True) if under and code not in given]
    known = grids.set_index("code")
    features = []
    for row, shape in zip(rows, shapes, strict=True):
        before = known.loc[row["code"]] if row["code"] in known.index else None
        if before is not None and shapely.equals(shape, before.geometry) and row["name"] in (None, before["name"]):
            continue
        kept = {} if before is None else {"name": before["name"], "kind": before["kind"]}
        said = {name: row[name] for name in ("name", "kind") if row[name]}
        features.append({"code": row["code"], **kept, **said, "geometry": json.loads(row["geometry"])})
    if not features and not gone:
        raise DrawingUnusable(N_("The file shows the grids as they are."), N_("Choose the file with the new lines."))
    return {"op": "replace", "features": features, "gone": gone}


def require_free(codes: Iterable[str], taken: Collection[str]) -> None:
    """Raises EditRefused for codes that a drawing gives to new grids though they were given out before."""
    if given := sorted(code for code in codes if code in taken):
        raise EditRefused.of(EditError("code_taken", "given out before", given))


def whole(grids: GeoDataFrame, operation: Mapping[str, Any]) -> dict[str, Any]:
    """A drawing of some grids as one of all of them, as `grid_boundaries.operations.run` takes it."""
    drawn = {one["code"] for one in operation["features"]} | set(operation["gone"])
    stay = grids[~grids["code"].isin(drawn)]
    texts = shapely.to_geojson(stay.geometry.to_numpy())
    others = [
        {"code": code, "name": name, "kind": kind, "geometry": json.loads(shape)}
        for code, name, kind, shape in zip(stay["code"], stay["name"], stay["kind"], np.atleast_1d(texts), strict=True)
    ]
    return {"op": "replace", "features": [*others, *operation["features"]]}


def _rows(session: Session, draft: Draft, path: Path) -> list[dict[str, Any]]:
    try:
        plan = plan_of(session, draft.county.code, "grids", path, Wishes())
        with read_portions(plan) as portions:
            rows, refused = drawn_grids.arrived(session, portions)
    except FileRejected as error:
        reason = in_language(error.problems[0].reason, error.problems[0].params, gettext) if error.problems else "–"
        remedy = in_language(error.remedy_msgid, error.params, gettext)
        raise DrawingUnusable(
            N_("The file cannot be read: %(reason)s"), remedy.replace("%", "%%"), reason=reason
        ) from error
    if refused:
        first = refused[0].problem
        raise DrawingUnusable(
            N_("%(count)s grids of the file cannot be used; the first, in row %(row)s: %(reason)s."),
            N_("Correct it in the file, then send it again."),
            count=len(refused), row=refused[0].number, reason=in_language(first.reason, first.params, gettext),
        )  # fmt: skip
    if not rows:
        raise DrawingUnusable(N_("There are no grids in the file."), N_("Choose a file with polygons and their codes."))
    if twice := sorted(code for code, count in Counter(row["code"] for row in rows).items() if count > 1):
        raise DrawingUnusable(
            N_("Codes are there more than once: %(codes)s."),
            N_("Give each grid a code of its own."),
            codes=codes_text(twice),
        )
    return rows
