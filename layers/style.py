"""Colours with one meaning each, and classes for numbers.

Blue is what patrols do, teal cameras, orange to red incidents, magenta hatching where nobody looks, grey no
data. The sequential ramps are ColorBrewer's (Blues, YlOrRd), readable for the colour-blind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from layers.base import PathStyle

PATROL = "#1f6feb"
CAMERA = "#0f9d94"
INCIDENT = "#d9480f"
INCIDENT_EDGE = "#8a1c05"
GAP = "#c2187b"
NO_DATA = "#98a3b1"
STREET = "#b3becb"
GRID = "#475569"
WATER = "#a9cfe3"  # paler than anything that patrols do
# Of six classes; what rests on few cases is hatched in a dark brown, since magenta means that nobody looks.
DENSITY = ("#ffffb2", "#fed976", "#feb24c", "#fd8d3c", "#f03b20", "#bd0026")
FEW = "#54301c"
BLUES = ("#c6dbef", "#93c0e6", "#5f9fe0")  # paler than a route, which is drawn above them

NO_VALUE = PathStyle(color=NO_DATA, weight=3, dash="2 5")


@dataclass(frozen=True)
class Classes:
    """Intervals of a number, closed below and open above, the last one closed on both sides.

    breaks: ascending limits, one more than keys.
    """

    breaks: tuple[float, ...]
    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.breaks) != len(self.keys) + 1:
            raise ValueError(f"{len(self.keys)} classes need {len(self.keys) + 1} breaks, got {len(self.breaks)}")
        if any(high <= low for low, high in pairwise(self.breaks)):
            raise ValueError(f"breaks must ascend, got {self.breaks}")

    def of(self, values: ArrayLike, missing: str = "no_data") -> np.ndarray:
        """Return the key of the class of each value; `missing` for NaN and for what lies outside the breaks."""
        numbers = np.asarray(values, dtype=float)
        place = np.searchsorted(self.breaks, numbers, side="right") - 1
        place = np.where(numbers == self.breaks[-1], len(self.keys) - 1, place)
        inside = np.isfinite(numbers) & (place >= 0) & (place < len(self.keys))
        keys = np.array([*self.keys, missing], dtype=object)
        return keys[np.where(inside, place, len(self.keys))]


def counts(keys: Sequence[str] | np.ndarray, of: Sequence[str]) -> dict[str, int]:
    """Return how often each of the named keys occurs, zero included."""
    found, times = np.unique(np.asarray(keys, dtype=str), return_counts=True)
    table = dict(zip(found.tolist(), times.tolist(), strict=True))
    return {key: int(table.get(key, 0)) for key in of}
