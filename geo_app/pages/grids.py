"""The pages on which grids are redrawn: what waits, the editor of a draft, and its review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from geo_app.errors import N_
from geo_app.extensions import request_session
from geo_app.models import County
from geo_app.pages import grids_police_texts, grids_texts
from geo_app.pages.data import chosen_county, frame, outline_of, page_data
from geo_app.pages.map import NOWHERE, shell
from geo_app.queries import area_heads, grid_change_rows, grid_heads, visible
from geo_app.queries.terms import today
from geo_app.security.actor import current_actor
from geo_app.security.permissions import can
from geo_app.security.rules import requires
from grid_boundaries.schema import KINDS
from layers.catalogue.grids import KINDS as TITLES
from layers.render import island_json

blueprint = Blueprint("grids", __name__)

# Pages about grids, in the order of their links: address, title, who may.
PAGES = (
    ("/grids", N_("Changes"), "grids:changes"),
    ("/grids/people", N_("Leaders and workers"), "map:read"),
    ("/grids/compare", N_("Two dates compared"), "map:read"),
    ("/grids/crosswalk", N_("Police areas"), "map:read"),
    ("/grids/packs", N_("Inspection packs"), "map:read"),
)

# The level of areas in which what is drawn lies, and the one above it whose areas are founded in the editor too.
LEVELS = {"own": "community", "above": "town"}
POLICE_LEVELS = {"own": "station", "above": None}


@blueprint.get("/grids")
@requires("grids:changes")
def changes() -> str:
    """What waits: drafts, changes to review, those to come, and those that were filed last."""
    return _page("grids_list", grids_texts.LIST, _rights())


@blueprint.get("/grids/edit")
@requires("grids:edit")
def edit() -> str:
    """Where the grids of a draft are redrawn. The change is named by its id in the address."""
    return _page("grids_edit", grids_texts.EDIT, _named_change(), grids_police_texts.EDIT)


@blueprint.get("/grids/review")
@requires("grids:changes")
def review() -> str:
    """A change before and after, with what it moves; approved or sent back by those who may."""
    return _page("grids_review", grids_texts.REVIEW, _named_change(), grids_police_texts.REVIEW)


@blueprint.app_template_global("grid_pages")
def pages() -> list[tuple[str, str]]:
    """Addresses and titles of the pages about grids that this release has and the user may open."""
    known = {rule.rule for rule in current_app.url_map.iter_rules()}
    actor = current_actor()
    return [(address, gettext(title)) for address, title, action in PAGES if address in known and can(actor, action)]


def _rights() -> dict[str, Any]:
    actor = current_actor()
    return {"may_draft": can(actor, "grids:edit"), "may_review": can(actor, "grids:review")}


def _named_change() -> dict[str, Any]:
    return {"change": request.args.get("change", type=int)}


def _page(
    entry: str, texts: Mapping[str, str], more: Mapping[str, Any], of_police: Mapping[str, str] | None = None
) -> str:
    """A page with its texts; ``of_police`` stand in their place where the change named is one of police areas."""
    with request_session() as session:
        county, counties = chosen_county(session)
        if county is None:
            return render_template("no_county.html")
        bounds, shape = visible.bounds(session, county.id), outline_of(session, county)
        has_police_areas = grid_heads.any_police(session, county)
        is_of_police = grid_change_rows.subject(session, more.get("change")) == grid_heads.POLICE
        without = _tools_without_use(session, county) if is_of_police else []
    said = {**grids_texts.CHANGE, **texts}
    if is_of_police:
        said |= {**grids_police_texts.CHANGE, **(of_police or {})}
    data: dict[str, Any] = {
        "bounds": bounds,
        "outline": shape,
        "kinds": {kind: gettext(TITLES[kind]) for kind in KINDS[: 1 if is_of_police else None]},
        "has_people": not is_of_police,
        "levels": POLICE_LEVELS if is_of_police else LEVELS,
        "tools_without_use": without,
        "zone": county.time_zone,
        "today": today(county, datetime.now(UTC)).isoformat(),
        "pages": {
            "list": url_for("grids.changes", county=county.code),
            "edit": url_for("grids.edit", county=county.code),
            "review": url_for("grids.review", county=county.code),
        },
        **page_data(county, said),
        **more,
    }
    return render_template(
        f"{entry}.html",
        # Another county has other changes: its menu leads to the list.
        **frame(county, counties, entry) | {"county_page": "grids.changes"},
        has_police_areas=has_police_areas,
        is_of_police=is_of_police,
        reasons=[(code, gettext(title)) for code, title in grids_texts.REASONS.items()],
        rendered=shell(bounds or NOWHERE),
        data=island_json(data),
    )


def _tools_without_use(session: Session, county: County) -> list[str]:
    """The tools that areas of the police have no use for: nothing balances them, and stations lie in no other area that
    could be chosen."""
    areas = area_heads.heads(session, county, grid_heads.POLICE)
    has_zones = bool(((areas["level"] == "zone") & areas.geometry.notna()).any())
    return ["balance"] if has_zones else ["balance", "communities"]
