"""What is answered to an address."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

LEVELS = ("building", "number", "crossing", "place", "estate", "road", "group", "community", "town", "none")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may be meant.

    x, y: easting, northing in metres. level: one of LEVELS. score: the estimated probability that the truth lies within
    200 m. radius_m: some 80 of 100 truths lie within. matched: the name or address of the gazetteer. how: exact, alias,
    interpolated, nearest, crossing, place, homophone, slip, stake, short, centre, joined by "+"; "relation" at the end where a
    relation moved the point.
    """

    x: float
    y: float
    level: str
    score: float
    radius_m: float
    matched: str
    how: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The best candidate, x and y NaN and level "none" where there is none, and up to five candidates, best first.

    Where others may be meant as well the answer's radius reaches them and its level says no more than the road, while each
    candidate has its own.

    elsewhere: the text names a county or city that is none of the gazetteer's.
    """

    x: float = nan
    y: float = nan
    level: str = "none"
    score: float = 0.0
    radius_m: float = nan
    matched: str = ""
    how: str = ""
    candidates: tuple[Candidate, ...] = ()
    elsewhere: bool = False
