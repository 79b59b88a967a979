"""Two days of grids compared over HTTP: what came, went, moved; re-digitising counted for nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import shapely
from flask.testing import FlaskClient
from pyproj import Geod
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.made_history import (
    BEGIN,
    HALVES,
    MOVED,
    REDRAWN,
    RENAMED,
    SPLIT,
    WHOLE,
    change_row,
    version_row,
    write_history,
)

DAY = timedelta(1)
KINDS = ("created", "retired", "moved", "renamed", "redrawn")


@pytest.fixture
def pairs(mesa: Database) -> dict[str, tuple[str, str]]:
    """A history, and the codes of whom a line was redrawn and between whom a piece changed hands."""
    with mesa.owner_session() as owner:
        return write_history(owner)


def asked(client: FlaskClient, first: date, last: date, more: str = "") -> dict:
    answer = client.get(f"/api/grids/compare?county=mesa&from={first}&to={last}{more}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def codes(answer: dict) -> dict[str, set[str]]:
    return {kind: {grid["code"] for grid in answer[kind]} for kind in KINDS if answer[kind]}


def test_each_step_of_a_history_is_told_by_itself(planner: FlaskClient, pairs: dict[str, tuple[str, str]]) -> None:
    steps = {day: codes(asked(planner, day - DAY, day)) for day in (SPLIT, REDRAWN, MOVED, RENAMED)}
    assert steps == {
        SPLIT: {"created": {*HALVES}, "retired": {WHOLE}},
        REDRAWN: {"redrawn": {*pairs["redrawn"]}},
        MOVED: {"moved": {*pairs["moved"]}},
        RENAMED: {"renamed": {"mesa-012"}},
    }


def test_a_day_and_itself_differ_in_nothing(planner: FlaskClient, pairs: dict[str, tuple[str, str]]) -> None:
    answer = asked(planner, MOVED, MOVED)
    assert codes(answer) == {} and answer["pieces"]["features"] == [] and answer["totals"]["area_m2"] == 0


def test_the_whole_history_is_told_at_once_and_redrawing_is_not_counted(
    planner: FlaskClient, pairs: dict[str, tuple[str, str]]
) -> None:
    answer = asked(planner, BEGIN, RENAMED)
    assert codes(answer) == {
        "created": {*HALVES}, "retired": {WHOLE}, "moved": {*pairs["moved"]}, "renamed": {"mesa-012"},
        "redrawn": {*pairs["redrawn"]},
    }  # fmt: skip
    parts = [asked(planner, day - DAY, day)["totals"] for day in (SPLIT, REDRAWN, MOVED)]
    total = answer["totals"]
    assert (total["grids_before"], total["grids_after"]) == (12, 13)
    assert total["area_m2"] == pytest.approx(parts[0]["area_m2"] + parts[2]["area_m2"], abs=0.3)
    assert total["redrawn_m2"] == parts[1]["redrawn_m2"] > 0


def test_land_says_from_whom_to_whom_and_how_much(
    planner: FlaskClient, mesa: Database, pairs: dict[str, tuple[str, str]]
) -> None:
    answer = asked(planner, MOVED - DAY, MOVED)
    with mesa.owner_session() as owner:
        shapes = {
            code: [shapely.from_wkb(bytes(row.geom)) for row in owner.execute(
                text("SELECT ST_AsBinary(geom) AS geom FROM grid WHERE code = :code ORDER BY lower(valid)"), {"code": code}
            )]
            for code in pairs["moved"]
        }  # fmt: skip
    taker, giver = pairs["moved"]
    geod = Geod(ellps="WGS84")
    expected = sum(
        abs(geod.geometry_area_perimeter(shapely.orient_polygons(part))[0])
        for part in shapely.get_parts(shapely.difference(*shapes[giver]))
        if part.geom_type == "Polygon"
    )
    grids = {grid["code"]: grid for grid in answer["moved"]}
    [share] = grids[taker]["came_from"]
    assert (share["code"], grids[taker]["went_to"]) == (giver, [])
    assert share["area_m2"] == pytest.approx(expected, rel=1e-3)
    assert grids[giver]["went_to"] == [{**share, "id": grids[taker]["id"], "code": taker, "name": grids[taker]["name"]}]
    gained = grids[taker]["area_after_m2"] - grids[taker]["area_before_m2"]
    assert gained == pytest.approx(share["area_m2"], abs=0.5)
    [piece] = answer["pieces"]["features"]
    assert piece["properties"] == {
        "before": grids[giver]["id"], "after": grids[taker]["id"], "area_m2": pytest.approx(share["area_m2"], abs=0.1),
        "redrawn": False,
    }  # fmt: skip
    west, south, east, north = grids[taker]["bounds"]
    assert shapely.box(west, south, east, north).covers(shapely.geometry.shape(piece["geometry"]))
    assert {(one["properties"]["code"], one["properties"]["day"]) for one in answer["outlines"]["features"]} == {
        (code, day) for code in pairs["moved"] for day in ("before", "after")
    }


def test_the_change_that_made_it_so_stands_beside_each_grid(
    planner: FlaskClient, pairs: dict[str, tuple[str, str]]
) -> None:
    answer = asked(planner, BEGIN, RENAMED)
    split = [change for grid in (*answer["created"], *answer["retired"]) for change in grid["changes"]]
    assert {(one["kind"], one["reason_code"], one["day"]) for one in split} == {("split", "real_change", str(SPLIT))}
    assert len(split) == 3 and len({one["id"] for one in split}) == 1
    [renamed] = answer["renamed"]
    assert renamed["name"] == "新名网格" != renamed["before"]["name"]
    assert [one["reason_code"] for one in renamed["changes"]] == ["code_correction"]


def test_a_line_that_moved_and_was_drawn_better_on_one_day_moved(
    planner: FlaskClient, mesa: Database, pairs: dict[str, tuple[str, str]]
) -> None:
    with mesa.owner_session() as owner:
        change = change_row(owner, "move", "re_digitising", MOVED)
        for code in pairs["moved"]:
            version_row(owner, code, MOVED, change)  # the version that the other change began holds on no day
    answer = asked(planner, MOVED - DAY, MOVED)
    assert codes(answer) == {"moved": {*pairs["moved"]}}
    assert [one["reason_code"] for one in answer["moved"][0]["changes"]] == ["real_change", "re_digitising"]


def test_a_change_that_was_withdrawn_made_nothing(
    planner: FlaskClient, mesa: Database, pairs: dict[str, tuple[str, str]]
) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE grid_change SET status = 'withdrawn' WHERE reason_code = 'code_correction'"))
        owner.execute(
            text(
                "UPDATE grid SET recorded = tstzrange(lower(recorded), now()) WHERE name = '新名网格';"
                " UPDATE grid SET valid = daterange(lower(valid), NULL), recorded = tstzrange(now(), NULL) WHERE code = 'mesa-012' AND upper_inf(recorded)"
            )
        )
    assert codes(asked(planner, RENAMED - DAY, RENAMED)) == {}


def test_before_the_first_grid_all_are_new_and_it_is_said_from_when_on(
    planner: FlaskClient, pairs: dict[str, tuple[str, str]]
) -> None:
    answer = asked(planner, BEGIN - DAY, BEGIN)
    assert len(answer["created"]) == 12 and answer["totals"]["grids_before"] == 0
    assert answer["first_day"] == str(BEGIN) in answer["notice"]
    assert {share["id"] for grid in answer["created"] for share in grid["came_from"]} == {0}


def test_days_in_the_wrong_order_and_days_that_are_none_are_refused(reader: FlaskClient) -> None:
    turned = reader.get("/api/grids/compare?county=mesa&from=2026-05-02&to=2026-05-01")
    assert turned.status_code == 400 and "2026-05-02" in turned.get_json()["detail"]
    assert reader.get("/api/grids/compare?county=mesa&from=2026-02-30&to=2026-05-01").status_code == 422
    for address in ("from=2026-05-01", "to=2026-05-01", "first=2026-05-01&last=2026-05-02"):
        assert reader.get(f"/api/grids/compare?county=mesa&{address}").status_code == 400


def test_B02_another_county_is_not_compared(stranger: FlaskClient, mesa: Database) -> None:
    assert stranger.get("/api/grids/compare?county=mesa&from=2026-01-01&to=2026-05-01").status_code == 404


def test_the_same_question_is_answered_by_its_tag(planner: FlaskClient, pairs: dict[str, tuple[str, str]]) -> None:
    address = f"/api/grids/compare?county=mesa&from={BEGIN}&to={MOVED}"
    tag = planner.get(address).headers["ETag"]
    assert planner.get(address, headers={"If-None-Match": tag}).status_code == 304
    other = planner.get(f"/api/grids/compare?county=mesa&from={BEGIN}&to={RENAMED}", headers={"If-None-Match": tag})
    assert other.status_code == 200
