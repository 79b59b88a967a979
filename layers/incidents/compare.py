"""Two counts of incidents side by side, and whether chance explains that they differ."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from layers.errors import ParameterError


@dataclass(frozen=True)
class Change:
    """`share`: (current − previous) ÷ previous, None when nothing was there before. `p`: how often chance alone
    makes a difference as large, 0..1.
    """

    share: float | None
    p: float


def change(current: int, previous: int, days: float = 1.0, previous_days: float = 1.0) -> Change:
    """Return how a count changed from the period before, and the chance of it.

    current, previous: counts. days, previous_days: lengths of the two periods in one unit, so that a February is
    not called better for being short; the share compares the counts themselves, as reports do.
    p: two-sided, exact. Given the sum of two Poisson counts, one of them is binomial with its share of the time
    (Przyborowski and Wilenski, 1940). Raises ParameterError on a negative count or a length that is not positive.
    """
    if current < 0 or previous < 0 or days <= 0 or previous_days <= 0:
        raise ParameterError("counts must not be negative, lengths must be positive")
    both = current + previous
    p = float(stats.binomtest(current, both, days / (days + previous_days)).pvalue) if both else 1.0
    return Change((current - previous) / previous if previous else None, p)
