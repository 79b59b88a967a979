"""Whose a piece of land is to be that nobody has, or several have, or that lies beyond the parent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from grid_boundaries.land import in_metres, polygons
from grid_boundaries.pieces import OUTSIDE, Pieces

CLEARLY = 0.9  # of a gap's outline that two grids have between them: then it lies between these two
HALVINGS = 12  # of the tolerance, to find out how wide a piece is


def width_m(shape: shapely.Geometry, most: float) -> float:
    """Return how wide a polygon in metres is at its widest, at least and to one part in 4096 of `most`; more is inf.

    The width is that of the widest circle in it: half of it is the erosion that leaves nothing.
    """
    if _has_room(shape, most / 2):
        return float("inf")
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _has_room(shape, middle / 2) else (low, middle)
    return high


def _has_room(shape: shapely.Geometry, radius: float) -> bool:
    # Eroding very thin shapes GEOS leaves specks, some of them outside the shape.
    left = np.array([*polygons(shapely.buffer(shape, -radius)), None], dtype=object)[:-1]
    middles = shapely.point_on_surface(left)
    deep = shapely.distance(middles, shape.boundary) > 0.9 * radius
    return bool((deep & shapely.intersects(middles, shape)).any())


@dataclass(eq=False)
class Settling:
    """Pieces under way: who holds each, and of those that changed hands why and how wide they are.

    given: the shapes as they were, in metres. may: whether pieces of these owners may be touched at all. first: rank of each owner where nothing else decides.
    """

    pieces: Pieces
    given: np.ndarray
    scale: np.ndarray
    tolerance_m: float
    first: Sequence[int]
    may: np.ndarray
    foreign: np.ndarray
    holders: list[frozenset[int]] = field(init=False)
    why: dict[int, tuple[str, float]] = field(init=False, default_factory=dict)
    _kept: dict[tuple[int, int], int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.holders = list(self.pieces.owners)
        self.plane = in_metres(self.pieces.shapes, self.scale)

    def settle(self) -> None:
        """Gives every disputed piece that is narrow enough to one grid, or to none where it lies beyond the parent."""
        narrow = {
            piece: width
            for piece in self._disputed()
            if (width := width_m(self.plane[piece], self.tolerance_m)) < np.inf
        }
        gaps = []
        for piece, width in sorted(narrow.items(), key=lambda one: one[1]):
            owners = self.pieces.owners[piece]
            if not self.pieces.inside[piece]:
                self._give(piece, frozenset(), "outside", width)
            elif owners:
                keeps = max(
                    owners, key=lambda one: (sum(self._best(one, other) == one for other in owners), -self.first[one])
                )
                self._give(piece, frozenset([keeps]), "overlap", width)
            else:
                gaps.append(piece)
        while waiting := [piece for piece in gaps if not self._fill(piece, narrow[piece])]:
            if len(waiting) == len(gaps):
                break
            gaps = waiting
        self._hold_back()

    def hand_on(self, piece: int, holder: int) -> None:
        """Gives a piece of a part of a grid that is too narrow to the neighbour that has most of its outline."""
        width = width_m(self.plane[piece], self.tolerance_m)
        border = self._border(piece)
        border.pop(holder, None)
        if border and width < np.inf:
            self._give(
                piece, frozenset([max(border, key=lambda one: (border[one], -self.first[one]))]), "sliver", width
            )

    def _give(self, piece: int, holders: frozenset[int], kind: str, width: float) -> None:
        self.holders[piece] = holders
        self.why[piece] = (kind, width)

    def _disputed(self) -> list[int]:
        found = []
        for piece, owners in enumerate(self.pieces.owners):
            wrong = len(owners) != 1 if self.pieces.inside[piece] else bool(owners)
            if wrong and not self.foreign[piece] and self.may[list(owners)].all():
                found.append(piece)
        return found

    def _best(self, one: int, other: int) -> int:
        """Whose line is kept: of two the one that is drawn in more detail along the other, else the first."""
        pair = (min(one, other), max(one, other))
        if pair not in self._kept:
            detail = {a: self._corners_along(a, b) for a, b in (pair, pair[::-1])}
            self._kept[pair] = min(pair, key=lambda grid: (-detail[grid], self.first[grid]))
        return self._kept[pair]

    def _corners_along(self, one: int, other: int) -> int:
        """How many corners a grid, as it was given, has within the tolerance of another."""
        corners = shapely.points(np.unique(shapely.get_coordinates(self.given[one]), axis=0))
        return int(shapely.dwithin(corners, self.given[other], self.tolerance_m).sum())

    def _border(self, piece: int) -> dict[int, float]:
        """Metres of line that a piece has with land that is one grid's."""
        found: dict[int, float] = {}
        for other, metres in self.pieces.beside[piece].items():
            if other != OUTSIDE and self.pieces.inside[other] and len(self.holders[other]) == 1:
                (grid,) = self.holders[other]
                if self.may[grid]:
                    found[grid] = found.get(grid, 0.0) + metres
        return found

    @staticmethod
    def _main(border: Mapping[int, float]) -> list[int]:
        """The two between which it lies, if it is clear; else all."""
        ranked = sorted(border, key=lambda grid: -border[grid])
        clear = sum(border[grid] for grid in ranked[:2]) >= CLEARLY * sum(border.values())
        return ranked[:2] if clear else ranked

    def _fill(self, piece: int, width: float) -> bool:
        border = self._border(piece)
        if not border:
            return False
        parties = self._main(border)
        if len(parties) == 2:  # to the one whose own line goes, so that the other's is the line of both
            keeps = self._best(*parties)
            taker = parties[0] if parties[1] == keeps else parties[1]
        else:
            taker = max(parties, key=lambda grid: (border[grid], -self.first[grid]))
        self._give(piece, frozenset([taker]), "gap", width)
        return True

    def _hold_back(self) -> None:
        """Leaves alone what would together be wider than the tolerance on one side of one grid."""
        changed: dict[tuple[int, bool], list[int]] = {}
        for piece in self.why:
            for grid in self.holders[piece] ^ self.pieces.owners[piece]:
                changed.setdefault((grid, grid in self.holders[piece]), []).append(piece)
        for pieces in changed.values():
            together = shapely.get_parts(shapely.union_all(self.plane[pieces]))
            for part in together[shapely.get_num_coordinates(together) > 0]:
                members = [piece for piece in pieces if part.intersects(self.plane[piece].point_on_surface())]
                if len(members) > 1 and width_m(part, self.tolerance_m) == np.inf:
                    for piece in members:
                        self.holders[piece] = self.pieces.owners[piece]
                        self.why.pop(piece, None)
