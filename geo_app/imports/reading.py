"""Which reader takes a file, and what its rows mean: from a path to an ``Arrival``."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_app.imports.columns import MEASURES, NOTHING, Recognised, names, recognise
from geo_app.imports.kinds.base import Arrival, County, Kind
from geo_app.imports.positions import Whereabouts, choose_crs, to_geographic
from geo_app.imports.problems import FileRejected, Problems
from geo_app.imports.rows import Rows
from geo_app.imports.values import number, rounded, without_null_marks

# By the ending of a name, never by what a file claims to be inside.
READERS = {
    ".shp": "shapefile", ".zip": "archive", ".geojson": "geojson", ".json": "geojson", ".geojsonl": "geojson",
    ".gpkg": "geopackage", ".csv": "delimited", ".tsv": "delimited", ".tab": "delimited", ".txt": "delimited",
    ".osm": "osm", ".pbf": "osm",
}  # fmt: skip
LARGEST = 4 * 2**30  # bytes


def read_file(path: Path, kind: str) -> Rows:
    """The rows of a file, read by the one reader that its name asks for. Raises FileRejected."""
    name = path.name
    if str(path).startswith("/vsi") or not path.is_file():
        raise FileRejected.whole(
            name, "no_file", f"There is no file {str(path)[:200]!r}.", "Give the path of a file on this machine."
        )
    reader = READERS.get(path.suffix.casefold())
    if reader is None:
        raise FileRejected.whole(
            name,
            "unknown_format",
            f"Files named {path.suffix or 'without ending'} are not read.",
            f"Formats: {', '.join(READERS)}.",
        )
    if path.stat().st_size > LARGEST:
        raise FileRejected.whole(name, "too_large", "The file is larger than 4 GB.", "Split it.")
    rows: Rows = importlib.import_module(f"geo_app.imports.readers.{reader}").read(path, kind)
    if not len(rows):
        raise FileRejected.whole(name, "empty", f"The file holds no {kind}.", "Export it again from where it came.")
    return replace(rows, table=without_null_marks(rows.table))


def parse_crs(text: str) -> CRS:
    """A system named as EPSG:nnnn or ESRI:nnnn. Raises ValueError for anything else."""
    authority, _, code = text.strip().upper().partition(":")
    if authority not in ("EPSG", "ESRI") or not code.isdigit():
        raise ValueError(f"{text!r} names no coordinate system; write it as EPSG:4548 or ESRI:102649.")
    try:
        return CRS.from_authority(authority, int(code))
    except CRSError as error:
        raise ValueError(f"There is no coordinate system {text}.") from error


def arrive(
    path: Path,
    kind: Kind,
    county: County,
    where: Whereabouts | None,
    given: CRS | None,
    said: Mapping[str, str] = NOTHING,
) -> tuple[Arrival, CRS, list[str]]:
    """A file read, its headings recognised, its positions in EPSG:4326; with its system and warnings.

    ``said``: what somebody says of its headings, our name → heading. Raises FileRejected with everything that is wrong with the file as a whole.
    """
    rows = read_file(path, kind.name)
    columns = _recognised(path, kind, rows, said)
    problems = Problems(path.name, rows)
    _refuse_rounded(rows, columns, problems)
    warnings = list(rows.warnings)
    geometry, named = rows.geometry, rows.crs
    if geometry is None:
        geometry, named = _from_columns(rows, columns, problems)
        problems.raise_if_any()
    if kind.name == "incidents":
        geometry = _without_zero(geometry, warnings)
    crs, told = choose_crs(path.name, named, given)
    located = to_geographic(geometry, crs, where, problems, county.metric_srid)
    if columns.unknown and kind.name in ("roads", "routes", "areas", "grids"):
        warnings.append(f"Columns that mean nothing here were left out: {', '.join(columns.unknown[:20])}.")
    kept = replace(rows, geometry=geometry, crs=crs)
    return Arrival(kept, columns, located, problems, county, kind.name), crs, warnings + told


def _recognised(path: Path, kind: Kind, rows: Rows, said: Mapping[str, str]) -> Recognised:
    headings = [str(column) for column in rows.table.columns]
    try:
        return recognise(kind.name, headings, said)
    except KeyError as error:
        raise FileRejected.whole(
            path.name,
            "columns",
            f"{error.args[0]!r} is no heading of the file, or nothing that a column of {kind.name} can mean."
            f" Its headings are: {', '.join(headings[:40])}.",
            f"Say name=heading, with one of the names {', '.join(names(kind.name))}.",
        ) from error


def _refuse_rounded(rows: Rows, columns: Recognised, problems: Problems) -> None:
    """Raises FileRejected for names and codes that came as numbers and have lost their last digits."""
    for name, heading in columns.found.items():
        if name not in MEASURES:
            column = rows.table[heading]
            problems.add(rounded(column), "rounded", _lost_digits(heading, column), "Store such columns as text.")
    problems.raise_if_any()


def _lost_digits(heading: str, column: pd.Series) -> Callable[[int], str]:
    return lambda row: f"{heading} {column.iloc[row]:.0f} is stored as a number and has lost its last digits"


def _from_columns(rows: Rows, columns: Recognised, problems: Problems) -> tuple[np.ndarray, CRS | None]:
    """Points out of two columns. Headings that say longitude and latitude mean WGS84 unless told otherwise."""
    for pair, crs in ((("longitude", "latitude"), CRS.from_epsg(4326)), (("x", "y"), None)):
        if pair[0] in columns and pair[1] in columns:
            x, y = (number(rows.table[columns[name]], columns[name], problems) for name in pair)
            present = (x.notna() & y.notna()).to_numpy()
            points = np.full(len(rows), None, dtype=object)
            points[present] = shapely.points(x.to_numpy()[present], y.to_numpy()[present])
            return points, crs
    raise FileRejected.whole(
        problems.file,
        "columns",
        f"No columns hold a position. Its headings are: {', '.join(map(str, rows.table.columns[:40]))}.",
        "Name two columns longitude and latitude (经度, 纬度), or x and y together with --crs.",
    )


def _without_zero(geometry: np.ndarray, warnings: list[str]) -> np.ndarray:
    """Positions of (0, 0) mean that nobody knew: taken away, and said."""
    x, y = (pd.Series(axis) for axis in shapely.bounds(geometry)[:, :2].T)
    zero = ((x == 0) & (y == 0)).to_numpy()
    if not zero.any():
        return geometry
    warnings.append(f"{int(zero.sum())} rows have the position (0, 0), which means that it was not known.")
    geometry = geometry.copy()
    geometry[zero] = None
    return geometry
