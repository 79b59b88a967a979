"""Drafts of grids that others change at the same time: codes, what is drawn again, and tags of what is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from geo_app.queries.terms import today
from tests.drafting import Drafting, across, people, sent
from tests.made_grids import Governed, code_of, vertex


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
