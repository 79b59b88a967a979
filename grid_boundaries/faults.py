"""What a fault of a coverage is."""

from dataclasses import dataclass

import shapely

from grid_boundaries.land import area_m2, is_hair, polygons

# Intersections are computed in floating point: what is smaller than this is noise, not land.
NEGLIGIBLE_M2 = 1e-3
NEARLY = ("sliver", "spike")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, or nearly.

    kind: invalid_geometry, overlap, gap, unmatched_edge, uncovered, outside, exclave, across_communities,
    duplicate_code or malformed_code; sliver or spike for what is valid but hardly meant. grids: labels of the rows
    concerned. where: geometry in EPSG:4326 to show (of a code, the grids that have it), None when there is none.
    area_m2: of the land that is wrong, on the ellipsoid; 0 where no land is. detail: the reason, the code, the other
    community's code, or the width.
    """

    kind: str
    grids: tuple[object, ...]
    where: shapely.Geometry | None = None
    area_m2: float = 0.0
    detail: str = ""

    @property
    def is_near(self) -> bool:
        """Whether it is only nearly wrong: it is told, and nothing is refused for it."""
        return self.kind in NEARLY


def of_land(kind: str, grids: tuple[object, ...], where: shapely.Geometry, detail: str = "") -> list[Fault]:
    """Return one fault, or none when there is no land in it."""
    land = shapely.MultiPolygon(polygons(where))
    area = area_m2(land)
    return [Fault(kind, grids, land, area, detail)] if area > NEGLIGIBLE_M2 else []


def of_parts(kind: str, grids: tuple[object, ...], where: shapely.Geometry, detail: str = "") -> list[Fault]:
    """Return a fault for each part that is wider than the rounding to the lattice."""
    return [fault for part in polygons(where) if not is_hair(part) for fault in of_land(kind, grids, part, detail)]
