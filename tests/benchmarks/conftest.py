"""All of it is long. What every table of benchmarks says beside its numbers: on what they were measured."""

from __future__ import annotations

import os
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely
from sqlalchemy.engine import make_url

from tests.cluster import own_cluster

HERE = Path(__file__).parent
PACKAGES = ("numpy", "scipy", "pandas", "geopandas", "shapely", "pyproj", "flask", "gunicorn")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of ./run test only --all runs them."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.long)


def pytest_benchmark_update_machine_info(config: Any, machine_info: dict[str, Any]) -> None:
    """Adds the versions of what does the work."""
    machine_info["versions"] = {
        **{name: version(name) for name in PACKAGES},
        "GEOS of shapely": shapely.geos_version_string,
        **_of_server(),
        **_of_browser(),
    }
    machine_info["load"] = [round(load, 1) for load in os.getloadavg()]


def _of_server() -> dict[str, str]:
    """PostgreSQL, PostGIS and its GEOS; nothing when no benchmark needed a server."""
    try:
        with psycopg.connect(_server("postgres"), connect_timeout=2) as connection:
            server = connection.execute("SHOW server_version").fetchone()
            newest = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_run%' ORDER BY oid DESC LIMIT 1"
            ).fetchone()
        found = {"PostgreSQL": server[0].split()[0]} if server else {}
        if newest:
            with psycopg.connect(_server(newest[0]), connect_timeout=2) as connection:
                row = connection.execute("SELECT postgis_lib_version(), postgis_geos_version()").fetchone()
                found |= {"PostGIS": row[0], "GEOS of PostGIS": row[1]} if row else {}
        return found
    except psycopg.Error:
        return {}


def _server(database: str) -> str:
    given = os.environ.get("GEO_TEST_DATABASE_URL")
    url = make_url(given or own_cluster().url("postgres", "postgres"))
    return url.set(drivername="postgresql", database=database).render_as_string(hide_password=False)


def _of_browser() -> dict[str, str]:
    try:
        said = subprocess.run(["/usr/bin/chromium", "--version"], capture_output=True, text=True, timeout=20).stdout
    except OSError:
        return {}
    found = re.search(r"\d+(\.\d+)+", said)
    return {"Chromium": found[0]} if found else {}
