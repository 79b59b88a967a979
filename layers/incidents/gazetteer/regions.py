"""Counties, towns, communities and groups: where they lie, and whether an address is in this gazetteer's counties at all."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers.incidents.address import Address, normalise
from layers.incidents.address.divisions import divisions
from layers.incidents.gazetteer.calibration import WITHIN

_ENDS = {
    "county": re.compile(r"(?<=..)[区县市旗]$"),
    "town": re.compile(r"(?<=..)(?:街道办事处|街道|集镇|镇|乡)$"),
    "community": re.compile(r"(?<=..)(?:社区居委会|村委会|居委会|社区|居委|行政村|村)$"),
    "group": re.compile(r"(?<=..)(?:自然村|村民组|村|组|队)$"),
}


@dataclass(frozen=True, slots=True)
class Region:
    """An area or the place of a group of houses. radius_m holds most of what lies in it; parent: the name above it."""

    kind: str
    name: str
    parent: str
    x: float
    y: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Regions:
    """Regions by kind and short name; counties: what is this gazetteer's own; codes: their national ones."""

    by_name: dict[tuple[str, str], tuple[Region, ...]]
    counties: frozenset[str]
    codes: frozenset[str]

    def find(self, kind: str, name: str) -> tuple[Region, ...]:
        """Return the regions of a name, with or without the word for its kind."""
        return self.by_name.get((kind, short(kind, name)), ()) if name else ()

    def elsewhere(self, address: Address) -> bool:
        """Whether an address names a county or city that is none of ours. A gazetteer without counties knows no elsewhere."""
        if not self.counties:
            return False
        if address.county:
            county = short("county", address.county)
            if county in self.counties:
                return False
            # What is no county of the country is a slip of a pen, and says nothing.
            if _codes(address.county) or any(_codes(f"{county}{end}") for end in "区县市"):
                return True
        if not self.codes:
            return False
        for name, digits in ((address.city, 4), (address.province, 2)):
            codes = _codes(name)
            heads = {code[: 2 if code.endswith("0000") else digits] for code in codes}  # 上海市 is a province of cities
            if heads and not any(code.startswith(tuple(heads)) for code in self.codes):
                return True
        return False


def short(kind: str, name: str) -> str:
    """Return a region's name without the word for its kind: 历阳 for 历阳镇."""
    return _ENDS[kind].sub("", name)


def _codes(name: str) -> tuple[str, ...]:
    found = divisions().at(name, 0) if name else None
    return found.codes if found is not None and found.name == name else ()


def regions(
    labelled: dict[tuple[str, str, str], list[tuple[float, float]]], areas: GeoDataFrame | None, own: set[str]
) -> Regions:
    """From points by (kind, name, parent) and areas with polygons, which win. own: names of the entries' counties."""
    by_name: dict[tuple[str, str], dict[str, Region]] = defaultdict(dict)
    for (kind, name, parent), points in labelled.items():
        xy = np.array(points)
        x, y = np.median(xy, axis=0)
        radius = float(np.quantile(np.hypot(xy[:, 0] - x, xy[:, 1] - y), WITHIN))
        by_name[kind, short(kind, name)][parent] = Region(kind, name, parent, float(x), float(y), max(radius, 100.0))
    counties = {short("county", name) for name in own}
    codes = {code for name in own for code in _codes(name)}
    if areas is not None:
        for kind, name, parent, shape in zip(
            areas["kind"], areas["name"], areas["parent"], areas.geometry, strict=True
        ):
            name = normalise(str(name))
            above = normalise(str(parent)) if isinstance(parent, str) else ""
            if kind == "county":
                counties.add(short(kind, name))
                codes |= set(_codes(name))
            if kind not in _ENDS or shape is None or shape.is_empty:
                continue
            of_name = by_name[kind, short(kind, name)]
            of_name.pop("", None)
            of_name[above] = _of_polygon(kind, name, above, shape, of_name.get(above))
    frozen = {key: tuple(those.values()) for key, those in by_name.items()}
    return Regions(frozen, frozenset(counties), frozenset(codes))


def _of_polygon(kind: str, name: str, parent: str, shape: shapely.Geometry, known: Region | None) -> Region:
    """Where its addresses are, if any are known; else its middle with the circle of WITHIN of its area."""
    if known is not None:
        return Region(kind, name, parent, known.x, known.y, known.radius_m)
    middle = shape.representative_point() if not shape.covers(shape.centroid) else shape.centroid
    edge = shapely.get_coordinates(shape.convex_hull)
    reach = float(np.hypot(edge[:, 0] - middle.x, edge[:, 1] - middle.y).max())
    return Region(kind, name, parent, middle.x, middle.y, max(100.0, reach * WITHIN**0.5))
