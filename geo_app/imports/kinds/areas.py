"""Areas: nodes of the administrative and the police tree."""

from __future__ import annotations

import pandas as pd
import shapely

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_columns, require_shapes, unique_keys
from geo_app.imports.positions import round_lattice
from geo_app.imports.problems import N_
from geo_app.imports.values import choice, optional_text, quoted, text

SHAPES = ("Polygon", "MultiPolygon")
LEVELS = {
    "county": "county", "县": "county", "区": "county", "县级市": "county", "自治县": "county", "旗": "county",
    "town": "town", "乡镇": "town", "镇": "town", "乡": "town", "民族乡": "town", "街道": "town", "街道办": "town",
    "街道办事处": "town", "ward": "town", "community": "community", "社区": "community", "村": "community",
    "行政村": "community", "村委会": "community", "居委会": "community", "bureau": "bureau", "分局": "bureau",
    "station": "station", "派出所": "station", "zone": "zone", "警务区": "zone",
}  # fmt: skip
# The county is the root of its trees: what stands above it would cover every row as if it were a part of the county.
ABOVE = frozenset(
    {"province", "省", "自治区", "直辖市", "city", "市", "地级市", "prefecture", "地区", "自治州", "州", "盟"}
)
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
        words = text(arrival.column("level"))
        words = words.where(code != arrival.county.code, "")  # whatever its rank, it is the county
        problems.add(
            words.str.casefold().isin(ABOVE).to_numpy(dtype=bool),
            "choice",
            N_("an area of level %(value)s stands above the county, which is the uppermost of its areas"),
            N_(
                "Leave it here: nothing needs what is above the county. If it is a part of the county, correct its level."
            ),
            value=quoted(words),
        )
        said = choice(words, LEVELS, "level", problems)
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
        ~shapely.is_valid(table["geom"].to_numpy()),
        "geometry",
        N_("the polygon is invalid on the lattice of 1e-7°"),
        N_("Repair the polygons, for example with Fix geometries in QGIS."),
    )
    return Made(table, arrival.problems)


AREAS = Kind("areas", "area", SHAPES, make, whole=True, beside=True)
