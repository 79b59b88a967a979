"""The encoding of a text file, found by reading it once from end to end without keeping any of it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.readers.refusals import empty

CHUNK = 2**20
LOOKED_AT = 2**16
JUDGED = 10_000  # characters outside ASCII: enough to tell Chinese from what only passes for it
LEAST_COMMON = 0.3
THREE_BYTES = re.compile(r"(?:[\u0800-\uffff][^\u0800-\uffff]*){5}")


def encoding_of(path: Path) -> str:
    """``utf-8-sig``, ``gb18030``, ``utf-16``, ``utf-16-le`` or ``utf-16-be``. Raises FileRejected for anything else."""
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    if not head.strip():
        raise empty(path)
    understood = 0
    for encoding in _candidates(head):
        fails_on, surely = _fails_on(path, encoding)
        if fails_on is None:
            return encoding
        understood = max(understood, fails_on)
        if surely:
            break
    raise FileRejected.whole(
        path.name,
        "wrong_format",
        N_("This is no text in UTF-8, UTF-16 or GB18030; line %(line)s is in neither of them."),
        N_("Save it again as UTF-8."),
        line=understood,
    )


def _candidates(head: bytes) -> tuple[str, ...]:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if b"\0" not in head:
        return ("utf-8-sig", "gb18030")
    # Digits, commas and line ends have a zero byte in UTF-16: the second one in little-endian text.
    return ("utf-16-le",) if head[1::2].count(0) >= head[::2].count(0) else ("utf-16-be",)


def _fails_on(path: Path, encoding: str) -> tuple[int | None, bool]:
    """The line on which a file is no text in ``encoding``, None when all of it is; and whether it was surely meant to be."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, judged, common, surely = 1, 0, 0, False
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, "ignore")
                return lines + good.count("\n"), surely or _is_utf8(encoding, good)
            if "\0" in text:
                return lines + text[: text.index("\0")].count("\n"), True
            surely = surely or _is_utf8(encoding, text)
            lines += text.count("\n")
            if encoding == "gb18030" and judged < JUDGED:
                foreign = re.sub(r"[\x00-\x7f]+", "", text)
                judged += len(foreign)
                common += len(foreign.encode("gb2312", "ignore")) // 2
            if not chunk:
                break
    # Text in Latin-1 often passes for GB18030, but what comes out are characters that nobody uses.
    return (lines if judged and common < LEAST_COMMON * judged else None), False


def _is_utf8(encoding: str, text: str) -> bool:
    """Whether text has so much in sound UTF-8 that no other encoding would look like it by chance."""
    return encoding == "utf-8-sig" and THREE_BYTES.search(text) is not None
