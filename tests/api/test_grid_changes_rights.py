"""Who decides about a change of grids, and from which day it may hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geo_app.queries.terms import today
from geo_app.services.users import add_user
from tests.drafting import Drafting, across
from tests.made_grids import COMMUNITIES, COUNTY, Governed, code_of, vertex
from tests.security.browsing import PASSWORD

SOUTH_WEST = [code_of(0, 0), code_of(1, 0)]


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


def test_what_the_county_approved_is_not_withdrawn_by_a_reviewer_of_a_community(governed: Governed, now: date) -> None:
    with governed.database.owner_session() as owner:
        area = owner.scalar(text("SELECT id FROM area WHERE code = :code"), {"code": COMMUNITIES[0]})
        add_user(owner, "low", "村审", PASSWORD, roles=["reviewer"], area_ids=[area])
    change = Drafting.begun(governed, "of_community")
    change.drawn(op="merge", codes=SOUTH_WEST)
    change.submitted(now + timedelta(days=5))
    low = change.of(governed, "low")
    assert not low.state["may"]["review"] and change.of(governed, "reviewer").state["may"]["review"]
    assert low.send("decision", {"decision": "approve"}).status_code == 403
    change.approved(governed)
    assert change.of(governed, "low").send("withdraw", {"comment": "不改了"}).status_code == 403
    assert change.of(governed, "reviewer").send("withdraw", {"comment": "不改了"}).status_code == 200


def test_whoever_submitted_a_change_does_not_approve_it(governed: Governed, now: date) -> None:
    with governed.database.owner_session() as owner:
        owner.execute(
            text("INSERT INTO user_role (user_id, role) SELECT id, 'reviewer' FROM app_user WHERE login = 'drawer'")
        )
    change = Drafting.begun(governed, "editor")
    change.drawn(op="merge", codes=SOUTH_WEST)
    other = change.of(governed, "drawer").submitted(now)
    assert not other.state["may"]["review"]
    assert other.send("decision", {"decision": "approve"}).status_code == 403
    assert other.approved(governed).state["status"] == "approved"


def test_a_chain_that_became_shorter_meanwhile_ends_with_its_last_step(governed: Governed, now: date) -> None:
    chain_is(governed, '["town", "county"]')
    change = Drafting.begun(governed)
    change.drawn(op="merge", codes=SOUTH_WEST)
    change.submitted(now).approved(governed, "reviewer")
    assert (change.state["status"], change.state["step"]) == ("review", 1)
    chain_is(governed, '["county"]')
    assert change.approved(governed, "second").state["status"] == "approved"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "２０２６-01-01"])
def test_days_without_a_day_before_or_far_away_are_refused(governed: Governed, day: str) -> None:
    change = Drafting.begun(governed)
    for name in ("effective_on", "surveyed_on", "approved_on"):
        assert change.send("", {name: day}, method="PATCH").status_code == 400
    assert change.send("", {"effective_on": "1900-01-01"}, method="PATCH").status_code == 200


def chain_is(governed: Governed, chain: Any) -> None:
    with governed.database.owner_session() as owner:
        owner.execute(
            text(
                "UPDATE county SET settings = settings || jsonb_build_object('grid_review_chain', CAST(:chain AS jsonb))"
            ),
            {"chain": chain},
        )


def test_nobody_hands_in_a_change_of_grids_outside_his_area(governed: Governed, now: date) -> None:
    draft = Drafting.begun(governed, "of_community", effective_on=now.isoformat())
    draft.drawn(op="merge", codes=[code_of(5, 0), code_of(6, 0)])  # of the other community
    answer = draft.send("submit")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "outside_area")
    assert code_of(5, 0) in answer.get_json()["detail"]
    draft.done("undo")
    draft.drawn(op="split", code=code_of(3, 1), line=across(3, 1))  # the neighbour there only gets a vertex
    assert code_of(4, 1) in draft.state["changed"]
    assert draft.done("submit")["status"] == "review"


def test_a_line_that_the_county_drew_better_is_no_change_for_who_sees_a_community_alone(
    governed: Governed, now: date
) -> None:
    draft = Drafting.begun(governed, reason_code="re_digitising")
    (x, y) = vertex(2.5, 2)
    draft.drawn(op="drag", at=[x, y], to=[x, y + 0.0001])
    draft.submitted(now).approved(governed)
    asked = {"county": COUNTY, "from": (now - timedelta(days=1)).isoformat(), "to": now.isoformat()}
    for login in ("leader", "of_community"):
        answer = governed.browser(login).get("/api/grids/compare", **asked)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        told = answer.get_json()
        assert {one["code"] for one in told["redrawn"]} == {code_of(2, 1), code_of(2, 2)}, (login, told)
        assert told["moved"] == [], login
