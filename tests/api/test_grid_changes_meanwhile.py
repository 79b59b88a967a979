"""What happens between the approval of a change of grids and its day, and what is left of it when the change is withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import grid_change_papers
from geo_app.queries.grid_change_papers import ChangeRow
from geo_app.queries.terms import today
from tests.drafting import Drafting, across, codes, people, sent
from tests.made_grids import Governed, code_of


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


def test_a_grid_renamed_meanwhile_is_there_when_the_change_that_would_end_it_is_withdrawn(
    governed: Governed, now: date
) -> None:
    day = now + timedelta(days=10)
    before = governed.grids_on(day)
    change, _ = split_from(governed, day)
    sent(governed, code_of(1, 1), "", {"name": "新名"}, "PATCH")
    change.of(governed, "reviewer").done("withdraw", {"comment": "不改了"})
    for when in (now, day, day + timedelta(days=400)):
        after = governed.grids_on(when)
        assert codes(after) == codes(before) and after.geometry.geom_equals(before.geometry).all()
        assert after.set_index("code").loc[code_of(1, 1), "name"] == "新名"


def test_a_grid_renamed_meanwhile_keeps_its_new_name_when_its_new_line_holds(governed: Governed, now: date) -> None:
    day = now + timedelta(days=10)
    change, _ = split_from(governed, day)
    beside = code_of(0, 1)  # which only gains a vertex
    for name in ("新名", "更新的名"):
        sent(governed, beside, "", {"name": name}, "PATCH")
        assert governed.grids_on(now).set_index("code").loc[beside, "name"] == name
        assert governed.grids_on(day).set_index("code").loc[beside, "name"] == name
    assert len(governed.grids_on(day).set_index("code").loc[beside, "geometry"].geoms[0].exterior.coords) == 10
    change.of(governed, "reviewer").done("withdraw", {"comment": "不改了"})
    assert governed.grids_on(day).set_index("code").loc[beside, "name"] == "更新的名"


def test_a_name_corrected_after_a_draft_was_drawn_beside_it_is_not_undone_by_it(governed: Governed, now: date) -> None:
    beside = code_of(0, 1)
    sent(governed, beside, "", {"name": "新名"}, "PATCH")
    draft = Drafting.begun(governed)
    draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    sent(governed, beside, "", {"name": "更新的名"}, "PATCH")  # of the same version
    draft.submitted(now).approved(governed)
    assert governed.grids_on(now).set_index("code").loc[beside, "name"] == "更新的名"


def test_people_corrected_meanwhile_keep_their_grid_when_the_change_is_withdrawn(governed: Governed, now: date) -> None:
    day = now + timedelta(days=10)
    change, _ = split_from(governed, day)
    [term] = people(governed, code_of(1, 1))["history"]
    sent(governed, code_of(1, 1), f"/people/{term['id']}", {"telephone": "13911112222"}, "PATCH")
    change.of(governed, "reviewer").done("withdraw", {"comment": "不改了"})
    [term] = people(governed, code_of(1, 1))["history"]
    assert (term["name"], term["telephone"], term["until"]) == ("张三", "13911112222", None)


def test_changes_that_stand_on_each_other_are_withdrawn_one_after_the_other(governed: Governed, now: date) -> None:
    day = now + timedelta(days=10)
    before = governed.grids_on(day)
    first, made = split_from(governed, day)
    for later in (day, day + timedelta(days=1)):
        second = Drafting.begun(governed)
        second.drawn(op="merge", codes=made)
        second.submitted(later).approved(governed)
        assert first.of(governed, "reviewer").send("withdraw", {"comment": "不改了"}).status_code == 409
        second.of(governed, "reviewer").done("withdraw", {"comment": "不改了"})
        assert set(made) <= set(codes(governed.grids_on(later)))
        assert list(governed.grids_on(later).set_index("code").loc[made, "leader"]) == ["张三"] * 2
    first.of(governed, "reviewer").done("withdraw", {"comment": "不改了"})
    after = governed.grids_on(day + timedelta(days=2))
    assert codes(after) == codes(before) and after.geometry.geom_equals(before.geometry).all()
    assert list(after["leader"].fillna("")) == list(before["leader"].fillna(""))


def split_from(governed: Governed, day: date) -> tuple[Drafting, list[str]]:
    """An approved change that splits a grid from a day on, and the codes of the halves."""
    change = Drafting.begun(governed)
    made = change.drawn(op="split", code=code_of(1, 1), line=across(1, 1))["edit"]["created"]
    return change.submitted(day).approved(governed), made


def test_a_leader_appointed_meanwhile_leads_the_new_grids_from_their_day(governed: Governed, now: date) -> None:
    day = now + timedelta(days=10)
    change, made = split_from(governed, day)
    parent = code_of(1, 1)
    sent(governed, parent, "/people", {"role": "full_time", "name": "吕燕", "telephone": "13900000001"})
    sent(governed, parent, "/people", {"role": "grid_leader", "name": "李四", "telephone": "13900000000"})
    leader = next(term for term in people(governed, parent)["history"] if term["name"] == "李四")
    sent(governed, parent, f"/people/{leader['id']}", {"telephone": "13911112222"}, "PATCH")
    assert governed.grids_on(now).set_index("code").loc[parent, "leader"] == "李四"
    after = governed.grids_on(day).set_index("code").loc[made]
    assert after["leader"].tolist() == ["李四", "李四"] and after["workers"].tolist() == ["吕燕", "吕燕"]
    assert after["leader_telephone"].tolist() == ["13911112222", "13911112222"]
    assert parent not in governed.grids_on(day)["code"].tolist()
    change.of(governed, "reviewer").done("withdraw", {"comment": "不改了"})
    held = governed.grids_on(day + timedelta(days=30)).set_index("code").loc[parent]
    assert (held["leader"], held["leader_telephone"], held["workers"]) == ("李四", "13911112222", "吕燕")


def test_what_gets_another_name_on_the_day_of_a_change_stays_in_its_record(governed: Governed, now: date) -> None:
    change, made = split_from(governed, now)
    number, beside = change.state["id"], code_of(0, 1)  # which only gained a vertex
    for code in (made[0], beside):
        for name in ("新名", "更新的名"):
            sent(governed, code, "", {"name": name}, "PATCH")
    with governed.database.session(governed.county_scope(), read_only=True) as session:
        county = governed.county()
        _, after = grid_change_papers.before_and_after(session, county, number, now)
        counts = {row.id: (row.created, row.retired, row.changed) for row in _changes(session, county, now)}
    assert codes(after.sort_values("code")) == codes(governed.grids_on(now))
    assert counts[number][:2] == (2, 1) and all(created == 0 for one, (created, *_) in counts.items() if one != number)


def _changes(session: Session, county: County, day: date) -> list[ChangeRow]:
    return [
        row for row in grid_change_papers.changes(session, county, day - timedelta(days=1), day) if row.kind != "import"
    ]


@pytest.mark.parametrize("wait", [0, 10])
def test_the_second_change_of_a_day_is_told_from_what_the_first_left(governed: Governed, now: date, wait: int) -> None:
    day = now + timedelta(days=wait)
    first, made = split_from(governed, day)
    second = Drafting.begun(governed)
    second.drawn(op="merge", codes=[made[0], made[1]])
    second.submitted(day).approved(governed)
    with governed.database.session(governed.county_scope(), read_only=True) as session:
        county = governed.county()
        sides = [grid_change_papers.before_and_after(session, county, one.state["id"], day) for one in (first, second)]
    for before, after in sides:
        for frame in (before, after):
            assert shapely.coverage_is_valid(frame.geometry.to_numpy()) and frame["code"].is_unique
        assert shapely.equals_exact(before.union_all(), after.union_all(), 1e-9, normalize=True)
    assert set(made) <= set(sides[0][1]["code"]) and set(made) <= set(sides[1][0]["code"])
    assert not set(made) & {*sides[0][0]["code"], *sides[1][1]["code"]}
