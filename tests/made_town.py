"""A made county with six named streets, people who may bring files in, and files of incidents on those streets.

Everything in it is made up: the streets are straight lines near Shanghai, since GCJ-02 differs from WGS84 in China only.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.engine import URL

from geo_app import create_app
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.jobs.tasks import run
from geo_app.queries.scopes import of_county, roots
from geo_app.services.counties import add_county
from geo_app.services.imports import import_file
from geo_app.services.users import add_user
from layers.datum_shift import wgs84_to_gcj02
from tests.conftest import TEST_KEY, application_url, clone, copied, once_per_run
from tests.mesa import browser_of
from tests.security.browsing import PASSWORD, csrf_token

TOWN, OTHER = "310199", "310198"
WEST, SOUTH, STEP, LENGTH = 121.500, 31.230, 0.009, 0.027  # degrees: streets 850 m apart, 2.5 km long
STREETS = {
    **{f"东{number}路": ((WEST, SOUTH + place * STEP), (1, 0)) for place, number in enumerate("一二三")},
    **{f"南{number}街": ((WEST + place * STEP, SOUTH), (0, 1)) for place, number in enumerate("一二三")},
}  # fmt: skip
HEADINGS = ("接警单编号", "报警时间", "警情类别", "事发地址", "报警人", "有效警情", "经度", "纬度", "处理结果")


def incident_rows(count: int, seed: int = 1) -> list[dict[str, str]]:
    """Rows of a made export: each on a street that its address names, WGS84."""
    rows = []
    dice = random.Random(seed)
    for number in range(count):
        name = dice.choice(sorted(STREETS))
        (x, y), (east, north) = STREETS[name]
        along = dice.random() * LENGTH
        place = x + east * along + dice.uniform(-5e-5, 5e-5), y + north * along + dice.uniform(-5e-5, 5e-5)
        cells = (
            f"{TOWN}{number:06d}", f"2026-11-{1 + number % 20:02d} 08:30:00", dice.choice(["盗窃", "纠纷"]),
            f"{name}{number + 1}号", "王某", "是", f"{place[0]:.6f}", f"{place[1]:.6f}", "已处理",
        )  # fmt: skip
        rows.append(dict(zip(HEADINGS, cells, strict=True)))
    return rows


def shifted(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The same rows as a web map gives them: in GCJ-02."""
    x, y = (np.array([float(row[name]) for row in rows]) for name in ("经度", "纬度"))
    lon, lat = wgs84_to_gcj02(x, y)
    return [row | {"经度": f"{a:.6f}", "纬度": f"{b:.6f}"} for row, a, b in zip(rows, lon, lat, strict=True)]


def nameless(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The same rows with addresses that name nothing known."""
    return [row | {"事发地址": "附近"} for row in rows]


def as_csv(rows: Sequence[dict[str, Any]], encoding: str = "utf-8") -> bytes:
    """Rows as the bytes of a file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


@dataclass(frozen=True)
class Town:
    """The application on a database of its own, with a browser of whoever is needed."""

    settings: Settings
    database: Database
    app: Flask

    def browser(self, login: str = "analyst") -> Hand:
        return Hand(self, browser_of(self.app, login))

    def rows(self, statement: str, **values: Any) -> Sequence[Any]:
        """The rows of a query that sees everything."""
        with self.database.owner_session() as owner:
            return owner.execute(text(statement), values).all()

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def scope(self, code: str = TOWN) -> Scope:
        with self.database.owner_session() as owner:
            found = of_county(owner, code)
        assert found is not None
        return found


class Hand:
    """What somebody does through the API."""

    def __init__(self, town: Town, client: FlaskClient) -> None:
        self.town, self.client = town, client
        self.token = csrf_token(client, "/password")

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(path, query_string=asked)

    def send(self, path: str, value: Any, method: str = "POST", **headers: str) -> Any:
        return self.client.open(path, method=method, json=value, headers={"X-CSRFToken": self.token, **headers})

    def put(self, path: str, content: bytes, **more: Any) -> Any:
        """Sends bytes as they are; ``query_string`` and so on as the client takes them."""
        headers = {"X-CSRFToken": self.token, "Content-Type": "application/octet-stream", **more.pop("headers", {})}
        return self.client.post(path, data=content, headers=headers, **more)

    def upload(self, name: str, content: bytes, upload: str | None = None) -> Any:
        asked = {"name": name} if upload is None else {"name": name, "upload": upload}
        return self.put("/api/imports/files", content, query_string=asked)

    def sent(self, name: str, content: bytes) -> str:
        """The name of an upload with one file."""
        answer = self.upload(name, content)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return str(answer.get_json()["upload"])

    def proposal(self, upload: str, **said: Any) -> dict[str, Any]:
        answer = self.send("/api/imports/proposal", {"county": TOWN, "upload": upload, **said})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def start(self, upload: str, **said: Any) -> int:
        wanted = {"county": TOWN, "upload": upload, "kind": "incidents", "crs": "EPSG:4326", **said}
        answer = self.send("/api/imports", wanted)
        assert answer.status_code == 202, answer.get_data(as_text=True)
        return int(answer.get_json()["id"])

    def done(self, job: int) -> dict[str, Any]:
        """Does a job as a worker would and answers what its page is told."""
        user = self.town.rows("SELECT user_id FROM job WHERE id = :id", id=job)[0][0]
        run(self.town.settings, self.town.database, job, user, is_last=True)
        return dict(self.get(f"/api/jobs/{job}").get_json())

    def imported(self, name: str, rows: Sequence[dict[str, Any]], **said: Any) -> dict[str, Any]:
        """The report of an import of these rows as CSV."""
        job = self.done(self.start(self.sent(name, as_csv(rows)), **{"source": "110", **said}))
        assert job["status"] == "done", job
        return dict(job["report"])


@pytest.fixture(scope="session")
def town_template(server_url: URL, template: str, run_folder: Path, run_name: str) -> str:
    """The name of a database with the made county, another one beside it, and users."""
    name = f"t_town_{run_name}"
    with once_per_run(run_folder, name) as first:
        if first:
            _load(copied(server_url, template, name), run_folder)
    return name


def _load(url: str, folder: Path) -> None:
    database = Database(application_url(url), url)
    with database.owner_session() as owner:
        for code, title in ((TOWN, "演示县"), (OTHER, "邻县")):
            add_county(owner, code, title, 4549)
        for login, name, role, code in (
            ("analyst", "王敏", "analyst", TOWN), ("colleague", "李梅", "analyst", TOWN),
            ("stranger", "赵新", "analyst", OTHER), ("planner", "王建国", "planner", TOWN),
        ):  # fmt: skip
            add_user(owner, login, name, PASSWORD, roles=[role], area_ids=roots(owner, code))
        scope = of_county(owner, TOWN)
    assert scope is not None
    streets = folder / "made-streets.geojson"
    features = [
        {
            "type": "Feature", "properties": {"id": str(number), "name": name, "highway": "residential"},
            "geometry": {"type": "LineString", "coordinates": [[x, y], [x + east * LENGTH, y + north * LENGTH]]},
        }
        for number, (name, ((x, y), (east, north))) in enumerate(STREETS.items())
    ]  # fmt: skip
    streets.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    import_file(database, scope, TOWN, "roads", streets, source="made")
    database.close()


@contextmanager
def opened(url: str, state: Path) -> Iterator[Town]:
    """The application on a database by its superuser's URL."""
    database = Database(application_url(url), url)
    settings = replace(Settings(), secret_key=TEST_KEY, database_url=database.url, database_owner_url=url, state=state)
    yield Town(settings, database, create_app(settings, database))
    database.close()


@pytest.fixture
def town(server_url: URL, town_template: str, run_name: str, tmp_path: Path) -> Iterator[Town]:
    """The made county, of this test alone."""
    with clone(server_url, town_template, run_name) as url, opened(url, tmp_path / "state") as found:
        yield found


@pytest.fixture
def hand(town: Town) -> Hand:
    """An analyst of the made county, who may bring files in."""
    return town.browser()


@pytest.fixture
def proposed(hand: Hand) -> Callable[..., dict[str, Any]]:
    """The proposal for rows that are sent as CSV."""
    return lambda rows, **said: hand.proposal(hand.sent("110.csv", as_csv(rows)), **said)
