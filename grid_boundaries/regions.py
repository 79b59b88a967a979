"""Parts of a graph put together into a few connected regions of like weight with short lines between them.

Regions grow from seeds that lie far apart, the lightest first; then parts at their edges change sides, the best
change first and not straight back. This is the automatic zoning of Openshaw (1977, Trans. Inst. Br. Geogr. 2) with
the forbidden moves of Openshaw and Rao (1995, Environ. Plann. A 27), begun from several sets of seeds. There is no
chance in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

STARTS = 12  # of a hundred parts; the more there are, the less another start finds
CENTRINGS = 6
BALANCE = 2.0  # how much unlike weights cost against long lines
FORBIDDEN = 8  # steps for which a part may not go back


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


def regions(parts: Parts, count: int, starts: int = STARTS) -> np.ndarray:
    """Return the region 0..count-1 of each part; 1 <= count <= number of parts, and the graph is connected. More
    ``starts`` find better regions and take longer."""
    starts = min(starts, len(parts.weight), max(2, 100 * starts // len(parts.weight)))
    found = [_search(parts, grow(parts, count, start * STARTS // starts), count) for start in range(starts)]
    return min(found, key=lambda one: round(one[0], 9))[1]


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
    of_part = np.full(len(parts.weight), -1)
    weight = [0.0] * len(seeds)
    waiting: list[set[int]] = [set() for _ in seeds]

    def take(part: int, region: int) -> None:
        of_part[part] = region
        weight[region] += float(parts.weight[part])
        for near in waiting:
            near.discard(part)
        waiting[region] |= {other for other in parts.beside[part] if of_part[other] < 0}

    for region, seed in enumerate(seeds):
        take(seed, region)
    while able := [region for region, near in enumerate(waiting) if near]:
        region = min(able, key=lambda number: weight[number])
        near = sorted(waiting[region])
        away = np.hypot(*(parts.place[near] - parts.place[seeds[region]]).T)
        take(near[int(np.argmin(away))], region)
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
    state = _State(parts, of_part, count)
    best, kept = state.cost(), state.of_part.copy()
    until = np.zeros((len(of_part), count), dtype=int)
    step = idle = 0
    while idle < 30 + len(of_part) // 4:
        step, idle = step + 1, idle + 1
        move = state.best_move(until < step, best)
        if move is None:
            break
        until[move[0], state.of_part[move[0]]] = step + FORBIDDEN
        state.take(*move)
        if state.cost() < best - 1e-9:
            best, kept, idle = state.cost(), state.of_part.copy(), 0
    return best, kept


class _State:
    """Regions under way, with what each part shares with each region."""

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

    def best_move(self, allowed: np.ndarray, best: float) -> tuple[int, int] | None:
        """The part and its new region that cost least; one that beats the best is never forbidden."""
        part, goal = np.nonzero(self.touch > 0)
        out = goal != self.of_part[part]
        part, goal = part[out], goal[out]
        home, moved = self.of_part[part], self.parts.weight[part]
        a, b, step = self.weight[home] / self.mean - 1, self.weight[goal] / self.mean - 1, moved / self.mean
        change = BALANCE * ((a - step) ** 2 - a**2 + (b + step) ** 2 - b**2)
        change += (self.touch[part, home] - self.touch[part, goal]) / self.unit
        able = allowed[part, goal] | (self.cost() + change < best - 1e-9)
        for row in np.argsort(np.round(change, 12), kind="stable"):
            if able[row] and self._stays_whole(int(part[row])):
                return int(part[row]), int(goal[row])
        return None

    def take(self, part: int, goal: int) -> None:
        """Moves a part into another region."""
        home = self.of_part[part]
        for other, length in self.parts.beside[part].items():
            self.touch[other, home] -= length
            self.touch[other, goal] += length
        # What was added and taken away again leaves a hair, which is no line.
        self.touch[np.abs(self.touch) < 1e-6] = 0.0
        self.weight[home] -= self.parts.weight[part]
        self.weight[goal] += self.parts.weight[part]
        self.of_part[part] = goal

    def _stays_whole(self, part: int) -> bool:
        """Whether the region of a part is something, and in one piece, without it."""
        home = self.of_part[part]
        near = [other for other in self.parts.beside[part] if self.of_part[other] == home]
        if not near:
            return False
        reached, waiting = {part, near[0]}, [near[0]]
        while waiting:
            for other in self.parts.beside[waiting.pop()]:
                if other not in reached and self.of_part[other] == home:
                    reached.add(other)
                    waiting.append(other)
        return all(other in reached for other in near)
