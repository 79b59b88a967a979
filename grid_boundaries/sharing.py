"""How many grids each community gets, and what of it hangs together; and regions to start from."""

from collections.abc import Sequence

import numpy as np
import shapely

from grid_boundaries.cells import components
from grid_boundaries.errors import BalanceError
from grid_boundaries.ground import Ground
from grid_boundaries.recombine import halved
from grid_boundaries.regions import Parts, regions

BRIDGE_M = 0.01  # line that is counted between land that does not touch
STARTS = 2


def bridges(land: Ground, links: np.ndarray, count: int) -> np.ndarray:
    """Return links (n, 2) that join exclaves too light for a grid of their own to the nearest land of their group.

    links: pairs of cells that touch within a group; count: grids in all. An exclave is too light when it has less than half
    of a mean grid, or when there are more pieces than grids; a dedicated grid is one whatever it weighs.
    Raises BalanceError when there are more groups than grids.
    """
    shapes, group, load = land.cells.shapes, land.group, land.load
    groups, dedicated = len(land.fixed), land.fixed[group]
    if groups > count:
        raise BalanceError(
            f"{groups} communities and dedicated grids cannot be made of {count} grids", "too_few", groups
        )
    half = load[~dedicated].sum() / max(count - land.fixed.sum(), 1) / 2
    found = np.empty((0, 2), dtype=int)
    while True:
        piece = components(len(shapes), np.vstack([links, found]))
        weight = np.bincount(piece, weights=load)
        of_piece = np.empty(len(weight), dtype=int)
        of_piece[piece] = group
        several = np.bincount(of_piece)[of_piece] > 1
        light = several & (land.fixed[of_piece] | (weight < half) | (len(weight) > count))
        if not light.any():
            return found
        lightest = int(np.argmin(np.where(light, weight, np.inf)))
        inside = np.flatnonzero(piece == lightest)
        outside = np.flatnonzero((piece != lightest) & (group == of_piece[lightest]))
        near, gap = shapely.STRtree(shapes[outside]).query_nearest(
            shapes[inside], return_distance=True, all_matches=False
        )
        best = int(np.argmin(gap))
        found = np.vstack([found, np.sort([inside[near[0, best]], outside[near[1, best]]])])


def shares(
    load: np.ndarray, most: np.ndarray, count: int, today: np.ndarray, fixed: np.ndarray, tolerance: float
) -> np.ndarray:
    """Return how many grids each piece gets: `count` in all, at least one and at most `most` each.

    load: of each piece; today: grids that it has; fixed: pieces that are one grid, whatever they weigh. A grid is added
    where grids are heaviest and taken away where they would be lightest after it, also from one piece for another when
    that brings the heaviest down by more than the tolerance (D'Hondt's rule, begun from today's numbers).
    Raises BalanceError when there are too few cells.
    """
    found = np.where(fixed, 1, np.clip(today, 1, most))
    weight = load + 1e-9
    room = int(np.where(fixed, 1, most).sum())
    if room < count:
        raise BalanceError(f"the units make {int(most.sum())} cells, which cannot make {count} grids", "too_many", room)
    while True:
        heavy = np.where(~fixed & (found < most), weight / found, -np.inf)
        light = np.where(~fixed & (found > 1), weight / np.maximum(found - 1, 1), np.inf)
        up, down = int(np.argmax(heavy)), int(np.argmin(light))
        if found.sum() < count:
            found[up] += 1
        elif found.sum() > count:
            found[down] -= 1
        elif up != down and heavy[up] > light[down] * (1 + tolerance):
            found[up] += 1
            found[down] -= 1
        else:
            return np.asarray(found)


def target(load: np.ndarray, count: int, tolerance: float) -> float:
    """Return what each of `count` regions is to bear; a part that is heavier alone is left out with its region."""
    order = np.sort(load)[::-1]
    heavy = 0
    while heavy < min(count - 1, len(order)):
        mean = order[heavy:].sum() / (count - heavy)
        if order[heavy] <= mean * (1 + tolerance):
            break
        heavy += 1
    return float(max(order[heavy:].sum() / (count - heavy), 1e-9))


def start(parts: Parts, today: np.ndarray, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return connected regions 0..count-1 to start from, and the number of today's grid that each of them is.

    today: number of today's grid of each part, -1 for none. Of a grid in several pieces the heaviest is what stays; the
    lightest grids are added to their lightest neighbours, the heaviest halved, until there are `count`. A region that is
    none of today's has -1. Without any of today's, regions are made anew.
    """
    if (today < 0).all():
        return regions(parts, count, STARTS), np.full(count, -1)
    label = _whole(parts, today.copy())
    while len(names := np.unique(label)) > count:
        load = np.array([parts.weight[label == name].sum() for name in names])
        out = int(names[np.argmin(load)])
        beside = np.unique(label[_around(parts, np.flatnonzero(label == out))])
        beside = beside[beside != out]
        label[label == out] = min(beside.tolist(), key=lambda name: (load[np.searchsorted(names, name)], name))
    origin = {int(name): int(name) for name in names}
    while len(origin) < count:
        members = max((np.flatnonzero(label == name) for name in origin), key=lambda some: _splittable(parts, some))
        half = halved(parts, members, rng)
        weight = parts.weight[members]
        lesser = half if weight[half].sum() <= weight[~half].sum() else ~half
        name = max(origin) + 1
        label[members[lesser]] = name
        origin[name] = -1
    names = np.unique(label)
    return np.searchsorted(names, label), np.array([origin[int(name)] for name in names])


def _splittable(parts: Parts, members: np.ndarray) -> float:
    return float(parts.weight[members].sum()) if len(members) > 1 else -1.0


def _around(parts: Parts, members: Sequence[int] | np.ndarray) -> list[int]:
    return [other for part in members for other in parts.beside[part]]


def _whole(parts: Parts, label: np.ndarray) -> np.ndarray:
    """Every label in one piece: the lesser pieces, and what has none, join the neighbour with the longest line."""
    a, b = parts.links.reshape(-1, 2).T
    piece = components(len(label), parts.links[label[a] == label[b]])
    load = np.bincount(piece, weights=parts.weight) + 1e-9 * np.bincount(piece)
    of_piece = np.empty(len(load), dtype=int)
    of_piece[piece] = label
    for name in np.unique(label):
        mine = np.flatnonzero(of_piece == name)
        lost = mine if name < 0 else mine[mine != mine[np.argmax(load[mine])]]
        label[np.isin(piece, lost)] = -1
    while (lost := np.flatnonzero(label < 0)).size:
        found = label.copy()
        for part in lost:
            near = {other: length for other, length in parts.beside[part].items() if label[other] >= 0}
            if near:
                found[part] = label[max(near, key=lambda other: (near[other], -other))]
        label = found
    return label
