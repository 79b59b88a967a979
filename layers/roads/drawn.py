"""Lines while they are being noded: their vertices in one array, and what has been made of them so far."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import shapely

from layers.roads.meetings import as_boxes
from layers.roads.places import distinct


@dataclass(frozen=True, eq=False)
class Drawn:
    """Parts of lines, in the order of lines and along each of them.

    xy: (n, 2) vertices in metres, part after part. part: (n,) which part each belongs to. For each part: its line and
    layer; the part that it was made of in this round; whether it differs from what was drawn at first, or in this
    round; and whether all its neighbours are here, so that its ends can be judged.
    """

    xy: np.ndarray
    part: np.ndarray
    line: np.ndarray
    layer: np.ndarray
    origin: np.ndarray
    changed: np.ndarray
    fresh: np.ndarray
    judged: np.ndarray

    @classmethod
    def of(cls, lines: np.ndarray, layer: np.ndarray) -> Self:
        """Return lines, (n,), each as one part."""
        xy, part = shapely.get_coordinates(lines, return_index=True)
        number, no = np.arange(len(lines)), np.zeros(len(lines), dtype=bool)
        return cls(xy, part, number, layer, number, no, no, ~no)

    @property
    def first(self) -> np.ndarray:
        """The first vertex of each part."""
        return np.searchsorted(self.part, np.arange(len(self.line)))

    @property
    def last(self) -> np.ndarray:
        """The last vertex of each part."""
        return np.searchsorted(self.part, np.arange(len(self.line)), side="right") - 1

    def ends(self) -> np.ndarray:
        """Return the vertices at which parts start and then those at which they end, (2n,)."""
        return np.concatenate([self.first, self.last])

    def end_nodes(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the distinct places of ends, (k, 2), and which of them each of `ends` is."""
        return distinct(self.xy[self.ends()])

    def shapes(self) -> np.ndarray:
        """Return the parts as LineStrings, (n,)."""
        return shapely.linestrings(self.xy, indices=self.part) if len(self.line) else np.zeros(0, dtype=object)

    def redrawn(self, xy: np.ndarray, part: np.ndarray, old: np.ndarray, touched: np.ndarray) -> "Drawn":
        """Return new parts made of old ones, which were touched or not."""
        touched = touched[old]
        return Drawn(
            xy,
            part,
            self.line[old],
            self.layer[old],
            self.origin[old],
            self.changed[old] | touched,
            self.fresh[old] | touched,
            self.judged[old],
        )

    def only(self, taken: np.ndarray) -> "Drawn":
        """Return the parts at ascending positions, which are the origins of what is made of them."""
        kept = np.zeros(len(self.line), dtype=bool)
        kept[taken] = True
        vertices = kept[self.part]
        number = np.cumsum(kept) - 1
        some = self.redrawn(self.xy[vertices], number[self.part[vertices]], taken, np.zeros(len(kept), dtype=bool))
        return replace(some, origin=taken)

    def with_(self, taken: np.ndarray, made: "Drawn") -> "Drawn":
        """Return the parts with those at `taken` replaced by what was made of them."""
        stay = np.ones(len(self.line), dtype=bool)
        stay[taken] = False
        others = self.only(np.flatnonzero(stay))
        order = np.argsort(np.concatenate([others.origin, made.origin]), kind="stable")
        number = np.empty(len(order), dtype=int)
        number[order] = np.arange(len(order))
        part = number[np.concatenate([others.part, len(others.line) + made.part])]
        vertices = np.argsort(part, kind="stable")
        columns = {
            name: np.concatenate([getattr(others, name), getattr(made, name)])[order]
            for name in ("line", "layer", "origin", "changed", "fresh", "judged")
        }
        return Drawn(np.vstack([others.xy, made.xy])[vertices], part[vertices], **columns)

    def to_look_at(self, reach: float) -> tuple["Drawn", np.ndarray]:
        """Return the parts ready for the next round, and which of them have to be looked at: what lies within reach of
        what changed is judged, and the neighbours of that are needed to judge it."""
        low, high = np.minimum.reduceat(self.xy, self.first), np.maximum.reduceat(self.xy, self.first)
        boxes = as_boxes(low, high, reach)
        tree = shapely.STRtree(boxes)
        judged = _hit(tree, boxes[self.fresh])
        near = np.flatnonzero(_hit(tree, boxes[judged]))
        return replace(self, fresh=np.zeros(len(boxes), dtype=bool), judged=judged), near


def _hit(tree: shapely.STRtree, boxes: np.ndarray) -> np.ndarray:
    hit = np.zeros(len(tree), dtype=bool)
    hit[tree.query(boxes)[1]] = True
    return hit
