"""A text file as blocks of whole lines in UTF-8, whatever it is in, and as lines where somebody needs them."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

BLOCK = 2**21  # bytes
LONGEST = 2 * BLOCK  # of a line that is kept whole


class TextBlocks:
    """Hands out a file block by block; of a block that was given back line by line, and on into the next ones."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._blocks = _blocks(path, encoding)
        self._lines = io.StringIO("")
        self._length = 0

    def next(self) -> bytes:
        """The next block, what is left of the last one first; empty at the end of the file."""
        rest = self._lines.read()
        self._length = 0
        return rest.encode() or next(self._blocks, b"")

    def give_back(self, block: bytes) -> None:
        """Takes the block that was handed out last, to be read by line."""
        text = block.decode()
        self._lines, self._length = io.StringIO(text, newline=""), len(text)

    def readline(self, size: int) -> str:
        """The next line, or ``size`` characters of it; '' at the end of the file."""
        line = self._lines.readline(size)
        while len(line) < size and line[-1:] not in ("\n", "\r") and (block := next(self._blocks, b"")):
            self.give_back(block)
            line += self._lines.readline(size - len(line))
        return line

    def is_between_blocks(self) -> bool:
        """Whether all lines of the blocks that were given back were read."""
        return self._lines.tell() >= self._length


def _blocks(path: Path, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    is_utf8 = encoding.startswith("utf-8")
    rest = b""
    with path.open("rb") as file:
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        while chunk := file.read(BLOCK):
            block = chunk if is_utf8 else decoder.decode(chunk).encode()
            whole, end, left = block.rpartition(b"\n")
            if end:
                yield rest + whole + end
                rest = left
            elif len(rest) < LONGEST:
                rest += block
            else:
                # No file has such lines; whoever reads it tells so.
                cut = _before_character(rest + block)
                yield (rest + block)[:cut]
                rest = (rest + block)[cut:]
    rest += decoder.decode(b"", final=True).encode()
    if rest:
        yield rest


def _before_character(block: bytes) -> int:
    """Where the last character of UTF-8 begins."""
    cut = len(block) - 1
    while cut > 0 and block[cut] & 0xC0 == 0x80:
        cut -= 1
    return cut
