"""GeoPackage, FlatGeobuf and GeoParquet: layers, arcs, systems, and files that do something when they are opened."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from geo_app.imports.problems import FileRejected
from geo_app.imports.reading import read_file
from geo_app.imports.rows import Rows, joined
from geo_app.imports.values import text

POINT = shapely.Point(118.351, 31.742)


def frame(**columns: Any) -> gpd.GeoDataFrame:
    columns = columns or {"name": ["和州路", "b"]}
    count = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(columns, geometry=[POINT] * count, crs=4326)


def rows_of(path: Path, kind: str = "places", layer: str | None = None) -> Rows:
    return joined(list(read_file(path, kind, layer)))


def rejected(path: Path, kind: str = "places", layer: str | None = None) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        rows_of(path, kind, layer)
    return caught.value


def test_of_several_layers_the_named_one_or_the_one_named_like_the_kind_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame(name=["one"]).to_file(path, layer="甲")
    frame(name=["two"]).to_file(path, layer="乙")
    assert rejected(path).problems[0].code == "layers"
    assert "甲, 乙" in rejected(path).message
    assert rows_of(path, layer="乙").table["name"].tolist() == ["two"]
    assert rejected(path, layer="丙").problems[0].code == "layers"
    frame(name=["three"]).to_file(path, layer="places")
    assert rows_of(path).table["name"].tolist() == ["three"]


def test_a_geopackage_without_geometries_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"code": ["00012"], "name": ["盗窃"]}), path)
    rows = rows_of(path, "categories")
    assert rows.geometry is None
    assert rows.table.to_dict("records") == [{"code": "00012", "name": "盗窃"}]


def arc(*places: tuple[float, float]) -> bytes:
    return struct.pack("<BII", 1, 8, len(places)) + b"".join(struct.pack("<dd", *place) for place in places)


@pytest.mark.parametrize("ending", ["gpkg", "fgb"])
def test_arcs_become_short_chords_and_other_rows_stay_where_they_are(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    shapes = [
        shapely.LineString([(0, 0), (1, 1)]).wkb,
        arc((0, 0), (1, 1), (2, 0)),
        shapely.LineString([(5, 5), (6, 6)]).wkb,
    ]
    pyogrio.raw.write(
        path, np.array(shapes, dtype=object), [np.array([1, 2, 3])], ["n"], geometry_type="Unknown", crs="EPSG:4326",
        driver={"gpkg": "GPKG", "fgb": "FlatGeobuf"}[ending],
    )  # fmt: skip
    rows = rows_of(path, "roads")
    assert rows.geometry is not None
    lengths = dict(zip(rows.table["n"].tolist(), shapely.length(rows.geometry).tolist(), strict=True))
    assert lengths == pytest.approx({1: 2**0.5, 2: np.pi, 3: 2**0.5}, rel=1e-3)
    assert rows.spoiled == ()


def test_a_row_with_a_geometry_of_rubbish_is_spoiled_and_the_others_live(tmp_path: Path) -> None:
    table = pa.table(
        {
            "name": ["a", "b", "c"],
            "geometry": [POINT.wkb, b"\x01\x02rubbish", shapely.LineString([(0, 0), (1, np.inf)]).wkb],
        }
    )
    geo = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
    }
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), tmp_path / "a.parquet")
    rows = rows_of(tmp_path / "a.parquet")
    assert rows.table["name"].tolist() == ["a"]
    assert [(one.number, one.code, one.content["name"]) for one in rows.spoiled] == [
        (2, "geometry", "b"),
        (3, "geometry", "c"),
    ]


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet"])
@pytest.mark.parametrize("srid", [4326, 4548, 4490, 27700])
def test_the_system_is_that_of_the_file(tmp_path: Path, ending: str, srid: int) -> None:
    path = tmp_path / f"a.{ending}"
    made = frame().set_crs(srid, allow_override=True)
    made.to_parquet(path) if ending == "parquet" else made.to_file(path)
    rows = rows_of(path)
    assert rows.crs is not None and rows.crs.to_epsg() == srid


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet"])
def test_a_file_that_names_no_system_has_none(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    made = frame().set_crs(None, allow_override=True)
    if ending == "parquet":
        made.to_parquet(path)
    else:
        with pytest.warns(UserWarning, match="crs"):
            made.to_file(path)
    assert rows_of(path).crs is None


def test_D07_triggers_and_a_broken_journal_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame().to_file(path, layer="a")
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE touched (x)")
        database.execute("CREATE TRIGGER t AFTER UPDATE ON gpkg_contents BEGIN INSERT INTO touched VALUES (1); END")
    database.close()
    for rubbish in (b"rubbish", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\xff" * 600):
        (tmp_path / "a.gpkg-journal").write_bytes(rubbish)
        before = path.read_bytes()
        try:
            assert text(rows_of(path).table["name"]).tolist() == ["和州路", "b"]
        except FileRejected as error:
            assert error.problems[0].code in ("unreadable", "layers")
        assert path.read_bytes() == before


def test_D07_a_view_that_would_read_other_files_or_never_end_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame(name=["a"]).to_file(path, layer="a")
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE VIEW v AS SELECT fid, geom, CAST(readfile('{secret}') AS TEXT) AS name FROM a")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('v', 'features', 'v', 4326)"
        )
        database.execute("INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POINT', 4326, 0, 0)")
    database.close()
    try:
        rows = rows_of(path, layer="v")
    except FileRejected:
        return
    assert "secret" not in str(rows.table)


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet"])
def test_a_damaged_file_is_refused_or_read_wherever_it_was_cut(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    made = frame(name=[str(number) for number in range(2000)])
    made.to_parquet(path) if ending == "parquet" else made.to_file(path)
    content = path.read_bytes()
    for share in (0.02, 0.3, 0.9, 0.999):
        path.write_bytes(content[: int(len(content) * share)])
        try:
            rows_of(path)
        except FileRejected as error:
            assert error.problems[0].code in ("unreadable", "layers", "empty", "wrong_format")


def test_what_parquet_has_that_no_other_table_has_is_text_or_left_out(tmp_path: Path) -> None:
    table = pa.table(
        {
            "code": pa.array([340523199001011234, None], pa.int64()),
            "day": pa.array([dt.date(2026, 1, 2), None]),
            "moment": pa.array(pd.to_datetime(["2026-01-02 08:30:00", None])).cast(pa.timestamp("ns", "UTC")),
            "kind": pa.array(["盗窃", None]).dictionary_encode(),
            "tags": pa.array([["a", "b"], None]),
            "picture": pa.array([b"\xff\xd8", None]),
            "amount": pa.array([None, 1.5]),
            "valid": pa.array([True, None]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    rows = rows_of(tmp_path / "a.parquet", "incidents")
    assert rows.unit == "row" and rows.geometry is None and rows.crs is None
    assert [str(warning) for warning in rows.warnings] == [
        "Columns that hold bytes and no text were left out: picture."
    ]
    said = {name: text(rows.table[name]).tolist() for name in rows.table}
    assert said == {
        "code": ["340523199001011234", ""], "day": ["2026-01-02", ""], "moment": ["2026-01-02 08:30:00Z", ""],
        "kind": ["盗窃", ""], "tags": ['["a", "b"]', ""], "amount": ["", "1.5"], "valid": ["True", ""],
    }  # fmt: skip


@pytest.mark.parametrize(
    "geo",
    [
        "rubbish", "[]", "{}", '{"primary_column": "no", "columns": {"no": {"encoding": "WKB"}}}',
        '{"primary_column": "name", "columns": {"name": {"encoding": "WKB"}}}',
        '{"primary_column": "geometry", "columns": {"geometry": {"encoding": "point"}}}',
        '{"primary_column": 7, "columns": {"7": {}}}', "[" * 100_000,
        '{"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "crs": "EPSG:4326"}}}',
        '{"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "crs": {"type": "GeographicCRS"}}}}',
    ],
)  # fmt: skip
def test_metadata_that_says_nothing_sound_is_refused(tmp_path: Path, geo: str) -> None:
    table = pa.table({"name": ["a"], "geometry": [POINT.wkb]}).replace_schema_metadata({"geo": geo})
    pq.write_table(table, tmp_path / "a.parquet")
    assert rejected(tmp_path / "a.parquet").remedy


def test_without_a_system_geoparquet_is_in_longitude_and_latitude(tmp_path: Path) -> None:
    geo = {"version": "1.0.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB", "geometry_types": []}}}
    table = pa.table({"name": ["a"], "g": [POINT.wkb]}).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "a.parquet")
    rows = rows_of(tmp_path / "a.parquet")
    assert rows.crs is not None and rows.crs.to_epsg() == 4326
    assert rows.geometry is not None and rows.geometry[0] == POINT


def test_a_real_geopackage_is_only_read(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    path = Path(shutil.copy(shared_data("lancashire/wards_epsg27700.gpkg"), tmp_path / "a.gpkg"))
    before = path.read_bytes()
    rows = rows_of(path, "areas")
    oracle = pyogrio.read_dataframe(path)
    assert len(rows) == 271 and rows.crs is not None and rows.crs.to_epsg() == 27700
    assert rows.table["ward_name"].tolist() == oracle["ward_name"].tolist()
    assert rows.geometry is not None and shapely.equals(rows.geometry, oracle.geometry.to_numpy()).all()
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
