"""The numbers of grids over HTTP, against plain SQL and plain geometry."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.mesa import browser_of

METRIC = 26949
LOOKED_AT = ("mesa-001", "mesa-006", "mesa-012")


def asked(client: FlaskClient, more: str = "") -> dict:
    answer = client.get(f"/api/grids?county=mesa{more}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def frame(owner, sql: str) -> gpd.GeoDataFrame:
    rows = owner.execute(text(sql)).all()
    shapes = shapely.from_wkb([bytes(row.geom) for row in rows])
    columns = {name: [getattr(row, name) for row in rows] for name in rows[0]._fields if name != "geom"}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326).to_crs(METRIC)


def wedge(camera) -> shapely.Geometry:
    """The field of view in the plane, as a pie drawn corner by corner."""
    place = camera.geometry
    if camera.field_of_view >= 360:
        return place.buffer(camera.range_m, quad_segs=64)
    turns = np.radians(camera.bearing + np.linspace(-0.5, 0.5, 60) * camera.field_of_view)
    arc = [(place.x + camera.range_m * math.sin(turn), place.y + camera.range_m * math.cos(turn)) for turn in turns]
    return shapely.Polygon([(place.x, place.y), *arc])


def test_three_grids_have_the_numbers_that_sql_and_plain_geometry_give(planner: FlaskClient, mesa: Database) -> None:
    found = {grid["code"]: grid for grid in asked(planner)["grids"]}
    with mesa.owner_session() as owner:
        pieces = frame(owner, "SELECT ST_AsBinary(geom) AS geom FROM street_piece")
        routes = frame(owner, "SELECT ST_AsBinary(geom) AS geom FROM patrol_route")
        cameras = frame(owner, "SELECT bearing, field_of_view, range_m, ST_AsBinary(geom) AS geom FROM camera")
        grids = frame(owner, "SELECT code, ST_AsBinary(geom) AS geom FROM grid").set_index("code")
        incidents = dict(
            owner.execute(
                text(
                    "SELECT g.code, count(i.id) FROM grid g LEFT JOIN incident i ON i.valid AND i.geom && g.geom"
                    " AND ST_Contains(g.geom, i.geom) GROUP BY g.code"
                )
            ).all()
        )
    streets, walked = pieces.geometry.to_numpy(), shapely.union_all(routes.buffer(50, quad_segs=64).to_numpy())
    watched = shapely.union_all([wedge(camera) for camera in cameras.itertuples()])
    views = {"seen_patrol": walked, "seen_camera": watched}
    shares = {
        name: shapely.length(shapely.intersection(streets, view)) / shapely.length(streets)
        for name, view in views.items()
    }
    either = shapely.length(shapely.intersection(streets, shapely.union(walked, watched)))
    shares["seen_neither"] = 1 - either / shapely.length(streets)
    strips = shapely.buffer(streets, 1.0, cap_style="flat")
    for code in LOOKED_AT:
        length = shapely.area(shapely.intersection(strips, grids.geometry[code])) / 2
        grid = found[code]
        assert grid["length_m"] == pytest.approx(length.sum(), rel=5e-3)
        for name, share in shares.items():
            assert grid[name] == pytest.approx((share * length).sum() / length.sum(), abs=0.01), (code, name)
        assert grid["incidents"] == incidents[code]


def test_all_together_are_the_streets_and_the_incidents_of_the_county(planner: FlaskClient, mesa: Database) -> None:
    found = asked(planner)
    with mesa.owner_session() as owner:
        length, n = owner.execute(
            text("SELECT (SELECT sum(length_m) FROM street_piece), (SELECT count(*) FROM incident WHERE valid)")
        ).one()
    total, grids = found["total"], found["grids"]
    assert total["length_m"] == pytest.approx(length, rel=1e-4)
    assert (total["grids"], total["without_leader"], total["incidents"]) == (12, 2, n)
    assert sum(grid["incidents"] for grid in grids) == n
    for name in ("seen_patrol", "seen_camera", "seen_neither"):
        mean = sum(grid[name] * grid["length_m"] for grid in grids) / total["length_m"]
        assert total[name] == pytest.approx(mean, abs=1e-3)
    coverage = planner.get("/api/gaps?county=mesa").get_json()["share_seen"]
    assert total["seen_patrol"] == pytest.approx(coverage, abs=1e-3)


def test_grids_come_by_code_and_rank_by_incidents(reader: FlaskClient) -> None:
    grids = asked(reader)["grids"]
    assert [grid["code"] for grid in grids] == [f"mesa-{number:03d}" for number in range(1, 13)]
    assert sorted(grid["rank"] for grid in grids) == list(range(1, 13))
    by_rank = sorted(grids, key=lambda grid: grid["rank"])
    assert [(-g["incidents"], g["code"]) for g in by_rank] == sorted((-g["incidents"], g["code"]) for g in grids)
    assert all(isinstance(grid["hot"], bool) and grid["simulated"] for grid in grids)
    assert [grid["leader"] is None for grid in grids].count(True) == 2
    west, south, east, north = grids[0]["bounds"]
    assert -111.85 < west < east < -111.82 and 33.4 < south < north < 33.43


def test_filters_choose_incidents_and_routes_and_how_far_one_sees(planner: FlaskClient, mesa: Database) -> None:
    with mesa.owner_session() as owner:
        owner.execute(
            text(
                "UPDATE incident SET occurred_from = timestamptz '2026-03-01 00:00-07' + id % 24 * interval '1 hour',"
                " occurred_to = timestamptz '2026-03-01 00:00-07' + id % 24 * interval '1 hour'"
            )
        )
        at_night = owner.scalar(text("SELECT count(*) FROM incident WHERE valid AND (id % 24 >= 22 OR id % 24 < 6)"))
    every = asked(planner)
    assert every["simulated"] and (every["since"], every["until"]) == ("2026-03-01", "2026-03-01")
    night = asked(planner, "&hours=22-6")
    assert 0 < night["total"]["incidents"] == at_night < every["total"]["incidents"]
    assert night["total"]["seen_patrol"] == every["total"]["seen_patrol"]
    nobody = asked(planner, "&routes=none")["total"]
    assert nobody["seen_patrol"] == 0
    assert nobody["seen_camera"] == every["total"]["seen_camera"]
    assert nobody["seen_neither"] == pytest.approx(1 - nobody["seen_camera"], abs=2e-4)
    farther = asked(planner, "&sight=150")["total"]
    assert farther["seen_neither"] < every["total"]["seen_neither"]
    period = asked(planner, "&since=2100-01-01&until=2100-01-31")
    assert period["total"]["incidents"] == 0
    assert (period["since"], period["until"]) == ("2100-01-01", "2100-01-31")
    assert [grid["rank"] for grid in period["grids"]] == list(range(1, 13))


def test_the_same_question_is_answered_by_its_tag_until_a_grid_changes(planner: FlaskClient, mesa: Database) -> None:
    first = planner.get("/api/grids?county=mesa")
    tag = first.headers["ETag"]
    again = planner.get("/api/grids?county=mesa", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    with mesa.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO grid_worker (county_id, admin_area_id, police_area_id, grid_stable_id, role, name)"
                " SELECT county_id, admin_area_id, police_area_id, stable_id, 'grid_leader', '新网格长' FROM grid g"
                " WHERE NOT EXISTS (SELECT FROM grid_worker w WHERE w.grid_stable_id = g.stable_id)"
            )
        )
    changed = planner.get("/api/grids?county=mesa", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.get_json()["total"]["without_leader"] == 0


def test_a_county_without_grids_or_streets_is_answered_with_none(planner: FlaskClient, mesa: Database) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("DELETE FROM grid"))
    found = asked(planner)
    assert found["grids"] == []
    assert found["total"] == {
        "grids": 0, "without_leader": 0, "length_m": 0.0, "seen_patrol": None, "seen_camera": None,
        "seen_neither": None, "incidents": 0, "rough": 0,
    }  # fmt: skip


def test_grids_without_streets_have_no_shares(planner: FlaskClient, mesa: Database) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("DELETE FROM street_piece"))
    grids = asked(planner)["grids"]
    assert len(grids) == 12
    assert {(grid["length_m"], grid["seen_patrol"], grid["seen_neither"]) for grid in grids} == {(0.0, None, None)}


def test_another_countys_user_gets_nothing_and_a_misspelt_filter_is_an_error(stranger: FlaskClient, mesa_app) -> None:  # type: ignore[no-untyped-def]
    assert stranger.get("/api/grids?county=mesa").status_code == 404
    own = stranger.get("/api/grids?county=340523")
    assert own.status_code == 200 and own.get_json()["grids"] == []
    client = browser_of(mesa_app, "planner")
    assert client.get("/api/grids?county=mesa&catgory=x").status_code == 400
    assert client.get("/api/grids?county=mesa&area=999999").status_code == 404
    assert mesa_app.test_client().get("/api/grids?county=mesa").status_code == 401


def test_a_grids_streets_and_patrols_are_the_same_for_whoever_sees_it(
    mesa_app, mesa: Database, planner: FlaskClient
) -> None:  # type: ignore[no-untyped-def]
    with mesa.owner_session() as owner:
        town = owner.scalar(
            text(
                "INSERT INTO area (county_id, parent_id, tree, level, code, name) SELECT county_id, id, 'admin', 'town', 't1',"
                " '镇' FROM area WHERE tree = 'admin' AND code = 'mesa' RETURNING id"
            )
        )
        owner.execute(text("UPDATE grid SET admin_area_id = :town WHERE code = 'mesa-004'"), {"town": town})
        user = owner.scalar(text("SELECT id FROM app_user WHERE login = 'colleague'"))
        owner.execute(text("DELETE FROM user_scope WHERE user_id = :user"), {"user": user})
        owner.execute(
            text("INSERT INTO user_scope (user_id, area_id) VALUES (:user, :town)"), {"user": user, "town": town}
        )
    whole = next(grid for grid in asked(planner)["grids"] if grid["code"] == "mesa-004")
    (part,) = asked(browser_of(mesa_app, "colleague"))["grids"]
    assert (part["code"], part["length_m"], part["seen_patrol"]) == (
        "mesa-004",
        whole["length_m"],
        whole["seen_patrol"],
    )
    assert part["incidents"] == 0  # those are stamped with the whole county, which the colleague does not see
    assert [grid["code"] for grid in asked(planner, f"&area={town}")["grids"]] == ["mesa-004"]
