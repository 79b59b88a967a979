"""What one user sees never reaches another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app import create_app
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.extensions import request_session
from geo_app.models import AppUser, Area, County
from geo_app.queries.scopes import roots
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services.counties import add_county
from tests.security.browsing import csrf_token, sign_in

COUNT = text("SELECT count(*) FROM county")


@pytest.fixture
def counties(database: Database) -> tuple[County, County]:
    with database.owner_session() as owner:
        return add_county(owner, "340523", "和县", 4548), add_county(owner, "340522", "含山县", 4548)


@pytest.fixture
def seer(database: Database, counties: tuple[County, County], new_user: Callable[..., AppUser]) -> AppUser:
    """Sees the first county."""
    with database.owner_session() as owner:
        areas = roots(owner, counties[0].code)
    return new_user("sees.one", "planner", area_ids=areas)


def test_B02_a_county_of_others_looks_like_an_absent_one(
    app: Flask, seer: AppUser, counties: tuple[County, County]
) -> None:
    client = app.test_client()
    sign_in(client, seer.login)
    headers = {"X-CSRFToken": csrf_token(client, "/password")}

    def answers(code: str) -> list[tuple[int, str]]:
        found = [
            client.get(path, query_string={"county": code})
            for path in ("/api/layers", "/api/layers/streets", "/api/gaps", "/")
        ]
        found.append(client.post("/api/maps", json={"county": code, "layers": ["streets"]}, headers=headers))
        return [(answer.status_code, without_number(answer.text, answer.headers["X-Request-ID"])) for answer in found]

    foreign, absent, own = (answers(code) for code in (counties[1].code, "999999", counties[0].code))
    assert foreign == absent
    assert {status for status, _ in foreign} == {404}
    assert {status for status, _ in own} <= {200, 202}
    assert [one["code"] for one in client.get("/api/counties").json["counties"]] == [counties[0].code]


def without_number(body: str, request_id: str) -> str:
    lines = body.replace(request_id, "").splitlines()
    return "\n".join(line for line in lines if "nonce" not in line and "csrf" not in line and 'name="next"' not in line)


def test_B02_a_job_of_others_looks_like_an_absent_one(
    app: Flask, seer: AppUser, new_user: Callable[..., AppUser], counties: tuple[County, County], database: Database
) -> None:
    owner = app.test_client()
    sign_in(owner, seer.login)
    headers = {"X-CSRFToken": csrf_token(owner, "/password")}
    job = owner.post("/api/maps", json={"county": counties[0].code, "layers": ["streets"]}, headers=headers).json["id"]
    with database.owner_session() as session:
        areas = roots(session, counties[0].code)
    colleague = app.test_client()
    sign_in(colleague, new_user("colleague", "planner", area_ids=areas).login)
    assert owner.get(f"/api/jobs/{job}").status_code == 200
    bodies = [colleague.get(f"/api/jobs/{number}").json for number in (job, job + 1000)]
    for body in bodies:
        body.pop("instance")
    assert bodies[0] == bodies[1] and bodies[0]["status"] == 404


@pytest.fixture
def probed(settings: Settings) -> Iterator[Flask]:
    """The application with one database connection, and a view that counts counties after doing something to it."""
    patience = 2  # seconds: on a busy machine one would be too little for signing in
    narrow = Database(settings.database_url, settings.database_owner_url, pool_size=1, timeout_s=patience)
    app = create_app(replace(settings, statement_timeout_s=patience), narrow)

    @app.get("/probe/<what>")
    @requires("map:read")
    def probe(what: str) -> str:
        statements = {
            "nothing": "SELECT 1",
            "error": "SELECT 1 / 0",
            "time_out": "SELECT pg_sleep(10)",
            "cut": "SELECT pg_terminate_backend(pg_backend_pid())",
        }
        with request_session() as session:
            count = session.scalar(COUNT)
            session.execute(text(statements[what]))
        return str(count)

    yield app
    narrow.close()


@pytest.mark.parametrize(("what", "status"), [("nothing", 200), ("error", 400), ("time_out", 503), ("cut", 503)])
def test_B09_the_scope_of_one_request_never_reaches_the_next(
    probed: Flask, seer: AppUser, new_user: Callable[..., AppUser], what: str, status: int
) -> None:
    seeing, blind = probed.test_client(), probed.test_client()
    sign_in(seeing, seer.login)
    sign_in(blind, new_user("sees.none", "planner").login)
    for _ in range(3):
        assert seeing.get(f"/probe/{what}").status_code == status
        assert blind.get("/probe/nothing").text == "0"
        assert seeing.get("/probe/nothing").text == "1"
    with probed.extensions["geo_database"].side_session() as session:
        assert session.scalar(COUNT) == 0


def test_C08_a_statement_that_takes_too_long_is_a_503_and_the_connection_works_on(probed: Flask, seer: AppUser) -> None:
    client: FlaskClient = probed.test_client()
    assert sign_in(client, seer.login).status_code == 303
    response = client.get("/probe/time_out", headers={"Accept": "application/json"})
    assert (response.status_code, response.json["code"]) == (503, "too_slow")
    assert client.get("/probe/nothing").text == "1"


def test_B04_a_scope_reaches_downwards_only(
    app: Flask, database: Database, county: County, new_user: Callable[..., AppUser]
) -> None:
    with database.owner_session() as owner:
        root = roots(owner, county.code)[0]
        tree = owner.get_one(Area, root).tree
        town = Area(county_id=county.id, parent_id=root, tree=tree, level="town", code="t", name="town")
        owner.add(town)
        owner.flush()
        village = Area(county_id=county.id, parent_id=town.id, tree=tree, level="community", code="v", name="village")
        owner.add(village)
        owner.flush()
        ids = town.id, village.id

    @app.get("/probe")
    @requires("map:read")
    def probe() -> list[int]:
        return sorted(current_actor().scope.area_ids)

    client = app.test_client()
    sign_in(client, new_user("town", "planner", area_ids=[ids[0]]).login)
    assert client.get("/probe").json == sorted(ids)
