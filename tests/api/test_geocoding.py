"""Where an address is and what is here, over HTTP: for what the asker sees, whatever he sends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from geo_app.queries import geocoded
from tests.made_addresses import call_row, spot, take_calls
from tests.made_town import OTHER, SOUTH, STEP, TOWN, WEST, Hand, Town


def asked(hand: Hand, q: str, county: str = TOWN) -> dict[str, Any]:
    answer = hand.get("/api/geocode", county=county, q=q)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def near(found: dict[str, Any], place: tuple[float, float]) -> bool:
    return abs(found["lon"] - place[0]) < 1e-6 and abs(found["lat"] - place[1]) < 1e-6


def test_an_address_has_a_place_with_level_score_radius_and_how_it_was_found(looked_up: Town) -> None:
    found = asked(looked_up.browser(), "演示县青石镇东一路10号")
    assert near(found, spot(0, 10))
    assert (found["level"], found["how"], found["elsewhere"]) == ("number", "exact", False)
    assert 0 < found["score"] <= 1 and found["radius_m"] > 0 and "东一路" in found["matched"]
    best = found["candidates"][0]
    assert best == {name: found[name] for name in best} and len(found["candidates"]) <= 5


@pytest.mark.parametrize(
    "q",
    ["天涯海角", "。", "1", "😀😀", "'; DROP TABLE incident; --", "<img onerror=alert(1)>", "%(q)s", "a\x00b", "路" * 1000, "9" * 1000],
    ids=range(10),
)  # fmt: skip
def test_C01_what_is_no_address_has_no_place(looked_up: Town, q: str) -> None:
    found = asked(looked_up.browser(), q)
    assert (found["lon"], found["level"], found["score"], found["candidates"]) == (None, "none", None, [])


def test_another_county_is_said_to_be_elsewhere(looked_up: Town) -> None:
    found = asked(looked_up.browser(), "江苏省南京市江宁区东一路10号")
    assert (found["elsewhere"], found["level"], found["candidates"]) == (True, "none", [])


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=a&q=b", "q=a&x=1", "q=" + "a" * 10_000], ids=range(6))
def test_C06_the_question_is_read_strictly(looked_up: Town, query: str) -> None:
    answer = looked_up.browser().client.get(f"/api/geocode?county={TOWN}&{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_input")


def test_B04_who_sees_one_town_finds_the_addresses_of_that_town(looked_up: Town) -> None:
    first, second = looked_up.browser("clerk1"), looked_up.browser("clerk2")
    assert near(asked(first, "东一路10号"), spot(0, 10)) and near(asked(second, "东二路10号"), spot(1, 10))
    for clerk, address in ((first, "东二路10号"), (second, "东一路10号")):
        assert asked(clerk, address)["level"] not in ("number", "building")
        assert all("10" not in one["matched"] for one in asked(clerk, address)["candidates"])
    lon, lat = spot(1, 10)
    there = {name: first.get("/api/here", county=TOWN, lon=lon, lat=lat).get_json()[name] for name in ("town", "grid")}
    assert there == {"town": "", "grid": ""}


def test_B02_another_county_looks_like_an_absent_one(looked_up: Town) -> None:
    stranger = looked_up.browser("stranger")
    answers = [
        stranger.get("/api/geocode", county=TOWN, q="东一路10号"), stranger.get("/api/here", county=TOWN, lon=1, lat=1),
        stranger.get("/api/geocode", county="nowhere", q="a"), stranger.send(f"/api/addresses/place?county={TOWN}", {}),
    ]  # fmt: skip
    assert [(answer.status_code, answer.get_json()["code"]) for answer in answers] == [(404, "not_found")] * 4
    assert asked(stranger, "东一路10号", OTHER)["level"] == "none"


def test_a_place_has_an_address_a_road_a_community_and_a_grid(looked_up: Town) -> None:
    lon, lat = spot(1, 30)
    found = looked_up.browser().get("/api/here", county=TOWN, lon=lon, lat=lat + 0.0001).get_json()
    assert (found["road"], found["community"], found["town"], found["grid"]) == (
        "东二路",
        "湖心社区",
        "白湖镇",
        "第2网格",
    )
    assert found["address"].endswith("东二路30号") and 5 < found["distance_m"] < 20


def test_whose_a_place_is_does_not_wait_for_its_address(looked_up: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> None:
        raise AssertionError("what the county knows of addresses is read")

    monkeypatch.setattr(geocoded, "here", slow)
    lon, lat = spot(1, 30)
    found = looked_up.browser().get("/api/here", county=TOWN, lon=lon, lat=lat + 0.0001, address="false").get_json()
    assert (found["community"], found["grid"]) == ("湖心社区", "第2网格")
    assert (found["address"], found["road"], found["distance_m"]) == ("", "", None)


def test_far_away_nothing_is_here_and_the_nearest_address_is_far(looked_up: Town) -> None:
    found = looked_up.browser().get("/api/here", county=TOWN, lon=WEST, lat=SOUTH + 40 * STEP).get_json()
    assert (found["road"], found["community"], found["town"], found["grid"]) == ("", "", "", "")
    assert found["distance_m"] > 10_000
    empty = looked_up.browser("stranger").get("/api/here", county=OTHER, lon=1, lat=1).get_json()
    assert (empty["address"], empty["distance_m"]) == ("", None)


@pytest.mark.parametrize(
    "query", ["lon=1", "lon=a&lat=1", "lon=nan&lat=1", "lon=181&lat=1", "lon=1&lat=1e9", "lon=1&lat=1&z=3"]
)
def test_C04_a_place_is_read_strictly(looked_up: Town, query: str) -> None:
    assert looked_up.browser().client.get(f"/api/here?county={TOWN}&{query}").status_code == 400


def test_the_calls_of_a_county_are_placed_anew_by_a_job(addressed: Town, tmp_path: Path) -> None:
    hand = addressed.browser()
    take_calls(addressed, tmp_path, call_row(1, "红星超市"), call_row(2, "东一路10号"))
    with addressed.database.owner_session() as owner:
        owner.execute(text("UPDATE incident SET match_level = 'none', geom = NULL, match_how = NULL"))
    answer = hand.send(f"/api/addresses/place?county={TOWN}", {})
    assert answer.status_code == 202
    job = hand.done(answer.get_json()["id"])
    assert (job["status"], job["result"]) == ("done", None)
    assert job["placed"] == {"texts": 2, "changed": 1, "levels": {"number": 1, "none": 1}}


def test_B08_who_sees_a_part_of_the_county_cannot_have_it_placed(addressed: Town, tmp_path: Path) -> None:
    clerk = addressed.browser("clerk1")
    job = clerk.done(clerk.send(f"/api/addresses/place?county={TOWN}", {}).get_json()["id"])
    assert job["status"] == "failed" and job["placed"] is None


def test_a_call_gets_the_place_of_its_address_and_the_level_of_the_candidate_that_is_chosen(
    addressed: Town, tmp_path: Path
) -> None:
    hand = addressed.browser("clerk1")
    key = "5d0c36a8-4b5e-4f0e-9a3f-0d3f2c7a9b10"
    made = hand.send(f"/api/incidents?county={TOWN}", {"key": key, "address": "东一路10号"}).get_json()
    assert near(made, spot(0, 10)) and (made["level"], made["how"]) == ("number", "exact")

    def say(call: dict[str, Any], **said: Any) -> dict[str, Any]:
        headers = {"X-CSRFToken": hand.token, "If-Match": f'"{call["tag"]}"'}
        answer = hand.client.patch(f"/api/incidents/{call['id']}?county={TOWN}", json=said, headers=headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return dict(answer.get_json())

    moved = say(made, address="东一路30号")
    assert near(moved, spot(0, 30)) and (moved["level"], moved["how"]) == ("number", "exact")
    beyond = say(moved, address="白湖镇东二路10号")  # which is another clerk's
    assert (beyond["level"], beyond["lon"]) == ("none", None)
    candidate = asked(hand, "东一路50号")["candidates"][0]
    chosen = say(beyond, address="东一路50号", lon=candidate["lon"], lat=candidate["lat"])
    assert (chosen["level"], chosen["how"], chosen["radius_m"]) == ("number", "by hand", candidate["radius_m"])
    pinned = say(chosen, lon=candidate["lon"] + 0.0005, lat=candidate["lat"])
    assert (pinned["level"], pinned["how"], pinned["radius_m"]) == ("pinned", "by hand", 0)
    assert say(pinned, address="东一路2号")["lon"] == pinned["lon"]
