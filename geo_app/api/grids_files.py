"""GET /api/grids.geojson and /api/grids.gpkg: the grids of a day as a file for a GIS."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from flask import Blueprint
from flask_babel import gettext
from geopandas import GeoDataFrame
from pydantic import BeforeValidator, Field
from werkzeug.wrappers import Response

from geo_app.api import reading
from geo_app.api.days import AsOf, Instant
from geo_app.api.exports import as_file
from geo_app.api.filters import GridFilters, row_id_of
from geo_app.api.parameters import OfCounty, query
from geo_app.api.spec import answers, spec
from geo_app.errors import N_
from geo_app.exports.files import AS_OF, NO_BASIS, file_name, write_table
from geo_app.exports.page_table import MADE_UP
from geo_app.exports.positions import system_of
from geo_app.exports.table import Heading, Portion, Table, Type
from geo_app.extensions import request_session
from geo_app.queries import grid_versions
from geo_app.queries.terms import Terms
from geo_app.security.audit import audit_read
from geo_app.security.rules import requires
from layers.catalogue.grids import NOT_YET

blueprint = Blueprint("api_grids_files", __name__)
KNOWN_AT = N_("As known at %(instant)s")
COLUMNS: dict[str, Type] = {
    "id": "whole", "code": "text", "name": "text", "kind": "text", "community": "text", "leader": "text",
    "workers": "text", "households": "whole", "valid_from": "text", "valid_to": "text", "simulated": "truth",
}  # fmt: skip


class GridsFileAsked(OfCounty):
    """Which grids, of which day, as known when."""

    area: Annotated[int, BeforeValidator(row_id_of)] | None = Field(
        None, description="Id of an area: it and all below."
    )
    as_of: AsOf | None = Field(None, description="Grids in force on this day; today if left out.")
    known_at: Instant | None = Field(None, description="As they were known at this instant; now if left out.")


@blueprint.get("/api/grids.geojson")
@requires("data:export")
@spec.validate(query=GridsFileAsked, resp=answers(200, None), skip_validation=True, tags=["grids"])
def geojson() -> Response:
    """The grids as GeoJSON (RFC 7946): EPSG:4326, longitude first, seven decimals, neighbours shared to the bit.

    ``valid_from`` is the first day of a version, ``valid_to`` the day after its last; null where there is none. The member
    ``notes`` says of which day the file is, and that grid lines are no basis for administrative boundaries.
    """
    return _answer("geojson")


@blueprint.get("/api/grids.gpkg")
@requires("data:export")
@spec.validate(query=GridsFileAsked, resp=answers(200, None), skip_validation=True, tags=["grids"])
def gpkg() -> Response:
    """The same as a GeoPackage with one layer, ``grids``; the notes are its description."""
    return _answer("gpkg")


def _answer(form: str) -> Response:
    asked = query(GridsFileAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_of(session, county, GridFilters(**asked.model_dump()))
        etag = reading.tag(session, county, terms, grid_versions.KINDS, "grids file", form)
        known = reading.tagged(reading.Response(), etag)
        if known.status_code == 304:
            return known
        frame = grid_versions.coverage(session, county, terms)
        first = grid_versions.not_before(session, county, terms)
    notes = [gettext(AS_OF, day=terms.day), gettext(NO_BASIS)]
    if terms.known_at is not None:
        notes.insert(1, gettext(KNOWN_AT, instant=terms.known_at.isoformat()))
    if first is not None:
        notes.append(gettext(NOT_YET, first_day=first))
    if frame["simulated"].any():
        notes.append(gettext(MADE_UP))
    system = system_of(county, "EPSG:4326")
    table = _table(frame, notes)
    name = file_name("grids", county, form, as_of=asked.as_of)
    answer, rows = as_file(lambda path: write_table(table, path, form, system, gettext), form, name, county.name)
    audit_read("data:export", county, **_told(terms, form, rows))
    answer.set_etag(etag)
    return answer


def _table(frame: GeoDataFrame, notes: list[str]) -> Table:
    columns = [_cells(frame, name) for name in COLUMNS]
    headings = tuple(Heading(name, type) for name, type in COLUMNS.items())
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    return Table("grids", headings, [Portion(columns, shapes)], "MultiPolygon", tuple(notes))


def _cells(frame: GeoDataFrame, name: str) -> list[Any]:
    values = frame[name].astype(object).where(frame[name].notna(), None).tolist()
    return [str(day) if day is not None else None for day in values] if name.startswith("valid_") else values


def _told(terms: Terms, form: str, rows: int) -> dict[str, Any]:
    """What the audit keeps."""
    told: dict[str, Any] = {"kind": "grids", "format": form, "crs": "EPSG:4326", "rows": rows}
    told["as_of"] = terms.day.isoformat()
    if terms.known_at is not None:
        told["known_at"] = terms.known_at.isoformat()
    return told
