"""An import of grids meets approved changes whose day is still to come: no day gets two lines or an overlap of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from shapely.affinity import translate

from geo_app.imports.problems import filled
from geo_app.queries.terms import today
from geo_app.services.imports import ImportReport, import_file
from grid_boundaries.coverage import check
from tests.drafting import Drafting, across
from tests.made_grids import COUNTY, SIZE, Governed, code_of, square, vertex


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


def imported(governed: Governed, folder: Path, *rows: tuple[str, shapely.Geometry]) -> ImportReport:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": code},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, shape in rows
    ]
    path = folder / "later.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return import_file(governed.database, governed.county_scope(), COUNTY, "grids", path, crs="EPSG:4326")


def waiting(governed: Governed) -> list[tuple[str, str, str]]:
    """What waits in quarantine: kind, reason, remedy."""
    rows = governed.rows("SELECT reason_code, reason, remedy, params FROM quarantine_row ORDER BY file_line")
    return [(row[0], filled(row[1], row[3]), filled(row[2], row[3])) for row in rows]


def smaller(column: int, row: int) -> shapely.Polygon:
    """A grid without its south-western corner, which no other grid gets."""
    return shapely.Polygon(shapely.get_coordinates(square(column, row))[1:-1])


def corner(column: int, row: int) -> shapely.Polygon:
    """What it lacks then."""
    return shapely.Polygon([vertex(column, row), vertex(column + 0.5, row), vertex(column, row + 0.5)])


def test_a_line_is_not_imported_of_a_grid_whose_next_line_is_approved(
    governed: Governed, now: date, tmp_path: Path
) -> None:
    beside, apart, day = code_of(0, 1), code_of(7, 3), now + timedelta(days=10)
    lines = {beside: smaller(0, 1), apart: smaller(7, 3)}
    change = Drafting.begun(governed, title="新建小区")
    change.drawn(op="split", code=code_of(1, 1), line=across(1, 1))  # puts a vertex into the grid beside
    change.submitted(day).approved(governed)
    before = governed.grids_on(day).set_index("code").geometry
    report = imported(governed, tmp_path, *lines.items())
    assert (report.stored, report.updated, report.quarantined) == (0, 1, 1)
    [(kind, reason, remedy)] = waiting(governed)
    assert kind == "pending" and beside in reason and "新建小区" in reason and str(day) in reason
    assert "Withdraw" in remedy and str(day) in remedy
    after = governed.grids_on(day).set_index("code").geometry
    assert after[beside].equals(before[beside]) and not after[apart].equals(before[apart])
    change.of(governed, "reviewer").done("withdraw", {"comment": "不改了"})
    assert imported(governed, tmp_path, *lines.items()).updated == 1
    assert governed.grids_on(now).set_index("code").geometry[beside].area < before[beside].area


def test_a_line_is_not_imported_of_a_grid_that_an_approved_change_ends(
    governed: Governed, now: date, tmp_path: Path
) -> None:
    gone, day = code_of(1, 1), now + timedelta(days=10)
    change = Drafting.begun(governed, title="")
    change.drawn(op="split", code=gone, line=across(1, 1))
    change.submitted(day).approved(governed)
    assert imported(governed, tmp_path, (gone, square(1, 1))).quarantined == 0  # its line of today is no other one
    assert imported(governed, tmp_path, (gone, smaller(1, 1))).quarantined == 1
    [(kind, reason, remedy)] = waiting(governed)
    assert kind == "pending" and f"“{change.state['id']}” ends the grid {gone} on {day}" in reason
    assert "leave the lines of this grid" in remedy
    assert gone not in list(governed.grids_on(day)["code"]) and check(governed.grids_on(day)) == []


def test_a_new_grid_is_not_imported_under_a_code_or_onto_land_that_an_approved_change_has_given_away(
    governed: Governed, now: date, tmp_path: Path
) -> None:
    day, hole = now + timedelta(days=10), corner(7, 1)
    assert imported(governed, tmp_path, (code_of(7, 1), smaller(7, 1))).updated == 1  # leaves a gap
    change = Drafting.begun(governed, title="补缺口")
    change.drawn(op="fill", gap=[hole.centroid.x, hole.centroid.y], code=code_of(6, 1))
    [made] = change.drawn(op="split", code=code_of(0, 0), line=across(0, 0))["edit"]["created"][:1]
    change.submitted(day).approved(governed)
    outside = translate(square(7, 1), 2 * SIZE)
    inside = hole.centroid.buffer(SIZE / 20, cap_style="square")
    report = imported(governed, tmp_path, (made, outside), ("340523100002099", inside))
    assert (report.stored, report.quarantined) == (0, 2)
    [(first, code_reason, _), (second, land_reason, _)] = waiting(governed)
    assert (first, second) == ("pending", "overlap")
    assert made in code_reason and "补缺口" in code_reason
    assert code_of(6, 1) in land_reason and "补缺口" in land_reason and str(day) in land_reason
    for when in (now, day):
        assert [one for one in check(governed.grids_on(when)) if one.kind == "overlap"] == []


def test_a_name_that_a_file_brings_holds_for_the_line_to_come_too(
    governed: Governed, now: date, tmp_path: Path
) -> None:
    beside, day = code_of(0, 1), now + timedelta(days=10)
    change = Drafting.begun(governed, title="新建小区")
    change.drawn(op="split", code=code_of(1, 1), line=across(1, 1))  # puts a vertex into the grid beside
    change.submitted(day).approved(governed)
    report = imported(governed, tmp_path, (beside, square(0, 1)))  # called by its code there
    assert (report.updated, report.quarantined) == (1, 0)
    for one in (now, day):
        assert dict(governed.grids_on(one)[["code", "name"]].itertuples(index=False))[beside] == beside


def test_a_name_that_a_change_brings_is_not_undone_by_a_file_of_before(
    governed: Governed, now: date, tmp_path: Path
) -> None:
    code, day = code_of(0, 1), now + timedelta(days=10)
    change = Drafting.begun(governed, title="改名")
    change.drawn(op="describe", code=code, name="翠竹网格")
    change.submitted(day).approved(governed)
    assert imported(governed, tmp_path, (code, square(0, 1))).updated == 1
    names = [dict(governed.grids_on(one)[["code", "name"]].itertuples(index=False))[code] for one in (now, day)]
    assert names == [code, "翠竹网格"]
