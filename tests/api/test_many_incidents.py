"""A hundred thousand incidents without a single category or time: summed up, counted, and answered all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.queries import frames
from layers.incidents.sums import MOST_POINTS, MOST_SUMS
from tests.mesa import browser_of
from tests.real_counties import closer_in

MANY = 100_000
SPREAD = """
INSERT INTO incident (county_id, admin_area_id, police_area_id, geom)
SELECT i.county_id, i.admin_area_id, i.police_area_id, CASE WHEN n % 100 > 0 THEN
  ST_SetSRID(ST_MakePoint(-111.85 + 0.04 * ((n * 7919::bigint) % 100003) / 100003, 33.40 + 0.03 * ((n * 104729::bigint) % 99991) / 99991), 4326) END
FROM generate_series(1, :many) AS n, (SELECT * FROM incident ORDER BY id LIMIT 1) AS i
"""


@pytest.fixture
def many(mesa: Database) -> Database:
    """Mesa with nothing but these incidents; one in a hundred without a place."""
    with mesa.owner_session() as owner:
        owner.execute(text(SPREAD), {"many": MANY})
        owner.execute(
            text("DELETE FROM incident WHERE category <> '' OR occurred_from IS NOT NULL OR number IS NOT NULL")
        )
        assert owner.execute(text("SELECT count(*) FROM incident")).scalar_one() >= MANY
    return mesa


def get(client: FlaskClient, path: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get(path, query_string={"county": "mesa", **parameters})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    found: dict[str, Any] = answer.get_json()
    return found


def test_many_incidents_are_summed_up_and_drawn_one_by_one_in_a_small_box(planner: FlaskClient, many: Database) -> None:
    drawn = get(planner, "/api/layers/incidents")
    placed, unplaced = drawn["legend"]["n"], drawn["legend"]["unplaced"]
    assert placed + unplaced >= MANY and unplaced == MANY // 100
    sums = [feature["properties"]["count"] for feature in drawn["features"]["features"]]
    assert sum(sums) == placed and len(sums) <= MOST_SUMS and drawn["facts"]["partial"] is True
    box = (-111.84, 33.41, -111.837, 33.413)
    with many.owner_session() as owner:
        inside = owner.execute(
            text("SELECT count(*) FROM incident WHERE ST_Intersects(geom, ST_MakeEnvelope(:w, :s, :e, :n, 4326))"),
            dict(zip("wsen", box, strict=True)),
        ).scalar_one()
    points = get(planner, "/api/layers/incidents", box=",".join(map(str, box)))
    assert len(points["features"]["features"]) == inside and 0 < inside <= MOST_POINTS
    assert (points["legend"]["n"], points["legend"]["unplaced"]) == (placed, unplaced)
    assert points["facts"]["partial"] is True


def test_without_times_a_period_holds_nothing_and_every_answer_says_why(planner: FlaskClient, many: Database) -> None:
    summary = get(planner, "/api/incidents/summary")
    assert summary["n"] == summary["untimed"] >= MANY
    assert summary["first"] is None and summary["last"] is None and summary["histogram"] is None
    assert [(one["name"], one["count"]) for one in summary["categories"]] == [("", summary["n"])]
    period = {"since": "2026-01-01", "until": "2026-06-30"}
    assert get(planner, "/api/incidents/summary", **period)["n"] == 0
    assert get(planner, "/api/layers/incidents", **period)["legend"]["n"] == 0
    assert get(planner, "/api/layers/density", **period)["raster"] is None
    assert get(planner, "/api/layers/incidents", category="盗窃")["features"]["features"] == []
    for layer in ("density", "hot_spots", "hot_streets", "patrol_gaps"):
        assert get(planner, f"/api/layers/{layer}")["layer_id"] == layer


def test_B06_a_sum_counts_nothing_outside_the_scope(mesa_app: Any, many: Database) -> None:
    with many.owner_session() as owner:
        town = owner.execute(
            text(
                "INSERT INTO area (county_id, parent_id, tree, level, code, name) SELECT county_id, id, tree, 'town', 'town',"
                " 'town' FROM area WHERE code = 'mesa' AND tree = 'admin' RETURNING id"
            )
        ).scalar_one()
        # Row security looks at either tree, so the other one lends no way round.
        owner.execute(
            text("UPDATE incident SET admin_area_id = :town, police_area_id = :town WHERE id % 10 = 0"), {"town": town}
        )
        mine, placed = owner.execute(
            text("SELECT count(*), count(geom) FROM incident WHERE admin_area_id = :town"), {"town": town}
        ).one()
        owner.execute(text("DELETE FROM user_scope WHERE user_id = (SELECT id FROM app_user WHERE login = 'planner')"))
        owner.execute(
            text("INSERT INTO user_scope (user_id, area_id) SELECT id, :town FROM app_user WHERE login = 'planner'"),
            {"town": town},
        )
    drawn = get(browser_of(mesa_app, "planner"), "/api/layers/incidents")
    assert (drawn["legend"]["n"], drawn["legend"]["n"] + drawn["legend"]["unplaced"]) == (placed, mine)
    assert sum(feature["properties"]["count"] for feature in drawn["features"]["features"]) == placed > MOST_POINTS


@pytest.mark.long
def test_the_page_of_them_opens_and_takes_a_zoom(visit_of_many: Callable[[], Any]) -> None:
    visit = visit_of_many()
    visit.open("?view=incidents&layers=incidents,density")
    assert visit.tab.locator('[data-layer="incidents"] .count').inner_text().replace(",", "").startswith("99")
    with visit.tab.expect_response(closer_in("incidents")):
        visit.tab.evaluate("() => { map_main.setZoom(17, { animate: false }); }")
    visit.tab.wait_for_timeout(300)
    assert visit.complaints == [] and visit.violations() == []


@pytest.fixture
def visit_of_many(mesa_app: Any, many: Database, browser: Any) -> Any:
    """Opens the page of these incidents and signs in."""
    from tests.e2e.browsing import Visit, served

    with served(mesa_app) as address:
        opened: list[Visit] = []

        def open_page() -> Visit:
            opened.append(Visit(browser, address))
            return opened[-1].sign_in().open()

        yield open_page
        for visit in opened:
            visit.leave()


def test_a_box_hides_nothing_of_few_incidents_and_their_number_is_that_of_all(
    planner: FlaskClient, many: Database
) -> None:
    with many.owner_session() as owner:
        owner.execute(text("UPDATE incident SET category = '甲' WHERE id % 97 = 0"))
        placed, unplaced = owner.execute(
            text("SELECT count(geom), count(*) - count(geom) FROM incident WHERE category = '甲'")
        ).one()
    few = get(planner, "/api/layers/incidents", category="甲", box="-111.84,33.41,-111.837,33.413")
    assert (few["legend"]["n"], few["legend"]["unplaced"]) == (placed, unplaced)
    assert len(few["features"]["features"]) == placed and "partial" not in few["facts"]


def test_incidents_without_a_place_are_counted_and_not_read(
    planner: FlaskClient, many: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with many.owner_session() as owner:
        owner.execute(text("UPDATE incident SET geom = NULL WHERE id % 100 <> 0"))
        placed = owner.execute(text("SELECT count(geom) FROM incident")).scalar_one()
    asked: list[int] = []
    read = frames.incident_rows
    monkeypatch.setattr(
        frames, "incident_rows", lambda session, county, ids: asked.append(len(ids)) or read(session, county, ids)
    )
    legend = get(planner, "/api/layers/incidents")["legend"]
    assert asked == [placed] and legend["n"] == placed and legend["unplaced"] > 90_000
