"""Places: schools, hospitals, banks, markets, stations, whatever people name."""

from __future__ import annotations

import pandas as pd
import shapely

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_shapes, unique_keys
from geo_app.imports.values import as_json, keys_by_content, text, truth

SHAPES = ("Point", "MultiPoint", "Polygon", "MultiPolygon")
# What a crowd, a child or money makes a place that a patrol has to look at.
KEY_KINDS = frozenset(
    [
        "school",
        "kindergarten",
        "college",
        "university",
        "hospital",
        "clinic",
        "bank",
        "police",
        "fire_station",
        "bus_station",
        "marketplace",
        "townhall",
        "courthouse",
        "学校",
        "幼儿园",
        "小学",
        "中学",
        "医院",
        "银行",
        "车站",
        "市场",
        "商场",
        "政府",
    ]
)


def make(arrival: Arrival) -> Made:
    """Rows of ``place``; polygons stand as a point inside them, columns that are unknown go to ``details``."""
    require_shapes(arrival, SHAPES, needed=True)
    arrival.problems.raise_if_any()
    table = begin(arrival)
    columns = arrival.columns
    geometry = arrival.geometry
    is_area = ~shapely.is_missing(geometry) & (shapely.get_type_id(geometry) != 0)
    if is_area.any():
        geometry = geometry.copy()
        geometry[is_area] = shapely.point_on_surface(geometry[is_area])
        table["geom"] = geometry
    if "kind" in columns:
        kind = text(arrival.column("kind"))
    else:
        kind = pd.Series(_kind_by_name(arrival.problems.file), index=table.index)
    table["kind"] = kind.where(kind != "", "place")
    name = text(arrival.column("name")) if "name" in columns else pd.Series("", index=table.index)
    key = text(arrival.column("key")) if "key" in columns else None
    label = table["kind"] + " " + (key if key is not None else (table.index + 1).astype(str))
    table["name"] = name.where(name != "", label)
    if "is_key" in columns:
        said = truth(arrival.column("is_key"), "is_key", arrival.problems)
        table["is_key"] = said.where(said.notna(), False).astype(bool)
    else:
        table["is_key"] = table["kind"].isin(KEY_KINDS)
    if "address" in columns:
        table["address"] = text(arrival.column("address"))
    table["details"] = as_json(arrival.unknown())
    if key is not None:
        unique_keys(arrival, key, "key")
        table["source_key"] = key
    else:
        table["source_key"] = keys_by_content(arrival.rows.table, arrival.geometry)
    return Made(table, arrival.problems)


def _kind_by_name(file: str) -> str:
    """The kind that a file's name tells: schools.shp holds schools."""
    stem = file.rsplit(".", 1)[0].casefold()
    for kind in sorted(KEY_KINDS):
        if kind in stem:
            return kind
    return "place"


PLACES = Kind("places", "place", SHAPES, make)
