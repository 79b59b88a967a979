"""Counties come into being with the root of each of their two area trees."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pyproj import CRS
from pyproj.exceptions import CRSError
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo_app.failure import Failure
from geo_app.models import Area, County


class CountyError(Failure):
    """A county cannot be made as asked; ``remedy`` says what to change."""


def add_county(
    owner: Session,
    code: str,
    name: str,
    metric_srid: int,
    *,
    time_zone: str = "Asia/Shanghai",
    simulated: bool = False,
) -> County:
    """Adds a county and its two roots; ``owner`` is a session of the owner. A county that is there stays as it is.

    Raises CountyError when the metric system is not projected in metres or the time zone is unknown.
    """
    _check_metric(metric_srid)
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CountyError(f"There is no time zone {time_zone!r}.", "Give one such as Asia/Shanghai.") from error
    county = owner.scalars(select(County).where(County.code == code)).one_or_none()
    if county is not None:
        return county
    county = County(code=code, name=name, metric_srid=metric_srid, time_zone=time_zone, simulated=simulated)
    owner.add(county)
    owner.flush()
    for tree, level in (("admin", "county"), ("police", "bureau")):
        owner.add(Area(county_id=county.id, tree=tree, level=level, code=code, name=name, simulated=simulated))
    owner.flush()
    return county


def _check_metric(srid: int) -> None:
    remedy = "Give the EPSG code of the county's Gauss–Krüger zone, for example 4548 for 117°E."
    try:
        crs = CRS.from_epsg(srid)
    except CRSError as error:
        raise CountyError(f"There is no coordinate system EPSG:{srid}.", remedy) from error
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre" or srid == 3857:
        raise CountyError(f"EPSG:{srid} ({crs.name}) does not measure in true metres.", remedy)
