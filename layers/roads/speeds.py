"""How fast a car goes on a street of a class, where nothing better is known.

(local) Defaults that a county may set. They are driving speeds with crossings and lights, not limits:

- 快速路, 国道 (trunk) the lowest, 主干路, 次干路, 支路 (primary, secondary, tertiary) the middle of the design speeds of CJJ 37
  (60–100, 40–60, 30–50, 20–40 km/h), a link road less than its street;
- motorways between the least and the greatest speed allowed on them (60 and 120);
- a street without a centre line at most what the law allows in a town, 30 (State Council order 405, article 45), one
  among houses, a yard or a market street much less;
- where no car goes, the pace at which a patrol walks on: 1.2 m/s (DOMAIN, "Patrol").
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from layers.errors import ParameterError

WALKING_KMH = 1.2 * 3.6
SPEED_KMH: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 90.0,
        "motorway_link": 45.0,
        "trunk": 60.0,
        "trunk_link": 40.0,
        "primary": 50.0,
        "primary_link": 35.0,
        "secondary": 40.0,
        "secondary_link": 30.0,
        "tertiary": 30.0,
        "tertiary_link": 25.0,
        "unclassified": 30.0,
        "residential": 20.0,
        "living_street": 15.0,
        "service": 15.0,
        "track": 15.0,
        "pedestrian": 10.0,
        "footway": WALKING_KMH,
        "path": WALKING_KMH,
        "cycleway": WALKING_KMH,
        "steps": WALKING_KMH,
        "bridleway": WALKING_KMH,
    }
)


def speed_mps(road_class: np.ndarray, kmh: Mapping[str, float] = SPEED_KMH) -> np.ndarray:
    """Return for each road class its speed in metres a second, (n,).

    road_class: (n,) words. kmh: kilometres an hour by class. Raises ParameterError on a class that has none.
    """
    classes, of_row = np.unique(np.asarray(road_class, dtype=str), return_inverse=True)
    unknown = [name for name in classes.tolist() if name not in kmh]
    if unknown:
        raise ParameterError(f"no speed for the road classes {', '.join(unknown)}")
    return np.array([kmh[name] for name in classes.tolist()], dtype=float)[of_row] / 3.6
