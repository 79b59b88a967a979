"""Parts of a graph put together into a few connected regions of like weight with short lines between them.

Regions grow from seeds that lie far apart, the lightest first; then parts at their edges change sides, the best
change first and not straight back. This is the automatic zoning of Openshaw (1977, Trans. Inst. Br. Geogr. 2) with
the forbidden moves of Openshaw and Rao (1995, Environ. Plann. A 27), begun from several sets of seeds. There is no
chance in it. Many regions are made in two steps, for a walk over all of them grows with the square of their number:
few large ones, each of which is divided on its own.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np

STARTS = 12  # of a hundred parts; the more there are, the less another start finds
CENTRINGS = 6
BALANCE = 2.0  # how much unlike weights cost against long lines
FORBIDDEN = 8  # steps for which a part may not go back
AT_ONCE = 40  # regions; more are made in two steps


@dataclass(frozen=True, eq=False)
class Parts:
    """A connected graph: weight and place (n, 2) in metres of each part, pairs that touch with the metres of line
    that they share, and the area of all in square metres."""

    weight: np.ndarray
    place: np.ndarray
    links: np.ndarray
    shared_m: np.ndarray
    area_m2: float

    @cached_property
    def beside(self) -> list[dict[int, float]]:
        """For each part its neighbours and the length of line shared with each."""
        found: list[dict[int, float]] = [{} for _ in self.weight]
        for (a, b), length in zip(self.links.tolist(), self.shared_m.tolist(), strict=True):
            found[a][b] = found[b][a] = length
        return found

    def among(self, members: np.ndarray, area_m2: float) -> "Parts":
        """The graph of some of its parts (numbers, ascending), which have an area of their own."""
        place = np.full(len(self.weight), -1)
        place[members] = np.arange(len(members))
        links = place[self.links]
        inside = (links >= 0).all(axis=1)
        return Parts(self.weight[members], self.place[members], links[inside], self.shared_m[inside], area_m2)


def regions(parts: Parts, count: int, starts: int = STARTS) -> np.ndarray:
    """Return the region 0..count-1 of each part; 1 <= count <= number of parts, and the graph is connected. More
    ``starts`` find better regions and take longer."""
    if count > AT_ONCE:
        return divided(parts, regions(parts, round(count**0.5), starts), count, starts)
    starts = min(starts, len(parts.weight), max(2, 100 * starts // len(parts.weight)))
    found = [_search(parts, grow(parts, count, start * STARTS // starts), count) for start in range(starts)]
    return min(found, key=lambda one: round(one[0], 9))[1]


def divided(parts: Parts, group: np.ndarray, count: int, starts: int = STARTS) -> np.ndarray:
    """Return the region 0..count-1 of each part, none of which is in two groups. ``group``: 0.. of each part, connected
    each; there are no more groups than regions."""
    shares = _shares(np.bincount(group, weights=parts.weight), np.bincount(group), count)
    found = np.empty(len(group), dtype=int)
    for number, (share, before) in enumerate(zip(shares, np.cumsum(shares) - shares, strict=True)):
        members = np.flatnonzero(group == number)
        found[members] = before + regions(parts.among(members, parts.area_m2 * share / count), int(share), starts)
    return found


def _shares(weight: np.ndarray, parts: np.ndarray, count: int) -> np.ndarray:
    """How many regions each group gets: at least one, at most its parts, the next where regions would be heaviest."""
    shares = np.ones(len(weight), dtype=int)
    while shares.sum() < count:
        load = np.where(shares < parts, (weight + 1e-9) / shares, -1.0)
        shares[int(np.argmax(load))] += 1
    return shares


def grow(parts: Parts, count: int, start: int = 0) -> np.ndarray:
    """Return regions grown from seeds far apart, and grown again from their own middles."""
    seeds = _far_apart(parts.place, count, start)
    for _ in range(CENTRINGS):
        of_part = _grown(parts, seeds)
        middles = [_middle(parts, np.flatnonzero(of_part == region)) for region in range(count)]
        if middles == seeds:
            break
        seeds = middles
    return of_part


def _grown(parts: Parts, seeds: Sequence[int]) -> np.ndarray:
    """Regions that take one part after the other: always the lightest region, and of its neighbours the nearest part."""
    of_part = np.full(len(parts.weight), -1)
    away = [np.hypot(*(parts.place - parts.place[seed]).T) for seed in seeds]
    edges: list[list[tuple[float, int]]] = [[] for _ in seeds]

    def take(part: int, region: int) -> float:
        of_part[part] = region
        for other in parts.beside[part]:
            if of_part[other] < 0:
                heappush(edges[region], (float(away[region][other]), other))
        return float(parts.weight[part])

    growing = [(take(seed, region), region) for region, seed in enumerate(seeds)]
    heapify(growing)
    while growing:
        weight, region = heappop(growing)
        while edges[region]:
            part = heappop(edges[region])[1]
            if of_part[part] < 0:
                heappush(growing, (weight + take(part, region), region))
                break
    return of_part


def _far_apart(place: np.ndarray, count: int, start: int) -> list[int]:
    """Seeds of which each is the farthest from those before it (Gonzalez 1985); the first lies out at one side."""
    angle = 2 * np.pi * start / STARTS
    seeds = [int(np.argmax(place @ (np.cos(angle), np.sin(angle))))]
    gap = np.hypot(*(place - place[seeds[0]]).T)
    while len(seeds) < count:
        gap[seeds] = -1.0
        seeds.append(int(np.argmax(gap)))
        gap = np.minimum(gap, np.hypot(*(place - place[seeds[-1]]).T))
    return seeds


def _middle(parts: Parts, members: np.ndarray) -> int:
    weight = parts.weight[members] + 1e-9
    centre = (parts.place[members] * weight[:, None]).sum(axis=0) / weight.sum()
    return int(members[np.argmin(np.hypot(*(parts.place[members] - centre).T))])


def _search(parts: Parts, of_part: np.ndarray, count: int) -> tuple[float, np.ndarray]:
    """The cheapest regions met on a walk of best moves, and their cost."""
    return walk(State(parts, of_part, count), 30 + len(of_part) // 4)[:2]


def walk(state: "State", patience: int) -> tuple[float, np.ndarray, int]:
    """Return the least cost met on a walk of best moves, the region of each part there, and the number of moves.

    The walk ends after ``patience`` moves without a new best; the state stays where the walk ended.
    """
    cost = best = state.cost()
    kept = state.of_part.copy()
    until = np.zeros(state.touch.shape, dtype=int)
    step = idle = 0
    while idle < patience:
        step, idle = step + 1, idle + 1
        move = state.best_move(until < step, best - cost)
        if move is None:
            break
        until[move[0], state.of_part[move[0]]] = step + FORBIDDEN
        state.take(*move)
        cost = state.cost()
        if cost < best - 1e-9:
            best, kept, idle = cost, state.of_part.copy(), 0
    return best, kept, step


class State:
    """Regions under way, with what each part shares with each region. Another aim is a class with another cost and change."""

    def __init__(self, parts: Parts, of_part: np.ndarray, count: int) -> None:
        self.parts, self.of_part, self.count = parts, of_part.copy(), count
        self.weight = np.bincount(of_part, weights=parts.weight, minlength=count)
        self.mean = max(float(self.weight.mean()), 1e-9)
        # About the lines between as many squares: a grid that is twice as long as need be costs 1.
        self.unit = 2 * float(np.sqrt(parts.area_m2 / count)) + 1e-9
        self.touch = np.zeros((len(of_part), count))
        for part, others in enumerate(parts.beside):
            for other, length in others.items():
                self.touch[part, of_part[other]] += length

    def cost(self) -> float:
        cut = float((self.touch.sum() - self.touch[np.arange(len(self.of_part)), self.of_part].sum()) / 2)
        return BALANCE * float(((self.weight / self.mean - 1) ** 2).sum()) + cut / self.unit

    def change(self, part: np.ndarray, goal: np.ndarray) -> np.ndarray:
        """By how much the cost grows when parts move into regions beside them, each for itself."""
        home, moved = self.of_part[part], self.parts.weight[part]
        a, b, step = self.weight[home] / self.mean - 1, self.weight[goal] / self.mean - 1, moved / self.mean
        change = BALANCE * ((a - step) ** 2 - a**2 + (b + step) ** 2 - b**2)
        return np.asarray(change + (self.touch[part, home] - self.touch[part, goal]) / self.unit)

    def best_move(self, allowed: np.ndarray, behind: float) -> tuple[int, int] | None:
        """The part and its new region that cost least; one that makes up for what the cost lies ``behind`` the best is
        never forbidden."""
        part, goal = np.nonzero(self.touch > 0)
        out = goal != self.of_part[part]
        part, goal = part[out], goal[out]
        change = self.change(part, goal)
        able = allowed[part, goal] | (change < behind - 1e-9)
        for row in np.argsort(np.round(change, 12), kind="stable"):
            if able[row] and self._stays_whole(int(part[row])):
                return int(part[row]), int(goal[row])
        return None

    def take(self, part: int, goal: int) -> None:
        """Moves a part into another region."""
        home = self.of_part[part]
        for other, length in self.parts.beside[part].items():
            left = self.touch[other, home] - length
            # What was added and taken away again leaves a hair, which is no line.
            self.touch[other, home] = left if left >= 1e-6 else 0.0
            self.touch[other, goal] += length
        self.weight[home] -= self.parts.weight[part]
        self.weight[goal] += self.parts.weight[part]
        self.of_part[part] = goal

    def _stays_whole(self, part: int) -> bool:
        """Whether the region of a part is something, and in one piece, without it."""
        home = self.of_part[part]
        near = [other for other in self.parts.beside[part] if self.of_part[other] == home]
        if not near:
            return False
        # Breadth first: what hung together around the part mostly still does within a few steps.
        reached, missing, waiting = {part, near[0]}, set(near[1:]), deque([near[0]])
        while missing and waiting:
            for other in self.parts.beside[waiting.popleft()]:
                if other not in reached and self.of_part[other] == home:
                    reached.add(other)
                    missing.discard(other)
                    waiting.append(other)
        return not missing
