"""示范县 twenty times as large: what making it, taking its calls in and asking for another year cost beside scale 1.

GEO_BENCH_SCALE is another size. Without the benchmarks both are small, so that the suite sees that they still run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from geo_app.database.engine import Database
from geo_app.demo.county.files import write_files
from geo_app.demo.county.model import CODE, NAME, make_county
from geo_app.demo.shifan import DATUMS
from geo_app.queries import visible
from geo_app.queries.incident_summary import incident_summary
from geo_app.queries.scopes import of_county
from geo_app.queries.terms import Terms
from geo_app.services.counties import add_county
from geo_app.services.imports import ImportReport, import_file
from layers.incidents.choice import Choice
from tests.conftest import application_url, clone

SCALE = float(os.environ.get("GEO_BENCH_SCALE", "20"))
LOADED = ("areas", "grids", "categories", "incidents")
# At most this many times the cost for each call that scale 1 has.
MOST_MAKING, MOST_IMPORT, MOST_YEAR = 2.0, 1.5, 1.5


@dataclass(frozen=True)
class Made:
    scale: float
    calls: int
    seconds: float
    files: dict[str, tuple[str, Path]]


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    """The files of a county and of a larger one, and the processor's seconds that each of them took."""
    scales = (0.02, 0.04) if request.config.getoption("benchmark_disable") else (1.0, SCALE)
    found = []
    for scale in scales:
        began = time.process_time()
        county = make_county(1, scale)
        files = write_files(county, tmp_path_factory.mktemp("county"))
        found.append(Made(scale, len(county.calls), time.process_time() - began, files))
    return found


@contextmanager
def loaded(server_url, template: str, run_name: str, county: Made) -> Iterator[tuple[Database, float]]:
    """A database with the county's areas, grids and calls, and the seconds that the calls took."""
    with clone(server_url, template, run_name) as url:
        database = Database(application_url(url), url)
        with database.owner_session() as owner:
            add_county(owner, CODE, NAME, 4548, simulated=True)
        try:
            reports = {kind: _taken_in(database, kind, path) for kind, path in county.files.values() if kind in LOADED}
            assert reports["incidents"].stored == county.calls
            yield database, reports["incidents"].seconds
        finally:
            database.close()


def _taken_in(database: Database, kind: str, path: Path) -> ImportReport:
    with database.owner_session() as owner:
        scope = of_county(owner, CODE)
    report = import_file(database, scope, CODE, kind, path, simulated=True, crs=DATUMS.get(path.suffix))
    assert report.quarantined == 0, report
    return report


def seconds_of_another_year(database: Database) -> float:
    """The processor's seconds of the summary of a year that nobody asked for before; the rows themselves are kept."""
    with database.owner_session() as owner:
        scope = of_county(owner, CODE)
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, CODE)
        taken = []
        for day in range(1, 7):
            choice = Choice(date(2025, 1, day), date(2026, 1, day))
            began = time.process_time()
            incident_summary(session, county, Terms(date(2026, 11, 1), choice=choice))
            taken.append(time.process_time() - began)
    return min(taken[1:])


def test_a_county_twenty_times_as_large_costs_little_more_for_each_call(
    benchmark, made, server_url, template, run_name
):
    def measured() -> list[tuple[float, float, float]]:
        rates = []
        for county in made:
            with loaded(server_url, template, run_name, county) as (database, seconds):
                rates.append((county.seconds, seconds, seconds_of_another_year(database)))
        return rates

    rates = benchmark.pedantic(measured, rounds=1)
    costs = [
        {name: value / one.calls * 1e6 for name, value in zip(("made", "imported", "another year"), rate, strict=True)}
        for one, rate in zip(made, rates, strict=True)
    ]
    for one, rate, cost in zip(made, rates, costs, strict=True):
        benchmark.extra_info[f"scale {one.scale:g}"] = {
            "calls": one.calls, "seconds": [round(part, 2) for part in rate],
            "µs a call": {name: round(value, 1) for name, value in cost.items()},
        }  # fmt: skip
    print(benchmark.extra_info)
    if benchmark.stats is not None:
        small, large = costs
        for name, most in (("made", MOST_MAKING), ("imported", MOST_IMPORT), ("another year", MOST_YEAR)):
            assert large[name] < most * small[name], name
