"""Cameras: identity, class and where they look."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from geo_app.imports.kinds.base import Arrival, Kind, Made, arrived_point, begin, require_shapes
from geo_app.imports.kinds.keys import keys_of
from geo_app.imports.kinds.measures import whole
from geo_app.imports.problems import N_
from geo_app.imports.values import as_json, choice, number, quoted, text, truth

KINDS = {
    "dome": "dome", "球机": "dome", "1": "dome", "半球": "dome", "2": "dome", "panning": "dome",
    "bullet": "bullet", "枪机": "bullet", "3": "bullet", "fixed": "bullet", "4": "bullet",
    "checkpoint": "checkpoint", "卡口": "checkpoint", "alpr": "checkpoint", "*": "bullet",
}  # fmt: skip
# The eight directions of the catalogue standard, in degrees clockwise from north.
DIRECTIONS = {1: 90.0, 2: 270.0, 3: 180.0, 4: 0.0, 5: 135.0, 6: 45.0, 7: 225.0, 8: 315.0}
COMPASS = {
    name: 22.5 * step
    for step, name in enumerate(
        ["n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw"]
    )
}


def make(arrival: Arrival) -> Made:
    """Rows of ``camera``; bearings are degrees clockwise from north, what was not surveyed counts as estimated."""
    require_shapes(arrival, ("Point",), needed=True)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns, problems = arrival.columns, arrival.problems
    # Several cameras hang on one pole: without a code each is known by all that the file says of it.
    table["code"] = table["source_key"] = keys_of(arrival, "code")
    table["name"] = _names(arrival)
    if "kind" in columns:
        table["kind"] = choice(arrival.column("kind"), KINDS, "kind", problems, default="bullet")
    if "status" in columns:
        table["status"] = text(arrival.column("status")).str.upper()
    if "owner_class" in columns:
        table["owner_class"] = whole(arrival.column("owner_class"), "owner_class", problems)
    bearing = _bearing(arrival)
    if bearing is not None:
        table["bearing"] = bearing
    for column, least, most in (("field_of_view", 0, 360), ("range_m", 0, np.inf), ("height_m", 0, np.inf)):
        if column in columns:
            values = number(arrival.column(column), column, problems)
            bad = ((values <= least) | (values > most)).to_numpy()
            problems.add(
                bad,
                "range",
                N_("%(what)s %(value)s is impossible"),
                N_("Correct it, or leave it empty."),
                what=column,
                value=_of(values),
            )
            table[column] = values
    if "estimated" in columns:
        said = truth(arrival.column("estimated"), "estimated", problems)
        table["estimated"] = said.where(said.notna(), True).astype(bool)
    elif bearing is not None:
        table["estimated"] = bearing.isna() | ("bearing" not in columns)
    table["catalogue"] = as_json(arrival.unknown())
    arrived_point(arrival, table)
    return Made(table, arrival.problems)


def _names(arrival: Arrival) -> pd.Series:
    """The file's names; where there is none the code, and without a code the position."""
    name = pd.Series([f"{point.x:.6f},{point.y:.6f}" for point in arrival.geometry], dtype=object)
    for said in ("code", "name"):
        if said in arrival.columns:
            words = text(arrival.column(said))
            name = words.where(words != "", name)
    return name


def _of(values: pd.Series) -> Callable[[int], str]:
    return lambda row: f"{values.iloc[row]:g}"


def _bearing(arrival: Arrival) -> pd.Series | None:
    """Degrees clockwise from north; None when the file does not speak of directions: what was surveyed stays."""
    columns, problems = arrival.columns, arrival.problems
    if "bearing" in columns:
        words = text(arrival.column("bearing")).str.casefold()
        compass = words.map(COMPASS)
        # Several views of one housing ("30;120") keep the first; the rest stays in the catalogue's text.
        degrees = pd.to_numeric(words.str.split(";").str[0].str.rstrip("°"), errors="coerce")
        bearing = degrees.where(compass.isna(), compass)
        bad = (bearing.isna() & (words != "") & (words != "nan")) | ~np.isfinite(bearing.fillna(0))
        problems.add(
            bad.to_numpy(),
            "range",
            N_("bearing %(value)s is no direction"),
            N_("Write degrees clockwise from north, 0 to 360, or a word such as 东北."),
            value=quoted(words),
        )
        return bearing % 360
    if "direction_type" in columns:
        return number(arrival.column("direction_type"), "direction_type", problems).map(DIRECTIONS).astype(float)
    return None


CAMERAS = Kind("cameras", "camera", ("Point",), make)
