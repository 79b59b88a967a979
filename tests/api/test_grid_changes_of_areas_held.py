"""The code of an area whose change was withdrawn: taken up again by who sees it, refused in words to who does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from geo_app.services import storing
from tests.api.test_grid_changes_of_areas import FIRST, NEW, SECOND, SOON, TODAY, areas_on, merged, of
from tests.api.test_grid_changes_of_areas_again import LATER, brought, person, withdrawn
from tests.drafting import Drafting
from tests.made_grids import TOWN, Governed

EAST_TOWN = "XC-2"  # a local code, to which no code of a community is held
ANOTHER = "340523100004"


@pytest.fixture
def held(governed: Governed) -> Governed:
    """Two towns, each with a community; one of the first town was founded, and its change withdrawn."""
    draft = Drafting.begun(governed)
    draft.drawn(op="rehang", areas=[SECOND], to=EAST_TOWN, name="新城镇")
    draft.submitted(TODAY).approved(governed)
    founded = Drafting.begun(governed)
    founded.drawn(op="regroup", codes=of(FIRST)[:2], to=NEW, name="新桥村", under=TOWN)
    founded.submitted(SOON).approved(governed)
    assert withdrawn(governed, founded).status_code == 200
    with governed.database.owner_session() as owner:
        owner.execute(text("""UPDATE county SET settings = settings || '{"grid_review_chain": ["town"]}'"""))
    person(governed, "east_editor", "grid_editor", EAST_TOWN)
    person(governed, "east_reviewer", "reviewer", EAST_TOWN)
    return governed


def founded_in_the_east(governed: Governed) -> Drafting:
    draft = Drafting.begun(governed, "east_editor")
    draft.drawn(op="regroup", codes=of(SECOND)[:2], to=NEW, name="东桥村", under=EAST_TOWN)
    draft.done("", {"effective_on": LATER.isoformat()}, method="PATCH")
    draft.done("submit")
    return draft


def test_a_code_that_who_approves_does_not_see_is_refused_in_words_and_another_is_free(held: Governed) -> None:
    draft = founded_in_the_east(held)
    answer = draft.of(held, "east_reviewer").send("decision", {"decision": "approve"})
    body = answer.get_json()
    assert (answer.status_code, body["code"]) == (409, "area_code_held"), body
    assert NEW in body["detail"] and body["remedy"]
    assert draft.again().state["status"] == "review"
    draft.of(held, "east_reviewer").done("decision", {"decision": "send_back", "comment": "换一个代码"})
    draft.again().done("undo")
    draft.drawn(op="regroup", codes=of(SECOND)[:2], to=ANOTHER, name="东桥村", under=EAST_TOWN)
    draft.done("submit")
    assert draft.approved(held, "east_reviewer").state["status"] == "approved"
    assert areas_on(held, LATER)[ANOTHER]["name"] == "东桥村"


def test_who_sees_the_row_takes_the_code_up_again_under_another_town(held: Governed) -> None:
    draft = founded_in_the_east(held).approved(held)
    assert draft.state["status"] == "approved"
    found = areas_on(held, LATER)
    assert (found[NEW]["name"], found[NEW]["parent"]) == ("东桥村", found[EAST_TOWN]["id"])


@pytest.mark.parametrize(
    ("taken_back", "counts"), [(True, (1, 0, 0)), (False, (0, 0, 1))], ids=["withdrawn", "decided"]
)
def test_a_file_that_was_read_while_its_area_was_founded_takes_its_code_up_or_leaves_it(
    governed: Governed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken_back: bool, counts: tuple[int, ...]
) -> None:
    outline = governed.outlines_on(TODAY, "community")[FIRST]
    right = storing.grid_heads.lock

    def founded_before(*given: Any) -> None:
        monkeypatch.setattr(storing.grid_heads, "lock", right)
        change = merged(governed, SOON).approved(governed)
        assert not taken_back or withdrawn(governed, change).status_code == 200
        right(*given)

    monkeypatch.setattr(storing.grid_heads, "lock", founded_before)
    report = brought(governed, tmp_path / "areas.geojson", (NEW, "别名村", "community", TOWN, outline))
    assert (report.stored, report.updated, report.quarantined) == counts, report
    assert areas_on(governed, SOON)[NEW]["name"] == ("别名村" if taken_back else "新桥村")
