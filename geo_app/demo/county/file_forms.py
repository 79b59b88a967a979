"""The forms in which real counties send files: shapefiles in GBK, GeoJSON, workbooks; places in degrees."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xlsxwriter

DIGITS = 7


def degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same in EPSG:4490 on the lattice of 1e-7 degrees, on which what was the same point stays the same."""
    moved = frame.to_crs(4490)
    return moved.set_geometry(shapely.transform(moved.geometry.to_numpy(), lambda xy: np.round(xy, DIGITS)), crs=4490)


def lonlat(frame: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes of the middles of shapes."""
    points = degrees(frame.set_geometry(shapely.centroid(frame.geometry.to_numpy()), crs=frame.crs)).geometry
    return points.x.to_numpy(), points.y.to_numpy()


def shapefile(frame: gpd.GeoDataFrame, path: Path) -> None:
    """A zipped shapefile with Chinese headings in GBK and its .cpg, as an older GIS writes it."""
    with TemporaryDirectory() as folder:
        inner = Path(folder) / f"{path.stem}.shp"
        frame.to_file(inner, driver="ESRI Shapefile", encoding="GBK", engine="pyogrio")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.writestr(zipfile.ZipInfo(part.name, (2026, 11, 1, 8, 0, 0)), part.read_bytes())


def geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    """GeoJSON in EPSG:4326 with its texts as they are read."""
    path.write_text(frame.to_crs(4326).to_json(ensure_ascii=False), encoding="utf-8")


def workbook(table: pd.DataFrame, path: Path, sheet: str) -> None:
    """A workbook of one sheet, the first row of which are the headings."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "nan_inf_to_errors": True})
    book.set_properties({"created": pd.Timestamp(2026, 11, 1).to_pydatetime()})
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, list(table.columns))
    for number, row in enumerate(table.astype(object).where(table.notna(), None).itertuples(index=False), 1):
        for column, cell in enumerate(row):
            if cell is not None:
                page.write(number, column, cell)
    book.close()
