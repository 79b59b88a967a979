"""What was exported is imported again without loss, and importing it where it came from changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from geo_app.exports.files import FORMATS
from geo_app.imports.kinds import KINDS
from tests.exports.conftest import export
from tests.exports.made import INCIDENTS, PLACES, grids, numbered
from tests.exports.made_kinds import MADE
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


def test_every_kind_is_held_to_coming_back() -> None:
    assert {"incidents", "places", "grids", "grid_people", *MADE} == set(KINDS)


@forms
def test_people_of_grids_come_back_as_they_were(desk: Desk, other: Desk, form: str) -> None:
    head = "网格编码,职务,姓名,联系电话,任职日期,任职至\n"
    lines = (
        "1,网格长,李某,0555-1,,",
        "1,兼职,王某,,2026-01-01,2099-12-31",
        "2,网格长,周某,2,2026-02-03,",
        "2,社区民警,严某,2,,",
    )
    for one in (desk, other):
        one.grids("1", "2")
    comes_back(desk, other, "grid_people", form, desk.text("people.csv", head + "\n".join(lines) + "\n"))


@pytest.mark.parametrize("kind", MADE)
@settings(FEW, max_examples=1)
@given(data=st.data())
def test_a_kind_comes_back_in_every_format_and_datum(
    desk_of: Callable[..., Desk], kind: str, data: st.DataObject
) -> None:
    assume(data.draw(st.integers(0, 1_000_000)))  # the first example is the simplest one: not worth its time
    desk, other = (desk_of(f"{340700 + next(NUMBERS)}", 4548) for _ in range(2))
    rows, forms = data.draw(MADE[kind]), data.draw(st.permutations([*FORMATS]))
    systems = [data.draw(st.sampled_from(["EPSG:4326", "GCJ-02", "metric", "BD-09"])) for _ in forms]
    file = desk.geojson(f"{kind}.geojson", *rows)
    first = desk.take(kind, file, source="a")
    assert (first.stored > 0, first.quarantined) == (True, 0), desk.quarantine()
    for place, (form, crs) in enumerate(zip(forms, systems, strict=True)):
        out = export(desk, kind, desk.folder / f"out.{form}", form=form, crs=crs)
        again = desk.take(kind, out, source="a")
        count = again.read  # lines that cross became more streets than the first file has rows
        assert (again.unchanged, again.stored) == (count, 0) and count >= first.read, (form, crs, again)
        there = other.take(kind, out, source="a")
        # The first one comes into an empty county; what the others say is there already.
        came = (there.stored, there.unchanged)
        assert came == ((0, count) if place else (count, 0)), (form, crs, there)
    back = export(other, kind, desk.folder / "back.csv")
    assert content(back) == content(export(desk, kind, desk.folder / "out.csv"))
