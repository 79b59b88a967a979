"""The newest versions of a county's grids, on which drafts are made, and the codes that were ever given out."""

from __future__ import annotations

from datetime import date

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo_app.models import County, Grid
from geo_app.queries import area_heads, grid_workers
from geo_app.queries.kept import Kept
from geo_app.queries.visible import scope_key, versions
from grid_boundaries.codes import PATTERN, Numbering

COLUMNS = ["id", "stable_id", "code", "name", "kind", "area_id", "community", "began"]
GRIDS, POLICE = "grids", "police"  # what changes are made of
HEADS = {GRIDS: "geo_grid_heads", POLICE: "geo_police_heads"}
People = tuple[str | None, str | None]
POLICE_PATTERN, POLICE_NAME = r"^[0-9A-Z]{6,20}$", "第{number:02d}警务区"
STATION_NAME = "第{number:02d}派出所"
_kept: Kept[GeoDataFrame] = Kept(8)
_codes: Kept[frozenset[str]] = Kept(8)
_people: Kept[dict[str, People]] = Kept(8)


def heads(session: Session, county: County, subject: str = GRIDS) -> GeoDataFrame:
    """The grids without an end as they are known now, of the whole county, by code: id of the version, stable_id, code,
    name, kind, area_id, community (code of the community in which a grid lies, None without communities), began (the
    version's first day, None for always), geometry in EPSG:4326. Shared: nobody changes it.

    For the subject "police" the deepest areas of the police with outlines: id is that of their version, stable_id and
    area_id their own, community the code of what they lie in.
    """
    key = (
        str(session.get_bind().engine.url),
        county.id,
        scope_key(session),
        versions(session, county.id, ("grids", "areas")),
        subject,
    )
    return _kept.get(key, lambda: heads_now(session, county, subject))


def any_police(session: Session, county: County) -> bool:
    """Whether the police of a county have areas with outlines, to draw on."""
    return bool(session.scalar(text("SELECT EXISTS (SELECT FROM geo_police_heads(:county))"), {"county": county.id}))


def heads_now(session: Session, county: County, subject: str = GRIDS) -> GeoDataFrame:
    """The same, read anew: for a transaction that writes, of which no other may see what it read."""
    found = session.execute(
        text(f"SELECT {', '.join(COLUMNS)}, ST_AsBinary(geom) AS geom FROM {HEADS[subject]}(:county)"),
        {"county": county.id},
    ).all()
    data = pd.DataFrame([tuple(row)[:-1] for row in found], columns=COLUMNS, dtype=object)
    data = data.astype({"id": "int64", "stable_id": "int64", "area_id": "int64"})
    shapes = shapely.from_wkb([bytes(row.geom) for row in found])
    return GeoDataFrame(data, geometry=shapes, crs=4326)


def people(session: Session, county: County, day: date) -> dict[str, People]:
    """Who leads and who works in the newest version of each grid on a day, by code: (leader, workers as one text), None
    for nobody; as far as the scope sees."""

    def read() -> dict[str, People]:
        of_day = grid_workers.of_grids(day)
        found = session.execute(
            select(Grid.code, of_day.c.leader, of_day.c.workers)
            .join(of_day, grid_workers.people_of(of_day))
            .where(Grid.county_id == county.id, func.upper_inf(Grid.valid), func.upper_inf(Grid.recorded))
        )
        return {row[0]: (row[1], row[2]) for row in found}

    key = (
        str(session.get_bind().engine.url),
        county.id,
        scope_key(session),
        versions(session, county.id, ("grids",)),
        day,
    )
    return _people.get(key, read)


def lock(session: Session, county_id: int) -> None:
    """Waits until no other transaction changes the grids of a county; held until the end of this one."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": f"grids of county {county_id}"}
    )


def code_pattern(county: County, subject: str = GRIDS) -> str:
    """The rule of well-formed codes of the county's grids, or of its police areas."""
    setting, usual = ("police_code_pattern", POLICE_PATTERN) if subject == POLICE else ("grid_code_pattern", PATTERN)
    return str(county.settings.get(setting) or usual)


def numbering(session: Session, county: County, subject: str = GRIDS) -> Numbering:
    """How the county's grids, or its police areas, are numbered and named, with every code that was ever given out."""
    given = county.settings
    if subject == POLICE:
        return Numbering(
            pattern=code_pattern(county, subject),
            digits=int(given.get("police_code_digits") or Numbering.digits),
            taken=area_heads.codes(session, county, "police"),
            name=str(given.get("police_area_name") or POLICE_NAME),
            above=STATION_NAME,
        )
    key = (
        str(session.get_bind().engine.url), county.id, scope_key(session), versions(session, county.id, ("grids",))
    )  # fmt: skip
    asked = text("SELECT geo_grid_codes(:county)")
    taken = _codes.get(key, lambda: frozenset(session.scalars(asked, {"county": county.id})))
    return Numbering(
        pattern=code_pattern(county, subject),
        digits=int(given.get("grid_code_digits") or Numbering.digits),
        taken=taken,
        name=str(given.get("grid_name") or Numbering.name),
    )
