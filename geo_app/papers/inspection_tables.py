"""The tables of an inspection pack: one workbook to read and sort, one GeoPackage to lay over other maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import xlsxwriter
from geopandas import GeoDataFrame

from geo_app.errors import N_
from geo_app.exports.cells import literal
from geo_app.exports.files import NO_BASIS
from geo_app.papers.inspection import FAULTS, OPEN, Inspection, Proof, blank
from geo_app.papers.inspection_pdf import CHANGE_KINDS, About, PackedChange
from geo_app.papers.paper import HECTARE, MADE_UP, Printing
from geo_app.papers.record_words import KINDS, REASONS

WIDEST = 60  # characters of a column
HEADS = 3  # rows above a table: title, what it holds for, headings
Column = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Page:
    """A sheet of the workbook: message ids of its name and its headings, cells by column."""

    title: str
    columns: tuple[Column, ...]


def workbook(inspection: Inspection, changes: Sequence[PackedChange], about: About, printing: Printing) -> bytes:
    """The pack's tables as an XLSX file; no cell is a formula, each sheet prints on lying A4 pages with its headings."""
    said = printing.translate
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {"title": said(N_("Inspection pack of grids")), "author": printing.by, "created": _naive(printing.at)}
        )
        line = said(N_("%(county)s, as of %(day)s; printed by %(name)s on %(time)s.")) % {
            "county": about.county, "day": inspection.day, "name": printing.by, "time": f"{printing.at:%Y-%m-%d %H:%M}",
        }  # fmt: skip
        notes = [said(NO_BASIS), *[said(MADE_UP)] * printing.simulated]
        for sheet in pages(inspection, changes, printing):
            _write(book, sheet, [line, *notes], printing)
    return out.getvalue()


def geopackage(inspection: Inspection, about: About, printing: Printing, path: Path) -> None:
    """Grids, communities and faults as layers of a new GeoPackage at ``path``, in EPSG:4326."""
    said = printing.translate
    grids = inspection.grids
    names = [
        "code",
        "name",
        "kind",
        "leader",
        "leader_telephone",
        "workers",
        "households",
        "area_m2",
        "community",
        "community_name",
        "town_name",
    ]
    layers = {
        "grids": grids[[*names, "geometry"]],
        "communities": inspection.communities[inspection.communities.geometry.notna()],
        "faults": _faults(inspection, printing),
    }
    with _dated(printing.at):
        for name, frame in layers.items():
            told = f"{about.county} {inspection.day}. {said(NO_BASIS)}"
            _texts(frame).to_file(
                path, layer=name, driver="GPKG", layer_options={"DESCRIPTION": told}, engine="pyogrio"
            )


def pages(inspection: Inspection, changes: Sequence[PackedChange], printing: Printing) -> tuple[Page, ...]:
    """The sheets of the workbook, in order."""
    return (
        _list_of_grids(inspection, printing), _proof(inspection, printing), _faults_page(inspection, printing),
        _changes(changes, printing), _open(inspection, printing),
    )  # fmt: skip


def _list_of_grids(inspection: Inspection, printing: Printing) -> Page:
    grids = inspection.grids
    words = _words(KINDS, printing)
    columns: list[Column] = [
        (N_("Town"), grids["town_name"]), (N_("Community"), grids["community_name"]), (N_("Code"), grids["code"]), (N_("Name"), grids["name"]),
        (N_("Kind"), [words.get(kind, kind) for kind in grids["kind"]]), (N_("Grid leader"), grids["leader"]),
    ]  # fmt: skip
    columns += [
        (N_("Telephone"), grids["leader_telephone"]),
        (N_("Grid workers"), grids["workers"]),
        (N_("Households"), grids["households"]),
        (N_("Area, ha"), (grids["area_m2"] / HECTARE).round(2)),
    ]
    return Page(N_("List of grids"), tuple(columns))


def _proof(inspection: Inspection, printing: Printing) -> Page:
    total = inspection.whole
    rows: list[tuple[str, Proof]] = [(printing.translate(N_("All together")), total)]
    rows += [(proof.name, proof) for proof in inspection.proofs]
    proofs = [proof for _, proof in rows]
    return Page(
        N_("Proof"),
        (
            (N_("Town"), [proof.town for proof in proofs]), (N_("Community"), [name for name, _ in rows]),
            (N_("Code"), [proof.code for proof in proofs]), (N_("Grids"), [proof.grids for proof in proofs]),
            (N_("Sum of the grids, m²"), [round(proof.sum_m2, 3) for proof in proofs]),
            (N_("Covered together, m²"), [round(proof.union_m2, 3) for proof in proofs]),
            (N_("Own outline, m²"), [None if proof.parent_m2 is None else round(proof.parent_m2, 3) for proof in proofs]),
            (N_("Difference, m²"), [round(proof.difference_m2, 3) for proof in proofs]), (N_("Faults"), [proof.faults for proof in proofs]),
        ),
    )  # fmt: skip


def _faults_page(inspection: Inspection, printing: Printing) -> Page:
    found = _faults(inspection, printing)
    places = found.geometry.representative_point()
    return Page(
        N_("Faults"),
        (
            (N_("What was found"), found["what"]), (N_("Grids"), found["codes"]), (N_("Area, m²"), found["area_m2"]),
            (N_("Longitude"), places.x.round(7)), (N_("Latitude"), places.y.round(7)), (N_("Detail"), found["detail"]),
        ),
    )  # fmt: skip


def _changes(changes: Sequence[PackedChange], printing: Printing) -> Page:
    words = _words(REASONS, printing) | _words(CHANGE_KINDS, printing)
    rows = [change.row for change in changes]
    return Page(
        N_("Changes"),
        (
            (N_("Effective from"), [_day(row.effective_on) for row in rows]), (N_("Number"), [row.id for row in rows]),
            (N_("Title"), [row.title or words.get(row.kind, row.kind) for row in rows]),
            (N_("Reason code"), [words.get(row.reason_code, row.reason_code) for row in rows]), (N_("Reason"), [row.reason for row in rows]),
            (N_("Surveyed on"), [_day(row.surveyed_on) for row in rows]), (N_("Approved on"), [_day(row.approved_on) for row in rows]),
            (N_("Document number"), [row.document_number for row in rows]), (N_("new"), [row.created for row in rows]),
            (N_("retired"), [row.retired for row in rows]), (N_("changed"), [row.changed for row in rows]),
            (N_("new code"), [row.renumbered for row in rows]),
            (N_("Papers in this pack"), ["、".join(change.papers) for change in changes]),
        ),
    )  # fmt: skip


def _open(inspection: Inspection, printing: Printing) -> Page:
    words = _words(OPEN, printing) | _words(FAULTS, printing)
    items = inspection.open_items
    return Page(
        N_("Open items"),
        (
            (N_("What is open"), [words[item.kind] for item in items]), (N_("Community"), [item.community for item in items]),
            (N_("Code"), [item.code for item in items]), (N_("Name"), [item.name for item in items]),
            (N_("What was found"), [words.get(item.detail, item.detail) for item in items]),
        ),
    )  # fmt: skip


def _faults(inspection: Inspection, printing: Printing) -> GeoDataFrame:
    """A row for each fault: what, codes, area_m2, detail, geometry."""
    words = _words(FAULTS, printing)
    codes = inspection.grids["code"]
    faults = inspection.faults
    columns = {
        "what": [words.get(fault.kind, fault.kind) for fault in faults],
        "codes": ["、".join(str(codes.loc[label]) for label in fault.grids) for fault in faults],
        "area_m2": np.array(
            [np.nan if fault.area_m2 is None else round(fault.area_m2, 3) for fault in faults], dtype=float
        ),
        "detail": [fault.detail for fault in faults],
    }
    return GeoDataFrame(columns, geometry=[fault.where for fault in faults], crs=4326)


def _write(book: xlsxwriter.Workbook, sheet: Page, notes: Sequence[str], printing: Printing) -> None:
    said = printing.translate
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "bg_color": "#EEF2F7", "border": 1, "border_color": "#C3CCD8", "text_wrap": True}
    )
    mute = book.add_format({"font_color": "#566170"})
    there = book.add_worksheet(said(sheet.title))
    there.set_landscape()
    there.set_paper(9)  # A4
    there.fit_to_pages(1, 0)
    there.repeat_rows(HEADS - 1)
    there.freeze_panes(HEADS, 0)
    there.set_footer("&L" + " ".join(notes[1:]).replace("&", "&&")[:200] + "&R&P / &N")
    there.write_string(0, 0, said(sheet.title), title)
    there.write_string(1, 0, " ".join(notes), mute)
    for place, (heading, cells) in enumerate(sheet.columns):
        heading = said(heading)
        there.write_string(HEADS - 1, place, heading, head)
        widest = max([_width(heading), *(_width(str(cell)) for cell in cells if not blank(cell))])
        there.set_column(place, place, min(widest + 2, WIDEST))
        for row, cell in enumerate(cells, start=HEADS):
            _cell(there, row, place, cell)
    rows = max((len(cells) for _, cells in sheet.columns), default=0)
    if rows:
        there.autofilter(HEADS - 1, 0, HEADS - 1 + rows, len(sheet.columns) - 1)


def _cell(sheet: Any, row: int, place: int, cell: Any) -> None:
    if blank(cell):
        return
    if isinstance(cell, (int, float, np.number)):
        sheet.write_number(row, place, cell)
    else:
        sheet.write_string(row, place, literal(cell))


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)


def _words(table: Mapping[str, str], printing: Printing) -> dict[str, str]:
    return {key: printing.translate(text) for key, text in table.items()}


def _texts(frame: GeoDataFrame) -> GeoDataFrame:
    """The frame as GDAL takes it: whole numbers that may be missing, and texts that no spreadsheet takes for a formula."""
    made = frame.copy()
    for name in made.columns:
        if name == "households":
            made[name] = made[name].astype("Int64")
        elif made[name].dtype == object or str(made[name].dtype).startswith("str"):
            made[name] = [None if blank(cell) else literal(cell) for cell in made[name]]
    return made


@contextmanager
def _dated(moment: datetime) -> Iterator[None]:
    """GDAL writes this moment, so that the same pack is the same file."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _day(value: Any) -> str:
    return "" if value is None else value.isoformat()
