"""Repeat places as a station sees them: by address, by place, within days; as list, as layer and as a file."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import text

from tests.made_town import OTHER, SOUTH, TOWN, WEST, Hand, Town

ONCE = """
INSERT INTO incident (county_id, admin_area_id, police_area_id, category, valid, occurred_from, occurred_to,
  arrived_address, match_level, radius_m, geom, simulated)
SELECT c.id, a.id, p.id, :category, :valid, at, at, :address, :level, :radius,
  CASE WHEN :x::float8 IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint(:x, :y), 4326) END, :simulated
FROM county c JOIN area a ON a.county_id = c.id AND a.parent_id IS NULL AND a.tree = 'admin'
  JOIN area p ON p.county_id = c.id AND p.parent_id IS NULL AND p.tree = 'police',
  LATERAL (SELECT (:day::date + time '21:30') AT TIME ZONE c.time_zone) AS t (at)
WHERE c.code = :town
"""


def call(town: Town, day: str, address: str, point: tuple[float, float] | None = (WEST, SOUTH), **more: Any) -> None:
    x, y = point or (None, None)
    said = {
        "category": "纠纷", "valid": True, "level": "none" if point is None else "given", "radius": None,
        "simulated": False, **more,
    }  # fmt: skip
    with town.database.owner_session() as owner:
        owner.execute(
            text(ONCE.replace("::", "\\:\\:")), {"town": TOWN, "day": day, "address": address, "x": x, "y": y, **said}
        )


def places(hand: Hand, **asked: Any) -> list[dict[str, Any]]:
    answer = hand.get("/api/incidents/repeats", county=TOWN, **asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(answer.get_json()["places"])


@pytest.fixture
def busy(town: Town) -> Town:
    """A house with four calls in November and one in May, a shop without a place, a village that is no single place."""
    for day in ("2026-05-02", "2026-11-03", "2026-11-09", "2026-11-20", "2026-11-21"):
        call(town, day, "东一路 8号")
    for number, day in enumerate(("2026-11-04", "2026-11-05", "2026-11-05")):
        call(town, day, ("老菜市场", "老 菜市场", "老菜市场　")[number], None, category="盗窃")
    for day in range(1, 9):
        call(town, f"2026-11-0{day}", "善厚镇", (WEST + 0.02, SOUTH), level="town", radius=3000.0)
    return town


def test_places_by_point_and_by_address_alone_most_calls_first(busy: Town) -> None:
    house, shop = places(busy.browser())
    assert (house["text"], house["calls"], house["total"]) == ("东一路 8号", 4, 5)
    assert (house["first"], house["last"]) == ("2026-11-03T21:30", "2026-11-21T21:30")
    assert (round(house["lon"], 4), round(house["lat"], 4), house["radius_m"]) == (WEST, SOUTH, 15)
    assert (shop["calls"], shop["lon"], shop["radius_m"], shop["category"]) == (3, None, None, "盗窃")
    times = busy.rows("SELECT occurred_from FROM incident WHERE id = ANY (:ids) ORDER BY 1", ids=house["ids"])
    assert len(times) == 4 and house["ids"] == sorted(house["ids"])


def test_what_names_no_more_than_a_village_is_left_out_and_counted(busy: Town) -> None:
    answer = busy.browser().get("/api/incidents/repeats", county=TOWN).get_json()
    assert (answer["calls"], answer["unused"]) == (16, 8) and (answer["days"], answer["least"]) == (30, 3)


@pytest.mark.parametrize(
    ("asked", "calls"),
    [
        ({"least": 4}, [4]), ({"days": 2}, [3]), ({"days": 1, "least": 2}, [2]), ({"days": 400}, [5, 3]),
        ({"since": "2026-11-10"}, []), ({"category": "盗窃"}, [3]), ({"since": "2026-11-04", "until": "2026-11-09", "least": 2}, [3]),
    ],
)  # fmt: skip
def test_days_number_and_filters_choose(busy: Town, asked: dict[str, Any], calls: list[int]) -> None:
    assert [place["calls"] for place in places(busy.browser(), **asked)] == calls


def test_nuisance_calls_count_when_they_are_asked_for(town: Town) -> None:
    for day in ("2026-11-01", "2026-11-02", "2026-11-03"):
        call(town, day, "东一路8号", valid=False)
    hand = town.browser()
    assert places(hand) == [] and [one["calls"] for one in places(hand, valid="0")] == [3]


def test_the_layer_draws_those_with_a_point_and_counts_the_others(busy: Town) -> None:
    drawing = busy.browser().get("/api/layers/repeat_places", county=TOWN).get_json()
    [place] = drawing["features"]["features"]
    assert place["properties"]["calls"] == 4 and place["properties"]["style"] == "few"
    assert (drawing["legend"]["n"], drawing["legend"]["unplaced"]) == (1, 1)
    nothing = busy.browser().get("/api/layers/repeat_places", county=TOWN, least=50).get_json()
    assert nothing["features"]["features"] == [] and nothing["notice"]


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_the_list_is_taken_out_with_its_places(busy: Town, form: str) -> None:
    answer = busy.browser().get("/api/exports/tables/repeats", county=TOWN, format=form)
    assert answer.status_code == 200
    if form == "geojson":
        shapes = [feature["geometry"] for feature in json.loads(answer.data)["features"]]
        assert [shape and shape["type"] for shape in shapes] == ["Point", None]
    else:
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert len(rows) == 3 and "东一路 8号" in rows[1] and "2026-11-21 21:30:00" in rows[1]


def test_B02_another_county_is_not_found_and_says_nothing_of_its_calls(busy: Town) -> None:
    stranger = busy.browser("stranger")
    assert stranger.get("/api/incidents/repeats", county=TOWN).status_code == 404
    assert stranger.get("/api/incidents/repeats", county=OTHER).get_json()["places"] == []


@pytest.mark.parametrize("asked", [{"days": "0"}, {"days": "1e3"}, {"least": "1"}, {"least": "x"}, {"reach": "5"}])
def test_numbers_that_cannot_be_are_refused(hand: Hand, asked: dict[str, str]) -> None:
    assert hand.get("/api/incidents/repeats", county=TOWN, **asked).status_code == 400


def test_E01_an_address_is_given_as_it_was_typed(town: Town) -> None:
    hostile = "<img src=x onerror=alert(1)>'; DROP TABLE incident; --"
    for day in ("2026-11-01", "2026-11-02", "2026-11-03"):
        call(town, day, hostile)
    assert [one["text"] for one in places(town.browser())] == [hostile]
