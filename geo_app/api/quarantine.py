"""/api/quarantine: rows that wait to be mended; listed, mended in place or by a file, taken again, left."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext
from pydantic import BeforeValidator, Field
from sqlalchemy.orm import Session

from geo_app.api import reading
from geo_app.api.jobs import JobAnswer, described
from geo_app.api.parameters import CountyCode, Limit, OfCounty, Parameters, body, query, row_id
from geo_app.api.spec import answers, spec
from geo_app.errors import N_, BadInput, NotFound
from geo_app.extensions import request_session
from geo_app.jobs.import_job import RETAKE
from geo_app.models import ImportBatch
from geo_app.queries import batches, quarantine
from geo_app.security.actor import current_actor
from geo_app.security.audit import audit_read
from geo_app.security.rules import requires
from geo_app.services import import_reports, jobs, mending

blueprint = Blueprint("api_quarantine", __name__)
MOST_IN_A_FILE = 100_000
MOST_AT_ONCE = 10_000


def _number(value: object) -> object:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    raise ValueError("a whole number, written in digits, is needed")


Number = Annotated[int, BeforeValidator(_number)]
RowId = Annotated[int, Field(ge=1, le=10**18)]


class WaitingAsked(OfCounty):
    """Which waiting rows: of one import, with one kind of fault, behind a row (for the next page)."""

    batch: Number | None = None
    code: Annotated[str, Field(max_length=40)] | None = None
    after: Number = 0
    limit: Limit = 100


class FileAsked(OfCounty):
    """The waiting rows of one import."""

    batch: Number


class Mended(Parameters):
    """What a row says now, by the headings of its file."""

    content: dict[str, Annotated[str, Field(max_length=100_000)]] = Field(max_length=1_000)


class Chosen(Parameters):
    """Rows of an import; all that wait when none is named."""

    county: CountyCode
    batch: RowId
    rows: list[RowId] = Field(default_factory=list, max_length=MOST_AT_ONCE)


@blueprint.get("/api/quarantine")
@requires("data:import")
@spec.validate(query=WaitingAsked, skip_validation=True, tags=["quarantine"])
def waiting() -> Response:
    """Waiting rows with their reasons and what they say, and how many wait for each reason."""
    asked = query(WaitingAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        found = quarantine.waiting(
            session, county.id, batch_id=asked.batch, code=asked.code, after=asked.after, limit=asked.limit
        )
        counts = quarantine.counts(session, county.id)
        rows = [mending.described(row, batch, gettext) for row, batch in found]
    audit_read("quarantine:read", ("county", county.id), rows=len(rows))
    return jsonify(
        {
            "rows": rows,
            "next": rows[-1]["id"] if len(rows) == asked.limit else None,
            "counts": [
                {
                    "batch": batch.id,
                    "file": batch.file_name,
                    "kind": batch.kind,
                    "started_at": batch.started_at.isoformat(),
                    "code": code,
                    "reason": import_reports.reason(code, gettext),
                    "count": count,
                }
                for batch, code, count in counts
            ],
        }
    )


@blueprint.patch("/api/quarantine/<quarantined_id>")
@requires("data:import")
@spec.validate(json=Mended, skip_validation=True, tags=["quarantine"])
def mend(quarantined_id: str) -> Response:
    """Changes what a row says; it waits on, to be taken again."""
    query(Parameters)
    number = row_id(quarantined_id)
    asked = body(Mended)
    with request_session() as session:
        row = mending.mend(session, current_actor(), number, asked.content)
        found = batches.one(session, row.import_batch_id)
        assert found is not None
        return jsonify(mending.described(row, found[0], gettext))


@blueprint.post("/api/quarantine/retake")
@requires("data:import")
@spec.validate(json=Chosen, resp=answers(202, JobAnswer), skip_validation=True, tags=["quarantine"])
def retake() -> tuple[Response, int]:
    """Has rows taken again; answers with the job to watch."""
    query(Parameters)
    asked = body(Chosen)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        _batch_of(session, county.id, asked.batch)
        arguments = {"county": county.code, "batch": asked.batch, "rows": asked.rows}
        job = jobs.submit(session, current_actor(), county, RETAKE, arguments)
        return jsonify(described(job)), 202


@blueprint.post("/api/quarantine/leave")
@requires("data:import")
@spec.validate(json=Chosen, skip_validation=True, tags=["quarantine"])
def leave() -> Response:
    """Rows that nobody will mend wait no longer; they stay in the database."""
    query(Parameters)
    asked = body(Chosen)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        _batch_of(session, county.id, asked.batch)
        ids = asked.rows or [row.id for row in quarantine.contents(session, asked.batch, [])]
        return jsonify({"left": mending.leave(session, current_actor(), county.id, ids)})


@blueprint.get("/api/quarantine/file")
@requires("data:import")
@spec.validate(query=FileAsked, skip_validation=True, tags=["quarantine"])
def download() -> Response:
    """The waiting rows of an import as CSV, to be mended in a spreadsheet and sent back."""
    asked = query(FileAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        batch = _batch_of(session, county.id, asked.batch)
        found = quarantine.waiting(session, county.id, batch_id=asked.batch, limit=MOST_IN_A_FILE)
        text = mending.as_file((row for row, _ in found), batch, gettext)
    audit_read("quarantine:read", ("import_batch", asked.batch), rows=len(found))
    disposition = f'attachment; filename="quarantine-{asked.batch}.csv"'
    return Response(
        text, mimetype="text/csv", headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )


@blueprint.post("/api/quarantine/file")
@requires("data:import")
@spec.validate(query=FileAsked, resp=answers(202, JobAnswer), skip_validation=True, tags=["quarantine"])
def upload() -> tuple[Response, int]:
    """Takes a mended file back and has its rows taken again; answers with the job to watch."""
    asked = query(FileAsked)
    if request.mimetype != "application/octet-stream":
        raise BadInput(N_("Send the file itself, with the content type application/octet-stream."))
    text = _text(request.get_data(cache=False))
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        batch = _batch_of(session, county.id, asked.batch)
        ids = mending.mend_by_file(session, current_actor(), text, batch)
        if not ids:
            raise BadInput(N_("None of these rows waits."), N_("Download the rows again."))
        arguments = {"county": county.code, "batch": asked.batch, "rows": ids}
        job = jobs.submit(session, current_actor(), county, RETAKE, arguments)
        return jsonify(described(job)), 202


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # as Chinese Excel saves it again
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(N_("This is no text in UTF-8 or GB18030."), N_("Save it again as CSV."))


def _batch_of(session: Session, county_id: int, batch_id: int) -> ImportBatch:
    found = batches.one(session, batch_id)
    if found is None or found[0].county_id != county_id:
        raise NotFound()
    return found[0]
