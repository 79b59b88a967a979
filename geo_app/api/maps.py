"""POST /api/maps: have layers written into one file; GET /api/maps/<job id>: fetch it."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, jsonify
from flask_babel import get_locale
from pydantic import Field

from geo_app.api import reading
from geo_app.api.filters import filters_of
from geo_app.api.jobs import JobAnswer, described
from geo_app.api.layers import permitted
from geo_app.api.parameters import OfCounty, Parameters, body, query, row_id
from geo_app.api.spec import answers, spec
from geo_app.errors import N_, BadInput, NotFound
from geo_app.extensions import request_session, settings
from geo_app.queries import job_rows
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services import maps
from layers.catalogue import LAYERS

blueprint = Blueprint("api_maps", __name__)
LayerId = Annotated[str, Field(max_length=64)]


class MapOrder(OfCounty):
    """The layers of a county as the filters choose, in the language of the user."""

    layers: list[LayerId] = Field(min_length=1, max_length=len(LAYERS))
    filters: dict[str, Any] = Field({}, description="The filters of the map, by the names that they have in a query.")


@blueprint.post("/api/maps")
@requires("maps:export")
@spec.validate(json=MapOrder, resp=answers(202, JobAnswer), skip_validation=True, tags=["maps"])
def order() -> tuple[Response, int]:
    """Has the layers written; answers with the job to watch."""
    query(Parameters)
    asked = body(MapOrder)
    may = {layer.id for layer in permitted()}
    unknown = sorted(set(asked.layers) - may)
    if unknown or len(set(asked.layers)) != len(asked.layers):
        raise BadInput(N_("Unknown, missing or out of range: %(names)s."), names="layers")
    filters = filters_of(asked.county, asked.filters)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        reading.terms_of(session, county, filters)  # an area that is not there is said now, not by the job
        job = maps.submit(session, current_actor(), county, asked.layers, str(get_locale()), asked.filters)
        return jsonify(described(job)), 202


@blueprint.get("/api/maps/<job_id>")
@requires("maps:export")
@spec.validate(query=Parameters, skip_validation=True, tags=["maps"])
def download(job_id: str) -> Response:
    """The file, for whoever ordered it and still sees everything that is in it."""
    query(Parameters)
    with request_session() as session:
        job = job_rows.own(session, row_id(job_id), current_actor().user_id)
    if job is None or job.kind != maps.KIND or job.status != "done":
        raise NotFound()
    if not current_actor().scope.area_ids.issuperset(job.result["areas"]):
        raise NotFound()
    path = maps.path_of(settings(), job.id).resolve()
    if not path.is_file():
        raise NotFound()
    disposition = f'attachment; filename="map-{job.id}.html"'
    return Response(path.read_bytes(), mimetype="text/html", headers={"Content-Disposition": disposition})
