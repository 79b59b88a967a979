"""Which of the known roads and places an address names, and how far from it a point lies."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import shapely
from geopandas import GeoDataFrame

ROAD_ENDS = ("路", "街", "道", "巷", "弄")
# What may stand before a road in an address. After any other Chinese character it is the end of a longer name:
# 山东路 is no part of 中山东路.
BEFORE_ROAD = frozenset("省市区县旗镇乡村街道路巷弄号里组社队场与和近至到在于及从由沿靠对")


class KnownNames:
    """Names of roads and places with their geometries, indexed so that a text is read once, whatever their number.

    named: columns `name` and `geometry`, any metric system; rows of one name are one thing, rows without a name or a
    geometry are left out, and so are names of one character.
    """

    def __init__(self, named: GeoDataFrame) -> None:
        shapes = defaultdict(list)
        for name, shape in zip(named["name"], named.geometry, strict=True):
            if isinstance(name, str) and len(name.strip()) > 1 and shape is not None and not shape.is_empty:
                shapes[name.strip()].append(shape)
        self.names = tuple(shapes)
        self._shapes = [shapely.geometrycollections(rows) for rows in shapes.values()]
        self._number = {name: number for number, name in enumerate(self.names)}
        lengths = defaultdict(set)
        for name in self.names:
            lengths[name[:2]].add(len(name))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}

    def named_in(self, texts: Iterable[object]) -> np.ndarray:
        """Return for each text the position in `names` of the longest name in it, the first of several; −1 for none."""
        return np.array([self._longest(text) if isinstance(text, str) else -1 for text in texts], dtype=np.intp)

    def distance(self, number: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return metres from each point to what it names; infinite where the point is none.

        number: positions in `names`. x, y: easting and northing in the system of the geometries.
        """
        away = np.full(len(number), np.inf)
        placed = np.isfinite(x) & np.isfinite(y)
        points = shapely.points(x[placed], y[placed])
        shapes = np.array([self._shapes[which] for which in number[placed]], dtype=object)
        away[placed] = shapely.distance(points, shapes)
        return away

    def _longest(self, text: str) -> int:
        best, longest = -1, 0
        for at in range(len(text) - 1):
            for length in self._lengths.get(text[at : at + 2], ()):
                if length <= longest:
                    break
                name = text[at : at + length]  # shorter than that at the end of the text
                number = self._number.get(name) if len(name) == length else None
                if number is not None and _stands_alone(text, at, length):
                    best, longest = number, length
                    break
        return best


def _stands_alone(text: str, at: int, length: int) -> bool:
    """Whether the name at this place is not a part of a longer road's name, nor the 街 of a 街道."""
    name, after = text[at : at + length], text[at + length : at + length + 1]
    if not name.endswith(ROAD_ENDS):
        return True
    before = text[at - 1 : at]
    is_chinese = "一" <= before <= "鿿"
    return (not is_chinese or before in BEFORE_ROAD) and not (name.endswith("街") and after == "道")
