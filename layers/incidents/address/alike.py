"""Writings of the same made alike: width, letters, numerals, and the words for a house."""

from __future__ import annotations

import re

NUMERALS = "零一二三四五六七八九十百千两"
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
# One character for one, so that a position in the text made alike is the position in the text as given.
_ALIKE = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {chr(0xFEE0 + code): chr(code - 32) for code in range(ord("a"), ord("z") + 1)}
    | {chr(code): chr(code - 32) for code in range(ord("a"), ord("z") + 1)}
    | dict.fromkeys("‐‑‒–—―−－﹣", "-")
    | dict.fromkeys("【〔［「『〈《[{｛", "(")
    | dict.fromkeys("】〕］」』〉》]}｝", ")")
    | {"〇": "零", "○": "零", "　": " ", "～": "~", "〜": "~", "＃": "#", "﹟": "#"}
)
_ONE_AS_DASH = re.compile("(?<=[0-9])一(?=[0-9])")  # 17一10一6, as it is often typed
_UNITS = "号楼|支弄|单元|公里|号|弄|幢|栋|座|室|层|楼|组|队|米|期"
_NUMERAL = re.compile(f"第?([{NUMERALS}]+)(?={_UNITS})|第(?=[0-9])")
_HOUSE = re.compile(r"(?<=[0-9A-Z])(?:号楼|栋|座|#楼)")
_FLOOR = re.compile(r"(?<=[0-9])(?:楼|F(?![0-9A-Z]))")
_ATTACHED = re.compile(r"[副付](?=[0-9])")
_HIGHWAY = re.compile("[GSXYC]?([0-9]{2,4})([国省县乡])道|([国省县乡])道([0-9]{2,4})线?|(?<=[GSXYC])([0-9]{2,4})线")
_LETTERS = {"国": "G", "省": "S", "县": "X", "乡": "Y", None: ""}
_SPACES = re.compile(r"\s+")
_INNER = re.compile(r"(?<![0-9A-Z,.]) | (?![0-9A-Z/])")
_NOTHING_TO_DO = re.compile(r"[^ \t\n\r0-9副付号弄幢栋座室层楼组队米期单支公]*")


def one_width(text: str) -> str:
    """Return the text in half width and capital letters, with one kind of dash and bracket; as long as before."""
    text = text.translate(_ALIKE)
    return _ONE_AS_DASH.sub("-", text) if "一" in text else text


def numeral(text: str) -> str:
    """Return a Chinese numeral in digits: 二十 is "20", 六五零 "650"; other text comes back as it is."""
    if text.isascii() or any(character not in NUMERALS for character in text):
        return text
    if not any(character in _TENS for character in text):
        return "".join(str(_DIGITS[character]) for character in text)
    total, last = 0, None
    for character in text:
        if character in _TENS:
            total += (1 if last is None else last) * _TENS[character]
            last = None
        else:
            last = (last or 0) * 10 + _DIGITS[character]
    return str(total + (last or 0))


def normalise(text: str) -> str:
    """Return a text of an address as it is compared.

    Half width, capital Latin letters, digits for numerals before a unit (第三组 is 3组, 二十号 is 20号), 幢 for 栋, 座
    and 号楼 after a number, 层 for a floor, 附 for 副 and 付, S210 for 省道210线 and 210省道, no spaces but those between Latin words.
    """
    text = one_width(text)
    if _NOTHING_TO_DO.fullmatch(text):
        return text
    text = _INNER.sub("", _SPACES.sub(" ", text).strip())
    text = _NUMERAL.sub(lambda found: numeral(found[1] or ""), text)
    text = _HOUSE.sub("幢", text)
    text = _HIGHWAY.sub(lambda found: _LETTERS[found[2] or found[3]] + (found[1] or found[4] or found[5]), text)
    return _ATTACHED.sub("附", _FLOOR.sub("层", text))
