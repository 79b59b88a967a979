"""Workbooks of Excel: one sheet of them, and its cells as what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from geo_app.imports.columns import folded
from geo_app.imports.problems import N_, FileRejected, Said
from geo_app.imports.readers import workbook_safety
from geo_app.imports.readers.headings import named
from geo_app.imports.readers.merged_cells import MergedDown
from geo_app.imports.readers.refusals import damaged, empty, other_format, several
from geo_app.imports.readers.sheet_headings import sheet_headings
from geo_app.imports.rows import PORTION, Rows

ZIP, COMPOUND = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
)  # an .xlsx is a zip file; an .xls, and an .xlsx that is locked, are not
EXACT = 2.0**53  # from here on a number in a cell has lost its last digits
FIRST_DAY, LAST_DAY = 20_000, 80_000  # serials from 1954 to 2119; smaller numbers are counts and years
# What a sheet of a kind is called.
NAMES = {
    "areas": ("辖区", "区域", "行政区划"), "grids": ("网格",), "incidents": ("警情", "事件", "案件"),
    "addresses": ("标准地址", "地址"), "aliases": ("地址别名", "别名"), "places": ("场所", "重点单位"),
    "posts": ("勤务点", "岗位", "快反点"), "roads": ("道路", "路段"), "buildings": ("建筑", "楼栋"),
    "cameras": ("摄像机", "监控", "摄像头"), "routes": ("巡逻路线", "路线"), "tracks": ("轨迹", "定位"),
    "population": ("人口", "户数"), "categories": ("警情类别", "类别"), "duty": ("值班", "勤务", "排班"),
    "grid_people": ("网格人员", "网格员", "网格长"), "waters": ("水系", "河流"),
}  # fmt: skip


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows of the sheet that is named, or the only visible one with rows, or that which is named like ``kind``.

    ``numbers`` are the rows of the sheet. Cells are text, exact numbers and truth values; dates and times are text.
    """
    _check(path)
    book = _asked(path, lambda: CalamineWorkbook.from_path(str(path)))
    with book:
        name, warnings = _chosen(path, book, kind, layer)
        yield from _rows(path, kind, _sheet(path, book, name), tuple(warnings))


def serial_to_text(column: pd.Series) -> pd.Series:
    """A column of times in which the numbers that Excel counts days with (46024.354) are text (2026-01-02 08:30:00).

    Other numbers and all text stay as they are: a year, 20260102.
    """
    words = column.astype(object)
    numbers = pd.to_numeric(words.where(~words.map(lambda cell: isinstance(cell, bool)), None), errors="coerce")
    serial = (numbers >= FIRST_DAY) & (numbers < LAST_DAY)
    if not serial.any():
        return column
    seconds = (numbers[serial].astype(float) * 86_400).round()
    moments = pd.Timestamp("1899-12-30") + pd.to_timedelta(seconds, unit="s")
    words = words.copy()
    words[serial] = moments.dt.strftime("%Y-%m-%d %H:%M:%S").astype(object)
    return words


def _check(path: Path) -> None:
    with path.open("rb") as file:
        begins = file.read(4)
    if not begins:
        raise empty(path)
    old = path.suffix.casefold() == ".xls"
    if begins == COMPOUND:
        if not old:
            raise _locked(path)
    elif begins != ZIP or old:
        raise other_format(path, "Excel")  # web pages and plain tables are often called .xls
    else:
        workbook_safety.check(path)


def _locked(path: Path) -> FileRejected:
    return FileRejected.whole(
        path.name,
        "locked",
        N_("The workbook is locked with a password, or it is an old one with a new name."),
        N_("Open it in Excel and save it without a password as .xlsx."),
    )


def _asked(path: Path, what: Callable[[], Any]) -> Any:
    """What the library answers. Raises FileRejected for whatever it stumbles over: it is not written in Python."""
    try:
        return what()
    except PasswordError as error:
        raise _locked(path) from error
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in it is no Exception
        raise damaged(path, error) from error


def _sheet(path: Path, book: CalamineWorkbook, name: str) -> CalamineSheet:
    return _asked(path, lambda: book.get_sheet_by_name(name))


def _chosen(path: Path, book: CalamineWorkbook, kind: str, layer: str | None) -> tuple[str, list[Said]]:
    """The name of the sheet to read, and what to know of the others."""
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    if layer is not None:
        if layer not in [sheet.name for sheet in sheets]:
            raise several(path, visible, kind)
        return layer, []
    with_rows = [name for name in visible if _sheet(path, book, name).height] if len(visible) > 1 else visible
    like = [name for name in with_rows if folded(name) in (folded(kind), *NAMES.get(kind, ()))]
    like = like or [name for name in with_rows if any(word in name for word in NAMES.get(kind, ()))]
    chosen = with_rows if len(with_rows) == 1 else like
    if len(chosen) != 1:
        raise several(path, with_rows, kind)
    left_out = [sheet.name for sheet in sheets if sheet.name in with_rows or sheet.name not in visible]
    left_out.remove(chosen[0])
    told = N_("Other sheets were not read: %(sheets)s.")
    return chosen[0], [Said(told, {"sheets": ", ".join(left_out[:20])})] if left_out else []


def _rows(path: Path, kind: str, sheet: CalamineSheet, warnings: tuple[Said, ...]) -> Iterator[Rows]:
    if sheet.start is None:
        return
    found = sheet_headings(kind, sheet)
    names = named(path, found.names)
    # A column without a heading counts only if something stands in it.
    unnamed = {at for at, name in enumerate(found.names) if not name}
    for cells in islice(sheet.iter_rows(), found.ends, None) if unnamed else ():
        unnamed -= {at for at in unnamed if str(cells[at]).strip()}
        if not unnamed:
            break
    columns = [at for at in range(len(names)) if at not in unnamed]
    headings = pd.Index([names[at] for at in columns], dtype=object)
    merged = MergedDown(kind, sheet, found.ends, columns, list(headings))
    cells_of_all: list[Any] = []
    numbers: list[int] = []

    def taken() -> Rows:
        told = (*warnings, *merged.told())
        cells = np.fromiter(cells_of_all, dtype=object, count=len(cells_of_all)).reshape(len(numbers), len(columns))
        table = pd.DataFrame(cells, columns=headings, dtype=object)
        return Rows(table, None, None, "row", np.array(numbers, dtype=np.int64), told)

    for number, row in enumerate(islice(sheet.iter_rows(), found.ends, None), start=found.ends + 1):
        cells = [_cell(row[at]) for at in columns]
        merged.fill(number - 1, cells)
        if any(cell != "" for cell in cells):
            cells_of_all.extend(cells)
            numbers.append(number)
        if len(numbers) == PORTION:
            yield taken()
            cells_of_all, numbers, warnings = [], [], ()
    if numbers:
        yield taken()


def _cell(value: Any) -> Any:
    said = SAYS.get(type(value))
    return value if said is None else said(value)


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() and abs(value) < EXACT else value


def _moment(value: dt.datetime) -> str:
    """Excel counts in fractions of a day: what is a millisecond beside a second is that second."""
    second = (value + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    return str(second if abs(value - second) <= dt.timedelta(milliseconds=1.5) else value)


def _duration(value: dt.timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


SAYS: dict[type, Callable[[Any], Any]] = {
    float: _number, dt.datetime: _moment, dt.date: str, dt.time: lambda value: value.isoformat("seconds"),
    dt.timedelta: _duration, str: str.strip,
}  # fmt: skip
