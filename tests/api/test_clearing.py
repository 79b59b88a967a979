"""The morning's clearing over HTTP: what waits, what is said of a call, what is undone, and calls entered by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from geo_app.database.engine import Database
from geo_app.queries.scopes import of_county
from geo_app.services.imports import import_file
from geo_app.services.users import add_user
from tests.conftest import application_url, clone, copied, once_per_run
from tests.made_town import HEADINGS, OTHER, SOUTH, TOWN, WEST, Hand, Town, as_csv, opened
from tests.security.browsing import PASSWORD

DAY = "2026-11-20"
INSIDE, OUTSIDE = (WEST + 0.001, SOUTH + 0.001), (WEST + 0.02, SOUTH + 0.001)  # of the station 东所


def call_rows() -> list[dict[str, str]]:
    """Four calls of one day, the last of them without a position, and one of the day before."""
    rows = []
    for number, (hour, lon, lat) in enumerate(
        [("20 09", *INSIDE), ("20 08", *INSIDE), ("20 23", *OUTSIDE), ("19 10", *INSIDE), ("20 10", "", "")]
    ):
        address = f"东一路{number + 1}号" if lon else "天涯海角"  # which nobody knows
        cells = (
            f"J{number}", f"2026-11-{hour}:30:00", "盗窃", address, "王某", "是", str(lon), str(lat), "已处理",
        )  # fmt: skip
        rows.append(dict(zip(HEADINGS, cells, strict=True)))
    return rows


@pytest.fixture(scope="session")
def calls_template(server_url: URL, town_template: str, run_folder: Path, run_name: str) -> str:
    """The name of a database with the made county, a station in its west, a clerk who sees that alone, and the calls."""
    name = f"t_calls_{run_name}"
    with once_per_run(run_folder, name) as first:
        if first:
            url = copied(server_url, town_template, name)
            database = Database(application_url(url), url)
            _load(database, run_folder)
            database.close()
    return name


def _load(database: Database, folder: Path) -> None:
    with database.owner_session() as owner:
        station = owner.execute(
            text(
                "INSERT INTO area (county_id, parent_id, tree, level, code, name, geom) SELECT county_id, id, 'police',"
                " 'station', 'S1', '东所', ST_Multi(ST_MakeEnvelope(:west, :south, :east, :north, 4326)) FROM area"
                " WHERE tree = 'police' AND county_id = (SELECT id FROM county WHERE code = :code) RETURNING id"
            ),
            {"west": WEST - 0.01, "south": SOUTH - 0.01, "east": WEST + 0.01, "north": SOUTH + 0.05, "code": TOWN},
        ).scalar_one()
        add_user(owner, "clerk", "刘洋", PASSWORD, roles=["planner"], area_ids=[station])
        add_user(owner, "leader", "陈局", PASSWORD, roles=["leader"], area_ids=[station])
        scope = of_county(owner, TOWN)
    assert scope is not None
    path = folder / "calls.csv"
    path.write_bytes(as_csv(call_rows()))
    import_file(database, scope, TOWN, "incidents", path, source="110", crs="EPSG:4326")


@pytest.fixture
def calls(server_url: URL, calls_template: str, run_name: str, tmp_path: Path) -> Iterator[Town]:
    """The calls in a database of this test alone."""
    with clone(server_url, calls_template, run_name) as url, opened(url, tmp_path / "state") as town:
        yield town


@pytest.fixture(scope="session")
def refusing(server_url: URL, calls_template: str, run_name: str, run_folder: Path) -> Iterator[Hand]:
    """An analyst whose requests are refused: shared, since nothing changes."""
    with clone(server_url, calls_template, run_name) as url, opened(url, run_folder / "state") as town:
        yield town.browser()


def waiting(hand: Hand, **asked: Any) -> dict[str, Any]:
    answer = hand.get("/api/clearing", county=TOWN, **{"day": DAY, **asked})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def say(hand: Hand, call: dict[str, Any], tag: str | None = None, **said: Any) -> Any:
    """Sends what is said of a call, from the state in which it was seen."""
    headers = {"X-CSRFToken": hand.token, "If-Match": f'"{tag or call["tag"]}"'}
    return hand.client.patch(f"/api/incidents/{call['id']}?county={TOWN}", json=said, headers=headers)


def said(hand: Hand, call: dict[str, Any], **values: Any) -> dict[str, Any]:
    answer = say(hand, call, **values)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["ETag"].removeprefix("W/") == f'"{answer.get_json()["tag"]}"'
    return dict(answer.get_json())


def enter(hand: Hand, **call: Any) -> Any:
    return hand.send(f"/api/incidents?county={TOWN}", {"key": str(uuid4()), **call})


def test_the_calls_of_a_day_wait_oldest_first_with_their_counts(calls: Town) -> None:
    found = waiting(calls.browser())
    assert [call["number"] for call in found["calls"]] == ["J1", "J0", "J4", "J2"]
    assert found["counts"] == {"day": DAY, "total": 4, "cleared": 0, "waiting": 4, "unplaced": 1}
    assert [(one["day"], one["total"]) for one in found["days"]] == [(DAY, 4), ("2026-11-19", 1)]
    assert found["categories"] == ["盗窃"]
    placed, unplaced = found["calls"][0], found["calls"][2]
    assert (placed["lon"], placed["lat"], placed["level"], placed["reported_at"]) == (
        *INSIDE,
        "given",
        f"{DAY}T08:30:00",
    )
    assert (unplaced["lon"], unplaced["level"], unplaced["address"]) == (None, "none", "天涯海角")


def test_without_a_day_it_is_the_last_one_before_today_that_has_calls_of_the_station(calls: Town) -> None:
    hand = calls.browser()
    answer = hand.get("/api/clearing", county=TOWN).get_json()
    assert (answer["day"], answer["counts"]["total"]) == (DAY, 4)
    enter(hand, address="某处", lon=OUTSIDE[0], lat=OUTSIDE[1])  # now: today's are cleared tomorrow
    enter(hand, address="某处", lon=OUTSIDE[0], lat=OUTSIDE[1], reported_at="2026-11-21T00:00")
    assert hand.get("/api/clearing", county=TOWN).get_json()["day"] == "2026-11-21"
    assert calls.browser("clerk").get("/api/clearing", county=TOWN).get_json()["day"] == DAY


def test_where_no_day_has_calls_it_is_yesterday(calls: Town) -> None:
    with calls.database.owner_session() as owner:
        owner.execute(text("DELETE FROM incident"))
    answer = calls.browser().get("/api/clearing", county=TOWN).get_json()
    assert answer["calls"] == [] and answer["counts"]["total"] == 0 and answer["day"] > DAY


def test_a_station_sees_its_own_calls_alone(calls: Town) -> None:
    clerk = calls.browser("clerk")
    assert [call["number"] for call in waiting(clerk)["calls"]] == ["J1", "J0"]
    [area] = [one["id"] for one in clerk.get("/api/areas", county=TOWN).get_json()["areas"] if one["name"] == "东所"]
    assert [call["number"] for call in waiting(calls.browser(), area=area)["calls"]] == ["J1", "J0"]
    outside = next(call for call in waiting(calls.browser())["calls"] if call["number"] == "J2")
    assert clerk.get(f"/api/incidents/{outside['id']}", county=TOWN).status_code == 404
    assert say(clerk, outside, valid=False).status_code == 404


def test_a_call_is_judged_placed_and_cleared_in_one_change(calls: Town) -> None:
    hand = calls.browser("planner")
    call = waiting(hand)["calls"][2]
    lon, lat = INSIDE
    done = said(hand, call, category="诈骗", valid=False, preventable=True, lon=lon, lat=lat, cleared=True)
    assert (done["category"], done["valid"], done["preventable"], done["cleared"]) == ("诈骗", False, True, True)
    assert (done["lon"], done["lat"], done["level"], done["how"], done["station"]) == (
        lon,
        lat,
        "pinned",
        "by hand",
        "东所",
    )
    found = waiting(hand)
    assert call["id"] not in [one["id"] for one in found["calls"]]
    assert found["counts"] == {"day": DAY, "total": 4, "cleared": 1, "waiting": 3, "unplaced": 0}
    [[by]] = calls.rows("SELECT u.login FROM incident i JOIN app_user u ON u.id = i.cleared_by")
    assert by == "planner"


def test_what_was_said_is_undone_by_saying_what_it_was(calls: Town) -> None:
    hand = calls.browser()
    for call in waiting(hand)["calls"]:
        done = said(hand, call, category="诈骗", valid=False, lon=INSIDE[0] + 0.001, lat=INSIDE[1], cleared=True)
        moved = said(hand, done, lon=INSIDE[0] + 0.002, lat=INSIDE[1])
        back = said(hand, moved, category=call["category"], valid=call["valid"], lon=None, lat=None, cleared=False)
        assert {**back, "station": call["station"]} == {**call, "tag": back["tag"]}
    assert len(waiting(hand)["calls"]) == 4


def test_taking_back_a_place_that_nobody_chose_changes_nothing(calls: Town) -> None:
    hand = calls.browser()
    call = waiting(hand)["calls"][0]
    assert said(hand, call, lon=None, lat=None) == call


def test_G01_a_change_says_from_which_state_it_was_made(calls: Town) -> None:
    hand = calls.browser()
    call = waiting(hand)["calls"][0]
    said(calls.browser("colleague"), call, valid=False)
    stale = say(hand, call, category="诈骗")
    assert (stale.status_code, stale.get_json()["code"]) == (412, "stale")
    for match in (None, "*", '"a", "b"'):
        headers = {"X-CSRFToken": hand.token, **({} if match is None else {"If-Match": match})}
        answer = hand.client.patch(f"/api/incidents/{call['id']}?county={TOWN}", json={"valid": True}, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (428, "tag_needed")
    assert waiting(hand)["calls"][0]["category"] == "盗窃"


def test_a_call_is_not_moved_out_of_the_area_of_who_moves_it(calls: Town) -> None:
    clerk = calls.browser("clerk")
    call = waiting(clerk)["calls"][0]
    answer = say(clerk, call, lon=OUTSIDE[0], lat=OUTSIDE[1])
    assert (answer.status_code, answer.get_json()["code"]) == (403, "outside_area")
    assert waiting(clerk)["calls"][0] == call
    denied = calls.rows("SELECT object_id FROM audit_entry WHERE action = 'incidents:clear' AND outcome = 'denied'")
    assert [row[0] for row in denied] == [str(call["id"])]


def test_B02_calls_of_another_county_look_like_absent_ones(calls: Town) -> None:
    hand, stranger = calls.browser(), calls.browser("stranger")
    call = waiting(hand)["calls"][0]
    said_to_be_mine = stranger.client.patch(
        f"/api/incidents/{call['id']}?county={OTHER}",
        json={"valid": False},
        headers={"X-CSRFToken": stranger.token, "If-Match": f'"{call["tag"]}"'},
    )
    answers = [
        stranger.get("/api/clearing", county=TOWN), say(stranger, call, valid=False), said_to_be_mine,
        stranger.get(f"/api/incidents/{call['id']}", county=OTHER), stranger.get("/api/incidents/99999", county=OTHER),
        enter(stranger), stranger.get("/api/clearing", county=OTHER, area=1, day=DAY),
    ]  # fmt: skip
    assert [(answer.status_code, answer.get_json()["code"]) for answer in answers] == [(404, "not_found")] * 7


def test_B03_who_only_reads_clears_nothing(calls: Town) -> None:
    call = waiting(calls.browser())["calls"][0]
    leader = calls.browser("leader")
    answers = [leader.get("/api/clearing", county=TOWN), say(leader, call, valid=False), enter(leader)]
    assert [answer.status_code for answer in answers] == [403] * 3


@pytest.mark.parametrize(
    "body",
    [
        {}, {"valid": "no"}, {"valid": None}, {"category": None}, {"category": "a" * 201}, {"category": "a\nb"},
        {"lon": 121.5}, {"lon": 121.5, "lat": None}, {"lon": 181, "lat": 1}, {"lon": "121.5", "lat": 31},
        {"lon": True, "lat": 31}, {"cleared": 1}, {"address": "东" * 1001}, {"address": "a\x00"}, {"cleared_by": 1},
        {"county_id": 2, "valid": True}, {"match_level": "given", "valid": True}, {"preventable": "maybe"},
    ],
    ids=str,
)  # fmt: skip
def test_B05_C06_a_change_takes_what_it_knows_and_nothing_else(refusing: Hand, body: dict[str, Any]) -> None:
    call = waiting(refusing)["calls"][0]
    answer = say(refusing, call, **body)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_input")
    assert waiting(refusing)["calls"][0] == call


@pytest.mark.parametrize(
    "asked", ["area=x", "area=0", "day=2026-13-01", "day=yesterday", "limit=0", "x=1", "day=2026-11-01&day=2026-11-02"]
)
def test_C06_the_question_is_read_strictly(refusing: Hand, asked: str) -> None:
    assert refusing.client.get(f"/api/clearing?county={TOWN}&{asked}").status_code == 400


def test_a_call_is_entered_once_however_often_it_is_sent(calls: Town) -> None:
    hand = calls.browser("clerk")
    call = {
        "key": str(uuid4()), "category": "纠纷", "address": "东二路8号", "description": "<b>两人争吵</b>",
        "reported_at": f"{DAY}T07:15", "lon": INSIDE[0], "lat": INSIDE[1], "preventable": False,
    }  # fmt: skip
    first, again = enter(hand, **call), enter(hand, **call)
    assert (first.status_code, first.get_json()) == (201, again.get_json())
    made = first.get_json()
    assert (made["source"], made["number"], made["level"], made["station"]) == ("by hand", None, "pinned", "东所")
    assert (made["reported_at"], made["occurred_from"]) == (f"{DAY}T07:15:00",) * 2
    assert [one["number"] for one in waiting(hand)["calls"]] == [None, "J1", "J0"]
    other = enter(hand, **call | {"address": "东三路8号"})
    assert (other.status_code, other.get_json()["code"]) == (409, "conflict")


def test_an_entered_call_without_a_place_belongs_to_who_entered_it_or_to_the_area_that_he_names(calls: Town) -> None:
    clerk, hand = calls.browser("clerk"), calls.browser()
    assert enter(clerk, address="某处", reported_at=f"{DAY}T06:00").get_json()["station"] == "东所"
    assert enter(hand, address="某处", reported_at=f"{DAY}T05:00").get_json()["station"] == "演示县"
    [station] = calls.rows("SELECT id FROM area WHERE name = '东所'")
    mine = enter(hand, address="某处", reported_at=f"{DAY}T04:00", area=station[0]).get_json()
    assert mine["station"] == "东所"
    assert [one["reported_at"][11:13] for one in waiting(clerk)["calls"]] == ["04", "06", "08", "09"]
    [other] = calls.rows(
        "SELECT id FROM area WHERE tree = 'police' AND county_id = (SELECT id FROM county WHERE code = :c)", c=OTHER
    )
    assert enter(hand, address="某处", area=other[0]).status_code == 404


def test_a_call_is_not_entered_where_somebody_else_works(calls: Town) -> None:
    answer = enter(calls.browser("clerk"), address="某处", lon=OUTSIDE[0], lat=OUTSIDE[1])
    assert (answer.status_code, answer.get_json()["code"]) == (403, "outside_area")
    assert calls.count("incident") == 5


def take_back(hand: Hand, call: dict[str, Any], tag: str | None = None) -> Any:
    headers = {"X-CSRFToken": hand.token, "If-Match": f'"{tag or call["tag"]}"'}
    return hand.client.delete(f"/api/incidents/{call['id']}?county={TOWN}", headers=headers)


def test_an_entered_call_is_taken_back_and_one_that_came_in_stays(calls: Town) -> None:
    hand = calls.browser("clerk")
    entered = enter(hand, address="东二路8号", lon=INSIDE[0], lat=INSIDE[1]).get_json()
    changed = said(hand, entered, valid=False)
    assert take_back(hand, entered).status_code == 412
    assert take_back(hand, changed).status_code == 200
    assert take_back(hand, changed).status_code == 404
    came_in = waiting(hand)["calls"][0]
    refused = take_back(hand, came_in)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict")
    assert calls.count("incident") == 5
    [[details]] = calls.rows("SELECT details FROM audit_entry WHERE action = 'incident:take_back'")
    assert "东二路" not in str(details)


def test_B02_B03_an_entered_call_is_taken_back_by_nobody_who_does_not_see_it_or_only_reads(calls: Town) -> None:
    outside = enter(calls.browser(), address="某处", lon=OUTSIDE[0], lat=OUTSIDE[1]).get_json()
    inside = enter(calls.browser(), address="某处", lon=INSIDE[0], lat=INSIDE[1]).get_json()
    assert take_back(calls.browser("clerk"), outside).status_code == 404
    assert take_back(calls.browser("leader"), inside).status_code == 403
    assert calls.count("incident") == 7


@pytest.mark.parametrize(
    "more",
    [
        {"key": "1"}, {"number": ""}, {"number": "a" * 65}, {"reported_at": "yesterday"}, {"reported_at": "2026-02-30T01:00"},
        {"reported_at": "0001-01-01T00:00"}, {"area": "1"}, {"source": "110"}, {"description": "x" * 10_001}, {"valid": 1},
    ],
    ids=lambda more: str(more)[:40],
)  # fmt: skip
def test_B05_C06_a_new_call_takes_what_it_knows_and_nothing_else(refusing: Hand, more: dict[str, Any]) -> None:
    answer = enter(refusing, **more)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_input")


def test_a_change_is_written_down_without_what_was_said(calls: Town) -> None:
    hand = calls.browser()
    call = waiting(hand)["calls"][0]
    said(hand, call, address="某人家", cleared=True)
    [[details]] = calls.rows("SELECT details FROM audit_entry WHERE action = 'incident:change'")
    assert details == {"said": ["arrived_address", "cleared"], "cleared": True}


def test_who_called_is_seen_where_the_call_is(calls: Town) -> None:
    hand = calls.browser()
    call = next(one for one in waiting(hand)["calls"] if one["number"] == "J2")
    said(hand, call, lon=INSIDE[0], lat=INSIDE[1])
    assert (
        calls.rows(
            "SELECT count(*) FROM incident i JOIN incident_caller c ON c.incident_id = i.id AND c.police_area_id = i.police_area_id"
        )[0][0]
        == 5
    )
