"""How well addresses become points on the real files, beside a plain lookup.

``./run python -m tests.real.geocoding`` prints the tables; with ``--plots FOLDER`` it draws how far scores and radii of
示范县 mean what they say. test_geocoding.py holds to the targets.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from layers.incidents.geocode import LEVELS, geocode
from tests.real.asked import DRAWS, RIGHT_M, Asked, Found, disturbances, disturbed, shanghai, shifan, vancouver
from tests.real.calibration_plots import radii, scores

KNOWN_SHARES = (0.5, 0.8, 0.9, 0.95)


def answered(asked: Asked, texts: Sequence[str] | None = None) -> Found:
    return Found.of(geocode(asked.gazetteer, texts or asked.texts), asked.truth)


def quantiles(error: np.ndarray, shares: Sequence[float] = KNOWN_SHARES) -> list[float]:
    """Within how many metres these shares lie; what has no answer lies infinitely far."""
    return np.quantile(np.where(np.isnan(error), np.inf, error), shares, method="inverted_cdf").tolist()


def of_shanghai() -> list[str]:
    """Five draws together; disturbed texts of the first."""
    draws = [shanghai(seed) for seed in DRAWS]
    parts = [answered(asked) for asked in draws]
    found, known = Found.joined(parts), np.concatenate([asked.known for asked in draws])
    lookup = np.concatenate([asked.lookup for asked in draws])
    lines = [f"Shanghai: {len(known)} addresses asked for, {known.sum()} with a known number"]
    for name, error in (("plain lookup", lookup[known]), ("geocoder", found.error[known])):
        lines.append(f"  known number, {name}: " + ", ".join(
            f"{share:.0%} within {metres:.0f} m" for share, metres in zip(KNOWN_SHARES, quantiles(error), strict=True)
        ))  # fmt: skip
    for name, error in (("plain interpolation", lookup[~known]), ("geocoder", found.error[~known])):
        lines.append(
            f"  unknown number, {name}: " + ", ".join(f"{(error <= m).mean():.1%} within {m} m" for m in (150, 300))
        )
    clean = parts[0].within(RIGHT_M)
    for how in disturbances():
        share = answered(draws[0], disturbed(draws[0].texts, how)).within(RIGHT_M)
        lines.append(f"  {how}: {share:.1%} within {RIGHT_M:.0f} m, {100 * (share - clean):+.1f} points")
    return lines + _calibrated(found)


def _calibrated(found: Found, weight: np.ndarray | None = None) -> list[str]:
    weight = np.ones(len(found.error)) if weight is None else weight
    lines = []
    for level in sorted(set(found.level) - {"none"}):
        rows = found.level == level
        held = np.average(found.error[rows] <= found.radius[rows], weights=weight[rows])
        lines.append(f"  {level}: {weight[rows].sum():.0f} answers, {held:.1%} within their radius")
    sure = found.score >= 0.9
    if sure.any():
        wrong = np.average(found.error[sure] > 500, weights=weight[sure])
        lines.append(f"  score of 0.9 and more: {weight[sure].sum():.0f} answers, {wrong:.2%} over 500 m off")
    for low in np.arange(0.1, 1.0, 0.1):
        rows = (found.score >= low) & (found.score < low + 0.1) & ~np.isnan(found.error)
        if weight[rows].sum() >= 30:
            right = np.average(found.error[rows] <= 200, weights=weight[rows])
            lines.append(
                f"  score {low:.1f} to {low + 0.1:.1f}: {weight[rows].sum():.0f} answers, {right:.1%} within 200 m"
            )
    return lines


def of_vancouver() -> list[str]:
    asked, times = vancouver()
    found = answered(asked)
    has = ~np.isnan(found.error)
    error = np.repeat(found.error[has], times[has])
    return [
        f"Vancouver: {times.sum()} incidents, {times[has].sum() / times.sum():.1%} answered",
        "  " + ", ".join(f"{share:.0%} within {np.quantile(error, share):.0f} m" for share in (0.5, 0.9, 0.95)),
        *_calibrated(found, times),
    ]


def of_shifan(scale: float = 1.0) -> list[str]:
    asked, times = shifan(scale)
    found = answered(asked)
    has = ~np.isnan(found.error)
    lines = [f"示范县: {times.sum()} calls with an address, {times[has].sum() / times.sum():.1%} answered"]
    for name, rows in (("address known", asked.known), ("address held back", ~asked.known)):
        near = [np.average(found.error[rows] <= metres, weights=times[rows]) for metres in (50, 150, 300)]
        lines.append(
            f"  {name}: "
            + ", ".join(f"{share:.1%} within {m} m" for share, m in zip(near, (50, 150, 300), strict=True))
        )
    for level in LEVELS:
        rows = found.level == level
        if rows.any() and level != "none":
            right = np.average(found.error[rows] <= 200, weights=times[rows])
            lines.append(
                f"  {level}: {right:.1%} within 200 m, scored {np.average(found.score[rows], weights=times[rows]):.1%}"
            )
    return lines + _calibrated(found, times)


def plot(folder: Path) -> None:
    """Draws the scores and the radii of 示范县 into a folder."""
    asked, times = shifan()
    found = answered(asked)
    (folder / "score.svg").write_text(scores(found, times), encoding="utf-8")
    (folder / "radius.svg").write_text(radii(found, times), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--plots"]:
        plot(Path(sys.argv[2]))
    else:
        sys.stdout.write("\n".join([*of_shanghai(), *of_vancouver(), *of_shifan()]) + "\n")
