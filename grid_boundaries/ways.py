"""Ways across narrow gaps that run along more than two grids: each grid takes what lies before it."""

import numpy as np
import shapely

from grid_boundaries.land import in_metres
from grid_boundaries.pieces import OUTSIDE, Pieces
from grid_boundaries.schema import DIGITS, snap
from grid_boundaries.settle import width_m
from grid_boundaries.shared_lines import Segments, point_numbers

DISPUTED = -2  # stands for land that is not one grid's
STEP = 10.0**-DIGITS
SHARP = np.radians(30)  # from which turn on a corner of a grid stands out into a gap


def ways_across(pieces: Pieces, scale: np.ndarray, tolerance_m: float) -> list[shapely.LineString]:
    """Return lines on the lattice across gaps no wider than the tolerance that lie between three grids or more.

    One leads from each place where two neighbours of the gap meet, and from each sharp corner of a neighbour, to the
    nearest line of a third or another, where that is no farther than the tolerance.
    """
    found: list[shapely.LineString] = []
    plane = in_metres(pieces.shapes, scale)
    for piece, owners in enumerate(pieces.owners):
        if owners or not pieces.inside[piece] or len(pieces.beside[piece]) < 3:
            continue
        if width_m(plane[piece], tolerance_m) < np.inf:
            found += _Gap(pieces, piece, scale, tolerance_m).ways()
    return found


class _Gap:
    """The outline of a gap in metres, segment by segment with the gap on its left, and whose land lies beyond each."""

    def __init__(self, pieces: Pieces, piece: int, scale: np.ndarray, tolerance_m: float) -> None:
        segments = Segments.of(pieces.shapes[[piece]])
        self.start, self.end = segments.start * scale, segments.end * scale
        self.lines = shapely.linestrings(np.stack([self.start, self.end], axis=1))
        self.room = shapely.buffer(pieces.shapes[piece], STEP)
        self.scale, self.tolerance_m = scale, tolerance_m
        first = np.flatnonzero(np.diff(segments.ring, prepend=-1))
        self.before = np.arange(-1, len(segments.ring) - 1)
        self.before[first] = np.append(first[1:], len(segments.ring)) - 1
        self.owner = _across(pieces, piece, segments)
        self._pass_over_short_ones()

    def _pass_over_short_ones(self) -> None:
        """What is shorter than the tolerance, or nobody's alone, belongs to the meeting of those on either side."""
        run = np.cumsum(self.owner != self.owner[self.before])
        length = np.bincount(run, weights=np.hypot(*(self.end - self.start).T))
        self.owner[(self.owner == DISPUTED) | (length[run] <= self.tolerance_m)] = DISPUTED
        if (self.owner != DISPUTED).any():
            while (lost := np.flatnonzero((self.owner == DISPUTED) & (self.owner[self.before] != DISPUTED))).size:
                self.owner[lost] = self.owner[self.before[lost]]

    def ways(self) -> list[shapely.LineString]:
        """Return the lines from corners of the piece to what lies opposite, along which it is cut; none for a piece
        between two."""
        owners = set(self.owner.tolist()) - {DISPUTED}
        if len(owners) < 3:
            return []
        found = []
        step = self.end - self.start
        come, go = step[self.before], step
        turn = np.arctan2(come[:, 0] * go[:, 1] - come[:, 1] * go[:, 0], (come * go).sum(axis=1))
        for corner in range(len(self.owner)):
            here = {int(self.owner[corner]), int(self.owner[self.before[corner]])}
            if len(here) == 2:
                found += self._way(corner, owners - here)
            elif turn[corner] < -SHARP:
                found += [way for other in owners - here for way in self._way(corner, {other})]
        return found

    def _way(self, corner: int, owners: set[int]) -> list[shapely.LineString]:
        theirs = self.lines[np.isin(self.owner, list(owners))]
        way = shapely.shortest_line(shapely.Point(self.start[corner]), shapely.multilinestrings(theirs))
        line = snap(shapely.transform(way, lambda xy: xy / self.scale))
        near = way.length <= self.tolerance_m and line.length > STEP
        return [line] if near and self.room.covers(line) else []


def _across(pieces: Pieces, piece: int, segments: Segments) -> np.ndarray:
    """Whose land lies on the other side of each segment."""
    neighbours = np.array([other for other in pieces.beside[piece] if other != OUTSIDE], dtype=int)
    theirs = Segments.of(pieces.shapes[neighbours])
    holder: dict[tuple[int, int], int] = {}
    for end, start, of in zip(
        point_numbers(theirs.end).tolist(),
        point_numbers(theirs.start).tolist(),
        neighbours[theirs.owner[theirs.ring]].tolist(),
        strict=True,
    ):
        owners = pieces.owners[of]
        outside = not pieces.inside[of]
        holder[end, start] = OUTSIDE if outside else next(iter(owners)) if len(owners) == 1 else DISPUTED
    keys = zip(point_numbers(segments.start).tolist(), point_numbers(segments.end).tolist(), strict=True)
    return np.array([holder.get(key, OUTSIDE) for key in keys])
