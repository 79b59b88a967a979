"""What a change does to communities and towns is told by name: in its steps, as a whole, and what can be chosen next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.drafting import Drafting
from tests.made_grids import COMMUNITIES, COUNTY, TOWN, Governed, code_of
from tests.papers.reading import A4_MM, Paper

SOON = date.today() + timedelta(days=10)
FIRST, SECOND = COMMUNITIES
NEW, NEW_TOWN = "340523100003", "340523102"
FIRST_GRIDS = [f"{FIRST}{number:03d}" for number in range(1, 17)]


def choice(draft: Drafting) -> dict[str, Any]:
    answer = draft.hand.get(draft.path + "/areas")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def drawn(governed: Governed) -> Drafting:
    """The first community as a part of a new one with a grid of the second, which goes to a new town under a new name."""
    draft = Drafting.begun(governed)
    draft.drawn(op="regroup", codes=[*FIRST_GRIDS, code_of(4, 0)], to=NEW, name="新桥村")
    draft.drawn(op="rehang", areas=[SECOND], to=NEW_TOWN, name="新城镇")
    draft.drawn(op="rename", area=SECOND, name="翠竹社区")
    return draft


def test_a_draft_lists_the_communities_and_towns_that_it_leaves_and_codes_that_are_given(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    assert [one["code"] for one in choice(draft)["areas"]] == [COUNTY, TOWN, FIRST, SECOND]
    draft = drawn(governed)
    found = choice(draft)
    assert [(one["code"], one["name"], one["level"], one["parent"]) for one in found["areas"]] == [
        (COUNTY, "演示县", "county", None), (TOWN, "演示镇", "town", COUNTY), (SECOND, "翠竹社区", "community", NEW_TOWN),
        (NEW, "新桥村", "community", TOWN), (NEW_TOWN, "新城镇", "town", COUNTY),
    ]  # fmt: skip
    assert {FIRST, SECOND, NEW, TOWN, NEW_TOWN} <= set(found["taken"])
    draft.done("undo")
    draft.done("undo")
    assert NEW_TOWN not in {one["code"] for one in choice(draft)["areas"]} | set(choice(draft)["taken"])


def test_who_sees_one_community_chooses_from_it_alone(governed: Governed) -> None:
    draft = Drafting.begun(governed, "of_community")
    assert [(one["code"], one["parent"]) for one in choice(draft)["areas"]] == [(FIRST, None)]


def test_each_step_says_by_name_where_things_went(governed: Governed) -> None:
    draft = drawn(governed)
    told = [(one["op"], one["into"], one["of"]) for one in draft.state["operations"]]
    assert told == [
        ("regroup", "新桥村", []), ("rehang", "新城镇", ["演示村2"]), ("rename", "翠竹社区", ["演示村2"]),
    ]  # fmt: skip
    draft.submitted(SOON).approved(governed)
    assert [(one["op"], one["into"], one["of"]) for one in draft.state["operations"]] == told


def test_what_becomes_of_areas_is_told_alike_before_the_approval_and_after_it(governed: Governed) -> None:
    draft = drawn(governed)
    before = {one["code"]: one for one in draft.state["areas"]}
    assert before[FIRST]["is_retired"] and before[FIRST]["parent_name"] == "新桥村"
    assert before[NEW]["is_new"] and before[NEW]["parent_name"] == "演示镇"
    moved = before[SECOND]
    assert (moved["name_before"], moved["parent_before"], moved["parent_name"]) == ("演示村2", "演示镇", "新城镇")
    assert moved["has_other_land"] and before[TOWN]["name_before"] is before[TOWN]["parent_before"] is None
    draft.submitted(SOON).approved(governed)
    assert {one["code"]: one for one in draft.again().state["areas"]} == before
    assert [one["code"] for one in draft.state["areas"]][:2] == [TOWN, NEW_TOWN]


def record(draft: Drafting) -> Paper:
    answer = draft.hand.get(draft.path + "/record.pdf")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return Paper(answer.data)


def test_the_record_names_communities_and_towns_with_their_codes_as_drawn_and_as_written(governed: Governed) -> None:
    draft = drawn(governed)
    for paper in (record(draft), record(draft.submitted(SOON).approved(governed))):
        for said in (f"{NEW}新桥村", f"{FIRST}演示村1", f"{SECOND}翠竹社区", f"{NEW_TOWN}新城镇"):
            assert said in paper.text, said
        assert "演示村2" in paper.text.split(f"{SECOND}翠竹社区")[1].split(NEW)[0]  # what it was called
        assert A4_MM[::-1] in paper.sizes_mm()


def test_a_new_name_alone_has_a_record_without_maps_and_a_place_in_the_pack(governed: Governed) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="rename", area=FIRST, name="翠竹社区")
    for paper in (record(draft), record(draft.submitted(date.today()).approved(governed))):
        assert f"{FIRST}翠竹社区" in paper.text and "演示村1" in paper.text
        assert set(paper.sizes_mm()) == {A4_MM}
    job = draft.hand.send("/api/grid-packs", {"county": COUNTY}).get_json()["id"]
    assert draft.hand.done(job)["status"] == "done"
