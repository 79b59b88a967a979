"""Tracks: the positions that radios, telephones and cars reported."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_columns, require_shapes, require_short
from geo_app.imports.kinds.measures import measure
from geo_app.imports.problems import N_, Said
from geo_app.imports.values import instants, number, text

FIRST = pd.Timestamp("2000-01-01", tz="UTC")
FASTEST = 100.0  # metres a second
UNKNOWN = -1  # as telephones say that they know neither their speed nor where they head
KMH = 3.6


def make(arrival: Arrival) -> Made:
    """Rows of ``fix`` with the code of their device; known by device and time.

    The same message again is taken as often as it comes, and changes nothing; another position of one device at one
    time is a problem. Speeds become metres a second.
    """
    require_columns(arrival, ("device_code", "at"))
    require_shapes(arrival, ("Point",), needed=True)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns, problems = arrival.columns, arrival.problems
    table["device_code"] = text(arrival.column("device_code"))
    problems.add(
        (table["device_code"] == "").to_numpy(),
        "key",
        N_("%(what)s is empty"),
        N_("Fill it in, or leave the row here."),
        what="device_code",
    )
    require_short(problems, table["device_code"], "device_code")
    table["at"], _ = instants(arrival.column("at"), arrival.county.time_zone, "at", problems)
    _check_times(arrival, table["at"])
    if "speed_mps" in columns:
        table["speed_mps"] = _measure(arrival, "speed_mps", FASTEST)
    elif "speed_kmh" in columns:
        table["speed_mps"] = _measure(arrival, "speed_kmh", FASTEST * KMH) / KMH
    if "heading" in columns:
        table["heading"] = _measure(arrival, "heading", 360) % 360
    if "accuracy_m" in columns:
        table["accuracy_m"] = _measure(arrival, "accuracy_m", np.inf)
    _check_once(arrival.without_bad(), table[~problems.bad])
    return Made(table, problems, _about_units(arrival))


def _check_times(arrival: Arrival, at: pd.Series) -> None:
    problems, zone = arrival.problems, arrival.county.time_zone
    said = at.dt.tz_convert(zone).dt.strftime("%Y-%m-%d %H:%M:%S")
    problems.add(
        at.isna().to_numpy(), "time", N_("%(what)s is empty"), N_("Fill it in, or leave the row here."), what="at"
    )
    for wrong, reason in (
        (at > pd.Timestamp.now("UTC"), N_("%(value)s has not come yet")),
        (at < FIRST, N_("%(value)s is before the year 2000")),
    ):
        problems.add(
            wrong.to_numpy(),
            "time",
            reason,
            N_("Set the clock of the device, or correct its time."),
            value=lambda row: said.iloc[row],
        )


def _measure(arrival: Arrival, name: str, most: float) -> pd.Series:
    said = number(arrival.column(name), name, arrival.problems)
    return measure(said.where(said != UNKNOWN, np.nan), name, arrival.problems, most=most)


def _check_once(arrival: Arrival, table: pd.DataFrame) -> None:
    """Of two positions of a device at one time nobody can tell which is right: the first one in the file stays."""
    lines = arrival.rows.numbers
    moments = table["device_code"] + "|" + table["at"].astype(str)
    places = [f"|{x} {y}" for x, y in shapely.get_coordinates(table["geom"].to_numpy()).tolist()]
    messages = moments + pd.Series(places, index=table.index, dtype=object)
    nth, firsts = arrival.seen.add(moments, lines)
    _, first_alike = arrival.seen.add(messages, lines)
    arrival.problems.add(
        (nth > 1) & (first_alike != firsts),
        "key",
        N_("%(unit)s %(first)s has another position of this device at this time"),
        N_("Leave this row if that one is right; otherwise correct its time."),
        unit=arrival.rows.unit,
        first=lambda row: firsts[row],
    )


def _about_units(arrival: Arrival) -> list[Said]:
    by_standard = arrival.problems.file.casefold().endswith(".gpx")
    if arrival.columns.found.get("speed_mps", "").casefold() != "speed" or by_standard:
        return []
    return [
        Said(
            N_(
                "The heading speed names no unit: it was read as metres a second. Name it speed_kmh for kilometres an"
                " hour."
            )
        )
    ]


TRACKS = Kind("tracks", "fix", ("Point",), make, versioned=False, flows=True)
