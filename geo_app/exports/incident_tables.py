"""The numbers of the incidents that filters choose, each list a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geo_app.errors import N_
from geo_app.exports.page_table import Asked, Column, PageTable, table_of
from geo_app.exports.table import Table
from geo_app.queries.incident_summary import Summary, incident_summary


def _summary(asked: Asked, found: Summary) -> list[Column]:
    rows: list[tuple[str, Any, Any, Any]] = [(N_("Incidents that meet all terms"), found.n, None, None)]
    for title, one in (
        (N_("Against the period before"), found.previous),
        (N_("Against the year before"), found.year_before),
    ):
        if one is not None:
            days = f"{one.period[0]} – {one.period[1]}"
            rows.append((title, one.count, one.change.share, days))
    rows += [
        (N_("Of these without a place"), found.unplaced, None, None),
        (N_("Of these with an unknown hour"), found.hour_unknown, None, None),
        (N_("More without a time"), found.untimed, None, None),
        (N_("All of the area"), found.total, None, None),
    ]
    titles, counts, shares, days_of = zip(*rows, strict=True)
    return [
        (N_("Number"), "text", [asked.translate(title) for title in titles]),
        (N_("Incidents"), "whole", counts),
        (N_("Change"), "number", [None if share is None else round(share, 4) for share in shares]),
        (N_("Days"), "text", days_of),
    ]


def _areas(asked: Asked, found: Summary) -> list[Column]:
    return [
        (N_("Area"), "text", [one.area.name for one in found.areas]),
        (N_("Code"), "text", [one.area.code for one in found.areas]),
        (N_("Incidents"), "whole", [one.count for one in found.areas]),
        (N_("In the period before"), "whole", [one.previous for one in found.areas]),
    ]


def _categories(asked: Asked, found: Summary) -> list[Column]:
    return [
        (N_("Category"), "text", [name or asked.translate("no category") for name, _ in found.categories]),
        (N_("Incidents"), "whole", [count for _, count in found.categories]),
    ]


def _periods(asked: Asked, found: Summary) -> list[Column]:
    bars = found.histogram
    return [
        (N_("From"), "text", [] if bars is None else [start.isoformat() for start in bars.starts]),
        (N_("Step"), "text", [] if bars is None else [asked.translate(STEPS[bars.step])] * len(bars.starts)),
        (N_("Incidents"), "whole", [] if bars is None else bars.counts.tolist()),
    ]


def _hours(asked: Asked, found: Summary) -> list[Column]:
    return [
        (N_("Hour"), "whole", list(range(24))),
        (N_("Incidents"), "whole", found.hours.tolist()),
    ]


def _weekdays(asked: Asked, found: Summary) -> list[Column]:
    return [
        (N_("Day of the week"), "text", [asked.translate(day) for day in WEEKDAYS]),
        (N_("Incidents"), "whole", found.weekdays.tolist()),
    ]


STEPS = {"day": N_("day"), "week": N_("week"), "month": N_("month")}
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


def _as_table(name: str, columns: Callable[[Asked, Summary], list[Column]]) -> PageTable:
    def make(asked: Asked) -> Table:
        found = incident_summary(asked.session, asked.county, asked.terms)
        return table_of(name, asked, columns(asked, found), simulated=found.simulated > 0)

    return PageTable(make)


TABLES: Mapping[str, PageTable] = {
    f"incident_{name}": _as_table(f"incident_{name}", columns)
    for name, columns in (
        ("summary", _summary), ("areas", _areas), ("categories", _categories), ("periods", _periods),
        ("hours", _hours), ("weekdays", _weekdays),
    )
}  # fmt: skip
