"""Totals of old grids on the grids of another day, over HTTP: shared out by the best that the county's data know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.queries.terms import today
from grid_boundaries.coverage import area_m2
from tests.made_grids import COUNTY, Governed, code_of
from tests.made_history import BEGIN, HALVES, MOVED, REDRAWN, SPLIT, WHOLE, write_history
from tests.mesa import browser_of
from tests.security.browsing import csrf_token

ADDRESS = "/api/grids/restated"
DAY = timedelta(1)
WITHOUT_PLACES = "DELETE FROM address; DELETE FROM population; DELETE FROM building"
PUT = """
INSERT INTO {table} (county_id, admin_area_id, police_area_id, geom, {names})
SELECT county_id, admin_area_id, police_area_id, {shape}, {values} FROM grid WHERE code = :code AND upper_inf(valid)
"""


@pytest.fixture
def pairs(mesa: Database) -> dict[str, tuple[str, str]]:
    """A history of grids without anything in them, and the codes of its pairs: see `write_history`."""
    with mesa.owner_session() as owner:
        owner.execute(text(WITHOUT_PLACES))
        return write_history(owner)


def put(mesa: Database, table: str, code: str, shape: str = "ST_PointOnSurface(geom)", **said: str) -> None:
    """A row of a table inside the grid that has this code now, its values as SQL."""
    statement = PUT.format(table=table, names=", ".join(said), values=", ".join(said.values()), shape=shape)
    with mesa.owner_session() as owner:
        owner.execute(text(statement), {"code": code})


def sent(client: FlaskClient, **said: Any) -> Any:
    asked = {"county": "mesa", "as_of": str(BEGIN), "counts": {WHOLE: 8}} | said
    return client.post(ADDRESS, json=asked, headers={"X-CSRFToken": csrf_token(client, "/password")})


def asked(client: FlaskClient, **said: Any) -> dict[str, Any]:
    answer = sent(client, **said)
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def told(answer: dict[str, Any]) -> dict[str, tuple[float, str]]:
    return {row["code"]: (row["count"], row["by"]) for row in answer["counts"]}


def test_where_nothing_is_known_a_total_is_shared_out_by_land(
    planner: FlaskClient, mesa: Database, pairs: dict[str, tuple[str, str]]
) -> None:
    # A number for the whole grid says nothing of where in it people live.
    put(mesa, "population", HALVES[0], "NULL", grid_code=f"'{WHOLE}'", households="40")
    answer = asked(planner, counts={WHOLE: 8, "mesa-012": 3}, to=str(SPLIT))
    assert (answer["as_of"], answer["to"], answer["by"], answer["unknown"]) == (str(BEGIN), str(SPLIT), "area", [])
    with mesa.owner_session() as owner:
        rows = owner.execute(
            text("SELECT code, ST_AsBinary(geom) FROM grid WHERE code = ANY (:codes)"), {"codes": [*HALVES]}
        )
        land = {code: area_m2(shapely.from_wkb(bytes(shape))) for code, shape in rows}
    shares = {code: 8 * land[code] / sum(land.values()) for code in HALVES}
    assert told(answer) == {
        **{code: (pytest.approx(share, abs=1e-3), "area") for code, share in shares.items()},
        "mesa-012": (3, "unchanged"),
    }
    assert sum(row["count"] for row in answer["counts"]) == pytest.approx(11, abs=1e-5)
    assert {row["name"] for row in answer["counts"]} >= {*HALVES}


def test_addresses_of_the_day_are_better_than_homes_these_than_buildings_and_these_than_land(
    planner: FlaskClient, mesa: Database, pairs: dict[str, tuple[str, str]]
) -> None:
    first, second = HALVES
    outline = "ST_Multi(ST_Buffer(ST_PointOnSurface(geom), 0.00005))"
    put(mesa, "building", first, outline, kind="'house'", levels="3")
    put(mesa, "building", second, outline, kind="'house'", levels="1")
    answer = asked(planner, to=str(SPLIT))
    assert answer["by"] == "floor_space"
    assert told(answer) == {
        first: (pytest.approx(6, abs=0.01), "floor_space"), second: (pytest.approx(2, abs=0.01), "floor_space"),
    }  # fmt: skip
    put(mesa, "population", first, households="1", people="9")
    put(mesa, "population", second, households="4", people="NULL")
    answer = asked(planner, to=str(SPLIT), counts={WHOLE: 10})
    assert answer["by"] == "households"
    assert told(answer) == {first: (2, "households"), second: (8, "households")}
    put(mesa, "address", second, full_text="'1'", valid="daterange('2026-02-01', NULL)")
    assert asked(planner, to=str(SPLIT))["by"] == "households"  # on the day of the counts there was no address yet
    answer = asked(planner, to=str(SPLIT), as_of="2026-02-01")
    assert answer["by"] == "addresses"
    assert told(answer) == {first: (0, "addresses"), second: (8, "addresses")}


def test_a_grid_without_any_address_is_shared_out_by_land_and_says_so(
    planner: FlaskClient, mesa: Database, pairs: dict[str, tuple[str, str]]
) -> None:
    put(mesa, "address", "mesa-012", full_text="'1'")
    answer = asked(planner, to=str(SPLIT))
    assert answer["by"] == "addresses" and {by for _, by in told(answer).values()} == {"area"}


def test_redrawing_moves_no_count_and_a_piece_that_changed_hands_does(
    planner: FlaskClient, pairs: dict[str, tuple[str, str]]
) -> None:
    counts = {code: 10 for pair in pairs.values() for code in pair}
    redrawn = told(asked(planner, as_of=str(REDRAWN - DAY), to=str(REDRAWN), counts=counts))
    assert redrawn == dict.fromkeys(counts, (10, "unchanged"))
    moved = told(asked(planner, as_of=str(MOVED - DAY), to=str(MOVED), counts=counts))
    taker, giver = pairs["moved"]
    assert moved[taker][0] > 10 > moved[giver][0] and moved[taker][0] + moved[giver][0] == pytest.approx(20, abs=1e-4)
    assert all(moved[code] == (10, "unchanged") for code in pairs["redrawn"])


def test_codes_that_no_grid_had_on_the_day_are_named_and_counted_for_nobody(
    planner: FlaskClient, pairs: dict[str, tuple[str, str]]
) -> None:
    answer = asked(planner, counts={WHOLE: 8, HALVES[0]: 5, "nobody": 1}, to=str(BEGIN))
    assert answer["unknown"] == [HALVES[0], "nobody"]
    assert told(answer) == {WHOLE: (8, "unchanged")}
    before = asked(planner, as_of=str(BEGIN - DAY))
    assert (before["unknown"], before["counts"]) == ([WHOLE], [])


def test_land_where_no_grid_is_any_more_keeps_its_count_apart(
    planner: FlaskClient, mesa: Database, pairs: dict[str, tuple[str, str]]
) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE grid SET valid = daterange(lower(valid), '2026-06-15') WHERE name = '新名网格'"))
    answer = asked(planner, counts={"mesa-012": 4})
    assert answer["counts"] == [{"code": None, "name": "", "count": 4, "by": "nowhere"}]


def test_without_a_second_day_today_is_meant(planner: FlaskClient, pairs: dict[str, tuple[str, str]]) -> None:
    now = datetime.now(UTC)
    answer = asked(planner)
    assert date.fromisoformat(answer["to"]) in {now.date(), (now - DAY).date()}
    assert set(told(answer)) == {*HALVES}


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"to": "2025-12-31"}, 400, "2025-12-31"),
        ({"as_of": "2026-02-30"}, 422, "2026-02-30"),
        ({"as_of": None}, 422, "None"),
        ({"counts": {}}, 400, "20000"),
        ({"counts": [1]}, 400, "20000"),
        ({"counts": {"mesa-001": "8"}}, 400, "mesa-001"),
        ({"counts": {"mesa-001": True}}, 400, "mesa-001"),
        ({"counts": {"mesa-001": -1}}, 400, "mesa-001"),
        ({"counts": {"mesa-001": float("nan")}}, 400, "mesa-001"),
        ({"counts": {"mesa-001": float("inf")}}, 400, "mesa-001"),
        ({"counts": {"mesa-001": 10**40}}, 400, "mesa-001"),
        ({"counts": {"": 1}}, 400, ""),
        ({"counts": {"\ud800": 1}}, 400, ""),
        ({"counts": {"x" * 65: 1}}, 400, ""),
        ({"day": "2026-01-01"}, 400, "day"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_with_a_sentence(
    reader: FlaskClient, said: dict[str, Any], status: int, words: str
) -> None:
    answer = sent(reader, **said)
    assert answer.status_code == status, answer.get_json()
    assert words in answer.get_json()["detail"]


def test_who_may_not_read_grids_is_told_nothing(mesa_app: Any) -> None:
    assert sent(browser_of(mesa_app, "auditor")).status_code == 403
    assert sent(browser_of(mesa_app, "stranger")).status_code == 404
    planner = browser_of(mesa_app, "planner")
    assert planner.post(ADDRESS, json={"county": "mesa", "as_of": "2026-01-01", "counts": {"x": 1}}).status_code == 400


def test_B02_a_grid_of_others_is_a_code_that_no_grid_had(governed: Governed) -> None:
    day = str(today(governed.county(), datetime.now(UTC)))
    own, foreign = code_of(0, 0), code_of(4, 0)
    wanted = {"county": COUNTY, "as_of": day, "counts": {own: 2, foreign: 3}}
    answer = governed.browser("of_community").send(ADDRESS, wanted).get_json()
    assert (told(answer), answer["unknown"]) == ({own: (2, "unchanged")}, [foreign])
    assert governed.browser("leader").send(ADDRESS, wanted).get_json()["unknown"] == []


def test_the_api_describes_it(reader: FlaskClient) -> None:
    described = reader.get("/apidoc/openapi.json").get_json()["paths"][ADDRESS]["post"]
    assert "requestBody" in described and "200" in described["responses"]
