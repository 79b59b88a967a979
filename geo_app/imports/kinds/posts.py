"""Posts and response points: where a unit stands, and where a patrol has to be."""

from __future__ import annotations

import pandas as pd

from geo_app.imports.kinds.base import Arrival, Kind, Made, arrived_point, begin, require_columns, require_shapes
from geo_app.imports.kinds.hours import hours
from geo_app.imports.kinds.keys import keys_of
from geo_app.imports.kinds.measures import measure
from geo_app.imports.kinds.shapes import ON_THE_SPOT, stand_as_points
from geo_app.imports.problems import N_
from geo_app.imports.values import as_json, choice, optional_text, text

KINDS = {
    "police_station": "police_station", "派出所": "police_station", "公安派出所": "police_station",
    "response_post": "response_post", "警务站": "response_post", "快反点": "response_post", "快速反应点": "response_post",
    "mandatory_point": "mandatory_point", "必到点": "mandatory_point", "必巡点": "mandatory_point",
    "control_point": "control_point", "堵截点": "control_point", "检查站": "control_point", "卡点": "control_point",
}  # fmt: skip


def make(arrival: Arrival) -> Made:
    """Rows of ``post``; ``details`` has the manning hours, the team's name and the columns that mean nothing to us."""
    require_columns(arrival, ("kind",))
    if "key" not in arrival.columns:
        require_columns(arrival, ("name",))
    require_shapes(arrival, ON_THE_SPOT, needed=True)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns, problems = arrival.columns, arrival.problems
    table["geom"] = stand_as_points(arrival.geometry)
    arrived_point(arrival, table)
    table["kind"] = choice(arrival.column("kind"), KINDS, "kind", problems)
    problems.add(
        table["kind"].isna().to_numpy(),
        "choice",
        N_("%(what)s is empty"),
        N_("Fill it in, or leave the row here."),
        what="kind",
    )
    table["source_key"] = keys_of(arrival)
    name = text(arrival.column("name")) if "name" in columns else pd.Series("", index=table.index)
    if "key" in columns:
        name = name.where(name != "", text(arrival.column("key")))
    table["name"] = name.where(name != "", table["kind"])
    if "response_minutes" in columns:
        table["response_minutes"] = measure(arrival.column("response_minutes"), "response_minutes", problems)
    details = arrival.unknown()
    if "hours" in columns:
        details = details.assign(hours=hours(arrival.column("hours"), "hours", problems))
    if "team" in columns:
        details = details.assign(team=optional_text(arrival.column("team")))
    table["details"] = as_json(details)
    return Made(table, problems)


POSTS = Kind("posts", "post", ON_THE_SPOT, make)
