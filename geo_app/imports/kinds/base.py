"""What a kind of data is to the importer, and what a file of it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import shapely

from geo_app.imports.columns import HEADINGS, Recognised
from geo_app.imports.problems import N_, FileRejected, Problems, Said
from geo_app.imports.rows import Rows
from geo_app.imports.seen import Seen
from geo_app.imports.texts import quoted
from geo_app.imports.values import translated, truth

LONGEST_KEY = 300  # letters, of up to four bytes each: an index of the database holds 2,700 bytes


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
    """A portion of a file, read and located: rows, their meaning, their geometry in EPSG:4326 (None where a row has none).

    ``datum`` is the system in which the coordinates arrived; ``seen`` knows the keys of the portions before; ``values``
    is our name → the file's word → ours.
    """

    rows: Rows
    columns: Recognised
    geometry: np.ndarray
    problems: Problems
    county: County
    kind: str
    datum: str = ""
    seen: Seen = field(default_factory=Seen)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def column(self, name: str) -> pd.Series:
        """The column that means ``name``, its words as ours where somebody said so; ``rows`` keeps them as they arrived."""
        column = self.rows.table[self.columns[name]]
        return translated(column, self.values[name]) if self.values.get(name) else column

    def unknown(self) -> pd.DataFrame:
        """The columns that mean nothing to us."""
        return self.rows.table[list(self.columns.unknown)]

    def without_bad(self) -> Arrival:
        """The rows that have no problem so far, numbered anew."""
        kept = ~self.problems.bad
        if kept.all():
            return self
        return replace(self, rows=self.rows.only(kept), geometry=self.geometry[kept], problems=self.problems.only(kept))


@dataclass
class Made:
    """Rows for a table: its columns, ``source_key``, ``file_line`` and ``geom`` (shapely, EPSG:4326).

    Columns that the file does not speak of are absent: they keep what they have, or take their default. A table with
    ``file_row`` has several rows of one row of the file; they are counted as one. Rows that the problems name are left
    out of it by whoever asked for it.
    """

    table: pd.DataFrame
    problems: Problems  # of the rows of ``table``
    warnings: list[Said] = field(default_factory=list)

    def usable(self) -> pd.DataFrame:
        """The rows that have no problem."""
        bad = self.problems.bad
        return self.table.loc[~bad].reset_index(drop=True) if bad.any() else self.table


@dataclass(frozen=True)
class Kind:
    """A kind of data: its table, its geometry, and how its rows are made.

    versioned: rows have ``valid`` and ``recorded``; what a row said before stays.
    stable: rows have a stable_id that outlives a version.
    by_address: a row without a position is kept, and can be placed by its address.
    whole: what a row is shows only beside all others of its file; others are made a portion at a time.
    beside: a row may still be refused for what is stored: it brings along what it says in its file.
    flows: portions go into the table one by one, so that a file of any length is taken at speed.
    """

    name: str
    table: str
    shapes: tuple[str, ...]
    make: Callable[[Arrival], Made]
    needs_geometry: bool = True
    versioned: bool = True
    stable: bool = False
    by_address: bool = False
    whole: bool = False
    flows: bool = False
    beside: bool = False


def begin(arrival: Arrival) -> pd.DataFrame:
    """The columns that every kind has: file_line, simulated when it is said, geom."""
    table = pd.DataFrame(index=arrival.rows.table.index)
    lines = arrival.rows.file_lines()
    if lines is not None:
        table["file_line"] = lines
    if "simulated" in arrival.columns:
        said = truth(arrival.column("simulated"), "simulated", arrival.problems)
        table["simulated"] = said.where(said.notna(), False).astype(bool)
    elif arrival.county.simulated:
        table["simulated"] = True
    table["geom"] = arrival.geometry
    return table


def arrived_point(arrival: Arrival, table: pd.DataFrame) -> None:
    """Keeps the coordinates of points as they came, and in which system."""
    table["arrived_datum"] = arrival.datum or None
    shapes = arrival.rows.geometry
    if shapes is not None:
        table["arrived_x"], table["arrived_y"] = shapely.get_x(shapes), shapely.get_y(shapes)


TYPES = (
    N_("Point"), N_("LineString"), N_("LinearRing"), N_("Polygon"), N_("MultiPoint"), N_("MultiLineString"),
    N_("MultiPolygon"), N_("GeometryCollection"),
)  # fmt: skip


def require_shapes(arrival: Arrival, allowed: tuple[str, ...], needed: bool) -> None:
    """Notes rows whose geometry is missing, of another type than ``allowed``, or invalid."""
    problems, geometry = arrival.problems, arrival.geometry
    missing = shapely.is_missing(geometry)
    if needed:
        problems.add(missing, "geometry", N_("it has no geometry"), N_("Draw it, or leave it here."))
    types = shapely.get_type_id(geometry)
    wrong = ~missing & ~np.isin(types, [TYPES.index(name) for name in allowed])
    problems.add(
        wrong,
        "geometry",
        N_("a %(found)s where %(allowed)s is needed"),
        N_("Export the right layer."),
        found=lambda row: TYPES[types[row]],
        allowed=", ".join(allowed),
    )
    invalid = ~wrong & np.isin(types, [TYPES.index(name) for name in ("Polygon", "MultiPolygon")])
    invalid[invalid] = ~shapely.is_valid(geometry[invalid])
    problems.add(
        invalid,
        "geometry",
        N_("the polygon is invalid: %(fault)s"),
        N_("Repair the polygons, for example with Fix geometries in QGIS."),
        fault=lambda row: shapely.is_valid_reason(geometry[row]),
    )


def require_length(arrival: Arrival) -> None:
    """Notes lines and outlines that begin and end in one point and go nowhere."""
    arrival.problems.add(
        shapely.length(arrival.geometry) == 0,
        "no_length",
        N_("the line has no length"),
        N_("Draw it again, or leave it here."),
    )


def require_columns(arrival: Arrival, names: tuple[str, ...]) -> None:
    """Raises FileRejected, naming what is there and what would be understood, when a column is missing."""
    missing = [name for name in names if name not in arrival.columns]
    if missing:
        words = "; ".join(f"{name}: {', '.join(HEADINGS[arrival.kind][name][:8])}" for name in missing)
        raise FileRejected.whole(
            arrival.problems.file,
            "columns",
            N_("No column means %(missing)s. Its headings are: %(headings)s."),
            N_("Use one of these headings: %(words)s."),
            missing=", ".join(missing),
            headings=", ".join(map(str, arrival.rows.table.columns[:40])) or "–",
            words=words,
        )


def require_short(problems: Problems, words: pd.Series, what: str) -> None:
    """Notes words that are longer than any index holds."""
    problems.add(
        (words.str.len() > LONGEST_KEY).to_numpy(dtype=bool, na_value=False),
        "too_long",
        N_("%(what)s %(value)s is longer than %(most)s letters"),
        N_("Shorten it."),
        what=what,
        value=quoted(words),
        most=LONGEST_KEY,
    )


def unique_keys(arrival: Arrival, keys: pd.Series, what: str) -> None:
    """Notes rows whose key is empty, too long, or stands in the file before."""
    empty = (keys == "").to_numpy()
    arrival.problems.add(empty, "key", N_("%(what)s is empty"), N_("Give each row a %(what)s of its own."), what=what)
    require_short(arrival.problems, keys, what)
    ordinals, firsts = arrival.seen.add(keys, arrival.rows.numbers)
    arrival.problems.add(
        (ordinals > 1) & ~empty,
        "key",
        N_("%(what)s %(value)s is already on %(unit)s %(first)s"),
        N_("Give each row a %(what)s of its own."),
        what=what,
        value=lambda row: repr(keys.iloc[row]),
        unit=arrival.rows.unit,
        first=lambda row: firsts[row],
    )
