"""A map as one file: ordered, written by a real worker in the scope of who ordered it, fetched by him alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.jobs.tasks import run
from tests.mesa import browser_of, do_jobs
from tests.security.browsing import csrf_token

ORDER = {"county": "mesa", "layers": ["streets", "patrol_gaps"]}


def order(client: FlaskClient, body: object = ORDER, **more):
    token = csrf_token(client, "/")
    return client.post("/api/maps", json=body, headers={"X-CSRFToken": token}, **more)


@pytest.fixture
def work(mesa_settings: Settings, mesa: Database) -> Callable[[], None]:
    """Does everything that waits in the queue."""
    return lambda: do_jobs(mesa_settings, mesa)


def test_a_map_is_ordered_written_and_fetched(planner: FlaskClient, work: Callable[[], None]) -> None:
    answer = order(planner)
    assert answer.status_code == 202
    job = answer.get_json()
    assert (job["status"], job["result"]) == ("waiting", None)
    assert planner.get(f"/api/maps/{job['id']}").status_code == 404
    work()
    done = planner.get(f"/api/jobs/{job['id']}").get_json()
    assert (done["status"], done["done"], done["total"]) == ("done", 2, 2)
    file = planner.get(done["result"])
    assert file.headers["Content-Disposition"].startswith("attachment")
    page = file.get_data(as_text=True)
    assert "巡防空白" in page and "Mesa" in page and 'lang="zh-Hans"' in page
    assert "http-equiv" in page and "src=" not in page.split("<script>")[0]


def test_a_map_holds_what_the_filters_of_its_order_choose(planner: FlaskClient, mesa: Database, work) -> None:
    with mesa.owner_session() as owner:
        owner.execute(
            text(
                "UPDATE incident SET occurred_from = '2026-03-01 12:00-07', category = 'Theft <b>'"
                " WHERE id IN (SELECT id FROM incident WHERE geom IS NOT NULL ORDER BY id LIMIT 40)"
            )
        )
    area = planner.get("/api/areas?county=mesa").get_json()["areas"][0]["id"]
    chosen = {"since": "2026-03-01", "until": "2026-03-31", "category": ["Theft <b>"], "area": area, "valid": "0"}
    job = order(planner, {"county": "mesa", "layers": ["incidents"], "filters": chosen}).get_json()
    work()
    page = planner.get(f"/api/maps/{job['id']}").get_data(as_text=True)
    assert '"n":40,' in page
    assert "2026-03-31" in page and "Theft &lt;b&gt;" in page and "Theft <b>" not in page


@pytest.mark.parametrize(
    ("filters", "status"),
    [
        ([], 400), ("since", 400), ({"sine": "2026-01-01"}, 400), ({"since": "2026-13-01"}, 400), ({"county": "mesa"}, 400),
        ({"county": "340523"}, 400), ({"since": "2026-02-01", "until": "2026-01-01"}, 400), ({"hours": [22, 6]}, 400),
        ({"category": "Theft"}, 400), ({"category": [1]}, 400), ({"area": True}, 400), ({"area": 10**20}, 400),
        ({"area": 999999}, 404), ({"box": [0, 0, 1, 1]}, 400), ({"scope": [1]}, 400), ({"sight": "1e3"}, 400),
    ],
)  # fmt: skip
def test_B05_an_order_with_filters_that_mean_nothing_is_refused(
    planner: FlaskClient, mesa: Database, filters: object, status: int
) -> None:
    answer = order(planner, {"county": "mesa", "layers": ["streets"], "filters": filters})
    assert answer.status_code == status
    with mesa.owner_session() as owner:
        assert owner.execute(text("SELECT count(*) FROM job")).scalar_one() == 0


def test_B04_an_order_of_an_area_of_others_looks_like_one_of_an_absent_area(
    planner: FlaskClient, mesa: Database
) -> None:
    with mesa.owner_session() as owner:
        foreign = owner.execute(text("SELECT min(id) FROM area WHERE code = '340523'")).scalar_one()
    answers = [
        order(planner, {"county": "mesa", "layers": ["streets"], "filters": {"area": area}})
        for area in (foreign, 10**9)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].get_json()["detail"] == answers[1].get_json()["detail"]


def test_a_job_of_an_earlier_release_without_filters_is_still_done(planner: FlaskClient, mesa: Database, work) -> None:
    job = order(planner).get_json()["id"]
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE job SET arguments = arguments - 'filters'"))
    work()
    assert planner.get(f"/api/jobs/{job}").get_json()["status"] == "done"


def test_B08_a_job_runs_in_the_scope_that_its_submitter_has_now(
    planner: FlaskClient, mesa: Database, work: Callable[[], None]
) -> None:
    job = order(planner, {"county": "mesa", "layers": ["incidents"]}).get_json()
    with mesa.owner_session() as owner:
        owner.execute(
            text("UPDATE incident SET admin_area_id = f.id, police_area_id = f.id FROM area f WHERE f.code = '340523'"
                 " AND f.tree = 'admin' AND incident.id % 2 = 0")
        )  # fmt: skip
    work()
    page = planner.get(f"/api/maps/{job['id']}").get_data(as_text=True)
    assert '"n":144,' in page


def test_B08_who_may_no_longer_sign_in_gets_nothing_done(
    planner: FlaskClient, mesa: Database, work, mesa_settings
) -> None:
    order(planner)
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE app_user SET active = false WHERE login = 'planner'"))
    work()
    with mesa.owner_session() as owner:
        assert owner.execute(text("SELECT status FROM job")).scalar_one() == "waiting"
    assert not (mesa_settings.state / "maps").exists()


def test_B02_another_user_finds_neither_the_job_nor_the_map(
    mesa_app: Flask, planner: FlaskClient, stranger: FlaskClient, work
) -> None:
    job = order(planner).get_json()["id"]
    work()
    assert planner.get(f"/api/maps/{job}").status_code == 200
    for other in (stranger, browser_of(mesa_app, "colleague")):
        assert other.get(f"/api/jobs/{job}").status_code == 404
        assert other.get(f"/api/maps/{job}").status_code == 404
        token = csrf_token(other, "/")
        assert other.delete(f"/api/jobs/{job}", headers={"X-CSRFToken": token}).status_code == 404


def test_B06_a_map_of_a_wider_scope_is_not_given_to_whom_was_cut_back(
    planner: FlaskClient, mesa: Database, work
) -> None:
    job = order(planner).get_json()["id"]
    work()
    with mesa.owner_session() as owner:
        owner.execute(
            text("DELETE FROM user_scope WHERE area_id IN (SELECT id FROM area WHERE tree = 'admin' AND code = 'mesa')")
        )
    assert planner.get(f"/api/jobs/{job}").status_code == 200
    assert planner.get(f"/api/maps/{job}").status_code == 404


def test_a_cancelled_job_writes_nothing(planner: FlaskClient, work, mesa_settings: Settings) -> None:
    job = order(planner).get_json()["id"]
    token = csrf_token(planner, "/")
    assert planner.delete(f"/api/jobs/{job}", headers={"X-CSRFToken": token}).get_json()["status"] == "cancelled"
    work()
    assert planner.get(f"/api/jobs/{job}").get_json()["status"] == "cancelled"
    assert not (mesa_settings.state / "maps").exists()


def test_H06_doing_a_job_twice_does_it_once(
    planner: FlaskClient, mesa: Database, mesa_settings: Settings, work
) -> None:
    job = order(planner).get_json()["id"]
    work()
    file = mesa_settings.state / "maps" / f"map-{job}.html"
    written = file.stat().st_mtime_ns
    with mesa.owner_session() as owner:
        user = owner.execute(text("SELECT user_id FROM job")).scalar_one()
    run(mesa_settings, mesa, job, user, is_last=True)
    assert file.stat().st_mtime_ns == written


def test_H06_a_job_that_cannot_succeed_fails_after_its_tries_and_the_next_one_is_done(
    planner: FlaskClient, mesa: Database, mesa_settings: Settings, work
) -> None:
    first = order(planner).get_json()["id"]
    with mesa.owner_session() as owner:
        user = owner.execute(text("SELECT user_id FROM job")).scalar_one()
    # A folder where the file should be written to is a fault that does not pass.
    (mesa_settings.state / "maps" / f"map-{first}.html").mkdir(parents=True)
    with pytest.raises(OSError):
        run(mesa_settings, mesa, first, user, is_last=False)
    run(mesa_settings, mesa, first, user, is_last=True)
    failed = planner.get(f"/api/jobs/{first}").get_json()
    assert failed["status"] == "failed"
    assert failed["message"] and "map-" not in failed["message"]
    second = order(planner).get_json()["id"]
    work()
    assert planner.get(f"/api/jobs/{second}").get_json()["status"] == "done"


def test_H06_a_job_that_killed_its_worker_each_time_is_not_tried_again(
    planner: FlaskClient, mesa: Database, mesa_settings: Settings, work
) -> None:
    poison = order(planner).get_json()["id"]
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE procrastinate.procrastinate_jobs SET attempts = 3"))
    work()
    assert planner.get(f"/api/jobs/{poison}").get_json()["status"] == "failed"
    assert not (mesa_settings.state / "maps").exists()


def test_an_order_that_is_rolled_back_leaves_nothing_in_the_queue(mesa: Database, mesa_scope) -> None:
    from geo_app.queries import visible
    from geo_app.security.actor import Actor
    from geo_app.services import maps

    class Changed(Exception):
        pass

    with mesa.owner_session() as owner:
        user = owner.execute(text("SELECT id FROM app_user WHERE login = 'planner'")).scalar_one()
    with pytest.raises(Changed), mesa.session(mesa_scope) as session:
        county = visible.county(session, "mesa")
        assert county is not None
        maps.submit(session, Actor(user_id=user, scope=mesa_scope), county, ["streets"], "zh")
        raise Changed
    with mesa.owner_session() as owner:
        assert owner.execute(text("SELECT count(*) FROM job")).scalar_one() == 0
    with mesa.session(mesa_scope) as session:
        assert session.execute(text("SELECT count(*) FROM procrastinate.procrastinate_jobs")).scalar_one() == 0


@pytest.mark.parametrize(
    "body",
    [
        [], "mesa", {}, {"county": "mesa"}, {"county": "mesa", "layers": []}, {"county": "mesa", "layers": ["no_such"]},
        {"county": "mesa", "layers": ["streets", "streets"]}, {"county": "mesa", "layers": ["streets"], "user_id": 1},
        {"county": "mesa", "layers": "streets"}, {"county": 5, "layers": ["streets"]},
        {"county": "mesa", "layers": ["streets"], "scope": [1]},
    ],
)  # fmt: skip
def test_B05_an_order_with_anything_else_in_it_is_refused(planner: FlaskClient, body: object) -> None:
    assert order(planner, body).status_code == 400


@pytest.mark.parametrize(
    "raw", [b"", b"{", b'{"county": "mesa", "county": "mesa", "layers": ["streets"]}', b"[" * 100_000, b"\xff"]
)
def test_C03_a_body_that_is_no_json_object_is_refused(planner: FlaskClient, raw: bytes) -> None:
    headers = {"X-CSRFToken": csrf_token(planner, "/")}
    assert planner.post("/api/maps", data=raw, content_type="application/json", headers=headers).status_code == 400


def test_A09_an_order_without_a_token_or_as_plain_text_is_refused(planner: FlaskClient) -> None:
    assert planner.post("/api/maps", json=ORDER).status_code == 400
    headers = {"X-CSRFToken": csrf_token(planner, "/")}
    disguised = planner.post(
        "/api/maps", data='{"county":"mesa","layers":["streets"]}', content_type="text/plain", headers=headers
    )
    assert disguised.status_code in {400, 415}


def test_B02_nobody_orders_a_map_of_a_foreign_county(planner: FlaskClient) -> None:
    assert order(planner, {"county": "340523", "layers": ["streets"]}).status_code == 404


def test_the_queue_works_in_a_process_of_its_own(planner: FlaskClient, mesa_settings: Settings) -> None:
    import os
    import subprocess
    import sys

    job = order(planner).get_json()["id"]
    environ = {
        **os.environ,
        "DATABASE_URL": mesa_settings.database_url,
        "DATABASE_OWNER_URL": mesa_settings.database_owner_url,
        "GEO_SECRET_KEY": mesa_settings.secret_key,
        "GEO_STATE": str(replace(mesa_settings).state),
    }
    command = [sys.executable, "-m", "geo_app", "work", "--once"]
    done = subprocess.run(command, env=environ, check=True, timeout=60, stderr=subprocess.PIPE, text=True)
    assert planner.get(f"/api/jobs/{job}").get_json()["status"] == "done"
    # What a job writes to the log is as the server writes it: one record a line.
    assert all("message" in json.loads(line) for line in done.stderr.splitlines())
    assert done.stderr
