"""The people of grids over HTTP: appointed, corrected, ended, taken back; strict about what is sent and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from geo_app.database.engine import Database
from geo_app.models import Area, County
from geo_app.services.users import add_user
from tests.mesa import FOREIGN, browser_of
from tests.security.browsing import JSON, PASSWORD, csrf_token

TODAY = datetime.now(UTC).astimezone(ZoneInfo("America/Phoenix")).date()


class Office:
    """A browser of somebody who appoints."""

    def __init__(self, app: Flask, login: str) -> None:
        self.client = browser_of(app, login)
        self.headers = {**JSON, "X-CSRFToken": csrf_token(self.client, "/password")}

    def listed(self, more: str = "") -> dict[str, Any]:
        answer = self.client.get(f"/api/grid-people?county=mesa{more}")
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    def grid(self, code: str, more: str = "") -> dict[str, Any]:
        return next(grid for grid in self.listed(more)["grids"] if grid["code"] == code)

    def people(self, code: str) -> dict[str, Any]:
        return self.client.get(f"/api/grids/{self.grid(code)['id']}/people").get_json()

    def send(self, code: str, more: str, value: Any, method: str = "POST", tag: str | None = None) -> TestResponse:
        grid = self.grid(code)
        headers = {**self.headers, "If-Match": f'"{tag or grid["tag"]}"'}
        return self.client.open(f"/api/grids/{grid['id']}{more}", method=method, json=value, headers=headers)

    def appoint(self, code: str, **said: Any) -> TestResponse:
        return self.send(code, "/people", {"role": "grid_leader", **said})


@pytest.fixture
def office(mesa_app: Flask, mesa: Database) -> Office:
    with mesa.owner_session() as owner:
        for login, code in (("editor", "mesa"), ("elsewhere", FOREIGN)):
            areas = owner.scalars(select(Area.id).join(County, County.id == Area.county_id).where(County.code == code))
            add_user(owner, login, "何编", PASSWORD, roles=["grid_editor"], area_ids=areas.all())
    return Office(mesa_app, "editor")


@pytest.fixture
def audited(mesa: Database) -> Iterator[list[str]]:
    found: list[str] = []
    yield found
    with mesa.owner_session() as owner:
        rows = owner.execute(
            text("SELECT action, object_kind FROM audit_entry WHERE action ~ '^grid' ORDER BY id")
        ).all()
    assert [row.action for row in rows] == found and {row.object_kind for row in rows} <= {"grid"}


def names(grid: dict[str, Any], role: str = "grid_leader") -> list[tuple[str, str | None]]:
    return [(one["name"], one["telephone"]) for one in grid["people"] if one["role"] == role and one["holds"]]


def versions(database: Database) -> list[tuple]:
    with database.owner_session() as owner:
        return [
            tuple(row) for row in owner.execute(text("SELECT id, geom::text, recorded::text FROM grid ORDER BY id"))
        ]


def test_every_grid_is_listed_with_its_people_and_what_it_waits_for(office: Office) -> None:
    found = office.listed()
    assert (len(found["grids"]), found["without_leader"], found["without_telephone"], found["open_items"]) == (
        12,
        2,
        1,
        3,
    )
    assert [grid["code"] for grid in found["grids"] if grid["waits_for"] == "leader"] == ["mesa-004", "mesa-009"]
    assert names(office.grid("mesa-001")) == [("陈立群（演示）", "480-555-0101")]
    items = office.client.get("/api/grids/open-items?county=mesa").get_json()
    assert (items["count"], items["without_leader"], items["without_telephone"]) == (3, 2, 1)
    assert [(one["code"], one["waits_for"]) for one in items["items"]] == [
        ("mesa-004", "leader"), ("mesa-007", "telephone"), ("mesa-009", "leader")
    ]  # fmt: skip
    grid = office.client.get("/api/grids?county=mesa").get_json()["grids"][0]
    assert (grid["leader"], grid["leader_telephone"]) == ("陈立群（演示）", "480-555-0101")


def test_a_new_leader_ends_the_former_one_and_touches_no_line(
    office: Office, mesa: Database, audited: list[str]
) -> None:
    before = versions(mesa)
    answer = office.appoint("mesa-001", name="林新", telephone="480-555-0177")
    assert (answer.status_code, names(answer.get_json())) == (201, [("林新", "480-555-0177")])
    assert [(one["name"], one["since"], one["until"]) for one in answer.get_json()["history"]] == [
        ("林新", TODAY.isoformat(), None), ("陈立群（演示）", None, (TODAY - timedelta(days=1)).isoformat())
    ]  # fmt: skip
    assert names(office.grid("mesa-001", f"&as_of={TODAY - timedelta(days=1)}")) == [("陈立群（演示）", "480-555-0101")]
    assert office.client.get("/api/grids?county=mesa").get_json()["grids"][0]["leader"] == "林新"
    assert versions(mesa) == before
    audited.append("grid_people:appoint")


def test_an_open_item_is_closed_by_an_appointment_and_open_again_when_it_is_taken_back(office: Office) -> None:
    assert office.appoint("mesa-004", name="林新").get_json()["waits_for"] == "telephone"
    assert office.listed()["open_items"] == 3
    term = office.people("mesa-004")["people"][0]
    corrected = office.send("mesa-004", f"/people/{term['id']}", {"telephone": "480-555-0177"}, "PATCH").get_json()
    assert (corrected["waits_for"], office.listed()["open_items"]) == ("", 2)
    back = office.send("mesa-004", "/people/take-back", {}).get_json()
    assert (back["waits_for"], names(back)) == ("telephone", [("林新", None)])
    again = office.send("mesa-004", "/people/take-back", {}).get_json()  # what was taken back comes back
    assert names(again) == [("林新", "480-555-0177")]


def test_what_came_with_the_grid_cannot_be_taken_back(office: Office) -> None:
    assert office.people("mesa-001")["can_take_back"] is False
    answer = office.send("mesa-001", "/people/take-back", {})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "nothing_to_take_back")


def test_workers_come_and_go_with_their_days(office: Office, audited: list[str]) -> None:
    monday = TODAY + timedelta(days=7)
    office.send("mesa-002", "/people", {"role": "full_time", "name": "王一", "telephone": "1"})
    grid = office.send(
        "mesa-002", "/people", {"role": "part_time", "name": "李二", "since": monday.isoformat()}
    ).get_json()
    assert (names(grid, "full_time"), names(grid, "part_time")) == ([("王一", "1")], [])
    assert names(office.grid("mesa-002", f"&as_of={monday}"), "part_time") == [("李二", None)]
    first = next(one for one in grid["people"] if one["name"] == "王一")
    grid = office.send("mesa-002", f"/people/{first['id']}/end", {"on": monday.isoformat()}).get_json()
    [kept] = [one for one in grid["people"] if one["name"] == "王一"]
    assert (kept["id"], kept["until"]) == (first["id"], (monday - timedelta(days=1)).isoformat())
    later = next(one for one in grid["people"] if one["name"] == "李二")
    grid = office.send("mesa-002", f"/people/{later['id']}/end", {}).get_json()  # never begins
    assert "李二" not in {one["name"] for one in grid["history"]}
    audited += ["grid_people:appoint"] * 2 + ["grid_people:end"] * 2


def test_a_name_and_a_kind_change_from_today_and_the_line_stays(
    office: Office, mesa: Database, audited: list[str]
) -> None:
    shapes = {row[1] for row in versions(mesa)}
    grid = office.send("mesa-001", "", {"name": "滨河网格", "kind": "dedicated"}, "PATCH").get_json()
    assert (grid["name"], grid["kind"], names(grid)) == ("滨河网格", "dedicated", [("陈立群（演示）", "480-555-0101")])
    assert office.grid("mesa-001", f"&as_of={TODAY - timedelta(days=1)}")["name"] == "第01网格"
    assert {row[1] for row in versions(mesa)} == shapes
    again = office.send("mesa-001", "", {"name": "河滨网格"}, "PATCH").get_json()  # the same day: a correction
    assert (again["name"], again["kind"]) == ("河滨网格", "dedicated")
    with mesa.owner_session() as owner:
        held = owner.execute(
            text(
                "SELECT name, lower(valid), upper(valid) FROM grid WHERE code = 'mesa-001' AND upper_inf(recorded) ORDER BY id"
            )
        ).all()
    assert [tuple(row) for row in held] == [("第01网格", None, TODAY), ("河滨网格", TODAY, None)]
    audited += ["grid:describe"] * 2


def test_G_who_changes_what_he_saw_before_somebody_else_is_told_and_nothing_is_written(
    office: Office, mesa: Database
) -> None:
    seen = office.grid("mesa-001")["tag"]
    assert office.appoint("mesa-001", name="林新").status_code == 201
    for more, method, value in (
        ("/people", "POST", {"role": "grid_leader", "name": "何旧"}),
        (f"/people/{office.people('mesa-001')['people'][0]['id']}", "PATCH", {"name": "何旧"}),
        ("/people/take-back", "POST", {}),
        ("", "PATCH", {"name": "旧"}),
    ):
        answer = office.send("mesa-001", more, value, method, tag=seen)
        assert (answer.status_code, answer.get_json()["code"]) == (412, "stale"), more
    grid = office.grid("mesa-001")
    bare = office.client.patch(f"/api/grids/{grid['id']}", json={"name": "a"}, headers=office.headers)
    assert (bare.status_code, bare.get_json()["code"]) == (428, "tag_needed")
    assert (grid["name"], names(grid)) == ("第01网格", [("林新", None)])


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""}, {"name": "  "}, {}, {"name": "a" * 61}, {"name": "a\nb"}, {"name": 3}, {"name": "a", "role": "king"},
        {"name": "a", "telephone": "<b>"}, {"name": "a", "since": "2026-02-30"}, {"name": "a", "since": "0001-01-01"},
        {"name": "a", "since": "2026-02-02", "until": "2026-02-01"}, {"name": "a", "grid": 1},
        {"name": "a", "until": "9999-12-31"}, {"name": "\u200b\u202e"},
    ],
)  # fmt: skip
def test_an_appointment_is_read_strictly(office: Office, said: dict[str, Any]) -> None:
    assert office.appoint("mesa-001", **said).status_code == 400


def test_names_and_numbers_are_taken_as_they_are_meant_whatever_keyboard_wrote_them(office: Office) -> None:
    grid = office.appoint(
        "mesa-001", name="\u202e刘\u200b洋 ", telephone="（０５５５）１２３４５６７—２，139 0000 0000"
    ).get_json()
    assert ("刘洋", "(0555)1234567-2,139 0000 0000") in names(grid)
    refused = office.appoint("mesa-002", name="刘洋", telephone="未装")
    assert "电话 (telephone)" in refused.get_json()["detail"]


def test_nobody_is_in_the_same_office_twice_at_once(office: Office) -> None:
    answer = office.appoint("mesa-001", name="陈立群（演示）")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "in_office")


def test_B_who_may_not_appoint_reads_and_who_sees_another_county_sees_nothing(office: Office, mesa_app: Flask) -> None:
    planner = Office(mesa_app, "planner")
    assert planner.listed()["can_change"] is False and office.listed()["can_change"] is True
    assert [
        planner.appoint("mesa-001", name="a").status_code,
        planner.send("mesa-001", "", {}, "PATCH").status_code,
    ] == [403] * 2
    grid = office.grid("mesa-001")
    other = Office(mesa_app, "elsewhere")
    assert other.client.get("/api/grid-people?county=mesa").status_code == 404
    assert other.client.get("/api/grids/open-items?county=mesa").status_code == 404
    headers = {**other.headers, "If-Match": f'"{grid["tag"]}"'}
    for more, method in (("/people", "GET"), ("/people", "POST"), ("", "PATCH"), ("/people/take-back", "POST")):
        value = {"role": "grid_leader", "name": "a"} if more == "/people" else {}
        answer = other.client.open(f"/api/grids/{grid['id']}{more}", method=method, json=value, headers=headers)
        assert answer.status_code == 404, more


def test_an_answer_is_kept_by_its_tag_until_somebody_is_appointed(office: Office) -> None:
    path = "/api/grid-people?county=mesa"
    tag = office.client.get(path).headers["ETag"]
    assert office.client.get(path, headers={"If-None-Match": tag}).status_code == 304
    office.appoint("mesa-004", name="林新")
    assert office.client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_whoever_is_responsible_for_a_place_is_told_with_telephones_as_of_any_day(office: Office) -> None:
    west, south, east, north = office.grid("mesa-001")["bounds"]
    box = f"lon={(west + east) / 2:.7f}&lat={(south + north) / 2:.7f}"
    grids = office.client.get("/api/grids?county=mesa").get_json()["grids"]
    answer = office.client.get(f"/api/here?county=mesa&{box}")
    assert answer.status_code == 200, answer.get_json()
    found = answer.get_json()
    assert found["grid_id"] in {grid["id"] for grid in grids} and found["as_of"] == TODAY.isoformat()
    code = found["grid_code"]
    leader = office.grid(code)["people"][0]
    assert found["people"] == [{"role": "grid_leader", "name": leader["name"], "telephone": leader["telephone"]}]
    office.appoint(code, name="林新", telephone="480-555-0177")
    office.send(code, "/people", {"role": "police_officer", "name": "严警", "telephone": "480-555-0188"})
    now = office.client.get(f"/api/here?county=mesa&{box}").get_json()["people"]
    assert [(one["role"], one["name"]) for one in now] == [("grid_leader", "林新"), ("police_officer", "严警")]
    then = office.client.get(f"/api/here?county=mesa&{box}&as_of={TODAY - timedelta(days=1)}").get_json()["people"]
    assert then == found["people"]
    assert office.client.get(f"/api/here?county=mesa&{box}&as_of=never").status_code == 400
