"""A dry run says what would become of a file, and leaves nothing anywhere."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from sqlalchemy import text

from geo_app.models import Base
from geo_app.services.imports import ImportReport
from tests.imports.conftest import Desk
from tests.imports.counted import balanced
from tests.imports.made_files import MADE

OF_THE_RUN = ("dry_run", "batch_id", "seconds")
SQUARE = shapely.box(118.30, 31.70, 118.40, 31.80)


def said(report: ImportReport) -> dict[str, Any]:
    """What a report says of the file."""
    return {name: value for name, value in report.as_json().items() if name not in OF_THE_RUN}


def tables(desk: Desk) -> list[str]:
    """The names of all tables, with the days of tracks."""
    with desk.database.owner_session() as owner:
        return list(owner.scalars(text("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') ORDER BY relname")))


def rehearsed(desk: Desk, kind: str, *arguments: Any, **options: Any) -> ImportReport:
    """The report of an import, after a dry run that has to say the same and to leave everything as it was."""
    counts, contents, names = desk.everything(), desk.contents(*Base.metadata.tables), tables(desk)
    dry = desk.take(kind, *arguments, dry_run=True, **options)
    assert dry.dry_run and balanced(dry)
    assert (desk.everything(), tables(desk)) == (counts, names)
    assert desk.contents(*Base.metadata.tables) == contents
    report = desk.take(kind, *arguments, **options)
    assert not report.dry_run and said(report) == said(dry)
    return report


@pytest.mark.parametrize("kind", MADE)
def test_a_dry_run_says_what_the_import_then_says_and_leaves_no_row(desk, kind: str) -> None:
    if kind == "grid_people":
        desk.grids("G1", "G2")
    path, waiting = MADE[kind].write(desk)
    report = rehearsed(desk, kind, path)
    assert (report.stored, report.quarantined) == (len(MADE[kind].good), len(waiting))
    again = rehearsed(desk, kind, path)
    assert (again.stored, again.unchanged) == (0, len(MADE[kind].good))


def test_a_dry_run_tells_what_would_change_and_end(desk) -> None:
    a, b, c = (118.350, 31.740), (118.351, 31.740), (118.352, 31.741)
    streets = [(shapely.LineString(points), {"id": n}) for n, points in (("1", (a, b)), ("2", (b, c)))]
    desk.take("roads", desk.geojson("roads.geojson", *streets))
    moved = shapely.LineString([a, (118.3511, 31.740)])
    report = rehearsed(desk, "roads", desk.geojson("roads.geojson", (moved, {"id": "1"})))
    assert (report.updated, report.ended, report.pieces) == (1, 1, 2)
    report = rehearsed(desk, "areas", desk.geojson("areas.geojson", (SQUARE, {"code": desk.code, "name": "新名"})))
    assert report.updated == 1
    head = "number,longitude,latitude,警情类别\n"
    desk.take("incidents", desk.text("calls.csv", head + "1,118.351,31.742,治安\n2,118.351,31.742,治安\n"))
    file = desk.text("calls.csv", head + "1,118.351,31.742,纠纷\n2,118.351,31.742,治安\n3,0,0,治安\n")
    report = rehearsed(desk, "incidents", file)
    assert (report.stored, report.updated, report.unchanged, report.unplaced) == (1, 1, 1, 1)
    assert report.warnings


def test_a_dry_run_of_a_file_that_is_refused_is_refused_too(desk) -> None:
    before = desk.everything()
    for dry_run in (True, False):
        with pytest.raises(ValueError, match="holds no roads"):
            desk.take("roads", desk.geojson("a.geojson"), dry_run=dry_run)
    assert desk.everything() == before
