"""Files that pretend to be another format, and names that mean something to GDAL."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from geo_app.imports.problems import FileRejected
from geo_app.imports.reading import READERS, read_file


def virtual_layer(folder: Path, port: int) -> bytes:
    secret = folder / "secret.geojson"
    secret.write_text(
        '{"type":"Feature","properties":{"number":"1"},"geometry":{"type":"Point","coordinates":[118,31]}}'
    )
    return (
        f"<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>"
        f"<OGRVRTLayer name='away'><SrcDataSource>/vsicurl/http://127.0.0.1:{port}/a.geojson</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


@pytest.mark.parametrize("ending", [ending for ending in READERS if ending != ".waiting"])
def test_D01_a_virtual_layer_under_any_name_reads_no_file_and_calls_nobody(
    tmp_path: Path, listener: tuple[int, list[str]], ending: str
) -> None:
    port, visitors = listener
    name = f"trap.csv{ending}" if ending == ".gz" else f"trap{ending}"
    (tmp_path / name).write_bytes(virtual_layer(tmp_path, port))
    for other in (".shx", ".dbf"):
        (tmp_path / f"trap{other}").write_bytes(b"\0" * 200)
    with pytest.raises(FileRejected):
        list(read_file(tmp_path / name, "incidents"))
    assert visitors == []


@pytest.mark.parametrize(
    ("ending", "header"),
    [
        (".shp", struct.pack(">i5ii", 9994, 0, 0, 0, 0, 0, 50) + b"\0" * 72),
        (".gpkg", b"SQLite format 3\0"),
        (".fgb", b"fgb\x03fgb\x00"),
        (".parquet", b"PAR1"),
        (".geoparquet", b"PAR1"),
        (".xlsx", b"PK\x03\x04"),
        (".xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ],
)
def test_D01_a_virtual_layer_behind_a_true_header_is_not_opened_either(
    tmp_path: Path, listener: tuple[int, list[str]], ending: str, header: bytes
) -> None:
    port, visitors = listener
    path = tmp_path / f"trap{ending}"
    path.write_bytes(header + virtual_layer(tmp_path, port))
    (tmp_path / "trap.shx").write_bytes(b"\0" * 100)
    (tmp_path / "trap.dbf").write_bytes(b"\x03" + b"\0" * 31)
    with pytest.raises(FileRejected):
        list(read_file(path, "incidents"))
    assert visitors == []


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/http://127.0.0.1/a.geojson", "/vsizip/a.zip/a.shp", "PG:dbname=geo", "MEM:::DATAPOINTER=1.shp",
        "GPKG:/etc/passwd", "http://127.0.0.1/a.shp", "/vsistdin/", "-", "s3://bucket/a.parquet",
    ],
)  # fmt: skip
def test_D02_names_that_mean_something_to_gdal_are_only_names(name: str) -> None:
    with pytest.raises(FileRejected) as caught:
        list(read_file(Path(name), "roads"))
    assert caught.value.problems[0].code == "no_file"


@pytest.mark.parametrize("ending", [ending for ending in READERS if ending != ".waiting"])
def test_an_empty_file_is_called_empty_in_every_format(tmp_path: Path, ending: str) -> None:
    path = tmp_path / (f"a.csv{ending}" if ending == ".gz" else f"a{ending}")
    path.touch()
    with pytest.raises(FileRejected) as caught:
        list(read_file(path, "roads"))
    assert caught.value.problems[0].code == "empty"
    assert caught.value.remedy


@pytest.mark.parametrize("ending", [ending for ending in READERS if ending != ".waiting"])
def test_rubbish_is_refused_or_read_as_rubbish_in_every_format(tmp_path: Path, ending: str) -> None:
    path = tmp_path / (f"a.csv{ending}" if ending == ".gz" else f"a{ending}")
    for content in (b"\xff" * 500, b"\0" * 500, bytes(range(256)) * 8, b"PK\x05\x06" + b"\0" * 18, b"[" * 100_000):
        path.write_bytes(content)
        try:
            assert sum(len(rows) + len(rows.spoiled) for rows in read_file(path, "roads"))
        except FileRejected as error:
            assert error.remedy
