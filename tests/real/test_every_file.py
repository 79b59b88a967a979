"""Every file of the shared test data that has a kind becomes what the table says, row by row, and adds up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo_app.database.engine import Database
from tests.real.every_file import FILES, Taken, line, take

LARGE = 30_000
SMALL = [taken for taken in FILES if taken.read < LARGE and taken.crs != "auto"]
LARGER = [taken for taken in FILES if taken.read >= LARGE]
SAID = [taken for taken in FILES if taken.crs == "auto"]
COUNTED: dict[str, Callable[[Path], int]] = {
    ".csv": lambda path: len(pd.read_csv(path, sep=None, engine="python")),
    ".geojson": lambda path: len(gpd.read_file(path)),
    ".gpkg": lambda path: len(gpd.read_file(path)),
    ".shp": lambda path: len(gpd.read_file(path)),
}


def check(database: Database, taken: Taken, path: Path) -> None:
    report = take(database, taken, path)
    assert (report.read, report.stored, report.unplaced) == (taken.read, taken.stored, taken.unplaced), line(
        taken, report
    )
    assert report.reasons == taken.reasons
    assert report.read == report.stored + report.updated + report.unchanged + report.quarantined


@pytest.mark.parametrize("county", sorted({taken.county for taken in SMALL}))
def test_each_file_becomes_what_the_table_says(
    database: Database, shared_data: Callable[[str], Path], county: str
) -> None:
    for taken in SMALL:
        if taken.county == county:
            check(database, taken, shared_data(taken.file))


@pytest.mark.long
@pytest.mark.parametrize("taken", LARGER, ids=lambda taken: taken.file)
def test_each_large_file_does_too(database: Database, shared_data: Callable[[str], Path], taken: Taken) -> None:
    check(database, taken, shared_data(taken.file))


@pytest.mark.filterwarnings("ignore:Several features with id")
@pytest.mark.parametrize("file", sorted({taken.file for taken in SMALL if Path(taken.file).suffix in COUNTED}))
def test_as_many_rows_are_read_as_another_library_counts(shared_data: Callable[[str], Path], file: str) -> None:
    path = shared_data(file)
    assert COUNTED[path.suffix](path) == next(taken.read for taken in FILES if taken.file == file)


def test_the_datum_of_a_citys_schools_and_hospitals_is_told_by_the_roads_of_one_quarter(
    database: Database, shared_data: Callable[[str], Path]
) -> None:
    roads = next(taken for taken in FILES if taken.file == "lujiazui/roads.geojson")
    check(database, roads, shared_data(roads.file))
    for taken in SAID:
        report = take(database, taken, shared_data(taken.file))
        assert (report.read, report.quarantined, report.crs) == (taken.read, 0, "EPSG:4326")
        assert report.finding is not None and report.finding["why"] == "named"
