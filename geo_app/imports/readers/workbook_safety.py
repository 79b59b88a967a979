"""What a workbook may look like before it is read: its XML, and how far its cells lie apart.

The library that reads it makes room for every cell between the first and the last one of a sheet.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath

from geo_app.imports.problems import N_
from geo_app.imports.readers.refusals import trap
from geo_app.imports.readers.unpacking import opened

MOST_CELLS = 30_000_000  # a million rows of thirty columns
CHUNK = 2**20
LONGEST_TAG = 2**16
DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# The address of a cell that has something in it; styled empty ones end with />.
ADDRESS = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["'][^>]*(?<!/)>""")


def check(path: Path) -> None:
    """Raises FileRejected for a workbook (.xlsx, .xlsm) with declarations in its XML, or with cells too far apart."""
    with opened(path) as archive:
        for member in archive.infolist():
            if PurePosixPath(member.filename).suffix.casefold() in (".xml", ".rels"):
                _check_part(path, archive, member)


def _check_part(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    columns: set[bytes] = set()
    first, last = 2**31, 0
    with archive.open(member) as part:
        rest = b""
        while chunk := part.read(CHUNK):
            text = rest + chunk
            if DECLARATION.search(text):
                raise trap(path, N_("It declares types or entities of its own (DOCTYPE); no table needs them."))
            whole, angle, rest = text.rpartition(b"<")  # what is cut in two waits for the next chunk
            rest = angle + rest if len(rest) < LONGEST_TAG else b""
            found = ADDRESS.findall(whole)
            if found:
                rows = [int(row) for _, row in found]
                first, last = min(first, min(rows)), max(last, max(rows))
                columns.update(column for column, _ in found)
    numbers = [_number(column) for column in columns]
    if numbers and (last - first + 1) * (max(numbers) - min(numbers) + 1) > MOST_CELLS:
        raise trap(path, N_("Its cells lie so far apart that a table of them would have more than 30 million."))


def _number(column: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in column.upper():
        number = 26 * number + letter - 64
    return number
