"""Desks of counties that files go into and out of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo_app.exports.files import write_kind
from geo_app.exports.positions import system_of
from geo_app.queries import visible
from tests.imports.conftest import Desk
from tests.imports.conftest import desk as desk
from tests.imports.conftest import desk_of as desk_of


def export(desk: Desk, kind: str, path: Path, *, form: str = "csv", crs: str = "EPSG:4326", **more: Any) -> Path:
    """Exports a kind of the desk's county to a file."""
    with desk.database.session(desk.scope_now(), read_only=True) as session:
        county = visible.county(session, desk.code)
        assert county is not None
        system = system_of(county, crs)
        write_kind(session, county, kind, path, form=form, system=system, translate=str, **more)
    return path


@pytest.fixture
def other(desk_of: Callable[..., Desk]) -> Desk:
    """A second county, of the same metric system."""
    return desk_of("340524", 4548)
