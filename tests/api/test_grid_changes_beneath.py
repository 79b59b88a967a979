"""Drafts of grids that others change at the same time: codes, what is drawn again, and tags of what is shown."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from geo_app.queries.terms import today
from grid_boundaries.coverage import check
from tests.drafting import Drafting, across, codes, people, sent
from tests.made_grids import COMMUNITIES, Governed, code_of, vertex


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


def test_a_code_that_others_gave_out_and_retired_meanwhile_is_not_given_again(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed)
    made = draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))["edit"]["created"]
    other = Drafting.begun(governed, "drawer")
    taken = other.drawn(op="split", code=code_of(2, 3), line=across(2, 3))["edit"]["created"]
    assert set(made) == set(taken)
    other.submitted(now).approved(governed)
    merged = Drafting.begun(governed, "drawer")
    merged.drawn(op="merge", codes=taken)
    merged.submitted(now).approved(governed)
    draft.again().done("", {"effective_on": now.isoformat()}, method="PATCH")
    assert draft.send("submit").get_json()["code"] == "changed_beneath"
    draft.done("rebase")
    assert set(draft.state["created"]).isdisjoint(taken)
    assert draft.submitted(now).approved(governed).state["status"] == "approved"


def test_what_was_drawn_on_a_grid_that_is_left_out_is_not_drawn_on_anothers_of_its_code(
    governed: Governed, now: date
) -> None:
    draft = Drafting.begun(governed)
    made = draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))["edit"]["created"]
    for code in made:
        draft.drawn(op="describe", code=code, name=f"新{code[-3:]}")
    other = Drafting.begun(governed, "drawer")
    lower = [[x, y - 0.0008] for x, y in across(1, 1)]
    assert set(other.drawn(op="split", code=code_of(1, 1), line=lower)["edit"]["created"]) == set(made)
    other.submitted(now).approved(governed)
    draft.again()
    assert len(draft.done("rebase")["left_out"]) == 3
    assert draft.state["operations"] == []


def test_what_was_undone_binds_a_draft_to_no_older_grid(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="describe", code=code_of(1, 1), name="甲")
    draft.done("undo")
    sent(governed, code_of(1, 1), "", {"name": "新名"}, "PATCH")
    draft.drawn(op="describe", code=code_of(1, 1), name="乙")
    assert draft.state["stale"] == []


def test_two_workers_of_one_name_are_both_handed_over(governed: Governed, now: date) -> None:
    numbers = {code_of(0, 0): "13800000001", code_of(1, 0): "13800000002"}
    for code, telephone in numbers.items():
        sent(governed, code, "/people", {"role": "full_time", "name": "王伟", "telephone": telephone})
    draft = Drafting.begun(governed)
    [made] = draft.drawn(op="merge", codes=list(numbers))["edit"]["created"]
    draft.submitted(now).approved(governed)
    found = [term["telephone"] for term in people(governed, made)["people"] if term["role"] == "full_time"]
    assert sorted(found) == sorted(numbers.values())


def test_the_tag_of_a_drafts_grids_changes_with_their_people(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="drag", at=list(vertex(5.5, 2)), to=[vertex(5.5, 2)[0], vertex(5.5, 2)[1] + 0.0003])
    first = draft.hand.get(draft.path + "/grids")
    sent(governed, code_of(1, 1), "/people", {"role": "grid_leader", "name": "李四", "telephone": "13800000000"})
    second = draft.hand.get(draft.path + "/grids")
    assert "李四" in second.get_json()["features"][9]["properties"].values()
    assert first.headers["ETag"] != second.headers["ETag"]
    assert draft.hand.get(draft.path + "/grids").headers["ETag"] == second.headers["ETag"]


def test_a_drawing_from_a_file_speaks_of_the_same_grids_when_it_is_drawn_again(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed, "drawer")
    half = draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))["edit"]["created"][0]
    draft.done("file", {"upload": draft.hand.sent("half.geojson", _renamed(draft, half, "滨河网格"))})
    other = Drafting.begun(governed)
    taken = other.drawn(op="split", code=code_of(3, 3), line=across(3, 3))["edit"]["created"]
    assert half in taken
    other.submitted(now).approved(governed)
    draft.again().done("rebase")
    assert draft.state["left_out"] == [] and [one for one in draft.state["faults"] if one["blocks"]] == []
    assert set(taken).isdisjoint([*draft.state["created"], *draft.state["changed"]])
    draft.submitted(now).approved(governed)
    after = governed.grids_on(now)
    assert check(after) == [] and set(taken) <= set(codes(after)) and "滨河网格" in after["name"].tolist()


def test_a_drawing_from_a_file_takes_no_grid_of_a_code_that_others_gave_out_meanwhile(
    governed: Governed, now: date
) -> None:
    draft = Drafting.begun(governed, "drawer")
    fresh = f"{COMMUNITIES[0]}017"
    draft.done("file", {"upload": draft.hand.sent("fresh.geojson", _renumbered(governed, code_of(1, 1), fresh))})
    other = Drafting.begun(governed)
    assert fresh in other.drawn(op="split", code=code_of(3, 3), line=across(3, 3))["edit"]["created"]
    other.submitted(now).approved(governed)
    draft.again().done("rebase")
    [left_out] = draft.state["left_out"]
    assert fresh in left_out["text"] and draft.state["operations"] == []


def test_a_file_with_the_code_of_a_grid_that_is_gone_is_refused_while_drawing(governed: Governed, now: date) -> None:
    gone = code_of(1, 1)
    first = Drafting.begun(governed)
    made = first.drawn(op="split", code=gone, line=across(1, 1))["edit"]["created"]
    first.submitted(now).approved(governed)
    draft = Drafting.begun(governed)
    answer = draft.send("file", {"upload": draft.hand.sent("old.geojson", _renumbered(governed, made[0], gone))})
    told = answer.get_json()
    assert (answer.status_code, told["reason"], told["codes"]) == (422, "code_taken", [gone])
    assert draft.again().state["position"] == 0


def _renamed(draft: Drafting, code: str, name: str) -> bytes:
    """A file with one grid of a draft under another name."""
    features = draft.hand.get(f"{draft.path}/grids").get_json()["features"]
    [shown] = [one for one in features if one["id"] == code]
    one = {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": shown["geometry"]}
    return json.dumps({"type": "FeatureCollection", "features": [one]}).encode()


def _renumbered(governed: Governed, code: str, new: str) -> bytes:
    """A file with all grids as they are, one of them under another code."""
    drawing = governed.heads()
    drawing["code"] = drawing["code"].replace(code, new)
    return drawing[["code", "name", "geometry"]].to_json(drop_id=True).encode()
