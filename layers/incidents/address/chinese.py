"""A Chinese address cut into parts, from left to right in one pass.

Only the characters in MARKS can end a part: the ends of names (镇, 路, 村, …), digits, Latin letters, brackets, and
words such as 对面. What lies between two of them waits until one of them says what it is.
"""

from __future__ import annotations

import re

from layers.incidents.address import names, numbers
from layers.incidents.address.divisions import divisions

Span = tuple[str, int, int]
MARKS = re.compile(f"[{''.join(names.MARKS)}{names.MARKS_OF_RELATIONS}0-9A-Z\\s()+,;:.!?。、，；：|_/~*#-]")
_SEPARATORS = re.compile(r"[\s,;:.!?。、，；：|_/~*#)(+-]+")
_BRACKET = re.compile(r"\([^()]*\)")


class Scan:
    """The state of one pass. s: the text in one width; start: where what waits begins; parts: what is known."""

    __slots__ = ("known", "parts", "s", "start")

    def __init__(self, s: str) -> None:
        self.s = s
        self.start = 0
        self.parts: list[Span] = []
        self.known: set[str] = set()

    def last(self) -> str:
        """The kind of the part before, separators left out."""
        for kind, _, _ in reversed(self.parts):
            if kind != "separator":
                return kind
        return ""

    def put(self, kind: str, begin: int, end: int) -> int:
        """Take [begin, end) as a part; what waits before it is named first. Returns where to go on."""
        if self.start < begin:
            names.settle(self, begin)
        if end > begin:
            self.parts.append((kind, begin, end))
            self.known.add(kind)
        self.start = end
        return end

    def run(self) -> list[Span]:
        s, n, at = self.s, len(self.s), 0
        at = self._divisions(0)
        while at < n:
            mark = MARKS.search(s, at)
            if mark is None:
                break
            at = self._mark(mark.start())
        if self.start < n:
            names.settle(self, n)
        return self.parts

    def _mark(self, at: int) -> int:
        """What begins or ends at a mark; where to go on."""
        s = self.s
        character = s[at]
        if character == "(":
            found = _BRACKET.match(s, at)
            if found is not None:
                return self.put("remark", at, found.end())
        if "0" <= character <= "9":
            return numbers.digits(self, at)
        if "A" <= character <= "Z":
            return numbers.letters(self, at)
        found = _SEPARATORS.match(s, at)
        if found is not None:
            self.put("separator", at, found.end())
            return self._divisions(found.end())
        after = names.relation(self, at) or numbers.numerals(self, at) or names.ends(self, at)
        return after or at + 1

    def _divisions(self, at: int) -> int:
        """Provinces, cities and counties that stand one after another, however often."""
        s = self.s
        if s.startswith("中国", at) and divisions().at(s, at + 2):
            at = self.put("country", at, at + 2)
        while (found := divisions().at(s, at)) is not None:
            end = at + len(found.name)
            if found.short and not names.short_division(self, found, at, end):
                break
            at = self.put(found.level, at, end)
        return at
