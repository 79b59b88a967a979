"""The lines of shapes taken apart; those that neighbours share to the bit, and the few shapes that have any other."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from grid_boundaries.schema import DIGITS

# Odd numbers that spread the bits of a pair of lattice points; equal pairs are compared in full afterwards.
_FIRST, _SECOND, _THIRD = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xFF51AFD7ED558CCD))


@dataclass(frozen=True, eq=False)
class Segments:
    """Every segment of polygons, with the land on its left.

    start, end: degrees (n, 2). ring: number of its ring; the segments of one follow each other. owner: position of
    the shape of each ring.
    """

    start: np.ndarray
    end: np.ndarray
    ring: np.ndarray
    owner: np.ndarray

    @cached_property
    def places(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Two numbers for each, alike for both directions, and its direction, 1 or −1; on the lattice."""
        start, end = point_numbers(self.start), point_numbers(self.end)
        turned = start > end
        return np.where(turned, end, start), np.where(turned, start, end), np.where(turned, -1, 1)

    @cached_property
    def together(self) -> tuple[np.ndarray, np.ndarray]:
        """Their positions in an order in which those on one place follow each other, and a number for each place."""
        low, high, _ = self.places
        return grouped(low, high)

    @cached_property
    def on_lattice(self) -> bool:
        """Whether all of them begin on the lattice."""
        return np.array_equal(self.start, np.round(self.start, DIGITS))

    @property
    def shape(self) -> np.ndarray:
        """The position of the shape of each."""
        return self.owner[self.ring]

    @classmethod
    def of(cls, shapes: np.ndarray) -> "Segments":
        """Return the segments of valid polygons."""
        parts, of_part = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
        rings, of_ring = shapely.get_rings(parts, return_index=True)
        places, ring = shapely.get_coordinates(rings, return_index=True)
        within = ring[1:] == ring[:-1]
        return cls(places[:-1][within], places[1:][within], ring[:-1][within], of_part[of_ring])


def invalid_edges(shapes: np.ndarray, segments: Segments) -> np.ndarray:
    """Return what `shapely.coverage_invalid_edges` does of valid polygons, looking only where anything can be wrong."""
    if not segments.on_lattice:
        return np.asarray(shapely.coverage_invalid_edges(shapes))
    edges = np.full(len(shapes), shapely.LineString(), dtype=object)
    unshared = has_unshared(segments, len(shapes))
    around = shapely.STRtree(shapes).query(shapes[unshared])[1]
    rows = np.unique(np.concatenate([np.flatnonzero(unshared), around]))
    if len(rows):
        edges[rows] = shapely.coverage_invalid_edges(shapes[rows])
    return edges


def has_unshared(segments: Segments, count: int) -> np.ndarray:
    """Return a mask of the shapes that have a segment which no other has the opposite way, vertex for vertex.

    segments: of `count` shapes on the lattice. In a coverage these shapes lie along its outline and around its holes.
    Where two shapes overlap, the segments around the overlap are unshared: how many shapes lie on a place changes
    only across such segments, and far away it is none.
    """
    order, group = segments.together
    lonely = np.bincount(group, minlength=1) != 2
    lonely |= np.bincount(group, weights=segments.places[2][order], minlength=1) != 0
    found = np.zeros(count, dtype=bool)
    found[segments.shape[order[lonely[group]]]] = True
    return found


def grouped(first: np.ndarray, second: np.ndarray, third: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return an order in which equal rows of two or three columns of whole numbers follow each other, and the number of
    each row's group in that order."""
    spread = first * _FIRST ^ (second * _SECOND >> np.uint64(7)) ^ second
    columns = (first, second) if third is None else (first, second, third)
    order = np.argsort(spread if third is None else spread ^ third * _THIRD)
    new = np.zeros(len(order), dtype=bool)
    for column in columns:
        ordered = column[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    return order, np.cumsum(new)


def point_numbers(places: np.ndarray) -> np.ndarray:
    """Return one number for each point (n, 2) of the lattice."""
    steps = np.rint(places * 10.0**DIGITS).astype(np.int64).astype(np.uint64)
    return np.asarray((steps[:, 0] << np.uint64(32)) | (steps[:, 1] & np.uint64(0xFFFFFFFF)))


def lattice_points(numbers: np.ndarray) -> np.ndarray:
    """Return the points (n, 2) in degrees that have these numbers."""
    steps = np.stack([numbers >> np.uint64(32), numbers & np.uint64(0xFFFFFFFF)], axis=-1)
    return np.asarray(steps.astype(np.uint32).astype(np.int32) / 10.0**DIGITS)
