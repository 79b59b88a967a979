"""Everything of a kind that is in force and that the scope sees, under the importer's own names, a portion at a time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from geo_app.exports.table import Heading, Portion, Shape, Table
from geo_app.models import County
from geo_app.queries.export_columns import CALLERS, SOURCES

PORTION = 20_000  # rows in memory at a time


def rows(
    session: Session,
    county: County,
    kind: str,
    day: dt.date,
    *,
    source: str | None = None,
    callers: bool = False,
    notes: tuple[str, ...] = (),
) -> Table:
    """The rows of a kind that are in force on ``day``, as known now; shapes in EPSG:4326, times on the county's clock.

    ``source``: only what came from there; rows of several sources may have the same key. ``callers``: incidents with
    who called, and with all that arrived, which may name people too. The rows come while the session is open, once.
    """
    found = SOURCES[kind]
    columns = found.columns + (CALLERS if kind == "incidents" and callers else ())
    if hasattr(found.model, "source"):
        columns += (("simulated", "truth", found.model.simulated), ("source", "text", found.model.source))
    chosen = select(*(expression for _, _, expression in columns))
    if found.shape is not None:
        chosen = chosen.add_columns(func.ST_AsBinary(found.model.geom))
    chosen = found.joined(chosen.select_from(found.model)).where(found.model.county_id == county.id, *found.only)
    if hasattr(found.model, "recorded"):
        chosen = chosen.where(found.model.valid.contains(day), func.upper_inf(found.model.recorded))
    if source is not None and hasattr(found.model, "source"):
        chosen = chosen.where(found.model.source == source)
    chosen = chosen.order_by(*(found.order or (found.model.id,))).params(day=day)
    headings = tuple(Heading(name, type) for name, type, _ in columns)
    return Table(
        kind, headings, _portions(session, chosen, headings, found.shape, county.time_zone), found.shape, notes
    )


def _portions(
    session: Session, chosen: Select[Any], headings: Sequence[Heading], shape: Shape | None, zone: str
) -> Iterator[Portion]:
    # A cursor of the server: a million rows never stand in memory together.
    result = session.execute(chosen.execution_options(yield_per=PORTION))
    for part in result.partitions():
        columns = list(zip(*part, strict=True))
        shapes = None
        if shape is not None:
            shapes = shapely.from_wkb([None if one is None else bytes(one) for one in columns.pop()])
        yield Portion([_plain(*pair, zone) for pair in zip(headings, columns, strict=True)], shapes)


def _plain(heading: Heading, column: Sequence[Any], zone: str) -> Sequence[Any]:
    if heading.type == "time":
        return on_the_clock(column, zone)
    if heading.type == "json":
        return [None if value in (None, {}, []) else json.dumps(value, ensure_ascii=False) for value in column]
    return column


def on_the_clock(instants: Sequence[dt.datetime | None], zone: str) -> list[str | None]:
    """Instants as 2026-01-31 08:30:00 of the county's clock; one that the clock shows for the second time with its
    offset, and parts of a second where there are any."""
    local = pd.Series(pd.to_datetime(list(instants), utc=True)).astype("datetime64[us, UTC]").dt.tz_convert(zone)
    naive = local.dt.tz_localize(None)
    first = naive.dt.tz_localize(zone, ambiguous=np.ones(len(naive), dtype=bool), nonexistent="shift_forward")
    written: list[str | None] = [
        None if text == "NaT" else text.replace("T", " ")
        for text in np.datetime_as_string(naive.to_numpy().astype("datetime64[s]")).tolist()
    ]
    odd = (local.notna() & ((first != local) | (naive.dt.microsecond != 0))).to_numpy()
    for row in np.flatnonzero(odd).tolist():
        again = first[row] != local[row]
        written[row] = str((local if again else naive)[row].to_pydatetime().isoformat(sep=" "))
    return written
