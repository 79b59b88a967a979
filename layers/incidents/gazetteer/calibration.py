"""How far an answer may be from the truth, as a gazetteer's own entries say when one of them is asked for."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

RIGHT_M = 200.0  # an answer this near is right: the same corner, the same stretch of a street
WITHIN = 0.825  # the share of truths that a radius is meant to hold: the middle of 75 to 90 %
LEAST_M = 15.0  # no address is better known than the plot that bears it
WINDOW = 60  # cases that speak for a scale; fewer than that say nothing


def share_within(radius_m: float, metres: float = RIGHT_M) -> float:
    """Return the share of truths within `metres` where WITHIN of them lie within `radius_m`, tails as long as usual."""
    return 1.0 - (1.0 - WITHIN) ** ((metres / max(radius_m, 1e-6)) ** 1.2)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Radius in metres and the share right, by a scale that grows with the error (metres, of any meaning)."""

    scale: tuple[float, ...]
    radius_m: tuple[float, ...]
    right: tuple[float, ...]

    @classmethod
    def fit(cls, scale: np.ndarray, error_m: np.ndarray) -> Calibration:
        """Learn from cases in which the truth was known. Fewer than WINDOW cases teach nothing."""
        n = len(scale)
        if n < WINDOW:
            return cls((), (), ())
        order = np.argsort(scale, kind="stable")
        scale, error_m = np.asarray(scale)[order], np.asarray(error_m)[order]
        width = max(WINDOW, n // 15)
        begins = np.unique(np.linspace(0, n - width, max(2, min(24, 2 * n // width))).astype(int))
        windows = [slice(begin, begin + width) for begin in begins]
        radius = np.array([np.quantile(error_m[window], WITHIN) for window in windows])
        # One case of each kind more than seen: nothing is certain.
        right = np.array([((error_m[window] <= RIGHT_M).sum() + 1) / (width + 2) for window in windows])
        centre = np.array([np.median(scale[window]) for window in windows])
        keep = np.append(np.diff(centre) > 0, True)
        return cls(
            tuple(centre[keep].tolist()),
            tuple(np.maximum(isotonic_regression(radius).x, LEAST_M)[keep].tolist()),
            tuple(isotonic_regression(right, increasing=False).x[keep].tolist()),
        )

    def __call__(self, scale: float) -> tuple[float, float]:
        """Return radius in metres and share right for a scale."""
        if not self.scale:
            radius = max(scale, LEAST_M)
            return radius, share_within(radius)
        at = bisect_left(self.scale, scale)
        if at == 0:
            return self.radius_m[0], self.right[0]
        if at == len(self.scale):
            beyond = scale / self.scale[-1] if self.scale[-1] > 0 else 1.0
            return self.radius_m[-1] * beyond, self.right[-1] / beyond
        low, high = self.scale[at - 1], self.scale[at]
        part = (scale - low) / (high - low)
        return (
            self.radius_m[at - 1] + part * (self.radius_m[at] - self.radius_m[at - 1]),
            self.right[at - 1] + part * (self.right[at] - self.right[at - 1]),
        )
