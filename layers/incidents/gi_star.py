"""Local concentration by Getis and Ord's Gi*: are a place and its neighbours together higher than chance makes them?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse, stats

from layers.errors import ParameterError


@dataclass(frozen=True)
class GiStar:
    """One number a place: `sum` of the values in its neighbourhood, `z` its score, `p` one-sided for high sums."""

    sum: np.ndarray
    z: np.ndarray
    p: np.ndarray


def getis_ord(values: np.ndarray, neighbours: sparse.csr_array, *, step: float = 0.0) -> GiStar:
    """Return Gi* of each place with binary weights, and the chance of a sum as high if values were dealt at random.

    values: one number a place, none negative. neighbours: (n, n), 1 where the column is a neighbour of the row
    or the row itself. step: 1 for counts, whose sums jump by one; 0 for what is continuous.
    The score is Ord and Getis (1995), equation 14. p is the upper tail over all permutations of the values,
    approximated by a Pearson type III curve through the exact mean, variance and skewness of a sum drawn
    without replacement (Mielke and Berry, 2007): counts of incidents are skewed, and the normal curve would call
    chance significant. Equal values everywhere: z 0 and p 1. Raises ParameterError when the shapes differ, a
    value is negative or missing, or a place is no neighbour of itself.
    """
    x = np.asarray(values, dtype=float)
    n = len(x)
    if neighbours.shape != (n, n) or not (neighbours.diagonal() == 1).all():
        raise ParameterError(f"neighbours must be {n} by {n} with ones on the diagonal")
    if not (np.isfinite(x).all() and (x >= 0).all()):
        raise ParameterError("values must be finite and not negative")
    k = np.asarray(neighbours.sum(axis=1), dtype=float)
    found = np.asarray(neighbours @ x, dtype=float)
    # Told from the values themselves: the variance of equal fractions is not exactly zero.
    spread = x.std() if n and np.ptp(x) > 0 else 0.0
    deviation = spread * np.sqrt(k * (n - k) / max(n - 1, 1))
    varies = deviation > 0
    excess = found - k * (x.mean() if n else 0.0)
    z = np.divide(excess, deviation, out=np.zeros(n), where=varies)
    p = np.ones(n)
    if varies.any():
        # A sum of counts stands for the interval around it.
        shifted = (excess[varies] - step / 2) / deviation[varies]
        p[varies] = stats.pearson3.sf(shifted, _skewness(x, k[varies]))
    return GiStar(found, z, p)


def adjusted(p: np.ndarray) -> np.ndarray:
    """Return p-values that may be compared with the share of false discoveries that one will bear.

    Benjamini and Hochberg (1995). It holds for the overlapping neighbourhoods of Gi*, which depend on each other
    positively (Benjamini and Yekutieli, 2001).
    """
    return stats.false_discovery_control(p) if len(p) else np.asarray(p, dtype=float)


def _skewness(x: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Skewness of the sum of k values that are drawn from x without replacement."""
    n = len(x)
    of_values = float((((x - x.mean()) / x.std()) ** 3).mean())
    return of_values * (n - 2 * k) / max(n - 2, 1) * np.sqrt((n - 1) / (k * (n - k)))
