"""How incidents got their places, and how far a place can be trusted.

A place is exact when it was given, set on the map by hand, or found to a building, a house number or a crossing.
Whatever is coarser is rough: the middle of something, with a radius within which the incident lies.
"""

import numpy as np

from layers.base import N_, Placing

# Best first. Columns of incidents hold the position in it.
LABELS = {
    "given": N_("coordinates"),
    "pinned": N_("set on the map"),
    "building": N_("building"),
    "number": N_("house number"),
    "crossing": N_("crossing"),
    "place": N_("named place"),
    "estate": N_("residential estate"),
    "road": N_("road"),
    "group": N_("villagers' group"),
    "community": N_("community"),
    "town": N_("town"),
    "none": N_("not placed"),
}
LEVELS = tuple(LABELS)
NONE = LEVELS.index("none")
LAST_EXACT = LEVELS.index("crossing")
LAST_NAMED = LEVELS.index("estate")  # what people call by one name, so that calls from there come from one place
ROUGH = frozenset(LEVELS[LAST_EXACT + 1 : NONE])
UNKNOWN_RADIUS_M = 1000.0  # of a rough place that came without one: the middle of a village or of a long road


def radii(level: np.ndarray, radius_m: np.ndarray) -> np.ndarray:
    """Return the radius of each incident in metres, never NaN: what is missing is 0 of exact places, and of rough
    ones UNKNOWN_RADIUS_M. level: positions in LEVELS; radius_m: metres, NaN where missing.
    """
    missing = np.where((level > LAST_EXACT) & (level < NONE), UNKNOWN_RADIUS_M, 0.0)
    return np.where(np.isnan(radius_m), missing, radius_m)


def placings(level: np.ndarray) -> tuple[Placing, ...]:
    """Return how many incidents were placed at each level that occurs, best first; those without a place come last.

    level: positions in LEVELS.
    """
    counts = np.bincount(level, minlength=len(LEVELS)).tolist()
    return tuple(Placing(name, LABELS[name], count) for name, count in zip(LEVELS, counts, strict=True) if count)
