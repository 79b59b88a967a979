"""Incidents: what arrived is kept beside what was made of it; a missing position is no reason to lose a call."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geo_app.imports.kinds.base import Arrival, Kind, Made, arrived_point, begin, require_shapes
from geo_app.imports.kinds.keys import keys_of
from geo_app.imports.kinds.totals import refuse_totals
from geo_app.imports.problems import N_
from geo_app.imports.values import NOTHING, choice, instants, json_column, optional_text, text, truth

CALLERS = ("caller_name", "caller_telephone")
FINEST_FIRST = ("category_detail", "category_subtype", "category_type", "category")  # 子类, 细类, 类型, 类别
CASE_KINDS = {
    "incident": "incident", "警情": "incident", "dispute": "dispute", "矛盾纠纷": "dispute", "纠纷": "dispute",
    "hazard": "hazard", "隐患": "hazard", "安全隐患": "hazard",
}  # fmt: skip
DISCOVERIES = {
    "call": "call", "群众报警": "call", "报警": "call", "patrol": "patrol", "巡逻发现": "patrol",
    "grid": "grid", "网格上报": "grid",
}  # fmt: skip


def make(arrival: Arrival) -> Made:
    """Rows of ``incident``, with ``caller_name`` and ``caller_telephone`` for the table of callers."""
    refuse_totals(arrival, ("number",))
    require_shapes(arrival, ("Point",), needed=False)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns = arrival.columns
    _times(arrival, table)
    for name in ("category_intake", "category_feedback", *CALLERS):
        if name in columns:
            table[name] = optional_text(arrival.column(name))
    if "case_kind" in columns:
        table["case_kind"] = choice(
            arrival.column("case_kind"), CASE_KINDS, "case_kind", arrival.problems, default="incident"
        )
    if "discovered_by" in columns:
        table["discovered_by"] = choice(arrival.column("discovered_by"), DISCOVERIES, "discovered_by", arrival.problems)
    _category(arrival, table)
    if "description" in columns:
        table["description"] = text(arrival.column("description"))
    if "address" in columns:
        table["arrived_address"] = text(arrival.column("address"))
    for name in ("valid", "preventable", "non_police"):
        if name in columns:
            table[name] = truth(arrival.column(name), name, arrival.problems)
    if "valid" in table:
        table["valid"] = table["valid"].where(table["valid"].notna(), True).astype(bool)
    personal = [columns[name] for name in CALLERS if name in columns]
    arrived = arrival.rows.table.drop(columns=personal)  # who called is read by permission only, not with the rest
    table["arrived"] = json_column(arrived)
    _position(arrival, table)
    if "number" in columns:
        table["number"] = optional_text(arrival.column("number"))
    table["source_key"] = keys_of(arrival, "number")
    return Made(table, arrival.problems)


def _times(arrival: Arrival, table: pd.DataFrame) -> None:
    columns, problems, zone = arrival.columns, arrival.problems, arrival.county.time_zone
    lasts: dict[str, pd.Series] = {}
    for name in ("reported_at", "acknowledged_at", "departed_at", "feedback_at"):
        if name in columns:
            table[name], lasts[name] = instants(arrival.column(name), zone, name, problems)
    from_parts = _from_parts(arrival)
    if from_parts is not None:
        start, end = instants(from_parts, zone, "the date", problems)
    elif "occurred_from" in columns:
        start, end = instants(arrival.column("occurred_from"), zone, columns["occurred_from"], problems)
    elif "reported_at" in table:
        start = end = pd.Series(pd.NaT, index=table.index, dtype=table["reported_at"].dtype)
    else:
        return
    if "reported_at" in table:  # where nobody knows when it happened, it counts from when it was reported
        unknown = start.isna()
        start, end = start.mask(unknown, table["reported_at"]), end.mask(unknown, lasts["reported_at"])
    if "occurred_to" in columns:
        _, said = instants(arrival.column("occurred_to"), zone, columns["occurred_to"], problems)
        if "reported_at" in table:  # it was reported when it was over
            start = start.mask(unknown & (said < start), pd.NaT)
        end = said.where(said.notna(), end)
        problems.add(
            (end < start).to_numpy(),
            "time",
            N_("it ends before it begins"),
            N_("Correct one of its two times."),
        )
    table["occurred_from"], table["occurred_to"] = start, end


def _from_parts(arrival: Arrival) -> pd.Series | None:
    """The date out of columns for year, month, day, hour and minute; None when there are no such columns.

    What is empty from some part on makes a range: of a day without an hour the day, of a month without a day the month.
    """
    columns = arrival.columns
    if "year" not in columns or "month" not in columns or "day" not in columns:
        if "occurred_from" not in columns and "month" in columns:
            return text(arrival.column("month"))  # 2026-05, or a day of it
        return None
    if "occurred_from" in columns:
        return None
    index = arrival.rows.table.index
    year, month, day, hour, minute = (
        _part(arrival, name, index) for name in ("year", "month", "day", "hour", "minute")
    )
    in_day = (hour != "") | ~minute.isin({"", "00"})
    in_month = (day != "") | in_day
    in_year = (month != "") | in_month
    date = year + ("-" + month).where(in_year, "") + ("-" + day).where(in_month, "")
    return date + (" " + hour + ":" + minute.where(minute != "", "00")).where(in_day, "")


def _part(arrival: Arrival, name: str, index: pd.Index) -> pd.Series:
    """Two digits or more; '' where nothing is given."""
    if name not in arrival.columns:
        return pd.Series("", index=index)
    words = text(arrival.column(name))
    return words.str.zfill(2).where(~words.str.casefold().isin(NOTHING), "")


def _category(arrival: Arrival, table: pd.DataFrame) -> None:
    """The category in force: what the feedback says, else the finest one that the file fills in, else the intake's."""
    best = pd.Series("", index=table.index)
    for name in FINEST_FIRST:
        if name in arrival.columns:
            said = text(arrival.column(name))
            best = best.where(best != "", said.where(~said.str.casefold().isin(NOTHING), ""))
    for name, wins in (("category_feedback", True), ("category_intake", False)):
        if name in table:
            said = table[name].fillna("")
            best = said.where(said != "", best) if wins else best.where(best != "", said)
    table["category"] = best


def _position(arrival: Arrival, table: pd.DataFrame) -> None:
    present = ~shapely.is_missing(arrival.geometry)
    table["match_level"] = np.where(present, "given", "none")
    table["radius_m"] = np.where(present, 0.0, np.nan)
    arrived_point(arrival, table)


INCIDENTS = Kind(
    "incidents", "incident", ("Point",), make, needs_geometry=False, by_address=True, versioned=False, flows=True
)
