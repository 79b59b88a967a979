"""Regions of a graph made to carry like loads: two neighbours become one and are parted anew, again and again.

A random spanning tree of the two is cut where the halves are best; this is ReCom (DeFord, Duchin and Solomon 2021,
Harvard Data Science Review 3.1). There it draws samples; here it is the kick of a local search (`regions.walk`), and a
result that is worse than what was before is mostly taken back. All chance comes from the seed, and the end from a
count of work, not from a clock: the same input gives the same regions.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import depth_first_order, minimum_spanning_tree

from grid_boundaries.regions import Parts, State, walk

STRICT = 20.0  # what a load at twice the tolerance costs, where a grid twice as long as need be costs 1
OVER = 1.0  # of it for being beyond the tolerance at all: no shorter line makes up for that
STEEP = 4.0  # tolerances beyond which a load costs no more and more: a unit that is too heavy cannot be helped
TREES = 3  # drawn for each pair; the best cut of all is taken
CANDIDATES = 100  # cuts of a tree whose lines are measured
PATIENCE = 12  # moves of the local search after each kick
SLACK = 0.5  # by how much regions may get worse at first
STALE = 10  # kicks for each region without a new best, after which the search goes back to the best and shakes it
SHAKES = 3  # kicks that are taken whatever they cost, and of which there are many
HOPES = 6  # shakings without a new best, after which nothing more is hoped for


@dataclass(frozen=True, eq=False)
class Aim:
    """What the regions are to be like.

    target: load of each; tolerance: share of the target by which it may differ. home: region in which each part lies
    today, -1 for none of them; price: what it costs when a part is elsewhere. lines: how much their length counts, 1 as
    much as in `regions`.
    """

    target: float
    tolerance: float
    home: np.ndarray
    price: np.ndarray
    lines: float = 1.0

    def strain(self, load: np.ndarray) -> np.ndarray:
        """What loads cost: nothing within the tolerance, then ever more, and evenly more when far beyond."""
        off = np.abs(load / self.target - 1) - self.tolerance
        beyond = np.maximum(off - 1e-9, 0.0) / max(self.tolerance, 0.01)
        curve = np.where(beyond < STEEP, beyond**2, STEEP * (2 * beyond - STEEP))
        return np.asarray(STRICT * ((beyond + curve) / 2 + OVER * (beyond > 0)))


@dataclass(frozen=True, eq=False)
class Found:
    """The region of each part, what it costs, and how many moves and kicks it took."""

    of_part: np.ndarray
    cost: float
    steps: int


class Aimed(State):
    """Regions under way to an aim."""

    def __init__(self, parts: Parts, of_part: np.ndarray, count: int, aim: Aim) -> None:
        super().__init__(parts, of_part, count)
        self.aim = aim
        self.unit /= aim.lines

    def cost(self) -> float:
        a, b = self.of_part[self.parts.links].reshape(-1, 2).T
        cut = float(self.parts.shared_m[a != b].sum())
        away = float(self.aim.price[self.aim.home != self.of_part].sum())
        return float(self.aim.strain(self.weight).sum()) + cut / self.unit + away

    def change(self, part: np.ndarray, goal: np.ndarray) -> np.ndarray:
        """By how much each move of a part into a region (both (n,) positions) makes all dearer."""
        aim, now = self.aim, self.of_part[part]
        moved = self.parts.weight[part]
        strain = aim.strain(self.weight)
        change = aim.strain(self.weight[now] - moved) - strain[now]
        change += aim.strain(self.weight[goal] + moved) - strain[goal]
        change += (self.touch[part, now] - self.touch[part, goal]) / self.unit
        home = aim.home[part]
        return np.asarray(change + aim.price[part] * ((home != goal) * 1.0 - (home != now)))

    def put(self, of_part: np.ndarray) -> None:
        """Takes regions as they are given."""
        self.of_part = of_part.copy()
        self.weight = np.bincount(of_part, weights=self.parts.weight, minlength=self.count)
        self.touch[:] = 0.0
        a, b = self.parts.links.reshape(-1, 2).T
        np.add.at(self.touch, (a, of_part[b]), self.parts.shared_m)
        np.add.at(self.touch, (b, of_part[a]), self.parts.shared_m)

    def neighbours(self) -> np.ndarray:
        """Pairs of regions that touch, the lesser number first."""
        pairs = np.sort(self.of_part[self.parts.links].reshape(-1, 2), axis=1)
        return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)


def recombined(parts: Parts, start: np.ndarray, aim: Aim, work: float, seed: int) -> Found:
    """Return regions that cost least of all that were met, begun from ``start`` (0..count-1, each connected).

    ``work``: how much may be done, in parts looked at (`work_of`); what is cheap to do takes less. Every region stays
    connected and keeps at least one part.
    """
    count = int(start.max()) + 1
    rng = np.random.default_rng(seed)
    state = Aimed(parts, start, count, aim)
    best, kept, steps = walk(state, 30 + len(start) // 4)
    state.put(kept)
    now, left, idle = best, work - steps * work_of(parts, count), 0
    while left > 0 and count > 1 and idle <= HOPES * STALE * count and best > 1e-9:
        stale = idle % (STALE * count) if idle else SHAKES
        if stale == 0:
            state.put(kept)
        before = state.of_part.copy()
        if not _kick(state, rng, STRICT if stale < SHAKES else 0.0):
            break
        cost, found, moves = walk(state, PATIENCE)
        left -= (moves + 4) * work_of(parts, count)
        steps, idle = steps + moves + 1, idle + 1
        if cost < best - 1e-9:
            best, kept, idle = cost, found, 0
        if stale < SHAKES or cost < now + SLACK * max(left, 0.0) / work:
            now = cost
            state.put(found)
        else:
            state.put(before)
    return Found(kept, best, steps)


def work_of(parts: Parts, count: int) -> float:
    """Return what one move costs, in parts looked at: some always, and each is chosen among all parts and regions."""
    return 5000.0 + len(parts.weight) * (1 + count / 20)


def halved(parts: Parts, members: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return which of some connected parts (two or more) make up one of two halves of like load."""
    best = (np.inf, members[:1])
    for _ in range(TREES):
        tree = _Tree(parts, members, rng)
        load = tree.below(parts.weight[members])
        cut = 1 + int(np.argmin(np.round(np.abs(load[1:] - load[0] / 2), 9)))
        off = float(abs(load[cut] - load[0] / 2))
        if off < best[0]:
            best = (off, tree.part(cut))
    return np.isin(members, best[1])


def _kick(state: Aimed, rng: np.random.Generator, noise: float) -> bool:
    """Parts two regions anew, rather such as bear too much or too little, and says whether there was another way."""
    pairs = state.neighbours()
    if not len(pairs):
        return False
    strain = state.aim.strain(state.weight)[pairs].sum(axis=1)
    chance = 0.2 + np.minimum(strain, STRICT)
    for at in rng.choice(len(pairs), size=len(pairs), replace=False, p=chance / chance.sum()):
        if _parted(state, int(pairs[at, 0]), int(pairs[at, 1]), rng, noise):
            return True
    return False


def _parted(state: Aimed, a: int, b: int, rng: np.random.Generator, noise: float) -> bool:
    """Takes the best cut of a few trees over both regions, with noise a fair one; it is never the line that is there."""
    parts, aim = state.parts, state.aim
    members = np.flatnonzero((state.of_part == a) | (state.of_part == b))
    weight, price, home = parts.weight[members], aim.price[members], aim.home[members]
    in_a = (state.of_part[members] == a) * 1.0
    best, chosen = np.inf, None
    for _ in range(TREES):
        tree = _Tree(parts, members, rng)
        load = tree.below(weight)
        strain = aim.strain(load) + aim.strain(load[0] - load)
        # What stays at home if the part below the cut is region a, and if it is region b.
        of_a, of_b = tree.below(price * (home == a)), tree.below(price * (home == b))
        stays = np.stack([of_a + of_b[0] - of_b, of_b + of_a[0] - of_a])
        inside, size = tree.below(in_a), tree.size
        same = ((inside == size) & (size == in_a.sum())) | ((inside == 0) & (size == len(members) - in_a.sum()))
        cost = np.where(same, np.inf, strain - stays.max(axis=0))
        cost[0] = np.inf  # the root: all of it
        cost += noise * rng.exponential(size=len(cost)) if noise else 0.0
        some = np.argsort(np.round(cost, 9), kind="stable")[:CANDIDATES]
        cost = cost[some] + tree.crossing(some) / state.unit
        cut = int(np.argmin(np.round(cost, 9)))
        if cost[cut] < best - 1e-9:
            best, chosen = float(cost[cut]), (tree.part(int(some[cut])), bool(np.diff(stays[:, some[cut]])[0] > 0))
    if chosen is None:
        return False
    below, as_b = chosen
    of_part = state.of_part.copy()
    of_part[members] = a if as_b else b
    of_part[below] = b if as_b else a
    state.put(of_part)
    return True


class _Tree:
    """A random spanning tree over some parts, in the order of a walk that goes down before it goes on."""

    def __init__(self, parts: Parts, members: np.ndarray, rng: np.random.Generator) -> None:
        place = np.full(len(parts.weight), -1)
        place[members] = np.arange(len(members))
        links = place[parts.links].reshape(-1, 2)
        inside = (links >= 0).all(axis=1)
        self.members, links, self.shared = members, links[inside], parts.shared_m[inside]
        # Short lines are rarely in the tree, so that cuts rather follow them (and what counts as short, as roads do).
        length = rng.exponential(size=len(links)) / (self.shared + 1e-3) + 1e-12
        graph = coo_array((length, links.T), shape=(len(members),) * 2).tocsr()
        tree = minimum_spanning_tree(graph)
        self.order, above = depth_first_order(tree, 0, directed=False, return_predecessors=True)
        self.at = np.empty(len(members), dtype=int)
        self.at[self.order] = np.arange(len(members))
        size = np.ones(len(members), dtype=int)
        for node in self.order[:0:-1].tolist():
            size[above[node]] += size[node]
        self.size = size[self.order]
        self.ends = self.at[links]

    def below(self, values: np.ndarray) -> np.ndarray:
        """The sum of the values at and below each place of the order."""
        sums = np.concatenate([[0.0], np.cumsum(values[self.order])])
        first = np.arange(len(self.order))
        return np.asarray(sums[first + self.size] - sums[first])

    def crossing(self, cuts: np.ndarray) -> np.ndarray:
        """The length of line between what lies below each of some cuts and the rest."""
        first, last = cuts[:, None], cuts[:, None] + self.size[cuts][:, None]
        one, other = ((self.ends[:, end] >= first) & (self.ends[:, end] < last) for end in (0, 1))
        return np.asarray(((one != other) * self.shared).sum(axis=1))

    def part(self, cut: int) -> np.ndarray:
        """The parts at and below a cut."""
        return np.asarray(self.members[self.order[cut : cut + self.size[cut]]])
