"""Two small drawings: whether answers scored 0.9 are right in nine of ten cases, and whether a radius holds the truth."""

from __future__ import annotations

import numpy as np

from layers.incidents.geocode import LEVELS
from tests.real.asked import Found

WIDTH, HEIGHT, EDGE = 320, 240, 40
RIGHT_M = 200.0
BAND = (0.75, 0.9)  # in which the share within the radius is meant to be
LEAST = 30  # answers that a mark rests on


def scores(found: Found, times: np.ndarray) -> str:
    """An SVG: by tenths of the score, the share of answers within 200 m of the truth; areas grow with their number."""
    marks = []
    for low in np.arange(0.0, 1.0, 0.1):
        rows = (found.score >= low) & (found.score < low + 0.1 + (low > 0.85)) & ~np.isnan(found.error)
        if times[rows].sum() >= LEAST:
            said = np.average(found.score[rows], weights=times[rows])
            right = np.average(found.error[rows] <= RIGHT_M, weights=times[rows])
            size = 2 + 12 * np.sqrt(times[rows].sum() / times.sum())
            marks.append(
                f'<circle cx="{_x(said):.1f}" cy="{_y(right):.1f}" r="{size:.1f}" fill="#1a66e0" fill-opacity=".75"/>'
            )
    line = f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#8a94a6" stroke-dasharray="4 4"/>'
    ticks = [
        f'<text x="{_x(at)}" y="{HEIGHT - EDGE + 16}" text-anchor="middle">{at:.1f}</text>' for at in (0.0, 0.5, 1.0)
    ]
    return _drawing([line, *marks, *ticks], "score", "right (within 200 m)")


def radii(found: Found, times: np.ndarray) -> str:
    """An SVG: by level, the share of truths within the radius, over the band in which it is meant to be."""
    top, below = _y(BAND[1]), _y(BAND[0])
    parts = [f'<rect x="{EDGE}" y="{top:.1f}" width="{WIDTH - EDGE - 10}" height="{below - top:.1f}" fill="#dbe7fb"/>']
    levels = [level for level in LEVELS[:-1] if times[found.level == level].sum() >= LEAST]
    step = (WIDTH - EDGE - 10) / len(levels)
    for at, level in enumerate(levels):
        rows = found.level == level
        held = np.average(found.error[rows] <= found.radius[rows], weights=times[rows])
        middle = EDGE + (at + 0.5) * step
        parts += [
            f'<rect x="{middle - 8:.1f}" y="{_y(held):.1f}" width="16" height="{_y(0) - _y(held):.1f}" fill="#1a66e0" fill-opacity=".75"/>',
            f'<text x="{middle:.1f}" y="{HEIGHT - EDGE + 16}" text-anchor="middle" font-size="8">{level}</text>',
            f'<text x="{middle:.1f}" y="{_y(held) - 4:.1f}" text-anchor="middle" font-size="9">{held:.0%}</text>',
        ]  # fmt: skip
    return _drawing(parts, "level", "truth within the radius")


def _drawing(parts: list[str], across: str, up: str) -> str:
    axes = f'<path d="M{EDGE} 12V{HEIGHT - EDGE}H{WIDTH - 10}" fill="none" stroke="#4a5568"/>'
    ticks = [f'<text x="{EDGE - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{at:.0%}</text>' for at in (0.0, 0.5, 1.0)]
    names = [
        f'<text x="{(WIDTH + EDGE) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{across}</text>',
        f'<text x="{EDGE + 6}" y="10">{up}</text>',
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        ' font-family="sans-serif" font-size="11" fill="#1f2937"><rect width="100%" height="100%" fill="#fff"/>'
        + "\n".join([*parts, axes, *ticks, *names])
        + "</svg>\n"
    )


def _x(share: float) -> float:
    return EDGE + share * (WIDTH - EDGE - 20)


def _y(share: float) -> float:
    return HEIGHT - EDGE - share * (HEIGHT - EDGE - 26)
