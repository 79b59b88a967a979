"""From a file to rows of a table, a portion at a time: the reader, the meaning of columns, the place of positions."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo_app.imports.angles import coordinates
from geo_app.imports.columns import MEASURES, Recognised, names, recognise
from geo_app.imports.exported import as_exported, datum_said
from geo_app.imports.kinds import KINDS
from geo_app.imports.kinds.base import Arrival, County, Made
from geo_app.imports.positions import Locator, Whereabouts, choose_system
from geo_app.imports.problems import N_, FileRejected, Problem, Problems, Said
from geo_app.imports.readers.shapes import of_text
from geo_app.imports.rows import Rows, joined
from geo_app.imports.seen import Seen
from geo_app.imports.systems import parse_system
from geo_app.imports.texts import encodable
from geo_app.imports.values import as_json, rounded, text, text_held_in_arrow

# By the ending of a name, never by what a file claims to be inside.
READERS = {
    ".csv": "delimited", ".tsv": "delimited", ".tab": "delimited", ".txt": "delimited",
    ".xlsx": "workbook", ".xlsm": "workbook", ".xls": "workbook",
    ".shp": "shapefile", ".gpkg": "geopackage", ".fgb": "flatgeobuf", ".parquet": "geoparquet",
    ".geoparquet": "geoparquet", ".geojson": "geojson", ".json": "geojson", ".geojsonl": "geojson",
    ".geojsons": "geojson", ".kml": "kml", ".kmz": "kml", ".gpx": "gpx", ".osm": "osm", ".pbf": "osm",
    ".zip": "archive", ".gz": "compressed", ".waiting": "waiting",
}  # fmt: skip
LARGEST = 4 * 2**30  # bytes


@dataclass(frozen=True)
class Plan:
    """How a file is to be read: what somebody decided, and what is known of the county.

    system: the name of a coordinate system; None takes the one that the file names. swapped: northing first; None when
    nobody said.
    columns: our name → the file's heading, where the heading does not say it by itself. habits: the same, from the
    last file of the source, as far as this one has these headings.
    values: our name → the file's word → ours. layer: the sheet or layer of a file that has several.
    again: its rows waited in quarantine. before: keys that stood in the first file beside them, and where.
    """

    path: Path
    kind: str
    county: County
    where: Whereabouts | None = None
    system: str | None = None
    swapped: bool | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    layer: str | None = None
    habits: Mapping[str, str] = field(default_factory=dict)
    again: bool = False
    before: Mapping[str, int] = field(default_factory=dict)

    def said(self, headings: list[str]) -> dict[str, str]:
        """What somebody said that the headings mean, now or for an earlier file."""
        free = set(headings) - set(self.columns.values())
        kept = {name: heading for name, heading in self.habits.items() if heading in free or not heading}
        return kept | dict(self.columns)


@dataclass(frozen=True)
class Refused:
    """A row that goes to quarantine: where it stands, what is wrong, and what it says."""

    number: int
    problem: Problem
    content: dict[str, str]


@dataclass(frozen=True)
class Portion:
    """What became of a portion of a file. read = rows taken + refused; ``made`` may have several rows of one."""

    read: int
    made: pd.DataFrame
    refused: list[Refused]
    warnings: list[Said]
    mapping: dict[str, str]
    system: str
    unit: str
    decimal_comma: bool
    unplaced: int
    zero: int


def read_file(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows of a file in portions, read by the one reader that its name asks for. Raises FileRejected."""
    name = path.name
    if str(path).startswith("/vsi") or not path.is_file():
        raise FileRejected.whole(
            name,
            "no_file",
            N_("There is no file %(path)s."),
            N_("Give the path of a file on this machine."),
            path=repr(str(path)[:200]),
        )
    reader = READERS.get(path.suffix.casefold())
    if reader is None:
        raise FileRejected.whole(
            name,
            "unknown_format",
            N_("Files named %(ending)s are not read."),
            N_("Formats: %(formats)s."),
            ending=path.suffix or "–",
            formats=", ".join(READERS),
        )
    if path.stat().st_size > LARGEST:
        raise FileRejected.whole(name, "too_large", N_("The file is larger than 4 GB."), N_("Split it."))
    some = False
    for rows in importlib.import_module(f"geo_app.imports.readers.{reader}").read(path, kind, layer):
        if not len(rows) and not rows.spoiled:
            continue
        some = True
        yield replace(rows, table=text_held_in_arrow(rows.table))
    if not some:
        raise FileRejected.whole(
            name, "empty", N_("The file holds no %(kind)s."), N_("Export it again from where it came."), kind=kind
        )


def portions(plan: Plan) -> Iterator[Portion]:
    """Everything of a file, made into rows of its kind's table. Raises FileRejected for what is wrong as a whole."""
    kind = KINDS[plan.kind]
    rows = read_file(plan.path, plan.kind, plan.layer)
    if kind.whole:
        rows = iter([joined(list(rows))])
    seen = Seen(plan.before)
    day_orders: dict[str, set[str]] = {}
    locator: Locator | None = None
    for portion in rows:
        columns = recognised(plan, [str(column) for column in portion.table.columns])
        problems = Problems(plan.path.name, portion, day_orders)
        _note_rounded(portion, columns, problems)
        geometry, named = portion.geometry, portion.crs
        means_nothing = bool(kind.shapes) and not columns.found  # a file of something else
        asked = kind.needs_geometry or (bool(kind.shapes) and has_position(columns)) or means_nothing
        if geometry is None and asked:
            geometry, named = _from_columns(portion, columns, problems, swapped=bool(plan.swapped))
        warnings: list[Said] = list(portion.warnings)
        has_shapes = geometry is not None
        if geometry is None:
            geometry = np.full(len(portion), None, dtype=object)
        placed, zero = _without_zero(geometry) if not kind.needs_geometry else (geometry, 0)
        if has_shapes and locator is None:
            if plan.system is None and (said := datum_said(plan.path.name, portion)):
                system, told = choose_system(plan.path.name, None, parse_system(said))
            else:
                system, told = choose_system(plan.path.name, named, parse_system(plan.system) if plan.system else None)
            locator = Locator(system, plan.where, plan.county.metric_srid, bool(plan.swapped))
            if not plan.again:  # what waits may all lie far outside: each row says so
                locator.check(placed, plan.path.name)
            warnings += told + _unknown(kind.name, columns)
        located = locator.to_geographic(placed, problems) if locator else placed
        datum = locator.system.name if locator else ""
        arrival = Arrival(
            replace(portion, geometry=geometry), columns, located, problems, plan.county, kind.name, datum, seen,
            plan.values,
        )  # fmt: skip
        made = as_exported(arrival, kind.make(arrival))
        if kind.beside or plan.again:
            _bring_along(made)
        table = made.usable()
        yield Portion(
            read=len(portion) + len(portion.spoiled),
            made=table,
            refused=_refused(portion, problems),
            warnings=warnings + made.warnings,
            mapping=dict(columns.found),
            system=datum,
            unit=portion.unit,
            decimal_comma=portion.decimal_comma,
            unplaced=int(shapely.is_missing(table["geom"].to_numpy()).sum()) if kind.by_address else 0,
            zero=zero,
        )


def has_position(columns: Recognised) -> bool:
    """Whether columns hold a position."""
    return "wkt" in columns or any(x in columns and y in columns for x, y in POSITIONS)


POSITIONS = (("longitude", "latitude"), ("x", "y"))


def recognised(plan: Plan, headings: list[str]) -> Recognised:
    """What the headings mean. Raises FileRejected when somebody named a heading or a meaning that there is not."""
    try:
        return recognise(plan.kind, headings, plan.said(headings))
    except KeyError as error:
        raise FileRejected.whole(
            plan.path.name,
            "columns",
            N_(
                "%(name)s is no heading of the file, or nothing that a column of %(kind)s can mean. Its headings are:"
                " %(headings)s."
            ),
            N_("Say name=heading, with one of the names %(names)s."),
            name=repr(error.args[0]),
            kind=plan.kind,
            headings=", ".join(headings[:40]),
            names=", ".join(names(plan.kind)),
        ) from error


def _note_rounded(rows: Rows, columns: Recognised, problems: Problems) -> None:
    """Notes names and codes that came as numbers and have lost their last digits."""
    for name, heading in columns.found.items():
        if name not in MEASURES:
            column = rows.table[heading]
            problems.add(
                rounded(column),
                "rounded",
                N_("%(heading)s %(value)s is stored as a number and has lost its last digits"),
                N_("Store such columns as text."),
                heading=heading,
                value=_whole(column),
            )


def _whole(column: pd.Series) -> Callable[[int], str]:
    return lambda row: f"{column.iloc[row]:.0f}"


def _unknown(kind: str, columns: Recognised) -> list[Said]:
    if columns.unknown and kind in ("roads", "routes", "areas", "grids"):
        told = N_("Columns that mean nothing here were left out: %(columns)s.")
        return [Said(told, {"columns": ", ".join(columns.unknown[:20])})]
    return []


def _from_columns(
    rows: Rows, columns: Recognised, problems: Problems, *, swapped: bool
) -> tuple[np.ndarray, CRS | None]:
    """Points out of two columns. Headings that say longitude and latitude mean WGS84 unless told otherwise."""
    if "wkt" in columns:
        return _from_text(text(rows.table[columns["wkt"]]), problems)
    for pair, crs in zip(POSITIONS, (CRS.from_epsg(4326), None), strict=True):
        if pair[0] in columns and pair[1] in columns:
            x, y = coordinates(rows.table, (columns[pair[0]], columns[pair[1]]), problems, swapped=swapped)
            present = ~(np.isnan(x) | np.isnan(y))
            points = np.full(len(rows), None, dtype=object)
            points[present] = shapely.points(x[present], y[present])
            return points, crs
    raise FileRejected.whole(
        problems.file,
        "columns",
        N_("No columns hold a position. Its headings are: %(headings)s."),
        N_("Name two columns longitude and latitude (经度, 纬度), or x and y and their system (--crs)."),
        headings=", ".join(map(str, rows.table.columns[:40])),
    )


def _from_text(words: pd.Series, problems: Problems) -> tuple[np.ndarray, CRS | None]:
    """Geometries written as well-known text; what has the numbers of degrees is WGS84 unless told otherwise."""
    shapes = shapely.force_2d(of_text(words))
    malformed = shapely.is_missing(shapes) & (words != "").to_numpy()
    problems.add(malformed, "geometry", N_("the geometry is malformed"))
    west, south, east, north = shapely.total_bounds(shapes)
    beyond = west < -180 or east > 180 or south < -90 or north > 90  # never of no bounds at all
    return shapes, None if beyond else CRS.from_epsg(4326)


def _without_zero(geometry: np.ndarray) -> tuple[np.ndarray, int]:
    """Positions of (0, 0) mean that nobody knew: taken away, and counted."""
    bounds = shapely.bounds(geometry)
    zero = (bounds[:, 0] == 0) & (bounds[:, 1] == 0)
    if zero.any():
        geometry = geometry.copy()
        geometry[zero] = None
    return geometry, int(zero.sum())


def _content(rows: Rows) -> pd.DataFrame:
    """What rows say in their file, with their geometry as text."""
    content = rows.table.astype(object).map(lambda cell: encodable(str(cell)), na_action="ignore")
    if rows.geometry is not None:
        content[GEOMETRY] = shapely.to_wkt(rows.geometry, rounding_precision=-1)
    return content


def _bring_along(made: Made) -> None:
    """Adds to each row what its row of the file says and is called, for the quarantine: it may still be refused."""
    rows, table = made.problems.rows, made.table
    of_row = table["file_row"].to_numpy() if "file_row" in table else np.arange(len(rows))
    table["content"] = np.asarray(as_json(_content(rows)), dtype=object)[of_row]
    table["file_number"] = rows.numbers[of_row]


def _refused(rows: Rows, problems: Problems) -> list[Refused]:
    found = [
        Refused(spoiled.number, Problem(spoiled.code, spoiled.reason, params=spoiled.params), spoiled.content)
        for spoiled in rows.spoiled
    ]
    bad = problems.of_portion()
    mask = np.isin(np.arange(len(rows)), list(bad))
    refused = rows.only(mask)
    contents = as_json(_content(refused))
    for line, problem, content in zip(refused.numbers.tolist(), bad.values(), contents, strict=True):
        found.append(Refused(line, problem, json.loads(content)))
    return found


GEOMETRY = "WKT"  # the heading under which a row's geometry waits in quarantine
