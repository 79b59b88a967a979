"""Drawn road lines become a network: cut where they meet, ends that just miss a line joined to it.

Lines of different layers (a bridge, a tunnel, the ground) do not meet in the plan, except where both end. The result is a
fixed point: noding it again changes nothing.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from layers.errors import FrameError, ParameterError
from layers.roads.drawn import Drawn
from layers.roads.meetings import meetings
from layers.roads.undershoots import joined

TOLERANCE_M = 0.01
SNAP_M = 0.5
# Each round mends what the one before brought close together; three to six are usual.
ROUNDS = 20


@dataclass(frozen=True, eq=False)
class Noded:
    """Parts of lines that meet only where they share a node.

    For each part, (n,): position of its line, ordinal along that line from 1, geometry in metres, the line's layer, and
    the nodes of both ends. nodes: (k, 2) easting and northing, sorted. joined: how many ends were moved onto a line that
    they missed.
    """

    parent: np.ndarray
    ordinal: np.ndarray
    geometry: np.ndarray
    layer: np.ndarray
    start_node: np.ndarray
    end_node: np.ndarray
    nodes: np.ndarray
    joined: int


def node(lines: np.ndarray, layer: np.ndarray, tolerance: float = TOLERANCE_M, snap: float = SNAP_M) -> Noded:
    """Return lines cut where two of a layer meet: cross, touch, or one ends on the other.

    lines: (n,) LineStrings in projected metres, not empty. layer: (n,) whole numbers, 0 on the ground. tolerance: metres
    within which a place is the same, positive; what meets gets equal coordinates to the bit. snap: metres by which an
    end may miss another line of its layer and still be joined to it, if it meets nothing else; 0 for none. An
    overshoot stays.

    Parts come in the order of lines and along each of them. A line that needs no cut is the very same geometry; what is
    cut loses its third dimension. Lines that lie on each other are cut where they part, not at each vertex, and keep
    their length. The places of cuts do not hang on the order of lines.
    Raises FrameError on what is no line, ParameterError on numbers out of range.
    """
    lines = np.asarray(lines, dtype=object)
    if len(lines) != len(layer):
        raise FrameError(f"{len(lines)} lines with {len(layer)} layers")
    if ((shapely.get_type_id(lines) != 1) | shapely.is_empty(lines)).any():
        raise FrameError("noding needs LineStrings that are not empty")
    if not tolerance > 0 or not snap >= 0:
        raise ParameterError(f"tolerance must be positive and snap not negative, got {tolerance} and {snap}")
    drawn = Drawn.of(lines, np.asarray(layer).astype(int))
    taken, ends = np.arange(len(lines)), 0
    for _ in range(ROUNDS):
        if not len(taken):
            break
        some = _cut(drawn.only(taken), tolerance)
        if snap > tolerance:
            some, number = joined(some, tolerance, snap)
            ends += number
        drawn = drawn.with_(taken, some) if len(taken) < len(drawn.line) else some
        drawn, taken = drawn.to_look_at(max(tolerance, snap))
    return _noded(lines, drawn, ends)


def _noded(lines: np.ndarray, drawn: Drawn, ends: int) -> Noded:
    shapes = drawn.shapes()
    same = ~drawn.changed
    shapes[same] = lines[drawn.line[same]]
    ordinal = np.arange(len(shapes)) - np.searchsorted(drawn.line, drawn.line) + 1
    nodes, of_end = drawn.end_nodes()
    start, end = np.split(of_end, 2)
    return Noded(drawn.line, ordinal, shapes, drawn.layer, start, end, nodes, ends)


def _cut(drawn: Drawn, tolerance: float) -> Drawn:
    """Cut parts at the nodes that they pass, and give what meets in a node its coordinates."""
    met = meetings(drawn.xy, drawn.part, drawn.layer[drawn.part], tolerance)
    n = len(drawn.xy)
    # All that a line passes, in its order: vertices and, after the first vertex of a segment, the places on it.
    at = np.concatenate([np.arange(n), met.segment])
    order = np.lexsort((np.concatenate([np.full(n, -1.0), met.share]), at))
    at, place, vertex = at[order], np.concatenate([met.of_vertex, met.place])[order], order < n
    part = drawn.part[at]
    # Repeated vertices are one stop.
    new = np.concatenate([[True], (np.diff(place) != 0) | (np.diff(part) != 0)])
    head, tail = np.flatnonzero(new), np.flatnonzero(np.append(new[1:], True))
    outer, nodes = _nodes(place[head], part[head], met.shared)
    is_node = nodes[place]
    parted = is_node[tail] & ~outer
    cut = np.zeros(len(at), dtype=bool)
    cut[tail] = parted
    xy = np.where(is_node[:, None], met.places[place], drawn.xy[at])
    # Of repeated vertices at a cut one is enough.
    stays = np.flatnonzero(np.where(parted[np.cumsum(new) - 1], cut, vertex | is_node))
    # A vertex at a cut ends one part and begins the next.
    twice = np.repeat(stays, 1 + cut[stays])
    begins = np.concatenate([[True], (np.diff(twice) == 0) | (np.diff(part[twice]) != 0)])
    touched = np.zeros(len(drawn.line), dtype=bool)
    touched[part[cut | (vertex & (xy != drawn.xy[at]).any(axis=1))]] = True
    return drawn.redrawn(xy[twice], np.cumsum(begins) - 1, part[twice[begins]], touched)


def _nodes(place: np.ndarray, part: np.ndarray, shared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which stops are the first or last of their part; and which of the places are nodes: where a part ends, turns
    back, or parts lead on to three places or more."""
    on = part[1:] == part[:-1]
    outer = ~(np.append(on, False) & np.insert(on, 0, False))
    here, there = place[:-1][on], place[1:][on]
    here, there = np.concatenate([here, there]), np.concatenate([there, here])
    # Parts that lie on each other lead to the same places: no reason to cut them there.
    ways = np.sort(here[shared[here]] * len(shared) + there[shared[here]])
    ways = ways[np.diff(ways, prepend=-1) != 0]
    nodes = np.bincount(ways // len(shared), minlength=len(shared)) >= 3
    nodes[place[outer]] = True
    back = ~outer[1:-1] & (place[2:] == place[:-2])
    nodes[place[1:-1][back]] = True
    return outer, nodes
