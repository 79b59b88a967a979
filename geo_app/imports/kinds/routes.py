"""Patrol routes: lines along streets with their departures."""

from __future__ import annotations

import pandas as pd
import shapely

from geo_app.imports.kinds.base import (
    Arrival,
    Kind,
    Made,
    begin,
    require_columns,
    require_shapes,
    require_short,
    unique_keys,
)
from geo_app.imports.problems import N_
from geo_app.imports.values import choice, clock_times, optional_text, text, truth

SHAPES = ("LineString", "MultiLineString")
MODES = {"foot": "foot", "步巡": "foot", "步行": "foot", "walk": "foot", "vehicle": "vehicle", "车巡": "vehicle",
         "car": "vehicle", "汽车": "vehicle"}  # fmt: skip


def make(arrival: Arrival) -> Made:
    """Rows of ``patrol_route``. A route of several parts that meet is joined; one with gaps is a problem."""
    if "key" not in arrival.columns:
        require_columns(arrival, ("name",))
    require_shapes(arrival, SHAPES, needed=True)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns, problems = arrival.columns, arrival.problems
    shapes = table["geom"].to_numpy()
    several = shapely.get_type_id(shapes) == 5
    if several.any():
        merged = shapely.line_merge(shapes[several])
        shapes = shapes.copy()
        shapes[several] = merged
        table["geom"] = shapes
        problems.add(
            several & (shapely.get_type_id(shapes) == 5),
            "geometry",
            N_("the route is not one line"),
            N_("Join its parts, or give each part a row and a name of its own."),
        )
    problems.add(
        shapely.length(shapes) == 0, "geometry", N_("the route has no length"), N_("Draw it again, or leave it here.")
    )
    key = text(arrival.column("key")) if "key" in columns else pd.Series("", index=table.index)
    name = text(arrival.column("name")) if "name" in columns else key
    problems.add((name == "").to_numpy(), "name", N_("the route has no name"), N_("Give it a name."))
    table["name"] = name
    table["source_key"] = key.where(key != "", name)
    unique_keys(arrival, table["source_key"], "name")
    if "mode" in columns:
        table["mode"] = choice(arrival.column("mode"), MODES, "mode", problems, default="foot")
    if "departures" in columns:
        table["departures"] = clock_times(arrival.column("departures"), "departures", problems)
    if "mandatory" in columns:
        said = truth(arrival.column("mandatory"), "mandatory", problems)
        table["mandatory"] = said.where(said.notna(), True).astype(bool)
    if "team" in columns:
        table["team_name"] = optional_text(arrival.column("team"))
        require_short(problems, table["team_name"].fillna("").astype(str), "team")
        table["team_id"] = pd.Series(pd.NA, index=table.index, dtype="Int64")  # found, or made, where teams are
    return Made(table, arrival.problems)


ROUTES = Kind("routes", "patrol_route", SHAPES, make, stable=True)
