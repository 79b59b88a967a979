"""Under which terms something is read: the day it holds for, what of it is meant, and how it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from geo_app.models import County
from layers.incidents.choice import Choice
from layers.incidents.repeat_calls import DAYS, LEAST

Box = tuple[float, float, float, float]
ASKED = frozenset({"A", "B"})


@dataclass(frozen=True)
class Terms:
    """``day``, as of which versioned kinds are read, is a day of the county's own calendar; ``sight_m`` in metres;
    ``box`` west, south, east, north in degrees (EPSG:4326), and None for everything.

    ``known_at``: the instant at which versions were known, None for now; ``now``: today in the county, where ``day`` may
    be another one.

    ``choice``: which incidents; ``area_ids``: the areas of a subtree, None for the whole scope; ``routes``: stable ids of
    the patrol routes that count, None for all; ``asked``: the classes of streets that can be gaps; ``bandwidth_m``: of
    the density, None for the proposed one; ``unit``: what hot spots are sought on, "cells" or "grids"; ``days``, ``least``: a
    place is one to which the police come again from so many calls on, on so many days that follow one another.
    """

    day: date
    sight_m: float = 50.0
    box: Box | None = None
    choice: Choice = Choice()
    area_ids: frozenset[int] | None = None
    routes: frozenset[int] | None = None
    asked: frozenset[str] = ASKED
    bandwidth_m: float | None = None
    unit: str = "cells"
    days: int = DAYS
    least: int = LEAST
    known_at: datetime | None = None
    now: date | None = None

    @property
    def today(self) -> date:
        """Today in the county."""
        return self.now or self.day

    def of(self, *names: str) -> Terms:
        """The same day, as known at the same instant, and these of the terms; the others as they are when nobody says
        anything."""
        return Terms(self.day, known_at=self.known_at, **{name: getattr(self, name) for name in names})

    def everywhere(self) -> Terms:
        """The same without box and area."""
        return replace(self, box=None, area_ids=None)


def today(county: County, now: datetime) -> date:
    """The day that ``now`` (with a time zone) is in the county."""
    return now.astimezone(ZoneInfo(county.time_zone)).date()
