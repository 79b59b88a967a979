"""The .dbf of a shapefile: whether its sizes add up, and in which encoding its text really is."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo_app.imports.problems import N_, FileRejected, Said

ENOUGH = 5_000  # texts outside ASCII
NAMES = {"gbk": "gb18030", "gb2312": "gb18030", "936": "gb18030", "cp936": "gb18030", "ansi 936": "gb18030",
         "gb18030": "gb18030", "utf8": "utf-8", "utf-8": "utf-8", "65001": "utf-8"}  # fmt: skip


@dataclass(frozen=True)
class _Layout:
    """rows, where they begin, bytes of each; (first byte, length) of its texts in a row; the names of all fields."""

    rows: int
    begins: int
    row_length: int
    texts: tuple[tuple[int, int], ...]
    names: tuple[bytes, ...]


def check(path: Path, dbf: Path) -> None:
    """Raises FileRejected for a .dbf that is shorter than it claims."""
    with dbf.open("rb") as file:
        header = file.read(32)
    if len(header) < 32:
        raise FileRejected.whole(
            path.name, "truncated", N_("%(part)s has no header."), N_("Copy it again."), part=dbf.name
        )
    rows, begins, row_length = struct.unpack("<IHH", header[4:12])
    if begins + rows * row_length > dbf.stat().st_size + 1:
        raise FileRejected.whole(
            path.name,
            "truncated",
            N_("%(part)s claims %(rows)s rows, but its %(size)s bytes cannot hold them."),
            N_("Copy it again."),
            part=dbf.name,
            rows=f"{rows:,}",
            size=f"{dbf.stat().st_size:,}",
        )


def encoding_of(dbf: Path, cpg: Path | None) -> tuple[str, list[Said]]:
    """The encoding of a .dbf, and warnings: what its .cpg says, unless its bytes say otherwise."""
    likely = _likely(dbf)
    said = cpg.read_text(encoding="ascii", errors="ignore").strip().casefold()[:40] if cpg else ""
    if not said:
        return likely or "gb18030", []
    named = NAMES.get(said) or _known(said)
    if named is None:
        likely = likely or "gb18030"
        return likely, [
            Said(
                N_("The .cpg names an unknown encoding (%(said)s); read as %(encoding)s."),
                {"said": said, "encoding": likely},
            )
        ]
    # Chinese or accented text that happens to be sound UTF-8 is UTF-8; GB18030 is sound whatever bytes there are.
    if likely == "utf-8" and named != "utf-8":
        return likely, [Said(N_("The .cpg says %(said)s, but the text is UTF-8; read as that."), {"said": said})]
    if likely == "gb18030" and named == "utf-8":
        return likely, [Said(N_("The .cpg says UTF-8, but the text is not; read as GB18030."))]
    return named, []


def _known(said: str) -> str | None:
    name = said.replace("iso 8859", "iso8859-").replace("iso-88591", "iso8859-1")
    try:
        "".encode(name)
        bytes(range(256)).decode(name, errors="replace")  # some codecs of Python are no encodings of text
    except (LookupError, UnicodeError, ValueError):
        return None
    return name


def _likely(dbf: Path) -> str | None:
    """utf-8 or gb18030, whichever most of the texts are; None where all of them are ASCII."""
    utf8 = other = 0
    for text in _texts(dbf):
        if _is_utf8(text):
            utf8 += 1
        else:
            other += 1
        if utf8 + other >= ENOUGH:
            break
    if not utf8 + other:
        return None
    return "utf-8" if utf8 > other else "gb18030"


def _is_utf8(text: bytes) -> bool:
    """Whether a text is UTF-8; its last character may have been cut where the field ends."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > 0
    return True


def _texts(dbf: Path) -> Iterator[bytes]:
    """Names of fields and texts of rows that are not ASCII, without the blanks that fill them up."""
    with dbf.open("rb") as file:
        layout = _layout(file.read(65_536))
        yield from (name for name in layout.names if not name.isascii())
        file.seek(layout.begins)
        at_once = max(1, 2**20 // max(1, layout.row_length))
        left = layout.rows
        while left > 0 and layout.texts and (block := file.read(at_once * layout.row_length)):
            left -= at_once
            if block.isascii():
                continue
            for start in range(0, len(block), layout.row_length):
                for begins, length in layout.texts:
                    text = block[start + begins : start + begins + length].rstrip(b" \0")
                    if not text.isascii():
                        yield text


def _layout(head: bytes) -> _Layout:
    rows, begins, row_length = struct.unpack("<IHH", head[4:12])
    texts, names, offset = [], [], 1  # a row begins with the mark of deleted rows
    for at in range(32, min(begins, len(head)) - 31, 32):
        field = head[at : at + 32]
        if field[:1] == b"\r":
            break
        names.append(field[:11].split(b"\0")[0])
        length = field[16]
        if field[11:12] == b"C":
            length += 256 * field[17]  # what are decimals of a number
            texts.append((offset, length))
        offset += length
    return _Layout(rows, begins, row_length, tuple(texts), tuple(names))
