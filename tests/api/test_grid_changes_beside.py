"""Who draws in a part of a county is told what is under way on the same grids, also where he does not see the change."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from geo_app.database.scope import Scope
from geo_app.queries.grid_changes_beside import beside
from geo_app.queries.terms import today
from geo_app.services.counties import add_county
from tests.drafting import Drafting, across
from tests.made_grids import COMMUNITIES, Governed, code_of


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


def test_an_editor_of_a_community_is_told_of_the_countys_change_in_review(governed: Governed, now: date) -> None:
    of_county = Drafting.begun(governed, title="全县调整")
    of_county.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    of_county.submitted(now)
    mine = Drafting.begun(governed, "of_community", effective_on=now.isoformat())
    assert mine.hand.get(of_county.path).status_code == 404
    mine.drawn(op="describe", code=code_of(1, 0), name="新名")
    answer = mine.send("submit")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "being_reviewed")
    told = answer.get_json()["detail"]
    assert code_of(1, 0) in told and "全县调整" in told and "王芳" in told
    mine.done("undo")
    mine.drawn(op="describe", code=code_of(3, 3), name="新名")  # far from what is in review
    assert mine.done("submit")["status"] == "review"


def test_an_editor_of_a_community_is_told_who_draws_on_the_same_grids(governed: Governed) -> None:
    of_county = Drafting.begun(governed, title="全县调整")
    of_county.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    mine = Drafting.begun(governed, "of_community")
    mine.drawn(op="describe", code=code_of(0, 1), name="新名")  # the split put a vertex into it
    assert mine.state["lease"] == []
    of_county.hand.send(f"{of_county.path}/lease", {}, "PUT")
    [one] = mine.again().state["lease"]
    assert (one["user"], one["title"], one["codes"], one["mine"]) == ("王芳", "全县调整", [code_of(0, 1)], False)
    mine.hand.send(f"{mine.path}/lease", {}, "PUT")
    told = {one["user"]: (one["codes"], one["mine"]) for one in mine.again().state["lease"]}
    assert told == {"周平": ([], True), "王芳": ([code_of(0, 1)], False)}
    mine.done("undo")
    assert [one["user"] for one in mine.state["lease"]] == ["周平"]
    mine.done("redo")
    with governed.database.owner_session() as owner:
        owner.execute(text("UPDATE grid_lease SET until = now() - interval '1 second'"))
    assert mine.again().state["lease"] == []


def test_who_sees_nothing_of_a_county_is_told_nothing_of_its_changes(governed: Governed, now: date) -> None:
    change = Drafting.begun(governed)
    change.drawn(op="merge", codes=[code_of(0, 0), code_of(1, 0)])
    change.submitted(now)
    with governed.database.owner_session() as owner:
        add_county(owner, "340522", "邻县", 4548)
    for code, count in (("340522", 0), (COMMUNITIES[1], 1)):
        with governed.database.owner_session() as owner:
            ids = owner.scalars(text("SELECT id FROM area WHERE code = :code"), {"code": code}).all()
        with governed.database.session(Scope.of(ids), read_only=True) as session:
            assert len(beside(session, change_county(governed))) == count


def change_county(governed: Governed) -> int:
    return int(governed.rows("SELECT county_id FROM grid_change WHERE kind = 'edit'")[0][0])
