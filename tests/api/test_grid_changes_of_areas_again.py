"""Communities and towns that change with their grids, where several changes, people and days meet."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import text

from geo_app.database.scope import Scope
from geo_app.queries import areas, grid_places, scopes
from geo_app.services.imports import import_file
from geo_app.services.users import add_user
from tests.api.test_grid_changes_of_areas import (
    FIRST,
    NEW,
    SECOND,
    SOON,
    TODAY,
    areas_on,
    merged,
    of,
    require_unions,
)
from tests.drafting import CHANGES, Drafting, across
from tests.made_grids import COUNTY, TOWN, Governed, code_of
from tests.security.browsing import PASSWORD

LATER = SOON + timedelta(days=5)
OTHER_TOWN = "340523102"


def renamed(governed: Governed, area: str, name: str, day: date, login: str = "editor") -> Drafting:
    draft = Drafting.begun(governed, login, title=name)
    draft.drawn(op="rename", area=area, name=name)
    return draft.submitted(day).approved(governed)


def withdrawn(governed: Governed, draft: Drafting) -> Any:
    return draft.of(governed, "reviewer").send("withdraw", {"comment": ""})


def test_two_changes_of_one_area_are_withdrawn_one_after_the_other(governed: Governed) -> None:
    one, other = renamed(governed, FIRST, "甲村", SOON), renamed(governed, FIRST, "乙村", LATER)
    assert withdrawn(governed, other).status_code == 200
    assert areas_on(governed, LATER)[FIRST]["name"] == "甲村"
    assert withdrawn(governed, one).status_code == 200
    for day in (TODAY, SOON, LATER):
        assert areas_on(governed, day)[FIRST]["name"] == "演示村1"


def test_a_change_is_not_withdrawn_beneath_a_later_one_of_the_same_day(governed: Governed) -> None:
    one, other = renamed(governed, FIRST, "甲村", SOON), renamed(governed, FIRST, "乙村", SOON)
    assert withdrawn(governed, one).status_code == 409
    assert withdrawn(governed, other).status_code == 200
    assert areas_on(governed, SOON)[FIRST]["name"] == "甲村"
    assert withdrawn(governed, one).status_code == 200
    assert areas_on(governed, SOON)[FIRST]["name"] == "演示村1"


def person(governed: Governed, login: str, role: str, *codes: str) -> None:
    with governed.database.owner_session() as owner:
        ids = list(owner.scalars(text("SELECT id FROM area WHERE code = ANY (:codes)"), {"codes": list(codes)}))
        add_user(owner, login, login, PASSWORD, roles=[role], area_ids=ids)


def test_what_a_county_approved_of_a_towns_communities_is_not_withdrawn_by_the_town(governed: Governed) -> None:
    person(governed, "town_editor", "grid_editor", TOWN)
    draft = renamed(governed, FIRST, "甲村", SOON, "town_editor")
    refused = draft.of(governed, "of_town").send("withdraw", {"comment": ""})
    assert refused.status_code == 403
    assert areas_on(governed, SOON)[FIRST]["name"] == "甲村"


def test_a_change_of_an_area_that_is_gone_is_read_and_sent_back(governed: Governed) -> None:
    draft = Drafting.begun(governed, title="改名")
    draft.drawn(op="rename", area=FIRST, name="甲村")
    draft.submitted(SOON)
    merged(governed, SOON).approved(governed)
    other = draft.of(governed, "reviewer")
    refused = other.send("decision", {"decision": "approve"})
    assert refused.status_code in (409, 422), refused.get_data(as_text=True)
    other.done("decision", {"decision": "send_back", "comment": "已合并"})


def test_a_name_of_an_area_that_is_gone_is_left_out_when_a_draft_is_brought_up_to_date(governed: Governed) -> None:
    draft = Drafting.begun(governed, title="改名")
    draft.drawn(op="rename", area=FIRST, name="甲村")
    draft.drawn(op="rename", area=TOWN, name="甲镇")
    merged(governed, SOON).approved(governed)
    draft.again()
    body = draft.done("rebase")
    assert [one["asked"]["name"] for one in body["left_out"]] == ["甲村"]
    assert [one["op"] for one in draft.state["operations"]] == ["rename"]


def test_who_draws_is_told_that_others_ended_a_community_of_which_his_steps_speak(governed: Governed) -> None:
    draft = Drafting.begun(governed, title="改名")
    draft.drawn(op="rename", area=FIRST, name="甲村")
    assert draft.state["stale_areas"] == []
    other = merged(governed, SOON)
    assert draft.again().state["stale_areas"] == []  # nothing is decided yet
    other.approved(governed)
    assert draft.again().state["stale"] == []
    assert draft.state["stale_areas"] == [{"code": FIRST, "name": "演示村1"}]
    drawn = draft.send("operations", {"op": "rename", "area": TOWN, "name": "甲镇"})
    draft.done("", {"effective_on": SOON.isoformat()}, method="PATCH")
    for refused in (drawn, draft.send("submit")):
        assert (refused.status_code, refused.get_json()["code"]) == (409, "changed_beneath")
        assert FIRST in refused.get_json()["detail"]
    draft.done("rebase")
    assert draft.state["stale_areas"] == []


def test_who_is_responsible_for_a_town_keeps_its_community_until_the_day_on_which_it_goes(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="rehang", areas=[FIRST], to=OTHER_TOWN, name="新城镇")
    draft.submitted(SOON).approved(governed)
    assert set(areas_on(governed, TODAY, "of_town")) == {TOWN, FIRST, SECOND}
    seen = governed.browser("of_town").get("/api/grids", county=COUNTY).get_json()["grids"]
    assert {one["code"][:12] for one in seen} == {FIRST, SECOND}


def test_who_is_responsible_for_what_took_others_over_keeps_drafts_to_himself(governed: Governed) -> None:
    merged(governed, TODAY).approved(governed)
    person(governed, "of_new", "grid_editor", NEW)
    draft = Drafting.begun(governed, "of_new")
    draft.drawn(op="rename", area=NEW, name="甲村")
    assert governed.browser("of_community").get(f"{CHANGES}/{draft.state['id']}").status_code == 404


def test_a_town_decides_about_a_merger_of_its_communities(governed: Governed) -> None:
    with governed.database.owner_session() as owner:
        owner.execute(text("""UPDATE county SET settings = settings || '{"grid_review_chain": ["town"]}'"""))
    person(governed, "town_editor", "grid_editor", TOWN)
    draft = Drafting.begun(governed, "town_editor")
    draft.drawn(op="regroup", codes=[*of(FIRST), *of(SECOND)], to=NEW, name="新桥村")
    draft.submitted(TODAY).approved(governed, "of_town")
    assert set(areas_on(governed, TODAY)) == {COUNTY, TOWN, NEW}
    require_unions(governed, TODAY)


def test_two_changes_that_empty_a_community_together_end_it(governed: Governed) -> None:
    halves = of(FIRST)[:8], of(FIRST)[8:]
    drafts = []
    for codes, to in zip(halves, ("340523100003", "340523100004"), strict=True):
        draft = Drafting.begun(governed)
        draft.drawn(op="regroup", codes=codes, to=to, name="村" + to[-1])
        drafts.append(draft.submitted(SOON))
    for draft in drafts:
        draft.approved(governed)
    assert set(areas_on(governed, SOON)) == {COUNTY, TOWN, SECOND, "340523100003", "340523100004"}
    require_unions(governed, SOON)
    assert withdrawn(governed, drafts[1]).status_code == 200
    assert set(areas_on(governed, SOON)) == {COUNTY, TOWN, FIRST, SECOND, "340523100003"}
    require_unions(governed, SOON)
    assert withdrawn(governed, drafts[0]).status_code == 200
    require_unions(governed, SOON)
    require_unions(governed, TODAY)


def test_grids_and_the_town_of_a_community_change_at_once(governed: Governed) -> None:
    one, other = Drafting.begun(governed), Drafting.begun(governed)
    one.drawn(op="rehang", areas=[FIRST], to=OTHER_TOWN, name="新城镇")
    other.drawn(op="regroup", codes=[code_of(3, 0)], to=SECOND)
    one.submitted(SOON)
    other.submitted(SOON)
    one.approved(governed)
    other.approved(governed)
    outlines = governed.outlines_on(SOON, "town", "community")
    for town, community in ((OTHER_TOWN, FIRST), (TOWN, SECOND)):
        assert shapely.symmetric_difference(outlines[town], outlines[community]).area < 1e-12
    assert withdrawn(governed, one).status_code == 409
    assert withdrawn(governed, other).status_code == 200
    outlines = governed.outlines_on(SOON, "town", "community")
    for town, community in ((OTHER_TOWN, FIRST), (TOWN, SECOND)):
        assert shapely.symmetric_difference(outlines[town], outlines[community]).area < 1e-12
    assert withdrawn(governed, one).status_code == 200
    assert set(areas_on(governed, SOON)) == {COUNTY, TOWN, FIRST, SECOND}


def brought(governed: Governed, path: Path, *rows: tuple[str, str, str, str, Any], scope: Scope | None = None) -> Any:
    """The report of an import of areas: code, name, level, parent, shape."""
    features = [
        {
            "type": "Feature",
            "properties": {"tree": "admin", "level": level, "code": code, "name": name, "parent": parent},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, name, level, parent, shape in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return import_file(governed.database, scope or governed.county_scope(), COUNTY, "areas", path, crs="EPSG:4326")


def test_a_file_of_areas_leaves_what_an_approved_change_of_a_later_day_decided(
    governed: Governed, tmp_path: Path
) -> None:
    before = governed.outlines_on(TODAY, "community")
    change = merged(governed, SOON).approved(governed)
    rows = [(code, "更正村" + code[-1], "community", TOWN, before[code]) for code in (FIRST, SECOND)]
    report = brought(governed, tmp_path / "areas.geojson", *rows)
    assert report.updated == 0 and report.quarantined == 2, report
    assert withdrawn(governed, change).status_code == 200
    for day in (TODAY, SOON):
        assert set(areas_on(governed, day)) == {COUNTY, TOWN, FIRST, SECOND}
        require_unions(governed, day)


def test_a_file_as_areas_are_today_changes_nothing_of_what_comes(governed: Governed, tmp_path: Path) -> None:
    before = governed.outlines_on(TODAY, "community")
    renamed(governed, FIRST, "甲村", SOON)
    report = brought(governed, tmp_path / "areas.geojson", (FIRST, "演示村1", "community", TOWN, before[FIRST]))
    assert (report.updated, report.unchanged, report.quarantined) == (0, 1, 0), report
    assert areas_on(governed, SOON)[FIRST]["name"] == "甲村"


def test_a_file_of_before_a_merger_does_not_bring_its_communities_back(governed: Governed, tmp_path: Path) -> None:
    before = governed.outlines_on(TODAY, "community")
    merged(governed, TODAY).approved(governed)
    rows = [(code, "演示村" + code[-1], "community", TOWN, before[code]) for code in (FIRST, SECOND)]
    report = brought(governed, tmp_path / "areas.geojson", *rows)
    assert report.updated == 0 and report.quarantined == 2, report
    assert set(areas_on(governed, TODAY)) == {COUNTY, TOWN, NEW}
    require_unions(governed, TODAY)


def test_a_file_brings_a_community_whose_change_was_withdrawn(governed: Governed, tmp_path: Path) -> None:
    before = governed.outlines_on(TODAY, "community")
    withdrawn(governed, merged(governed, SOON).approved(governed))
    report = brought(governed, tmp_path / "areas.geojson", (NEW, "新桥村", "community", TOWN, before[FIRST].buffer(0)))
    assert report.stored == 1, report
    assert areas_on(governed, TODAY)[NEW]["name"] == "新桥村"


def test_a_town_is_told_by_its_name_of_a_day_with_the_communities_of_that_day(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="rehang", areas=[SECOND], to=OTHER_TOWN, name="新城镇")
    draft.drawn(op="rename", area=TOWN, name="老城镇")
    draft.submitted(SOON).approved(governed)
    county, town = governed.county(), areas_on(governed, TODAY)[TOWN]["id"]
    with governed.database.session(governed.county_scope(), read_only=True) as session:
        for day, name, count in ((TODAY, "演示镇", 3), (SOON, "老城镇", 2)):
            below = scopes.subtree(session, county.id, town, day)
            assert (areas.name_of(session, county, day, below), len(below)) == (name, count)


def test_first_grids_know_the_land_of_a_community_until_and_from_the_day_of_its_change(governed: Governed) -> None:
    renamed(governed, FIRST, "甲村", SOON)
    with governed.database.session(governed.county_scope(), read_only=True) as session:
        for day in (TODAY, SOON):
            assert grid_places.land(session, governed.county(), FIRST, day) is not None


def test_the_impact_of_a_change_speaks_of_no_grid_of_another_one_of_the_same_day(governed: Governed) -> None:
    first = Drafting.begun(governed, title="划入")
    first.drawn(op="regroup", codes=of(FIRST)[:1], to=SECOND)
    first.submitted(SOON).approved(governed)
    second = Drafting.begun(governed, "drawer", title="拆分")
    second.drawn(op="split", code=code_of(6, 0), line=across(6, 0))

    def told(draft: Drafting) -> list[tuple[str, str]]:
        impact = governed.browser("reviewer").get(draft.path + "/impact").get_json()
        return [(one["code"], one["state"]) for one in impact["grids"]]

    drawn = told(second)
    assert [state for _, state in drawn] == ["retired", "created", "created"]
    second.submitted(SOON).approved(governed)
    assert told(second) == drawn
    assert [state for _, state in told(first)] == ["renumbered"]
