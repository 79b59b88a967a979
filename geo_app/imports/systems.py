"""The system of a file's coordinates: one of PROJ's, or one of the two shifted ones of Chinese maps, which PROJ lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from layers.coordinates import bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02

WGS84 = CRS.from_epsg(4326)
AUTO = "auto"
AS_WGS84 = frozenset({"EPSG:4326", "EPSG:4490", "OGC:CRS84"})
SHIFTED = {"GCJ-02": (gcj02_to_wgs84, wgs84_to_gcj02), "BD-09": (bd09_to_wgs84, wgs84_to_bd09)}
ALIASES = {"WGS84": "EPSG:4326", "WGS-84": "EPSG:4326", "CGCS2000": "EPSG:4490", "GCJ02": "GCJ-02", "BD09": "BD-09"}


@dataclass(frozen=True)
class System:
    """A named system: ``EPSG:4548``, ``ESRI:102649``, ``GCJ-02`` or ``BD-09``. Without ``crs`` it is a shifted one."""

    name: str
    crs: CRS | None

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name if self.crs is None else str(self.crs.name)

    @property
    def in_degrees(self) -> bool:
        """Whether coordinates are longitude and latitude."""
        return self.crs is None or bool(self.crs.is_geographic)

    def to_wgs84(self, points: np.ndarray) -> np.ndarray:
        """Points (n, 2) in x, y order as longitude and latitude. CGCS2000 counts as WGS84."""
        return self._moved(points, there=False)

    def from_wgs84(self, points: np.ndarray) -> np.ndarray:
        """The way back: longitude and latitude (n, 2) as x and y."""
        return self._moved(points, there=True)

    def _moved(self, points: np.ndarray, *, there: bool) -> np.ndarray:
        if not len(points) or self.name in AS_WGS84:
            return points
        move: Callable[..., Any]
        if self.crs is None:
            move = SHIFTED[self.name][there]
        else:
            move = _transformer(*((WGS84, self.crs) if there else (self.crs, WGS84))).transform
        return np.column_stack(move(points[:, 0], points[:, 1]))


@lru_cache(maxsize=64)  # one takes about 40 ms to make, and every portion of a file asks for it
def _transformer(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def of_crs(crs: CRS) -> System:
    """The system that a file names itself."""
    return System(crs.to_string()[:200], crs)


def parse_system(text: str) -> System:
    """A system by its name. Raises ValueError for anything else."""
    name = text.strip().upper()
    name = ALIASES.get(name, name)
    if name in SHIFTED:
        return System(name, None)
    authority, _, code = name.partition(":")
    if authority not in ("EPSG", "ESRI") or not code.isdigit():
        raise ValueError(
            f"{text!r} names no coordinate system; write it as EPSG:4548, ESRI:102649, GCJ-02, BD-09 or auto."
        )
    try:
        return System(name, CRS.from_authority(authority, int(code)))
    except CRSError as error:
        raise ValueError(f"There is no coordinate system {text}.") from error
