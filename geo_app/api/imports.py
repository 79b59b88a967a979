"""/api/imports: files are sent, looked at, taken in by a job, and reported on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext
from pydantic import BaseModel, Field, StrictBool

from geo_app.api import reading
from geo_app.api.jobs import JobAnswer, described
from geo_app.api.parameters import CountyCode, Limit, OfCounty, Parameters, body, query, row_id
from geo_app.api.spec import answers, spec
from geo_app.errors import N_, BadInput, NotFound
from geo_app.extensions import request_session, settings
from geo_app.imports.columns import HEADINGS
from geo_app.imports.systems import AUTO, parse_system
from geo_app.jobs.import_job import IMPORT, RETAKE
from geo_app.queries import batches, job_rows, quarantine
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services import import_reports, jobs, proposals, uploads

blueprint = Blueprint("api_imports", __name__)
UPLOAD = "api_imports.send"  # takes as many bytes as a file may have

Word = Annotated[str, Field(max_length=200)]
Crs = Annotated[str, Field(max_length=40)]


class FileName(Parameters):
    """The name of a file that is sent; ``upload``: one of several that belong together, such as a shapefile's."""

    name: Annotated[str, Field(min_length=1, max_length=4096)]
    upload: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class Sent(BaseModel):
    """A file that has come."""

    upload: str
    name: str
    bytes: int


class Asked(Parameters):
    """How a file is to be read, as far as somebody has decided."""

    county: CountyCode
    upload: Annotated[str, Field(max_length=64)]
    kind: Annotated[str, Field(max_length=40)] | None = None
    crs: Crs | None = None
    source: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    columns: dict[Word, Word] = Field(default_factory=dict, max_length=100)
    values: dict[Word, dict[Word, Word]] = Field(default_factory=dict, max_length=20)
    layer: Word | None = None
    swapped: StrictBool | None = None
    simulated: StrictBool = False
    dry_run: StrictBool = False


class BatchesAsked(OfCounty):
    """The latest imports of a county."""

    limit: Limit = 50


@blueprint.post("/api/imports/files")
@requires("data:import")
@spec.validate(query=FileName, resp=answers(201, Sent), skip_validation=True, tags=["imports"])
def send() -> tuple[Response, int]:
    """Takes the bytes of a file, sent as they are (application/octet-stream)."""
    asked = query(FileName)
    if request.mimetype != "application/octet-stream":
        raise BadInput(N_("Send the file itself, with the content type application/octet-stream."))
    actor = current_actor()
    upload = asked.upload or uploads.begin(settings(), actor)
    path = uploads.receive(settings(), actor, upload, asked.name, request.stream)  # type: ignore[arg-type]
    return jsonify(Sent(upload=upload, name=path.name, bytes=path.stat().st_size).model_dump()), 201


@blueprint.post("/api/imports/proposal")
@requires("data:import")
@spec.validate(json=Asked, skip_validation=True, tags=["imports"])
def proposal() -> Response:
    """What a sent file seems to be: kind, datum with its evidence, columns, words, first rows; nothing is stored."""
    query(Parameters)
    asked = _asked()
    path = uploads.file_of(settings(), current_actor(), asked.upload)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        found = proposals.propose(session, county.code, path, asked.kind, _wishes(asked))
    return jsonify(found)


@blueprint.post("/api/imports")
@requires("data:import")
@spec.validate(json=Asked, resp=answers(202, JobAnswer), skip_validation=True, tags=["imports"])
def start() -> tuple[Response, int]:
    """Has a sent file taken in; answers with the job to watch."""
    query(Parameters)
    asked = _asked()
    if asked.kind is None:
        raise BadInput(N_("Unknown, missing or out of range: %(names)s."), names="kind")
    path = uploads.file_of(settings(), current_actor(), asked.upload)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        wishes = _wishes(asked) | {"source": asked.source or path.stem}
        arguments = {
            "county": county.code, "kind": asked.kind, "upload": asked.upload, "wishes": wishes,
            "dry_run": asked.dry_run, "file": path.name,
        }  # fmt: skip
        job = jobs.submit(session, current_actor(), county, IMPORT, arguments)
        return jsonify(described(job)), 202


@blueprint.get("/api/imports")
@requires("data:import")
@spec.validate(query=BatchesAsked, skip_validation=True, tags=["imports"])
def batches_of_county() -> Response:
    """The latest imports of a county with their counts, the newest first; the user's own that are under way or came to
    nothing lately; and how many rows wait in all."""
    asked = query(BatchesAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        found = batches.latest(session, county.id, asked.limit)
        shown = [import_reports.of_batch(batch, waiting, gettext) for batch, waiting in found]
        since = datetime.now(UTC) - uploads.KEPT
        open_jobs = job_rows.not_done(session, current_actor().user_id, county.id, (IMPORT, RETAKE), since)
        under_way = [described(job) for job in open_jobs]
        waiting = sum(row[2] for row in quarantine.counts(session, county.id))
    return jsonify({"imports": shown, "jobs": under_way, "waiting": waiting})


@blueprint.get("/api/imports/<batch_id>")
@requires("data:import")
@spec.validate(query=Parameters, skip_validation=True, tags=["imports"])
def batch(batch_id: str) -> Response:
    """What became of one file."""
    query(Parameters)
    with request_session() as session:
        found = batches.one(session, row_id(batch_id))
        if found is None:
            raise NotFound()
        why = import_reports.reasons(quarantine.reasons(session, found[0].id), gettext)
        return jsonify(import_reports.of_batch(*found, gettext) | {"reasons": why})


def _asked() -> Asked:
    asked = body(Asked)
    if asked.kind is not None and asked.kind not in HEADINGS:
        raise BadInput(N_("Unknown, missing or out of range: %(names)s."), names="kind")
    if asked.crs is not None and asked.crs != AUTO:
        try:
            parse_system(asked.crs)
        except ValueError as error:
            raise BadInput(
                N_("%(crs)s names no coordinate system."),
                N_("Write it as EPSG:4548, GCJ-02, BD-09 or auto."),
                crs=asked.crs,
            ) from error
    return asked


def _wishes(asked: Asked) -> dict[str, Any]:
    said = asked.model_dump(include={"crs", "source", "columns", "values", "layer", "simulated"})
    return said if asked.swapped is None else said | {"swapped": asked.swapped}
