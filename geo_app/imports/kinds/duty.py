"""People on duty: who of which team is out from when to when."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_columns, require_short, unique_keys
from geo_app.imports.kinds.hours import stretches
from geo_app.imports.problems import N_
from geo_app.imports.values import choice, instants, optional_text, quoted, text

RANKS = {
    "officer": "officer", "民警": "officer", "auxiliary": "auxiliary", "辅警": "auxiliary", "协警": "auxiliary",
    "volunteer": "volunteer", "志愿者": "volunteer", "群防群治": "volunteer", "义警": "volunteer",
}  # fmt: skip
LONGEST = pd.Timedelta(days=2)


def make(arrival: Arrival) -> Made:
    """Rows of ``shift`` with ``team_name``, ``station``, ``person``, ``person_number`` and ``person_rank`` beside them.

    A row says its shift by two times, or by a date and one stretch of hours.
    """
    require_columns(arrival, ("team_name", "person", "person_rank"))
    columns, problems = arrival.columns, arrival.problems
    table = begin(arrival).drop(columns="geom")
    for name in ("team_name", "person"):
        table[name] = text(arrival.column(name))
        problems.add(
            (table[name] == "").to_numpy(),
            "name",
            N_("%(what)s is empty"),
            N_("Fill it in, or leave the row here."),
            what=name,
        )
        require_short(problems, table[name], name)
    for name in ("person_number", "station"):
        if name in columns:
            table[name] = optional_text(arrival.column(name))
    table["person_rank"] = choice(arrival.column("person_rank"), RANKS, "person_rank", problems)
    problems.add(
        table["person_rank"].isna().to_numpy(),
        "choice",
        N_("%(what)s is empty"),
        N_("Fill it in, or leave the row here."),
        what="person_rank",
    )
    table["starts_at"], table["ends_at"] = _two_times(arrival) if "starts_at" in columns else _date_and_hours(arrival)
    _check_times(arrival, table)
    _check_once(arrival, table)
    return Made(table, problems)


def _two_times(arrival: Arrival) -> tuple[pd.Series, pd.Series]:
    require_columns(arrival, ("ends_at",))
    zone, problems = arrival.county.time_zone, arrival.problems
    starts, _ = instants(arrival.column("starts_at"), zone, "starts_at", problems)
    ends, _ = instants(arrival.column("ends_at"), zone, "ends_at", problems)
    return starts, ends


def _date_and_hours(arrival: Arrival) -> tuple[pd.Series, pd.Series]:
    """The hours are those of the county's clock; what ends before it begins ends on the next day."""
    require_columns(arrival, ("date", "hours"))
    zone, problems = arrival.county.time_zone, arrival.problems
    days, _ = instants(arrival.column("date"), zone, "date", problems)
    words = text(arrival.column("hours"))
    found: list[tuple[int, int] | None] = []
    for word in words:
        try:
            (stretch,) = stretches(word)
        except ValueError:
            found.append(None)
        else:
            found.append(stretch)
    problems.add(
        np.array([one is None for one in found]),
        "time",
        N_("%(what)s %(value)s are not the hours of one shift"),
        N_("Write hours as 08:30-17:00, and a row for each shift; 22:00-06:00 reaches into the next day."),
        what="hours",
        value=quoted(words),
    )
    local = days.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    ends = []
    for end in (0, 1):
        minutes = pd.Series([np.nan if one is None else one[end] for one in found], index=days.index, dtype=float)
        moment = local + pd.to_timedelta(minutes, unit="min")
        ends.append(instants(moment, zone, "hours", problems)[0])
    return ends[0], ends[1]


def _check_times(arrival: Arrival, table: pd.DataFrame) -> None:
    problems, length = arrival.problems, table["ends_at"] - table["starts_at"]
    missing = (table["starts_at"].isna() | table["ends_at"].isna()).to_numpy()
    problems.add(missing, "time", N_("it does not say from when to when"), N_("Write when the shift begins and ends."))
    problems.add(
        (length <= pd.Timedelta(0)).to_numpy(),
        "time",
        N_("it ends before it begins"),
        N_("Correct one of its two times."),
    )
    problems.add(
        (length > LONGEST).to_numpy(), "time", N_("it lasts longer than two days"), N_("Write a row for each shift.")
    )


def _check_once(arrival: Arrival, table: pd.DataFrame) -> None:
    """A person of a team stands in the file once for each beginning."""
    begins = table["starts_at"].dt.tz_convert(arrival.county.time_zone).dt.strftime("%Y-%m-%d %H:%M").fillna("")
    keys = table["person"] + ", " + table["team_name"] + ", " + begins
    for name in ("person_number", "station"):
        if name in table:
            keys = keys + table[name].map(lambda word: f", {word}", na_action="ignore").fillna("")
    usable = ~arrival.problems.bad
    unique_keys(arrival.without_bad(), keys[usable].reset_index(drop=True), "person")


DUTY = Kind("duty", "shift", (), make, needs_geometry=False, versioned=False, beside=True)
