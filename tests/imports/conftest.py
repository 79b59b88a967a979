"""A county in the Gauss–Krüger zone of 117°E, and a way to take files into it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import shapely
from shapely.geometry import mapping
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.imports.problems import filled
from geo_app.models import Base, County
from geo_app.queries.scopes import of_county
from geo_app.services.counties import add_county
from geo_app.services.imports import ImportReport, import_file


class Waiting(NamedTuple):
    """A row in quarantine: where it stood, why it waits, what helps, what it says; in English."""

    line: int
    code: str
    reason: str
    remedy: str
    content: dict[str, Any]


class Desk:
    """Where files of one county are taken in, and where one looks what became of them."""

    def __init__(self, database: Database, scope: Scope, code: str, folder: Path) -> None:
        self.database, self.scope, self.code, self.folder = database, scope, code, folder

    def take(self, kind: str, path: Path, crs: str | None = None, **options: Any) -> ImportReport:
        return import_file(self.database, self.scope, self.code, kind, path, crs=crs, **options)

    def geojson(self, name: str, *features: tuple[Any, dict[str, Any]], crs: str | None = None) -> Path:
        """A file of (geometry or WKT, properties)."""
        document: dict[str, Any] = {"type": "FeatureCollection", "features": []}
        if crs:
            document["crs"] = {"type": "name", "properties": {"name": crs}}
        for shape, properties in features:
            shape = shapely.from_wkt(shape) if isinstance(shape, str) else shape
            document["features"].append(
                {"type": "Feature", "properties": properties, "geometry": shape and mapping(shape)}
            )
        path = self.folder / name
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return path

    def grids(self, *codes: str) -> None:
        """Takes grids of these codes in, side by side."""
        rows = [(shapely.box(118.2 + n / 100, 31.7, 118.21 + n / 100, 31.71), {"code": c}) for n, c in enumerate(codes)]
        self.take("grids", self.geojson("grids_first.geojson", *rows))

    def text(self, name: str, content: str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode(encoding))
        return path

    def rows(self, statement: str, **values: Any) -> Sequence[Any]:
        """The rows of a query in the county's scope; ``:day`` is today."""
        if ":day" in statement:
            values.setdefault("day", self.today())
        with self.database.session(self.scope_now(), read_only=True) as session:
            return session.execute(text(statement), values).all()

    def scope_now(self) -> Scope:
        with self.database.owner_session() as owner:
            scope = of_county(owner, self.code)
        assert scope is not None
        return scope

    def today(self) -> date:
        """The day that it is in the county."""
        return datetime.now(ZoneInfo("Asia/Shanghai")).date()

    def quarantine(self) -> list[Waiting]:
        """The rows that wait, in the order of batches and files."""
        rows = self.rows(
            "SELECT file_line, reason_code, reason, remedy, params, content FROM quarantine_row"
            " WHERE state = 'waiting' ORDER BY import_batch_id, file_line, id"
        )
        return [
            Waiting(line, code, filled(reason, params), filled(remedy, params), content)
            for line, code, reason, remedy, params, content in rows
        ]

    def everything(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.database.owner_session() as owner:
            counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in Base.metadata.tables)
            return dict(tuple(row) for row in owner.execute(text(counted)))

    def contents(self, *tables: str) -> dict[str, list[str]]:
        """Every row of some tables, as text."""
        with self.database.owner_session() as owner:
            return {
                table: list(owner.scalars(text(f"SELECT t::text FROM {table} t ORDER BY t::text"))) for table in tables
            }


@pytest.fixture
def desk(database: Database, county: County, county_scope: Scope, tmp_path: Path) -> Desk:
    """The desk of 和县, which has neither an outline nor data."""
    return Desk(database, county_scope, county.code, tmp_path)


@pytest.fixture
def desk_of(database: Database, tmp_path: Path) -> Callable[..., Desk]:
    """Makes the desk of another county."""

    def make(code: str, srid: int, time_zone: str = "Asia/Shanghai") -> Desk:
        with database.owner_session() as owner:
            add_county(owner, code, code, srid, time_zone=time_zone)
            scope = of_county(owner, code)
        assert scope is not None
        return Desk(database, scope, code, tmp_path)

    return make


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port on which somebody notes every visitor."""
    visitors: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                visitors.append(str(address))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], visitors
        stop.set()
        thread.join()
