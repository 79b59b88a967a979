"""Which incidents are meant: by day, hour, category and validity, and the columns that this is asked of."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import shapely
from geopandas import GeoSeries

from layers.coordinates import require_metric
from layers.errors import FrameError, ParameterError
from layers.incidents.placed import LAST_EXACT, LAST_NAMED

DAY_S = 86_400.0
LONGEST_RANGE_S = 12 * 3600.0  # what may have happened at any time of a day says nothing of the hour
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see: `since` and `until` are the first and the last day, both included; no category
    means all of them; `hours` (from, to) leaves out the last and may run over midnight, as (22, 6) does.

    Raises ParameterError when the period ends before it begins or an hour is none.
    """

    since: date | None = None
    until: date | None = None
    categories: frozenset[str] = frozenset()
    hours: tuple[int, int] | None = None
    valid_only: bool = True

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ParameterError(f"the period ends on {self.until}, before it begins on {self.since}")
        if self.hours is not None:
            begin, end = self.hours
            if not (0 <= begin <= 23 and 1 <= end <= 24 and begin != end):
                raise ParameterError(f"hours must be 0..23 to 1..24 and differ, got {begin} to {end}")


@dataclass(frozen=True, eq=False)
class Incidents:
    """Incidents as aligned columns, for what is asked of all of them at once.

    xy: (n, 2) easting and northing in metres of `crs`, NaN where an incident has no place; lonlat: the same in
    degrees, EPSG:4326. begin, end: seconds since 1970 on the county's own clock, NaN where unknown. category: positions in
    `categories`. grid: the grid's stable id, −1 for none. level: how the place was found, positions in
    `placed.LEVELS`; radius_m: within how many metres of it the incident lies, 0 where it is exact.
    Raises FrameError when the columns differ in length, CoordinateError when `crs` is not in metres.
    """

    id: np.ndarray
    xy: np.ndarray
    lonlat: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    category: np.ndarray
    categories: tuple[str, ...]
    valid: np.ndarray
    simulated: np.ndarray
    admin_area: np.ndarray
    police_area: np.ndarray
    grid: np.ndarray
    level: np.ndarray
    radius_m: np.ndarray
    crs: Any

    def __post_init__(self) -> None:
        if len({len(getattr(self, name)) for name in COLUMNS}) != 1:
            raise FrameError("the columns of incidents differ in length")
        require_metric(GeoSeries([], crs=self.crs), "incidents")

    def __len__(self) -> int:
        return len(self.id)

    @property
    def placed(self) -> np.ndarray:
        """Which of them have a place."""
        return ~np.isnan(self.xy[:, 0])

    @property
    def exact(self) -> np.ndarray:
        """Which of them have an exact place, as `layers.incidents.placed` has it."""
        return self.placed & (self.level <= LAST_EXACT)

    @property
    def named(self) -> np.ndarray:
        """Which of them have an exact place or one that people call by its name: several there have one place."""
        return self.placed & (self.level <= LAST_NAMED)

    def within(self, limit_m: float | np.ndarray) -> np.ndarray:
        """Return a mask of those whose place is exact, or known to within so many metres (one number, or one each)."""
        return self.exact | (self.placed & (self.radius_m <= limit_m))

    @property
    def time(self) -> np.ndarray:
        """The middle of each time range, seconds since 1970 on the county's clock; NaN where unknown."""
        return (self.begin + np.where(np.isnan(self.end), self.begin, self.end)) / 2

    @property
    def hour(self) -> np.ndarray:
        """The hour of the day, 0..24 with fractions; NaN where the range is too long to tell, or unknown."""
        length = np.where(np.isnan(self.end), 0.0, self.end - self.begin)
        return np.where(length <= LONGEST_RANGE_S, self.time % DAY_S / 3600, np.nan)

    @property
    def day(self) -> np.ndarray:
        """Days since 1970, NaN where unknown."""
        return np.floor(self.time / DAY_S)

    def points(self) -> GeoSeries:
        """The places as points in `crs`; empty points where an incident has none."""
        return GeoSeries(shapely.points(self.xy), crs=self.crs)

    def inside(self, box: tuple[float, float, float, float]) -> np.ndarray:
        """Return a mask of those in the box: west, south, east, north in degrees, edges included."""
        west, south, east, north = box
        lon, lat = self.lonlat.T
        return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)

    def take(self, rows: np.ndarray) -> "Incidents":
        """These rows alone: a mask or positions."""
        columns = {name: getattr(self, name)[rows] for name in COLUMNS}
        return Incidents(**columns, categories=self.categories, crs=self.crs)

    def chosen(self, choice: Choice) -> np.ndarray:
        """Return a mask of the incidents that are meant.

        An incident counts where the middle of its time range lies; in a band of hours only when the range is at
        most twelve hours long. Without a time it is in no period and in no band.
        """
        mask = np.ones(len(self), dtype=bool)
        if choice.valid_only:
            mask &= self.valid
        if choice.categories:
            mask &= np.isin(self.category, _positions(choice.categories, self.categories))
        if choice.since is not None:
            mask &= self.day >= days(choice.since)
        if choice.until is not None:
            mask &= self.day <= days(choice.until)
        if choice.hours is not None:
            begin, end = choice.hours
            hour = self.hour
            inside = (hour >= begin) & (hour < end) if begin < end else (hour >= begin) | (hour < end)
            mask &= inside
        return mask


COLUMNS = tuple(field.name for field in fields(Incidents) if field.name not in ("categories", "crs"))


def days(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def _positions(wanted: frozenset[str], categories: Sequence[str]) -> list[int]:
    return [place for place, name in enumerate(categories) if name in wanted]
