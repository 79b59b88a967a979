"""Communities and towns change with their grids: 并村 and 撤并, from a day on, reviewed, readable before it, withdrawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.queries import frames
from geo_app.queries.scopes import of_whole
from geo_app.queries.terms import Terms
from geo_app.services import area_stamps
from geo_app.services.area_stamps import stamp_due
from tests.drafting import Drafting, across, codes, union_of
from tests.made_grids import COMMUNITIES, COUNTY, TOWN, Governed, code_of, middle
from tests.papers.reading import Paper

TODAY = date.today()
SOON = TODAY + timedelta(days=10)
FIRST, SECOND = COMMUNITIES
NEW = "340523100003"


def of(community: str) -> list[str]:
    return [f"{community}{number:03d}" for number in range(1, 17)]


def areas_on(governed: Governed, day: date, login: str = "leader") -> dict[str, dict[str, Any]]:
    answer = governed.browser(login).get("/api/areas", county=COUNTY, as_of=day.isoformat())
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {one["code"]: one for one in answer.get_json()["areas"] if one["tree"] == "admin"}


def require_unions(governed: Governed, day: date) -> None:
    """Each community is the union of its grids on a day."""
    grids, outlines = governed.grids_on(day), governed.outlines_on(day, "community")
    homes = {code[:12] for code in codes(grids)}
    assert set(outlines) == homes
    for code in homes:
        land = union_of(grids[grids["code"].str.startswith(code)])
        assert shapely.symmetric_difference(outlines[code], land).area < 1e-12


def merged(governed: Governed, day: date) -> Drafting:
    """Both communities as a new one from a day on."""
    draft = Drafting.begun(governed, title="并村")
    body = draft.drawn(op="regroup", codes=[*of(FIRST), *of(SECOND)], to=NEW, name="新桥村")
    assert [(one["code"], one["is_new"], one["is_retired"]) for one in body["change"]["areas"]] == [
        (FIRST, False, True), (SECOND, False, True), (NEW, True, False),
    ]  # fmt: skip
    return draft.submitted(day)


def test_the_code_of_a_new_community_is_taken_as_it_is_meant_however_it_was_typed(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    body = draft.drawn(op="regroup", codes=of(FIRST)[:2], to=" 340523 100 ００３　", name="新桥村")
    assert [one["code"] for one in body["change"]["areas"] if one["is_new"]] == [NEW]


def test_grids_that_only_get_another_code_change_no_hands_between_two_days(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="regroup", codes=of(FIRST)[:2], to=SECOND)
    draft.submitted(SOON).approved(governed)
    days = {"from": TODAY.isoformat(), "to": SOON.isoformat()}
    told = governed.browser("leader").get("/api/grids/compare", county=COUNTY, **days).get_json()
    assert told["totals"]["area_m2"] == 0 and told["pieces"]["features"] == []
    assert told["created"] == told["retired"] == told["moved"] == []
    renumbered = [(one["before"]["code"], one["code"]) for one in told["renamed"]]
    assert sorted(renumbered) == [(of(FIRST)[0], f"{SECOND}017"), (of(FIRST)[1], f"{SECOND}018")]
    assert all([change["id"] for change in one["changes"]] == [draft.state["id"]] for one in told["renamed"])


def test_grids_of_a_draft_and_its_record_name_their_communities(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    answer = draft.drawn(op="regroup", codes=of(FIRST)[:2], to=NEW, name="新桥村")
    assert {one["properties"]["community_name"] for one in answer["features"]["features"]} == {"新桥村"}
    told = draft.hand.get(draft.path + "/grids").get_json()["features"]
    named = {one["properties"]["community"]: one["properties"]["community_name"] for one in told}
    assert named == {FIRST: "演示村1", SECOND: "演示村2", NEW: "新桥村"}
    words = Paper(draft.hand.get(draft.path + "/record.pdf").get_data()).text
    assert f"基础网格{NEW}" not in words and "基础网格新桥村" in words


def test_two_communities_of_one_town_do_not_have_one_name(governed: Governed) -> None:
    [name] = [one["name"] for one in areas_on(governed, TODAY).values() if one["code"] == SECOND]
    draft = Drafting.begun(governed)
    draft.drawn(op="regroup", codes=of(FIRST)[:2], to=NEW, name=name)
    draft.done("", {"effective_on": SOON.isoformat()}, method="PATCH")
    refused = draft.send("submit")
    assert refused.status_code == 422 and f"{SECOND}, {NEW}" in refused.get_json()["detail"]
    draft.drawn(op="regroup", codes=of(SECOND), to=NEW)  # the one of this name is taken over whole
    draft.done("submit")


def test_two_communities_become_one_from_their_day_on_and_the_grids_follow(governed: Governed) -> None:
    told = merged(governed, SOON).approved(governed).state["areas"]
    assert [(one["code"], one["is_new"], one["is_retired"], one["parent"]) for one in told] == [
        (FIRST, False, True, NEW), (SECOND, False, True, NEW), (NEW, True, False, TOWN),
    ]  # fmt: skip
    assert set(areas_on(governed, SOON - timedelta(days=1))) == {COUNTY, TOWN, FIRST, SECOND}
    now = areas_on(governed, SOON)
    assert set(now) == {COUNTY, TOWN, NEW}
    assert now[NEW]["name"] == "新桥村" and now[NEW]["parent"] == now[TOWN]["id"]
    assert codes(governed.grids_on(SOON - timedelta(days=1))) == sorted([*of(FIRST), *of(SECOND)])
    assert codes(governed.grids_on(SOON)) == [f"{NEW}{number:03d}" for number in range(1, 33)]
    for day in (TODAY, SOON - timedelta(days=1), SOON, SOON + timedelta(days=100)):
        require_unions(governed, day)
        assert abs(union_of(governed.grids_on(day)).area - union_of(governed.grids_on(TODAY)).area) < 1e-12


def test_workers_go_with_their_grids_into_the_new_community(governed: Governed) -> None:
    before = governed.grids_on(TODAY)["leader"].dropna()
    merged(governed, SOON).approved(governed)
    after = governed.grids_on(SOON)["leader"].dropna()
    assert sorted(after) == sorted(before) and len(before) > 20
    alone = Scope.of([areas_on(governed, SOON)[NEW]["id"]])  # who sees the new one alone sees them
    with governed.database.session(alone, read_only=True) as session:
        assert len(frames.grids(session, governed.county(), Terms(SOON))["leader"].dropna()) == len(before)


def test_a_grid_that_goes_to_the_neighbour_keeps_its_land_and_both_outlines_follow(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="regroup", codes=[code_of(3, 0), code_of(3, 1)], to=SECOND)
    draft.submitted(SOON).approved(governed)
    assert {f"{SECOND}017", f"{SECOND}018"} <= set(codes(governed.grids_on(SOON)))
    require_unions(governed, SOON)
    require_unions(governed, TODAY)


def test_a_line_may_be_moved_between_communities_once_their_grids_lie_in_one(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    assert draft.refused(op="merge", codes=[code_of(3, 0), code_of(4, 0)])["reason"] == "other_community"
    created = draft.drawn(op="regroup", codes=[code_of(3, 0)], to=SECOND)["edit"]["created"]
    draft.drawn(op="merge", codes=[*created, code_of(4, 0)])
    draft.submitted(SOON).approved(governed)
    require_unions(governed, SOON)


def test_a_merger_of_communities_is_withdrawn_before_its_day_and_may_be_submitted_again(governed: Governed) -> None:
    change = merged(governed, SOON).approved(governed)
    change.of(governed, "reviewer").done("withdraw", {"comment": "暂缓"})
    for day in (TODAY, SOON, SOON + timedelta(days=100)):
        assert set(areas_on(governed, day)) == {COUNTY, TOWN, FIRST, SECOND}
        require_unions(governed, day)
    again = Drafting.begun(governed, title="再次并村")
    # Codes of grids are never given out again, that of the community was never in force.
    body = again.drawn(op="regroup", codes=[*of(FIRST), *of(SECOND)], to=NEW, name="新桥社区")
    assert body["edit"]["created"][0] == f"{NEW}033"
    again.submitted(SOON).approved(governed)
    assert areas_on(governed, SOON)[NEW]["name"] == "新桥社区"
    require_unions(governed, SOON)


def test_a_new_community_on_which_a_later_change_stands_is_not_withdrawn(governed: Governed) -> None:
    first = merged(governed, SOON).approved(governed)
    second = Drafting.begun(governed, title="改名")
    second.drawn(op="rename", area=NEW, name="新城社区")
    second.submitted(SOON + timedelta(days=5)).approved(governed)
    refused = first.of(governed, "reviewer").send("withdraw", {"comment": ""})
    assert (
        refused.status_code == 409
        and refused.get_json()["code"] == "stood_on"
        and "“改名”" in refused.get_json()["detail"]
    )
    assert areas_on(governed, SOON)[NEW]["name"] == "新桥村"
    assert areas_on(governed, SOON + timedelta(days=5))[NEW]["name"] == "新城社区"


def test_a_name_of_a_community_changes_from_its_day_on_and_needs_no_drawing(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="rename", area=FIRST, name="翠竹社区")
    draft.submitted(SOON).approved(governed)
    assert areas_on(governed, TODAY)[FIRST]["name"] == "演示村1"
    assert areas_on(governed, SOON)[FIRST]["name"] == "翠竹社区"


def test_communities_go_to_a_new_town_and_the_old_one_ends(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="rehang", areas=[FIRST, SECOND], to="340523102", name="新城镇")
    draft.submitted(SOON).approved(governed)
    now = areas_on(governed, SOON)
    assert set(now) == {COUNTY, "340523102", FIRST, SECOND}
    assert now[FIRST]["parent"] == now["340523102"]["id"]
    assert shapely.equals(governed.outlines_on(SOON, "town")["340523102"], governed.outlines_on(TODAY, "town")[TOWN])


def test_who_is_responsible_for_a_community_sees_what_it_was_and_not_what_took_it_over(governed: Governed) -> None:
    merged(governed, TODAY).approved(governed)
    hand = governed.browser("of_community")  # of the first
    yesterday = TODAY - timedelta(days=1)
    seen = hand.get("/api/grids", county=COUNTY, as_of=yesterday.isoformat()).get_json()
    assert {one["code"] for one in seen["grids"]} == set(of(FIRST))
    assert hand.get("/api/grids", county=COUNTY).get_json()["grids"] == []
    assert set(areas_on(governed, yesterday, "of_town")) == {TOWN, FIRST, SECOND}
    assert set(areas_on(governed, TODAY, "of_town")) == {TOWN, NEW}


def test_calls_of_before_count_for_the_community_that_took_their_area_over(governed: Governed) -> None:
    with governed.database.session(governed.county_scope()) as session:
        _call(session, governed.county().id, FIRST, *middle(0, 0))
    merged(governed, TODAY).approved(governed)
    answer = governed.browser("leader").get("/api/incidents/summary", county=COUNTY, valid="0").get_json()
    assert [(one["name"], one["count"]) for one in answer["areas"]] == [("演示镇", 1)]
    town = areas_on(governed, TODAY)[TOWN]["id"]
    answer = governed.browser("leader").get("/api/incidents/summary", county=COUNTY, valid="0", area=town).get_json()
    assert [(one["name"], one["count"]) for one in answer["areas"]] == [("新桥村", 1)]


def test_what_lies_in_a_new_community_belongs_to_it_when_its_day_has_come(governed: Governed) -> None:
    with governed.database.session(governed.county_scope()) as session:
        _camera(session, governed.county().id, FIRST, *middle(0, 0))
    change = merged(governed, TODAY).approved(governed)
    assert stamp_due(governed.database) == [change.state["id"]]
    with governed.database.session(governed.county_scope(), read_only=True) as session:
        home = session.scalar(text("SELECT a.code FROM camera c JOIN area a ON a.id = c.admin_area_id"))
        grids = set(session.scalars(text("SELECT DISTINCT a.code FROM grid g JOIN area a ON a.id = g.admin_area_id")))
    assert home == NEW
    assert grids == {FIRST, SECOND, NEW}  # those of before lie where they lay
    assert stamp_due(governed.database) == []


def test_a_server_does_so_without_the_rights_of_the_owner(governed: Governed) -> None:
    change = merged(governed, TODAY).approved(governed)
    url = governed.settings.database_url
    server = Database(url, url)  # what a service is given
    assert stamp_due(server) == [change.state["id"]]
    with server.session(Scope.none(), read_only=True) as session:
        whole, none = of_whole(session, COUNTY), of_whole(session, "999999")  # also for the watched folder
    server.close()
    assert whole == governed.county_scope() and none is None


def test_what_fails_in_one_change_holds_no_other_up_and_is_tried_again(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code, name in ((FIRST, "翠竹社区"), (SECOND, "新城社区")):
        draft = Drafting.begun(governed, title=name)
        draft.drawn(op="rename", area=code, name=name)
        draft.submitted(TODAY).approved(governed)
    right, calls = area_stamps.locating.locate_again, []

    def fails_once(*given: Any) -> None:
        calls.append(given)
        if len(calls) == 1:
            raise OperationalError("", {}, Exception("the server went away"))
        right(*given)

    monkeypatch.setattr(area_stamps.locating, "locate_again", fails_once)
    assert len(stamp_due(governed.database)) == 1
    assert len(stamp_due(governed.database)) == 1


def test_a_change_whose_day_is_to_come_gives_nothing_away_yet(governed: Governed) -> None:
    merged(governed, SOON).approved(governed)
    assert stamp_due(governed.database) == []


def test_two_that_found_the_same_community_are_told_by_the_second_approval(governed: Governed) -> None:
    one, other = Drafting.begun(governed), Drafting.begun(governed, "drawer")
    one.drawn(op="regroup", codes=[code_of(0, 0)], to=NEW, name="东村")
    other.drawn(op="regroup", codes=[code_of(7, 0)], to=NEW, name="西村")
    one.submitted(SOON).approved(governed)
    other.done("", {"effective_on": SOON.isoformat()}, method="PATCH")
    refused = other.send("submit")
    assert refused.status_code in (409, 422), refused.get_json()
    assert areas_on(governed, SOON)[NEW]["name"] == "东村"


def test_who_is_responsible_for_one_community_founds_no_other(governed: Governed) -> None:
    draft = Drafting.begun(governed, "of_community")
    refused = draft.refused(op="regroup", codes=[code_of(0, 0)], to=NEW, name="新桥村")
    assert refused["reason"] == "above_scope"
    assert draft.refused(op="regroup", codes=[code_of(0, 0)], to=SECOND)["reason"] == "unknown_area"
    assert draft.again().state["operations"] == []


def test_the_code_of_a_new_community_is_held_against_its_town_while_drawing(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    refused = draft.refused(op="regroup", codes=[code_of(0, 0)], to="340523101003", name="新桥村")
    assert refused["reason"] == "other_town" and refused["codes"] == ["340523101003", TOWN]
    assert "340523101003" in refused["detail"] and refused["remedy"]
    assert draft.again().state["operations"] == []
    draft.drawn(op="rehang", areas=[SECOND], to="340523101", name="新城镇")
    draft.refused(op="regroup", codes=of(SECOND)[:1], to=NEW, name="新桥村")  # that of the other town, by its grids
    draft.drawn(op="regroup", codes=of(SECOND)[:1], to="340523101003", name="新桥村")


def test_splits_follow_in_a_community_of_the_same_draft(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    created = draft.drawn(op="regroup", codes=[code_of(0, 0), code_of(1, 0)], to=NEW, name="新桥村")["edit"]["created"]
    draft.drawn(op="split", code=created[0], line=across(0, 0))
    draft.submitted(SOON).approved(governed)
    assert [code for code in codes(governed.grids_on(SOON)) if code.startswith(NEW)] == [
        f"{NEW}002",
        f"{NEW}003",
        f"{NEW}004",
    ]
    require_unions(governed, SOON)


def _stamps(session: Any, county: int, code: str) -> dict[str, Any]:
    find = text("SELECT id FROM area WHERE county_id = :county AND tree = :tree AND code = :code")
    return {
        "county": county,
        "admin": session.scalar(find, {"county": county, "tree": "admin", "code": code}),
        "police": session.scalar(find, {"county": county, "tree": "police", "code": COUNTY}),
    }


def _camera(session: Any, county: int, code: str, x: float, y: float) -> None:
    session.execute(
        text(
            "INSERT INTO camera (county_id, admin_area_id, police_area_id, code, name, geom)"
            " VALUES (:county, :admin, :police, '34052300001310000001', '村口', ST_SetSRID(ST_MakePoint(:x, :y), 4326))"
        ),
        {**_stamps(session, county, code), "x": x, "y": y},
    )


def _call(session: Any, county: int, code: str, x: float, y: float) -> None:
    session.execute(
        text(
            "INSERT INTO incident (county_id, admin_area_id, police_area_id, case_kind, number, occurred_from, occurred_to, geom)"
            " VALUES (:county, :admin, :police, 'incident', '1', now(), now(), ST_SetSRID(ST_MakePoint(:x, :y), 4326))"
        ),
        {**_stamps(session, county, code), "x": x, "y": y},
    )


def test_a_grid_that_goes_along_is_no_gain_and_loss_before_the_approval_and_after_it(governed: Governed) -> None:
    draft = merged(governed, SOON)
    for state in ("review", "approved"):
        if state == "approved":
            draft.approved(governed)
        assert draft.state["status"] == state
        told = draft.hand.get(f"{draft.path}/impact").get_json()
        assert sorted(one["code_before"] for one in told["grids"]) == sorted([*of(FIRST), *of(SECOND)])
        assert {one["state"] for one in told["grids"]} == {"renumbered"}
        assert {one["code"][:12] for one in told["grids"]} == {NEW}
        (person,) = told["people"]  # of either community one of this name, who is one in the new one
        assert person["community"] == NEW and len(person["grids"]["before"]) == len(person["grids"]["after"]) > 20
        for row in (*told["grids"], person):
            for measure in ("area_m2", "workers"):
                numbers = row["numbers"].get(measure) or {"gained": 0, "lost": 0}
                assert (numbers["gained"], numbers["lost"]) == (0, 0)
        record = Paper(draft.hand.get(f"{draft.path}/record.pdf").data).text
        assert f"编号变动{NEW}001" in record and "撤销0个,新设0个,变动0个" in record
        assert f"{FIRST}001→{NEW}001" in record
