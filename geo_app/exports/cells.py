"""Texts as a cell can hold them: harmless where the file is opened, and the same again when it comes back.

What is quoted here ``geo_app.imports.texts.unquoted`` takes away.
"""

from __future__ import annotations

import re
from typing import Any

# What a spreadsheet takes for a formula; full-width signs count where the keyboard is a Chinese one.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
QUOTED_ALREADY = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
NEGATIVE = re.compile(r"-\d+(\.\d+)?")


def clean(value: Any) -> str:
    """Text without what no file can hold: NUL, halves of a surrogate pair, blanks around it."""
    word = str(value).replace("\x00", "").strip()
    return word if word.isascii() else word.encode("utf-8", "replace").decode()


def literal(value: Any) -> str:
    """A text for a format that tells texts from formulas by itself; the apostrophe of one that has it is doubled."""
    word = clean(value)
    return f"'{word}" if QUOTED_ALREADY.match(word) else word


def quoted(value: Any) -> str:
    """A text for CSV: an apostrophe stands before what would be a formula. A negative number is none."""
    word = clean(value)
    return f"'{word}" if FORMULA.match(word) and not NEGATIVE.fullmatch(word) else word
