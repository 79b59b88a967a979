"""A point moved by what an address says of it: 对面50米, 东侧, 附近."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

from layers.incidents.address import Relation
from layers.incidents.gazetteer.calibration import share_within
from layers.incidents.geocode.answer import Candidate

DIAGONAL = 0.5**0.5
WAYS = {
    "east": (1.0, 0.0), "west": (-1.0, 0.0), "north": (0.0, 1.0), "south": (0.0, -1.0),
    "northeast": (DIAGONAL, DIAGONAL), "northwest": (-DIAGONAL, DIAGONAL),
    "southeast": (DIAGONAL, -DIAGONAL), "southwest": (-DIAGONAL, -DIAGONAL),
}  # fmt: skip
ASIDE_M = {"opposite": 40.0, "inside": 0.0, "front": 15.0, "beside": 25.0, "near": 50.0, "behind": 30.0}
SOME_WAY_M = 40.0  # 东侧 without metres


def moved(candidate: Candidate, relation: Relation | None) -> Candidate:
    """Return a candidate moved to where a relation says, with a wider radius.

    A compass direction moves it, by 40 m where no metres are said. Another relation with metres says how far but not
    which way: the radius grows by them.
    """
    if relation is None or relation.side == "inside":
        return candidate
    metres = relation.metres
    way = WAYS.get(relation.side)
    if way is not None:
        far = SOME_WAY_M if metres is None else metres
        x, y, more = candidate.x + way[0] * far, candidate.y + way[1] * far, far / 2
    else:
        x, y, more = candidate.x, candidate.y, ASIDE_M.get(relation.side, 0.0) + (metres or 0.0)
    radius = hypot(candidate.radius_m, more)
    worse = share_within(radius) / max(share_within(candidate.radius_m), 1e-9)
    return replace(candidate, x=x, y=y, radius_m=radius, score=candidate.score * worse, how=f"{candidate.how}+relation")
