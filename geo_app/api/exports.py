"""GET /api/exports/<kind>: everything of a kind as a file; GET /api/exports/tables/<name>: a table that a page shows."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, BinaryIO
from urllib.parse import quote

from flask import Blueprint
from flask_babel import gettext
from pydantic import BeforeValidator, Field
from werkzeug.wrappers import Response

from geo_app.api import reading
from geo_app.api.days import AsOf
from geo_app.api.filters import Filters
from geo_app.api.parameters import ID_PATTERN, OfCounty, query
from geo_app.api.spec import answers, spec
from geo_app.errors import N_, BadInput, NotFound
from geo_app.exports.files import AS_OF, FLAT, FORMATS, file_name, write_kind, write_table
from geo_app.exports.page_tables import TABLES, Asked
from geo_app.exports.positions import system_of
from geo_app.extensions import request_session
from geo_app.queries.export_columns import SOURCES
from geo_app.security.actor import current_actor
from geo_app.security.audit import audit_read
from geo_app.security.guard import require
from geo_app.security.permissions import can
from geo_app.security.rules import requires

blueprint = Blueprint("api_exports", __name__)
BLOCK = 2**16  # bytes
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def _batch(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(ID_PATTERN, value):
        return int(value)
    raise ValueError("an id is needed")


class ExportAsked(OfCounty):
    """In what form. ``crs``: EPSG:n, ``metric`` (the county's own), GCJ-02 or BD-09."""

    format: Annotated[str, Field(pattern=f"^({'|'.join(FORMATS)})$")] = "csv"
    crs: Annotated[str, Field(max_length=40)] = "EPSG:4326"
    source: Annotated[str, Field(max_length=200)] | None = Field(None, description="Only what came from there.")
    as_of: AsOf | None = Field(None, description="Rows in force on this day; today if left out.")


class TableAsked(Filters):
    """A page's filters, and in what form. ``crs``: as for a kind. ``batch``: one import's rows in quarantine."""

    format: Annotated[str, Field(pattern=f"^({'|'.join(FORMATS)})$")] = "csv"
    crs: Annotated[str, Field(max_length=40)] = "EPSG:4326"
    batch: Annotated[int, BeforeValidator(_batch)] | None = None


@blueprint.get("/api/exports/<kind>")
@requires("data:export")
@spec.validate(query=ExportAsked, resp=answers(200, None), skip_validation=True, tags=["exports"])
def export(kind: str) -> Response:
    """The rows of a kind that are in force today, or on a day, and in the user's scope; imported again, they are the same.

    GeoJSON in another system than WGS84 leaves its standard (RFC 7946): the file says so in ``datum`` and in its name,
    but a program that looks at neither draws it in the wrong place. Who called stands in incidents for those only who
    may read that; tracks need a permission of their own.
    """
    if kind not in SOURCES:
        raise NotFound()
    asked = query(ExportAsked)
    callers = kind == "incidents" and can(current_actor(), "callers:read")
    if kind == "tracks":
        require("tracks:read", ("export", kind))
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        system = system_of(county, asked.crs)

        def write(path: Path) -> int:
            return write_kind(
                session, county, kind, path, form=asked.format, system=system, translate=gettext, source=asked.source,
                callers=callers, as_of=asked.as_of,
            )  # fmt: skip

        name = file_name(kind, county, asked.format, system, asked.as_of)
        answer, rows = as_file(write, asked.format, name, county.name)
    told: dict[str, Any] = {"kind": kind, "format": asked.format, "crs": system.name, "rows": rows}
    if asked.as_of is not None:
        told["as_of"] = asked.as_of.isoformat()
    audit_read("data:export", county, **told)
    for sensitive, read in (("tracks:read", kind == "tracks"), ("callers:read", callers)):
        if read:
            audit_read(sensitive, county, **told)
    return answer


@blueprint.get("/api/exports/tables/<name>")
@requires("data:export")
@spec.validate(query=TableAsked, resp=answers(200, None), skip_validation=True, tags=["exports"])
def table(name: str) -> Response:
    """A table as a page shows it under the same filters, in the user's language; gaps, routes and grids with their
    shapes, which GeoJSON and GeoPackage hold as such and CSV and XLSX as text."""
    made = TABLES.get(name)
    if made is None:
        raise NotFound()
    asked = query(TableAsked)
    if made.action is not None:
        require(made.action, ("table", name))
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        system = system_of(county, asked.crs)
        terms = reading.terms_of(session, county, asked)
        callers = can(current_actor(), "callers:read")
        found = made.make(Asked(session, county, terms, gettext, asked.batch, callers))
        if found.shape is None:
            if asked.format not in FLAT:
                raise BadInput(N_("The rows of %(table)s have no place on a map."), N_("Take CSV or XLSX."), table=name)
            system = system_of(county, "EPSG:4326")
        if asked.as_of is not None:
            found = replace(found, notes=(gettext(AS_OF, day=asked.as_of), *found.notes))
        answer, rows = as_file(
            lambda path: write_table(found, path, asked.format, system, gettext),
            asked.format,
            file_name(name, county, asked.format, system, asked.as_of),
            county.name,
        )
    told: dict[str, Any] = {"table": name, "format": asked.format, "rows": rows}
    if asked.as_of is not None:
        told["as_of"] = asked.as_of.isoformat()
    if found.shape is not None:
        told["crs"] = system.name
    audit_read("data:export", county, **told)
    if made.audited is not None:
        audit_read(made.audited, county, rows=rows)
    return answer


def as_file(write: Callable[[Path], int], form: str, name: str, title: str) -> tuple[Response, int]:
    """The file as an answer, and how many rows it has. It is gone from the disk before it is sent."""
    with tempfile.TemporaryDirectory(prefix="geo-export-") as folder:
        path = Path(folder) / f"export.{form}"
        rows = write(path)
        file = path.open("rb")
    # Not Flask's own kind of response: of that spectree would read all into memory.
    answer = Response(_blocks(file), mimetype=FORMATS[form])
    answer.call_on_close(file.close)  # also when nobody reads to the end
    answer.content_length = os.fstat(file.fileno()).st_size
    answer.headers["Content-Disposition"] = disposition(name, f"{title}-{name}")
    return answer, rows


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block


def disposition(name: str, title: str) -> str:
    """Content-Disposition with a name that every program takes, and one in any language for those that know how."""
    plain = UNSAFE.sub("_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(title, safe='')}"
