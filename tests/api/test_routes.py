"""Routes over HTTP: previewed, saved once, changed from what was seen, ended and brought back; strict about what is sent."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from tests.mesa import browser_of
from tests.routes_on_mesa import Planner, ends_of_gaps

HOURLY = [f"{hour:02d}:00" for hour in range(24)]


@pytest.fixture
def drawer(planner: FlaskClient) -> Planner:
    """A planner who draws; what he saves stays with this test."""
    return Planner(planner)


@pytest.fixture
def looker(reader: FlaskClient) -> Planner:
    """A planner who only tries out, on the shared copy."""
    return Planner(reader)


def test_a_preview_has_the_numbers_that_gaps_have_after_saving(drawer: Planner) -> None:
    points = ends_of_gaps(drawer.client, 3)
    said = drawer.preview(points, departures=HOURLY).get_json()
    before = drawer.client.get("/api/gaps?county=mesa&limit=500").get_json()
    assert (said["gaps"]["before"], said["gaps"]["never_before"]) == (before["total"], before["never"])
    assert (said["longest_before_hours"], said["share_seen_before"]) == (before["longest_hours"], before["share_seen"])
    saved = drawer.draw(points, departures=HOURLY)
    assert saved.status_code == 201
    after = drawer.client.get("/api/gaps?county=mesa&limit=500").get_json()
    assert (said["gaps"]["after"], said["gaps"]["never_after"]) == (after["total"], after["never"])
    assert said["longest_after_hours"] == after["longest_hours"]
    assert said["share_seen_after"] == pytest.approx(after["share_seen"], abs=1e-12)
    gone = {gap["id"] for gap in before["gaps"]} - {gap["id"] for gap in after["gaps"]}
    assert gone == set(said["gaps"]["closed_ids"]) != set()
    route = saved.get_json()
    assert [leg["after"] for leg in said["legs"]] == [0, 1]
    joined = said["legs"][0]["coordinates"] + said["legs"][1]["coordinates"][1:]
    assert said["path"]["coordinates"] == joined
    assert route["length_m"] == said["length_m"] and route["minutes"] == said["minutes_foot"]
    drawn = drawer.client.get("/api/layers/patrol_routes?county=mesa").get_json()["features"]["features"]
    assert [f["geometry"] for f in drawn if f["id"] == route["version"]] == [said["path"]]


@pytest.mark.parametrize(
    "filters",
    [
        {"sight": 80},
        {"asked": "ABC"},
        {"asked": "A"},
        {"routes": "none"},
        {"since": "2010-01-01", "until": "2012-12-31"},
    ],
    ids=["sight", "all classes", "one class", "alone", "a period"],
)
def test_the_numbers_agree_whatever_the_filters_are(drawer: Planner, filters: dict) -> None:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    points = ends_of_gaps(drawer.client, 2)
    said = drawer.preview(points, departures=HOURLY, mode="vehicle", filters=filters).get_json()
    before = drawer.client.get(f"/api/gaps?county=mesa&{query}").get_json()
    assert (said["gaps"]["before"], said["share_seen_before"]) == (before["total"], before["share_seen"])
    route = drawer.draw(points, departures=HOURLY, mode="vehicle").get_json()
    if "routes" in filters:
        query = f"routes={route['id']}"
    after = drawer.client.get(f"/api/gaps?county=mesa&{query}").get_json()
    assert (said["gaps"]["after"], said["gaps"]["never_after"]) == (after["total"], after["never"])
    assert said["share_seen_after"] == pytest.approx(after["share_seen"], abs=1e-12)


def test_a_preview_writes_nothing(drawer: Planner, mesa: Database, mesa_scope: Scope) -> None:
    def versions():
        with mesa.session(mesa_scope, read_only=True) as session:
            return session.execute(text("SELECT kind, version FROM data_version ORDER BY kind, county_id")).all()

    before = versions()
    assert drawer.preview(ends_of_gaps(drawer.client, 2), departures=HOURLY).status_code == 200
    assert versions() == before


def test_a_preview_of_less_than_two_points_has_no_path(looker: Planner) -> None:
    for points in ([], ends_of_gaps(looker.client, 1)):
        said = looker.preview(points).get_json()
        assert [said[name] for name in ("path", "length_m", "minutes_foot", "minutes_vehicle")] == [None] * 4
        assert said["newly_seen"] == {"pieces": 0, "length_m": 0, "ids": []} and said["warnings"] == []
        assert said["gaps"]["before"] == said["gaps"]["after"] > 0 and said["legs"] == []


def test_a_warning_is_a_sentence_in_the_language_of_the_user(looker: Planner) -> None:
    first = ends_of_gaps(looker.client, 1)[0]
    far = [first[0], first[1] + 0.2]
    said = looker.preview([first, far]).get_json()["warnings"]
    assert [(one["code"], one["point"]) for one in said] == [("off_network", 1)]
    english = looker.send(
        "POST", "/api/routes/preview", {"county": "mesa", "points": [first, far]}, **{"Accept-Language": "en"}
    ).get_json()["warnings"][0]["message"]
    assert english == "Point 2 is more than 1 km from every street and is left out."


POINT = [-111.83, 33.41]
BAD_POINTS = [
    [POINT, [-111.83]], [POINT, [-111.83, 33.41, 0]], [POINT, ["-111.83", "33.41"]], [POINT, [181, 33]], [POINT, [0, -91]],
    [POINT, [None, 33]], [POINT, [True, 33]], [POINT, "33,44"], [POINT, {"lon": 1, "lat": 2}], "POINT", None, [POINT] * 201,
    [[POINT]], [POINT, [10**400, 33]],
]  # fmt: skip


@pytest.mark.parametrize("points", BAD_POINTS, ids=range(len(BAD_POINTS)))
def test_C06_points_that_are_none_are_refused(looker: Planner, points) -> None:
    for answer in (looker.preview(points), looker.draw(points)):
        assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_input")
        assert "points" in answer.get_json()["detail"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_C06_what_json_does_not_know_as_a_number_is_refused(looker: Planner, number: str) -> None:
    sent = json.dumps({"county": "mesa", "points": [POINT, POINT]}).replace("33.41", number, 1)
    answer = looker.client.post(
        "/api/routes/preview", data=sent, headers={**looker.headers, "Content-Type": "application/json"}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "more",
    [
        {"departures": ["8:00"]}, {"departures": ["24:00"]}, {"departures": [8]}, {"departures": "08:00"},
        {"departures": ["08:00:00"]}, {"departures": ["08:00"] * 97}, {"mode": "bicycle"}, {"mode": None},
        {"replaces": "1"}, {"replaces": 0}, {"replaces": 1.5}, {"replaces": 10**18}, {"filters": []},
        {"filters": {"sight": 4}}, {"filters": {"area": -1}}, {"filters": {"county": "mesa"}}, {"filters": {"x": 1}},
        {"sight": 50}, {"role": "leader"}, {"version": 1}, {"created_by": 1},
    ],
    ids=str,
)  # fmt: skip
def test_B05_C06_a_preview_takes_what_it_knows_and_nothing_else(looker: Planner, more: dict) -> None:
    answer = looker.preview([POINT, POINT], **more)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_input")


@pytest.mark.parametrize(
    "more",
    [
        {"name": ""}, {"name": "  "}, {"name": "a" * 201}, {"name": "a\nb"}, {"name": 7}, {"team": "a" * 201}, {"team": None},
        {"shift": {"begins": "06:00"}}, {"shift": {"begins": "6", "ends": "14:00"}}, {"shift": "06:00-14:00"}, {"key": "1"},
        {"key": None}, {"role": "leader"}, {"version": 1}, {"created_by": 1}, {"county_id": 1},
        {"admin_area_id": 1}, {"simulated": False}, {"path": {"type": "LineString", "coordinates": [POINT, POINT]}},
    ],
    ids=str,
)  # fmt: skip
def test_B05_a_route_takes_what_it_knows_and_nothing_else(looker: Planner, more: dict) -> None:
    answer = looker.draw([POINT, POINT], **more)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_input")
    assert looker.draw([POINT]).status_code == 400


def test_what_is_no_path_is_not_saved_and_says_why(drawer: Planner) -> None:
    first, second = ends_of_gaps(drawer.client, 2)
    there = drawer.draw([first, first])
    assert (there.status_code, there.get_json()["code"]) == (422, "no_route")
    away = drawer.draw([first, [first[0], first[1] + 0.2], second])
    assert away.status_code == 422
    assert len(drawer.client.get("/api/routes?county=mesa").get_json()["routes"]) == 3


def test_a_double_click_saves_one_route(drawer: Planner) -> None:
    points, key = ends_of_gaps(drawer.client, 2), str(uuid4())
    first = drawer.draw(points, key=key)
    again = drawer.draw(points, key=key)
    assert first.status_code == again.status_code == 201
    assert first.get_json() == again.get_json() and first.headers["ETag"] == again.headers["ETag"]
    assert len(drawer.client.get("/api/routes?county=mesa").get_json()["routes"]) == 4
    drawer.send("DELETE", f"/api/routes/{first.get_json()['id']}", {}, **{"If-Match": first.headers["ETag"]})
    assert drawer.draw(points, key=key).status_code == 409


def test_the_list_names_teams_and_says_what_each_route_is(drawer: Planner) -> None:
    made = drawer.draw(ends_of_gaps(drawer.client, 2)).get_json()
    assert (made["name"], made["team"], made["mode"]) == ("夜巡一线", "一组", "foot")
    assert made["departures"] == ["08:00", "10:00"] and made["shift"] == {"begins": "06:00", "ends": "14:00"}
    assert made["minutes"] == pytest.approx(made["length_m"] / 1.2 / 60, abs=0.06) and made["editable"] is True
    listed = drawer.client.get("/api/routes?county=mesa").get_json()
    assert listed["teams"] == ["一组"] and listed["routes"][-1] == made
    assert [route["simulated"] for route in listed["routes"][:3]] == [True] * 3
    drawer.draw(ends_of_gaps(drawer.client, 2), name="夜巡二线", shift=None, departures=[])
    listed = drawer.client.get("/api/routes?county=mesa&routes=none").get_json()
    assert listed["teams"] == ["一组"] and len(listed["routes"]) == 5
    assert (listed["routes"][-1]["shift"], listed["routes"][-1]["departures"]) == (None, [])


def test_a_route_that_was_drawn_gives_its_places_and_one_from_a_file_places_found_in_its_line(drawer: Planner) -> None:
    points = ends_of_gaps(drawer.client, 3)
    made = drawer.draw(points).get_json()
    drawn = drawer.client.get(f"/api/routes/{made['id']}").get_json()
    assert drawn["points"] == points and drawn["fits"] is True
    for route in drawer.client.get("/api/routes?county=mesa").get_json()["routes"][:3]:
        found = drawer.client.get(f"/api/routes/{route['id']}").get_json()
        assert found["fits"] is True and 2 < len(found["points"]) < 30
        assert drawer.preview(found["points"]).get_json()["length_m"] == pytest.approx(route["length_m"], abs=20)


def test_places_that_no_longer_give_the_route_are_found_anew(
    drawer: Planner, mesa: Database, mesa_scope: Scope
) -> None:
    made = drawer.draw(ends_of_gaps(drawer.client, 3)).get_json()
    with mesa.session(mesa_scope) as session:
        session.execute(
            text(
                "UPDATE patrol_route SET geom = (SELECT geom FROM patrol_route ORDER BY id LIMIT 1) WHERE stable_id = :id"
            ),
            {"id": made["id"]},
        )
    found = drawer.client.get(f"/api/routes/{made['id']}").get_json()
    assert found["fits"] is True and found["points"] != ends_of_gaps(drawer.client, 3)


def test_G01_a_change_says_from_which_state_it_was_made(drawer: Planner) -> None:
    made = drawer.draw(ends_of_gaps(drawer.client, 2))
    path = f"/api/routes/{made.get_json()['id']}"
    value = {"name": "夜巡改线", "mode": "vehicle", "team": "", "departures": ["22:00"]}
    for method in ("PUT", "DELETE"):
        assert drawer.send(method, path, value).status_code == 428
        assert drawer.send(method, path, value, **{"If-Match": "*"}).status_code == 428
        stale = drawer.send(method, path, value, **{"If-Match": '"1-1-1.000000"'})
        assert (stale.status_code, stale.get_json()["code"]) == (412, "stale")
    tag = drawer.tag(made.get_json()["id"])
    # Weak where the answer was compressed on its way.
    assert {tag.removeprefix("W/"), made.headers["ETag"].removeprefix("W/")} == {f'"{made.get_json()["tag"]}"'}
    changed = drawer.send("PUT", path, value, **{"If-Match": tag})
    assert changed.status_code == 200
    assert (
        changed.get_json()["id"] == made.get_json()["id"]
        and changed.get_json()["version"] != made.get_json()["version"]
    )
    assert (changed.get_json()["name"], changed.get_json()["mode"], changed.get_json()["team"]) == (
        "夜巡改线",
        "vehicle",
        "",
    )
    assert changed.get_json()["length_m"] == made.get_json()["length_m"]  # without points the line stays
    assert drawer.send("PUT", path, value, **{"If-Match": tag}).status_code == 412
    moved = drawer.send(
        "PUT", path, {**value, "points": ends_of_gaps(drawer.client, 4)}, **{"If-Match": changed.headers["ETag"]}
    )
    assert moved.status_code == 200 and moved.get_json()["length_m"] > made.get_json()["length_m"]


@pytest.mark.parametrize(
    "more",
    [{"county": "mesa"}, {"key": str(uuid4())}, {"version": 1}, {"points": [POINT]}],
    ids=("county", "key", "version", "points"),
)
def test_B05_a_change_takes_what_it_knows_and_nothing_else(looker: Planner, more: dict) -> None:
    value = {"name": "a", "mode": "foot", **more}
    assert looker.send("PUT", "/api/routes/1", value, **{"If-Match": '"x"'}).status_code == 400


def same(answer) -> dict:
    """What is said of a route, whichever version says it."""
    return {**answer.get_json(), "version": 0, "tag": ""}


def test_what_was_removed_can_be_brought_back_and_what_was_changed_turned_back(drawer: Planner) -> None:
    made = drawer.draw(ends_of_gaps(drawer.client, 2))
    route = made.get_json()
    path = f"/api/routes/{route['id']}"
    removed = drawer.send("DELETE", path, {}, **{"If-Match": made.headers["ETag"]})
    assert removed.status_code == 200 and removed.get_json()["version"] == route["version"]
    assert drawer.client.get(path).status_code == 404
    back = {"version": route["version"]}
    assert drawer.send("POST", f"{path}/restore", back).status_code == 428
    assert drawer.send("POST", f"{path}/restore", back, **{"If-Match": made.headers["ETag"]}).status_code == 412
    restored = drawer.send("POST", f"{path}/restore", back, **{"If-None-Match": "*"})
    assert restored.status_code == 200
    assert same(restored) == same(made)
    assert drawer.send("POST", f"{path}/restore", back, **{"If-None-Match": "*"}).status_code == 412
    value = {"name": "改名", "mode": "foot"}
    changed = drawer.send("PUT", path, value, **{"If-Match": restored.headers["ETag"]})
    undone = drawer.send(
        "POST", f"{path}/restore", {"version": restored.get_json()["version"]}, **{"If-Match": changed.headers["ETag"]}
    )
    assert same(undone) == same(made)
    other = drawer.client.get("/api/routes?county=mesa").get_json()["routes"][0]
    foreign = drawer.send(
        "POST", f"{path}/restore", {"version": other["version"]}, **{"If-Match": undone.headers["ETag"]}
    )
    assert foreign.status_code == 404


def test_B02_a_route_of_another_county_looks_like_an_absent_one(mesa_app: Flask, drawer: Planner) -> None:
    route = drawer.client.get("/api/routes?county=mesa").get_json()["routes"][0]
    stranger = Planner(browser_of(mesa_app, "stranger"))
    value = {"name": "a", "mode": "foot"}
    for number in (route["id"], 999999):
        path = f"/api/routes/{number}"
        tag = {"If-Match": drawer.tag(route["id"])}
        answers = [
            stranger.client.get(path),
            stranger.send("PUT", path, value, **tag),
            stranger.send("DELETE", path, {}, **tag),
            stranger.send("POST", f"{path}/restore", {"version": route["version"]}, **{"If-None-Match": "*"}),
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.get_json()["detail"] for answer in answers}) == 1
        own = drawer.preview(ends_of_gaps(drawer.client, 2), replaces=999999)
        assert own.status_code == 404
    for path in ("/api/routes", "/api/routes/preview"):
        for county in ("mesa", "000000"):
            points = [[118.3, 31.7], [118.4, 31.7]]
            body = {"county": county, "points": points}
            full = {**body, "name": "a", "mode": "foot", "key": str(uuid4())}
            answer = stranger.send("POST", path, body if path.endswith("preview") else full)
            assert answer.status_code == 404
    assert stranger.client.get("/api/routes?county=mesa").status_code == 404


def test_B02_the_preview_of_another_county_replaces_nothing_here(mesa_app: Flask, drawer: Planner) -> None:
    route = drawer.client.get("/api/routes?county=mesa").get_json()["routes"][0]
    stranger = Planner(browser_of(mesa_app, "stranger"))
    body = {"county": "340523", "points": [], "replaces": route["id"]}
    assert stranger.send("POST", "/api/routes/preview", body).status_code == 404


def test_B03_who_may_read_may_not_plan(mesa_app: Flask, mesa: Database, drawer: Planner) -> None:
    with mesa.owner_session() as owner:
        owner.execute(
            text(
                "UPDATE user_role SET role = 'leader' WHERE user_id = (SELECT id FROM app_user WHERE login = 'colleague')"
            )
        )
    leader = Planner(browser_of(mesa_app, "colleague"))
    points = ends_of_gaps(drawer.client, 2)
    route = leader.client.get("/api/routes?county=mesa").get_json()["routes"][0]
    assert route["editable"] is False
    tag = {"If-Match": leader.tag(route["id"])}
    path = f"/api/routes/{route['id']}"
    answers = [
        leader.preview(points),
        leader.draw(points),
        leader.send("PUT", path, {"name": "a", "mode": "foot"}, **tag),
        leader.send("DELETE", path, {}, **tag),
        leader.send("POST", f"{path}/restore", {"version": route["version"]}, **tag),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert len(drawer.client.get("/api/routes?county=mesa").get_json()["routes"]) == 3


@pytest.mark.parametrize("hostile", ["0", "-1", "1 OR 1=1", "1;", "9" * 30, "1.0", "１", "%00"])
def test_C01_an_id_that_is_none_looks_absent(looker: Planner, hostile: str) -> None:
    tag = {"If-Match": '"x"'}
    assert looker.client.get(f"/api/routes/{hostile}").status_code == 404
    assert looker.send("PUT", f"/api/routes/{hostile}", {"name": "a", "mode": "foot"}, **tag).status_code == 404
    assert looker.send("DELETE", f"/api/routes/{hostile}", {}, **tag).status_code == 404


def test_texts_of_routes_are_kept_as_they_are(drawer: Planner) -> None:
    hostile = "<img src=x onerror=alert(1)>'; DROP TABLE patrol_route; -- ${1}"
    made = drawer.draw(ends_of_gaps(drawer.client, 2), name=hostile, team=hostile)
    assert made.status_code == 201
    assert drawer.client.get("/api/routes?county=mesa").get_json()["routes"][-1]["name"] == hostile


def test_A09_without_a_token_nothing_is_saved(looker: Planner) -> None:
    value = {"county": "mesa", "points": [POINT, POINT], "name": "a", "mode": "foot", "key": str(uuid4())}
    assert looker.client.post("/api/routes", json=value).status_code == 400
    assert looker.client.post("/api/routes/preview", json={"county": "mesa", "points": []}).status_code == 400


def test_F04_an_attempt_outside_the_area_is_refused_and_written_down(mesa: Database, drawer: Planner) -> None:
    with mesa.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO area (county_id, parent_id, tree, level, code, name) SELECT county_id, id, tree, 'town', 'far',"
                " 'far' FROM area WHERE code = 'mesa'"
            )
        )
        owner.execute(
            text(
                "UPDATE user_scope SET area_id = (SELECT id FROM area WHERE code = 'far' AND tree = 'admin') WHERE user_id ="
                " (SELECT id FROM app_user WHERE login = 'planner') AND area_id ="
                " (SELECT id FROM area WHERE code = 'mesa' AND tree = 'admin')"
            )
        )
        owner.execute(
            text(
                "DELETE FROM user_scope WHERE user_id = (SELECT id FROM app_user WHERE login = 'planner') AND area_id <>"
                " (SELECT id FROM area WHERE code = 'far' AND tree = 'admin')"
            )
        )
    points = [[-111.8365, 33.418], [-111.8273, 33.4152]]
    assert drawer.preview(points).get_json()["length_m"] > 500  # streets are the county's
    refused = drawer.draw(points)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "outside_area")
    with mesa.owner_session() as owner:
        denied = "SELECT count(*) FROM audit_entry WHERE action = 'routes:plan' AND outcome = 'denied'"
        assert owner.execute(text(denied)).scalar_one() == 1
