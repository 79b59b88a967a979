"""The same rows come out of every format as they were written."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from geo_app.imports.reading import read_file
from geo_app.imports.rows import joined
from geo_app.imports.values import text
from tests.imports.readers.made_rows import FORMATS, HEADINGS, calls, points

TABLES = ("a.csv", "a.tsv", "a.txt", "a.tab", "a.xlsx", "a.csv.gz")


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_come_out_of_every_format(tmp_path: Path, name: str) -> None:
    file, write = FORMATS[name]
    write(tmp_path / file)
    rows = joined(list(read_file(tmp_path / file, "incidents")))
    expected = calls()
    if "GBK" in name:
        expected = expected.replace("𠮷", "吉", regex=True)
    assert [heading for heading in rows.table if heading in HEADINGS] == HEADINGS
    for heading in HEADINGS:
        assert text(rows.table[heading]).tolist() == expected[heading].tolist(), heading
    assert rows.spoiled == ()
    assert list(rows.table.index) == list(range(50))
    if rows.geometry is not None:
        assert rows.crs is not None and rows.crs.to_epsg() == 4326
        assert shapely.equals_exact(rows.geometry, points().geometry.to_numpy(), 1e-7).all()
    else:
        assert file in TABLES or name in ("parquet", "zipped csv", "zipped workbook")


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_longer_than_a_portion_comes_in_portions_with_the_same_headings(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("delimited", "workbook", "features", "gdal", "geoparquet"):
        monkeypatch.setattr(f"geo_app.imports.readers.{module}.PORTION", 20)
    file, write = FORMATS[name]
    write(tmp_path / file)
    portions = list(read_file(tmp_path / file, "incidents"))
    assert [len(rows) for rows in portions] == [20, 20, 10]
    assert len({tuple(rows.table.columns) for rows in portions}) == 1
    together = joined(portions)
    assert text(together.table["jjdbh"]).tolist() == calls()["jjdbh"].tolist()
    assert (together.numbers[1:] > together.numbers[:-1]).all()
