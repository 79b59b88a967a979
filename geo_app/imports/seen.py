"""Which keys stood in a file before, in eight bytes each: files may be longer than memory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd


class Seen:
    """Counts keys over the portions of one file. Two keys count as one if their 64-bit hashes are equal."""

    def __init__(self, before: Mapping[str, int] | None = None) -> None:
        """``before``: keys that count as seen, and on which lines."""
        # Sorted runs of (hash, how often, line of the first), each at most half as long as the one before.
        self._runs: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        if before:
            self.add(pd.Series([*before], dtype=object), np.array([*before.values()], dtype=np.int64))

    def add(self, keys: pd.Series, lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Takes the keys of a portion; which one of its equals in the file each is (1, 2, …), and the first one's line."""
        hashes, at_first, inverse = np.unique(
            pd.util.hash_array(keys.to_numpy(dtype=object), categorize=False), return_index=True, return_inverse=True
        )
        before = np.zeros(len(hashes), dtype=np.int64)
        first = lines[at_first]
        for known, counts, firsts in reversed(self._runs):  # the earliest has the last word on which line was first
            at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            hit = known[at] == hashes
            before += np.where(hit, counts[at], 0)
            first = np.where(hit, firsts[at], first)
        order = pd.Series(inverse).groupby(inverse).cumcount().to_numpy()
        self._keep(hashes, np.bincount(inverse, minlength=len(hashes)), first)
        return before[inverse] + order + 1, first[inverse]

    def _keep(self, hashes: np.ndarray, counts: np.ndarray, firsts: np.ndarray) -> None:
        if not len(hashes):
            return
        self._runs.append((hashes, counts, firsts))
        while len(self._runs) > 1 and 2 * len(self._runs[-1][0]) > len(self._runs[-2][0]):
            later, earlier = self._runs.pop(), self._runs.pop()
            together = [np.concatenate(pair) for pair in zip(earlier, later, strict=True)]
            known, at_first, inverse = np.unique(together[0], return_index=True, return_inverse=True)
            self._runs.append((known, np.bincount(inverse, together[1]).astype(np.int64), together[2][at_first]))
