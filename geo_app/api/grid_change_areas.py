"""GET /api/grid-changes/<change id>/areas: the communities and towns to which the grids of a draft can go."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, Field

from geo_app.api.parameters import Parameters, query, row_id
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.security.rules import requires
from geo_app.services import changed_areas, grid_drafts

blueprint = Blueprint("api_grid_change_areas", __name__)


class DraftArea(BaseModel):
    """An area as a draft leaves it; ``parent`` is the code of the one above it."""

    code: str
    name: str
    level: str
    parent: str | None


class DraftAreasAnswer(BaseModel):
    """The areas that the user sees, by code."""

    areas: list[DraftArea]
    taken: list[str] = Field(description="Codes that a new community or town cannot have: some area had them once.")


@blueprint.get("/api/grid-changes/<change_id>/areas")
@requires("grids:changes")
@spec.validate(query=Parameters, resp=answers(200, DraftAreasAnswer), skip_validation=True, tags=["grid changes"])
def areas(change_id: str) -> Response:
    """The county, towns and communities as a draft leaves them."""
    query(Parameters)
    with request_session() as session:
        draft = grid_drafts.read(session, row_id(change_id))
        found = [DraftArea(**row) for row in changed_areas.tree(session, draft)]
        answer = DraftAreasAnswer(areas=found, taken=changed_areas.taken(session, draft))
    return jsonify(answer.model_dump(mode="json"))
