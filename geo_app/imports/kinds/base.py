"""What a kind of data is to the importer, and what a file of it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from geo_app.imports.columns import HEADINGS, Recognised
from geo_app.imports.problems import FileRejected, Problems
from geo_app.imports.rows import Rows


@dataclass(frozen=True)
class County:
    """What making rows needs to know of the county."""

    id: int
    code: str
    name: str
    metric_srid: int
    time_zone: str
    simulated: bool = False


@dataclass(frozen=True)
class Arrival:
    """A file read and located: rows, their meaning, and their geometry in EPSG:4326 (None where a row has none)."""

    rows: Rows
    columns: Recognised
    geometry: np.ndarray
    problems: Problems
    county: County
    kind: str

    def column(self, name: str) -> pd.Series:
        """The column that means ``name``, as it arrived."""
        return self.rows.table[self.columns[name]]

    def unknown(self) -> pd.DataFrame:
        """The columns that mean nothing to us."""
        return self.rows.table[list(self.columns.unknown)]


@dataclass
class Made:
    """Rows for a table: its columns, ``source_key``, ``file_line`` and ``geom`` (shapely, EPSG:4326).

    Columns that the file does not speak of are absent: they keep what they have, or take their default.
    """

    table: pd.DataFrame
    problems: Problems
    dropped: int = 0
    warnings: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)  # our name → the file's heading

    @property
    def read(self) -> int:
        """How many rows there were, after lines of several parts were split."""
        return len(self.table) + self.dropped


@dataclass(frozen=True)
class Kind:
    """A kind of data: its table, its geometry, and how its rows are made."""

    name: str
    table: str
    shapes: tuple[str, ...]
    make: Callable[[Arrival], Made]
    needs_geometry: bool = True
    versioned: bool = True
    stable: bool = False


def begin(arrival: Arrival) -> pd.DataFrame:
    """The columns that every kind has: file_line, simulated when it is said, geom."""
    table = pd.DataFrame(index=arrival.rows.table.index)
    lines = arrival.rows.file_lines()
    if lines is not None:
        table["file_line"] = lines
    if "simulated" in arrival.columns:
        from geo_app.imports.values import truth

        said = truth(arrival.column("simulated"), "simulated", arrival.problems)
        table["simulated"] = said.where(said.notna(), False).astype(bool)
    elif arrival.county.simulated:
        table["simulated"] = True
    table["geom"] = arrival.geometry
    return table


def require_shapes(arrival: Arrival, allowed: tuple[str, ...], needed: bool) -> None:
    """Notes rows whose geometry is missing, of another type than ``allowed``, or invalid."""
    problems, geometry = arrival.problems, arrival.geometry
    missing = shapely.is_missing(geometry)
    if needed:
        problems.add(missing, "geometry", "it has no geometry")
    names = np.array([None if shape is None else shape.geom_type for shape in geometry], dtype=object)
    wrong = ~missing & ~np.isin(names.astype(str), allowed)
    problems.add(
        wrong,
        "geometry",
        lambda row: f"a {names[row]} where {' or '.join(allowed)} is needed",
        "Export the right layer.",
    )
    polygons = ~missing & ~wrong & np.char.endswith(names.astype(str), "Polygon")
    invalid = polygons & ~shapely.is_valid(geometry)
    problems.add(
        invalid,
        "geometry",
        lambda row: f"the polygon is invalid: {shapely.is_valid_reason(geometry[row])}",
        "Repair the polygons, for example with Fix geometries in QGIS.",
    )


def require_columns(arrival: Arrival, names: tuple[str, ...]) -> None:
    """Raises FileRejected, naming what is there and what would be understood, when a column is missing."""
    missing = [name for name in names if name not in arrival.columns]
    if missing:
        words = "; ".join(f"{name}: {', '.join(HEADINGS[arrival.kind][name][:8])}" for name in missing)
        raise FileRejected.whole(
            arrival.problems.file,
            "columns",
            f"No column means {' or '.join(missing)}. Its headings are:"
            f" {', '.join(map(str, arrival.rows.table.columns[:40])) or 'none'}.",
            f"Use one of these headings: {words}.",
        )


def unique_keys(arrival: Arrival, keys: pd.Series, what: str) -> None:
    """Notes rows whose key is empty or stands in the file before."""
    empty = (keys == "").to_numpy()
    arrival.problems.add(empty, "key", f"{what} is empty")
    doubled = (keys.duplicated(keep="first") & (keys != "")).to_numpy()
    first = keys.reset_index().drop_duplicates(keys.name or 0).set_index(keys.name or 0)["index"]
    arrival.problems.add(
        doubled,
        "key",
        lambda row: f"{what} {keys.iloc[row]!r} is already on {arrival.rows.where(int(first[keys.iloc[row]]))}",
        f"Give each row a {what} of its own.",
    )
