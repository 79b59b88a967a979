"""Units in which measures are given, as headings and cells write them. Nothing is converted: another unit is no match."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

METRES = ("m", "米", "meter", "meters", "metre", "metres")
DEGREES = ("°", "度", "deg", "degree", "degrees")
WGS84 = ("wgs84", "wgs-84", "cgcs2000", "epsg:4326", "epsg:4490")
UNITS = MappingProxyType({
    "longitude": (*DEGREES, *WGS84), "latitude": (*DEGREES, *WGS84), "x": METRES, "y": METRES,
    "length": METRES, "height_m": METRES, "range_m": METRES, "accuracy_m": METRES,
    "levels": ("层", "f"), "households": ("户",), "people": ("人",),
    "bearing": DEGREES, "heading": DEGREES, "field_of_view": DEGREES,
    "response_minutes": ("分钟", "分", "min", "minutes"),
    "speed_kmh": ("km/h", "kmh", "kph", "公里/小时", "千米/小时", "公里/时", "千米/时"), "speed_mps": ("m/s", "米/秒"),
})  # fmt: skip


def is_unit_of(word: str, name: str) -> bool:
    """Whether ``word`` is a unit in which ``name``, one of our measures, is kept."""
    return _plain(word) in UNITS.get(name, ())


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()


def suffix_of(name: str) -> str | None:
    """A pattern of the unit behind a number, in any case; None for what is no measure."""
    units = UNITS.get(name)
    return (
        rf"(?i)\s*(?:{'|'.join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))})$" if units else None
    )
