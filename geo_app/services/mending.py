"""Quarantine: rows are mended, in place or in a file that comes back, taken again, or left for good."""

from __future__ import annotations

import ast
import csv
import io
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.errors import N_, BadInput, NotFound
from geo_app.imports.columns import HEADINGS, POSITION, names
from geo_app.imports.exported import exported_key
from geo_app.imports.readers import waiting
from geo_app.imports.reading import GEOMETRY
from geo_app.imports.said import in_language
from geo_app.models import ImportBatch, QuarantineRow
from geo_app.queries import quarantine
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.services.imports import Again, ImportReport, Wishes, import_file

LONGEST_CELL = 100_000
csv.field_size_limit(10 * 2**20)  # an outline as text is longer than what the module takes for an error
# What a file for mending says of a row before its own cells; no file from outside has such headings.
ROW, LINE, REASON = "quarantine_row", "quarantine_line", "quarantine_reason"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PLACE = (*POSITION, GEOMETRY)
KEYS = ("number", "key", "code", "grid_code")  # by which rows are known
# Of what a kind of fault speaks that its reason does not name.
SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    "axes_swapped": PLACE,
    "far_away": PLACE,
    "geometry": PLACE,
    "invalid_geometry": PLACE,
    "overlap": PLACE,
    "pending": PLACE,
    "name": ("name",),
    "no_street": ("road_class",),
    "parent": ("parent", "parent_code"),
}
Translate = Callable[[str], str]


def mend(session: Session, actor: Actor, row_id: int, content: Mapping[str, str]) -> QuarantineRow:
    """Changes what a waiting row says. Raises NotFound when it does not wait, BadInput for headings that it lacks."""
    row = quarantine.one(session, row_id)
    batch = session.get(ImportBatch, row.import_batch_id) if row is not None else None
    if row is None or batch is None:
        raise NotFound()
    unknown = sorted(set(content) - set(_headings(row, batch)))
    if unknown:
        raise BadInput(N_("Unknown, missing or out of range: %(names)s."), names=", ".join(unknown[:5]))
    row.content = row.content | {heading: cell[:LONGEST_CELL] for heading, cell in content.items()}
    session.flush()
    audit(session, "quarantine:mend", row, actor=actor, headings=sorted(content))
    return row


def leave(session: Session, actor: Actor, county_id: int, ids: Sequence[int]) -> int:
    """Rows that nobody will mend wait no longer; they stay in the database. Returns how many."""
    count = quarantine.settle(session, county_id, ids, "left")
    audit(session, "quarantine:leave", ("county", county_id), actor=actor, count=count)
    return count


def take_again(
    database: Database,
    scope: Scope,
    county_code: str,
    batch_id: int,
    ids: Sequence[int],
    *,
    actor: Actor,
    progress: Callable[[int], None] = lambda rows: None,
) -> ImportReport:
    """Takes waiting rows of a batch, all of them without ``ids``, as the file was read. What still cannot be used waits
    anew, with its number in the first file. Raises NotFound when there are none."""
    with database.session(scope, read_only=True) as session:
        batch = session.get(ImportBatch, batch_id)
        rows = quarantine.contents(session, batch_id, ids) if batch is not None else []
        before = _keys_beside(rows, quarantine.untaken_lines(session, batch_id)) if rows else {}
    if batch is None or not rows:
        raise NotFound()
    reading = batch.reading
    wishes = Wishes(
        crs=batch.crs or None, source=batch.source, simulated=reading.get("simulated", False),
        columns=reading.get("columns", {}), values=reading.get("values", {}), swapped=reading.get("swapped", False),
    )  # fmt: skip
    everything = dict.fromkeys(batch.mapping.values())  # a column that is empty in all of these rows is one still
    with tempfile.TemporaryDirectory(prefix="geo-mending-") as folder:
        path = Path(folder) / "rows.waiting"
        content = ((row.unit, row.file_line, everything | row.content) for row in rows)
        waiting.write(path, reading.get("decimal_comma", False), content)
        again = Again(batch.file_name, batch_id, tuple(row.id for row in rows), before, _renamed(rows, batch))
        return import_file(
            database, scope, county_code, batch.kind, path, wishes=wishes, actor=actor, progress=progress, again=again
        )


def _renamed(rows: Sequence[Any], batch: ImportBatch) -> tuple[int, ...]:
    """The lines of rows that are known by something else than their file called them."""
    known_by = [name for name in KEYS if name in batch.mapping] or ["alias", "name"]
    headings = [batch.mapping[name] for name in known_by if name in batch.mapping]
    return tuple(row.file_line for row in rows if any(row.content.get(one) != row.arrived.get(one) for one in headings))


def _keys_beside(rows: Sequence[Any], untaken: Collection[int]) -> dict[str, int]:
    """The keys that rows were refused for, because a row before them that was taken has the same; with its line."""
    keys: dict[str, int] = {}
    for row in rows:
        if (
            row.reason_code == "key"
            and {"what", "first"} <= set(row.params)
            and int(row.params["first"]) not in untaken
        ):
            key, line = ast.literal_eval(row.params["value"]), int(row.params["first"])
            keys |= {key: line, exported_key(key): line}
    return keys


def as_file(rows: Iterable[QuarantineRow], batch: ImportBatch, translate: Translate) -> str:
    """Waiting rows of an import, each with its reason in the reader's language, as CSV to be mended and sent back."""
    rows = list(rows)
    headings = list(dict.fromkeys(heading for row in rows for heading in _headings(row, batch)))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([ROW, LINE, REASON, *map(_harmless, headings)])
    for row in rows:
        cells = [reason(row, batch, translate), *(str(row.content.get(heading, "")) for heading in headings)]
        writer.writerow([row.id, row.file_line, *map(_harmless, cells)])
    return "\ufeff" + out.getvalue()


def mend_by_file(session: Session, actor: Actor, text: str, batch: ImportBatch) -> list[int]:
    """Takes over what a file for mending says; the ids of the rows in it that wait and belong to the batch. Raises
    BadInput for another file."""
    rows = {str(row.id): row for row in quarantine.of_batch(session, batch.id)}
    found: list[int] = []
    for cells in _cells(text):
        row = rows.get((cells.get(ROW) or "").strip())
        if row is None:
            continue
        known = set(_headings(row, batch))
        said = {_as_it_was(name): _as_it_was(cell or "") for name, cell in cells.items() if name}
        row.content = row.content | {
            name: cell for name, cell in said.items() if name in row.content or (cell and name in known)
        }
        found.append(row.id)
    session.flush()
    audit(session, "quarantine:mend", batch, actor=actor, count=len(found))
    return found


def _cells(text: str) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=_delimiter(text))
    try:
        if not reader.fieldnames or ROW not in reader.fieldnames:
            raise BadInput(
                N_("This is no file for mending: it has no column %(heading)s."),
                N_("Download the rows again, and change only the cells that are wrong."),
                heading=ROW,
            )
        yield from reader
    except csv.Error as error:
        raise BadInput(N_("This is no table: %(error)s."), N_("Save it again as CSV."), error=error) from error


def _delimiter(text: str) -> str:
    """A spreadsheet saves with what its own language puts between cells."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def reason(row: QuarantineRow, batch: ImportBatch, translate: Translate) -> str:
    """Why a row waits; what is wrong is called as its file calls it."""
    return in_language(row.reason, _params(row, batch), translate)


def described(row: QuarantineRow, batch: ImportBatch, translate: Translate) -> dict[str, Any]:
    """A waiting row for people: where it stood, why it waits, what helps, what it says, and which cells are to blame.

    ``cells``: heading, what it means to us, value, wrong; the wrong ones first, then those that mean something.
    """
    meanings = {heading: name for name, heading in batch.mapping.items()}
    wrong = _wrong(row, batch)
    return {
        "id": row.id,
        "batch": batch.id,
        "kind": batch.kind,
        "file": batch.file_name,
        "unit": row.unit,
        "line": row.file_line,
        "code": row.reason_code,
        "reason": reason(row, batch, translate),
        "remedy": in_language(row.remedy, _params(row, batch), translate) if row.remedy else "",
        "content": row.content,
        "cells": [
            {
                "heading": heading, "name": meanings.get(heading), "value": str(row.content.get(heading, "")),
                "wrong": heading in wrong,
            }
            for heading in sorted(_headings(row, batch), key=lambda one: (one not in wrong, one not in meanings))
        ],
    }  # fmt: skip


def _headings(row: QuarantineRow, batch: ImportBatch) -> list[str]:
    """What can be said of a row: every heading that means something in its file, and what else it says."""
    order = list(names(batch.kind)) if batch.kind in HEADINGS else []
    meant = sorted(batch.mapping, key=lambda name: order.index(name) if name in order else len(order))
    others = sorted(row.content, key=lambda heading: (heading == GEOMETRY, heading))
    return list(dict.fromkeys([*(batch.mapping[name] for name in meant), *others]))


def _params(row: QuarantineRow, batch: ImportBatch) -> dict[str, Any]:
    return {name: batch.mapping.get(value, value) if name == "what" else value for name, value in row.params.items()}


def _wrong(row: QuarantineRow, batch: ImportBatch) -> set[str]:
    """The headings that the reason speaks of, by themselves or by our name for what they mean."""
    said = {str(value) for value in row.params.values()} | set(SPEAKS_OF.get(row.reason_code, ()))
    by_name = {heading for name, heading in batch.mapping.items() if name in said}
    return by_name | (said & set(row.content))


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, quoted; and one that looks like that, so that it comes back."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def _as_it_was(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
