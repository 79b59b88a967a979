"""The pieces of land between all lines of some shapes: whose each is, and which of them share how much of a line."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from grid_boundaries.faces import STEP, node
from grid_boundaries.shared_lines import Segments, point_numbers

OUTSIDE = -1  # stands for the land beyond the parent, where a piece borders on no other


@dataclass(frozen=True, eq=False)
class Pieces:
    """Polygons on the lattice that share every vertex; the positions of the shapes in which each lies; whether it lies
    in the parent; and each segment between two of them: its pieces (n, 2), OUTSIDE for none, and its metres."""

    shapes: np.ndarray
    owners: list[frozenset[int]]
    inside: np.ndarray
    sides: np.ndarray
    metres: np.ndarray

    @classmethod
    def of(
        cls, shapes: np.ndarray, parent: shapely.Geometry | None, scale: np.ndarray, ways: list[shapely.LineString]
    ) -> "Pieces":
        """Return the pieces between the outlines of valid shapes, of the parent and some ways drawn across."""
        lines = [*shapely.boundary(shapes), *ways]
        edges = node([*lines, parent.boundary] if parent is not None else lines)
        faces = np.asarray(shapely.get_parts(shapely.polygonize(edges)))
        owners: list[set[int]] = [set() for _ in faces]
        for piece, owner in zip(*(found.tolist() for found in _within(faces, shapes)), strict=True):
            owners[piece].add(owner)
        inside = np.ones(len(faces), dtype=bool)
        if parent is not None:
            inside = np.isin(np.arange(len(faces)), _within(faces, np.array([parent]))[0])
        return cls(faces, [frozenset(one) for one in owners], inside, *_links(faces, scale))

    @cached_property
    def beside(self) -> list[dict[int, float]]:
        """For each piece the pieces next to it, OUTSIDE for none, and the metres of line between them."""
        found: list[dict[int, float]] = [{} for _ in self.shapes]
        for (a, b), metres in zip(self.sides.tolist(), self.metres.tolist(), strict=True):
            found[a][b] = found[a].get(b, 0.0) + metres
            if b != OUTSIDE:
                found[b][a] = found[b].get(a, 0.0) + metres
        return found


def _within(faces: np.ndarray, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a face and a shape that it lies in.

    Rounding moved the lines of faces by up to 0.71 of a step, so a point nearer to them than a step may lie across the
    line of the shape: of a face as thin as that most of the area tells.
    """
    tree = shapely.STRtree(shapes)
    middles = shapely.point_on_surface(faces)
    sure = shapely.distance(middles, shapely.boundary(faces)) > STEP
    deep, thin = np.flatnonzero(sure), np.flatnonzero(~sure)
    face, shape = tree.query(middles[deep], predicate="intersects")
    near, by = tree.query(faces[thin], predicate="intersects")
    most = 2 * shapely.area(shapely.intersection(faces[thin[near]], shapes[by])) > shapely.area(faces[thin[near]])
    return np.concatenate([deep[face], thin[near][most]]), np.concatenate([shape, by[most]])


def _links(faces: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    segments = Segments.of(faces)
    first, last = (
        np.minimum(point_numbers(segments.start), point_numbers(segments.end)),
        np.maximum(point_numbers(segments.start), point_numbers(segments.end)),
    )
    order = np.lexsort((last, first))
    same = (first[order][1:] == first[order][:-1]) & (last[order][1:] == last[order][:-1])
    owner = segments.owner[segments.ring][order]
    metres = np.hypot(*((segments.end - segments.start) * scale).T)[order]
    pairs = np.flatnonzero(same)
    alone = np.ones(len(order), dtype=bool)
    alone[pairs] = alone[pairs + 1] = False
    sides = np.concatenate(
        [np.sort(np.stack([owner[pairs], owner[pairs + 1]], axis=1), axis=1),
         np.stack([owner[alone], np.full(int(alone.sum()), OUTSIDE)], axis=1)]
    )  # fmt: skip
    return sides, np.concatenate([metres[pairs], metres[alone]])
