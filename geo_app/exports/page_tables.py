"""The tables that pages show, as tables of a file: gaps, routes, grids, incidents in numbers, imports, quarantine."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from geoalchemy2.shape import to_shape
from geopandas import GeoSeries

from geo_app.errors import N_
from geo_app.exports import incident_tables
from geo_app.exports.files import NO_BASIS
from geo_app.exports.page_table import Asked, Column, PageTable, rounded, table_of
from geo_app.exports.table import Heading, Portion, Table, Type
from geo_app.imports.said import in_language
from geo_app.models import ImportBatch, QuarantineRow
from geo_app.queries import batches, grid_numbers, patrol_state, quarantine, repeats, route_rows
from geo_app.queries.export_frames import on_the_clock
from geo_app.queries.patrol_state import SPEED_MPS
from layers.base import SIMULATED_ROUTES

AT_A_TIME = 10_000  # rows of quarantine
MOST_BATCHES = 100_000


def _gaps(asked: Asked) -> Table:
    frame = patrol_state.patrol_gaps(asked.session, asked.county, asked.terms)
    found = frame[frame["is_gap"]].sort_values("rank")
    columns: list[Column] = [
        (N_("Rank"), "whole", found["rank"].tolist()),
        (N_("Street"), "text", found["name"].tolist()),
        (N_("Number of the piece"), "whole", found["id"].tolist()),
        (N_("Class"), "text", found["requirement"].tolist()),
        (N_("Asked for every (h)"), "number", found["every_hours"].tolist()),
        (N_("Longest without a patrol (h)"), "number", rounded(found["hours_without"], 2)),
        (N_("Without any patrol"), "truth", [math.isinf(hours) for hours in found["hours_without"]]),
        (N_("Incidents near"), "whole", found["incidents_near"].tolist()),
        (N_("Length (m)"), "number", rounded(found["length_m"], 1)),
        (N_("Share seen"), "number", rounded(found["share_seen"], 4)),
    ]
    made_up = frame.attrs[SIMULATED_ROUTES] > 0
    return table_of("gaps", asked, columns, simulated=made_up, shape="LineString", shapes=found.geometry.to_numpy())


def _routes(asked: Asked) -> Table:
    rows = route_rows.in_force(asked.session, asked.county, asked.terms)
    lines = GeoSeries([to_shape(row.geom) for row, _ in rows], crs=4326)
    lengths = lines.to_crs(asked.county.metric_srid).length.tolist()
    minutes = [length / SPEED_MPS[row.mode] / 60 for (row, _), length in zip(rows, lengths, strict=True)]
    modes = {"foot": asked.translate("On foot"), "vehicle": asked.translate("By car")}
    columns: list[Column] = [
        (N_("Name"), "text", [row.name for row, _ in rows]),
        (N_("Team"), "text", [team or None for _, team in rows]),
        (N_("By car or on foot"), "text", [modes[row.mode] for row, _ in rows]),
        (N_("Departures"), "text", [" ".join(f"{at:%H:%M}" for at in sorted(row.departures)) for row, _ in rows]),
        (N_("Length (m)"), "number", rounded(lengths, 1)),
        (N_("Minutes"), "number", rounded(minutes, 1)),
        (N_("Mandatory route"), "truth", [row.mandatory for row, _ in rows]),
        (N_("Demonstration data"), "truth", [row.simulated for row, _ in rows]),
    ]
    return table_of("routes", asked, columns, shape="LineString", shapes=lines.to_numpy())


def _grids(asked: Asked) -> Table:
    frame = grid_numbers.grid_numbers(asked.session, asked.county, asked.terms)
    columns: list[Column] = [
        (N_("Code"), "text", frame["code"].tolist()),
        (N_("Name"), "text", frame["name"].tolist()),
        (N_("Kind"), "text", frame["kind"].tolist()),
        (N_("Grid leader"), "text", frame["leader"].tolist()),
        (N_("Grid workers"), "text", frame["workers"].tolist()),
        (N_("Incidents"), "whole", frame["incidents"].tolist()),
        (N_("Rank"), "whole", frame["rank"].tolist()),
        (N_("Hot spot"), "truth", [None if value is None or value != value else bool(value) for value in frame["hot"]]),
        (N_("Streets (m)"), "number", rounded(frame["length_m"], 1)),
        (N_("Patrols see"), "number", rounded(frame["seen_patrol"], 4)),
        (N_("Cameras see"), "number", rounded(frame["seen_camera"], 4)),
        (N_("Nobody sees"), "number", rounded(frame["seen_neither"], 4)),
    ]
    return table_of(
        "grids", asked, columns, NO_BASIS, simulated=frame.attrs[grid_numbers.MADE_UP], shape="MultiPolygon",
        shapes=frame.geometry.to_numpy(),
    )  # fmt: skip


def _repeats(asked: Asked) -> Table:
    frame = repeats.repeat_places(asked.session, asked.county, asked.terms)
    columns: list[Column] = [
        (N_("Rank"), "whole", list(range(1, len(frame) + 1))),
        (N_("Place"), "text", [name or None for name in frame["name"]]),
        (N_("Calls within the days"), "whole", frame["calls"].tolist()),
        (N_("Calls in the period"), "whole", frame["total"].tolist()),
        (N_("Mostly"), "text", [category or None for category in frame["category"]]),
        (N_("First"), "time", [_clock(at) for at in frame["first"]]),
        (N_("Last"), "time", [_clock(at) for at in frame["last"]]),
        (N_("Radius (m)"), "number", rounded(frame["radius_m"], 1)),
        (N_("Demonstration data"), "truth", frame["simulated"].tolist()),
    ]
    return table_of("repeats", asked, columns, shape="Point", shapes=frame.geometry.to_numpy())


def _clock(minute: str) -> str:
    """A minute in ISO form as times stand in files."""
    return minute.replace("T", " ") + ":00"


def _imports(asked: Asked) -> Table:
    found = batches.latest(asked.session, asked.county.id, MOST_BATCHES)
    rows = [batch for batch, _ in found]
    columns: list[Column] = [
        (N_("Number"), "whole", [batch.id for batch in rows]),
        (N_("File"), "text", [batch.file_name for batch in rows]),
        (N_("Kind"), "text", [batch.kind for batch in rows]),
        (N_("Source"), "text", [batch.source for batch in rows]),
        (N_("Coordinate system"), "text", [batch.crs for batch in rows]),
        *(
            (title, "whole", [getattr(batch, f"rows_{name}") for batch in rows])
            for title, name in (
                (N_("Read"), "read"), (N_("New"), "stored"), (N_("Changed"), "updated"), (N_("The same"), "unchanged"),
                (N_("In quarantine"), "quarantined"), (N_("Without a place"), "unplaced"), (N_("Ended"), "ended"),
            )
        ),
        (N_("Still waiting"), "whole", [waiting for _, waiting in found]),
        (N_("Begun"), "time", on_the_clock([batch.started_at for batch in rows], asked.county.time_zone)),
    ]  # fmt: skip
    return table_of("imports", asked, columns)


def _quarantine(asked: Asked) -> Table:
    titles = (N_("Number"), N_("File"), N_("Kind"), N_("Line"), N_("Reason"), N_("What helps"), N_("What it says"))
    types: tuple[Type, ...] = ("whole", "text", "text", "whole", "text", "text", "json")
    headings = tuple(Heading(asked.translate(title), type) for title, type in zip(titles, types, strict=True))
    return Table("quarantine", headings, _waiting(asked))


def _waiting(asked: Asked) -> Iterator[Portion]:
    after = 0
    while True:
        found = quarantine.waiting(asked.session, asked.county.id, batch_id=asked.batch, after=after, limit=AT_A_TIME)
        if not found:
            return
        rows = [_waiting_row(asked, row, batch) for row, batch in found]
        yield Portion(list(zip(*rows, strict=True)))
        after = found[-1][0].id
        asked.session.expunge_all()


def _waiting_row(asked: Asked, row: QuarantineRow, batch: ImportBatch) -> tuple[Any, ...]:
    hidden = set() if asked.callers else {batch.mapping.get("caller_name"), batch.mapping.get("caller_telephone")}
    content = {heading: cell for heading, cell in row.content.items() if heading not in hidden}
    return (
        row.id,
        batch.file_name,
        batch.kind,
        row.file_line,
        in_language(row.reason, row.params, asked.translate),
        in_language(row.remedy, row.params, asked.translate) if row.remedy else None,
        json.dumps(content, ensure_ascii=False),
    )


TABLES: Mapping[str, PageTable] = {
    "gaps": PageTable(_gaps),
    "routes": PageTable(_routes),
    "grids": PageTable(_grids),
    **incident_tables.TABLES,
    "repeats": PageTable(_repeats),
    "imports": PageTable(_imports, "data:import"),
    "quarantine": PageTable(_quarantine, "data:import", "quarantine:read"),
}
