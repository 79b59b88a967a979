"""GET /api/grids/crosswalk: which grids lie in which police areas."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from flask import Blueprint, Response, jsonify
from flask_babel import gettext
from pydantic import BaseModel, Field

from geo_app.api import reading
from geo_app.api.exports import disposition
from geo_app.api.filters import GridFilters
from geo_app.api.parameters import query
from geo_app.api.spec import answers, spec
from geo_app.errors import N_
from geo_app.exports.cells import quoted
from geo_app.extensions import request_session
from geo_app.queries import crosswalk, grid_units
from geo_app.queries.terms import Terms
from geo_app.security.audit import audit_read
from geo_app.security.rules import requires

blueprint = Blueprint("api_grids_crosswalk", __name__)
HEADINGS = {
    "grid": N_("Code of the grid"), "grid_name": N_("Grid"), "area": N_("Code of the police area"), "area_name": N_("Police area"),
    "area_m2": N_("Common land, m²"), "share_of_grid": N_("Share of the grid"), "households": N_("Households"),
    "addresses": N_("Addresses"),
}  # fmt: skip


class CrosswalkRow(BaseModel):
    """What a grid and a police area have in common. ``area`` None: what lies in no police area."""

    grid: str
    grid_name: str
    area: str | None
    area_name: str | None
    area_m2: float
    share_of_grid: float = Field(description="Of the grid's land, 0 to 1.")
    households: float | None = Field(description="None: nobody knows.")
    addresses: float | None


class CrosswalkAnswer(BaseModel):
    """By code of grid, then of police area."""

    as_of: date
    known_at: datetime | None = Field(
        description="The instant at which grids and police areas were known so; null: now."
    )
    level: str | None = Field(description="zone or station; None when no police area has an outline.")
    rows: list[CrosswalkRow]


@blueprint.get("/api/grids/crosswalk")
@requires("map:read")
@spec.validate(query=GridFilters, resp=answers(200, CrosswalkAnswer), skip_validation=True, tags=["grids"])
def rows() -> Response:
    """The crosswalk between the grids and the police areas of a day, as they are known now or were at an instant.

    Households and addresses are those that are known now.
    """
    asked = query(GridFilters)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_of(session, county, asked)
        etag = reading.tag(session, county, terms, ("grids", "areas", *grid_units.KINDS), "crosswalk")
        areas = crosswalk.police_areas(session, county, terms)
        found = crosswalk.crosswalk(session, county, terms)
    level = areas["level"].iloc[0] if len(areas) else None
    answer = CrosswalkAnswer(
        as_of=terms.day, known_at=terms.known_at, level=level, rows=[CrosswalkRow(**row) for row in _plain(found)]
    )
    return reading.tagged(jsonify(answer.model_dump(mode="json")), etag)


@blueprint.get("/api/grids/crosswalk.csv")
@requires("data:export")
@spec.validate(query=GridFilters, skip_validation=True, tags=["grids"])
def as_csv() -> Response:
    """The same as a file."""
    asked = query(GridFilters)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms: Terms = reading.terms_of(session, county, asked)
        found = crosswalk.crosswalk(session, county, terms)
    told: dict[str, Any] = {"kind": "crosswalk", "rows": len(found)}
    known = ""
    if terms.known_at is not None:
        told["known_at"] = terms.known_at.isoformat()
        known = f"-known-{terms.known_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    audit_read("data:export", county, **told)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([gettext(title) for title in HEADINGS.values()])
    for row in _plain(found):
        writer.writerow(["" if row[name] is None else quoted(row[name]) for name in HEADINGS])
    name = f"crosswalk-{county.code}-{terms.day.isoformat()}{known}.csv"
    headers = {"Content-Disposition": disposition(name, name)}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def _plain(found: pd.DataFrame) -> list[dict[str, Any]]:
    digits = {"area_m2": 1, "share_of_grid": 4, "households": 1, "addresses": 0}
    values = found[list(HEADINGS)].round(digits).astype(object)
    return values.where(found[list(HEADINGS)].notna(), None).to_dict("records")
