"""Grids: a partition without gap and overlap, on the lattice."""

from __future__ import annotations

import re

import pandas as pd
import shapely

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_columns, require_shapes, unique_keys
from geo_app.imports.kinds.measures import whole
from geo_app.imports.positions import round_lattice
from geo_app.imports.problems import N_
from geo_app.imports.values import choice, optional_text, text

SHAPES = ("Polygon", "MultiPolygon")
BETWEEN = re.compile(r"[、,，;；/\n]")
KINDS = {
    "basic": "basic", "基础网格": "basic", "dedicated": "dedicated", "专属网格": "dedicated",
    "police_grid": "police_grid", "警务网格": "police_grid", "micro_grid": "micro_grid", "微网格": "micro_grid",
}  # fmt: skip


def make(arrival: Arrival) -> Made:
    """Rows of ``grid`` with geometries on the lattice of 1e-7 degrees."""
    require_columns(arrival, ("code",))
    require_shapes(arrival, SHAPES, needed=True)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns, problems = arrival.columns, arrival.problems
    code = text(arrival.column("code"))
    code.name = "code"
    unique_keys(arrival, code, "code")
    table["code"] = table["source_key"] = code
    name = text(arrival.column("name")) if "name" in columns else code
    table["name"] = name.where(name != "", code)
    if "kind" in columns:
        table["kind"] = choice(arrival.column("kind"), KINDS, "kind", problems, default="basic")
    if "households" in columns:
        table["households"] = whole(arrival.column("households"), "households", problems)
    for column in ("leader_name", "leader_telephone"):
        if column in columns:
            table[column] = optional_text(arrival.column(column))
    if "workers" in columns:
        table["workers"] = _people(text(arrival.column("workers")))
    table["geom"] = round_lattice(table["geom"].to_numpy())
    problems.add(
        ~shapely.is_valid(table["geom"].to_numpy()),
        "geometry",
        N_("the polygon is invalid on the lattice of 1e-7°"),
        N_("Take away corners that are nearer to each other than a centimetre."),
    )
    return Made(table, arrival.problems)


def _people(words: pd.Series) -> pd.Series:
    """Names, however they are parted, as one text that parts them by 、."""
    found = [dict.fromkeys(filter(None, map(str.strip, BETWEEN.split(word)))) for word in words]
    return pd.Series(["、".join(names) or None for names in found], index=words.index, dtype=object)


GRIDS = Kind("grids", "grid", SHAPES, make, stable=True, whole=True, beside=True)
