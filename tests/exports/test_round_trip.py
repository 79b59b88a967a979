"""What was exported is imported again without loss, and importing it where it came from changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from geo_app.exports.files import FORMATS
from tests.exports.conftest import export
from tests.exports.made import INCIDENTS, PLACES, grids, numbered
from tests.imports.conftest import Desk

NUMBERS = count(1)
# An example takes seconds: few of them, with many rows each, and none made smaller for the sake of a report.
FEW = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
forms = pytest.mark.parametrize("form", FORMATS)


def content(path: Path) -> Any:
    """What a file says, whatever the bytes: a workbook and a GeoPackage carry the time of their making."""
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(str(path))
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    if path.suffix == ".gpkg":
        meta, _, geometry, columns = pyogrio.raw.read(path)
        return list(meta["fields"]), geometry.tolist(), [column.astype(str).tolist() for column in columns]
    return path.read_bytes()


def comes_back(desk: Desk, other: Desk, kind: str, form: str, file: Path) -> None:
    """Imports, exports, imports both where it came from and elsewhere, and exports again."""
    source = f"source {next(NUMBERS)}"
    first = desk.take(kind, file, source=source)
    assert first.quarantined == 0 and first.read == first.stored
    out = export(desk, kind, desk.folder / f"out.{form}", form=form, source=source, callers=True)
    again = desk.take(kind, out, source=source)
    assert (again.read, again.unchanged) == (first.read, first.read)
    there = other.take(kind, out, source=source)
    assert (there.stored, there.quarantined) == (first.read, 0)
    back = export(other, kind, desk.folder / f"back.{form}", form=form, source=source, callers=True)
    assert content(back) == content(out)


@forms
@FEW
@given(rows=INCIDENTS, with_numbers=st.booleans())
def test_incidents_come_back_as_they_were(
    desk: Desk, other: Desk, form: str, rows: list[Any], with_numbers: bool
) -> None:
    said = [row for _, row in rows]
    if with_numbers:
        said = numbered(said, "number", 18)
    shapes = [shape for shape, _ in rows]
    file = desk.geojson("calls.geojson", *zip(shapes, said, strict=True))
    comes_back(desk, other, "incidents", form, file)


@forms
@FEW
@given(rows=PLACES, with_keys=st.booleans())
def test_places_come_back_as_they_were(desk: Desk, other: Desk, form: str, rows: list[Any], with_keys: bool) -> None:
    said = [row for _, row in rows]
    if with_keys:
        said = numbered(said, "编号", 18)
    file = desk.geojson("places.geojson", *zip([shape for shape, _ in rows], said, strict=True))
    comes_back(desk, other, "places", form, file)


@forms
@FEW
@given(rows=grids())
def test_grids_come_back_as_they_were(desk_of: Callable[..., Desk], form: str, rows: list[Any]) -> None:
    # Grids cover each other from one example to the next: each has counties of its own.
    one, two = (desk_of(f"{340600 + next(NUMBERS)}", 4548) for _ in range(2))
    comes_back(one, two, "grids", form, one.geojson("grids.geojson", *rows))
