"""A Chinese address cut into parts, from left to right in one pass.

Only the characters in MARKS can end a part: the ends of names (镇, 路, 村, …), digits, Latin letters, brackets, and
words such as 对面. What lies between two of them waits until one of them says what it is.
"""

from __future__ import annotations

import re

from layers.incidents.address import areas, names, numbers, places, relations
from layers.incidents.address.divisions import divisions

Span = tuple[str, int, int]
_MARK = re.compile(rf"[{names.MARKS}{numbers.MARKS}{relations.MARKS}0-9A-Z\s()+,;:.!?。、，；：！？|_/~*#-]")
_SEPARATORS = re.compile(r"[\s,;:.!?。、，；：！？|_/~*#)(+-]+")
_BRACKET = re.compile(r"\([^()]*\)")


class Scan:
    """The state of one pass. s: the text in one width; start: where what waits begins; parts: what is taken so far."""

    __slots__ = ("known", "parts", "s", "start")

    def __init__(self, s: str) -> None:
        self.s = s
        self.start = 0
        self.parts: list[Span] = []
        self.known: set[str] = set()

    def last(self) -> str:
        """The kind of the part before, separators left out; "" where there is none."""
        for kind, _, _ in reversed(self.parts):
            if kind != "separator":
                return kind
        return ""

    def take(self, kind: str, begin: int, end: int) -> int:
        """Take [begin, end) as a part. Returns where to go on."""
        if end > begin:
            self.parts.append((kind, begin, end))
            self.known.add(kind)
        self.start = end
        return end

    def put(self, kind: str, begin: int, end: int) -> int:
        """As take, after what waits before it got its name."""
        if self.start < begin:
            places.settle(self, begin)
        return self.take(kind, begin, end)

    def run(self) -> list[Span]:
        """The parts of the whole text."""
        s, n = self.s, len(self.s)
        at = self.divisions(0)
        while at < n:
            mark = _MARK.search(s, at)
            if mark is None:
                break
            at = self._mark(mark.start())
        if self.start < n:
            places.settle(self, n)
        return self.parts

    def _mark(self, at: int) -> int:
        """Take what begins or ends at a mark; where to go on."""
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
            return self.divisions(found.end())
        return relations.relation(self, at) or numbers.numerals(self, at) or names.ends(self, at) or at + 1

    def divisions(self, at: int) -> int:
        """Take provinces, cities and counties that stand one after another, however often; where to go on."""
        s, known = self.s, divisions()
        while True:
            if s.startswith("中国", at) and known.at(s, at + 2) is not None:
                at = self.take("country", at, at + 2)
            found = known.at(s, at)
            if found is None:
                return at
            level, end = found.level, at + len(found.name)
            if found.short:
                # 富阳市 of old is 富阳区 in the list: another suffix belongs to the name as well.
                if s.startswith(("市", "县", "区"), end) and not s.startswith(
                    ("市场", "市民", "区政", "县政", "市政", "市区"), end
                ):
                    end += 1
                elif not areas.short_division(self, found, end):
                    return at
            at = self.take(level, at, end)
