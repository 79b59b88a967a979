"""People of grids: who leads a grid or works in it, from when to when."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_columns, require_short, unique_keys
from geo_app.imports.problems import N_
from geo_app.imports.values import choice, instants, optional_text, text

ROLES = {
    "grid_leader": "grid_leader", "网格长": "grid_leader", "full_time": "full_time", "专职网格员": "full_time",
    "网格员": "full_time", "专职": "full_time", "part_time": "part_time", "兼职网格员": "part_time", "兼职": "part_time",
    "police_officer": "police_officer", "社区民警": "police_officer", "民警": "police_officer", "片警": "police_officer",
}  # fmt: skip
ONE = timedelta(days=1)


def make(arrival: Arrival) -> Made:
    """Rows of ``grid_worker`` with ``grid_code``, ``since`` and ``until`` (the first day without it; the file says the
    last day) beside them."""
    require_columns(arrival, ("grid_code", "role", "name"))
    columns, problems = arrival.columns, arrival.problems
    table = begin(arrival).drop(columns=["geom", "simulated"], errors="ignore")
    for name in ("grid_code", "name"):
        table[name] = text(arrival.column(name))
        problems.add(
            (table[name] == "").to_numpy(),
            name,
            N_("%(what)s is empty"),
            N_("Fill it in, or leave the row here."),
            what=name,
        )
        require_short(problems, table[name], name)
    table["role"] = choice(arrival.column("role"), ROLES, "role", problems)
    problems.add(
        table["role"].isna().to_numpy(),
        "choice",
        N_("%(what)s is empty"),
        N_("Fill it in, or leave the row here."),
        what="role",
    )
    if "telephone" in columns:
        table["telephone"] = optional_text(arrival.column("telephone"))
    for name in ("since", "until"):
        if name in columns:
            table[name] = _days(arrival, name)
    if "until" in columns:
        table["until"] = [None if day is None else day + ONE for day in table["until"]]
    _check_days(arrival, table)
    _check_once(arrival, table)
    _check_leaders(arrival, table)
    return Made(table, problems)


def _days(arrival: Arrival, name: str) -> pd.Series:
    first, _ = instants(arrival.column(name), arrival.county.time_zone, name, arrival.problems)
    local = first.dt.tz_convert(arrival.county.time_zone)
    return pd.Series([None if pd.isna(at) else at.date() for at in local], index=first.index, dtype=object)


def _check_days(arrival: Arrival, table: pd.DataFrame) -> None:
    begins, ends = _begins(table), _ends(table)
    arrival.problems.add(
        np.array([a >= b for a, b in zip(begins, ends, strict=True)], dtype=bool),
        "time",
        N_("it ends before it begins"),
        N_("Correct one of its two days."),
    )


def _check_once(arrival: Arrival, table: pd.DataFrame) -> None:
    """A person has an office in a grid once from each day."""
    since = pd.Series(_begins(table), index=table.index).map(lambda day: "" if day == date.min else f", {day}")
    keys = table["name"] + ", " + table["grid_code"] + ", " + table["role"].fillna("").astype(str) + since
    usable = ~arrival.problems.bad
    unique_keys(arrival.without_bad(), keys[usable].reset_index(drop=True), "name")


def _check_leaders(arrival: Arrival, table: pd.DataFrame) -> None:
    """Two leaders of a grid on one day: nobody can tell which of them it is; the first row holds."""
    bad = np.zeros(len(table), dtype=bool)
    led: dict[str, list[tuple[date, date, int]]] = {}
    before: dict[int, int] = {}
    rows = zip(table["grid_code"], table["role"], _begins(table), _ends(table), arrival.problems.bad, strict=True)
    for row, (grid, role, begins, ends, is_bad) in enumerate(rows):
        if role != "grid_leader" or is_bad:
            continue
        for first, last, other in led.setdefault(grid, []):
            if begins < last and first < ends:
                bad[row], before[row] = True, other
        if not bad[row]:
            led[grid].append((begins, ends, row))
    arrival.problems.add(
        bad,
        "leader",
        N_("the grid %(grid)s has another leader on these days on %(unit)s %(first)s"),
        N_("Write from when and until when each of them leads it."),
        grid=lambda row: repr(table["grid_code"].iloc[row]),
        unit=arrival.rows.unit,
        first=lambda row: arrival.rows.numbers[before[row]],
    )


def _begins(table: pd.DataFrame) -> list[date]:
    return [day or date.min for day in table["since"]] if "since" in table else [date.min] * len(table)


def _ends(table: pd.DataFrame) -> list[date]:
    return [day or date.max for day in table["until"]] if "until" in table else [date.max] * len(table)


GRID_PEOPLE = Kind("grid_people", "grid_worker", (), make, needs_geometry=False, whole=True, beside=True)
