"""Places: schools, hospitals, banks, markets, stations, whatever people name."""

from __future__ import annotations

import pandas as pd

from geo_app.imports.kinds.base import Arrival, Kind, Made, arrived_point, begin, require_shapes
from geo_app.imports.kinds.hours import hours, terms
from geo_app.imports.kinds.keys import keys_of
from geo_app.imports.kinds.shapes import ON_THE_SPOT, stand_as_points
from geo_app.imports.values import as_json, choice, text, truth

# Whether anybody may walk and drive through a residential quarter (小区).
ACCESS = {
    "closed": "closed", "封闭": "closed", "封闭式": "closed", "封闭小区": "closed",
    "open": "open", "开放": "open", "开放式": "open", "开放小区": "open",
}  # fmt: skip
# What yes and no mean depends on what the heading asks: 是否封闭, 是否开放.
ASKED = {"封闭": {"是": "closed", "否": "open"}, "开放": {"是": "open", "否": "closed"}}
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
    """Rows of ``place``; polygons stand as a point inside them.

    ``details`` has who may enter an estate, manning hours, a school's terms, and the columns that mean nothing to us.
    """
    require_shapes(arrival, ON_THE_SPOT, needed=True)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns = arrival.columns
    table["geom"] = stand_as_points(arrival.geometry)
    arrived_point(arrival, table)
    if "kind" in columns:
        kind = text(arrival.column("kind"))
    else:
        kind = pd.Series(_kind_by_name(arrival.problems.file), index=table.index)
    table["kind"] = kind.where(kind != "", "place")
    name = text(arrival.column("name")) if "name" in columns else pd.Series("", index=table.index)
    key = text(arrival.column("key")) if "key" in columns else (table.index + 1).astype(str)
    table["name"] = name.where(name != "", (table["kind"] + " " + key).str.strip())
    if "is_key" in columns:
        said = truth(arrival.column("is_key"), "is_key", arrival.problems)
        table["is_key"] = said.where(said.notna(), False).astype(bool)
    else:
        table["is_key"] = table["kind"].isin(KEY_KINDS)
    if "address" in columns:
        table["address"] = text(arrival.column("address"))
    table["details"] = as_json(_details(arrival))
    table["source_key"] = keys_of(arrival)
    return Made(table, arrival.problems)


def _details(arrival: Arrival) -> pd.DataFrame:
    details, columns, problems = arrival.unknown(), arrival.columns, arrival.problems
    if "estate_access" in columns:
        words = ACCESS | next((yes_no for word, yes_no in ASKED.items() if word in columns["estate_access"]), {})
        access = choice(arrival.column("estate_access"), words, "estate_access", problems)
        details = details.assign(estate_access=access)
    if "hours" in columns:
        details = details.assign(hours=hours(arrival.column("hours"), "hours", problems))
    if "terms" in columns:
        details = details.assign(terms=terms(arrival.column("terms"), "terms", problems))
    return details


def _kind_by_name(file: str) -> str:
    """The kind that a file's name tells: schools.shp holds schools."""
    stem = file.rsplit(".", 1)[0].casefold()
    for kind in sorted(KEY_KINDS):
        if kind in stem:
            return kind
    return "place"


PLACES = Kind("places", "place", ON_THE_SPOT, make)
