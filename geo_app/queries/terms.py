"""Under which terms something is read: the day it holds for, the sight distance, a box."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from geo_app.models import County

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Terms:
    """``day`` is a day of the county's own calendar; ``sight_m`` in metres; ``box`` west, south, east, north in
    degrees (EPSG:4326), and None for everything.
    """

    day: date
    sight_m: float = 50.0
    box: Box | None = None


def today(county: County, now: datetime) -> date:
    """The day that ``now`` (with a time zone) is in the county."""
    return now.astimezone(ZoneInfo(county.time_zone)).date()
