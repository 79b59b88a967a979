"""Areas: nodes of the administrative and the police tree."""

from __future__ import annotations

import pandas as pd
import shapely

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_columns, require_shapes, unique_keys
from geo_app.imports.positions import round_lattice
from geo_app.imports.problems import N_
from geo_app.imports.values import choice, optional_text, text

SHAPES = ("Polygon", "MultiPolygon")
LEVELS = {
    "county": "county", "县": "county", "区": "county", "town": "town", "乡镇": "town", "镇": "town", "街道": "town",
    "ward": "town", "community": "community", "社区": "community", "村": "community", "bureau": "bureau",
    "分局": "bureau", "station": "station", "派出所": "station", "zone": "zone", "警务区": "zone",
}  # fmt: skip
TREES = {"admin": "admin", "行政": "admin", "police": "police", "公安": "police"}


def make(arrival: Arrival) -> Made:
    """Rows of ``area`` with ``parent`` (a code; None for the root, and where the file speaks of none) and geometries on the lattice of 1e-7 degrees."""
    require_shapes(arrival, SHAPES, needed=True)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns, problems = arrival.columns, arrival.problems
    name = text(arrival.column("name")) if "name" in columns else None
    if "code" not in columns and name is None:
        require_columns(arrival, ("code",))
    code = text(arrival.column("code")) if "code" in columns or name is None else name
    code.name = "code"
    unique_keys(arrival, code, "code")
    table["code"] = table["source_key"] = code
    table["name"] = code if name is None else name.where(name != "", code)
    tree = pd.Series("admin", index=table.index)
    if "tree" in columns:
        tree = choice(arrival.column("tree"), TREES, "tree", problems, default="admin")
    table["tree"] = tree
    default = tree.map({"admin": "town", "police": "station"})
    if "level" in columns:
        said = choice(arrival.column("level"), LEVELS, "level", problems)
        default = said.where(said.notna(), default)
    table["level"] = default.where(code != arrival.county.code, tree.map({"admin": "county", "police": "bureau"}))
    table["parent"] = None
    if "parent" in columns:
        parent = optional_text(arrival.column("parent"))
        table["parent"] = parent.where(parent.notna(), arrival.county.code).where(code != arrival.county.code, None)
    for column in ("statistical_code", "police_code"):
        if column in columns:
            table[column] = optional_text(arrival.column(column))
    table["geom"] = round_lattice(table["geom"].to_numpy())
    problems.add(
        ~shapely.is_valid(table["geom"].to_numpy()), "geometry", N_("the polygon is invalid on the lattice of 1e-7°")
    )
    return Made(table, arrival.problems)


AREAS = Kind("areas", "area", SHAPES, make, whole=True, beside=True)
