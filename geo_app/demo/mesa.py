"""Mesa: real streets, crimes and schools of a neighbourhood in Arizona, with routes, cameras and grids made up by rule.

The files lie in the libpysal wheel (example geodanet) and come in through the importers, as anybody's would.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.demo.rules import GRIDS, make_cameras, make_grids, make_routes
from geo_app.models import County
from geo_app.queries import frames, visible
from geo_app.queries.counties import rows_by_kind
from geo_app.queries.scopes import of_county
from geo_app.queries.terms import Terms, today
from geo_app.services.counties import add_county
from geo_app.services.first_grids import first_grids
from geo_app.services.imports import import_file
from layers.roads.network import Network

CODE = "mesa"
NAME = "Mesa 演示区"
# Arizona Central, the projection that the files are drawn in, with metres in place of feet: a metre on the map is a
# metre on the ground within one part in ten thousand here, which UTM (26912) misses by four.
METRIC_SRID = 26949
TIME_ZONE = "America/Phoenix"
GRID_CODES = r"^mesa-\d{3}$"
REAL = (("roads", "streets.shp"), ("incidents", "crimes.shp"), ("places", "schools.shp"))


def load_mesa(database: Database, state: Path, log: Callable[[str], None]) -> None:
    """Loads what is missing of the demonstration; what is there stays as it is.

    ``state`` is the folder in which the made-up files are written; ``log`` takes a line for each step.
    """
    with database.owner_session() as owner:
        county = add_county(owner, CODE, NAME, METRIC_SRID, time_zone=TIME_ZONE)
        county.settings = {"grid_code_pattern": GRID_CODES} | county.settings
        scope = of_county(owner, CODE)
    assert scope is not None
    with database.session(scope, read_only=True) as session:
        there = next(county for county in rows_by_kind(session) if county.code == CODE).rows
    for kind, file in REAL:
        if not there[kind]:
            _import(database, scope, kind, geodanet() / file, log, source="geodanet")
    missing = [kind for kind in MADE_UP if not there[kind]]
    for kind, path in _write_made_up(database, scope, missing, state / "demo" / CODE).items():
        _import(database, scope, kind, path, log, source="demonstration", simulated=True)
    log(f"{NAME}: {', '.join(f'{count} {kind}' for kind, count in _rows(database, scope).items() if count)}")


def geodanet() -> Path:
    """The folder of the example, found without importing libpysal, which takes seconds."""
    spec = importlib.util.find_spec("libpysal")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("libpysal is not installed")
    return Path(spec.submodule_search_locations[0]) / "examples" / "geodanet"


def _import(
    database: Database,
    scope: Scope,
    kind: str,
    path: Path,
    log: Callable[[str], None],
    *,
    source: str,
    simulated: bool = False,
) -> None:
    report = import_file(database, scope, CODE, kind, path, source=source, simulated=simulated)
    log(f"{path.name}: {report.stored} {kind} in {report.seconds:.1f} s")


def _rows(database: Database, scope: Scope) -> dict[str, int]:
    with database.session(scope, read_only=True) as session:
        return next(county for county in rows_by_kind(session) if county.code == CODE).rows


def _write_made_up(database: Database, scope: Scope, kinds: list[str], folder: Path) -> dict[str, Path]:
    """Writes files of these kinds that follow from the streets and incidents, the same on every machine."""
    paths = {}
    for kind in kinds:
        with database.session(scope, read_only=True) as session:
            made = MADE_UP[kind](session)
        folder.mkdir(parents=True, exist_ok=True)
        paths[kind] = folder / f"{kind}.geojson"
        paths[kind].write_text(made.to_crs(4326).to_json(ensure_ascii=False), encoding="utf-8")
    return paths


def _routes(session: Session) -> GeoDataFrame:
    return make_routes(*_network_and_incidents(session))


def _cameras(session: Session) -> GeoDataFrame:
    return make_cameras(*_network_and_incidents(session))


def _grids(session: Session) -> GeoDataFrame:
    county, terms = _county_today(session)
    return make_grids(first_grids(session, county, GRIDS, terms.day))


MADE_UP = {"routes": _routes, "cameras": _cameras, "grids": _grids}


def _network_and_incidents(session: Session) -> tuple[Network, np.ndarray]:
    """The network and the incidents' positions (n, 2), both in metres."""
    county, terms = _county_today(session)
    pieces = frames.streets(session, county, terms).to_crs(METRIC_SRID)
    incidents = frames.incidents(session, county, terms).to_crs(METRIC_SRID)
    placed = incidents.geometry[~incidents.geometry.is_empty & incidents.geometry.notna()]
    return Network.from_pieces(pieces.geometry), np.column_stack([placed.x, placed.y])


def _county_today(session: Session) -> tuple[County, Terms]:
    county = visible.county(session, CODE)
    assert isinstance(county, County)
    return county, Terms(today(county, datetime.now(UTC)))
