"""POST /api/grid-packs: have an inspection pack written; GET /api/grid-packs/<job id>: fetch it; the record of a change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, jsonify
from flask_babel import get_locale
from pydantic import BaseModel, Field

from geo_app.api import reading
from geo_app.api.days import AsOf
from geo_app.api.exports import disposition
from geo_app.api.jobs import JobAnswer, described
from geo_app.api.parameters import OfCounty, Parameters, body, query, row_id
from geo_app.api.spec import answers, spec
from geo_app.errors import N_, BadInput, NotFound
from geo_app.extensions import request_session, settings
from geo_app.queries import job_rows
from geo_app.queries.terms import today
from geo_app.security.actor import current_actor
from geo_app.security.audit import audit_read
from geo_app.security.rules import requires
from geo_app.services import change_record, grid_drafts, grid_sides, inspection_pack

blueprint = Blueprint("api_grid_papers", __name__)
LISTED = 20


class PackOrder(OfCounty):
    """Of which day a pack is to be, and after which day changes are told."""

    as_of: AsOf | None = Field(None, description="Today in the county, if not given.")
    since: AsOf | None = Field(None, description="A year before, if not given.")


class PacksAnswer(BaseModel):
    """The user's own packs, the newest first."""

    packs: list[dict[str, Any]]


@blueprint.post("/api/grid-packs")
@requires("data:export")
@spec.validate(json=PackOrder, resp=answers(202, JobAnswer), skip_validation=True, tags=["grid papers"])
def order() -> tuple[Response, int]:
    """Has an inspection pack written of the grids that the user sees; answers with the job to watch."""
    query(Parameters)
    asked = body(PackOrder)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        now = today(county, datetime.now(UTC))
        day = asked.as_of or now
        if day > now:
            raise BadInput(N_("A pack shows what is or was, not what will be."), N_("Give a day up to today."))
        since = asked.since or inspection_pack.year_before(day)
        if since > day:
            raise BadInput(
                N_("The changes are to begin after the day that the pack shows."), N_("Give an earlier day.")
            )
        job = inspection_pack.submit(session, current_actor(), county, day, since, str(get_locale()))
        return jsonify(described(job)), 202


@blueprint.get("/api/grid-packs")
@requires("data:export")
@spec.validate(query=OfCounty, resp=answers(200, PacksAnswer), skip_validation=True, tags=["grid papers"])
def packs() -> Response:
    """The packs of a county that the user ordered and that can still be fetched, wait or failed."""
    asked = query(OfCounty)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        rows = job_rows.latest(session, current_actor().user_id, county.id, inspection_pack.KIND, LISTED)
        found = [row for row in rows if row.status != "done" or _is_there(row.id)]
        return jsonify(packs=[_told(row) for row in found])


@blueprint.get("/api/grid-packs/<job_id>")
@requires("data:export")
@spec.validate(query=Parameters, skip_validation=True, tags=["grid papers"])
def download(job_id: str) -> Response:
    """The ZIP, for whoever ordered it and still sees everything that is in it."""
    query(Parameters)
    with request_session() as session:
        job = job_rows.own(session, row_id(job_id), current_actor().user_id)
    if job is None or job.kind != inspection_pack.KIND or job.status != "done":
        raise NotFound()
    if not current_actor().scope.area_ids.issuperset(job.result["areas"]):
        raise NotFound()
    if not _is_there(job.id):
        raise NotFound()
    headers = {"Content-Disposition": disposition(job.result["name"], job.result["name"])}
    return Response(
        inspection_pack.path_of(settings(), job.id).read_bytes(), mimetype="application/zip", headers=headers
    )


@blueprint.get("/api/grid-changes/<change_id>/record.pdf")
@requires("grids:changes")
@spec.validate(query=Parameters, skip_validation=True, tags=["grid papers"])
def record(change_id: str) -> Response:
    """The record of a change as a PDF to print and sign: as drawn, or as it took effect."""
    query(Parameters)
    now = datetime.now(UTC)
    actor = current_actor()
    with request_session() as session:
        draft = grid_drafts.read(session, row_id(change_id))
        county = draft.county
        papers = change_record.papers_of_draft(session, draft)
        if papers.after is None:
            raise NotFound()
        day = papers.row.effective_on or today(county, now)
        streets = change_record.streets_near(session, county, papers, day)
        told = grid_sides.impact(session, draft)
    printing = inspection_pack.printed(actor.name or actor.login or "", county, now, str(get_locale()))
    impact = change_record.impact_of(told, printing.translate, papers.row.subject)
    made = change_record.record_of(papers, change_record.about(county, day), printing, streets, impact)
    audit_read("data:export", county, kind="record_of_change", change=papers.row.id)
    name = f"record-{county.code}-{papers.row.id:06d}.pdf"
    shown = f"inline; filename*=UTF-8''{quote(name, safe='')}"
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": shown})


def _is_there(job_id: int) -> bool:
    return inspection_pack.path_of(settings(), job_id).is_file()


def _told(job: Any) -> dict[str, Any]:
    told = {name: job.result.get(name) for name in ("bytes", "grids", "faults", "open_items", "changes")}
    return described(job) | {"as_of": job.arguments["day"], "since": job.arguments["since"]} | told
