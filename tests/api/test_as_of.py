"""Everything that is read takes a day: grids as they were, statistics on the grids of then, days that are none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.made_history import BEGIN, HALVES, MOVED, RENAMED, SPLIT, WHOLE

DAY = timedelta(1)


def codes(client: FlaskClient, day: date | None, more: str = "") -> list[str]:
    asked = "" if day is None else f"&as_of={day}"
    answer = client.get(f"/api/grids?county=mesa{asked}{more}")
    assert answer.status_code == 200, answer.get_json()
    return [grid["code"] for grid in answer.get_json()["grids"]]


def test_a_day_is_answered_with_the_grids_that_were_in_force_on_it(planner: FlaskClient, history: Database) -> None:
    whole = [f"mesa-{number:03d}" for number in range(1, 13)]
    halves = [*whole[1:], *HALVES]
    assert codes(planner, SPLIT - DAY) == codes(planner, BEGIN) == whole
    assert codes(planner, SPLIT) == codes(planner, MOVED) == codes(planner, None) == halves
    found = {
        day: next(
            g for g in planner.get(f"/api/grids?county=mesa&as_of={day}").get_json()["grids"] if g["code"] == "mesa-012"
        )
        for day in (RENAMED - DAY, RENAMED)
    }
    assert found[RENAMED]["name"] == "新名网格" != found[RENAMED - DAY]["name"]
    assert found[RENAMED]["id"] == found[RENAMED - DAY]["id"]


def test_numbers_of_a_day_are_counted_on_the_grids_of_that_day(planner: FlaskClient, history: Database) -> None:
    before, after = (
        {grid["code"]: grid for grid in planner.get(f"/api/grids?county=mesa&as_of={day}").get_json()["grids"]}
        for day in (SPLIT - DAY, SPLIT)
    )
    assert before[WHOLE]["incidents"] == sum(after[code]["incidents"] for code in HALVES) > 0
    assert before[WHOLE]["length_m"] == pytest.approx(sum(after[code]["length_m"] for code in HALVES), rel=1e-4)
    with history.owner_session() as owner:
        counted = owner.scalar(
            text(
                "SELECT count(*) FROM incident i JOIN grid g ON ST_Covers(g.geom, i.geom) WHERE i.valid AND g.code = :code"
            ),
            {"code": WHOLE},
        )
    assert before[WHOLE]["incidents"] == counted


def test_before_the_first_grid_the_answer_says_from_when_on_there_are_any(
    planner: FlaskClient, history: Database
) -> None:
    answer = planner.get(f"/api/grids?county=mesa&as_of={BEGIN - DAY}", headers={"Accept-Language": "en"}).get_json()
    assert answer["grids"] == [] and answer["total"]["grids"] == 0
    assert answer["first_day"] == BEGIN.isoformat() and BEGIN.isoformat() in answer["notice"]
    layer = planner.get(f"/api/layers/grids?county=mesa&as_of={BEGIN - DAY}").get_json()
    assert layer["features"]["features"] == [] and BEGIN.isoformat() in layer["notice"]
    later = planner.get(f"/api/grids?county=mesa&as_of={BEGIN}").get_json()
    assert (later["as_of"], later["first_day"], later["notice"]) == (BEGIN.isoformat(), BEGIN.isoformat(), None)


def test_grids_without_a_beginning_have_no_first_day(reader: FlaskClient) -> None:
    answer = reader.get("/api/grids?county=mesa&as_of=1950-01-01").get_json()
    assert len(answer["grids"]) == 12 and answer["first_day"] is None and answer["notice"] is None


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2025-02-29", "2026-13-01", "0000-01-01", "2026-1-1", "today", "", "20260101", "２０２６-01-01",
            "2026-01-01T00:00:00Z", "'; DROP TABLE grid; --"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/grids", "/api/layers/grids", "/api/incidents/summary", "/api/exports/grids",
                                  "/api/exports/tables/grids", "/api/gaps", "/api/routes"])  # fmt: skip
def test_a_day_that_no_calendar_has_is_refused_with_a_sentence_that_names_it(
    reader: FlaskClient, path: str, day: str
) -> None:
    answer = reader.get(path, query_string={"county": "mesa", "as_of": day}, headers={"Accept": "application/json"})
    said = answer.get_json()
    assert (answer.status_code, said["code"]) == (422, "bad_day")
    assert day[:40] in said["detail"] and "2026-01-31" in said["remedy"]


def test_a_day_given_twice_is_refused(reader: FlaskClient) -> None:
    assert reader.get("/api/grids?county=mesa&as_of=2026-01-01&as_of=2026-01-02").status_code == 400


def test_the_tag_is_another_one_for_another_day_and_the_same_for_the_same(
    planner: FlaskClient, history: Database
) -> None:
    tags = [
        planner.get(f"/api/grids?county=mesa{asked}").headers["ETag"]
        for asked in (f"&as_of={SPLIT}", f"&as_of={SPLIT - DAY}", "", f"&as_of={SPLIT}")
    ]
    assert len(set(tags)) == 3 and tags[0] == tags[3]
    again = planner.get(f"/api/grids?county=mesa&as_of={SPLIT}", headers={"If-None-Match": tags[0]})
    assert again.status_code == 304


def test_what_was_known_at_an_instant_is_answered_although_it_was_corrected_since(
    planner: FlaskClient, history: Database
) -> None:
    with history.owner_session() as owner:
        owner.execute(text("UPDATE grid SET recorded = tstzrange('2026-01-02 00:00Z', NULL)"))
        # On 1 September it is noticed that the name of June was wrong from the beginning.
        owner.execute(
            text(
                "UPDATE grid SET recorded = tstzrange('2026-01-02 00:00Z', '2026-09-01 08:00Z') WHERE name = '新名网格'"
            )
        )
        owner.execute(
            text(
                "INSERT INTO grid (county_id, admin_area_id, police_area_id, stable_id, code, name, kind, geom, valid, recorded)"
                " SELECT county_id, admin_area_id, police_area_id, stable_id, code, '更正名', kind, geom, valid,"
                " tstzrange('2026-09-01 08:00Z', NULL) FROM grid WHERE name = '新名网格'"
            )
        )

    def name(asked: str) -> str:
        answer = planner.get("/api/grids?county=mesa&as_of=2026-07-01" + asked)
        assert answer.status_code == 200
        return next(grid["name"] for grid in answer.get_json()["grids"] if grid["code"] == "mesa-012")

    assert (
        name("") == name("&known_at=2026-09-01T08:00:00Z") == name("&known_at=2026-09-01T16:00:00%2B08:00") == "更正名"
    )
    assert name("&known_at=2026-09-01T07:59:59Z") == name("&known_at=2026-09-01T15:59%2B08:00") == "新名网格"
    assert codes(planner, date(2026, 7, 1), "&known_at=2026-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "at",
    ["2026-09-01", "2026-09-01T08:00:00", "2026-09-01T25:00:00Z", "2026-09-01 08:00:00Z", "now",
     "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"],
)  # fmt: skip
def test_an_instant_without_its_offset_or_of_no_calendar_is_refused(reader: FlaskClient, at: str) -> None:
    answer = reader.get("/api/grids", query_string={"county": "mesa", "known_at": at})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_day")


def test_a_period_still_compares_up_to_today_whatever_the_day_of_the_grids(
    planner: FlaskClient, history: Database
) -> None:
    with history.owner_session() as owner:
        owner.execute(
            text("UPDATE incident SET occurred_from = '2026-09-10 10:00Z', occurred_to = '2026-09-10 10:00Z'")
        )
    asked = "/api/incidents/summary?county=mesa&since=2026-09-01&until=2026-09-30"
    now, then = (planner.get(asked + more).get_json() for more in ("", f"&as_of={SPLIT}"))
    assert now["known_until"] == then["known_until"] == "2026-09-10"
    assert now["n"] == then["n"] > 0


def test_a_route_of_another_day_is_shown_and_not_to_be_changed(planner: FlaskClient, history: Database) -> None:
    with history.owner_session() as owner:
        owner.execute(text("UPDATE patrol_route SET valid = daterange('2026-01-01', NULL)"))
    assert {route["editable"] for route in planner.get("/api/routes?county=mesa").get_json()["routes"]} == {True}
    past = planner.get("/api/routes?county=mesa&as_of=2026-02-01").get_json()["routes"]
    assert len(past) == 3 and {route["editable"] for route in past} == {False}
    assert planner.get("/api/routes?county=mesa&as_of=2025-12-31").get_json()["routes"] == []


def test_hot_grids_and_cameras_are_those_of_the_day(planner: FlaskClient, history: Database) -> None:
    with history.owner_session() as owner:
        owner.execute(text("UPDATE camera SET valid = daterange('2026-02-01', NULL)"))
    cameras = [
        len(planner.get(f"/api/layers/cameras?county=mesa&as_of=2026-{day}").get_json()["features"]["features"])
        for day in ("01-31", "02-01")
    ]
    assert cameras[0] == 0 < cameras[1]
    compared = [
        planner.get(f"/api/layers/hot_spots?county=mesa&unit=grids&as_of={day}").get_json()["facts"]["compared"]
        for day in (BEGIN - DAY, BEGIN, SPLIT)
    ]
    assert compared == [0, 12, 13]
