"""Two who change one area at once: the later one is told what changed beneath it, and what does not contradict holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geo_app.services import area_changes
from tests.api.test_grid_changes_of_areas import FIRST, NEW, SECOND, SOON, TODAY, areas_on, merged, of
from tests.api.test_grid_changes_of_areas_again import LATER, OTHER_TOWN, brought, withdrawn
from tests.drafting import Drafting, across
from tests.made_grids import TOWN, Governed, code_of
from tests.made_police import EAST_STATION, ZONES

RENAMED: dict[str, Any] = {"op": "rename", "area": FIRST, "name": "甲村"}
MOVED: dict[str, Any] = {"op": "rehang", "areas": [FIRST], "to": OTHER_TOWN, "name": "新城镇"}


def drawn(governed: Governed, login: str, *operations: dict[str, Any], title: str = "调整", **form: Any) -> Drafting:
    draft = Drafting.begun(governed, login, title=title, **form)
    for operation in operations:
        draft.drawn(**operation)
    return draft


def told(draft: Drafting, day: Any = SOON) -> str:
    """What the refusal of a submission says, of a draft beneath which something changed."""
    draft.again().done("", {"effective_on": day.isoformat()}, method="PATCH")
    answer = draft.send("submit")
    body = answer.get_json()
    assert (answer.status_code, body["code"]) == (409, "changed_beneath"), body
    return str(body["detail"])


def test_the_second_of_two_names_of_an_area_is_told_and_holds_once_it_is_brought_up_to_date(governed: Governed) -> None:
    one, other = drawn(governed, "editor", RENAMED), drawn(governed, "drawer", RENAMED | {"name": "乙村"})
    one.submitted(SOON).approved(governed)
    assert f"演示村1 {FIRST}" in told(other, LATER)
    assert [one["code"] for one in other.state["stale_areas"]] == [FIRST]
    assert other.send("operations", {"op": "rename", "area": SECOND, "name": "丙村"}).status_code == 409
    other.done("rebase")
    assert other.state["stale_areas"] == [] and other.state["left_out"] == []
    [area] = other.state["areas"]
    assert (area["name_before"], area["name"]) == ("甲村", "乙村")
    other.submitted(LATER).approved(governed)
    assert [areas_on(governed, day)[FIRST]["name"] for day in (TODAY, SOON, LATER)] == ["演示村1", "甲村", "乙村"]


def test_of_two_names_of_an_area_that_nobody_has_decided_the_second_is_not_submitted(governed: Governed) -> None:
    drawn(governed, "editor", RENAMED, title="第一村改名").submitted(SOON)
    other = drawn(governed, "drawer", RENAMED | {"name": "乙村"}, effective_on=SOON.isoformat())
    answer = other.send("submit")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "being_reviewed")
    assert FIRST in answer.get_json()["detail"] and "第一村改名" in answer.get_json()["detail"]
    other.done("undo")
    other.drawn(**RENAMED | {"area": SECOND})
    assert other.done("submit")["status"] == "review"


def test_a_name_that_came_otherwise_while_a_change_waited_is_told_by_its_approval(
    governed: Governed, tmp_path: Path
) -> None:
    draft = drawn(governed, "editor", RENAMED).submitted(SOON)
    outline = governed.outlines_on(TODAY, "community")[FIRST]
    assert brought(governed, tmp_path / "areas.geojson", (FIRST, "勘误村", "community", TOWN, outline)).updated == 1
    other = draft.of(governed, "reviewer")
    answer = other.send("decision", {"decision": "approve"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "changed_beneath"), answer.get_json()
    assert [one["code"] for one in other.state["stale_areas"]] == [FIRST]
    other.done("decision", {"decision": "send_back", "comment": "名称已更正"})
    draft.again().done("rebase")
    assert draft.submitted(SOON).approved(governed).state["status"] == "approved"


def test_a_name_and_another_town_of_one_community_both_hold(governed: Governed) -> None:
    one, other = drawn(governed, "editor", RENAMED), drawn(governed, "drawer", MOVED)
    one.submitted(SOON)
    other.submitted(SOON).approved(governed)
    one.approved(governed)
    found = areas_on(governed, SOON)
    assert (found[FIRST]["name"], found[FIRST]["parent"]) == ("甲村", found[OTHER_TOWN]["id"])


def test_the_second_of_two_towns_of_a_community_is_told(governed: Governed) -> None:
    one = drawn(governed, "editor", MOVED)
    other = drawn(governed, "drawer", MOVED | {"to": "340523103", "name": "新港镇"})
    one.submitted(SOON).approved(governed)
    assert f"演示村1 {FIRST}" in told(other, LATER)
    other.done("rebase")
    other.submitted(LATER).approved(governed)
    found = areas_on(governed, LATER)
    assert found[FIRST]["parent"] == found["340523103"]["id"]


def test_who_puts_grids_into_a_community_that_ended_is_told(governed: Governed) -> None:
    other = drawn(governed, "drawer", {"op": "regroup", "codes": of(SECOND)[:1], "to": FIRST})
    drawn(governed, "editor", {"op": "regroup", "codes": of(FIRST), "to": NEW, "name": "新桥村"}).submitted(
        SOON
    ).approved(governed)
    assert f"演示村1 {FIRST}" in told(other, LATER)
    assert [one["asked"]["op"] for one in other.done("rebase")["left_out"]] == ["regroup"]


def test_who_puts_grids_into_a_community_whose_change_was_withdrawn_is_told(governed: Governed) -> None:
    founded = merged(governed, SOON).approved(governed)
    other = drawn(governed, "drawer", {"op": "rename", "area": NEW, "name": "新村"})
    assert withdrawn(governed, founded).status_code == 200
    assert NEW in told(other, LATER)


def test_who_founds_what_others_founded_meanwhile_is_told(governed: Governed) -> None:
    other = drawn(governed, "drawer", MOVED | {"areas": [SECOND], "name": "新港镇"})
    drawn(governed, "editor", MOVED).submitted(SOON).approved(governed)
    assert other.again().state["stale_areas"] == [{"code": OTHER_TOWN, "name": "新城镇"}]
    assert OTHER_TOWN in told(other, LATER)
    assert [one["asked"]["op"] for one in other.done("rebase")["left_out"]] == ["rehang"]


def test_who_puts_a_community_under_a_town_that_ended_is_told(governed: Governed) -> None:
    drawn(governed, "editor", MOVED).submitted(TODAY).approved(governed)
    other = drawn(governed, "drawer", {"op": "rehang", "areas": [FIRST], "to": TOWN})
    back = {"op": "rehang", "areas": [SECOND], "to": OTHER_TOWN}
    drawn(governed, "editor", back).submitted(SOON).approved(governed)
    assert TOWN in told(other, LATER)


def test_who_ends_a_community_into_which_others_put_a_grid_is_told(governed: Governed) -> None:
    ending = drawn(governed, "editor", {"op": "regroup", "codes": of(FIRST), "to": SECOND})
    assert [one["is_retired"] for one in ending.state["areas"] if one["code"] == FIRST] == [True]
    given = drawn(governed, "drawer", {"op": "regroup", "codes": [code_of(7, 0)], "to": FIRST})
    given.submitted(SOON).approved(governed)
    assert f"演示村1 {FIRST}" in told(ending, LATER)
    ending.done("rebase")
    assert [one["code"] for one in ending.state["areas"] if one["is_retired"]] == []


def test_a_step_that_was_undone_takes_an_area_for_nothing(governed: Governed) -> None:
    other = drawn(governed, "drawer", {"op": "rename", "area": SECOND, "name": "丙村"}, RENAMED | {"name": "乙村"})
    other.done("undo")
    drawn(governed, "editor", RENAMED).submitted(SOON).approved(governed)
    assert other.again().state["stale_areas"] == []
    other.done("redo")
    assert [one["code"] for one in other.state["stale_areas"]] == [FIRST]


@pytest.mark.parametrize("operation", [
    {"op": "regroup", "codes": [ZONES[0]], "to": EAST_STATION},
    {"op": "merge", "codes": [ZONES[0], ZONES[1]]},
], ids=["regroup", "merge"])  # fmt: skip
def test_a_draft_of_zones_that_are_gone_is_read_and_told(policed: Governed, operation: dict[str, Any]) -> None:
    other = drawn(policed, "drawer", operation, subject="police")
    one = Drafting.begun(policed, subject="police")
    (x, y), (x2, y2) = across(0, 1)
    one.drawn(op="split", code=ZONES[0], line=[[x - 0.1, y], [x2 + 0.1, y2]])
    one.submitted(SOON).approved(policed)
    assert ZONES[0] in told(other, LATER)


def test_a_station_and_a_community_of_one_code_stand_in_no_ones_way(policed: Governed) -> None:
    police = Drafting.begun(policed, "editor", subject="police", title="派出所")
    police.drawn(op="regroup", codes=list(ZONES[2:]), to=FIRST, name="新所")
    police.submitted(TODAY).approved(policed)
    again = Drafting.begun(policed, "editor", subject="police", title="派出所更名")
    again.drawn(op="rename", area=FIRST, name="城东新所")
    again.submitted(SOON)
    other = drawn(policed, "drawer", RENAMED, effective_on=SOON.isoformat())
    assert other.done("submit")["status"] == "review"


def test_what_becomes_of_areas_is_worked_out_once_for_an_answer(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out = []
    real = area_changes.arranged

    def counted(*asked: Any, **more: Any) -> Any:
        worked_out.append(more)
        return real(*asked, **more)

    draft = merged(governed, SOON)
    monkeypatch.setattr(area_changes, "arranged", counted)
    draft.again()
    assert len(worked_out) == 1
