"""Fifty made calls (演示数据), and how they are written in each format that is read."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import pandas as pd
import shapely
import xlsxwriter

# The initials that exports of the 110 system use; short enough for a shapefile.
HEADINGS = ["jjdbh", "bjsj", "afdz", "lxdh", "bjnr", "floors"]
CODE = 340523202601020000  # 18 digits: as a floating-point number the last ones would be lost


def calls() -> pd.DataFrame:
    """Text with quotes, commas and line breaks, empty cells, codes of 18 digits, times."""
    contents = ["电动车被盗", "他说“有人打架”, 在路口", '5" 的管子', "第一行\n第二行", "", "𠮷野家门口;求助|一次"]
    return pd.DataFrame(
        {
            "jjdbh": [str(CODE + 17 * number) for number in range(50)],
            "bjsj": [f"2026-01-{1 + number % 28:02d} 08:{number:02d}:07" for number in range(50)],
            "afdz": [f"和州路{number}号" if number % 7 else "" for number in range(50)],
            "lxdh": ["13800000000" if number % 3 else "" for number in range(50)],
            "bjnr": [contents[number % len(contents)] for number in range(50)],
            "floors": [str(number % 4) if number % 5 else "" for number in range(50)],
        },
        dtype=object,
    )


def points() -> gpd.GeoDataFrame:
    """The same with a place for each, longitude and latitude."""
    frame = calls()
    places = [shapely.Point(118.35 + number / 1024, 31.74 + number / 4096) for number in range(len(frame))]
    return gpd.GeoDataFrame(frame, geometry=places, crs=4326)


def delimited(path: Path, encoding: str = "utf-8", delimiter: str = ",", bom: bytes = b"", end: str = "\r\n") -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(HEADINGS)
    writer.writerows(calls().to_numpy())
    path.write_bytes(bom + text.getvalue().encode(encoding))


def workbook(path: Path, typed: bool = False) -> None:
    """A sheet of text, or one whose times, numbers and short codes are what Excel makes of them."""
    with xlsxwriter.Workbook(path) as book:
        sheet, moment = book.add_worksheet("警情"), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, HEADINGS)
        for row, cells in enumerate(calls().to_numpy(), start=1):
            for column, (heading, cell) in enumerate(zip(HEADINGS, cells, strict=True)):
                if typed and heading == "bjsj":
                    sheet.write_datetime(row, column, pd.Timestamp(cell).to_pydatetime(), moment)
                elif typed and heading in ("lxdh", "floors") and cell:
                    sheet.write_number(row, column, int(cell))
                elif cell:
                    sheet.write_string(row, column, cell)


def kml(path: Path) -> None:
    placemarks = []
    for row in points().itertuples(index=False):
        data = "".join(
            f"<Data name={quoteattr(heading)}><value>{escape(getattr(row, heading))}</value></Data>"
            for heading in HEADINGS
        )
        at = f"{row.geometry.x!r},{row.geometry.y!r},0"
        placemarks.append(
            f"<Placemark><ExtendedData>{data}</ExtendedData><Point><coordinates>{at}</coordinates></Point></Placemark>"
        )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"{''.join(placemarks)}</Document></kml>",
        encoding="utf-8",
    )


def with_gdal(driver: str, **options: str) -> Callable[[Path], None]:
    return lambda path: points().to_file(path, driver=driver, **options)


def typed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Times as times and storeys as numbers of which some are missing."""
    numbers = pd.to_numeric(frame["floors"]).astype("Int32")
    return frame.assign(bjsj=pd.to_datetime(frame["bjsj"]), floors=numbers)


def packed(write: Callable[[Path], None], name: str) -> Callable[[Path], None]:
    """Writes an archive with the files that ``write`` makes under ``name``."""

    def pack(path: Path) -> None:
        folder = path.parent / "packed"
        folder.mkdir()
        write(folder / name)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.iterdir()):
                archive.write(file, f"数据/{file.name}")

    return pack


def gzipped(write: Callable[[Path], None]) -> Callable[[Path], None]:
    def pack(path: Path) -> None:
        write(path.with_suffix(""))
        path.write_bytes(gzip.compress(path.with_suffix("").read_bytes()))

    return pack


FORMATS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "csv": ("a.csv", delimited),
    "csv with BOM": ("a.csv", lambda path: delimited(path, bom=b"\xef\xbb\xbf")),
    "csv in GB18030": ("a.csv", lambda path: delimited(path, "gb18030")),
    "csv in UTF-16": ("a.csv", lambda path: delimited(path, "utf-16")),
    "csv in UTF-16 little-endian without BOM": ("a.csv", lambda path: delimited(path, "utf-16-le")),
    "csv in UTF-16 big-endian without BOM": ("a.csv", lambda path: delimited(path, "utf-16-be")),
    "csv in UTF-16 big-endian": ("a.csv", lambda path: delimited(path, "utf-16-be", bom=b"\xfe\xff")),
    "tsv": ("a.tsv", lambda path: delimited(path, delimiter="\t", end="\n")),
    "semicolons": ("a.txt", lambda path: delimited(path, delimiter=";")),
    "bars": ("a.tab", lambda path: delimited(path, "gb18030", "|", end="\n")),
    "xlsx of text": ("a.xlsx", workbook),
    "xlsx of times and numbers": ("a.xlsx", lambda path: workbook(path, typed=True)),
    "geojson": ("a.geojson", with_gdal("GeoJSON")),
    "geojson in GB18030": (
        "a.json",
        lambda path: path.write_text(points().to_json(ensure_ascii=False), encoding="gb18030") and None,
    ),
    "geojson by line": ("a.geojsonl", with_gdal("GeoJSONSeq")),
    "geopackage": ("a.gpkg", with_gdal("GPKG")),
    "geopackage of times and numbers": ("a.gpkg", lambda path: typed(points()).to_file(path)),
    "flatgeobuf": ("a.fgb", with_gdal("FlatGeobuf", SPATIAL_INDEX="NO")),
    "geoparquet": ("a.parquet", lambda path: points().to_parquet(path)),
    "geoparquet of times and numbers": ("a.geoparquet", lambda path: typed(points()).to_parquet(path)),
    "parquet": ("a.parquet", lambda path: calls().to_parquet(path)),
    "shapefile": ("a.shp", with_gdal("ESRI Shapefile", encoding="utf-8")),
    "shapefile in GBK": ("a.shp", lambda path: points().replace("𠮷", "吉", regex=True).to_file(path, encoding="gbk")),
    "kml": ("a.kml", kml),
    "kmz": ("a.kmz", packed(kml, "doc.kml")),
    "zipped csv": ("a.zip", packed(lambda path: delimited(path, "gb18030"), "警情.csv")),
    "zipped shapefile": ("a.zip", packed(with_gdal("ESRI Shapefile", encoding="utf-8"), "警情.shp")),
    "zipped workbook": ("a.zip", packed(workbook, "a.xlsx")),
    "csv.gz": ("a.csv.gz", gzipped(delimited)),
    "geojson.gz": ("a.geojson.gz", gzipped(with_gdal("GeoJSON"))),
}  # fmt: skip
