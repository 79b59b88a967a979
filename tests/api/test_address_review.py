"""Addresses that wait for somebody to say where they are: the most frequent first, all equal ones at once, and undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.made_addresses import call_row, spot, take_calls
from tests.made_town import OTHER, TOWN, Hand, Town

HERE = spot(0, 20)


@pytest.fixture
def calls(addressed: Town, tmp_path: Path) -> Town:
    """Nine calls: three at a supermarket that nobody knows, two of them in other letters, two at another place, one on a
    road without a number, one at a number, one nowhere, and one with a position of its own."""
    addresses = [
        "红星超市12号楼",
        "红星超市１２号楼",
        "红星超市十二号楼",
        "老船厂",
        "老船厂",
        "东一路",
        "东一路10号",
        "",
        "红星超市12号楼",
    ]
    rows = [call_row(number, one) for number, one in enumerate(addresses[:-1])]
    take_calls(addressed, tmp_path, *rows, call_row(8, addresses[-1], f"{HERE[0]},{HERE[1]}"))
    return addressed


def review(hand: Hand, **asked: Any) -> dict[str, Any]:
    answer = hand.get("/api/addresses/review", county=TOWN, **asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def choose(hand: Hand, text: str, place: tuple[float, float] = HERE, county: str = TOWN, **more: Any) -> Any:
    body = {"text": text, "lon": place[0], "lat": place[1], **more}
    return hand.send(f"/api/addresses/review?county={county}", body)


def undo(hand: Hand, alias: int, county: str = TOWN) -> Any:
    return hand.send(f"/api/addresses/review/{alias}?county={county}", {}, "DELETE")


def places(town: Town) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in town.rows(
            "SELECT match_level, match_how, match_score, radius_m, ST_AsText(geom), grid_stable_id FROM incident ORDER BY number"
        )
    ]


def test_what_is_doubtful_waits_the_most_frequent_first_with_candidates_and_shares(calls: Town) -> None:
    found = review(calls.browser())
    waits = [(one["text"], one["count"], one["level"]) for one in found["texts"]]
    assert waits == [("红星超市12号楼", 3, "none"), ("老船厂", 2, "none"), ("东一路", 1, "road")]
    assert found["texts"][0]["last"] == "2026-11-20T08:30:00" and found["texts"][0]["candidates"] == []
    assert found["texts"][2]["candidates"][0]["level"] == "road"
    assert found["shares"] == [
        {"level": "given", "count": 1}, {"level": "number", "count": 1}, {"level": "road", "count": 1},
        {"level": "none", "count": 6},
    ]  # fmt: skip
    assert found["next"] is None


def test_the_queue_comes_page_by_page(calls: Town) -> None:
    hand = calls.browser()
    pages = [review(hand, limit=2)]
    pages.append(review(hand, limit=2, after=pages[0]["next"]))
    assert [[one["text"] for one in page["texts"]] for page in pages] == [["红星超市12号楼", "老船厂"], ["东一路"]]
    assert pages[1]["next"] is None


def test_a_choice_places_all_equal_addresses_and_those_that_come_later(calls: Town, tmp_path: Path) -> None:
    hand = calls.browser()
    answer = choose(hand, "红星超市12号楼", pinned=True)
    assert (answer.status_code, answer.get_json()["placed"]) == (201, 3)
    assert places(calls)[:3] == [("pinned", "alias+by hand", None, 0.0, f"POINT({HERE[0]} {HERE[1]})", 71)] * 3
    assert places(calls)[8][0] == "given"
    assert [one["text"] for one in review(hand)["texts"]] == ["老船厂", "东一路"]
    [alias] = calls.rows("SELECT alias, source, level, simulated, id FROM address_alias")
    assert tuple(alias) == ("红星超市12号楼", "by hand", "pinned", False, answer.get_json()["alias"])
    report = take_calls(calls, tmp_path, call_row(20, "红星超市 12 栋"), call_row(21, "红星超市12号楼"))
    assert report.placed["pinned"] >= 1
    asked = hand.get("/api/geocode", county=TOWN, q="红星超市12号楼").get_json()
    assert (asked["level"], asked["how"], asked["lon"]) == ("pinned", "alias+by hand", HERE[0])


def test_a_chosen_candidate_keeps_its_level_and_radius(calls: Town) -> None:
    hand = calls.browser()
    candidate = review(hand)["texts"][2]["candidates"][0]
    assert choose(hand, "东一路", (candidate["lon"], candidate["lat"]), candidate=0).get_json()["placed"] == 1
    assert places(calls)[5][:4] == ("road", "alias+by hand", None, candidate["radius_m"])
    forged = choose(hand, "老船厂", candidate=0)  # for which nothing was proposed
    assert forged.get_json()["placed"] == 2 and places(calls)[3][0] == "pinned"


def test_a_choice_is_undone_and_everything_is_as_it_was(calls: Town) -> None:
    hand = calls.browser()
    before, queue = places(calls), review(hand)
    for text, count in (("红星超市12号楼", 3), ("东一路", 1)):
        alias = choose(hand, text).get_json()["alias"]
        assert undo(hand, alias).get_json() == {"placed": count}
        assert places(calls) == before and review(hand) == queue
        assert undo(hand, alias).status_code == 404
    assert calls.count("address_alias") == 2  # of the past


def test_another_choice_for_the_same_address_replaces_the_first(calls: Town) -> None:
    hand = calls.browser()
    first = choose(hand, "老船厂").get_json()["alias"]
    second = choose(hand, "老船厂", spot(0, 60)).get_json()
    assert second["placed"] == 2 and second["alias"] != first
    assert calls.rows("SELECT id FROM address_alias WHERE upper_inf(recorded)")[0][0] == second["alias"]
    assert undo(hand, first).status_code == 404


def test_a_call_that_somebody_placed_on_its_own_is_left_alone(calls: Town) -> None:
    hand = calls.browser()
    [call] = calls.rows("SELECT id FROM incident WHERE number = 'J3'")
    seen = hand.get(f"/api/incidents/{call[0]}", county=TOWN).get_json()
    headers = {"X-CSRFToken": hand.token, "If-Match": f'"{seen["tag"]}"'}
    own = {"lon": spot(1, 50)[0], "lat": spot(1, 50)[1]}
    assert hand.client.patch(f"/api/incidents/{call[0]}?county={TOWN}", json=own, headers=headers).status_code == 200
    assert choose(hand, "老船厂").get_json()["placed"] == 1
    assert [row[1] for row in places(calls)[3:5]] == ["by hand", "alias+by hand"]


def test_B04_a_clerk_of_a_town_chooses_in_his_town(calls: Town) -> None:
    clerk = calls.browser("clerk1")
    assert [one["text"] for one in review(clerk)["texts"]] == ["东一路"]  # what has no place lies in no town
    outside = choose(clerk, "东一路", spot(1, 50))
    assert (outside.status_code, outside.get_json()["code"]) == (403, "outside_area")
    assert calls.count("address_alias") == 0
    alias = choose(clerk, "东一路").get_json()
    assert alias["placed"] == 1
    assert undo(calls.browser("clerk2"), alias["alias"]).status_code == 404
    assert undo(clerk, alias["alias"]).get_json() == {"placed": 1}


def test_B02_B03_others_neither_see_nor_choose(calls: Town) -> None:
    alias = choose(calls.browser(), "老船厂").get_json()["alias"]
    stranger = calls.browser("stranger")
    answers = [
        stranger.get("/api/addresses/review", county=TOWN), choose(stranger, "老船厂"), undo(stranger, alias),
        undo(stranger, alias, OTHER), undo(calls.browser(), 99999),
    ]  # fmt: skip
    assert [(answer.status_code, answer.get_json()["code"]) for answer in answers] == [(404, "not_found")] * 5


@pytest.mark.parametrize(
    "more",
    [
        {"text": ""}, {"text": "，。"}, {"text": "路" * 10_000}, {"lon": 181}, {"lat": None}, {"lon": "121"}, {"pinned": 1},
        {"candidate": -1}, {"candidate": "0"}, {"level": "number"}, {"county_id": 1},
    ],
    ids=lambda more: str(more)[:30],
)  # fmt: skip
def test_B05_C06_a_choice_takes_what_it_knows_and_nothing_else(looked_up: Town, more: dict[str, Any]) -> None:
    hand = looked_up.browser()
    body = {"text": "老船厂", "lon": HERE[0], "lat": HERE[1], **more}
    answer = hand.send(f"/api/addresses/review?county={TOWN}", body)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_input")


@pytest.mark.parametrize("query", ["after=1", "after=1-", "after=-1-2", "limit=0", "x=1", "after=0-1"])
def test_C05_the_queue_is_asked_for_strictly(looked_up: Town, query: str) -> None:
    answer = looked_up.browser().client.get(f"/api/addresses/review?county={TOWN}&{query}")
    assert answer.status_code == 400


def test_a_choice_is_written_down_without_the_address(calls: Town) -> None:
    hand = calls.browser()
    undo(hand, choose(hand, "老船厂").get_json()["alias"])
    rows = calls.rows("SELECT action, details FROM audit_entry WHERE action LIKE 'address:%' ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("address:choose", {"level": "pinned", "placed": 2}), ("address:undo", {"placed": 2}),
    ]  # fmt: skip
